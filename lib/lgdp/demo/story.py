"""Who does what in the demo: which council is late, silent, refused, and where faults are put."""

from __future__ import annotations

from lgdp.demo.calendar import FIRST, SECOND
from lgdp.demo.truth import CollectionKey


def _second(return_name: str, council: str) -> CollectionKey:
    return CollectionKey(return_name, SECOND.text, council)


ORKNEY, INVERCLYDE, HIGHLAND, FIFE = "S12000023", "S12000018", "S12000017", "S12000047"
CLACKMANNANSHIRE, MIDLOTHIAN, FALKIRK = "S12000005", "S12000019", "S12000014"
DUNDEE = "S12000042"

SILENT = frozenset({_second("looked_after", INVERCLYDE)})
"""Sends nothing."""

LATE = frozenset({_second("looked_after", HIGHLAND)})
"""Sends its only delivery after the due date."""

RESUBMITTED = frozenset({_second("looked_after", FIFE)})
"""Sends faults in time, and a corrected delivery after the due date."""

SENT_AGAIN = frozenset({_second("looked_after", DUNDEE)})
"""Sends the same delivery twice, which changes nothing."""

NIL_BY_HEADER = frozenset({CollectionKey("looked_after", FIRST.text, ORKNEY)})
NIL_BY_MANIFEST = frozenset({_second("looked_after", ORKNEY)})
"""Nothing to report, said by files without rows and by a manifest."""

MISSING_COLUMN = frozenset({_second("looked_after", CLACKMANNANSHIRE)})
OPEN_QUOTE = frozenset({_second("pupil_census", MIDLOTHIAN)})
FOREIGN_ROW = frozenset({_second("pupil_census", FALKIRK)})
"""Refused as a whole. Falkirk, which sent a pupil of another council, corrects it, late."""

REFUSED = MISSING_COLUMN | OPEN_QUOTE | FOREIGN_ROW
CORRECTED = RESUBMITTED | FOREIGN_ROW
NIL = NIL_BY_HEADER | NIL_BY_MANIFEST

SPOILT = (
    "S12000049",  # Glasgow City
    "S12000036",  # City of Edinburgh
    "S12000050",  # North Lanarkshire
    "S12000029",  # South Lanarkshire
    "S12000033",  # Aberdeen City
    "S12000038",  # Renfrewshire
    "S12000021",  # North Ayrshire
    "S12000026",  # The Scottish Borders
)
"""Councils whose deliveries hold faults: big enough, and all with plain comma-separated files."""
EACH_FAULT_GOES_TO = 3
