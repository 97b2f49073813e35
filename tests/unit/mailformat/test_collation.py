"""i;unicode-casemap (RFC 5051) and the base subject (RFC 5256 section 2.1)."""

import pytest

from mailformat.basesubject import base_subject
from mailformat.collation import fold
from mailformat.searchkeys import search_keys


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Éte", "ÉTÉ"[:2] + "e"), ("é", "e\u0301"), ("ß", "ß"), ("ǆ", "DŽ"), ("ﬁn", "FIN"), ("ς", "Σ"), ("ſ", "s"),
        ("Å", "å"), ("½", "1⁄2"), ("привет", "ПРИВЕТ"), ("ｱ", "ア"),
    ],
)  # fmt: skip
def test_equal(left, right):
    assert fold(left) == fold(right)


def test_what_is_not_equal():
    assert fold("ß") != fold("ss")  # titlecase of UnicodeData.txt, not that of SpecialCasing.txt
    assert fold("ete") != fold("été")
    assert fold("가") == "가"  # UnicodeData.txt has no decomposition of Hangul syllables


def test_order_is_that_of_the_folded_octets():
    words = ["zoo", "Éte", "eta", "ETB", "été"]
    assert sorted(words, key=fold) == ["eta", "ETB", "Éte", "été", "zoo"]


def test_anything_folds():
    assert fold("\ud800") == "?"
    assert fold(fold("Ｆｕｌｌ ﷺ")) == fold("Ｆｕｌｌ ﷺ")


@pytest.mark.parametrize(
    ("subject", "base", "is_reply"),
    [
        ("hello", "hello", False),
        ("Re: hello", "hello", True),
        ("RE:re : Fw: FWD[5]: hello", "hello", True),
        ("[list] hello", "hello", False),
        ("Re: [list] [b] hello [c]", "hello [c]", True),
        ("[a] Re: [b]: hello", ": hello", True),
        ("[only]", "[only]", False),
        ("[a] [b]", "[b]", False),
        ("hello (fwd)  (FWD) ", "hello", True),
        ("[fwd: hello]", "hello", True),
        ("[Fwd: Re: [list] hello (fwd)]", "hello", True),
        ("[fwd: hello", "[fwd: hello", False),
        ("a\t\r\n b   c", "a b c", False),
        ("Réf: hello", "Réf: hello", False),
        ("Re", "Re", False),
        ("Re:", "", True),
        ("", "", False),
        ("re: [x", "[x", True),
    ],
)
def test_base_subjects(subject, base, is_reply):
    assert base_subject(subject) == (base, is_reply)


def test_a_hostile_subject_ends():
    assert base_subject("Re:" * 600)[0] == ""
    assert base_subject("[a]" * 600 + "x")[0] == "x"
    assert base_subject("[fwd:" * 900 + "x" + "]" * 900)[1]


def test_keys_of_a_header():
    keys = search_keys(
        b"From: friends: =?utf-8?q?Zo=C3=A9?= <zoe@x.org>;\r\nTo: Bob <bob@x.org>,\r\n ann@x.org\r\nTo: third@x.org\r\n"
        b'Message-ID: <"a b"@x>\r\nReferences: <1@x> junk <"2"@x>\r\n <3@x>\r\nIn-Reply-To: <9@x>\r\n'
        b"Subject: Re: =?utf-8?q?=C3=A9t=C3=A9?=\r\nDate: Mon, 1 Jan 2024 00:30:00 +0200\r\n\r\n"
    )
    assert (keys.from_mailbox, keys.display_from) == ("FRIENDS", "FRIENDS")  # the group, as ENVELOPE has it
    assert (keys.to_mailbox, keys.display_to) == ("BOB", "BOB")
    assert keys.recipients == "BOB <BOB@X.ORG>, ANN@X.ORG\x1eTHIRD@X.ORG"
    assert keys.ancestors == "1@x 2@x 3@x"
    assert keys.message_id == "a\\ b@x"
    assert (keys.base_subject, keys.is_reply) == (fold("été"), True)
    assert (keys.sent_at, keys.sent_day) == (1_704_061_800, 19_723)


def test_in_reply_to_where_references_have_no_ids():
    keys = search_keys(b"References: none\r\nIn-Reply-To: <9@x> (bob@x.org) <8@x>\r\nDate: soon\r\n\r\n")
    assert (keys.ancestors, keys.sent_at, keys.sent_day) == ("9@x", None, None)
    assert search_keys(b"").message_id == ""
