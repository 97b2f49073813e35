"""What is computed at delivery."""

import time

import pytest

from mailformat import mime
from mailformat.limits import MAX_DISPLAY, MAX_STRING_OCTETS
from mailformat.summary import summarize
from tests.unit.mailformat.imapreader import read

MESSAGE = """\
Date: Mon, 23 Nov 2026 09:00:00 +0100
From: =?utf-8?q?Alice_Lef=C3=A8vre?= <alice@mondomaine.fr>
To: Bob <bob@mondomaine.fr>, Team: marie@mondomaine.fr;
Cc: x@y.org
Subject: =?utf-8?q?R=C3=A9union?=
Message-ID: <1@mondomaine.fr>
In-Reply-To: <0@mondomaine.fr>
References: <a@x> junk <0@mondomaine.fr>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Le lundi, Bob a écrit :
> Quand ?

Demain,   à neuf
heures.
--\x20
Alice
""".replace("\n", "\r\n").encode()


def test_every_field():
    summary = summarize(MESSAGE)
    assert summary.subject == "Réunion"
    assert (summary.sender, summary.sender_address) == ("Alice Lefèvre", "alice@mondomaine.fr")
    assert summary.recipients == "Bob, marie@mondomaine.fr, x@y.org"
    assert summary.message_id == "1@mondomaine.fr"
    assert summary.in_reply_to == "0@mondomaine.fr"
    assert summary.references == ("a@x", "0@mondomaine.fr")
    assert summary.sent_at == 1_795_420_800
    assert summary.preview == "Demain, à neuf heures."
    assert summary.has_attachments is False
    assert summary.size == len(MESSAGE)
    assert MESSAGE[summary.header_size - 4 : summary.header_size] == b"\r\n\r\n"
    assert mime.load(summary.structure) == mime.scan(MESSAGE)
    who = [[b"=?utf-8?q?Alice_Lef=C3=A8vre?=", None, b"alice", b"mondomaine.fr"]]
    assert read(summary.envelope) == [
        b"Mon, 23 Nov 2026 09:00:00 +0100",
        b"=?utf-8?q?R=C3=A9union?=",
        who,
        who,
        who,
        [
            [b"Bob", None, b"bob", b"mondomaine.fr"],
            [None, None, b"Team", None],
            [None, None, b"marie", b"mondomaine.fr"],
            [None, None, None, None],
        ],
        [[None, None, b"x", b"y.org"]],
        None,
        b"<0@mondomaine.fr>",
        b"<1@mondomaine.fr>",
    ]
    size = len(MESSAGE.split(b"\r\n\r\n", 1)[1])
    assert summary.body == b'("text" "plain" ("charset" "utf-8") NIL NIL "8bit" %d 7)' % size


def test_an_unusable_date_is_the_arrival():
    assert summarize(b"Date: soon\r\n\r\n", arrived=17).sent_at == 17
    assert summarize(b"\r\n", arrived=17).sent_at == 17
    assert summarize(b"Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n\r\n", arrived=17).sent_at == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n", b"\n", b"\x00", b"\x00" * 1000, b"\xff" * 1000, b":", b"a", b"\r", b"Subject: \x00\r\n\r\n\x00"],
)
def test_next_to_nothing(data):
    summary = summarize(data)
    assert len(read(summary.envelope)) == 10
    read(summary.body)
    read(summary.bodystructure)
    assert "\x00" not in summary.subject + summary.preview + summary.sender
    assert summary.header_size <= summary.size == len(data)


def test_strings_of_fragments():
    """Quoted where US-ASCII, a literal for 8 bit (RFC 3501 section 4.3), NUL nowhere (section 9, CHAR8)."""
    data = 'Subject: a "b" \\ c\r\nFrom: é <x@y>\r\nTo: a\x00b@c\r\nMessage-ID: \x00é\r\n\r\n'.encode()
    envelope = summarize(data).envelope
    assert b'"a \\"b\\" \\\\ c"' in envelope
    assert b"{2}\r\n\xc3\xa9" in envelope
    assert b"\x00" not in envelope
    assert read(envelope)[9] == "é".encode()
    assert read(envelope)[5][0][2] == b"ab"


def test_empty_multipart_is_still_valid():
    data = b"Content-Type: multipart/mixed\r\n\r\nnothing"
    assert read(summarize(data).body)[1] == b"mixed"


