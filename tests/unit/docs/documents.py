"""The documents of the project, as their tests read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    """The path in the project, to call a test's case by."""
    return str(path.relative_to(PROJECT))


def without_fences(document: str) -> str:
    return FENCE.sub("", document)


def fences(document: str, *languages: str) -> list[str]:
    """The texts of fenced blocks, of some languages only if any are named."""
    return [
        match["text"]
        for match in FENCE.finditer(document)
        if not languages or match["language"] in languages
    ]


def inline_code(document: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", without_fences(document))


@dataclass(frozen=True)
class Call:
    """A command that a document tells the reader to run: its words, without the program."""

    words: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(word.partition("=")[0] for word in self.words if word.startswith("--"))


def calls(document: str, program: str) -> list[Call]:
    """Every call of a program in the code of a document, a `$` or a folder before it or not."""
    lines = [line for block in fences(document) for line in _joined(block)]
    found = []
    for line in [*lines, *inline_code(document)]:
        match = re.match(
            rf"(?:\$ +)?(?:\w+=\S+ +)*(?:[\w./]*/)?{program}(?: +(.*))?$", line.strip()
        )
        if match:
            found.append(Call(tuple(re.findall(r'"[^"]*"|[^\s"]+', _command(match[1] or "")))))
    return found


def _command(text: str) -> str:
    """A command's own words: what follows a comment, a pipe or a redirection is not its own."""
    return re.split(r"\s(?:#|\||>|&&|;)", text)[0]


def _joined(block: str) -> list[str]:
    """Lines of a block, those that end in a backslash with the next."""
    return block.replace("\\\n", " ").splitlines()
