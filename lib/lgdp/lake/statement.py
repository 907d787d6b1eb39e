"""A SQL statement that someone typed: what it may be, and which tables of the lake it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from lgdp.errors import UsageError
from lgdp.lake.catalogue import Catalogue, folded

ALLOWED = "only one SELECT (or WITH, UNION, VALUES) over tables of the lake is allowed"
_STARTS = ("SELECT", "WITH", "FROM", "VALUES", "L_PAREN")
_SELECTS = (exp.Query, exp.Values)
_REFUSED = (exp.DDL, exp.DML, exp.Command, exp.Into)


@dataclass(frozen=True)
class Statement:
    """SQL in which every table of the lake has become a quoted view name, and those tables.

    `tables` are paths in the lake; the view of each is called by its dotted name.
    """

    sql: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class _Edit:
    """Text to put in place of `start` up to (without) `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class _Named:
    """A table of the lake in a statement, as it was typed (`text` is the last part of it)."""

    node: exp.Table
    path: str
    start: int
    end: int
    text: str

    @property
    def view(self) -> str:
        return self.path.replace("/", ".")


def understand(sql: str, catalogue: Catalogue) -> Statement:
    """Read a statement; UsageError when it is not allowed or names a table that is not there.

    Its text stays as it was typed but for the names of tables. A table without an alias gets the
    last part of its name for one, so that `episodes.CHILD` and `silver.ssda903.episodes.CHILD`
    both work.
    """
    tree = _parsed(sql)
    named = list(_named_tables(sql, tree, catalogue))
    aliases = [_alias(each, named) for each in named]
    edits = [
        _Edit(each.start, each.end, _quoted(each.view) + (f" AS {alias}" if alias else ""))
        for each, alias in zip(named, aliases, strict=True)
    ]
    unaliased = {each.view: alias for each, alias in zip(named, aliases, strict=True) if alias}
    edits += _column_edits(tree, unaliased)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        sql = sql[: edit.start] + edit.text + sql[edit.end :]
    return Statement(sql, tuple(sorted({each.path for each in named})))


def _parsed(sql: str) -> exp.Expr:
    try:
        tokens = sqlglot.tokenize(sql, read="duckdb")
        # Asked before parsing: sqlglot logs a warning, with the statement, for what it cannot read.
        if not tokens or tokens[0].token_type.name not in _STARTS:
            raise UsageError(f"{ALLOWED}, not {tokens[0].text.upper() if tokens else 'nothing'}")
        statements = [each for each in sqlglot.parse(sql, read="duckdb") if each is not None]
    except SqlglotError as cause:
        raise UsageError(f"the SQL cannot be read{_place(cause)}") from cause
    if len(statements) != 1:
        raise UsageError(f"{ALLOWED}, not {len(statements)} statements")
    tree = statements[0]
    if not isinstance(tree, _SELECTS):
        raise UsageError(f"{ALLOWED}, not {tree.key.upper()}")
    if (refused := tree.find(*_REFUSED)) is not None:
        raise UsageError(f"{ALLOWED}, not {refused.key.upper()}")
    return tree


def _place(cause: SqlglotError) -> str:
    for error in getattr(cause, "errors", None) or ():
        return f": line {error['line']}, column {error['col']}, at {error['highlight']!r}"
    return f": {str(cause).partition(chr(10))[0]}"


def _named_tables(sql: str, tree: exp.Expr, catalogue: Catalogue) -> Iterable[_Named]:
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Func):
            _refuse_function(table)
            continue
        parts = [part for part in table.parts if isinstance(part, exp.Identifier)]
        if len(parts) == 1 and len(table.parts) == 1 and _is_cte(table, parts[0].name):
            continue
        if len(parts) != len(table.parts):  # more than three parts
            catalogue.find([exp.Table(this=table.this.copy(), db=table.args.get("db")).sql()])
        path = catalogue.find([part.name for part in parts])
        start, end = _span(parts)
        yield _Named(table, path, start, end, sql[slice(*_span(parts[-1:]))])


def _refuse_function(table: exp.Table) -> None:
    if not isinstance(table.this, exp.GenerateSeries | exp.Unnest):
        name = table.this.sql(dialect="duckdb").partition("(")[0]
        raise UsageError(f"{ALLOWED}, not what the function {name} reads")


def _is_cte(table: exp.Table, name: str) -> bool:
    """Whether a WITH around the table defines this name."""
    node: exp.Expr | None = table
    while node is not None:
        ctes = node.ctes if isinstance(node, exp.Query) else []
        if any(cte.alias.casefold() == name.casefold() for cte in ctes):
            return True
        node = node.parent
    return False


def _alias(table: _Named, named: Sequence[_Named]) -> str | None:
    """What a table is to be called in the statement; None when that was said there."""
    if table.node.alias:
        return None
    select = table.node.parent_select
    twin = any(
        other.path != table.path
        and not other.node.alias
        and other.node.parent_select is select
        and folded(other.text) == folded(table.text)
        for other in named
    )
    return _quoted(table.view) if twin else table.text


def _column_edits(tree: exp.Expr, unaliased: dict[str, str]) -> Iterable[_Edit]:
    """Where a column is qualified by a dotted name, the alias that its table got."""
    for column in tree.find_all(exp.Column):
        parts = [column.args.get(key) for key in ("catalog", "db", "table")]
        qualifiers = [part for part in parts if isinstance(part, exp.Identifier)]
        if len(qualifiers) < 2:
            continue
        asked = "." + folded(".".join(part.name for part in qualifiers))
        for view, alias in unaliased.items():
            if f".{folded(view)}".endswith(asked):
                yield _Edit(*_span(qualifiers), alias)
                break


def _span(parts: Sequence[exp.Identifier]) -> tuple[int, int]:
    """Where in the statement the parts are, from the first character to after the last one."""
    return int(parts[0].meta["start"]), int(parts[-1].meta["end"]) + 1


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
