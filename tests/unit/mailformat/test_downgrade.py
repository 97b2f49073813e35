"""Internationalized headers for readers of ASCII (RFC 6858 section 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailformat.addresses import mailboxes
from mailformat.downgrade import downgrade
from mailformat.headers import all_values, decode, fields, find
from mailformat.scanner import scan


def message(*lines, body="corps é\r\n"):
    return ("".join(f"{line}\r\n" for line in lines) + "\r\n" + body).encode()


def headers_are_ascii(data):
    """All their fields, that is: a line without a name is none."""
    headers = [data[part.header_start : part.body_start] for part in scan(data).walk()]
    return all(
        not field.name or header[field.start : field.end].isascii() for header in headers for field in fields(header)
    )


def test_ascii_is_left_alone():
    data = message("Subject: plain", body="corps\r\n")
    assert downgrade(data) is data
    with_body = message("Subject: plain")
    assert downgrade(with_body) == with_body


def test_subject_and_names_become_encoded_words():
    data = message(
        "Subject: Réunion à Genève, avec beaucoup de mots pour que la ligne soit trop longue",
        "From: Élodie Müller <elodie@exemple.org>",
        "To: bob@mondomaine.fr,\r\n  Zoé <zoe@mondomaine.fr>",
        "X-Plain: kept",
    )
    out = downgrade(data)
    assert headers_are_ascii(out)
    assert all(len(line) <= 78 for line in out.partition(b"\r\n\r\n")[0].split(b"\r\n"))
    assert decode(find(out, "subject")) == "Réunion à Genève, avec beaucoup de mots pour que la ligne soit trop longue"
    assert [(m.name, m.address) for m in mailboxes(find(out, "from"))] == [("Élodie Müller", "elodie@exemple.org")]
    assert [(m.name, m.address) for m in mailboxes(find(out, "to"))] == [
        ("", "bob@mondomaine.fr"),
        ("Zoé", "zoe@mondomaine.fr"),
    ]
    assert b"X-Plain: kept\r\n" in out
    assert out.endswith("\r\n\r\ncorps é\r\n".encode())


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("élodie@exemple.org", "élodie@exemple.org", "invalid@internationalized-address.invalid"),
        ("Élodie <élodie@exemple.org>", "Élodie (élodie@exemple.org)", "invalid@internationalized-address.invalid"),
        ("elodie@bücher.example", "", "elodie@xn--bcher-kva.example"),
        ("Élodie <elodie@bücher.example>", "Élodie", "elodie@xn--bcher-kva.example"),
        ("élodie@bücher.example", "élodie@bücher.example", "invalid@internationalized-address.invalid"),
    ],
)
def test_an_address_that_ascii_cannot_write(written, name, address):
    out = downgrade(message(f"From: {written}"))
    assert headers_are_ascii(out)
    assert [(m.name, m.address) for m in mailboxes(find(out, "from"))] == [(name, address)]


def test_groups_stay_groups():
    out = downgrade(message("To: Amis é: zoé@exemple.org, bob@exemple.org;, marie@exemple.org"))
    assert headers_are_ascii(out)
    value = find(out, "to")
    assert decode(value.partition(b" :")[0]) == "Amis é"
    assert [m.address for m in mailboxes(value)][1:] == ["bob@exemple.org", "marie@exemple.org"]


def test_junk_in_an_address_field_is_shown_as_nobody():
    out = downgrade(message("From: é"))
    assert [m.domain for m in mailboxes(find(out, "from"))] == ["internationalized-address.invalid"]
    assert "é" in decode(find(out, "from"))


def test_what_cannot_be_said_is_left_out():
    out = downgrade(message("Received: from é by è", "Réponse: x", "X-Mot: é", "Subject: s"))
    assert out == message("Subject: s")


def test_a_line_that_is_no_field_is_text_and_stays():
    in_a_header = message("Subject: s", "pas un champ é", "X-Plain: kept")
    assert downgrade(in_a_header) == in_a_header
    without_a_blank_line = message(
        "Content-Type: multipart/mixed; boundary=x",
        body="--x\r\nHéllo only text\r\n--x\r\n\r\nthe second é\r\n--x--\r\n",
    )
    assert downgrade(without_a_blank_line) == without_a_blank_line
    text_alone = "Bonjour à tous\r\n".encode()
    assert downgrade(text_alone) == text_alone


def test_legacy_octets_in_a_header_are_read_as_they_are_shown():
    out = downgrade(b"Subject: caf\xe9\r\n\r\ncaf\xe9\r\n")
    assert decode(find(out, "subject")) == "café"
    assert out.endswith(b"\r\n\r\ncaf\xe9\r\n")


PARTS = """\
Subject: deux\r
Content-Type: multipart/mixed; boundary="{boundary}"; comment="é"\r
\r
préambule\r
--{boundary}\r
Content-Type: application/pdf; name="résumé.pdf"\r
Content-Disposition: attachment; filename="résumé.pdf"; size=3\r
Content-Description: Le résumé\r
\r
é..\r
--{boundary}\r
Content-Type: message/global\r
\r
Subject: été\r
\r
dedans é\r
--{boundary}\r
Content-Type: message/rfc822\r
\r
Subject: hiver é\r
From: zoé@exemple.org\r
\r
dedans é\r
--{boundary}--\r
épilogue\r
"""


def test_parts_and_attached_messages():
    data = PARTS.format(boundary="b" * 70).encode()
    out = downgrade(data)
    before, after = scan(data), scan(out)
    assert headers_are_ascii(out)
    assert [part.filename for part in after.walk()] == [part.filename for part in before.walk()]
    assert "résumé.pdf" in [part.filename for part in after.walk()]
    assert [part.content_type for part in after.walk()] == [part.content_type for part in before.walk()]
    assert b'boundary="' + b"b" * 70 + b'"' in out
    inner = next(part.message for part in after.walk() if part.message is not None)
    assert decode(all_values(out[inner.header_start : inner.body_start], "subject")[0]) in ("été", "hiver é")
    for kept in ("préambule", "é..", "dedans é", "épilogue"):
        assert kept.encode() in out
    assert downgrade(out) == out


def test_a_content_type_that_is_no_ascii_is_left_out():
    assert downgrade(message("Content-Type: téxt/plain; a=b", "Subject: s")) == message("Subject: s")


@given(st.binary(max_size=300))
def test_any_bytes(data):
    assert headers_are_ascii(downgrade(data))


WORDS = ["From: ", "To: ", "Subject: ", "Content-Type: ", "é", "a@b", "\r\n", *'"<>,;:= ()\\']


@given(st.lists(st.sampled_from(WORDS)))
def test_any_header(words):
    assert headers_are_ascii(downgrade(("".join(words) + "\r\n\r\né").encode()))
