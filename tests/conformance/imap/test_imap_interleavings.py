"""Three sessions on one mailbox, at random, against a plain model of what each must see.

The model knows the mailbox (UIDs and flags) and, for each session, the list of UIDs that its client would have made
of the responses. Every response is checked against it: a number that means another message, an EXPUNGE where none may
be (RFC 3501 section 7.4.1), flags that are not the mailbox's, or a client left behind after NOOP, end the test.
"""

import random
import re

import pytest

from tests.conformance.actions import make_cast
from tests.conformance.conversation import Conversation

STEPS = 120  # a seed takes about a second
SEEDS = range(4)
FLAGS = ("\\Seen", "\\Flagged", "\\Deleted", "Mot", "$Label1")
MESSAGE = b"Subject: neu\r\n\r\nx\r\n"
_FETCH = re.compile(r"\* (\d+) FETCH \((.*)\)")
_NO_EXPUNGE = ("FETCH", "STORE", "SEARCH")


class Mailbox:
    """What is there: UID -> flags. UIDs only grow."""

    def __init__(self) -> None:
        self.flags: dict[int, set[str]] = {}
        self.next = 1

    def add(self, flags: set[str]) -> int:
        self.flags[self.next] = set(flags)
        self.next += 1
        return self.next - 1


class Client:
    """A session, and what its client believes after each line."""

    def __init__(self, number: int, box: Mailbox) -> None:
        self.box = box
        self.talk = Conversation("imap", port=50000 + number)
        self.talk.output.clear()
        self.uids: list[int | None] = []  # None: EXISTS told of it, nobody has said its UID yet
        self.idling = False
        self.command("LOGIN alice@mondomaine.fr user1")
        self.command("SELECT INBOX")
        self.learn()

    def command(self, text: str, literal: bytes = b"") -> str:
        """Send, believe what comes; the tagged response."""
        announced = f" {{{len(literal)}+}}\r\n".encode() if literal else b""
        self.talk.send(b"t " + text.encode() + announced + literal + b"\r\n")
        return self.hear(text)

    def hear(self, command: str) -> str:
        tagged = ""
        while (line := self.talk.take_line()) is not None:
            text = line.decode()
            if text.startswith("t "):
                tagged = text
            else:
                self.believe(text, command)
        assert not self.talk.output
        assert tagged.startswith("t OK") or self.idling, (command, tagged)
        return tagged

    def believe(self, line: str, command: str) -> None:
        words = line.split()
        if words[-1] == "EXISTS":
            count = int(words[1])
            assert count >= len(self.uids), "a mailbox shrinks by EXPUNGE alone"
            self.uids += [None] * (count - len(self.uids))
        elif words[-1] == "EXPUNGE":
            assert not command.startswith(_NO_EXPUNGE), command
            gone = self.uids.pop(int(words[1]) - 1)
            assert gone is None or gone not in self.box.flags, f"{gone} is still there"
        elif found := _FETCH.fullmatch(line):
            self.believe_fetch(int(found[1]), found[2])

    def believe_fetch(self, number: int, items: str) -> None:
        uid = self.uids[number - 1]
        if said := re.search(r"UID (\d+)", items):
            assert uid in (None, int(said[1])), f"{number} was {uid}"
            uid = self.uids[number - 1] = int(said[1])
        flags = re.search(r"FLAGS \(([^)]*)\)", items)
        if flags and uid in self.box.flags:
            assert set(flags[1].split()) - {"\\Recent"} == self.box.flags[uid], uid

    def learn(self) -> None:
        """UIDs of all that is there; what arrived just now is told of at the end of the first answer."""
        self.command("UID FETCH 1:* (FLAGS)")
        if None in self.uids:
            self.command("UID FETCH 1:* (FLAGS)")

    def pick(self, chance: random.Random) -> list[int]:
        """Some numbers that this client may name."""
        return sorted(chance.sample(range(1, len(self.uids) + 1), min(len(self.uids), chance.randint(1, 4))))


