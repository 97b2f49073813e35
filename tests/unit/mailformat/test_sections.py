"""BODY[...] (RFC 3501 section 6.4.5)."""

import pytest

from mailformat import mime
from mailformat.sections import SectionSpec, section
from tests.unit.mailformat.test_mime import NESTED

SIMPLE = b"Subject: x\r\nTo: a@b\r\n\r\nhello\r\n"


def get(data, part="", text="", fields=()):
    return section(data, mime.scan(data), SectionSpec(part, text, tuple(fields)))


def test_a_simple_message():
    assert get(SIMPLE) == SIMPLE
    assert get(SIMPLE, text="HEADER") == b"Subject: x\r\nTo: a@b\r\n\r\n"
    assert get(SIMPLE, text="TEXT") == get(SIMPLE, "1") == b"hello\r\n"
    assert get(SIMPLE, "1", "MIME") == b"Subject: x\r\nTo: a@b\r\n\r\n"
    assert get(SIMPLE, text="HEADER.FIELDS", fields=[b"TO"]) == b"To: a@b\r\n\r\n"
    assert get(SIMPLE, text="HEADER.FIELDS.NOT", fields=[b"to"]) == b"Subject: x\r\n\r\n"
    for part, text in (("2", ""), ("1.1", ""), ("1", "HEADER"), ("1", "TEXT"), ("", "MIME"), ("", "nonsense")):
        assert get(SIMPLE, part, text) is None


def test_attached_messages():
    assert get(NESTED, "2", "HEADER") == b"Subject: inner\r\nContent-Type: multipart/mixed; boundary=deep\r\n\r\n"
    assert get(NESTED, "2", "HEADER.FIELDS", [b"subject"]) == b"Subject: inner\r\n\r\n"
    assert get(NESTED, "2").startswith(b"Subject: inner\r\n")
    assert get(NESTED, "2") == get(NESTED, "2", "HEADER") + get(NESTED, "2", "TEXT")
    assert get(NESTED, "2", "MIME").endswith(b"filename=fwd.eml\r\n\r\n")
    assert get(NESTED, "2.1") == b"first"
    assert get(NESTED, "2.2", "MIME").startswith(b"Content-Type: application/pdf")
    assert get(NESTED, "3.1") == b"hello"
    assert get(NESTED, "3", "TEXT") == b"hello"
    assert get(NESTED, "1", "HEADER") is None


@pytest.mark.parametrize("stored", [False, True])
def test_the_whole_from_its_halves(stored):
    root = mime.load(mime.dump(mime.scan(NESTED))) if stored else mime.scan(NESTED)
    header = section(NESTED, root, SectionSpec(text="HEADER"))
    assert header + section(NESTED, root, SectionSpec(text="TEXT")) == NESTED
