"""One column of a table: its type, what is accepted, and how private it is."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator, model_validator

from lgdp.contracts.regex import check_regex
from lgdp.contracts.strict import Strict
from lgdp.errors import RuleMistake

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


NAME = re.compile(r"[A-Za-z][^\s,;{}()=.`\"\x00-\x1f]*")
"""A name that Delta, Spark and a file's header can all hold; `_` starts the platform's own."""


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
    because it has no place in a typed column. `takes` is a regular expression with one group: where
    it matches the whole of a text, the group is the value (`a) Yes` is read as `Yes`).
    """

    name: str
    type: str
    description: str = ""
    formats: tuple[str, ...] = ()
    required: bool = False
    codes: str | None = None
    pattern: str | None = None
    takes: str | None = None
    upper: bool = False
    headers: tuple[str, ...] = ()
    null_tokens: tuple[str, ...] = ()
    words: Words = Words()
    personal: bool = False
    degrade: Degrade = "none"
    published: dict[Check, str] = {}
    severity: dict[Literal["required", "codes"], Severity] = {}

    @field_validator("name")
    @classmethod
    def _name_is_plain(cls, value: str) -> str:
        if not NAME.fullmatch(value):
            raise ValueError(
                f"'{value}' can't name a column; it starts with a letter and has no space or any "
                'of , ; { } ( ) = . ` "'
            )
        return value

    @field_validator("type")
    @classmethod
    def _type_is_known(cls, value: str) -> str:
        match = DECIMAL.fullmatch(value)
        if match is None and value not in SIMPLE_TYPES:
            raise ValueError(
                f"'{value}' is not a type; expected decimal(p,s) or one of "
                f"{', '.join(SIMPLE_TYPES)}"
            )
        if match and not (0 <= int(match[2]) <= int(match[1]) <= 38 and int(match[1]) > 0):
            raise ValueError(f"'{value}' needs 0 <= scale <= precision <= 38 and precision > 0")
        return value

    @field_validator("pattern", "takes")
    @classmethod
    def _pattern_compiles(cls, value: str | None) -> str | None:
        try:
            return value and check_regex(value)
        except RuleMistake as error:
            raise ValueError(str(error)) from error

    @field_validator("takes")
    @classmethod
    def _takes_one_part(cls, value: str | None) -> str | None:
        if value is not None and re.compile(value).groups != 1:
            raise ValueError(f"{value} has not one group; put what is taken, only, in ( )")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Column:
        wrong = [f"format '{text}' means nothing for type {self.type}" for text in self._unknown()]
        if self.type == "code" and self.codes is None:
            wrong.append("a code column names its code list in 'codes'")
        if self.codes is not None and self.type not in ("code", "string", "integer"):
            wrong.append(f"a {self.type} column has no code list")
        if self.pattern is not None and self.type != "string":
            wrong.append(f"a {self.type} column has no pattern")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _unknown(self) -> list[str]:
        if self.type == "integer":
            return [text for text in self.formats if text not in INTEGER_FORMATS]
        if self.type in ("date", "datetime"):
            return [text for text in self.formats if not _is_date_format(text)]
        return list(self.formats)

    @property
    def accepted_formats(self) -> tuple[str, ...]:
        """The declared formats, or the type's own when none is declared."""
        return self.formats or DEFAULT_FORMATS.get(self.type, ())

    @property
    def decimal(self) -> tuple[int, int] | None:
        """Precision and scale of a decimal column; null for other types."""
        match = DECIMAL.fullmatch(self.type)
        return (int(match[1]), int(match[2])) if match else None


def _is_date_format(text: str) -> bool:
    """Whether a pattern says year and month once, and nothing twice."""
    if not DATE_LETTERS.fullmatch(text):
        return False
    bare = re.sub(r"'[^']*'", "", text)
    times = {letter: len(re.findall(f"{letter}+", bare)) for letter in "yMdHms"}
    return times["y"] == times["M"] == 1 and max(times.values()) == 1
