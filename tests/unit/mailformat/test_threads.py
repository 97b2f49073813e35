"""THREAD (RFC 5256 section 3): the steps of REFERENCES one by one, and trees of any depth."""

import pytest

from mailformat.threads import Threaded, ordered_subject, references, refs
from protocols.imap.wire.thread_lists import thread_lists


def message(number, ident="", ancestors="", subject="", *, at=None, reply=False):
    sent = number if at is None else at
    return Threaded(number, sent, number, subject, reply, ident, ancestors.split())


def threaded(*messages, by=references):
    return thread_lists(by(messages))


def test_the_references_name_those_that_are_missing():
    assert threaded(message(1, "a"), message(2, "c", "a b"), message(3, "d", "a b")) == "(1 (2)(3))"
    assert threaded(message(1, "c", "a b"), message(2, "d", "a b")) == "((1)(2))"  # siblings of a dummy
    assert threaded(message(1, "c", "a b")) == "(1)"


def test_a_truncated_line_does_not_change_links():
    """1.A: if a message already has a parent, don't change the existing link."""
    assert (
        threaded(message(1, "a"), message(2, "b", "a"), message(3, "c", "a b"), message(4, "d", "b c")) == "(1 2 3 4)"
    )


def test_the_last_reference_is_the_parent():
    """1.B: break the current link before creating the correct one."""
    found = threaded(message(1, "a"), message(2, "b"), message(3, "d", "a c"), message(4, "c", "b"))
    assert found == "(1)(2 4 3)"
    assert threaded(message(1, "a"), message(2, "d", "a b"), message(3, "b")) == "(1)(3 2)"


@pytest.mark.parametrize("by", [references, refs])
def test_loops_are_not_made(by):
    assert threaded(message(1, "a", "b"), message(2, "b", "a"), by=by) == "(2 1)"
    assert threaded(message(1, "a", "a"), by=by) == "(1)"
    assert threaded(message(1, "a", "c b"), message(2, "b", "a c"), message(3, "c", "b a"), by=by).count("(") >= 1


def test_of_one_id_the_first_has_it():
    assert threaded(message(1, "a"), message(2, "a"), message(3, "b", "a")) == "(1 3)(2)"


def test_siblings_by_sent_date():
    assert threaded(
        message(1, "a", at=9), message(2, "b", "a", at=8), message(3, "c", "a", at=7), message(4, at=1)
    ) == ("(4)(1 (3)(2))")


def test_a_dummy_is_sorted_by_its_first_child():
    assert threaded(message(1, "x", at=5), message(2, "b", "a", at=9), message(3, "c", "a", at=1)) == "((3)(2))(1)"


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([message(1, subject="s"), message(2, subject="s", reply=True)], "(1 2)"),
        ([message(1, subject="s", reply=True), message(2, subject="s")], "(2 1)"),
        ([message(1, subject="s"), message(2, subject="s")], "((1)(2))"),
        ([message(1, subject="s"), message(2, subject="s"), message(3, subject="s")], "((1)(2)(3))"),
        ([message(1, subject=""), message(2, subject="")], "(1)(2)"),
        ([message(1, subject="s"), message(2, "b", "x", "s"), message(3, "c", "x", "s")], "((1)(2)(3))"),
        ([message(1, "a", "x", "s"), message(2, "b", "x", "s"), message(3, "c", "y", "s"), message(4, "d", "y", "s")],
         "((1)(2)(3)(4))"),
        ([message(1, subject="s", reply=True), message(2, subject="s", reply=True)], "((1)(2))"),
    ],
)  # fmt: skip
def test_threads_of_one_subject_are_gathered(messages, found):
    assert threaded(*messages) == found


def test_ordered_subject_has_no_grandchildren():
    messages = [message(1, subject="b", at=5), message(2, subject="a", at=4), message(3, subject="b", at=3),
                message(4, subject="b", at=9)]  # fmt: skip
    assert threaded(*messages, by=ordered_subject) == "(3 (1)(4))(2)"


def test_refs_by_the_latest_arrival():
    assert threaded(message(1, "a"), message(2, "b"), message(3, "c", "a"), by=refs) == "(2)(1 3)"


@pytest.mark.parametrize("by", [references, refs])
def test_a_chain_of_any_length(by):
    chain = [message(n, str(n), str(n - 1) if n > 1 else "") for n in range(1, 5001)]
    assert threaded(*chain, by=by) == "(" + " ".join(map(str, range(1, 5001))) + ")"
    assert threaded(*reversed(chain), by=by).startswith("(1 2 3 ")


def test_nested_lists():
    deep = Threaded(1)
    node = deep
    for number in range(2, 6000, 2):
        node.children = [Threaded(number), Threaded(number + 1)]
        node = node.children[0]
    assert thread_lists([deep]).startswith("(1 (2 (4 (6 ")
    assert thread_lists([]) == ""
    assert thread_lists([Threaded(0, children=[Threaded(3), Threaded(5)])]) == "((3)(5))"
