"""The digest of a receipt, and its signature if there is a key: how an altered one is known.

The digest shows that the text is as it was written. It does not show who wrote it: anyone who
changes a receipt can compute the digest anew. What was changed then differs from the lake, or, if
the platform signs, from the signature, which nobody can make without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lgdp.errors import UsageError
from lgdp.reports.receipt import Receipt

KEY = "LGDP_RECEIPT_KEY"
SIGNED_BY = "hmac-sha256"


@dataclass(frozen=True)
class Sealed:
    """A receipt with its digest (`sha256:` and 64 hex digits), and its signature or null."""

    receipt: Receipt
    digest: str
    signature: str | None


def canonical(receipt: Receipt) -> bytes:
    """The content as bytes in the one way that the digest is of: JSON, keys sorted, no spaces."""
    content = receipt.model_dump(mode="json")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest_of(receipt: Receipt) -> str:
    """The digest of a receipt's content."""
    return f"sha256:{hashlib.sha256(canonical(receipt)).hexdigest()}"


def signature_of(receipt: Receipt, key: str) -> str:
    """The signature of a receipt's content under a key."""
    made = hmac.new(key.encode(), canonical(receipt), hashlib.sha256).hexdigest()
    return f"{SIGNED_BY}:{made}"


def sealing_key(environ: Mapping[str, str] | None = None) -> str | None:
    """The key that receipts are signed with, from LGDP_RECEIPT_KEY; null where there is none."""
    return (os.environ if environ is None else environ).get(KEY) or None


def seal(receipt: Receipt, key: str | None) -> Sealed:
    """The receipt with its digest, signed if there is a key."""
    return Sealed(receipt, digest_of(receipt), signature_of(receipt, key) if key else None)


def as_text(sealed: Sealed) -> str:
    """The receipt as the JSON text that is handed out."""
    content: dict[str, Any] = sealed.receipt.model_dump(mode="json")
    content |= {"digest": sealed.digest, "signature": sealed.signature}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def from_text(text: str, name: str) -> Sealed:
    """A receipt read back; UsageError if the text is none. Nothing is verified yet."""
    try:
        content = json.loads(text)
        digest, signature = content.pop("digest"), content.pop("signature")
        # As JSON, not as Python: a list is read as the tuple that it was.
        receipt = Receipt.model_validate_json(json.dumps(content))
    except (json.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise UsageError(f"'{name}' is not a receipt of this platform in JSON") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"'{name}' is not a receipt as written: {place}: {first['msg']}"
        ) from error
    return Sealed(receipt, str(digest), None if signature is None else str(signature))
