"""What is in an XML unit and is no column of any table: kept, never dropped."""

from __future__ import annotations

from collections.abc import Container, Mapping

from lxml import etree


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def joined(*parts: str) -> str:
    """A path of those parts that are not empty."""
    return "/".join(part for part in parts if part)


class Rest:
    """Puts into the `_extra` of each record's row what no column was read from.

    That is the text of unread elements by their path below the record, attributes (`path/@name`)
    and stray text beside elements (`path/text()`). What no record encloses goes to the first
    record; `unowned` is what is left in a unit that has none.
    """

    def __init__(
        self,
        read: Container[etree._Element],
        records: Mapping[etree._Element, dict[str, object]],
    ) -> None:
        self._read, self._records = read, records
        self._kept: dict[etree._Element, dict[str, str]] = {record: {} for record in records}
        self.unowned: dict[str, str] = {}

    def walk(self, unit: etree._Element) -> None:
        """Look at everything in the unit."""
        self._walk(unit, "", self.unowned)
        first = next(iter(self._kept.values()), None)
        if first is not None:
            for key, text in self.unowned.items():
                _add(first, joined("..", key), text)
            self.unowned = {}
        for record, kept in self._kept.items():
            if kept:
                self._records[record]["_extra"] = list(kept.items())

    def _walk(self, element: etree._Element, path: str, kept: dict[str, str]) -> None:
        if element in self._kept:
            path, kept = "", self._kept[element]
        for name, value in element.attrib.items():
            _add(kept, joined(path, f"@{str(name).rpartition('}')[2]}"), str(value))
        if element not in self._read:
            text = _own_text(element)
            is_leaf = len(element) == 0 and path
            if text:
                _add(kept, path if is_leaf else joined(path, "text()"), text)
        else:
            tails = [child.tail.strip() for child in element if child.tail and child.tail.strip()]
            if tails:
                _add(kept, joined(path, "text()"), " ".join(tails))
        for child in element:
            self._walk(child, joined(path, local_name(child)), kept)


def _own_text(element: etree._Element) -> str:
    """An element's text without its children's; as it is if there are none."""
    if len(element) == 0:
        return element.text if element.text and element.text.strip() else ""
    pieces = [element.text, *(child.tail for child in element)]
    return " ".join(piece.strip() for piece in pieces if piece and piece.strip())


def _add(kept: dict[str, str], key: str, text: str) -> None:
    name, number = key, 2
    while name in kept:
        name, number = f"{key}#{number}", number + 1
    kept[name] = text
