"""One brake on guessing for all doors, shared by all processes through AuthenticationFailure.

Who is held back, within WINDOW seconds:
- an account from one address: after PAIR_LIMIT failures. The only limit for a pair that is known;
- an account from anywhere: after ACCOUNT_LIMIT (guessing spread over many addresses);
- an address at any account: after ADDRESS_LIMIT (one password tried on everybody). It is high
  because a classroom of 30 behind one address mistypes a lot on its first morning.
Only failures count, never connections or successes; a client that repeats the same wrong password is
counted once. An account that has logged in from an address is known there for KNOWN_FOR, so an
attack from elsewhere, or on others behind the same address, does not lock it out. Held back means
that nothing is checked: a right guess past the limit looks like a wrong one. Nothing is written then, so
the brake opens again by itself as failures leave the window.
"""

import hashlib
import ipaddress
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError

from directory.freshness import MAX_AGE, on_forget
from security import vault
from security.errors import Throttled
from security.models import AuthenticationFailure, KnownAddress

WINDOW = 900  # seconds
PAIR_LIMIT = 25  # 100 an hour: above a forgetful person with three devices, far below a dictionary
ACCOUNT_LIMIT = 100
ADDRESS_LIMIT = 300
# A failed answer is held back: half a second from the 4th on, doubling, so that a patient script is slow too.
# A good password is never held back.
FREE_FAILURES = 3
FIRST_DELAY = 0.5
MAX_DELAY = 5.0
KNOWN_FOR = 30 * 86_400  # seconds
KNOWN_REFRESH = 7 * 86_400  # a success writes at most once in this time
MAX_KNOWN_KEPT = 50_000  # pairs held in memory
# Rows of transactions that commit out of order (PostgreSQL) have smaller keys than ones already read.
OVERLAP = 100
# Rows that no longer count are deleted each time so many failures were recorded.
SWEEP_EVERY = 500
IPV6_SITE = 64  # one subscriber has at least this network (RFC 6177 section 2)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    pk: int
    account: str
    address: str
    tried: str
    at: int


@lru_cache(maxsize=4096)
def network_of(remote_address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(remote_address.partition("%")[0])
    except ValueError:
        return remote_address[:45]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_SITE), strict=False))


