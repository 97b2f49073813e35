"""Changing the policy. Each change raises Policy.version, which voids what other caches derived from it."""

import ipaddress
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from directory import changes
from security import derived
from security.errors import PolicyRefused
from security.models import IpGroup, Policy
from security.policy import DEFAULT_METHODS, METHODS, NO_RESTRICTIONS, IpGroupInfo, PolicyInfo, current

MAX_NETWORKS = 500  # in one group; each login is compared with all of them
MAX_GROUP_NAME = 100  # characters; the column's width
_ONLY = 1  # the primary key of the one row


def set_level(level: int) -> PolicyInfo:
    """Put a level in force. PolicyRefused."""
    _check_level(level)
    return _change(level=level)


def set_mechanisms(names: Iterable[str]) -> PolicyInfo:
    """Switch these methods on and all others off.

    Secrets kept only for a method that is off are deleted; one that is switched on again works for
    an account from its next login with the password or its next new password. PolicyRefused.
    """
    on = {name.upper() for name in names}
    if not on <= set(METHODS):
        raise PolicyRefused(_("There is no method of that name."))
    if not on:
        raise PolicyRefused(_("With no method left, no mail client could log in."))
    with transaction.atomic():
        info = _change(mechanisms=" ".join(name for name in METHODS if name in on))
        # After the change: who keeps a secret meanwhile has locked the row (lock_methods) and has finished.
        derived.forget(on)
    return info


def switch(method: str, *, on: bool) -> PolicyInfo:
    """Switch one method on or off and leave the others. PolicyRefused."""
    others = set(current().mechanisms) - {method.upper()}
    return set_mechanisms(others | {method} if on else others)


def create_ip_group(name: str, networks: Iterable[str], level: int) -> IpGroupInfo:
    """Give networks a level of their own. PolicyRefused."""
    values = _checked(name, networks, level)
    with transaction.atomic():
        try:
            with transaction.atomic():
                group = IpGroup.objects.create(**values)
        except IntegrityError as error:
            raise PolicyRefused(_("There is an IP group of that name.")) from error
        _change()
    return get_ip_group(group.pk)


def update_ip_group(group_id: int, name: str, networks: Iterable[str], level: int) -> IpGroupInfo:
    """Replace name, networks and level. PolicyRefused."""
    get_ip_group(group_id)
    values = _checked(name, networks, level)
    with transaction.atomic():
        try:
            with transaction.atomic():
                IpGroup.objects.filter(pk=group_id).update(**values)
        except IntegrityError as error:
            raise PolicyRefused(_("There is an IP group of that name.")) from error
        _change()
    return get_ip_group(group_id)


def delete_ip_group(group_id: int) -> None:
    """Its networks fall under the general level again. PolicyRefused when it is gone."""
    get_ip_group(group_id)
    with transaction.atomic():
        IpGroup.objects.filter(pk=group_id).delete()
        _change()


def get_ip_group(group_id: int) -> IpGroupInfo:
    """PolicyRefused when it is gone."""
    group = IpGroup.objects.filter(pk=group_id).first()
    if group is None:
        raise PolicyRefused(_("This IP group does not exist any more."))
    return IpGroupInfo(group.pk, group.name, tuple(group.networks.split()), group.level)


def _change(**values: object) -> PolicyInfo:
    with transaction.atomic():
        Policy.objects.get_or_create(
            pk=_ONLY, defaults={"level": NO_RESTRICTIONS, "mechanisms": " ".join(DEFAULT_METHODS), "version": 0}
        )
        Policy.objects.filter(pk=_ONLY).update(**values, version=F("version") + 1)
        changes.bump_after_commit()
    return current()


def _check_level(level: int) -> None:
    if level not in Policy.Level.values:
        raise PolicyRefused(_("There is no such level."))


def _checked(name: str, networks: Iterable[str], level: int) -> dict[str, object]:
    _check_level(level)
    clean = " ".join(name.split())
    if not clean or len(clean) > MAX_GROUP_NAME:
        raise PolicyRefused(_("An IP group needs a name of at most %(count)d characters.") % {"count": MAX_GROUP_NAME})
    parsed = list(dict.fromkeys(_network(text) for text in networks if text.strip()))
    if not parsed:
        raise PolicyRefused(_("An IP group needs at least one network, such as 192.168.20.0/28."))
    if len(parsed) > MAX_NETWORKS:
        raise PolicyRefused(_("An IP group has at most %(count)d networks.") % {"count": MAX_NETWORKS})
    return {"name": clean, "networks": "\n".join(parsed), "level": level}


def _network(text: str) -> str:
    """CIDR; host bits are cleared, a single address becomes a network of one."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise PolicyRefused(
            _("“%(text)s” is not a network; write it like 192.168.20.0/28.") % {"text": text.strip()}
        ) from error
