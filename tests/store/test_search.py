import base64
from datetime import date
from itertools import islice

import pytest

from mailstore import append, flags, indexing, messages, search, search_reading
from mailstore.append import NewMessage
from mailstore.errors import NoSuchMailbox
from mailstore.search import (
    All,
    And,
    Bcc,
    Before,
    Body,
    Cc,
    From_,
    Fuzzy,
    HasFlag,
    HasKeyword,
    Header,
    Larger,
    ModSeqAtLeast,
    Not,
    On,
    Or,
    SentBefore,
    SentOn,
    SentSince,
    Since,
    Smaller,
    Subject,
    Text,
    To,
    UidSet,
)  # fmt: skip

JANUARY = 1_704_067_200  # 2024-01-01 00:00 UTC


@pytest.fixture(params=["read", "indexed", "index without texts"])
def box(request, alice, inbox, make_message, monkeypatch):
    """1: a plain one, 2: everything encoded, 3: with an attached message, 4: no Date, long."""
    encoded = base64.encodebytes("Le rendez-vous à l'École Élémentaire.\r\n".encode()).decode().replace("\n", "\r\n")
    second = make_message(
        "=?utf-8?q?R=C3=A9union_projet?=",
        encoded,
        Content_Transfer_Encoding="base64",
        From="=?utf-8?q?Lef=C3=A8vre?= <m@x.org>",
        Cc="team@x.org",
        Date="Mon, 01 Jan 2024 00:30:00 +0200",
    )
    inner = make_message("Intérieur 50%_", "texte joint\r\n", From="luc@x.org")
    third = (
        b"Subject: Fwd\r\nTo: marie@x.org\r\nDate: 31 Dec 2023 23:30:00 -0500\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>voir</p>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\nsecretbinary\r\n--b--\r\n"
    )
    fourth = make_message("long", "x" * 5000, Date="", Bcc="hidden@x.org", X_Empty=" ")
    new = [
        NewMessage(make_message("Salut", X_Projet="Réseaux"), flags.SEEN, frozenset({"$Label_1"}), JANUARY - 1),
        NewMessage(second, flags.SEEN | flags.FLAGGED, frozenset({"$labelx1"}), JANUARY),
        NewMessage(third, 0, frozenset(), JANUARY + 86_400),
        NewMessage(fourth, flags.DELETED, frozenset(), JANUARY + 86_399),
    ]
    append.append_messages(alice.id, inbox.id, new)
    if request.param == "index without texts":
        monkeypatch.setattr(indexing, "MAX_INDEXED", 0)
    if request.param != "read":
        assert indexing.index_everything() == 4
    return inbox


