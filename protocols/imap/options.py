"""What an administrator may choose of IMAP, from the settings."""

from django.conf import settings


def unauthenticate() -> bool:
    """RFC 8437 section 8: there must be a way to disable it, for proxies that look at the first login only."""
    return bool(settings.IMAP_UNAUTHENTICATE)


def small_literals_only() -> bool:
    """LITERAL- in place of LITERAL+ (RFC 7888 section 5: never both): large literals are asked for before they come."""
    return bool(settings.IMAP_LITERAL_MINUS)


def append_8bit_headers() -> bool:
    """Take from any client, to move old mail, what RFC 6855 section 4 takes only with UTF8=ACCEPT."""
    return bool(settings.IMAP_APPEND_8BIT_HEADERS)
