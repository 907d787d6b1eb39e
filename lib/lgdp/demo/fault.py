"""Faults: named ways in which a delivery goes wrong, each with the code it must raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lgdp.demo.calendar import FIRST, SECOND
from lgdp.demo.draft import Draft

Plant = Callable[[Draft, Random], bool]
"""Spoils one record of a draft and writes down what must follow; false when none fits."""


@dataclass(frozen=True)
class Fault:
    """One kind. `code` is null for an oddity that must raise nothing.

    `periods` are those in which it can happen: some need a year before.
    """

    name: str
    return_name: str
    table: str
    code: str | None
    explanation: str
    periods: tuple[str, ...]
    plant: Plant


class Register:
    """The kinds of faults of one return, in order."""

    def __init__(self, return_name: str) -> None:
        self.return_name = return_name
        self.faults: list[Fault] = []

    def add(
        self, table: str, code: str | None, only_second: bool = False
    ) -> Callable[[Plant], Plant]:
        """Register a function under its own name; its docstring is the explanation."""

        def register(plant: Plant) -> Plant:
            periods = (SECOND.text,) if only_second else (FIRST.text, SECOND.text)
            text = (plant.__doc__ or "").rstrip(".")
            self.faults.append(
                Fault(plant.__name__, self.return_name, table, code, text, periods, plant)
            )
            return plant

        return register
