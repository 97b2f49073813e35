"""The wire records: what somebody who listened could have read, one row a connection, kept for RETENTION_DAYS.

Written behind: a connection that ends leaves a row in a bounded queue, and the worker's service thread writes what
has gathered. A flood of connections loses records, never service.
"""

import logging
import time
from collections import Counter, deque
from dataclasses import dataclass, fields
from functools import partial

from django.db.models import Count

from mailstore import sql, writer
from protocols.models import ConnectionRecord
from protocols.runtime.session import Grade, Peer, WireFacts

logger = logging.getLogger(__name__)

# Records waiting to be written; at 500 connections a second, 20 s of a stuck database.
MOST_WAITING = 10_000
# Rows in one write: short writes let mail through.
BATCH = 500
# Days a record is kept: long enough for a class to look back at the exercise, short enough for personal data.
RETENTION_DAYS = 30
# Rows removed at a time, so that the sweep never holds the database for long.
SWEEP_BATCH = 1000
# Seconds between sweeps.
SWEEP_EVERY = 3600.0

# Mechanisms that show the password itself to a listener; "LOGIN" is also IMAP's command, "USER" POP3's.
IN_CLEAR = frozenset({"PLAIN", "LOGIN", "USER"})
# Challenge-responses whose exchange can be guessed at offline: RFC 2195 section 5, RFC 2831 section 3.1, NTLM, APOP.
GUESSABLE = frozenset({"CRAM-MD5", "DIGEST-MD5", "NTLM", "APOP"})

# Plain SQL: a thousand connections a second may end, and a row by the ORM costs a tenth of a login.
_COLUMNS = (
    "service", "remote_address", "account", "started_at", "ended_at", "octets_received", "tls_version", "tls_cipher",
    "tls_key", "mechanism", "grade",
)  # fmt: skip
_PLACES = ", ".join(["%s"] * len(_COLUMNS))
_INSERT = f"INSERT INTO {ConnectionRecord._meta.db_table} ({', '.join(_COLUMNS)}) VALUES ({_PLACES})"


def grade(peer: Peer, facts: WireFacts) -> Grade:
    """What a listener on this connection could have read."""
    if facts.authenticated_in_clear:
        if facts.mechanism in IN_CLEAR:
            return Grade.PASSWORD
        if facts.mechanism in GUESSABLE:
            return Grade.ATTACKABLE
    return Grade.METADATA if peer.tls is not None else Grade.CONTENT


class WireRecords:
    """The queue of one process."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str | int, ...]] = deque()  # rows of _INSERT
        self._lost = 0
        self._swept_at = 0.0

    def add(self, peer: Peer, facts: WireFacts, started_at: float, received: int) -> None:
        """Note a connection that ended; from any thread, never waits."""
        if len(self._waiting) >= MOST_WAITING:
            self._lost += 1
            return
        tls = peer.tls
        by_tls = (tls.version, tls.cipher, tls.key) if tls is not None else ("", "", "")
        where = (peer.service, peer.remote_address[:45], facts.account[:320])
        when = (int(started_at), int(time.time()), received)
        self._waiting.append((*where, *when, *by_tls, facts.mechanism[:30], grade(peer, facts).value))

    def write(self) -> None:
        """Write what has gathered."""
        if self._lost:
            logger.warning("%d wire records were lost: too many connections ended at once", self._lost)
            self._lost = 0
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            writer.write(partial(sql.execute_many, _INSERT, batch))

    def sweep(self) -> None:
        """Remove what is older than RETENTION_DAYS, once in SWEEP_EVERY."""
        now = time.time()
        if now < self._swept_at + SWEEP_EVERY:
            return
        self._swept_at = now
        while _remove_older(int(now) - RETENTION_DAYS * 86_400) == SWEEP_BATCH:
            pass


def _remove_older(moment: int) -> int:
    old = list(ConnectionRecord.objects.filter(ended_at__lt=moment).values_list("pk", flat=True)[:SWEEP_BATCH])
    if old:
        writer.write(ConnectionRecord.objects.filter(pk__in=old).delete)
    return len(old)


@dataclass(frozen=True, slots=True)
class RecordView:
    """A wire record for the console."""

    service: str
    remote_address: str
    account: str
    started_at: int
    ended_at: int
    octets_received: int
    tls_version: str
    tls_cipher: str
    tls_key: str
    mechanism: str
    grade: Grade


def count_grades(since: int) -> dict[Grade, int]:
    """How many connections of each grade ended since a moment (Unix seconds)."""
    counted = Counter(
        dict(
            ConnectionRecord.objects.filter(ended_at__gte=since)
            .values("grade")
            .annotate(count=Count("pk"))
            .values_list("grade", "count")
        )
    )
    return {each: counted[each.value] for each in Grade}


def list_records(*, limit: int = 50, service: str = "", account: str = "") -> list[RecordView]:
    """The latest connections, newest first."""
    found = ConnectionRecord.objects.order_by("-ended_at", "-pk")
    if service:
        found = found.filter(service=service)
    if account:
        found = found.filter(account=account)
    names = [each.name for each in fields(RecordView)]
    return [RecordView(**{**row, "grade": Grade(row["grade"])}) for row in found.values(*names)[:limit]]
