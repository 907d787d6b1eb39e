"""Fetching a file over HTTP from a host that may be asked, within limits of time and size."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urljoin

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry, Timeout

from lgdp import __version__
from lgdp.config import PullSettings
from lgdp.errors import FetchFailed
from lgdp.pipeline.allowed_host import AllowedUrl, allowed, is_public, shown
from lgdp.pipeline.guarded_pool import Connection, pool_of

CHUNK = 1 << 16
REDIRECTS = 5
REDIRECTING = (301, 302, 303, 307, 308)
BUSY = (429, 500, 502, 503, 504)
BACKOFF_SECONDS = 0.5
"""Between the second try and the third there is twice as much, and so on."""
LONGEST_WAIT = 30
"""Seconds, whatever an answer says of trying again after."""
BROKEN: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "no address is known for its name"),
    (NewConnectionError, "no connection could be made"),
    (ConnectTimeoutError, "no connection was made in time (pull.connect_seconds)"),
    (ReadTimeoutError, "no answer came in time (pull.read_seconds)"),
    (SSLError, "its certificate is not in order, or not of an authority that this machine trusts"),
    (ProtocolError, "the connection broke off"),
)
"""What errors of urllib3 are in words, the narrower before the wider."""


@dataclass(frozen=True)
class Validators:
    """What a server said of a content, by which it knows later if it has changed since."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def text(self) -> str:
        """As it is remembered; `Validators.read` reads it."""
        return json.dumps(asdict(self))

    @staticmethod
    def read(text: str) -> Validators:
        """What `text` gave."""
        return Validators(**json.loads(text))

    @property
    def headers(self) -> dict[str, str]:
        """The conditions of a request."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


class Fetch:
    """One file. Within `pull.total_seconds` it is whole, or FetchFailed says why it is not."""

    def __init__(self, url: str, settings: PullSettings) -> None:
        self._url, self._settings = url, settings
        self._deadline = time.monotonic() + settings.total_seconds
        self._connection: Connection | None = None

    def into(
        self, target: Path, headers: Mapping[str, str], known: Validators
    ) -> Validators | None:
        """Write the content to a file; null if it has not changed since `known`.

        `headers` are sent to the host of the address only, never to where it redirects. Raises
        UsageError for a host that may not be asked, FetchFailed for everything else.
        """
        first = where = allowed(self._url, self._settings)
        at = self._url
        with self._cut_off():
            for _ in range(REDIRECTS + 1):
                ours = headers if where.origin == first.origin else {}
                with self._answer(where, {**known.headers, **ours}) as answer:
                    if answer.status == 304 and known.headers:
                        return None
                    if answer.status == 200:
                        self._save(answer, target)
                        tag, at_time = (
                            answer.headers.get("ETag"),
                            answer.headers.get("Last-Modified"),
                        )
                        return Validators(tag, at_time)
                    location = answer.headers.get("Location")
                    if answer.status not in REDIRECTING or location is None:
                        raise self._failed(
                            f"answered {answer.status} {answer.reason or ''}".rstrip()
                        )
                at = urljoin(at, location)
                where = allowed(at, self._settings)
        raise self._failed(f"redirected more than {REDIRECTS} times")

    def admit(self, connection: Connection, sock: socket.socket, where: AllowedUrl) -> None:
        """Let a connection be used that was made just now: before a byte goes over it.

        What is looked at is the address that it has, not one that its name had a moment before.
        """
        if self._left() <= 0:
            raise self._late()
        peer = sock.getpeername()[0]
        if not where.may_be_private and not is_public(peer):
            raise FetchFailed(
                f"{where.host} is at {peer}, an address of a private network; if that is meant, "
                "say 'private' of it among the hosts of 'pull' in the settings (conf/platform.yaml)"
            )
        self._connection = connection

    @contextmanager
    def _answer(self, where: AllowedUrl, headers: Mapping[str, str]) -> Iterator[BaseHTTPResponse]:
        settings = self._settings
        retries = Retry(
            total=settings.attempts - 1,
            redirect=False,
            status_forcelist=BUSY,
            backoff_factor=BACKOFF_SECONDS,
            backoff_max=LONGEST_WAIT,
            retry_after_max=LONGEST_WAIT,
            raise_on_status=False,
        )
        about = {"User-Agent": f"lgdp/{__version__}", "Accept-Encoding": "identity"}
        with pool_of(where, self.admit) as pool:
            try:
                answer = pool.urlopen(
                    "GET",
                    where.target,
                    headers={**about, **headers},
                    retries=retries,
                    redirect=False,
                    timeout=Timeout(connect=settings.connect_seconds, read=settings.read_seconds),
                    preload_content=False,
                )
            except HTTPError as error:
                raise self._broken(error) from error
            try:
                if self._left() <= 0:
                    # Headers that are cut off look like headers that end.
                    raise self._late()
                yield answer
            finally:
                answer.close()

    def _save(self, answer: BaseHTTPResponse, target: Path) -> None:
        most = self._settings.file_bytes
        said = answer.headers.get("Content-Length", "")
        if said.isdecimal() and int(said) > most:
            raise self._too_large(f"has {int(said):,} bytes")
        size = 0
        try:
            with target.open("wb") as stream:
                while chunk := answer.read1(CHUNK, decode_content=True):
                    size += len(chunk)
                    if size > most:
                        raise self._too_large("goes on after that")
                    if self._left() <= 0:
                        raise self._late()
                    stream.write(chunk)
        except HTTPError as error:
            raise self._broken(error) from error

    @contextmanager
    def _cut_off(self) -> Iterator[None]:
        """Shut the connection down at the deadline, should it wait for an answer then."""
        timer = threading.Timer(max(0.0, self._left()), self._shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut_down(self) -> None:
        sock = self._connection.sock if self._connection else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _failed(self, what: str) -> FetchFailed:
        return FetchFailed(f"{shown(self._url)} {what}")

    def _late(self) -> FetchFailed:
        seconds = self._settings.total_seconds
        return self._failed(f"was not whole after {seconds:g} seconds (pull.total_seconds)")

    def _too_large(self, what: str) -> FetchFailed:
        most = self._settings.file_bytes
        return self._failed(f"{what}; at most {most:,} bytes are fetched (pull.file_bytes)")

    def _broken(self, error: HTTPError) -> FetchFailed:
        if self._left() <= 0:
            return self._late()
        reason = error.reason if isinstance(error, MaxRetryError) and error.reason else error
        words = (text for kind, text in BROKEN if isinstance(reason, kind))
        return self._failed(f"can't be fetched: {next(words, type(reason).__name__)}")