class World:
    """The moves; each changes the model first as the command must change the mailbox."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.box = Mailbox()
        self.clients = [Client(number, self.box) for number in range(3)]

    def step(self) -> None:
        client = self.chance.choice(self.clients)
        if client.idling:
            self.wake_or_finish(client)
            return
        move = self.chance.choice(
            (
                self.append,
                self.store,
                self.store,
                self.copy,
                self.move,
                self.expunge,
                self.fetch,
                self.search,
                self.idle,
            )
        )
        move(client)

    def append(self, client: Client) -> None:
        flags = self.some_flags()
        self.box.add(flags)
        client.command(f"APPEND INBOX ({' '.join(flags)})", MESSAGE)

    def some_flags(self) -> set[str]:
        return set(self.chance.sample(FLAGS, self.chance.randint(0, 3)))

    def chosen(self, client: Client) -> tuple[str, str, list[int]]:
        """(prefix, set, UIDs that are there still) by number or by UID; an empty prefix and set: there is nothing."""
        numbers = client.pick(self.chance)
        uids = [client.uids[number - 1] for number in numbers]
        alive = [uid for uid in uids if uid in self.box.flags]
        if not numbers or None in uids:
            return "", "", []
        if self.chance.random() < 0.5:
            return "UID ", ",".join(map(str, uids)), alive
        return "", ",".join(map(str, numbers)), alive

    def store(self, client: Client) -> None:
        prefix, named, alive = self.chosen(client)
        if not named:
            return
        sign, flags = self.chance.choice(("+", "-", "")), self.some_flags()
        for uid in alive:
            before = self.box.flags[uid]
            self.box.flags[uid] = {"+": before | flags, "-": before - flags, "": set(flags)}[sign]
        silent = self.chance.choice(("", ".SILENT"))
        client.command(f"{prefix}STORE {named} {sign}FLAGS{silent} ({' '.join(flags)})")

    def copy(self, client: Client) -> None:
        prefix, named, alive = self.chosen(client)
        if named:
            for uid in alive:
                self.box.add(self.box.flags[uid])
            client.command(f"{prefix}COPY {named} INBOX")

    def move(self, client: Client) -> None:
        prefix, named, alive = self.chosen(client)
        if named:
            for uid in alive:
                del self.box.flags[uid]
            client.command(f"{prefix}MOVE {named} Trash")

    def expunge(self, client: Client) -> None:
        for uid in [uid for uid, flags in self.box.flags.items() if "\\Deleted" in flags]:
            del self.box.flags[uid]
        client.command("EXPUNGE")

    def fetch(self, client: Client) -> None:
        if client.uids:
            client.command(self.chance.choice(("FETCH 1:* (UID FLAGS)", "UID FETCH 1:* FLAGS", "FETCH * (FLAGS UID)")))

    def search(self, client: Client) -> None:
        """The numbers found are those of the messages that the model knows."""
        client.learn()
        wanted = {uid for uid in client.uids if "\\Seen" in self.box.flags.get(uid or 0, ())}
        client.talk.send(b"t SEARCH SEEN\r\n")
        line = (client.talk.peek_line() or b"").decode()
        assert {client.uids[int(number) - 1] for number in line.split()[2:]} == wanted
        client.hear("SEARCH SEEN")

    def idle(self, client: Client) -> None:
        client.idling = True
        client.command("IDLE")

    def wake_or_finish(self, client: Client) -> None:
        if self.chance.random() < 0.5:
            client.talk.wake()
            client.hear("IDLE")
            assert len(client.uids) == len(self.box.flags)
        else:
            client.idling = False
            client.talk.send(b"DONE\r\n")
            client.hear("DONE")

    def settle(self) -> None:
        """After a NOOP and a FETCH each client believes what is there."""
        for client in self.clients:
            if client.idling:
                client.idling = False
                client.talk.send(b"DONE\r\n")
                client.hear("DONE")
            client.command("NOOP")
            assert len(client.uids) == len(self.box.flags)
            client.learn()
            assert client.uids == sorted(self.box.flags)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_session_sees_the_same_mailbox_by_its_own_numbers(seed: int) -> None:
    make_cast("alice")
    world = World(seed)
    for count in range(STEPS):
        world.step()
        if count % 40 == 39:
            world.settle()
    world.settle()
    for client in world.clients:
        client.talk.close()
