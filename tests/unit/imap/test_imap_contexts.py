"""Results kept up to date (RFC 5267): what is told leads from the result that the client knows to the one that is."""

import re

from hypothesis import given
from hypothesis import strategies as st

from protocols.imap.contexts import MAX_CONTEXTS, Context, Contexts
from protocols.imap.wire.sequences import parse_sequence_set

RESULTS = st.lists(st.integers(1, 12), unique=True, max_size=12)


def told(before, after, *, ordered=True):
    """The responses, and the result that a client has when it has followed them."""
    contexts = Contexts()
    assert contexts.open(Context(b"u", lambda: list(after), True, ordered, list(before)))
    lines = [*contexts.removals(None, 7, 100), *contexts.additions(None)]
    known = list(before)
    for line in lines:
        word, pairs = re.fullmatch(rb'\* ESEARCH \(TAG "u"\) UID (ADDTO|REMOVEFROM) \((.*)\)\r\n', line).groups()
        words = pairs.split(b" ")
        for position, numbers in zip(words[::2], words[1::2], strict=True):
            follow(known, word, int(position), in_order(numbers))
    return lines, known


def in_order(numbers):
    return [n for low, high in parse_sequence_set(numbers).ranges for n in range(low, high + 1)]


def follow(known, word, position, uids):
    if position == 0:
        known[:] = sorted({*known, *uids}) if word == b"ADDTO" else [uid for uid in known if uid not in uids]
    elif word == b"ADDTO":
        known[position - 1 : position - 1] = uids
    else:
        assert known[position - 1 : position - 1 + len(uids)] == uids
        del known[position - 1 : position - 1 + len(uids)]


@given(RESULTS, RESULTS)
def test_a_client_that_follows_knows_the_result_of_a_sort(before, after):
    assert told(before, after)[1] == after


@given(RESULTS.map(sorted), RESULTS.map(sorted))
def test_a_client_that_follows_knows_the_result_of_a_search(before, after):
    assert told(before, after, ordered=False)[1] == after


def test_another_order_is_told_anew():
    lines, _ = told([1, 2, 3], [3, 1, 2])
    assert lines == [
        b'* ESEARCH (TAG "u") UID REMOVEFROM (1 1:3)\r\n',
        b'* ESEARCH (TAG "u") UID ADDTO (1 3,1:2)\r\n',
    ]


def test_nothing_is_asked_where_nothing_changed():
    asked = []
    contexts = Contexts()
    contexts.open(Context(b"u", lambda: asked.append(1) or [1], True, False, [1]))
    assert list(contexts.removals(None, 7, 100)) == []
    assert list(contexts.removals(None, 7, 100)) == []
    assert asked == [1]


def test_mail_that_was_not_announced_yet_waits():
    contexts = Contexts()
    contexts.open(Context(b"u", lambda: [1, 2, 9], True, False, [1]))
    assert list(contexts.removals(None, 7, 9)) == []
    assert list(contexts.additions(None)) == [b'* ESEARCH (TAG "u") UID ADDTO (0 2)\r\n']


def test_their_number_is_bounded():
    contexts = Contexts()
    assert all(contexts.open(Context(b"%d" % n, list, True, False, [])) for n in range(MAX_CONTEXTS))
    assert not contexts.open(Context(b"more", list, True, False, []))
    contexts.cancel(b"3")
    assert contexts.open(Context(b"more", list, True, False, []))
