"""Messages written here, read back by us and by the standard library."""

import email
import email.policy
from datetime import timedelta, timezone

import pytest

from mailformat import mime
from mailformat.addresses import Mailbox
from mailformat.compose import Attachment, Draft, build
from mailformat.summary import summarize

ALICE = Mailbox("Alice Lefèvre", "alice", "mondomaine.fr")
BOB = Mailbox("Durand, Bob", "bob", "mondomaine.fr")
LONG_NAME = "Compte rendu de la réunion du comité — “version définitive”.pdf"


def draft(**changes) -> Draft:
    values = {"from_": ALICE, "to": (BOB,), "subject": "Salut !", "text": "Salut Bob !\n", "date": 1_795_420_800}
    return Draft(**{**values, **changes})


def parsed(data: bytes):
    return email.message_from_bytes(data, policy=email.policy.default)


def test_plain_text_byte_by_byte():
    data = build(draft(message_id="1@x", in_reply_to="0@x", references=("a@x", "0@x"), tz=timezone(timedelta(hours=1))))
    assert data == (
        b"Date: Mon, 23 Nov 2026 09:00:00 +0100\r\n"
        b"From: =?utf-8?b?QWxpY2UgTGVmw6h2cmU=?= <alice@mondomaine.fr>\r\n"
        b'To: "Durand, Bob" <bob@mondomaine.fr>\r\n'
        b"Subject: Salut !\r\n"
        b"Message-ID: <1@x>\r\n"
        b"In-Reply-To: <0@x>\r\n"
        b"References: <a@x> <0@x>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=us-ascii\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Salut Bob !\r\n"
    )


def test_bcc_stays_out_of_the_wire_form():
    secret = draft(bcc=(Mailbox("", "marie", "mondomaine.fr"),))
    assert b"marie" not in build(secret)
    assert b"Bcc: marie@mondomaine.fr\r\n" in build(secret, with_bcc=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no line end",
        "été\n",
        "trailing space \n-- \nAlice\n",
        ".\n..\nFrom me\n",
        "long " * 100 + "\n",
        "é" * 2000 + "\n",
        "日本語" * 50 + "\n",
        "a\r\nb\rc\nd",
        "x" * 5000,
        "=?utf-8?q?no?= =3D",
        "tab\tend\t\n",
        "\x00nul",
        "😀 \ud800",
    ],
)
@pytest.mark.parametrize("html", [None, "<p>été</p>"])
def test_text_survives(text, html):
    data = build(draft(text=text, html=html))
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.replace(b"\r\n", b"").isascii() and b"\n" not in data.replace(b"\r\n", b"")
    root = mime.scan(data)
    part = root.children[0] if html else root
    expected = text.replace("\x00", "").replace("\ud800", "?").replace("\r\n", "\n").replace("\r", "\n")
    assert mime.text_of(data, part).replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")


def test_the_whole_tree():
    data = build(
        draft(
            text="Bonjour",
            html='<p>Bonjour <img src="cid:logo@x">',
            attachments=(
                Attachment("logo.png", "image/png", b"\x89PNG" * 100, "logo@x"),
                Attachment(LONG_NAME, "application/pdf", b"%PDF" * 100),
                Attachment("note.txt", "text/plain; charset=utf-8", "été".encode()),
                Attachment("fwd.eml", "message/rfc822", b"Subject: x\r\n\r\nbody\r\n"),
            ),
        )
    )
    root = mime.scan(data)
    assert [(part.number, part.content_type, part.disposition) for part in root.walk()] == [
        ("", "multipart/mixed", ""),
        ("1", "multipart/alternative", ""),
        ("1.1", "text/plain", ""),
        ("1.2", "multipart/related", ""),
        ("1.2.1", "text/html", ""),
        ("1.2.2", "image/png", "inline"),
        ("2", "application/pdf", "attachment"),
        ("3", "text/plain", "attachment"),
        ("4", "message/rfc822", "attachment"),
        ("4.1", "text/plain", ""),
    ]
    assert mime.find_part(root, "1.2.2").content_id == "logo@x"
    assert mime.decoded(data, mime.find_part(root, "2")) == b"%PDF" * 100
    assert mime.text_of(data, mime.find_part(root, "3")) == "été"
    assert mime.find_part(root, "4").encoding == "7bit"
    theirs = parsed(data)
    assert [part.get_filename() for part in theirs.iter_attachments()] == [LONG_NAME, "note.txt", "fwd.eml"]
    assert not [defect for part in theirs.walk() for defect in part.defects]
    assert summarize(data).has_attachments


