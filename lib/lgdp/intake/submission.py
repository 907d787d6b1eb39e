"""A submission: one council's delivery to one collection, and its id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lgdp.contracts.catalogue import Catalogue
from lgdp.intake.sent_file import SentFile


@dataclass(frozen=True)
class Submission:
    """What was sent, by whom, for what. `council` is a current code, `period` canonical text.

    `version` is the sender's own number of it, if it has one. `totals` are the rows that the sender
    says are in its files, by name.
    """

    return_name: str
    period: str
    council: str
    files: tuple[SentFile, ...]
    origin: str
    nil: bool = False
    actor: str = "inbox"
    version: int | None = None
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """32 hex digits; the same return, period, council and contents give the same id.

        Names of files do not count: the same content under another name is the same submission.
        """
        return submission_id(
            self.return_name,
            self.period,
            self.council,
            [file.digest for file in self.files],
            [
                (file.digest, self.totals[file.name])
                for file in self.files
                if file.name in self.totals
            ],
        )


def submission_id(
    return_name: str,
    period: str,
    council: str,
    digests: Sequence[str],
    totals: Sequence[tuple[str, int]] = (),
) -> str:
    """The id of a submission, from what it is for and the digests of its files in any order.

    Totals count, or a delivery that was rejected for a wrong one could not be sent again with the
    right one; each is the digest of a file and its rows.
    """
    said = sorted({f"{digest} has {rows} rows" for digest, rows in totals})
    parts = [return_name, period, council, *sorted(set(digests)), *said]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def make_submission(
    catalogue: Catalogue,
    return_name: str,
    period: str,
    council: str,
    files: Sequence[SentFile],
    origin: str,
    nil: bool = False,
    actor: str = "inbox",
    version: int | None = None,
    totals: Mapping[str, int] | None = None,
) -> Submission:
    """Resolve names as people write them to the platform's own.

    Raises UnknownReturn, UnknownPeriod or UnknownCouncil.
    """
    contract = catalogue.contract(return_name)
    return Submission(
        return_name,
        contract.read_period(period).text,
        catalogue.councils.resolve(council).code,
        tuple(sorted(files, key=lambda file: file.name)),
        origin,
        nil,
        actor,
        version,
        totals or {},
    )
