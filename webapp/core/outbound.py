"""Requests that leave the house at an address that a person typed: to public hosts alone, whatever a name or a redirect says.

The name is resolved once, every address it has is looked at, and the connection goes to one of those: a name that answers differently the
second time gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

TIMEOUT_S = 10.0
MOST_READ = 2000


class OutboundRefused(Exception):
    """The address is not one that this server may speak to; the message says why."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str


def outbound_check(url: str) -> SplitResult:
    """The parts of an address that is in order, before anything is resolved. Raises: OutboundRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise OutboundRefused(f"This is no address: {error}.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise OutboundRefused("Give an address that begins with https:// or http:// and names a host.")
    if parts.username or parts.password:
        raise OutboundRefused("An address with a login in it would be stored and logged; leave it out.")
    if not url.isascii() or any(character <= " " for character in url):
        raise OutboundRefused("An address has no spaces, control characters or letters beyond ASCII.")
    return parts


def addresses_of(host: str, port: int) -> list[str]:
    """Where the host is, each address public. Raises: OutboundRefused."""
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise OutboundRefused(f"No host is named {host}.") from None
    if host not in settings.OUTBOUND_PRIVATE_HOSTS:
        for address in found:
            if not _public(address):
                raise OutboundRefused(f"{host} is at {address}, which is not a public address.")
    return found


def outbound_post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send the body; the answer's status and the beginning of its text.

    Raises:
        OutboundRefused: the address leads inside. OSError: nobody answered in time, or the line broke.
    """
    parts = outbound_check(url)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    line = _connected(parts.scheme, host, port, addresses_of(host, port)[0])
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body=body, headers={"Host": parts.netloc, **headers})
        answer = line.getresponse()
        return Answer(answer.status, answer.read(MOST_READ).decode("utf-8", "replace"))
    except http.client.HTTPException as error:
        raise ConnectionError(f"{host} gave no answer that is HTTP: {type(error).__name__}") from error
    finally:
        line.close()


def _connected(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A line to this address and no other; the certificate must be the host's."""
    line = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    sock = socket.create_connection((address, port), timeout=TIMEOUT_S)
    line.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host) if scheme == "https" else sock
    return line


def _public(address: str) -> bool:
    """Neither private, loopback, link-local, shared nor reserved; nor an IPv4 one of these inside an IPv6 one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _nat64(ip)
        if inner is not None:
            return _public(str(inner))
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    inside = ip in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if inside else None
