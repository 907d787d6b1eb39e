"""A rule's Spark SQL written as DuckDB SQL that judges alike.

sqlglot translates; here is where what it gives would judge differently. `query_dialect` refuses
what neither translates.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.generators.duckdb import DuckDBGenerator

from lgdp.checks.query_kinds import cast_family
from lgdp.checks.sql_text import literal
from lgdp.contracts.regex import in_re2

Writer = Callable[[Any, Any], str]
WHOLE = r"[+-]?[0-9]+"
NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
DAY = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
SPARK_SPACES = "".join(map(chr, range(0x21))) + chr(0x7F)
"""What Spark takes off a text before it reads a number or a date in it."""
PLACES = 18
"""Decimal places of a double that count when it is rounded: all that its shortest text has."""


def kernel_sql(node: exp.Expr) -> str:
    """A part of a query in DuckDB SQL; the node is not to be used afterwards."""
    return node.sql(dialect=_Kernel, copy=False)


def _this(writer: Any, node: exp.Expr) -> str:
    return str(writer.sql(node, "this"))


def _cast(writer: Any, node: exp.Expr) -> str:
    """CAST stops, as it does in Spark; sqlglot takes it for TRY_CAST."""
    verb = "TRY_CAST" if node.args.get("safe") else "CAST"
    value, to = _this(writer, node), writer.sql(node, "to")
    target, kind = cast_family(node.args["to"]), node.meta.get("from")
    if kind == "text":
        value = _read(value, str(target))
    elif kind in ("decimal", "double") and target == "integer":
        value = f"trunc({value})"
    elif kind == "double" and target == "decimal":
        value = f"CAST({value} AS VARCHAR)"
    return f"{verb}({value} AS {to})"


def _read(value: str, target: str) -> str:
    """The part of a text that Spark would read as a value, null if it would not."""
    text = f"trim({value}, {literal(SPARK_SPACES)})"
    if target == "date":
        return (
            f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}') THEN {text} || '-01-01' "
            f"WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{1,2}}') THEN {text} || '-01' "
            f"WHEN regexp_full_match({text}, '(?s){DAY}([ T].*)?') "
            f"THEN regexp_extract({text}, '^{DAY}') END"
        )
    written = WHOLE if target == "integer" else NUMBER
    return f"CASE WHEN regexp_full_match({text}, '{written}') THEN {text} END"


def _round(writer: Any, node: exp.Expr) -> str:
    """Spark rounds what a double is written as; DuckDB the double, in which 2.675 is less."""
    places = writer.sql(node, "decimals") or "0"
    if node.meta.get("from") != "double":
        return f"round({_this(writer, node)}, {places})"
    written = f"CAST(CAST({_this(writer, node)} AS VARCHAR) AS DECIMAL(38, {PLACES}))"
    return f"CAST(round({written}, {places}) AS DOUBLE)"


def _add_months(writer: Any, node: exp.Expr) -> str:
    months = writer.sql(node, "expression")
    day = f"CAST({_this(writer, node)} AS DATE)"
    return f"CAST({day} + INTERVAL ({months}) MONTH AS DATE)"


def _add_days(writer: Any, node: exp.Expr) -> str:
    days = writer.sql(node, "expression")
    return f"(CAST({_this(writer, node)} AS DATE) + CAST({days} AS INT))"


def _with_interval(operator: str) -> Writer:
    def write(writer: Any, node: exp.Expr) -> str:
        sql = f"{_this(writer, node)} {operator} {writer.sql(node, 'expression')}"
        is_interval = isinstance(node.args.get("expression"), exp.Interval)
        return f"CAST({sql} AS DATE)" if is_interval else sql

    return write


def _months_between(writer: Any, node: exp.Expr) -> str:
    """To eight places, as Spark rounds it, and in brackets, which sqlglot leaves out."""
    sql = DuckDBGenerator.TRANSFORMS.get(exp.MonthsBetween)
    written = sql(writer, node) if sql else writer.monthsbetween_sql(node)
    return f"round(({written}), 8)"


def _day_of_week(writer: Any, node: exp.Expr) -> str:
    return f"(isodow({_this(writer, node)}) % 7 + 1)"


def _anonymous(writer: Any, node: exp.Expr) -> str:
    if node.name.lower() == "weekday":
        return f"(isodow({writer.sql(node.expressions[0])}) - 1)"
    arguments = ", ".join(writer.sql(part) for part in node.expressions)
    return f"{node.name}({arguments})"


def _substring(writer: Any, node: exp.Expr) -> str:
    """A start of 0 is a start of 1, and no length is below 0."""
    start, length = writer.sql(node, "start"), writer.sql(node, "length")
    parts = [_this(writer, node), _not(start, "=", "1")]
    if length:
        parts.append(_not(length, "<", "0"))
    return f"substring({', '.join(parts)})"


def _not(number: str, operator: str, instead: str) -> str:
    if number.isdigit() and number != "0":
        return number
    return f"CASE WHEN ({number}) {operator} 0 THEN {instead} ELSE ({number}) END"


def _like(writer: Any, node: exp.Expr) -> str:
    r"""Spark escapes with \ where nothing else is said."""
    operator = "NOT LIKE" if node.args.get("negate") else "LIKE"
    sql = f"{_this(writer, node)} {operator} {writer.sql(node, 'expression')}"
    if isinstance(node.parent, exp.Escape) or "\\" not in node.args["expression"].name:
        return sql
    return f"{sql} ESCAPE '\\'"


def _upper(writer: Any, node: exp.Expr) -> str:
    """Java makes several letters of some, as SS of ß; DuckDB makes one of each."""
    value = _this(writer, node)
    longer = value
    for letter, others in _longer():
        longer = f"replace({longer}, '{letter}', '{others}')"
    some = "".join(letter for letter, _ in _longer())
    return (
        f"CASE WHEN regexp_matches({value}, '[{some}]') "
        f"THEN upper({longer}) ELSE upper({value}) END"
    )


@cache
def _longer() -> tuple[tuple[str, str], ...]:
    """Letters of which the upper case is several letters."""
    letters = map(chr, range(0xDF, 0x10000))
    return tuple((letter, letter.upper()) for letter in letters if len(letter.upper()) > 1)


def _lower(writer: Any, node: exp.Expr) -> str:
    """Java knows the dotted capital I, and the form that a sigma has at the end of a word."""
    value = f"replace({_this(writer, node)}, 'İ', 'i̇')"
    return rf"lower(regexp_replace({value}, '(\p{{L}})Σ($|[^\p{{L}}])', '\1ς\2', 'g'))"


def _matches(writer: Any, node: exp.Expr) -> str:
    return f"regexp_matches({_this(writer, node)}, {_pattern(node)})"


def _extract_match(writer: Any, node: exp.Expr) -> str:
    group = writer.sql(node, "group") or "1"
    return f"regexp_extract({_this(writer, node)}, {_pattern(node)}, {group})"


def _replace_match(writer: Any, node: exp.Expr) -> str:
    text = writer.sql(node, "replacement")
    return f"regexp_replace({_this(writer, node)}, {_pattern(node)}, {text}, 'g')"


def _pattern(node: exp.Expr) -> str:
    return literal(in_re2(node.args["expression"].name))


class _Kernel(DuckDB):
    """DuckDB as the kernel writes it."""

    class Generator(DuckDBGenerator):
        """How parts of a rule are written."""

        TRANSFORMS: ClassVar[dict[type[exp.Expr], Writer]] = {
            **DuckDBGenerator.TRANSFORMS,
            exp.Add: _with_interval("+"),
            exp.AddMonths: _add_months,
            exp.Anonymous: _anonymous,
            exp.Cast: _cast,
            exp.DayOfWeek: _day_of_week,
            exp.Like: _like,
            exp.Lower: _lower,
            exp.MonthsBetween: _months_between,
            exp.RegexpExtract: _extract_match,
            exp.RegexpLike: _matches,
            exp.RegexpReplace: _replace_match,
            exp.Round: _round,
            exp.Sub: _with_interval("-"),
            exp.Substring: _substring,
            exp.TryCast: _cast,
            exp.TsOrDsAdd: _add_days,
            exp.Upper: _upper,
        }
