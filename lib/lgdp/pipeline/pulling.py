"""Pulling deliveries from the addresses at which councils publish them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lgdp.contracts.source import Source
from lgdp.errors import FetchFailed, LgdpError, UsageError
from lgdp.intake.sent_file import SentFile, is_data_name, look_at
from lgdp.intake.submission import Submission, make_submission
from lgdp.lake.sightings import Sighting, Sightings
from lgdp.ledger.standing import Standing
from lgdp.ledger.state import State
from lgdp.pipeline.allowed_host import allowed, shown
from lgdp.pipeline.calendar import collections_of
from lgdp.pipeline.fetching import Fetch, Validators
from lgdp.pipeline.landing import landing_path
from lgdp.pipeline.platform import Platform
from lgdp.pipeline.record import record_run
from lgdp.pipeline.submitting import take
from lgdp.scratch import scratch_folder

ACTOR = "pull"


@dataclass(frozen=True)
class Pulled:
    """What became of a source: a new submission, nothing new (`is_new` is false), or a failure."""

    source: str
    period: str
    standing: Standing | None = None
    is_new: bool = False
    failure: str | None = None


@dataclass(frozen=True)
class _Request:
    """One source for one period, ready to be asked."""

    source: Source
    period: str
    council: str
    headers: dict[str, str]


def pull(
    platform: Platform,
    sources: Iterable[Source],
    period: str | None,
    on_pulled: Callable[[Pulled], None] = lambda pulled: None,
) -> list[Pulled]:
    """Fetch what is new from each source, land it and check it.

    Without a period, that of the newest collection which has opened. One source that fails does
    not stop the others. UsageError, before anything is asked, for a host that may not be, for a
    variable that is not set, and for a period that is unknown.
    """
    requests = [_request(platform, source, period) for source in sources]
    report = []
    with record_run(platform, "pull") as recording:
        for request in requests:
            report.append(_pull(platform, request))
            on_pulled(report[-1])
        recording.worked = any(pulled.is_new for pulled in report)
    return report


def _request(platform: Platform, source: Source, period: str | None) -> _Request:
    contract = platform.catalogue.contract(source.return_)
    council = platform.catalogue.councils.resolve(source.council).code
    text = contract.read_period(period).text if period else _newest(platform, source, council)
    for url in source.addresses(text):
        allowed(url, platform.settings.pull)
    headers = {}
    if source.authorisation is not None:
        value = os.environ.get(source.authorisation.variable, "").strip()
        if not value:
            raise UsageError(
                f"the source {source.name} needs the environment variable "
                f"{source.authorisation.variable}, which is not set"
            )
        headers[source.authorisation.header] = source.authorisation.prefix + value
    return _Request(source, text, council, headers)


def _newest(platform: Platform, source: Source, council: str) -> str:
    today = platform.clock().date()
    opened = [
        collection.period
        for collection in collections_of(platform, platform.ledger.state(), today)
        if (collection.return_, collection.council) == (source.return_, council)
    ]
    if not opened:
        raise UsageError(
            f"no collection of {source.return_} has opened for the council of {source.name}; say "
            "which one by --period"
        )
    return opened[-1]


def _pull(platform: Platform, request: _Request) -> Pulled:
    name, period = request.source.name, request.period
    try:
        with scratch_folder("pull") as folder:
            return _Pull(platform, request, folder).run()
    except LgdpError as error:
        return Pulled(name, period, failure=str(error))


class _Pull:
    """The files of one source and period."""

    def __init__(self, platform: Platform, request: _Request, scratch: Path) -> None:
        self._platform, self._request, self._scratch = platform, request, scratch
        self._sightings = Sightings(platform.door)
        self._new: list[Sighting] = []

    def run(self) -> Pulled:
        """Fetch, land and check; what was seen is remembered once that has worked."""
        name, period = self._request.source.name, self._request.period
        files = list(self._files())
        submission = self._submission(files)
        before = self._platform.ledger.state().standings.get(submission.id)
        if before is not None and before.state not in (State.RECEIVED, State.LANDED):
            self._sightings.record(self._new)
            return Pulled(name, period, before)
        taken = take(self._platform, submission)
        self._sightings.record(self._new)
        return Pulled(name, period, taken.standing, is_new=True)

    def _submission(self, files: list[SentFile]) -> Submission:
        source = self._request.source
        where = " ".join(shown(url) for url in source.addresses(self._request.period))
        return make_submission(
            self._platform.catalogue,
            source.return_,
            self._request.period,
            self._request.council,
            files,
            f"{source.name} {where}",
            actor=ACTOR,
        )

    def _files(self) -> Iterator[SentFile]:
        request = self._request
        seen = self._sightings.below(f"{request.source.name} ")
        taken: set[str] = set()
        for number, url in enumerate(request.source.addresses(request.period)):
            name = _file_name(url, request.source)
            name = f"{number}-{name}" if name in taken else name
            taken.add(name)
            place = _place(request, url)
            yield self._file(url, name, place, seen.get(place), self._scratch / str(number))

    def _file(self, url: str, name: str, place: str, seen: Sighting | None, path: Path) -> SentFile:
        kept = seen is not None and self._platform.door.exists(landing_path(seen.digest))
        known = Validators.read(seen.stamp) if seen is not None and kept else Validators()
        fetch = Fetch(url, self._platform.settings.pull)
        found = fetch.into(path, self._request.headers, known)
        if found is None and seen is not None:
            return SentFile(name, path, seen.digest, seen.bytes, seen.media_type)
        sent = look_at(path, name)
        expected = self._request.source.format
        if sent.media_type != expected:
            raise FetchFailed(f"{shown(url)} gave {sent.media_type}, not {expected}")
        stamp = (found or Validators()).text
        at = self._platform.clock()
        self._new.append(Sighting(place, stamp, sent.digest, sent.size, sent.media_type, at))
        return sent


def _place(request: _Request, url: str) -> str:
    """A name for an address that does not hold what may be secret in it."""
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    about = f"{request.source.return_} {request.period} {request.council}"
    return f"{request.source.name} {about} {shown(url)} {digest}"


def _file_name(url: str, source: Source) -> str:
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    return name if is_data_name(name) else f"{name or source.name}.{source.format}"
