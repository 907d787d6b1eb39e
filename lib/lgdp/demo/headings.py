"""The columns that councils send, by return and table; a test holds them against the contracts."""

from __future__ import annotations

from collections.abc import Mapping

from lgdp.demo.calendar import SECOND

Headings = Mapping[str, tuple[str, ...]]

_FIRST: Mapping[str, Headings] = {
    "looked_after": {
        "child": (
            *("local_authority", "child_id", "scn", "date_of_birth", "gender"),
            *("ethnic_group", "disability", "religion"),
        ),
        "episode": (
            *("child_id", "episode_start", "episode_end", "current_care_plan"),
            *("destination", "pathway_plan", "pathway_coordinator"),
        ),
        "placement": (
            *("child_id", "episode_start", "placement_start", "placement_end"),
            *("placement_type", "foster_type"),
        ),
        "legal_reason": (
            *("child_id", "episode_start", "reason_start", "reason_end", "legal_reason"),
        ),
    },
    "pupil_census": {
        "pupil": (
            *("local_authority", "seed_code", "scn", "date_of_birth", "gender", "stage"),
            *("status", "home_postcode", "free_school_meal", "looked_after"),
            *("additional_support", "support_plan", "eal_level", "home_language"),
            *("ethnic_background", "national_identity"),
        ),
        "establishment": ("seed_code", "school_name", "sector", "capacity", "roll"),
    },
}
_ADDED: Mapping[str, Headings] = {
    "looked_after": {"child": ("unaccompanied",), "episode": ("permanence_decision",)},
    "pupil_census": {"pupil": ("young_carer",)},
}
"""New in the second year."""


def headings_of(return_name: str, period: str) -> Headings:
    """Columns by table, both in the contract's order."""
    added = _ADDED[return_name] if period == SECOND.text else {}
    return {
        table: (*columns, *added.get(table, ())) for table, columns in _FIRST[return_name].items()
    }