def tag(*parts: str) -> str:
    """A short keyed digest of what was tried: tells "the same again", and little else to who reads the table."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=vault.subkey("throttle"), digest_size=6).hexdigest()


class Throttle:
    """The failures of the window, mirrored in memory; read again from the table when MAX_AGE has passed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._failures: deque[_Failure] = deque()
        self._seen: set[int] = set()
        self._by_account: defaultdict[str, list[_Failure]] = defaultdict(list)
        self._by_address: defaultdict[str, list[_Failure]] = defaultdict(list)
        self._last_pk = 0
        self._read_at = float("-inf")
        self._known: dict[tuple[str, str], int] = {}

    def check(self, account: str, address: str, now: float) -> None:
        """Throttled when this attempt must not be looked at. `address` is network_of()'s."""
        self._follow(now)
        if not self._by_account and not self._by_address:
            return
        with self._lock:
            ours = self._by_account.get(account, [])
            pair = [failure for failure in ours if failure.address == address]
            theirs = self._by_address.get(address, [])
            limits = [(pair, PAIR_LIMIT)]
            if len(ours) >= ACCOUNT_LIMIT or len(theirs) >= ADDRESS_LIMIT:
                limits += [(ours, ACCOUNT_LIMIT), (theirs, ADDRESS_LIMIT)]
            ends = [found[-limit].at + WINDOW for found, limit in limits if len(found) >= limit]
        if not ends or (len(pair) < PAIR_LIMIT and self._is_known(account, address, now)):
            return
        raise Throttled(max(1, int(max(ends) - now)))

    def is_quiet(self, account: str, address: str, now: float) -> bool:
        """Whether check() and succeeded() would find nothing to do, as far as memory tells; reads nothing."""
        if time.monotonic() >= self._read_at + MAX_AGE or account in self._by_account or address in self._by_address:
            return False
        return self._known.get((account, address), 0) > now - KNOWN_REFRESH

    def failed(self, account: str, address: str, tried: str, now: float) -> float:
        """Count a failure; the seconds by which its answer is to be held back."""
        self._follow(now)
        pair = self._pair(account, address)
        if self.has_failed(account, address, tried):
            return _delay(len(pair))
        pk = 0
        try:
            row = AuthenticationFailure.objects.create(
                account_address=account, remote_address=address, tried=tried, failed_at=int(now)
            )
            pk = row.pk
            if pk % SWEEP_EVERY == 0:
                sweep(now)
        except DatabaseError:
            # A full disk must not make guessing free: this process counts on.
            _log.exception("a failed login could not be recorded")
        with self._lock:
            self._add([_Failure(pk, account, address, tried, int(now))])
        return _delay(len(pair) + 1)

    def has_failed(self, account: str, address: str, tried: str) -> bool:
        """Whether the very same was tried there before, within the window; as far as check() has just read."""
        return bool(tried) and any(failure.tried == tried for failure in self._pair(account, address))

    def _pair(self, account: str, address: str) -> list[_Failure]:
        with self._lock:
            return [failure for failure in self._by_account.get(account, ()) if failure.address == address]

    def succeeded(self, account: str, address: str, now: float) -> None:
        """Remember that the account is known at this address."""
        if self._seen_at(account, address) > now - KNOWN_REFRESH:
            return
        try:
            KnownAddress.objects.update_or_create(
                account_address=account, remote_address=address, defaults={"seen_at": int(now)}
            )
        except DatabaseError:
            _log.exception("a known address could not be recorded")
        self._known[account, address] = int(now)

    def _is_known(self, account: str, address: str, now: float) -> bool:
        return self._seen_at(account, address) > now - KNOWN_FOR

    def _seen_at(self, account: str, address: str) -> int:
        seen = self._known.get((account, address))
        if seen is None:
            row = KnownAddress.objects.filter(account_address=account, remote_address=address)
            seen = row.values_list("seen_at", flat=True).first() or 0
            if len(self._known) >= MAX_KNOWN_KEPT:
                self._known.clear()
            self._known[account, address] = seen
        return seen

    def _follow(self, now: float) -> None:
        """Read what other processes wrote, at most twice a second, and let old failures go."""
        if time.monotonic() < self._read_at + MAX_AGE:
            return
        self._read_at = time.monotonic()
        fresh = AuthenticationFailure.objects.filter(pk__gt=self._last_pk - OVERLAP, failed_at__gt=now - WINDOW)
        columns = ("pk", "account_address", "remote_address", "tried", "failed_at")
        rows = list(fresh.order_by("pk").values_list(*columns))
        with self._lock:
            self._add(_Failure(*row) for row in rows)
            self._drop(now)

    def _add(self, failures: Iterable[_Failure]) -> None:
        for failure in failures:
            if failure.pk and failure.pk in self._seen:
                continue
            self._seen.add(failure.pk)
            self._last_pk = max(self._last_pk, failure.pk)
            self._failures.append(failure)
            self._by_account[failure.account].append(failure)
            self._by_address[failure.address].append(failure)

    def _drop(self, now: float) -> None:
        while self._failures and self._failures[0].at <= now - WINDOW:
            old = self._failures.popleft()
            self._seen.discard(old.pk)
            for table, key in ((self._by_account, old.account), (self._by_address, old.address)):
                table[key].remove(old)
                if not table[key]:
                    del table[key]


def sweep(now: float) -> int:
    """Delete failures that left the window and addresses no longer known; how many."""
    failures, _ = AuthenticationFailure.objects.filter(failed_at__lte=now - WINDOW).delete()
    known, _ = KnownAddress.objects.filter(seen_at__lte=now - KNOWN_FOR).delete()
    return failures + known


def _delay(failures: int) -> float:
    excess = failures - FREE_FAILURES
    return 0.0 if excess <= 0 else min(MAX_DELAY, FIRST_DELAY * 2 ** min(excess - 1, 10))


throttle = Throttle()
on_forget(throttle.forget)
