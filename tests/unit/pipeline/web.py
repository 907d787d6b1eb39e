"""A web server on loopback that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Gives each request to the answer for its path."""

    server: Web

    def do_GET(self) -> None:
        """Answer, or 404."""
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send_error(404)
        else:
            answer(self)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def give(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        """Send a whole answer; its length is said unless the headers do."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Web(ThreadingHTTPServer):
    """`answers` by path, `asked` with the headers (small letters) in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def host(self) -> str:
        """The host as an allow-list names it."""
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""


@contextmanager
def serving() -> Iterator[Web]:
    """A server for as long as the block lasts."""
    web = Web()
    thread = threading.Thread(target=web.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield web
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def certified(web: Web, folder: Path) -> Path:
    """Encrypt what a server says, under a certificate for `localhost`; where that is."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, secret = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, secret)
    web.socket = context.wrap_socket(web.socket, server_side=True)
    return path


def text(body: bytes, **headers: str) -> Answer:
    """A content, with headers whose `_` is a `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.give(200, named, body)


def unless_known(body: bytes, etag: str) -> Answer:
    """A content with an entity tag, or 304 for who knows it."""

    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            handler.give(304, {"ETag": etag})
        else:
            handler.give(200, {"ETag": etag}, body)

    return answer
