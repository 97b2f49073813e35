"""NULs go into base64, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailformat import mime
from mailformat.binary import without_nuls

MIXED = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\nPreamble\r\n"
    b"--b\r\n\r\nSalut\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <x>\r\n\r\n%b\r\n--b--\r\n"
)


def test_a_part_with_nuls_is_encoded_and_the_rest_is_as_it_was():
    octets = bytes(range(256)) * 2
    changed = without_nuls(MIXED % octets)
    before = (MIXED % b"").split(b"binary\r\n")[0]
    assert changed.startswith(before + b"base64\r\nContent-ID: <x>\r\n\r\n")
    assert changed.endswith(b"\r\n--b--\r\n")
    part = mime.find_part(mime.scan(changed), "2")
    assert (part.encoding, mime.decoded(changed, part)) == ("base64", octets)
    assert max(map(len, changed.splitlines())) <= 76


def test_without_nuls_nothing_changes():
    assert without_nuls(MIXED % b"\xff\xfe") == MIXED % b"\xff\xfe"


def test_a_message_that_is_one_part_becomes_mime():
    changed = without_nuls(b"Subject: x\r\n\r\na\0b")
    assert changed == b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBi\r\n"
    assert without_nuls(b"\r\na\0b") == b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBi\r\n"


def test_a_part_of_an_attached_message():
    inner = b"Content-Transfer-Encoding: 8bit\r\nContent-Type: audio/x\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\0"
    changed = without_nuls(b"MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + inner)
    assert changed.endswith(b"rfc822\r\n\r\nContent-Transfer-Encoding: base64\r\nContent-Type: audio/x\r\n\r\nAAA=\r\n")


@pytest.mark.parametrize(
    "message",
    [
        b"Subject: a\0b\r\n\r\nx",
        MIXED.replace(b"Preamble", b"\0") % b"",
        MIXED.replace(b"binary", b"base64") % b"AA\0A",
        MIXED.replace(b"binary", b"x-unknown") % b"\0",
        b"Content-Type: message/external-body\r\n\r\n\0",
        b"Content-Type: multipart/mixed\r\n\r\n\0",
    ],
)
def test_where_no_encoding_reaches(message):
    assert without_nuls(message) is None


@given(st.binary(max_size=300))
def test_no_octet_of_a_part_is_lost(octets):
    message = MIXED % (b"\0" + octets.replace(b"--b", b""))
    changed = without_nuls(message)
    assert b"\0" not in changed
    before, after = (mime.find_part(mime.scan(each), "2") for each in (message, changed))
    assert mime.decoded(changed, after) == mime.decoded(message, before)
