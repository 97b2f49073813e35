"""Dates of messages (RFC 5322 section 3.3), obsolete and broken ones too. No clock in here."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

_MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTHS = {name.lower(): number for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

# RFC 5322 section 4.3, in minutes east of UTC; the military letters are unknown zones.
_ZONES = {
    "UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120,
}  # fmt: skip

_TIME = r"(\d{1,2})\s{0,9}[:.]\s{0,9}(\d{2})(?:\s{0,9}[:.]\s{0,9}(\d{2}))?(?:[.,]\d{1,9})?"
_ZONE = r"(?:\s{0,9}([+-]\s?\d{1,2}:?\d{2}|[A-Za-z]{1,5})\b)?"
_RFC = re.compile(
    rf"(\d{{1,2}})[\s-]{{0,9}}([A-Za-z]{{3}})[a-z]{{0,6}}\.?[\s,-]{{0,9}}(\d{{2,4}})[\s,]{{1,9}}{_TIME}{_ZONE}"
)
_ASCTIME = re.compile(rf"([A-Za-z]{{3}})[a-z]{{0,6}}\s{{1,9}}(\d{{1,2}}),?\s{{1,9}}{_TIME}{_ZONE}\s{{1,9}}(\d{{4}})\b")
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})[T\s]{{1,9}}{_TIME}{_ZONE}")
_DAY_ONLY = re.compile(r"(\d{1,2})[\s-]{1,9}([A-Za-z]{3})[a-z]{0,6}[\s,-]{1,9}(\d{4})\b")
_COMMENT = re.compile(r"\([^()]*\)")

# Octets of a Date field that are looked at; an honest one has under 50, and comments.
_LOOKED_AT = 256
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def parse(value: bytes | str) -> int | None:
    """Unix seconds of a date in RFC 5322 form, its obsolete forms, asctime or ISO 8601 form; else None."""
    text = (value.decode("ascii", "replace") if isinstance(value, bytes) else value)[:_LOOKED_AT]
    if "(" in text:
        text = _COMMENT.sub(" ", text)
    if found := _RFC.search(text):
        day, month, year, *clock, zone = found.groups()
        return _unix(_full_year(year), _MONTHS.get(month.lower()), day, clock, zone)
    if found := _ASCTIME.search(text):
        month, day, *clock, zone, year = found.groups()
        return _unix(int(year), _MONTHS.get(month.lower()), day, clock, zone)
    if found := _ISO.search(text):
        year, month, day, *clock, zone = found.groups()
        return _unix(int(year), int(month), day, clock, zone)
    if found := _DAY_ONLY.search(text):
        day, month, year = found.groups()
        return _unix(int(year), _MONTHS.get(month.lower()), day, ["0", "0", "0"], None)
    return None


def format_rfc5322(unix: int, tz: tzinfo = UTC) -> str:
    """`Mon, 23 Nov 2026 08:12:00 +0100` for Unix seconds in a time zone."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=unix)
    moment = moment.astimezone(tz)
    return (
        f"{_DAY_NAMES[moment.weekday()]}, {moment.day:02d} {_MONTH_NAMES[moment.month - 1]} {moment.year:04d} "
        f"{moment:%H:%M:%S %z}"[:31]
    )


def _full_year(digits: str) -> int:
    """RFC 5322 section 4.3: two digits are 1950-2049, three count from 1900."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _unix(year: int, month: int | None, day: str, clock: list[str | None], zone: str | None) -> int | None:
    hour, minute, second = (int(digits or 0) for digits in clock)
    if month is None or hour > 24 or minute > 59 or second > 60:
        return None
    try:
        days = date(year, month, int(day)).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return None
    return days * 86_400 + hour * 3600 + minute * 60 + second - 60 * _zone_minutes(zone or "")


def _zone_minutes(zone: str) -> int:
    if zone[:1] in ("+", "-"):
        digits = "".join(c for c in zone if c in "0123456789").rjust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return -minutes if zone[0] == "-" else minutes
    return _ZONES.get(zone.upper(), 0)
