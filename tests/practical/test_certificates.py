"""One's own certificate is imported in the console: what is wrong is told, what is good is shown without a restart."""

import datetime
import hashlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Page, expect

from tests.practical.browser import HOST, Seats
from tests.practical.doors import soon
from tests.practical.server import RunningServer

PASSPHRASE = "une phrase secrète"
DAY = datetime.timedelta(days=1)
SERVICES = ("imaps", "smtps", "pop3s", "https")


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(key: ec.EllipticCurvePrivateKey, days: int = 90) -> x509.Certificate:
    """Signed by itself, for the practical's host, valid until `days` from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - 100 * DAY)
        .not_valid_after(now + days * DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey, passphrase: str = "") -> bytes:
    sealed = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)


def _chain(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _shown(server: RunningServer, service: str) -> str:
    """The SHA-256 of the certificate that a client is shown now."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", server.port(service)), 10) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        return hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()


def _all_show(server: RunningServer, fingerprint: str) -> bool:
    return all(_shown(server, service) == fingerprint for service in SERVICES)


def _import(page: Page, folder: Path, chain: bytes | None, key: bytes | None, passphrase: str = "") -> None:
    page.locator("nav.side").get_by_role("link", name="Certificates").click()
    page.get_by_role("link", name="Import", exact=True).click()
    for label, octets, name in (("Certificate", chain, "chain.pem"), ("Private key", key, "key.pem")):
        if octets is not None:
            (folder / name).write_bytes(octets)
            page.get_by_label(label, exact=True).set_input_files(folder / name)
    page.get_by_label("Pass phrase of the key").fill(passphrase)
    page.get_by_role("button", name="Import").click()


@pytest.fixture
def issued(steered: RunningServer) -> Iterator[str]:
    """The fingerprint of the certificate made here; in use again afterwards."""
    yield _shown(steered, "imaps")
    before = _shown(steered, "imaps")
    steered.manage("shell", "-c", "from security.certificates import issue_certificate; issue_certificate()")
    soon(lambda: all(_shown(steered, service) != before for service in SERVICES), "the new certificate is not shown")


@pytest.fixture
def process_ids(steered: RunningServer) -> Iterator[None]:
    """No process is restarted for a certificate."""
    before = set(steered.tree())
    yield
    assert before <= set(steered.tree())


def test_what_does_not_fit_is_refused_clearly_and_changes_nothing(
    steering: Seats, issued: str, process_ids: None, tmp_path: Path
) -> None:
    mine, other = _key(), _key()
    good, expired = _chain(_certificate(mine)), _chain(_certificate(mine, days=-1))
    cases = [
        (good, _pem(other), "", "The private key does not belong to the certificate"),
        (expired, _pem(mine), "", "The certificate expired on"),
        (good, _pem(mine, PASSPHRASE), "wrong", "The pass phrase does not open the private key"),
        (good, _pem(mine, PASSPHRASE), "", "give its pass phrase"),
        (good, None, "", "Choose the file of the private key"),
        (None, _pem(mine), "", "Choose the file of the certificate"),
        (_pem(mine), _pem(mine), "", "holds a private key and no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", _pem(mine), "", "damaged"),
        (b"\0\1\2", b"\3\4", "", "not in PEM form"),
    ]
    page = steering.console()
    for chain, key, passphrase, told in cases:
        _import(page, tmp_path, chain, key, passphrase)
        expect(page.get_by_role("alert")).to_contain_text("Not saved.")
        expect(page.locator("p.error").first).to_contain_text(told)
        assert _shown(steering.server, "imaps") == issued, told
    page.locator("nav.side").get_by_role("link", name="Certificates").click()
    expect(page.locator("section.cert")).to_have_count(2)  # the one in use, and the local authority


def test_a_good_one_is_shown_at_the_next_connection(
    steering: Seats, issued: str, process_ids: None, tmp_path: Path
) -> None:
    server, key = steering.server, _key()
    certificate = _certificate(key)
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    page = steering.console()
    _import(page, tmp_path, _chain(certificate), _pem(key, PASSPHRASE), PASSPHRASE)
    expect(page.get_by_text("is imported")).to_be_visible()
    assert _all_show(server, issued)  # kept beside the one in use
    mine = page.locator("section.cert", has_text="Imported")
    mine.get_by_role("button", name="Put in use").click()
    expect(page.locator("section.cert").first).to_contain_text("In use")
    soon(lambda: _all_show(server, fingerprint), "the new certificate is not shown")

    context = ssl.create_default_context(cadata=_chain(certificate).decode())
    with (
        socket.create_connection(("127.0.0.1", server.port("imaps")), 10) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        assert secured.recv(100).startswith(b"* OK")


def test_a_reissued_one_is_verified_by_the_authority(steering: Seats, issued: str) -> None:
    server = steering.server
    context = server.tls_context()
    page = steering.console()
    page.locator("nav.side").get_by_role("link", name="Certificates").click()
    page.get_by_role("button", name="New certificate").click()
    expect(page.get_by_text("is in use").first).to_be_visible()
    soon(lambda: _shown(server, "https") != issued, "the old certificate is still shown")
    with (
        socket.create_connection(("127.0.0.1", server.port("https")), 10) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")
