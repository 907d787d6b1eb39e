"""HTTP connections to one host, each of which has to be admitted before it is used."""

from __future__ import annotations

import socket
from collections.abc import Callable

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from lgdp.pipeline.allowed_host import AllowedUrl

Connection = HTTPConnection
Admit = Callable[[Connection, socket.socket, AllowedUrl], None]


def pool_of(where: AllowedUrl, admit: Admit) -> HTTPConnectionPool:
    """A pool for the host of an address; `admit` raises for a connection that may not be used.

    Neither proxies nor passwords are taken from the environment.
    """

    def admitted(connection: Connection, sock: socket.socket) -> socket.socket:
        try:
            admit(connection, sock, where)
        except BaseException:
            sock.close()
            raise
        return sock

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return admitted(self, super()._new_conn())

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return admitted(self, super()._new_conn())

    if where.scheme == "https":
        secure = HTTPSConnectionPool(where.host, where.port, maxsize=1)
        secure.ConnectionCls = Encrypted
        return secure
    plain = HTTPConnectionPool(where.host, where.port, maxsize=1)
    plain.ConnectionCls = Plain
    return plain
