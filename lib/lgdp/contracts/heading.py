"""Headings of columns as people write them."""

from __future__ import annotations

import re
import unicodedata


def fold(heading: str) -> str:
    """A heading without case, accents, spacing and punctuation; itself if nothing is left then.

    >>> fold(" Date of\\u00a0Birth ")
    'dateofbirth'
    >>> fold("%")
    '%'
    """
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return re.sub(r"[\W_]+", "", plain) or heading.strip()
