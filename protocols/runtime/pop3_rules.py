"""What the administrator asks of POP3 clients: a delay between logins, and how long downloaded mail stays."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from directory import changes
from directory.freshness import Kept
from mailstore import writer
from protocols.models import Pop3Login, Pop3Rules

# A day: more would only keep people from their mail.
MAX_LOGIN_DELAY = 86_400
# Ten years; RFC 2449 section 6.7 sets no bound, "for ever" is None.
MAX_EXPIRE_DAYS = 3650
_ONLY = 1  # the primary key of the one row


@dataclass(frozen=True, slots=True)
class Rules:
    """LOGIN-DELAY in seconds (0: none) and EXPIRE in days (None: NEVER)."""

    login_delay: int = 0
    expire_days: int | None = None

    @property
    def expire(self) -> str:
        """The argument of the EXPIRE capability."""
        return "NEVER" if self.expire_days is None else str(self.expire_days)


def current() -> Rules:
    """In force now; a change by any process is in it within half a second. Kept: asking is cheap."""
    return _kept.get()


def set_rules(login_delay: int, expire_days: int | None) -> Rules:
    """Put rules in force. ValueError for what is out of bounds."""
    if not 0 <= login_delay <= MAX_LOGIN_DELAY or not (expire_days is None or 0 <= expire_days <= MAX_EXPIRE_DAYS):
        raise ValueError("out of bounds")
    with transaction.atomic():
        Pop3Rules.objects.update_or_create(pk=_ONLY, defaults={"login_delay": login_delay, "expire_days": expire_days})
        changes.bump_after_commit()
    return current()


def may_log_in(account_id: int, delay: int, now: float | None = None) -> bool:
    """Whether the last login is `delay` seconds ago, in which case this one is the last now: one write for both, so
    that of two at once, in any process, only one succeeds."""
    moment = int(time.time() if now is None else now)

    def job() -> bool:
        # A clock that was set back must not lock anybody out.
        past = Q(at__lte=moment - delay) | Q(at__gt=moment)
        if Pop3Login.objects.filter(past, account_id=account_id).update(at=moment):
            return True
        return Pop3Login.objects.get_or_create(account_id=account_id, defaults={"at": moment})[1]

    return writer.write(job)


def _load() -> Rules:
    row = Pop3Rules.objects.filter(pk=_ONLY).values_list("login_delay", "expire_days").first()
    return Rules(*row) if row else Rules()


_kept: Kept[Rules] = Kept(_load)