@pytest.mark.parametrize(
    "data",
    [
        b"X: y\r\n" * 100_000 + b"Subject: end\r\n\r\nbody",
        b"Subject: end\r\n" + b" fold\r\n" * 100_000 + b"\r\nbody",
        b"Subject: end\r\nTo: a@b\r\n" + b"To: a@b, c@d\r\n" * 100_000 + b"\r\nbody",
        b"Subject: end\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 9000,
        b"Subject: end\r\nContent-Type: message/rfc822\r\n\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5000,
        b"Subject: end\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        b"Subject: end\r\nContent-Type: text/plain\r\n\r\n" + b"> quoted\n" * 100_000,
        b"Subject: end\r\nReferences: " + b"<" * 200_000 + b"\r\n\r\n",
    ],
)
def test_hostile_messages(data):
    start = time.process_time()
    summary = summarize(data)
    assert time.process_time() - start < 5
    assert summary.subject.startswith("end")
    read(summary.bodystructure)


def test_long_values_are_cut_in_fragments_only():
    data = b"Subject: " + b"x" * 3_000_000 + b"\r\n\r\n"
    summary = summarize(data)
    assert len(read(summary.envelope)[1]) == MAX_STRING_OCTETS
    assert len(summary.subject) == MAX_DISPLAY
    assert summary.header_size == len(data)


def test_100_levels_have_valid_fragments():
    data = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(100))
    summary = summarize(data + b"\r\nheart")
    inside = read(summary.bodystructure)
    for _ in range(100):
        inside = inside[0]
    assert inside[:2] == [b"text", b"plain"]
    nested = read(summarize(b"Content-Type: message/rfc822\r\n\r\n" * 100 + b"\r\nheart").bodystructure)
    for _ in range(100):
        nested = nested[8]
    assert nested[:2] == [b"text", b"plain"]


def html(body: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            html("<head><title>T</title><style>p{}</style></head><p>Bonjour&nbsp;<b>Bob</b></p><script>x()</script>"),
            "Bonjour Bob",
        ),
        (html("pre\u200b\u200c\u00adview"), "preview"),
        (b"Content-Transfer-Encoding: base64\r\n\r\nQm9uam91ciBCb2I=", "Bonjour Bob"),
        (b"\r\n> only\r\n> quoted", "only quoted"),
        (b"\r\nYes.\r\n\r\n-----Original Message-----\r\nno", "Yes."),
        (b"\r\n" + b"word " * 1000, ("word " * 40).strip()),
        (b"\r\n" + "é".encode() * 5000, "é" * 200),
        (b"Content-Type: application/pdf\r\n\r\n%PDF", ""),
        (
            b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--b\r\n\r\nplain\r\n--b--",
            "plain",
        ),
    ],
)
def test_preview(data, expected):
    assert summarize(data).preview == expected


def multipart(subtype: str, *parts: str) -> bytes:
    inside = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"Content-Type: multipart/{subtype}; boundary=b\r\n\r\n{inside}--b--\r\n".encode()


TEXT = "Content-Type: text/plain\r\n\r\nhello"
HTML = "Content-Type: text/html\r\n\r\n<p>hello"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\r\nhello", False),
        (multipart("alternative", TEXT, HTML), False),
        (multipart("alternative", TEXT, HTML, "Content-Type: text/calendar\r\n\r\nBEGIN"), False),
        (multipart("mixed", TEXT), False),
        (multipart("mixed", TEXT, "Content-Type: application/pdf\r\n\r\nx"), True),
        (multipart("mixed", TEXT, "Content-Type: text/plain; name=a.txt\r\n\r\nx"), True),
        (multipart("mixed", TEXT, "Content-Disposition: attachment\r\n\r\nx"), True),
        (multipart("mixed", TEXT, "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny"), True),
        (
            multipart(
                "mixed", TEXT, "Content-Type: image/jpeg; name=holiday.jpg\r\nContent-Disposition: inline\r\n\r\nx"
            ),
            True,
        ),
        (multipart("related", HTML, "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\r\nx"), False),
        (
            multipart(
                "related",
                HTML,
                "Content-Type: image/png; name=a.png\r\nContent-ID: <a@b>\r\nContent-Disposition: attachment\r\n\r\nx",
            ),
            False,
        ),
        (multipart("related", HTML, "Content-Type: application/pdf; name=a.pdf\r\n\r\nx"), True),
        (
            multipart(
                "signed",
                TEXT,
                "Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Disposition: attachment\r\n\r\nx",
            ),
            False,
        ),
        (
            multipart(
                "report",
                TEXT,
                "Content-Type: message/delivery-status\r\n\r\nx",
                "Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\n",
            ),
            False,
        ),
        (b"Content-Type: application/pdf; name=a.pdf\r\n\r\n%PDF", True),
    ],
)
def test_has_attachments(data, expected):
    assert summarize(data).has_attachments is expected
