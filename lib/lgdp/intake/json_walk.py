"""The units of a JSON document in order, wherever in it they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from lgdp.contracts.heading import fold
from lgdp.errors import FileRejected
from lgdp.intake.json_window import Decoded, Doubled, JsonWindow

Found = tuple[str, Decoded]
KINDS = {dict: "an object", list: "an array", str: "a text or number", bool: "true or false"}


class JsonWalk:
    """Goes through a document once. `units` are paths; those of its keys are compared folded.

    The path "" is the document itself: the items of its array, its lines, or the one object.
    `unread` counts what is at other paths.
    """

    def __init__(self, window: JsonWindow, units: Collection[str]) -> None:
        self._window = window
        self._units = {_folded(unit): unit for unit in units}
        self.unread: Counter[str] = Counter()

    def found(self) -> Iterator[Found]:
        """Each unit with its path. Raises FileRejected NOT_WELL_FORMED, NOT_RECORDS and more."""
        window = self._window
        if window.peek() == "[":
            self._require_top("an array")
            window.take("[")
            yield from (("", window.decode()) for _ in window.items())
        else:
            while window.peek():
                yield from self._top_object()
        if window.peek():
            raise window.not_well_formed("Extra data")

    def _require_top(self, what: str) -> None:
        if "" not in self._units:
            wanted = ", ".join(sorted(self._units.values()))
            raise FileRejected(
                "NOT_RECORDS", f"The document is {what}; expected an object with {wanted}."
            )

    def _top_object(self) -> Iterator[Found]:
        """One object: a unit itself unless units are below it."""
        window = self._window
        if not window.take("{"):
            value = window.decode().value
            raise FileRejected(
                "NOT_RECORDS",
                f"The document holds {kind_of(value)} at line {window.line:,} where an object was "
                "expected.",
            )
        line, others, any_below = window.line, list[tuple[str, Decoded]](), False
        for key in self._keys():
            if self._leads_to_units(fold(key)):
                any_below = True
                yield from self._below(fold(key), key)
            else:
                others.append((key, window.decode()))
        if any_below:
            self.unread.update(key for key, _ in others)
            return
        self._require_top("an object with other keys")
        values = {key: decoded.value for key, decoded in others}
        text = ", ".join(f'"{key}": {decoded.text}' for key, decoded in others)
        whole = values if len(values) == len(others) else Doubled(values)
        yield "", Decoded(whole, f"{{{text}}}", line)

    def _keys(self) -> Iterator[str]:
        """Before each value of an object whose bracket was taken."""
        window = self._window
        if window.take("}"):
            return
        seen: set[str] = set()
        while True:
            if window.peek() != '"':
                raise window.not_well_formed("Expecting property name enclosed in double quotes")
            key = str(window.decode().value)
            window.require(":")
            if key in seen and self._leads_to_units(fold(key)):
                raise FileRejected(
                    "DUPLICATE_KEY",
                    f"The key '{key}' occurs twice in one object, at line {window.line:,}. "
                    "Name each once, so that it is certain which values count.",
                )
            seen.add(key)
            yield key
            if window.require(",", "}") == "}":
                return

    def _leads_to_units(self, path: str) -> bool:
        return any(unit == path or unit.startswith(f"{path}/") for unit in self._units if unit)

    def _below(self, path: str, shown: str) -> Iterator[Found]:
        window, unit = self._window, self._units.get(path)
        if unit is not None and window.peek() == "[":
            window.take("[")
            yield from ((unit, window.decode()) for _ in window.items())
        elif unit is not None:
            yield unit, window.decode()
        elif window.take("{"):
            for key in self._keys():
                below = f"{path}/{fold(key)}"
                if self._leads_to_units(below):
                    yield from self._below(below, f"{shown}/{key}")
                else:
                    window.decode()
                    self.unread[f"{shown}/{key}"] += 1
        else:
            window.decode()
            self.unread[shown] += 1


def not_an_object(unit: Decoded) -> FileRejected:
    """A unit that holds no columns."""
    return FileRejected(
        "NOT_RECORDS",
        f"There is {kind_of(unit.value)} at line {unit.line:,} where an object with the columns of "
        "a row was expected.",
    )


def kind_of(value: object) -> str:
    """What a decoded value is, in words."""
    return KINDS.get(type(value), "nothing (null)" if value is None else "a word such as NaN")


def _folded(path: str) -> str:
    return "/".join(fold(name) for name in path.split("/")) if path else ""
