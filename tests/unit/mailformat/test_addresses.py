"""Address lists, good, obsolete and broken."""

import time

import pytest

from mailformat.addresses import Group, Mailbox, mailboxes, parse_list


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"alice@mondomaine.fr", [("", "alice", "mondomaine.fr")]),
        (b"Alice Martin <alice@mondomaine.fr>", [("Alice Martin", "alice", "mondomaine.fr")]),
        (b"<alice@mondomaine.fr>", [("", "alice", "mondomaine.fr")]),
        (b"a@b, c@d", [("", "a", "b"), ("", "c", "d")]),
        (b'"Doe, John" <j@d.org>, x@y', [("Doe, John", "j", "d.org"), ("", "x", "y")]),
        (b'"a \\"b\\" c" <j@d.org>', [('a "b" c', "j", "d.org")]),
        (b"=?utf-8?q?Ren=C3=A9?= <r@x.fr>", [("René", "r", "x.fr")]),
        (b"=?utf-8?q?Doe,_J?= <r@x.fr>, b@c", [("Doe, J", "r", "x.fr"), ("", "b", "c")]),
        (b'"=?utf-8?q?Ren=C3=A9?=" <r@x.fr>', [("René", "r", "x.fr")]),
        (b"pete@silly.test (Pete)", [("Pete", "pete", "silly.test")]),
        (b"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", [("Pete", "pete", "silly.test")]),
        (b"John (nested (comment)) Doe <j@d>", [("John Doe", "j", "d")]),
        (b"<@machine.tld,@other:mary@example.net>", [("", "mary", "example.net")]),  # RFC 5322 section 4.4
        (b"<boss@nil.test>, , , a@b", [("", "boss", "nil.test"), ("", "a", "b")]),
        (b'"Joe Q. Public" <john.q.public@example.com>', [("Joe Q. Public", "john.q.public", "example.com")]),
        (b"Joe Q. Public <john . q . public@example . com>", [("Joe Q. Public", "john.q.public", "example.com")]),
        (b'"b ob"@x.fr', [("", "b ob", "x.fr")]),
        (b"user@[192.0.2.1]", [("", "user", "[192.0.2.1]")]),
        (b"alice@a.example <bob@b.example>", [("alice@a.example", "bob", "b.example")]),
        (b"A <a@b> B <c@d>", [("A", "a", "b"), ("B", "c", "d")]),
        (b"nobody", [("", "nobody", "")]),
        ("André <andré@exämple.org>".encode(), [("André", "andré", "exämple.org")]),
        ("André <a@b>".encode("latin-1"), [("André", "a", "b")]),
        (b"", []),
        (b" , ,", []),
        (b"<>", []),
        (b"A\r\n <a@b>", [("A", "a", "b")]),
    ],
)
def test_mailboxes(value, expected):
    assert parse_list(value) == [Mailbox(*each) for each in expected]


def test_groups():
    value = b"A Group:Ed Jones <joe@where.test>,john@x.test;, Undisclosed recipients:;, z@z"
    assert parse_list(value) == [
        Group("A Group", (Mailbox("Ed Jones", "joe", "where.test"), Mailbox("", "john", "x.test"))),
        Group("Undisclosed recipients", ()),
        Mailbox("", "z", "z"),
    ]
    assert [mailbox.address for mailbox in mailboxes(value)] == ["joe@where.test", "john@x.test", "z@z"]


def test_a_group_that_is_not_closed_still_counts():
    assert parse_list("Team: a@b, c@d") == [Group("Team", (Mailbox("", "a", "b"), Mailbox("", "c", "d")))]


@pytest.mark.parametrize(
    "value",
    [
        b"(" * 100_000,
        b'"' * 99_999,
        b"<" * 100_000,
        b"a@" * 50_000,
        b"a:" * 50_000,
        b"\\" * 100_000,
        b"[" * 100_000,
        b"=?a?q?" * 20_000,
        b"a," * 100_000,
        b" " * 100_000 + b"\x00",
    ],
)
def test_junk_is_quick_and_never_raises(value):
    start = time.process_time()
    parse_list(value)
    assert time.process_time() - start < 2
