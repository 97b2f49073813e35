"""One IMAP connection: its state, and the way of a request from the framer to the tagged response."""

import logging
from collections.abc import Iterator, Sequence

from directory.accounts import AccountInfo
from mailstore.errors import StoreError
from mailstore.messages import Snapshot
from protocols.imap import admitting, errors, limits, login, options, selecting, uid_only
from protocols.imap.answer import Answer, bad
from protocols.imap.capabilities import announce
from protocols.imap.languages import DEFAULT, translate
from protocols.imap.login import Authenticating
from protocols.imap.metadata import MetadataNews
from protocols.imap.news import news, news_behind, news_between, news_of_others, rest_of_news
from protocols.imap.notifying import Notifications, names_in, watched
from protocols.imap.patience import Patience
from protocols.imap.state import State
from protocols.imap.table import HANDLERS, INLINE
from protocols.imap.view import View
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.enable import Enable
from protocols.imap.wire.commands.examine import Examine
from protocols.imap.wire.commands.login import Login
from protocols.imap.wire.commands.logout import Logout
from protocols.imap.wire.commands.select import Select
from protocols.imap.wire.dialect import IMAP4REV2, speaks_utf8
from protocols.imap.wire.errors import Refusal
from protocols.imap.wire.framer import (
    AFTER_LOGIN,
    AFTER_LOGIN_SMALL,
    BEFORE_LOGIN,
    ImapFramer,
    LiteralAsked,
    RawCommand,
    TooLarge,
)
from protocols.imap.wire.parser import parse
from protocols.imap.wire.response import status
from protocols.runtime import session as runtime
from protocols.runtime.login import door_of
from protocols.runtime.session import Peer, Reply, Request, TlsInfo, WireFacts
from security.doors import Door
from security.staying import may_stay

log = logging.getLogger(__name__)

TOO_MANY_ERRORS = "Too many errors"
ENDED = "Your login has ended"
ORPHANED = "The selected mailbox was deleted"


