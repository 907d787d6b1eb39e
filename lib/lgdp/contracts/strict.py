"""The frozen model every contract object is built on, and what is wrong where one is not made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from lgdp.errors import Problem


class Strict(BaseModel):
    """Frozen, and refuses keys it does not know: a misspelt option is never a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Model = TypeVar("Model", bound=Strict)


def problems_of(error: ValidationError, file: str, prefix: str = "") -> list[Problem]:
    """What pydantic found, one problem per place, with the offending key spelled as a path."""
    return [_problem(item, file, prefix) for item in error.errors()]


def _problem(item: ErrorDetails, file: str, prefix: str) -> Problem:
    message = item["msg"].removeprefix("Value error, ")
    if item["type"] == "extra_forbidden":
        message = "is not a key that is known here"
    elif item["type"] == "missing":
        message = "is missing"
    place = [str(part) for part in (prefix, *item["loc"]) if part != ""]
    return Problem(file, ".".join(place), message)


def validated(
    model: type[Model],
    raw: Mapping[str, Any],
    file: str,
    prefix: str,
    problems: list[Problem],
    mended: bool = False,
) -> Model | None:
    """The model of `raw`, or null with everything that is wrong added to `problems`.

    A key that is wrong is set aside and the rest validated again, so that it does not hide what is
    wrong with the whole. With `mended` what is left is given back, for what it shows to be wrong
    elsewhere.
    """
    rest, found = dict(raw), False
    while True:
        try:
            made = model.model_validate(rest)
        except ValidationError as error:
            problems.extend(problems_of(error, file, prefix))
            found = True
            wrong = {item["loc"][0] for item in error.errors() if item["loc"]} & set(rest)
            optional = {
                key
                for key in wrong
                if (field := model.model_fields.get(str(key))) is None or not field.is_required()
            }
            if not optional or wrong != optional:
                return None
            rest = {key: value for key, value in rest.items() if key not in optional}
        else:
            return None if found and not mended else made
