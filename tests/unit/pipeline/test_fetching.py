"""Fetching over HTTP: what may be asked, and what becomes of servers that do not behave."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lgdp.config import PullSettings
from lgdp.errors import FetchFailed, UsageError
from lgdp.pipeline.allowed_host import allowed, is_public, shown
from lgdp.pipeline.fetching import Fetch, Validators
from tests.unit.pipeline.web import Handler, Web, certified, serving, text, unless_known

CSV = b"id,born\nA1,2012-05-17\n"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as started:
        yield started


def settings(web: Web | None = None, **changes: object) -> PullSettings:
    hosts = {web.host: ("http", "private")} if web else {}
    limits = {
        "hosts": hosts,
        "connect_seconds": 5,
        "read_seconds": 5,
        "total_seconds": 20,
        "attempts": 1,
        "file_bytes": 1 << 20,
    }
    return PullSettings.model_validate({**limits, **changes})


class Fetching:
    """Fetches from a server into a file of the test."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web, self.target = web, folder / "fetched"

    def get(
        self,
        path: str = "/x",
        known: Validators | None = None,
        headers: dict[str, str] | None = None,
        **changes: object,
    ) -> Validators | None:
        fetch = Fetch(self.web.url(path), settings(self.web, **changes))
        return fetch.into(self.target, headers or {}, known or Validators())

    def fails(self, **changes: object) -> str:
        with pytest.raises(FetchFailed) as caught:
            self.get(**changes)  # type: ignore[arg-type]
        return str(caught.value).replace(self.web.url("/x"), "URL")


@pytest.fixture
def fetching(web: Web, tmp_path: Path) -> Fetching:
    return Fetching(web, tmp_path)


def test_a_content_comes_with_its_validators(web: Web, fetching: Fetching) -> None:
    web.answers["/x?a=1"] = text(CSV, ETag='"7"', Last_Modified="Mon, 02 Sep 2024 10:00:00 GMT")
    got = fetching.get("/x?a=1", headers={"Authorization": "Bearer t"})
    assert fetching.target.read_bytes() == CSV
    assert got == Validators('"7"', "Mon, 02 Sep 2024 10:00:00 GMT")
    assert Validators.read(got.text) == got
    ((_, headers),) = web.asked
    assert headers["authorization"] == "Bearer t"
    assert headers["accept-encoding"] == "identity"
    assert not {"if-none-match", "if-modified-since"} & set(headers)


def test_what_is_known_is_asked_for_on_a_condition(web: Web, fetching: Fetching) -> None:
    web.answers["/x"] = unless_known(CSV, '"7"')
    assert fetching.get(known=Validators('"7"', "then")) is None
    assert not fetching.target.exists()
    assert web.asked[0][1]["if-modified-since"] == "then"
    assert fetching.get(known=Validators('"6"')) == Validators('"7"')
    assert fetching.target.read_bytes() == CSV


@pytest.mark.parametrize("status", [304, 401, 403, 404, 410, 204, 300])
def test_another_answer_is_a_failure(status: int, web: Web, fetching: Fetching) -> None:
    web.answers["/x"] = lambda handler: handler.give(status, {}, b"")
    assert fetching.fails(attempts=3).startswith(f"URL answered {status}")
    assert len(web.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int, web: Web, fetching: Fetching) -> None:
    def answer(handler: Handler) -> None:
        if len(web.asked) < 2:
            handler.give(status, {"Retry-After": "0"}, b"busy")
        else:
            handler.give(200, {}, CSV)

    web.answers["/x"] = answer
    assert fetching.fails().startswith(f"URL answered {status}")
    web.asked.clear()
    assert fetching.get(attempts=2) == Validators()
    assert fetching.target.read_bytes() == CSV


def test_a_redirection_is_followed_and_loses_the_header_at_another_host(
    web: Web, fetching: Fetching
) -> None:
    with serving() as other:
        web.answers["/x"] = lambda handler: handler.give(302, {"Location": "/y"})
        web.answers["/y"] = lambda handler: handler.give(307, {"Location": other.url("/z")})
        other.answers["/z"] = text(CSV)
        both = dict.fromkeys((web.host, other.host), ("http", "private"))
        fetching.get(headers={"Authorization": "Bearer t"}, hosts=both)
        assert fetching.target.read_bytes() == CSV
        assert [headers.get("authorization") for _, headers in web.asked] == ["Bearer t"] * 2
        assert "authorization" not in other.asked[0][1]


