"""SORT and THREAD (RFC 5256, RFC 5957) over the UIDs that a search found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from mailformat import threads
from mailformat.threads import Threaded
from mailstore.key_rows import key_rows

# sort-key -> column
COLUMNS = {
    "ARRIVAL": "internal_date", "CC": "cc_mailbox", "DATE": "sent_at", "FROM": "from_mailbox", "SIZE": "size",
    "SUBJECT": "base_subject", "TO": "to_mailbox", "DISPLAYFROM": "display_from", "DISPLAYTO": "display_to",
}  # fmt: skip
ALGORITHMS: dict[str, Callable[[Sequence[Threaded]], list[Threaded]]] = {
    "ORDEREDSUBJECT": threads.ordered_subject,
    "REFERENCES": threads.references,
    "REFS": threads.refs,
}
_THREAD_COLUMNS = ("sent_at", "internal_date", "base_subject", "is_reply", "message_id", "ancestors")


@dataclass(frozen=True, slots=True)
class Criterion:
    """sort-criterion: a key of COLUMNS, or RELEVANCY (RFC 6203), which puts the highest score first.

    texts: of UIDs, for a key that is none of these (ANNOTATION, RFC 5257); a UID without one has an empty one.
    """

    key: str
    reverse: bool = False
    texts: Mapping[int, str] | None = None


def sort(
    mailbox_id: int, uids: Sequence[int], criteria: Sequence[Criterion], scores: Mapping[int, int] | None = None
) -> list[int]:
    """These ascending UIDs in the order of the criteria; equals stay in the order of the mailbox.

    scores: of each UID, where RELEVANCY is among the criteria. Raises StoreUnavailable.
    """
    names = [COLUMNS[each.key] for each in criteria if each.key in COLUMNS]
    rows: list[Any] = key_rows(mailbox_id, uids, names) if names else [[uid] for uid in uids]
    for criterion in reversed(criteria):
        if criterion.key in COLUMNS:
            rows.sort(key=itemgetter(names.index(COLUMNS[criterion.key]) + 1), reverse=criterion.reverse)
        elif criterion.texts is not None:
            texts = criterion.texts
            rows.sort(key=lambda row: texts.get(row[0], ""), reverse=criterion.reverse)
        else:
            relevancy = scores or {}
            rows.sort(key=lambda row: relevancy.get(row[0], 0), reverse=not criterion.reverse)
    return [row[0] for row in rows]


def thread(
    mailbox_id: int, uids: Sequence[int], algorithm: str, number_of: Mapping[int, int] | None = None
) -> list[Threaded]:
    """The threads of these ascending UIDs by one of ALGORITHMS, in UIDs or what `number_of` gives for them.

    Raises StoreUnavailable.
    """
    messages = [
        Threaded(uid, sent_at, arrived, subject, bool(is_reply), message_id, ancestors.split(" ") if ancestors else ())
        for uid, sent_at, arrived, subject, is_reply, message_id, ancestors, *_ in key_rows(
            mailbox_id, uids, _THREAD_COLUMNS
        )
    ]
    if number_of is not None:
        for message in messages:
            message.number = number_of[message.number]
    return ALGORITHMS[algorithm](messages)
