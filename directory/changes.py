"""Tells the caches of this process that the directory or the policy has changed.

A counter in memory: a cache keeps the generation that it read under and is void when it moved.
Other processes see a change when their entries age out (see security.freshness).
"""

import itertools

from django.db import transaction

_counter = itertools.count(1)
_generation = 0


def generation() -> int:
    """Moves with every committed change made in this process."""
    return _generation


def bump() -> None:
    """Everything cached before now is void."""
    global _generation
    _generation = next(_counter)


def bump_after_commit() -> None:
    """The same, when the change becomes visible to others; at once outside a transaction."""
    # Also now: the transaction's own later reads must not be answered from before the change.
    bump()
    transaction.on_commit(bump)