def test_a_redirection_to_a_host_that_may_not_be_asked_is_refused(
    web: Web, fetching: Fetching
) -> None:
    with serving() as other:
        web.answers["/x"] = lambda handler: handler.give(302, {"Location": other.url("/z?k=1")})
        with pytest.raises(UsageError, match=rf"^{other.host} may not be asked: "):
            fetching.get()
        assert other.asked == []


def test_redirections_end(web: Web, fetching: Fetching) -> None:
    web.answers["/x"] = lambda handler: handler.give(302, {"Location": "/x"})
    assert fetching.fails() == "URL redirected more than 5 times"
    assert len(web.asked) == 6


@pytest.mark.parametrize("said", ["true", "less", "nothing"])
def test_a_content_that_is_too_large_is_not_fetched(
    said: str, web: Web, fetching: Fetching
) -> None:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        if said == "true":
            handler.send_header("Content-Length", "200000")
        handler.end_headers()
        handler.wfile.write(b"x" * 200_000)

    web.answers["/x"] = answer
    what = "has 200,000 bytes" if said == "true" else "goes on after that"
    if said == "less":
        # Packed it is small, and it is what it unpacks to that counts.
        packed = gzip.compress(b"x" * 200_000)
        web.answers["/x"] = text(packed, Content_Encoding="gzip")
    assert fetching.fails(file_bytes=100_000) == (
        f"URL {what}; at most 100,000 bytes are fetched (pull.file_bytes)"
    )


def test_a_packed_content_is_unpacked(web: Web, fetching: Fetching) -> None:
    body = b"".join(b"A%d,2012-05-17\n" % number for number in range(50_000))
    web.answers["/x"] = text(gzip.compress(body), Content_Encoding="gzip")
    fetching.get()
    assert fetching.target.read_bytes() == body


def test_a_content_that_breaks_off_is_a_failure(web: Web, fetching: Fetching) -> None:
    web.answers["/x"] = text(CSV, Content_Length="100")
    assert fetching.fails() == "URL can't be fetched: the connection broke off"


def test_a_chunked_content_that_breaks_off_is_a_failure(web: Web, fetching: Fetching) -> None:
    def answer(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"16\r\n" + CSV + b"\r\n")
        handler.close_connection = True

    web.answers["/x"] = answer
    assert fetching.fails() == "URL can't be fetched: the connection broke off"


@pytest.mark.parametrize("drips", ["headers", "content"])
def test_a_server_that_drips_is_given_up(drips: str, web: Web, fetching: Fetching) -> None:
    done = threading.Event()

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        if drips == "content":
            handler.send_header("Content-Length", "100000")
            handler.end_headers()
        else:
            handler.flush_headers()
            handler.wfile.write(b"X-Long: ")
        while not done.wait(0.05):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    web.answers["/x"] = answer
    began = time.monotonic()
    reason = fetching.fails(total_seconds=0.6, attempts=3)
    done.set()
    assert reason == "URL was not whole after 0.6 seconds (pull.total_seconds)"
    assert time.monotonic() - began < 4


def test_a_server_that_says_nothing_is_given_up(web: Web, fetching: Fetching) -> None:
    done = threading.Event()
    web.answers["/x"] = lambda handler: done.wait(10) and None
    assert fetching.fails(read_seconds=0.2) == (
        "URL can't be fetched: no answer came in time (pull.read_seconds)"
    )
    done.set()


