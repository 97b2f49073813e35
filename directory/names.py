"""One name space for accounts, aliases and groups."""

from django.utils.translation import gettext as _

from directory.addresses import fold_address, fold_domain, split_address
from directory.errors import BadName, NameTaken, NotFound
from directory.models import Account, Alias, Domain, Group


def fold_or_refuse(text: str) -> str:
    """The folded address; BadName with a sentence when it is none."""
    try:
        return fold_address(text.strip())
    except ValueError as error:
        raise BadName(_("“%(address)s” is not a valid address.") % {"address": text}) from error


def fold_domain_or_refuse(text: str) -> str:
    """The folded domain name; BadName with a sentence when it is none. Address literals are no domains."""
    try:
        name = fold_domain(text.strip())
    except ValueError:
        name = ""
    if not name or name.startswith("[") or name.replace(".", "").isdigit():
        raise BadName(_("“%(domain)s” is not a valid domain name.") % {"domain": text})
    return name


def claim(address: str) -> tuple[str, Domain]:
    """Inside a transaction: the folded address, free in all three tables, and its domain, locked.

    The lock on the domain keeps two writers from claiming one name in two tables (SQLite's
    write transactions do that by themselves).
    """
    folded = fold_or_refuse(address)
    name = split_address(folded)[1]
    domain = Domain.objects.select_for_update().filter(name=name).first()
    if domain is None:
        raise NotFound(_("The domain %(domain)s is not on this server: add it first.") % {"domain": name})
    holder = holder_of(folded)
    if holder:
        raise NameTaken(_("%(address)s is already %(holder)s.") % {"address": folded, "holder": holder})
    return folded, domain


def holder_of(folded: str) -> str:
    """ "an account", "an alias", "a group" or ""."""
    if Account.objects.filter(address=folded).exists():
        return _("an account")
    if Alias.objects.filter(address=folded).exists():
        return _("an alias")
    if Group.objects.filter(address=folded).exists():
        return _("a group")
    return ""
