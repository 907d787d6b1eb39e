"""One column of a table: its type, what is accepted, and how private it is."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator, model_validator

from lgdp.contracts.strict import Strict

Severity = Literal["critical", "warning", "info"]
Degrade = Literal["none", "month", "year", "district", "hash", "drop"]
Check = Literal["type", "required", "codes"]

SIMPLE_TYPES = ("string", "code", "integer", "date", "datetime", "yes_no", "postcode")
DECIMAL = re.compile(r"decimal\((\d{1,2}),(\d{1,2})\)")
INTEGER_FORMATS = ("plain", "point_zero")
DEFAULT_FORMATS = {
    "date": ("yyyy-MM-dd",),
    "datetime": ("yyyy-MM-dd'T'HH:mm:ss",),
    "integer": ("plain",),
}
DATE_LETTERS = re.compile(r"(yyyy|MMM|MM|M|dd|d|HH|mm|ss|'[^']*'|[^A-Za-z'])+")


class Words(Strict):
    """The words a yes_no column is written in; compared without regard to case."""

    yes: tuple[str, ...] = ("Y", "Yes", "1", "True")
    no: tuple[str, ...] = ("N", "No", "0", "False")


class Column(Strict):
    """A column as the contract declares it.

    `formats` are date patterns in Spark's letters (`dd/MM/yyyy`), or `plain` and `point_zero`
    (integers written `12.0`) for integers. `headers` are other spellings of the column's name in
    files. `published` gives the return's own code for the type, required and code-list checks.
    `severity` may soften `required` and `codes`; a value of the wrong type is always critical,
    because it has no place in a typed column.
    """

    name: str
    type: str
    description: str = ""
    formats: tuple[str, ...] = ()
    required: bool = False
    codes: str | None = None
    pattern: str | None = None
    upper: bool = False
    headers: tuple[str, ...] = ()
    null_tokens: tuple[str, ...] = ()
    words: Words = Words()
    personal: bool = False
    degrade: Degrade = "none"
    published: dict[Check, str] = {}
    severity: dict[Literal["required", "codes"], Severity] = {}

    @field_validator("type")
    @classmethod
    def _type_is_known(cls, value: str) -> str:
        match = DECIMAL.fullmatch(value)
        if match is None and value not in SIMPLE_TYPES:
            raise ValueError(
                f"'{value}' is not a type; expected decimal(p,s) or one of {', '.join(SIMPLE_TYPES)}"
            )
        if match and not (0 <= int(match[2]) <= int(match[1]) <= 38):
            raise ValueError(f"'{value}' needs 0 <= scale <= precision <= 38")
        return value

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"'{value}' is not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Column:
        if self.type == "code" and self.codes is None:
            raise ValueError("a code column names its code list in 'codes'")
        if self.codes is not None and self.type not in ("code", "string", "integer"):
            raise ValueError(f"a {self.type} column has no code list")
        if self.type == "integer":
            unknown = [text for text in self.formats if text not in INTEGER_FORMATS]
        elif self.type in ("date", "datetime"):
            unknown = [text for text in self.formats if not DATE_LETTERS.fullmatch(text)]
        else:
            unknown = list(self.formats)
        if unknown:
            raise ValueError(f"format {unknown[0]!r} means nothing for type {self.type}")
        return self

    @property
    def accepted_formats(self) -> tuple[str, ...]:
        """The declared formats, or the type's own when none is declared."""
        return self.formats or DEFAULT_FORMATS.get(self.type, ())

    @property
    def decimal(self) -> tuple[int, int] | None:
        """Precision and scale of a decimal column; null for other types."""
        match = DECIMAL.fullmatch(self.type)
        return (int(match[1]), int(match[2])) if match else None
