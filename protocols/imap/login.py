"""Getting in: a SASL exchange (RFC 3501 section 6.2.2) and what follows a proof, for LOGIN and AUTHENTICATE alike."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from directory import site
from protocols import sasl
from protocols.imap.answer import Answer, bad, no
from protocols.imap.capabilities import after_login
from protocols.runtime.delay import later
from protocols.runtime.session import Reply, WireFacts
from security import policy
from security.authentication import authenticate, scram_keys
from security.errors import AuthenticationFailed, EncryptionRequired, LoginRefused, MechanismRefused, Throttled

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

FAILED = "Authentication failed"


class Exchange:
    """An AUTHENTICATE that goes on over several lines."""

    def __init__(self, tag: bytes, mechanism: sasl.Mechanism) -> None:
        self.tag = tag
        self._mechanism = mechanism
        self._accepted: Answer | None = None  # everything is settled; the client's empty last line is awaited

    def begin(self, session: ImapSession, initial: bytes | None) -> Answer | Reply:
        """With the initial response of RFC 4959, still base64, or without."""
        try:
            response = None if initial is None else sasl.decode_base64_line(initial)
        except sasl.BadBase64:
            return bad("The response is not base64")
        return self._go_on(session, self._mechanism.start(response))

    def respond(self, session: ImapSession, line: bytes) -> Answer | Reply:
        """One line from the client; "*" cancels (RFC 3501 section 6.2.2)."""
        session.exchange = None
        if line == b"*":
            return bad("Authentication cancelled")
        if self._accepted is not None:
            return self._accepted
        try:
            response = sasl.decode_base64_line(line)
        except sasl.BadBase64:
            return bad("The response is not base64")
        return self._go_on(session, self._mechanism.step(response))

    def _go_on(self, session: ImapSession, step: sasl.Step) -> Answer | Reply:
        if isinstance(step, sasl.NeedScramKeys):
            step = self._mechanism.provide(scram_keys(step.authcid))
        if isinstance(step, sasl.Challenge):
            return self._ask(session, step.data)
        if not isinstance(step, sasl.Done):
            note_attempt(session, self._mechanism.name)
            return no(FAILED, b"AUTHENTICATIONFAILED")
        result = enter(session, step.proof, self.tag)
        if step.final and isinstance(result, Answer) and result.status == "OK":
            # RFC 3501 knows no data with OK: the server's last word is a challenge, answered by an empty line.
            self._accepted = result
            return self._ask(session, step.final)
        return result

    def _ask(self, session: ImapSession, data: bytes) -> Reply:
        session.exchange = self
        return Reply(b"+ " + base64.b64encode(data) + b"\r\n")


def start(session: ImapSession, tag: bytes, name: str, initial: bytes | None) -> Answer | Reply:
    """AUTHENTICATE by a mechanism that the policy allows here and now."""
    rules = policy.current()
    allowed = rules.mechanisms_for(session.door)
    if name not in allowed:
        if name in sasl.MECHANISMS and not session.door.encrypted and rules.needs_encryption(name, session.door):
            return no("This mechanism needs TLS", b"PRIVACYREQUIRED")
        return no("Mechanism not available", b"CANNOT")
    context = sasl.SaslContext(
        hostname=site.hostname(),
        channel_bindings=_channel_bindings(session),
        plus_announced="SCRAM-SHA-256-PLUS" in allowed,
    )
    return Exchange(tag, sasl.server(name, context)).begin(session, initial)


def enter(session: ImapSession, proof: sasl.proofs.Proof, tag: bytes) -> Answer | Reply:
    """Verify a proof; on success the session is in the authenticated state."""
    mechanism = proof.mechanism or "LOGIN"
    note_attempt(session, mechanism)
    try:
        account = authenticate(proof, session.door)
    except LoginRefused as error:
        return _refused(session, tag, error)
    session.log_in(account)
    note_attempt(session, mechanism)
    return Answer("Logged in", code=b"CAPABILITY " + after_login())


def note_attempt(session: ImapSession, mechanism: str) -> None:
    """For the wire record: failed attempts count too."""
    account = session.account.address if session.account else ""
    in_clear = session.facts.authenticated_in_clear or session.peer.tls is None
    session.facts = WireFacts(account=account, mechanism=mechanism, authenticated_in_clear=in_clear)


def _refused(session: ImapSession, tag: bytes, error: LoginRefused) -> Answer | Reply:
    if isinstance(error, EncryptionRequired):
        return no("Use TLS first", b"PRIVACYREQUIRED")
    if isinstance(error, MechanismRefused):
        return no("This way to log in is switched off", b"CONTACTADMIN")
    if isinstance(error, Throttled):
        return no("Too many failures; try again later", b"UNAVAILABLE")
    answer = no(FAILED, b"AUTHENTICATIONFAILED")
    delay = error.delay if isinstance(error, AuthenticationFailed) else 0.0
    if not delay:
        return answer
    return Reply(future=later(delay), then=lambda _: session.finish(tag, answer))


def _channel_bindings(session: ImapSession) -> dict[str, bytes]:
    tls = session.peer.tls
    if tls is None:
        return {}
    named = {"tls-server-end-point": tls.server_end_point, "tls-unique": tls.unique, "tls-exporter": tls.exporter}
    return {name: data for name, data in named.items() if data is not None}
