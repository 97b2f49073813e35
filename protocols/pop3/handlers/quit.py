"""QUIT (RFC 1939 sections 4 and 6)."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from mailstore.errors import StoreError
from protocols.pop3.answers import err, good
from protocols.pop3.wire.commands import Quit
from protocols.runtime import pop3_rules
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session

logger = logging.getLogger(__name__)


def quit_(session: Pop3Session, command: Quit) -> Reply:
    """The UPDATE state: remove what is marked, then close in any case."""
    answer = good("Good bye")
    if session.maildrop is not None:
        try:
            days = pop3_rules.current().expire_days
            if days is not None:
                session.maildrop.expire(days, time.time())
            session.maildrop.update()
        except StoreError as failure:
            logger.warning("pop3: update failed: %s", failure)
            answer = err("Some deleted messages not removed")
    session.leave()
    answer.close = True
    return answer
