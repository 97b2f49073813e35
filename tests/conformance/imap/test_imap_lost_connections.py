"""A QRESYNC client that keeps a cache and loses its connection in the middle of answers (RFC 7162 sections 3.2 and 6).

It believes whole lines only, and takes a MODSEQ for known when the tagged response came: HIGHESTMODSEQ where that was
said, else the highest it saw. Meanwhile another program changes the mailbox. After each loss the cache must be the
mailbox again, by what SELECT (QRESYNC ...) tells and nothing else than the new messages asked for.
"""

import random
import re

import pytest

from mailstore.append import NewMessage, append_messages
from mailstore.flags import DELETED, FLAGGED, NAMES, SEEN
from mailstore.mailboxes import get_mailbox
from mailstore.messages import delete_messages, expunge, store_flags
from mailstore.reading import fetch_rows
from tests.conformance.actions import account, make_cast, perform
from tests.conformance.conversation import Conversation

STEPS = 60
SEEDS = range(5)
LOSSES = 0.25  # of the commands are cut off
MESSAGE = b"Subject: neu\r\n\r\nx\r\n"
_FETCH = re.compile(r"\* (\d+) FETCH \((.*)\)")
_BITS = {name: bit for bit, name in NAMES.items()}


class Client:
    """Its cache outlives its connections."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.flags: dict[int, int] = {}  # the cache: UID -> flags
        self.modseq = 0
        self.uid_validity = 0
        self.connect()

    def connect(self) -> None:
        self.talk = Conversation("imap")
        self.talk.output.clear()
        self.silent = 0  # the flag that a silent STORE under way adds
        self.exists = 0
        self.say("LOGIN alice@mondomaine.fr user1")
        self.say("ENABLE QRESYNC")
        known = ""
        if self.uid_validity and self.modseq:
            uids = ",".join(map(str, sorted(self.flags)))
            known = f" (QRESYNC ({self.uid_validity} {self.modseq}{' ' + uids if uids else ''}{self.matches()}))"
        self.say(f"SELECT INBOX{known}")
        self.learn()

    def matches(self) -> str:
        """Now and then a sample of message numbers."""
        if not self.flags or self.chance.random() < 0.5:
            return ""
        uids = sorted(self.flags)
        numbers = sorted(self.chance.sample(range(len(uids)), min(3, len(uids))))
        pairs = ",".join(str(n + 1) for n in numbers), ",".join(str(uids[n]) for n in numbers)
        return f" ({pairs[0]} {pairs[1]})"

    def learn(self) -> None:
        """The new messages: those above the highest UID that is known."""
        if self.exists > len(self.flags):
            self.say(f"UID FETCH {max(self.flags, default=0) + 1}:* (FLAGS MODSEQ)")

    def say(self, text: str, *, may_lose: bool = False) -> bool:
        """Send and believe; False: the connection was lost on the way."""
        self.talk.send(b"t " + text.encode() + b"\r\n")
        heard = bytes(self.talk.output)
        self.talk.output.clear()
        lost = may_lose and self.chance.random() < LOSSES
        if lost:
            heard = heard[: self.chance.randrange(len(heard))]
        self.believe(heard.decode())
        if lost:
            self.talk.end_of_input()
        return not lost

    def believe(self, heard: str) -> None:
        highest, seen = 0, [self.modseq]
        for line in heard.split("\r\n")[:-1]:
            if said := re.search(r"\[HIGHESTMODSEQ (\d+)\]", line):
                highest = int(said[1])
            if said := re.search(r"\[UIDVALIDITY (\d+)\]", line):
                self.uid_validity = int(said[1])
            if said := re.fullmatch(r"\* (\d+) EXISTS", line):
                self.exists = int(said[1])
            if said := re.fullmatch(r"\* VANISHED (\(EARLIER\) )?([\d:,]+)", line):
                self.vanish(said[2], counts=not said[1])
            if said := _FETCH.fullmatch(line):
                seen.append(self.fetched(said[2]))
            assert " EXPUNGE" not in line
            if line.startswith("t "):
                assert line.startswith("t OK"), line
                self.modseq = highest or max(seen)

    def vanish(self, named: str, *, counts: bool) -> None:
        for piece in named.split(","):
            low, _, high = piece.partition(":")
            for uid in range(int(low), int(high or low) + 1):
                self.flags.pop(uid, None)
                self.exists -= counts

    def fetched(self, items: str) -> int:
        said = dict(re.findall(r"(UID|FLAGS|MODSEQ) (\([^)]*\)|\d+)", items))
        uid = int(said["UID"])
        if "FLAGS" in said:
            self.flags[uid] = sum(_BITS.get(word, 0) for word in said["FLAGS"][1:-1].split())
        elif self.silent:
            self.flags[uid] |= self.silent
        return int(said["MODSEQ"][1:-1]) if "MODSEQ" in said else 0

    def step(self) -> bool:
        """A command of its own; False: the connection was lost."""
        self.learn()
        numbers = range(1, len(self.flags) + 1)
        if not numbers:
            return self.say("NOOP", may_lose=True)
        number, bit = self.chance.choice(numbers), self.chance.choice((SEEN, FLAGGED, DELETED))
        uid, flag = sorted(self.flags)[number - 1], NAMES[bit]
        command = self.chance.choice(
            (
                "NOOP",
                f"STORE {number} +FLAGS.SILENT ({flag})",
                f"STORE {number} +FLAGS ({flag})",
                f"UID STORE {uid} +FLAGS.SILENT ({flag})",
                "SEARCH ALL",
                f"UID SEARCH {number}",
                f"FETCH {number} (MODSEQ UID)",
                "EXPUNGE",
                f"UID EXPUNGE {uid}",
                f"UID MOVE {uid} Trash",
                f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {max(1, self.modseq - 3)} VANISHED)",
            )
        )
        self.silent = bit if ".SILENT" in command else 0
        return self.say(command, may_lose=True)


def disturb(chance: random.Random, account_id: int, mailbox_id: int) -> None:
    """Another program changes something."""
    uids = [row[0] for rows in fetch_rows(mailbox_id, range(1, 1000), ("uid",)) for row in rows]
    some = sorted(chance.sample(uids, min(len(uids), chance.randint(0, 2))))
    move = chance.randrange(5)
    if move == 0:
        append_messages(account_id, mailbox_id, [NewMessage(MESSAGE) for _ in range(chance.randint(1, 3))])
    elif move == 1:
        delete_messages(account_id, mailbox_id, some)
    elif move == 2:
        store_flags(account_id, mailbox_id, some, "replace", chance.randrange(32))
    elif move == 3:
        expunge(account_id, mailbox_id)
    elif chance.random() < 0.2:
        perform("forget alice INBOX")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_missed(seed):
    make_cast("alice")
    chance = random.Random(seed)
    owner = account("alice").id
    inbox = get_mailbox(owner, "INBOX").id
    append_messages(owner, inbox, [NewMessage(MESSAGE) for _ in range(8)])
    client = Client(chance)
    losses = 0
    for _ in range(STEPS):
        disturb(chance, owner, inbox)
        if client.step():
            continue
        losses += 1
        disturb(chance, owner, inbox)
        client.connect()
        rows = [row for rows in fetch_rows(inbox, range(1, 1000), ("uid", "flags")) for row in rows]
        assert client.flags == dict(rows)
        assert client.exists == len(rows)
    assert losses
    client.talk.close()
