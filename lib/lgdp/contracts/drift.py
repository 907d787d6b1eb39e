"""How far a table may drift from the period before, until a reason is asked for."""

from __future__ import annotations

from pydantic import Field

from lgdp.contracts.strict import Strict

Share = float
"""From 0 to 1."""


class Drift(Strict):
    """Limits to a table's change since the last accepted submission of its council.

    `rows` is the share of last period's rows by which their number may fall or grow; `blank` is
    by how much the share of blanks in a column may change, `codes` by how much that of any one of
    its codes may. Shares are from 0 to 1.
    """

    rows: Share | None = Field(default=None, gt=0)
    blank: dict[str, Share] = {}
    codes: dict[str, Share] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is compared."""
        return tuple(dict.fromkeys([*self.blank, *self.codes]))
