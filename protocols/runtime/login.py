"""A SASL exchange of a session, from the mechanism's name to the account (RFC 4422 section 3).

The same for every line protocol whose profile wraps messages in base64; what the words of success and failure are
stays with the protocol.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from directory.accounts import AccountInfo
from protocols import sasl
from protocols.runtime.session import Peer
from security import authentication
from security.doors import Door


@dataclass(frozen=True, slots=True)
class Ask:
    """Send this base64 text as a challenge and pass the client's next line to answer()."""

    line: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The end: who it is."""

    account: AccountInfo


class Malformed(Exception):
    """A response that is not base64 or that the mechanism cannot read."""


def channel_bindings(peer: Peer) -> dict[str, bytes]:
    """What TLS gives to SCRAM's -PLUS (RFC 5929, RFC 9266)."""
    tls = peer.tls
    if tls is None:
        return {}
    known = {"tls-server-end-point": tls.server_end_point, "tls-unique": tls.unique, "tls-exporter": tls.exporter}
    return {name: data for name, data in known.items() if data is not None}


def door_of(peer: Peer, protocol: str) -> Door:
    """A connection as policy and throttle see it."""
    tls = peer.tls
    return Door(protocol, peer.remote_address, peer.local_address, tls is not None, tls is not None and tls.can_bind)


# GSSAPI service names (RFC 4954 section 4, RFC 3501 section 6.2.2, RFC 5034 section 4), by the door's protocol.
_SERVICES = {"smtp": "smtp", "submission": "smtp", "imap": "imap", "pop3": "pop"}


class Exchange:
    """One exchange. begin() and answer() raise Malformed or what authenticate() raises; both may touch the database."""

    def __init__(self, mechanism: str, door: Door, peer: Peer, hostname: str, announced: tuple[str, ...]) -> None:
        """KeyError: there is no mechanism of that name."""
        self.door = door
        self.mechanism = mechanism
        self._account: AccountInfo | None = None  # known, while the mechanism's last words are on their way
        context = sasl.SaslContext(
            hostname,
            channel_bindings(peer),
            plus_announced=f"{mechanism}-PLUS" in announced,
            service=_SERVICES.get(door.protocol, ""),
        )
        self._server = sasl.server(mechanism, context)

    def begin(self, initial: bytes | None) -> Ask | LoggedIn:
        """`initial` is the initial response in base64 ("=" is an empty one), None without one."""
        return self._follow(self._server.start(None if initial is None else _decode(initial)))

    def answer(self, line: bytes) -> Ask | LoggedIn:
        """The client's next line, in base64."""
        response = b"" if line == b"" else _decode(line)
        if self._account is not None:
            if response:
                raise Malformed("data behind the end of the exchange")
            return LoggedIn(self._account)
        return self._follow(self._server.step(response))

    def _follow(self, step: sasl.Step) -> Ask | LoggedIn:
        if isinstance(step, sasl.NeedScramKeys):
            step = self._server.provide(authentication.scram_keys(step.authcid, step.hash_name))
        elif isinstance(step, sasl.NeedDigestKeys):
            step = self._server.provide(authentication.digest_keys(step.authcid, step.realm))
        if isinstance(step, sasl.Challenge):
            return _ask(step.data)
        if not isinstance(step, sasl.Done):
            raise Malformed(step.reason if isinstance(step, sasl.Failed) else "keys were asked for twice")
        account = authentication.authenticate(step.proof, self.door)
        if not step.final:
            return LoggedIn(account)
        self._account = account
        return _ask(step.final)


def _ask(data: bytes) -> Ask:
    return Ask(base64.b64encode(data).decode("ascii"))


def _decode(line: bytes) -> bytes:
    try:
        return sasl.decode_base64_line(line)
    except sasl.BadBase64 as error:
        raise Malformed(str(error)) from error
