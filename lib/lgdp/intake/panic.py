"""The reader of workbooks is written in Rust, and panics on some damaged files: a refusal, then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from lgdp.intake.refusal import damaged

STANDARD_ERROR = 2
PANIC = "PanicException"
"""Its class is not to be imported, and is no Exception."""


@contextmanager
def refused_if_it_panics() -> Iterator[None]:
    """Turn a panic into FileRejected UNREADABLE, and keep what Rust writes of it off the screen."""
    kept = os.dup(STANDARD_ERROR)
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  (a device)
            os.dup2(nowhere.fileno(), STANDARD_ERROR)
        yield
    except BaseException as error:
        if type(error).__name__ == PANIC:
            raise damaged() from error
        raise
    finally:
        os.dup2(kept, STANDARD_ERROR)
        os.close(kept)
