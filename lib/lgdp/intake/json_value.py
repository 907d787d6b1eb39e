"""Values of JSON as the text that they would be in a CSV file, and what is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from lgdp.intake.encoding import REPLACEMENT
from lgdp.intake.json_window import Constant, Doubled

SURROGATE = re.compile("[\ud800-\udfff]")


def text_of(value: object) -> str | None:
    """A value as text: null for null, numbers as they are written, what is nested as JSON."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Constant):
        return value.word
    return json.dumps(value, ensure_ascii=False, default=lambda constant: constant.word)


def is_nested(value: object) -> bool:
    """Whether a value is an object or array, that no column holds."""
    return isinstance(value, (dict, list))


def defect_of(value: object, damaged: bool) -> str | None:
    """What is wrong with a record as a whole, whatever its columns are.

    DUPLICATE_KEY, NOT_A_NUMBER (a word such as NaN), or BAD_ENCODING: half a character, written as
    one (`"\\ud800"`), or bytes of a `damaged` file.
    """
    for item in walk(value):
        if isinstance(item, Doubled):
            return "DUPLICATE_KEY"
        if isinstance(item, Constant):
            return "NOT_A_NUMBER"
        if isinstance(item, str) and (SURROGATE.search(item) or (damaged and REPLACEMENT in item)):
            return "BAD_ENCODING"
    return None


def walk(value: object) -> Iterator[object]:
    """A value, and every key and value inside of it."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        yield item
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item


def depth_of(value: object) -> int:
    """How deep objects and arrays are nested; 0 for a plain value."""
    depth, level = 0, [value]
    while level := [inside for item in level for inside in _inside(item)]:
        depth += 1
    return depth + (1 if is_nested(value) and depth == 0 else 0)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
