"""XLS workbooks are opened by another process first: a damaged one may take all memory, or abort.

The sectors of such a file are chained, and the reader follows a chain that bites its own tail for
ever. Nothing in this process can stop it, so a process with limits of its own goes before.
"""

from __future__ import annotations

import subprocess
import sys

from lgdp.intake.refusal import damaged
from lgdp.intake.sent_file import SentFile

MOST_MEMORY = 2 << 30
MOST_SECONDS = 120
_OPEN = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from python_calamine import CalamineWorkbook
with open(sys.argv[1], "rb") as stream:
    workbook = CalamineWorkbook.from_filelike(stream)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name)
"""


def require_openable(sent: SentFile) -> None:
    """Raise FileRejected UNREADABLE for an XLS workbook that can't be opened within the limits."""
    command = [sys.executable, "-c", _OPEN, str(sent.path), str(MOST_MEMORY)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise damaged() from error
    if done.returncode:
        raise damaged()
