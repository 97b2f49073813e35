"""Step 7: SMTPS 465, IMAPS 993, POP3S 995, and STARTTLS everywhere, with the downloaded CA trusted."""

import imaplib
import poplib
import smtplib
import socket
import ssl

import pytest

from tests.practical.server import RunningServer


@pytest.mark.parametrize("service", ["smtps", "imaps", "pop3s", "https"])
def test_implicit_tls_is_verified_by_the_downloaded_ca(server: RunningServer, service: str) -> None:
    context = server.tls_context()
    with (
        socket.create_connection(("127.0.0.1", server.port(service)), 10) as plain,
        context.wrap_socket(plain, server_hostname="mailhost.mondomaine.fr") as secured,
    ):
        assert secured.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_starttls_on_each_protocol(server: RunningServer, version: ssl.TLSVersion) -> None:
    context = server.tls_context()
    context.minimum_version = context.maximum_version = version
    with smtplib.SMTP("localhost", server.port("submission")) as smtp:
        smtp.starttls(context=context)
        smtp.login("alice@mondomaine.fr", "user1")
    imap = imaplib.IMAP4("localhost", server.port("imap"))
    imap.starttls(context)
    imap.login("alice@mondomaine.fr", "user1")
    imap.logout()
    pop = poplib.POP3("localhost", server.port("pop3"))
    pop.stls(context)
    pop.user("alice@mondomaine.fr")
    pop.pass_("user1")
    pop.quit()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")  # that it is old is the point
def test_old_tls_is_refused(server: RunningServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", server.port("imaps")), 10) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)


def test_what_was_pipelined_before_the_handshake_is_dropped(server: RunningServer) -> None:
    """RFC 3207 section 6: the server MUST discard what it got before the TLS negotiation."""
    context = server.tls_context()
    with socket.create_connection(("127.0.0.1", server.port("submission")), 10) as plain:
        stream = plain.makefile("rb")
        stream.readline()
        plain.sendall(b"EHLO client\r\n")
        while not stream.readline().startswith(b"250 "):
            pass
        plain.sendall(b"STARTTLS\r\nMAIL FROM:<injected@exemple.org>\r\n")
        assert stream.readline().startswith(b"220 ")
        with context.wrap_socket(plain, server_hostname="mailhost.mondomaine.fr") as secured:
            secured.sendall(b"NOOP\r\n")
            assert secured.recv(1000).startswith(b"250 ")
            secured.settimeout(0.3)
            with pytest.raises(TimeoutError):
                secured.recv(1000)