def test_a_picture_without_html_is_an_attachment():
    data = build(draft(attachments=(Attachment("a.png", "image/png", b"x", "a@x"),)))
    assert [part.content_type for part in mime.scan(data).walk()] == ["multipart/mixed", "text/plain", "image/png"]


@pytest.mark.parametrize(
    "name", ["a.txt", 'q"uo\\te.txt', LONG_NAME, "x" * 300, "日本語.txt", "é", "a;b=c.txt", "100%.txt", "a'b"]
)
def test_file_names(name):
    data = build(draft(attachments=(Attachment(name, "text/plain", b"x"),)))
    assert mime.scan(data).children[1].filename == name
    assert next(parsed(data).iter_attachments()).get_filename() == name
    assert max(map(len, data.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Bob",
        "Bob Durand",
        "Durand, Bob",
        'Bob "Bobby" Durand',
        "René",
        "é" * 200,
        "=?utf-8?q?x?=",
        "a@b",
        "J. R.",
        "日本 太郎",
        "(x)",
    ],
)
def test_names(name):
    data = build(draft(to=(Mailbox(name, "bob", "mondomaine.fr"), BOB)))
    assert summarize(data).recipients == f"{name or 'bob@mondomaine.fr'}, Durand, Bob"
    theirs = [each.display_name for each in parsed(data)["To"].addresses]
    if len(name) < 100:  # Python 3.11 puts spaces between adjacent encoded words (RFC 2047 section 6.2 forbids)
        assert theirs == [name, "Durand, Bob"]
    assert max(map(len, data.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "subject",
    ["", "x", "Réunion d'équipe " * 20, "word " * 60 + "end", "x" * 2000, "=?utf-8?q?x?=", "日本語" * 100, "a  b"],
)
def test_subjects(subject):
    data = build(draft(subject=subject))
    assert summarize(data).subject == subject.strip()
    assert parsed(data)["Subject"] == subject.strip()
    assert max(map(len, data.split(b"\r\n"))) <= 78


def test_nothing_can_inject_a_line():
    evil = "x\r\nBcc: eve@evil.example\r\n\r\nbody"
    data = build(
        Draft(
            Mailbox(evil, evil, evil),
            to=(Mailbox(evil, "a\r\nb", "c>\r\nX: y"),),
            subject=evil,
            attachments=(Attachment(evil, "text/plain\r\nX-Evil: y", b"x", evil),),
            html="x",
            message_id=evil,
            in_reply_to=evil,
            references=(evil,),
        )
    )
    assert not parsed(data)["Bcc"]
    assert b"\r\nX" not in data and b"\r\nbody" not in data
    names = {line.split(b":")[0] for line in data.split(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] not in b" \t"}
    assert names == {
        b"Date",
        b"From",
        b"To",
        b"Subject",
        b"Message-ID",
        b"In-Reply-To",
        b"References",
        b"MIME-Version",
        b"Content-Type",
    }


@pytest.mark.parametrize(
    ("content", "kind", "encoding"),
    [
        (b"Subject: x\r\n\r\nbody\r\n", "message/rfc822", "7bit"),
        ("Subject: é\r\n\r\nbody\r\n".encode(), "message/rfc822", "8bit"),
        (b"Subject: x\n\nbody\n", "application/octet-stream", "base64"),
        (b"Subject: \x00\r\n\r\n", "application/octet-stream", "base64"),
        (b"x" * 2000, "application/octet-stream", "base64"),
    ],
)
def test_attached_messages_travel_unchanged(content, kind, encoding):
    data = build(draft(attachments=(Attachment("m.eml", "message/rfc822", content),)))
    part = mime.scan(data).children[1]
    assert (part.content_type, part.encoding) == (kind, encoding)
    assert mime.decoded(data, part) == content


def test_a_boundary_is_never_in_the_content():
    once = build(draft(attachments=(Attachment("m.eml", "message/rfc822", b"A: b\r\n\r\n"),)))
    boundary = mime.scan(once).params["boundary"]
    again = b"A: b\r\n\r\n--" + boundary.encode() + b"--\r\n"
    data = build(draft(attachments=(Attachment("m.eml", "message/rfc822", again),)))
    assert mime.decoded(data, mime.scan(data).children[1]) == again
    assert once == build(draft(attachments=(Attachment("m.eml", "message/rfc822", b"A: b\r\n\r\n"),)))
