"""Remote pictures: the server never talks to its own network for a letter."""

import http.client
import http.server
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult

import pytest

from webmail import images
from webmail.images import ImageRefused, fetch, is_public

PUBLIC = "93.184.216.34"
PNG = b"\x89PNG\r\n\x1a\n"


class Pages(http.server.BaseHTTPRequestHandler):
    """A web server with good and bad answers."""

    def do_GET(self) -> None:
        status, kind, body, location = {
            "/ok.png": (200, "image/png", PNG, ""),
            "/page": (200, "text/html", b"<script>", ""),
            "/x.svg": (200, "image/svg+xml", b"<svg/>", ""),
            "/big": (200, "image/png", b"x" * (images.MAX_OCTETS + 1), ""),
            "/away": (302, "text/html", b"", "/ok.png"),
            "/inside": (302, "text/html", b"", "http://127.0.0.1/secret.png"),
            "/file": (302, "text/html", b"", "file:///etc/passwd"),
            "/loop": (302, "text/html", b"", "/loop"),
        }.get(self.path, (404, "text/plain", b"", ""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def opener() -> Iterator[object]:
    """Connects to a real server on loopback, whatever public address was resolved."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def connect(address: str, target: SplitResult, port: int, seconds: float) -> http.client.HTTPConnection:
        assert address == PUBLIC
        return http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=seconds)

    yield connect
    server.shutdown()
    server.server_close()
    thread.join()


def resolver(host: str, port: int) -> list[str]:
    return {"a.example": [PUBLIC], "mixed.example": [PUBLIC, "10.0.0.1"]}.get(host, [host])


def test_a_small_raster_picture_is_fetched_also_behind_a_redirect(opener: images.Opener) -> None:
    for path in ("/ok.png", "/away"):
        assert fetch(f"http://a.example{path}", resolver=resolver, opener=opener) == images.Picture("image/png", PNG)


@pytest.mark.parametrize("path", ["/page", "/x.svg", "/big", "/inside", "/file", "/loop", "/missing"])
def test_everything_else_is_refused(opener: images.Opener, path: str) -> None:
    with pytest.raises(ImageRefused):
        fetch(f"http://a.example{path}", resolver=resolver, opener=opener)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "http://[::1]/x", "http://10.0.0.1/x", "http://169.254.169.254/latest/meta-data/",
     "http://192.168.1.1/x", "http://[::ffff:127.0.0.1]/x", "http://0.0.0.0/x", "http://mixed.example/x",
     "http://a.example:25/x", "https://a.example:80/x", "ftp://a.example/x", "file:///etc/passwd", "http:///x",
     "http://user:pw@a.example/x", "http://[bad/x", "gopher://a.example/", ""],
)  # fmt: skip
def test_our_own_network_is_never_asked(url: str) -> None:
    def never(*_: object) -> http.client.HTTPConnection:
        raise AssertionError("a connection was opened")

    with pytest.raises(ImageRefused):
        fetch(url, resolver=resolver, opener=never)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "2002:7f00:1::", "2001:0:1::", "nonsense"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_public_addresses() -> None:
    assert is_public(PUBLIC)
    assert is_public("2606:4700::1111")


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(ImageRefused):
        images.resolve("no-such-host.invalid", 80)
