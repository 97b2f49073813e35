"""What the first-run page sets for the whole server."""

import time

from django.conf import settings

from directory import changes
from directory.addresses import fold_domain
from directory.freshness import Kept
from directory.models import Account, Domain, Site
from directory.names import fold_domain_or_refuse

_ONLY = 1  # the primary key of the one row


def hostname() -> str:
    """The server's own name, for greetings, Received lines and the certificate. Kept (directory.freshness)."""
    return _kept.get()[0]


def set_hostname(name: str) -> str:
    """Change it; the folded name comes back. BadName."""
    folded = fold_domain_or_refuse(name)
    Site.objects.update_or_create(pk=_ONLY, defaults={"hostname": folded})
    changes.bump_after_commit()
    return folded


def is_set_up() -> bool:
    """False: the first-run page is open. A server with a domain and an administrator needs none."""
    return _kept.get()[1]


def mark_set_up() -> None:
    """Close the first-run page for good, whatever is deleted later."""
    Site.objects.update_or_create(pk=_ONLY, defaults={"set_up_at": int(time.time())})
    changes.bump_after_commit()


def _load() -> tuple[str, bool]:
    row = Site.objects.filter(pk=_ONLY).values_list("hostname", "set_up_at").first() or ("", 0)
    ready = bool(row[1]) or (Domain.objects.exists() and Account.objects.filter(is_admin=True).exists())
    return row[0] or _fallback(), ready


def _fallback() -> str:
    """The environment's name in its stored form; a mistyped one must not keep the services from starting."""
    try:
        return fold_domain(settings.HOSTNAME_FQDN)
    except ValueError:
        return "localhost"


_kept: Kept[tuple[str, bool]] = Kept(_load)
