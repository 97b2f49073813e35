"""SMTP smuggling: whatever stands where the end of DATA could be, only CRLF . CRLF ends it (RFC 5321 section 4.1.1.4).

Each variant is one that some server took for the end, or forwarded so that the next server did.
"""

import pytest

from protocols.smtp.wire.content import Content, ContentFault
from protocols.smtp.wire.framer import SmtpFramer
from protocols.wirekit.lines import Line

SMUGGLED = b"MAIL FROM:<admin@mondomaine.fr>\r\nRCPT TO:<alice@mondomaine.fr>\r\nDATA\r\nSubject: evil\r\n\r\nevil"
END = b"\r\n.\r\n"
# What stands between the outer text and the smuggled commands; True: it holds a CR or LF that stands alone.
VARIANTS = {
    "LF . LF": (b"\n.\n", True),
    "LF . CRLF": (b"\n.\r\n", True),
    "CRLF . LF": (b"\r\n.\n", True),
    "CR . CR": (b"\r.\r", True),
    "CR . CRLF": (b"\r.\r\n", True),
    "CR . LF": (b"\r.\n", True),
    "LF . CR": (b"\n.\r", True),
    "CRLF . CR": (b"\r\n.\r", True),
    "CRLF CR . CRLF": (b"\r\n\r.\r\n", True),
    "CRLF . CR CRLF": (b"\r\n.\r\r\n", True),
    "CR CRLF . CRLF's beginning": (b"\r\r\n.\n\r\n", True),
    "LF CR . CR LF": (b"\n\r.\r\n", True),
    "CRLF . NUL CRLF": (b"\r\n.\0\r\n", False),
    "CRLF NUL . CRLF": (b"\r\n\0.\r\n", False),
    "CRLF NUL . NUL CRLF": (b"\r\n\0.\0\r\n", False),
    "CR NUL LF . CR NUL LF": (b"\r\0\n.\r\0\n", True),
    "CRLF . blank CRLF": (b"\r\n. \r\n", False),
    "CRLF .. CRLF": (b"\r\n..\r\n", False),
    "VT and FF": (b"\x0b.\x0b\x0c.\x0c", False),
    "NEL": (b"\xc2\x85.\xc2\x85", False),
    "LINE SEPARATOR": (b"\xe2\x80\xa8.\xe2\x80\xa8", False),
}


def read(framer: SmtpFramer, data: bytes, size: int) -> tuple[ContentFault | None, bytes]:
    framer.expect_data(1_000_000)
    for start in range(0, len(data), size):
        framer.feed(data[start : start + size])
    content = framer.next_event()
    assert isinstance(content, Content), "the message did not end"
    value = content.getvalue() if content.fault is None else b""
    content.close()
    return content.fault, value


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize("name", VARIANTS)
def test_nothing_is_smuggled(name, size):
    between, is_bare = VARIANTS[name]
    framer = SmtpFramer()
    fault, value = read(framer, b"Subject: x\r\n\r\nouter" + between + SMUGGLED + END + b"QUIT\r\n", size)
    # The smuggled commands are text of the one message; the only command is the QUIT behind the real end.
    assert framer.next_event() == Line(b"QUIT")
    assert framer.next_event() is None
    assert fault is (ContentFault.BARE_NEWLINE if is_bare else None)
    if not is_bare:
        assert b"MAIL FROM:<admin@mondomaine.fr>" in value


@pytest.mark.parametrize("size", [1, 2, 3, 10_000])
@pytest.mark.parametrize("between", [b"\n", b"\r", b"\n\n", b"a\r\r\nb", b"\r\n\r"])
def test_a_lone_cr_or_lf_anywhere_refuses_the_message(between, size):
    framer = SmtpFramer()
    assert read(framer, b"a" + between + b"b" + END, size) == (ContentFault.BARE_NEWLINE, b"")


@pytest.mark.parametrize("size", [1, 2, 3, 10_000])
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b".a\r\n.\r\n", b"a\r\n"),
        (b"a\r\n..\r\n...b\r\n.c.\r\n.\r\n", b"a\r\n.\r\n..b\r\nc.\r\n"),
        (b"a.\r\n.\r\n", b"a.\r\n"),
        (b"\r\n\r\n.\r\n", b"\r\n\r\n"),
    ],
)
def test_dots_are_removed_where_they_were_added(sent, kept, size):
    framer = SmtpFramer()
    assert read(framer, sent + b"NOOP\r\n", size) == (None, kept)
    assert framer.next_event() == Line(b"NOOP")
