"""Remote pictures of letters, fetched by the server when the reader asks for them.

The reader's address and browser stay unknown to the sender. A letter must not make the
server talk to its own network: every name is resolved here, every address of the answer
must be a public one, and the connection goes to that very address (no second look-up
that could answer differently). Redirects are followed under the same rules.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MAX_OCTETS = 5 * 1024 * 1024  # of one picture
MAX_SECONDS = 10  # for one picture, redirects included
MAX_REDIRECTS = 3
CHUNK = 64 * 1024
TYPES = frozenset(f"image/{name}" for name in "png jpeg gif webp avif bmp x-icon vnd.microsoft.icon".split())  # noqa: SIM905
PORTS = {"http": 80, "https": 443}
# Global by the registry, but they carry another address inside: NAT64, 6to4, Teredo.
TRANSLATED = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))

Resolver = Callable[[str, int], list[str]]


class ImageRefused(Exception):
    """The picture is not fetched or not shown; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Picture:
    """content_type is one of TYPES."""

    content_type: str
    data: bytes


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ImageRefused(f"{host} has no address") from error
    return [str(answer[4][0]) for answer in answers]


def is_public(address: str) -> bool:
    """Whether a packet to this address leaves for the public internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def open_connection(address: str, target: SplitResult, port: int, seconds: float) -> http.client.HTTPConnection:
    """A connection to exactly this address, with TLS for the name in the URL where it is https."""
    raw = socket.create_connection((address, port), timeout=seconds)
    if target.scheme == "https":
        try:
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=target.hostname)
        except BaseException:
            raw.close()
            raise
    connection = http.client.HTTPConnection(target.hostname or "", port, timeout=seconds)
    connection.sock = raw
    return connection


Opener = Callable[[str, SplitResult, int, float], http.client.HTTPConnection]


def fetch(url: str, *, resolver: Resolver = resolve, opener: Opener = open_connection) -> Picture:
    """The picture at an http(s) URL. Raises ImageRefused for anything else than a small public raster image."""
    deadline = time.monotonic() + MAX_SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        target, port, address = _checked(url, resolver)
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            connection = opener(address, target, port, left)
            try:
                found = _get(connection, target, deadline)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise ImageRefused(f"{target.hostname} did not answer: {type(error).__name__}") from error
        if isinstance(found, Picture):
            return found
        try:
            url = urljoin(url, found)
        except ValueError as error:
            raise ImageRefused("leads to what is no URL") from error
    raise ImageRefused("too slow, or too many redirects")


def _checked(url: str, resolver: Resolver) -> tuple[SplitResult, int, str]:
    """The parsed URL, its port and the one address to connect to."""
    try:
        target = urlsplit(url)
        port = target.port or PORTS.get(target.scheme, 0)
    except ValueError as error:
        raise ImageRefused("not a URL") from error
    if target.scheme not in PORTS or not target.hostname or target.username is not None:
        raise ImageRefused("only http and https")
    if port != PORTS[target.scheme]:
        raise ImageRefused("only the usual ports")
    addresses = resolver(target.hostname, port)
    if not addresses or not all(is_public(address) for address in addresses):
        raise ImageRefused(f"{target.hostname} is not a public address")
    return target, port, addresses[0]


def _get(connection: http.client.HTTPConnection, target: SplitResult, deadline: float) -> "Picture | str":
    """The picture, or where a redirect leads."""
    path = quote(target.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(target.query, safe='/%:@!$&()*+,;=~-._?')}" if target.query else ""
    connection.request("GET", path + query, headers={"Accept": "image/*", "User-Agent": "Facteur"})
    response = connection.getresponse()
    if response.status in (301, 302, 303, 307, 308):
        return response.getheader("Location") or ""
    content_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    content_type = "image/jpeg" if content_type == "image/jpg" else content_type
    if response.status != 200 or content_type not in TYPES:
        raise ImageRefused(f"status {response.status}, type {content_type or 'unknown'}")
    data = bytearray()
    while chunk := response.read1(CHUNK):
        data += chunk
        if len(data) > MAX_OCTETS:
            raise ImageRefused("too large")
        if time.monotonic() > deadline:
            raise ImageRefused("too slow")
    return Picture(content_type, bytes(data))
