"""Groups: an address that delivers to several accounts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from directory import changes
from directory.addresses import fold_address
from directory.errors import BadName, NotFound
from directory.models import Account, Group
from directory.names import claim, fold_or_refuse

MAX_NAME = 200  # characters; the column's width


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """A group and who is in it."""

    id: int
    address: str
    name: str
    members: tuple[str, ...]  # addresses, sorted


def create_group(address: str, name: str = "", members: Iterable[str] = ()) -> GroupInfo:
    """A new group. A group without members takes no mail. BadName, NameTaken, NotFound."""
    with transaction.atomic():
        folded, domain = claim(address)
        group = Group.objects.create(address=folded, domain=domain, name=_checked(name))
        group.members.set(_account_ids(members))
        changes.bump_after_commit()
    return get_group(group.pk)


def get_group(group_id: int) -> GroupInfo:
    """The group of that id; NotFound."""
    group = Group.objects.filter(pk=group_id).prefetch_related("members").first()
    if group is None:
        raise NotFound(_("This group does not exist any more."))
    return _info(group)


def find_group(address: str) -> GroupInfo | None:
    """The group of that address in any spelling, or None."""
    try:
        group = Group.objects.filter(address=fold_address(address)).prefetch_related("members").first()
    except ValueError:
        return None
    return _info(group) if group else None


def update_group(group_id: int, *, name: str | None = None, members: Iterable[str] | None = None) -> GroupInfo:
    """Change the name, replace the members, or both. NotFound, BadName."""
    with transaction.atomic():
        group = _get(group_id)
        if name is not None:
            Group.objects.filter(pk=group_id).update(name=_checked(name))
        if members is not None:
            group.members.set(_account_ids(members))
        changes.bump_after_commit()
    return get_group(group_id)


def add_member(group_id: int, address: str) -> GroupInfo:
    """Add an account; nothing happens when it is in already. NotFound."""
    _get(group_id).members.add(*_account_ids([address]))
    changes.bump_after_commit()
    return get_group(group_id)


def remove_member(group_id: int, address: str) -> GroupInfo:
    """Take an account out; nothing happens when it is not in. NotFound."""
    _get(group_id).members.remove(*_account_ids([address]))
    changes.bump_after_commit()
    return get_group(group_id)


def delete_group(group_id: int) -> None:
    """Mail to it is refused from now on; the members stay. NotFound."""
    _get(group_id).delete()
    changes.bump_after_commit()


def list_groups(
    query: str = "", offset: int = 0, limit: int = 50, *, domain: str = "", member_id: int | None = None
) -> list[GroupInfo]:
    """A page of groups by address; `query` matches address or name."""
    found = _search(query, domain, member_id).order_by("address").prefetch_related("members")
    return [_info(group) for group in found[offset : offset + limit]]


def count_groups(query: str = "", *, domain: str = "", member_id: int | None = None) -> int:
    return _search(query, domain, member_id).count()


def _search(query: str, domain: str, member_id: int | None) -> QuerySet[Group]:
    groups = Group.objects.all()
    if domain:
        groups = groups.filter(domain__name=domain)
    if member_id is not None:
        groups = groups.filter(members=member_id)
    for word in query.split():
        groups = groups.filter(Q(address__icontains=word) | Q(name__icontains=word))
    return groups


def _get(group_id: int) -> Group:
    group = Group.objects.filter(pk=group_id).first()
    if group is None:
        raise NotFound(_("This group does not exist any more."))
    return group


def _account_ids(addresses: Iterable[str]) -> list[int]:
    wanted = {fold_or_refuse(address) for address in addresses}
    found = dict(Account.objects.filter(address__in=wanted).values_list("address", "pk"))
    for missing in sorted(wanted - set(found)):
        raise NotFound(_("There is no account %(address)s.") % {"address": missing})
    return list(found.values())


def _checked(name: str) -> str:
    if len(name) > MAX_NAME or any(ord(char) < 32 or ord(char) == 127 for char in name):
        raise BadName(_("The name is too long or has control characters."))
    return name.strip()


def _info(group: Group) -> GroupInfo:
    return GroupInfo(
        group.pk, group.address, group.name, tuple(sorted(member.address for member in group.members.all()))
    )
