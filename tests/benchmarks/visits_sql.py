"""The rules of the benchmark's table as SQL text, for an engine that is given them by hand.

A record's text is in columns `t_NAME` (trimmed, null when blank), its typed values in `NAME`.
"""

from __future__ import annotations

from dataclasses import dataclass

from visits import COLUMNS, SUITE, Column


@dataclass(frozen=True)
class Check:
    """One rule: `fails` is true for a row that breaks it. Empty for the compound uniqueness."""

    code: str
    column: str
    severity: str
    message: str
    fails: str


def checks(matches: str) -> tuple[Check, ...]:
    """Contract and suite, as the platform makes them; `matches` is the engine's name for RLIKE."""
    found = [check for column in COLUMNS for check in _contract(column)]
    for rule in SUITE:
        fails = rule.fails.replace("MATCHES(", f"{matches}(")
        found.append(Check(rule.code, rule.column, rule.severity, rule.message, fails))
    return tuple(found)


def _contract(column: Column) -> list[Check]:
    text, name, found = f"t_{column.name}", column.name, []
    typed = column.shape not in ("string", "code") or bool(column.pattern)
    if typed:
        code = "FORMAT" if column.shape in ("string", "date", "postcode") else "TYPE"
        message = f"'{{value}}' is not what {name} may be; correct it."
        fails = f"{text} IS NOT NULL AND {name} IS NULL"
        found.append(Check(code, name, "critical", message, fails))
    if column.required:
        message = f"{name} is blank; it must be filled in."
        found.append(Check("REQUIRED", name, "critical", message, f"{text} IS NULL"))
    if column.codes:
        codes = ", ".join(f"'{code}'" for code in column.codes)
        message = f"'{{value}}' is not a code of {name}."
        found.append(Check("CODE_LIST", name, "critical", message, f"{text} NOT IN ({codes})"))
    return found
