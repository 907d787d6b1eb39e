"""The frozen model every contract object is built on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen, and refuses keys it does not know: a misspelt option is a problem, never a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
