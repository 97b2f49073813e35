"""date and date-time (RFC 3501 section 9)."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from protocols.imap.wire.errors import BadSyntax

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = {name.lower().encode(): number for number, name in enumerate(MONTHS, 1)}
_DATE = re.compile(rb"(\d{1,2})-([A-Za-z]{3})-(\d{4})\Z")
_DATE_TIME = re.compile(rb"([ \d]\d|\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")
_DAY = 86_400
_FIRST = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


def parse_date(text: bytes) -> date:
    """date-text: `1-Feb-1994`."""
    found = _DATE.match(text)
    if found is None or found[2].lower() not in _MONTH:
        raise BadSyntax("Bad date")
    try:
        return date(int(found[3]), _MONTH[found[2].lower()], int(found[1]))
    except ValueError:
        raise BadSyntax("Bad date") from None


def parse_date_time(text: bytes) -> int:
    """date-time without its quotes, ` 1-Feb-1994 21:52:25 -0800`, as Unix seconds."""
    found = _DATE_TIME.match(text)
    if found is None or found[2].lower() not in _MONTH:
        raise BadSyntax("Bad date and time")
    offset = timedelta(hours=int(found[8]), minutes=int(found[9]))
    zone = timezone(-offset if found[7] == b"-" else offset) if offset < timedelta(days=1) else None
    try:
        if zone is None:
            raise ValueError
        day = datetime(int(found[3]), _MONTH[found[2].lower()], int(found[1]), tzinfo=zone)
        # A leap second is 59 here.
        moment = day.replace(hour=int(found[4]), minute=int(found[5]), second=min(int(found[6]), 59)).timestamp()
        if not _FIRST <= moment <= _LAST:  # in UTC it is in the year 0 or 10,000
            raise ValueError
        return int(moment)
    except (ValueError, OverflowError):
        raise BadSyntax("Bad date and time") from None


class _Days(dict[int, bytes]):
    """Day number since 1970 -> `"01-Feb-1994 `; a mailbox has few days."""

    def __missing__(self, day: int) -> bytes:
        if len(self) > 20_000:  # some 50 years: a bound, never met by honest mail
            self.clear()
        moment = date(1970, 1, 1) + timedelta(days=day)
        text = b'"%02d-%b-%04d ' % (moment.day, MONTHS[moment.month - 1].encode(), moment.year)
        self[day] = text
        return text


_DAYS = _Days()
_HOURS = [b"%02d:%02d:" % divmod(minute, 60) for minute in range(1440)]
_SECONDS = [b'%02d +0000"' % second for second in range(60)]


def format_date_time(unix: int) -> bytes:
    """date-time with its quotes, in UTC."""
    day, rest = divmod(min(max(unix, _FIRST), _LAST), _DAY)
    minute, second = divmod(rest, 60)
    return _DAYS[day] + _HOURS[minute] + _SECONDS[second]


def format_date_times(column: Sequence[int]) -> list[bytes]:
    """format_date_time() of each, at a third of the cost."""
    if column and (min(column) < _FIRST or max(column) > _LAST):
        return [format_date_time(unix) for unix in column]
    return [_DAYS[unix // _DAY] + _HOURS[unix % _DAY // 60] + _SECONDS[unix % 60] for unix in column]
