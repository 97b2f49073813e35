"""One session without sockets: what the runtime's connection does, in the test's own thread."""

from __future__ import annotations

import importlib
from concurrent.futures import wait

from protocols.runtime.session import Peer, Reply, Session, TlsInfo
from protocols.wirekit.events import SendNow

SESSIONS = {
    "smtp": "protocols.smtp.session:SmtpSession",
    "imap": "protocols.imap.session:ImapSession",
    "pop3": "protocols.pop3.session:Pop3Session",
}
# service -> protocol, port, TLS from the first octet
SERVICES = {
    "smtp": ("smtp", 25, False),
    "submission": ("smtp", 587, False),
    "smtps": ("smtp", 465, True),
    "imap": ("imap", 143, False),
    "imaps": ("imap", 993, True),
    "pop3": ("pop3", 110, False),
    "pop3s": ("pop3", 995, True),
}
TLS = TlsInfo(
    version="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    bits=256,
    sni="mailhost.mondomaine.fr",
    server_end_point=b"e" * 32,
)
FUTURE_SECONDS = 30  # for a commit


def session_class(service: str) -> type[Session]:
    module, name = SESSIONS[SERVICES[service][0]].split(":")
    return getattr(importlib.import_module(module), name)


class Conversation:
    """Feeds a Session and collects what it says."""

    def __init__(self, service: str, *, tls: bool = False, byte_by_byte: bool = False, port: int = 50000) -> None:
        tls = tls or SERVICES[service][2]
        peer = Peer("127.0.0.1", port, "127.0.0.1", SERVICES[service][1], service, TLS if tls else None)
        self.session = session_class(service)(peer)
        self.byte_by_byte = byte_by_byte
        self.output = bytearray(self.session.greeting())
        self.greeted = False
        self.closed = False
        self._starting_tls = False

    def send(self, data: bytes) -> None:
        """Octets from the client, in one piece or one by one."""
        chunks = [data[i : i + 1] for i in range(len(data))] if self.byte_by_byte else [data]
        for chunk in chunks:
            if self.closed or self._starting_tls:
                return  # what comes in the clear behind STARTTLS is thrown away (RFC 3207 section 6)
            self.session.framer.feed(chunk)
            self._pump()

    def end_of_input(self) -> None:
        """The client closes its side."""
        self.session.framer.feed_eof()
        self._pump()
        self.close()

    def handshake(self) -> None:
        """The TLS handshake that the last reply began."""
        assert self._starting_tls, "the server did not start TLS"
        self._starting_tls = False
        before = self.session.framer
        self.session.peer.tls = TLS
        self.session.starttls_done(TLS)
        assert self.session.framer is not before, "the framer still holds what came in the clear"

    def wake(self) -> None:
        reply = self.session.wake()
        if reply is not None:
            self._take(reply)
        self._pump()

    def time_out(self) -> None:
        self.output += self.session.on_timeout()
        self.close()

    def close(self) -> None:
        """Once, as the runtime does."""
        if not self.closed:
            self.closed = True
            self.session.closed()

    def take_line(self) -> bytes | None:
        """The next whole line that the server has said, without its CRLF."""
        end = self.output.find(b"\r\n")
        if end < 0:
            return None
        line = bytes(self.output[:end])
        del self.output[: end + 2]
        return line

    def peek_line(self) -> bytes | None:
        end = self.output.find(b"\r\n")
        return None if end < 0 else bytes(self.output[:end])

    def _pump(self) -> None:
        while not self.closed and not self._starting_tls:
            event = self.session.framer.next_event()
            if event is None:
                return
            if isinstance(event, SendNow):
                self.output += event.data
            else:
                self._take(self.session.handle(event))

    def _take(self, reply: Reply) -> None:
        self.output += reply.data
        for batch in reply.more or ():
            self.output += batch
        if reply.future is not None:
            assert reply.then is not None
            wait([reply.future], timeout=FUTURE_SECONDS)
            self._take(reply.then(reply.future))
        self._starting_tls = self._starting_tls or reply.start_tls
        if reply.close:
            self.close()
