"""Progress bars for a person at a terminal; nothing for anyone else."""

from __future__ import annotations

import sys
from collections.abc import Callable


def stage_progress(stage: str) -> Callable[[int, int], None] | None:
    """A function told (done, of) as a stage goes on; null when nobody is looking."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(stage, total=None)

    def tell(done: int, total: int) -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return tell
