"""What each door says before login, and whether it lets somebody in: the questions of the policy's tests."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import ssl
import time
from collections.abc import Callable

from tests.practical.server import RunningServer

WHO, PASSWORD = "alice@mondomaine.fr", "user1"
AT_ONCE_SECONDS = 5  # until every process obeys; generous, since the machine may be busy


def soon(question: Callable[[], bool], what: str) -> None:
    """Ask until the answer is yes."""
    deadline = time.monotonic() + AT_ONCE_SECONDS
    while not question():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def imap(server: RunningServer, context: ssl.SSLContext | None = None) -> imaplib.IMAP4:
    """A connection to 143, inside TLS when there is a context."""
    client = imaplib.IMAP4("localhost", server.port("imap"), 20)
    if context:
        client.starttls(context)
    return client


def imap_announces(server: RunningServer, context: ssl.SSLContext | None = None) -> set[str]:
    client = imap(server, context)
    words = set(client.capabilities)
    client.logout()
    return words


def imap_login(server: RunningServer, context: ssl.SSLContext | None = None) -> str:
    """ "OK", or what the server says instead."""
    client = imap(server, context)
    try:
        answer = client._simple_command("LOGIN", WHO, client._quote(PASSWORD))
        return answer[0] if answer[0] == "OK" else answer[1][-1].decode()
    finally:
        client.shutdown()


def imap_cram_md5(server: RunningServer) -> bool:
    client = imap(server)
    try:
        return client.login_cram_md5(WHO, PASSWORD)[0] == "OK"
    except imaplib.IMAP4.error:
        return False
    finally:
        client.shutdown()


def smtp_announces(server: RunningServer, context: ssl.SSLContext | None = None) -> set[str]:
    """The AUTH mechanisms of 587."""
    with smtplib.SMTP("localhost", server.port("submission"), timeout=20) as client:
        if context:
            client.starttls(context=context)
        client.ehlo()
        return set(client.esmtp_features.get("auth", "").split())


def smtp_auth(server: RunningServer, method: str, context: ssl.SSLContext | None = None) -> tuple[int, bytes]:
    """The reply to AUTH by this method."""
    with smtplib.SMTP("localhost", server.port("submission"), timeout=20) as client:
        if context:
            client.starttls(context=context)
        client.ehlo()
        client.user, client.password = WHO, PASSWORD
        authobject = {"PLAIN": client.auth_plain, "CRAM-MD5": client.auth_cram_md5}[method]
        try:
            return client.auth(method, authobject)
        except smtplib.SMTPAuthenticationError as error:
            return error.smtp_code, error.smtp_error


def pop3(server: RunningServer, context: ssl.SSLContext | None = None) -> poplib.POP3:
    client = poplib.POP3("localhost", server.port("pop3"), 20)
    if context:
        client.stls(context)
    return client


def pop3_announces(server: RunningServer, context: ssl.SSLContext | None = None) -> set[str]:
    """USER, and the SASL mechanisms."""
    client = pop3(server, context)
    lines = client.capa()
    client.quit()
    return set(lines.get("SASL", [])) | ({"USER"} & set(lines))


def pop3_login(server: RunningServer, context: ssl.SSLContext | None = None) -> bool:
    client = pop3(server, context)
    try:
        client.user(WHO)
        client.pass_(PASSWORD)
    except poplib.error_proto:
        return False
    else:
        return True
    finally:
        client.quit()
