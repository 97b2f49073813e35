"""IMAP URLs of messages, as CATENATE takes them."""

import pytest

from protocols.imap.wire.fetch_items import Section
from protocols.imap.wire.message_urls import BadUrl, MessageUrl, parse_message_url
from protocols.imap.wire.sequences import MAX_NUMBER

WHOLE = Section("", "", (), True, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (b"/INBOX/;UID=1", MessageUrl("INBOX", 0, 1, WHOLE)),
        (b"/Drafts;UIDVALIDITY=385759045/;uid=20", MessageUrl("Drafts", 385759045, 20, WHOLE)),
        (b"/Drafts/;UID=3002", MessageUrl("Drafts", 0, 3002, WHOLE)),
        (b"/Drafts//;UID=3002", MessageUrl("Drafts", 0, 3002, WHOLE)),
        (b"/a/R%C3%A9&b=c/;UID=1", MessageUrl("a/Ré&b=c", 0, 1, WHOLE)),
        (b"/a%3Bb/;UID=1/;section=1.2.MIME", MessageUrl("a;b", 0, 1, Section("1.2", "MIME", (), True, None))),
        (b"/a/;UID=1/;SECTION=TEXT/;PARTIAL=3.4", MessageUrl("a", 0, 1, Section("", "TEXT", (), True, (3, 4)))),
        (b"/a/;UID=1/;PARTIAL=3", MessageUrl("a", 0, 1, Section("", "", (), True, (3, MAX_NUMBER)))),
        (
            b"/a/;UID=1/;SECTION=HEADER.FIELDS%20(To%20Cc)",
            MessageUrl("a", 0, 1, Section("", "HEADER.FIELDS", (b"To", b"Cc"), True, None)),
        ),
        (b";UID=7", MessageUrl("x/Ré;é", 0, 7, WHOLE)),
        (b"y/;UID=7", MessageUrl("x/y", 0, 7, WHOLE)),
    ],
)
def test_a_message_and_its_parts(url, expected):
    assert parse_message_url(url, "x/Ré;é") == expected


@pytest.mark.parametrize(
    "url",
    [
        b"", b"/", b"/INBOX", b"/INBOX/;UID=0", b"/INBOX/;UID=1/", b"/INBOX/;UID=x", b"imap://h/INBOX/;UID=1",
        b"//h/INBOX/;UID=1", b"/INBOX/;UID=1/;SECTION=", b"/INBOX/;UID=1/;SECTION=MIME", b"/%80/;UID=1", b"/a b/;UID=1",
        b"/a%2/;UID=1", b"/a/;UID=1/;PARTIAL=", b"/a/;UID=1/;PARTIAL=1.0", b"/a;UIDVALIDITY=0/;UID=1", b"/a?x/;UID=1",
        b"/a/;UID=1;URLAUTH=anonymous", b"/a/;UID=1/;SECTION=1]", b"/a;UIDVALIDITY=4294967296/;UID=1", b";UID=1",
    ],
)  # fmt: skip
def test_what_names_no_message(url):
    with pytest.raises(BadUrl):
        parse_message_url(url)


def test_a_bad_url_is_told_in_characters_that_a_code_may_have():
    assert BadUrl(b"/a]b\\\xc3\r\n c").text == b"/a%5Db%5C%C3%0D%0A%20c"
    assert BadUrl(b"").text == b"%20"