CASES = [
    (All(), [1, 2, 3, 4]),
    (HasFlag(flags.SEEN), [1, 2]),
    (Not(HasFlag(flags.SEEN)), [3, 4]),
    (HasFlag(flags.SEEN | flags.FLAGGED), [2]),
    (HasKeyword("$label_1"), [1]),
    (UidSet(((2, 3), (9, 12))), [2, 3]),
    (UidSet(()), []),
    (UidSet(tuple((uid, uid) for uid in range(3, 1000))), [3, 4]),
    (And((UidSet(tuple((uid, uid) for uid in range(1, 400, 2))), *[Not(HasFlag(flags.SEEN))] * 990)), [3]),
    (Larger(5000), [4]),
    (Not(Smaller(5000)), [4]),
    (Before(date(2024, 1, 1)), [1]),
    (On(date(2024, 1, 1)), [2, 4]),
    (Since(date(2024, 1, 1)), [2, 3, 4]),
    (On(date(9999, 12, 31)), []),
    (Subject("RÉUNION"), [2]),
    (Subject("union PROJ"), [2]),
    (Subject("intérieur"), []),
    (From_("lefèvre"), [2]),
    (From_("m@X"), [2]),
    (To("bob@"), [1, 2, 4]),
    (Cc("TEAM"), [2]),
    (Bcc("hidden"), [4]),
    (Header("X-Projet", "réseau"), [1]),
    (Header("x-projet", ""), [1]),
    (Header("X-Empty", ""), [4]),
    (Header("X-Empty", "a"), []),
    (Body("l'école élém"), [2]),
    (Body("TEXTE JOINT"), [3]),
    (Body("intérieur 50%_"), [3]),
    (Body("voir"), [3]),
    (Body("secretbinary"), []),
    (Body("Réunion"), []),
    (Text("réunion"), [2]),
    (Text("luc@x"), [3]),
    (Text("x-projet: réseaux"), [1]),
    (Body("ÉCOLE"), [2]),
    (Body("e\u0301cole"), [2]),
    (Body("'é"), [2]),
    (Body("xx\x1e"), []),
    (Subject("S"), [1]),
    (Text("@x"), [2, 3, 4]),
    (Not(Text("@x")), [1]),
    (SentOn(date(2024, 1, 1)), [1, 2, 4]),
    (SentOn(date(2023, 12, 31)), [3]),
    (SentBefore(date(2024, 1, 1)), [3]),
    (SentSince(date(2024, 1, 1)), [1, 2, 4]),
    (SentSince(date(2025, 1, 1)), []),
    (And((HasFlag(flags.SEEN), Subject("salut"))), [1]),
    (And((HasFlag(flags.SEEN), Body("école"))), [2]),
    (Or(HasFlag(flags.DELETED), Body("école")), [2, 4]),
    (Or(Subject("salut"), From_("m@x")), [1, 2]),
    (Not(Or(Body("école"), HasKeyword("$LABEL_1"))), [3, 4]),
    (And((Not(Body("zzz")), Not(Larger(5000)))), [1, 2, 3]),
    (Fuzzy(Subject("reunoin projet")), [2]),
    (Fuzzy(Body("rendezvous")), [2]),
    (Fuzzy(Body("texte jiont")), [3]),
    (Fuzzy(Or(Header("X-Projet", "reseaux"), Cc("taem"))), [1]),
    (Fuzzy(And((HasFlag(flags.SEEN), Not(Subject("salut"))))), [2]),
    (And((Fuzzy(From_("alixe@mondomaine")), Larger(5000))), [4]),
    (And((Or(On(date(2024, 1, 1)), Before(date(2024, 1, 1))), Not(Subject("long")))), [1, 2]),
    (Or(And((Since(date(2024, 1, 2)), Smaller(9999))), And((UidSet(((1, 1),)), Text("salut")))), [1, 3]),
]


@pytest.mark.parametrize(("query", "uids"), CASES, ids=[str(case[0])[:60] for case in CASES])
def test_search(alice, box, query, uids):
    assert search.search(alice.id, box.id, query) == uids


def test_every_column_key_says_the_same_in_sql_and_in_python(alice, box):
    """OR with a key that needs the header sends the other side through Python."""
    for query, uids in CASES:
        assert search.search(alice.id, box.id, And((Or(query, Header("X-None", "")), All()))) == uids


def test_the_likest_has_the_highest_score(alice, box):
    query = Fuzzy(Body("rendezvous l'école"))
    assert search.score(alice.id, box.id, Fuzzy(Body("rendez-vous")), [2]) == {2: 100}
    assert 1 <= search.score(alice.id, box.id, query, [2])[2] < 100
    assert search.score(alice.id, box.id, Fuzzy(Or(Subject("salut"), From_("nobody"))), [1]) == {1: 100}
    assert search.score(alice.id, box.id, Fuzzy(HasFlag(flags.SEEN)), [1, 2]) == {1: 100, 2: 100}


def test_modseq(alice, box):
    base = messages.changes_since(box.id, 0).modseq
    messages.store_flags(alice.id, box.id, [3], "add", flags.SEEN)
    assert search.search(alice.id, box.id, ModSeqAtLeast(base + 1)) == [3]
    assert search.search(alice.id, box.id, Or(ModSeqAtLeast(base + 1), Header("X-None", ""))) == [3]


def test_batches_and_messages_that_go_meanwhile(alice, box, monkeypatch):
    monkeypatch.setattr(search_reading, "BATCH", 2)
    monkeypatch.setattr(search, "BATCH", 2)
    assert search.search(alice.id, box.id, Subject("")) == [1, 2, 3, 4]
    assert search.search(alice.id, box.id, Body("xxxx")) == [4]
    reading = search_reading.reading
    headers, contents = reading.read_headers, reading.read_contents
    monkeypatch.setattr(reading, "read_headers", lambda ids: islice(headers(ids), 1, None))
    monkeypatch.setattr(reading, "read_contents", lambda ids: islice(contents(ids), 1, None))
    assert search.search(alice.id, box.id, Header("To", "bob@")) == [2, 4]


def test_search_in_a_foreign_mailbox(bob, box):
    with pytest.raises(NoSuchMailbox):
        search.search(bob.id, box.id, All())
