"""Dates, sizes and counts as people read them, in the language of the page."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext

KILO = 1024
DAY_SECONDS = 24 * 3600
NBSP = "\u00a0"  # between a number and its unit; the interface font has no U+202F


def local(unix: int) -> datetime:
    """Unix seconds in the server's time zone; a date out of range counts as 1970."""
    try:
        return datetime.fromtimestamp(unix, tz=timezone.get_current_timezone())
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, tz=timezone.get_current_timezone())


def size(octets: int) -> str:
    """412 KB or 412 Ko, 2.1 GB or 2,1 Go."""
    units = [gettext("B"), gettext("KB"), gettext("MB"), gettext("GB"), gettext("TB")]
    value = float(octets or 0)
    step = 0
    while value >= KILO and step < len(units) - 1:
        value /= KILO
        step += 1
    decimals = 1 if step > 1 and value < 10 and round(value, 1) % 1 else 0
    return f"{number_format(round(value, decimals), decimals)}{NBSP}{units[step]}"


def clock(unix: int) -> str:
    """10:42"""
    return local(unix).strftime("%H:%M")


def row_time(unix: int) -> str:
    """The time in a message row: "10:42", "Mon 18:40", "Fri 20 Nov", "20 Nov 2025"."""
    when, now = local(unix), timezone.localtime()
    days = (now.date() - when.date()).days
    if days == 0:
        return when.strftime("%H:%M")
    if 0 < days < 7:
        return date_format(when, pgettext("day of the last week in a row", "D H:i"))
    if when.year == now.year:
        return date_format(when, pgettext("date in a row, this year", "D j M"))
    return short_date(when)


def short_date(when: datetime) -> str:
    """20 Nov 2025"""
    return date_format(when, pgettext("date in a row, another year", "j M Y"))


def full_time(unix: int) -> str:
    """The time at the head of a letter: "Today, 10:42" or "Friday 20 November 2026, 10:42"."""
    when, now = local(unix), timezone.localtime()
    hour = when.strftime("%H:%M")
    if when.date() == now.date():
        return gettext("Today, %(hour)s") % {"hour": hour}
    if when.date() == now.date() - timedelta(days=1):
        return gettext("Yesterday, %(hour)s") % {"hour": hour}
    return f"{date_format(when, 'l j F Y')}, {hour}"


def day_head(unix: int) -> str:
    """The head over a day of the list: Today, Yesterday, a weekday, a month."""
    when, now = local(unix), timezone.localtime()
    days = (now.date() - when.date()).days
    if days == 0:
        return gettext("Today")
    if days == 1:
        return gettext("Yesterday")
    if 1 < days < 7:
        return date_format(when, "l").capitalize()
    if days < 0 or when.year != now.year:
        return date_format(when, "F Y").capitalize()
    return date_format(when, "F").capitalize()


def long_date(when: datetime) -> str:
    """20 November 2026"""
    return date_format(when, "j F Y")


def now() -> int:
    """Unix seconds."""
    return int(timezone.now().timestamp())
