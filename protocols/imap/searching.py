"""The wire's search keys -> the store's query: numbers become UIDs, \\Recent becomes a range of them."""

from collections.abc import Callable

from mailstore import search as store
from mailstore.annotations import search_annotations
from protocols.imap.object_ids import row_of
from protocols.imap.view import View
from protocols.imap.wire import search_keys as wire
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.sequences import MAX_NUMBER, ranges_of

_TEXTS: dict[str, Callable[[str], store.Query]] = {
    "BCC": store.Bcc, "BODY": store.Body, "CC": store.Cc, "FROM": store.From_, "SUBJECT": store.Subject,
    "TEXT": store.Text, "TO": store.To,
}  # fmt: skip
_DATES = {
    "BEFORE": store.Before, "ON": store.On, "SINCE": store.Since, "SENTBEFORE": store.SentBefore,
    "SENTON": store.SentOn, "SENTSINCE": store.SentSince, "SAVEDBEFORE": store.SavedBefore, "SAVEDON": store.SavedOn,
    "SAVEDSINCE": store.SavedSince,
}  # fmt: skip


def to_query(key: wire.Key, view: View) -> store.Query:
    """Depth is bounded by the parser (search_keys.MAX_DEPTH)."""
    match key:
        case wire.And(keys):
            parts = tuple(to_query(each, view) for each in keys)
            return parts[0] if len(parts) == 1 else store.And(parts) if parts else store.All()
        case wire.Or(left, right):
            return store.Or(to_query(left, view), to_query(right, view))
        case wire.Not(inner):
            return store.Not(to_query(inner, view))
        case wire.Flag(mask):
            return store.HasFlag(mask)
        case wire.Keyword(name):
            return store.HasKeyword(name)
        case wire.Recent():
            return store.UidSet(((view.recent_from, MAX_NUMBER),))
        case wire.Numbers(messages, uid):
            return _uid_set(messages, uid, view)
        case wire.Text(where, value):
            return _TEXTS[where](value)
        case wire.Header(name, value):
            return store.Header(name, value)
        case wire.Date(which, day):
            return _DATES[which](day)
        case wire.Within(older, seconds):
            return store.Older(seconds) if older else store.Younger(seconds)
        case wire.Fuzzy(inner):
            return store.Fuzzy(to_query(inner, view))
        case wire.ObjectId(kind, value):
            return _by_object_id(kind, value)
        case wire.Size(larger, octets):
            return store.Larger(octets) if larger else store.Smaller(octets)
        case wire.Annotation(entry, scopes, value):
            return _annotated(Pattern(entry), scopes, value, view)
        case wire.ModSeq(value):
            return store.ModSeqAtLeast(value)
    raise TypeError(key)


def _by_object_id(kind: str, value: bytes) -> store.Query:
    """An identifier that was never given out matches nothing."""
    row = row_of(b"M" if kind == "EMAILID" else b"T", value)
    if not row:
        return store.UidSet(())
    return store.IsMessage(row) if kind == "EMAILID" else store.InThread(row)


def _annotated(entry: Pattern, scopes: frozenset[str], text: str, view: View) -> store.Query:
    """Few messages have annotations: they are looked up, and the search goes on with their UIDs."""
    shared = frozenset(scope == "shared" for scope in scopes)
    found = search_annotations(view.account_id, view.mailbox_id, entry.matches, shared, text)
    return store.UidSet(tuple(ranges_of(found)))


def _uid_set(messages: wire.SequenceSet, uid: bool, view: View) -> store.Query:
    """Numbers beyond the mailbox's end match nothing: it MUST NOT be an error in a search (RFC 7377 section 2)."""
    stretches = view.indexes(messages, uid=uid)
    if stretches is None:
        last = len(view)
        stretches = [range(low - 1, min(high, last)) for low, high in messages.resolve(last) if low <= last]
    return store.UidSet(tuple(view.uid_ranges(stretches)))
