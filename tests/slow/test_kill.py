"""Nothing lost: 8 connections deliver while the whole process tree is killed 20 times at random moments."""

import imaplib
import random
import re
import smtplib
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.practical.server import RunningServer, database

CONNECTIONS = 8
KILLS = 20
LIFE_SECONDS = (0.05, 1.5)  # between "ready" and the kill
SEED = 20261123
RECIPIENTS = ("alice@mondomaine.fr", "bob@mondomaine.fr", "marie@mondomaine.fr")
PASSWORDS = ("user1", "user2", "user3")
# Bodies above 64 KiB go to files: both ways of storing are killed.
SIZES = (200, 3_000, 20_000, 90_000)


class Sender(threading.Thread):
    """Delivers numbered messages until told to stop; notes which were acknowledged, and which may be either."""

    def __init__(self, server: RunningServer, number: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.server, self.number, self.over = server, number, over
        self.random = random.Random(SEED + number)
        self.acknowledged: list[tuple[str, str]] = []
        self.unknown: list[tuple[str, str]] = []
        self.count = 0

    def run(self) -> None:
        while not self.over.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.server.port("smtp"), timeout=10) as client:
                    while not self.over.is_set():
                        self.deliver(client)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.02)  # the server is being killed or started

    def deliver(self, client: smtplib.SMTP) -> None:
        self.count += 1
        name = f"kill-{self.number}-{self.count}"
        recipient = RECIPIENTS[self.count % 3]
        body = "x" * 70 + "\r\n"
        letter = (
            f"Message-ID: <{name}@exemple.org>\r\nSubject: {name}\r\n\r\n{body * (self.random.choice(SIZES) // 72 + 1)}"
        )
        self.unknown.append((recipient, name))
        refused = client.sendmail("stranger@exemple.org", [recipient], letter)
        assert refused == {}
        self.acknowledged.append(self.unknown.pop())


def _stored(server: RunningServer, who: str, password: str) -> Counter[str]:
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login(who, password)
    client.select("INBOX", readonly=True)
    _, rows = client.uid("FETCH", "1:*", "(RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    client.logout()
    headers = b"".join(row[1] for row in rows if isinstance(row, tuple))
    return Counter(name.decode() for name in re.findall(rb"kill-\d+-\d+", headers))


@pytest.mark.slow
def test_every_acknowledged_message_is_there_exactly_once(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    with database() as url:
        server = RunningServer(tmp_path, url)
        server.create()
        over = threading.Event()
        senders = [Sender(server, number, over) for number in range(CONNECTIONS)]
        server.start("--only", "smtp,imap")
        for sender in senders:
            sender.start()
        try:
            for _ in range(KILLS):
                time.sleep(dice.uniform(*LIFE_SECONDS))  # the moment is the point of the test
                server.kill()
                server.start("--only", "smtp,imap")
        finally:
            over.set()
            for sender in senders:
                sender.join(30)
        try:
            _compare(server, senders)
            assert "The store is whole" in server.manage("checkstore")
        finally:
            server.stop()
            server.kill()


def _compare(server: RunningServer, senders: list[Sender]) -> None:
    acknowledged = {pair for sender in senders for pair in sender.acknowledged}
    either = {pair for sender in senders for pair in sender.unknown}
    assert len(acknowledged) > KILLS * CONNECTIONS
    stored: Counter[tuple[str, str]] = Counter()
    for who, password in zip(RECIPIENTS, PASSWORDS, strict=True):
        for name, times in _stored(server, who, password).items():
            stored[who, name] += times
    assert [pair for pair, times in stored.items() if times > 1] == []
    assert acknowledged - set(stored) == set(), "acknowledged and lost"
    assert set(stored) - acknowledged - either == set(), "from nowhere"