def test_an_encrypted_answer_needs_a_certificate_that_is_trusted(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(web, tmp_path)
    web.answers["/x"] = text(CSV)
    host = f"localhost:{web.server_port}"

    def fetch(host: str) -> None:
        limits = settings(hosts={host: ("private",)})
        Fetch(f"https://{host}/x", limits).into(tmp_path / "x", {}, Validators())

    untrusted = r"can't be fetched: its certificate is not in order, or not of an authority"
    with pytest.raises(FetchFailed, match=untrusted):
        fetch(host)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    fetch(host)
    assert (tmp_path / "x").read_bytes() == CSV
    # The certificate is for another name.
    with pytest.raises(FetchFailed, match=untrusted):
        fetch(web.host)


def test_a_server_that_is_not_there_is_a_failure(web: Web, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{unused.getsockname()[1]}"
        fetch = Fetch(f"http://{host}/x", settings(hosts={host: ("http", "private")}))
        with pytest.raises(FetchFailed, match=r"can't be fetched: no connection could be made$"):
            fetch.into(tmp_path / "x", {}, Validators())


def test_a_host_in_a_private_network_has_to_be_allowed(web: Web, fetching: Fetching) -> None:
    reason = fetching.fails(hosts={web.host: ("http",)})
    assert reason == (
        "127.0.0.1 is at 127.0.0.1, an address of a private network; if that is meant, say "
        "'private' of it among the hosts of 'pull' in the settings (conf/platform.yaml)"
    )
    assert web.asked == []


def test_a_name_that_resolves_to_a_private_address_is_refused(web: Web, tmp_path: Path) -> None:
    host = f"localhost:{web.server_port}"
    fetch = Fetch(f"http://{host}/x", settings(hosts={host: ("http",)}))
    with pytest.raises(FetchFailed, match=r"^localhost is at 127\.0\.0\.1, an address of a"):
        fetch.into(tmp_path / "x", {}, Validators())
    assert web.asked == []


def test_a_proxy_of_the_environment_is_not_used(
    web: Web, fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    web.answers["/x"] = text(CSV)
    assert fetching.get() == Validators()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a01:203", False),
        ("64:ff9b::808:808", True),
        ("2002:a01:203::1", False),
        ("ff02::1", False),
    ],
)
def test_addresses_of_our_own_are_known(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (
            "https://b.example/x?key=1",
            "b.example may not be asked: it is not among the hosts of 'pull' in the settings "
            "(conf/platform.yaml); if it should be, add 'b.example: []' there",
        ),
        ("https://a.example:8443/x", "a.example:8443 may not be asked: "),
        ("https://a.example.evil.example/x", "a.example.evil.example may not be asked: "),
        (
            "http://a.example/x?key=1",
            "http://a.example/x is not encrypted: use https, or allow it by 'a.example: [http]' "
            "among the hosts of 'pull' in the settings (conf/platform.yaml)",
        ),
        (
            "https://me:secret@a.example/x",
            "https://a.example/x is not an address that can be asked: expected https://host/…",
        ),
        ("file:///etc/passwd", "file:///etc/passwd is not an address that can be asked: "),
    ],
)
def test_what_may_not_be_asked_is_told(url: str, reason: str) -> None:
    with pytest.raises(UsageError) as caught:
        allowed(url, settings(hosts={"a.example": ()}))
    assert str(caught.value).startswith(reason)
    assert "secret" not in str(caught.value)
    assert "key=1" not in str(caught.value)


def test_an_allowed_address_is_taken_apart() -> None:
    hosts = {"a.example": (), "b.example:8080": ("http", "private"), "[2001:db8::1]": ()}
    limits = settings(hosts=hosts)
    found = [
        allowed(url, limits)
        for url in (
            "HTTPS://A.Example./x y?q=é",
            "http://b.example:8080",
            "https://[2001:db8::1]/",
            # Whatever others make of it, this is the host that is connected to.
            "https://a.example\\@b.example/x",
        )
    ]
    assert [(item.origin, item.target, item.may_be_private) for item in found] == [
        (("https", "a.example", 443), "/x%20y?q=%C3%A9", False),
        (("http", "b.example", 8080), "/", True),
        (("https", "2001:db8::1", 443), "/", False),
        (("https", "a.example", 443), "/%5C@b.example/x", False),
    ]


def test_what_is_shown_of_an_address_holds_no_secret() -> None:
    assert shown("https://u:p@h.example/a?token=1#f") == "https://h.example/a"
