"""Dates of messages."""

from datetime import timedelta, timezone

import pytest

from mailformat import dates

MORNING = 1795420800  # 2026-11-23 08:00:00 UTC


@pytest.mark.parametrize(
    ("value", "unix"),
    [
        (b"Mon, 23 Nov 2026 08:00:00 +0000", MORNING),
        (b"Mon, 23 Nov 2026 09:00:00 +0100 (CET)", MORNING),
        (b"23 Nov 2026 03:00 -0500", MORNING),
        (b"23 Nov 26 08:00:00 GMT", MORNING),
        (b"Mon, 23 Nov 126 08:00:00 Z", MORNING),
        (b"Mon, 23 Nov 2026 03:00:00 EST", MORNING),
        (b"Mon (day), 23 (of) Nov 2026 08:00:00 +0000", MORNING),
        (b"Monday, 23-Nov-2026 08:00:00 UT", MORNING),
        (b"Mon Nov 23 08:00:00 2026", MORNING),
        (b"2026-11-23T08:00:00Z", MORNING),
        (b"2026-11-23 09:00:00 +01:00", MORNING),
        ("Mon, 23 November 2026 08:00:00", MORNING),
        (b"Thu, 01 Jan 1970 00:00:00 +0000", 0),
        (b"Wed, 31 Dec 1969 23:59:59 +0000", -1),
        (b"Tue, 31 Dec 2024 23:59:60 +0000", 1_735_689_600),  # a leap second
    ],
)
def test_parse(value, unix):
    assert dates.parse(value) == unix


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"yesterday",
        b"32 Nov 2026 08:00:00 +0000",
        b"23 Foo 2026 08:00:00",
        b"\xff" * 500,
        b"0 Jan 0000 99:99:99",
        b"29 Feb 2023 08:00:00 +0000",
    ],
)
def test_unusable_dates_are_none(value):
    assert dates.parse(value) is None


def test_format():
    assert dates.format_rfc5322(MORNING) == "Mon, 23 Nov 2026 08:00:00 +0000"
    assert dates.format_rfc5322(MORNING, timezone(timedelta(hours=1))) == "Mon, 23 Nov 2026 09:00:00 +0100"
    assert dates.parse(dates.format_rfc5322(-1)) == -1