class ImapSession(runtime.Session):
    """The connection's state: who logged in, which mailbox is selected, what is enabled."""

    protocol = "imap"
    brief = True

    def __init__(self, peer: Peer) -> None:
        super().__init__(peer)
        self.framer: ImapFramer = ImapFramer()
        self.facts = WireFacts()
        self._parsed: tuple[Request, Command | Refusal | None] = (None, None)
        self.forget_login()

    def forget_login(self) -> None:
        """What a connection is before login; UNAUTHENTICATE comes back to it (RFC 8437 sections 3 and 4.1).

        Whatever a session keeps belongs here, except the TLS layer and what the wire record tells.
        """
        self.framer.limits = BEFORE_LOGIN
        self.state = State.NOT_AUTHENTICATED
        self.account: AccountInfo | None = None
        self.recalled: AccountInfo | None = None  # whom LOGIN lets in, known already in is_inline()
        self.glanced: Snapshot | None = None  # what SELECT opens, read already in is_inline()
        self.view: View | None = None
        self.enabled: set[str] = set()  # of capabilities.CAN_BE_ENABLED
        self.speak(DEFAULT)
        self.metadata: MetadataNews | None = None  # while METADATA is enabled
        self.authenticating: Authenticating | None = None  # AUTHENTICATE waits for a response
        self.idle_tag = b""  # of the IDLE that waits for DONE
        self.notifications: Notifications | None = None  # what NOTIFY asked for; None: it was never used
        self.compressing = False
        self._orphaned = False
        self._patience = Patience()

    # -- what handlers use

    @property
    def minimum_rate(self) -> int:  # type: ignore[override]
        """Literals must not trickle in, nor what is between and behind them; commands may be typed."""
        return limits.MINIMUM_RATE if self.framer.in_command else 0

    @property
    def door(self) -> Door:
        """By which way the client came, for policy and throttle."""
        return door_of(self.peer, "imap")

    @property
    def account_id(self) -> int:
        """Of the account that logged in; only asked for after login."""
        assert self.account is not None
        return self.account.id

    @property
    def selected(self) -> View:
        """The view of the selected mailbox; only asked for in that state."""
        assert self.view is not None
        return self.view

    @property
    def condstore(self) -> bool:
        """MODSEQ belongs in FETCH responses (RFC 7162 section 3.1.1)."""
        return "CONDSTORE" in self.enabled

    @property
    def qresync(self) -> bool:
        """Expunges are told as VANISHED (RFC 7162 section 3.2.3)."""
        return "QRESYNC" in self.enabled

    @property
    def rev2(self) -> bool:
        """The client speaks IMAP4rev2 (RFC 9051 section 6.3.1)."""
        return IMAP4REV2 in self.enabled

    @property
    def utf8(self) -> bool:
        """Mailbox names are UTF-8 to this client (RFC 6855 section 3, RFC 9051 section 5.1)."""
        return speaks_utf8(self.enabled)

    @property
    def uid_only(self) -> bool:
        """No message numbers any more (RFC 9586)."""
        return "UIDONLY" in self.enabled

    def want_modseqs(self) -> bytes:
        """A CONDSTORE enabling command (RFC 7162 section 3.1); the first with a mailbox selected names its MODSEQ."""
        first = not self.condstore
        self.enabled.add("CONDSTORE")
        if not first or self.view is None:
            return b""
        return self.say("OK", "Highest", b"HIGHESTMODSEQ %d" % self.view.modseq)

    def speak(self, language: str) -> None:
        """The language of texts for people from here on (RFC 5255 section 3.2)."""
        self.language = language
        self.framer.ready = b"+ %b\r\n" % translate("Ready for literal data", language).encode()

    def say(self, word: str, text: str, code: bytes = b"", *, tag: bytes = b"*") -> bytes:
        """A status response for people, in their language: `* OK [CODE] text`."""
        return status(tag, word, translate(text, self.language), code)

    def log_in(self, account: AccountInfo) -> None:
        """Into the authenticated state."""
        self.account = account
        self.state = State.AUTHENTICATED
        self.framer.limits = AFTER_LOGIN_SMALL if options.small_literals_only() else AFTER_LOGIN

    def select(self, view: View | None) -> None:
        """Another mailbox, or none."""
        self.view = view
        if view is not None:
            view.uid_only = self.uid_only
        self.state = State.SELECTED if view is not None else State.AUTHENTICATED

    def made(self, mailbox_id: int, uids: Sequence[int]) -> None:
        """This session put messages into a mailbox: NOTIFY need not tell it."""
        if self.notifications is not None:
            self.notifications.made(mailbox_id, uids, self.view)

    def orphan(self) -> None:
        """Somebody deleted the selected mailbox: RFC 2180 section 3.3 lets us hang up."""
        self._orphaned = True
        self.select(None)

    def metadata_news(self) -> bytes:
        """Which annotations others changed, for a client that said ENABLE METADATA (RFC 5464 section 4.4)."""
        return self.metadata.take(utf8=self.utf8) if self.metadata is not None else b""

    # -- what the runtime calls

    def greeting(self) -> bytes:
        return self.say("OK", "Facteur ready", b"CAPABILITY " + announce(self))

    def is_inline(self, request: Request) -> bool:
        if self.authenticating is not None or self.idle_tag or isinstance(request, LiteralAsked):
            return False
        if isinstance(request, RawCommand) and _is_long(request):
            return False
        command = self._understand(request)
        if self.metadata is not None or (isinstance(command, Enable) and "METADATA" in command.names):
            return False  # news of annotations are read from the store, with each answer
        if isinstance(command, Login) and self.account is None:
            return login.is_known(self, command)
        if isinstance(command, Select | Examine) and self.account is not None:
            return selecting.is_small(self, command)
        return not isinstance(command, Command) or (self.state, type(command)) in INLINE

    def handle(self, request: Request) -> Reply:
        if isinstance(request, TooLarge):
            return self._too_large(request)
        if isinstance(request, LiteralAsked):
            return self._literal_asked(request)
        if self.authenticating is not None or self.idle_tag:
            return self._continue(request)
        command = self._understand(request)
        if isinstance(command, Command):
            return self._run(command)
        assert isinstance(command, Refusal)
        if command.saving and command.status == "NO" and self.view is not None:
            self.view.saved = ()
        return self.finish(command.tag, Answer(command.text, command.status, command.code.encode()))

    def internal_error(self, request: Request) -> Reply:
        self.authenticating = None
        if isinstance(request, LiteralAsked):
            self.framer.drop_literal()
        return Reply(self.say("NO", "Internal error; try again later", b"SERVERBUG", tag=self._tag(request)))

    def starttls_done(self, tls: TlsInfo) -> None:
        # RFC 3501 section 6.2.1: nothing that was learnt in the clear may be kept.
        self.framer = ImapFramer()
        self.authenticating = None
        self.speak(DEFAULT)

    def wake(self) -> Reply | None:
        """Between commands only who idles (RFC 2177) or used NOTIFY (RFC 5465) is told; others hear with the next."""
        if not self.idle_tag and self.notifications is None:
            return None
        if not self._may_stay():
            return Reply(self.say("BYE", ENDED), close=True)
        data = news_between(self) + self.metadata_news()
        if self._orphaned:
            return Reply(self.say("BYE", ORPHANED), close=True)
        watch, account = watched(self)
        return Reply(data, more=rest_of_news(self), watch=watch, watch_account=account) if data else None

    def timeout(self) -> float:
        if self.framer.in_command:
            return limits.TIMEOUT_IN_LITERAL if self.account else limits.TIMEOUT_BEFORE_LOGIN
        return limits.TIMEOUT if self.account else limits.TIMEOUT_BEFORE_LOGIN

    def on_timeout(self) -> bytes:
        return self.say("BYE", "Autologout; idle for too long")

    def farewell(self) -> bytes:
        return self.say("BYE", "Server shutting down")

    def undecodable(self) -> bytes:
        return self.say("BYE", "The compressed stream cannot be read")

    @classmethod
    def refusal(cls, reason: runtime.Refusal) -> bytes:
        return b"* BYE [UNAVAILABLE] %b\r\n" % reason.value.capitalize().encode()

    def wire_facts(self) -> WireFacts:
        return self.facts

    def closed(self) -> None:
        self.view = None
        self.authenticating = None
        self.framer.feed_eof()

    # -- the way of a request

    def _understand(self, request: Request) -> Command | Refusal | None:
        """Parse once, for is_inline() and handle()."""
        if self._parsed[0] is not request:
            parsed: Command | Refusal | None = None
            if isinstance(request, RawCommand):
                try:
                    parsed = parse(request, self.enabled)
                except Refusal as refusal:
                    parsed = refusal
            self._parsed = (request, parsed)
        return self._parsed[1]

    def _run(self, command: Command) -> Reply:
        handler = HANDLERS[self.state].get(type(command))
        if handler is None:
            return self.finish(command.tag, bad(f"Not allowed {self.state.value}"))
        if self.uid_only and (refused := uid_only.refusal(command)):
            return self.finish(command.tag, refused)
        if self.glanced is None and (self.state, type(command)) not in INLINE and not self._may_stay():
            return Reply(self.say("BYE", ENDED), close=True)
        told = selecting.look_before(self, command)
        if told is None:
            return Reply(self.say("BYE", ORPHANED), close=True)
        try:
            result = handler(self, command)
        except StoreError as error:
            result = errors.refusal(error)
        if isinstance(result, Reply):
            result.data = told + result.data
            return result
        result.untagged = told + result.untagged
        return self.finish(command.tag, result, command)

    def _may_stay(self) -> bool:
        return self.account is None or may_stay(self.account, self.door)

    def finish(self, tag: bytes, answer: Answer, command: Command | None = None) -> Reply:
        """The whole answer; `command` None: news of the mailbox do not belong in it."""
        self._parsed = (None, None)
        self._patience.count(answer, logged_in=self.account is not None)
        reply = Reply(answer.untagged, start_tls=answer.start_tls, compress=answer.compress)
        if answer.more is not None:
            reply.watch, reply.watch_account = watched(self)
            reply.more = self._stream(tag, answer, command, reply)
            return reply
        reply.data += self._ending(tag, answer, command)
        reply.close = answer.close or self._orphaned
        if self._patience.is_over(logged_in=self.account is not None):
            reply.data, reply.close = reply.data + self.say("BYE", TOO_MANY_ERRORS), True
        reply.watch, reply.watch_account = watched(self)
        if answer.compress is not None:
            self.compressing = answer.compress  # not before: what failed on the way has switched nothing
        if answer.compress:
            reply.behind = self.framer.take_rest()
        elif answer.compress is None and not reply.close:
            reply.more = rest_of_news(self)
        return reply

    def _stream(self, tag: bytes, answer: Answer, command: Command | None, reply: Reply) -> Iterator[bytes]:
        """A large answer; what goes wrong in the middle ends in NO, never in OK."""
        try:
            yield from answer.more or ()
        except StoreError as error:
            answer = errors.refusal(error)
        except Exception:
            log.exception("a command failed in the middle of its answer")
            answer = Answer("Internal error; try again later", "NO", b"SERVERBUG")
        yield self._ending(tag, answer, command)
        reply.close = self._orphaned
        yield from rest_of_news(self) or ()

    def _ending(self, tag: bytes, answer: Answer, command: Command | None) -> bytes:
        """News of the mailbox and the tagged response."""
        told = b""
        if self.view is not None and command is not None and not isinstance(command, Select | Examine | Logout):
            told = news_behind(self, command, answer)
        if self.notifications is not None and (names := names_in(command)):
            told += news_of_others(self, except_for=names)  # this session's own doing is not told to it
        if command is not None and not isinstance(command, Logout):
            told += self.metadata_news()
        tagged = self.say(answer.status, answer.text, answer.code, tag=tag)
        return told + tagged + (self.say("BYE", ORPHANED) if self._orphaned else b"")

    def _continue(self, request: Request) -> Reply:
        """A line that is no command: DONE, or a SASL response."""
        line = request.parts[0] if isinstance(request, RawCommand) and len(request.parts) == 1 else None
        if not isinstance(line, bytes):
            line = b"{}"  # literals belong neither here nor there: refused as what it is not
        if self.authenticating is not None:
            tag = self.authenticating.tag
            result = login.respond(self, self.authenticating, line)
            return result if isinstance(result, Reply) else self.finish(tag, result)
        if not self._may_stay():
            return Reply(self.say("BYE", ENDED), close=True)
        told = news(self, expunges=True) + self.metadata_news()  # as in IDLE: the rights are looked at once more
        tag, self.idle_tag = self.idle_tag, b""
        done = line.strip().upper() == b"DONE"
        answer = Answer("Idle ended") if done else bad("Expected DONE")
        answer.untagged = told
        return self.finish(tag, answer)

    def _too_large(self, request: TooLarge) -> Reply:
        if request.hang_up:
            return Reply(self.say("BYE", "The literal is too large", b"TOOBIG"), close=True)
        tag = self.authenticating.tag if self.authenticating else self.idle_tag or request.tag
        self.authenticating, self.idle_tag = None, b""
        return self.finish(tag, errors.too_large(request.what))

    def _literal_asked(self, request: LiteralAsked) -> Reply:
        """A large literal is announced: refused now, it need not be sent."""
        if self.idle_tag:
            self.framer.drop_literal()
            return self._continue(request)
        if not self._may_stay():
            return Reply(self.say("BYE", ENDED), close=True)
        answer = admitting.answer(self, request)
        if answer is None:
            return Reply(self.framer.ready)
        self.framer.drop_literal()
        return self.finish(request.tag, answer)

    def _tag(self, request: Request) -> bytes:
        if isinstance(request, LiteralAsked):
            return request.tag
        parsed = self._understand(request)
        if parsed is not None and parsed.tag:
            return parsed.tag
        return b"*"


def _is_long(request: RawCommand) -> bool:
    """To be parsed in a thread."""
    return len(request.parts) >= limits.INLINE_PARTS or sum(map(len, request.parts)) > limits.INLINE_OCTETS
