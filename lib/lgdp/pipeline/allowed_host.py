"""Which hosts may be asked, and whether an address that they resolve to may be."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from lgdp.config import PullSettings
from lgdp.errors import UsageError

PORTS = {"https": 443, "http": 80}
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class AllowedUrl:
    """An address that may be asked; `may_be_private` if its host may be one of our own network."""

    scheme: str
    host: str
    port: int
    target: str
    may_be_private: bool

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a credential is meant for."""
        return (self.scheme, self.host, self.port)


def allowed(url: str, settings: PullSettings) -> AllowedUrl:
    """The address, taken apart; UsageError if it is not allowed, with what to do."""
    try:
        parsed = parse_url(url)
    except LocationParseError as error:
        raise UsageError(f"{shown(url)} is not an address") from error
    scheme, host = parsed.scheme or "", (parsed.host or "").rstrip(".")
    if scheme not in PORTS or not host or parsed.auth:
        raise UsageError(
            f"{shown(url)} is not an address that can be asked: expected https://host/…"
        )
    port = parsed.port or PORTS[scheme]
    name = host if port == PORTS[scheme] else f"{host}:{port}"
    leave = settings.hosts.get(name)
    if leave is None:
        raise UsageError(
            f"{name} may not be asked: it is not among the hosts of 'pull' in the settings "
            f"(conf/platform.yaml); if it should be, add '{name}: []' there"
        )
    if scheme == "http" and "http" not in leave:
        raise UsageError(
            f"{shown(url)} is not encrypted: use https, or allow it by '{name}: [http]' among the "
            "hosts of 'pull' in the settings (conf/platform.yaml)"
        )
    return AllowedUrl(scheme, host.strip("[]"), port, _target(parsed), "private" in leave)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, and not of a machine or network of our own.

    >>> is_public("8.8.8.8"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    ip: _Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return inside.is_global and not inside.is_multicast
    return ip.is_global and not ip.is_multicast


def shown(url: str) -> str:
    """An address without what may be secret in it: a user, a password, a query.

    >>> shown("https://me:secret@example.org/x?key=1")
    'https://example.org/x'
    """
    plain = url.partition("#")[0].partition("?")[0]
    scheme, separator, rest = plain.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def _target(parsed: Url) -> str:
    return parsed.request_uri
