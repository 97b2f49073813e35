"""The view model of who may do what in a folder, and the verbs of its page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext

from mailstore import acl, rights
from mailstore.errors import LimitReached, NoSuchIdentifier
from mailstore.mailboxes import MailboxInfo
from webmail.forms.sharing import LEVEL_NAMES, RIGHT_NAMES, RightsForm, ShareForm, level_of


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody whom the folder is shared with; written is what the form sends back."""

    written: str
    name: str
    icon: str
    is_taken_away: bool
    level: str
    summary: str
    letters: str
    form: RightsForm
    is_owner: bool


def may_of(mask: int) -> str:
    """Rights in words: the level, or the single ones."""
    names: dict[str, str | Promise] = dict(LEVEL_NAMES)
    level = level_of(mask)
    if level != "own":
        return str(names[level])
    held = [str(name) for letter, name in RIGHT_NAMES if mask & rights.LETTERS[letter]]
    return " · ".join(held) if held else gettext("Nothing")


def entries(account_id: int, mailbox: MailboxInfo, bound: tuple[str, RightsForm] | None = None) -> list[Entry]:
    """Everybody on the list; `bound` is the form of the one whose change was refused."""
    return [_entry(each, index, bound) for index, each in enumerate(acl.list_acl(account_id, mailbox.id))]


def _entry(each: acl.AclEntry, index: int, bound: tuple[str, RightsForm] | None) -> Entry:
    who = each.identifier
    letters = rights.letters(each.rights)
    form = RightsForm(
        initial={"level": level_of(each.rights), "rights": [one for one in letters if one in rights.LETTERS]},
        auto_id=f"id_{index}_%s",
    )
    if bound and bound[0] == who.written:
        form = bound[1]
    return Entry(
        written=who.written,
        name=name_of(who),
        icon="globe" if who.text == acl.ANYONE else "users" if who.group_id else "",
        is_taken_away=who.negative,
        level=level_of(each.rights),
        summary=may_of(each.rights),
        letters=letters,
        form=form,
        is_owner=each.is_owner,
    )


def name_of(who: acl.Identifier) -> str:
    """What people read: an address, or "everyone"."""
    if who.text == acl.ANYONE:
        return gettext("Everyone who has an account here")
    return who.text.removeprefix(acl.GROUP) if who.group_id else who.text


def find(text: str) -> acl.Identifier:
    """A person, or a group by its address alone; never a negative identifier, which would take rights away. Raises
    NoSuchIdentifier."""
    if text.startswith("-"):
        raise NoSuchIdentifier(f"{text!r} names nobody to share with")
    try:
        return acl.find_identifier(text)
    except NoSuchIdentifier:
        return acl.find_identifier(acl.GROUP + text)


class TooWide(Exception):
    """Everyone could then share the folder further: to be asked first (RFC 4314 section 6)."""


def share(mailbox: MailboxInfo, form: ShareForm, *, sure: bool) -> str:
    """Share with somebody; the sentence to say, "" where the form (a valid one) has the refusal. Raises TooWide,
    and the store's NoPermission and NoSuchMailbox."""
    try:
        who = find(form.cleaned_data["who"] or acl.ANYONE)
        if who.account_id == mailbox.account_id:
            form.add_error("who", gettext("This is the owner, who may do everything already."))
            return ""
        _grant(mailbox, who, form.mask, sure=sure)
    except NoSuchIdentifier:
        form.add_error("who", gettext("Nobody on this server has this address."))
    except LimitReached:
        form.add_error(None, _no_room())
    else:
        return gettext("Shared with %(who)s") % {"who": name_of(who)}
    return ""


def _no_room() -> str:
    return gettext("This folder is shared with as many as it may be. Use a group.")


def change(mailbox: MailboxInfo, written: str, form: RightsForm, *, sure: bool) -> str:
    """Other rights for somebody on the list; the sentence to say. Raises as share() does."""
    try:
        who = acl.find_identifier(written)
        _grant(mailbox, who, form.mask, sure=sure)
    except NoSuchIdentifier:
        return gettext("They are not here any more.")
    except LimitReached:  # taken off the list by another meanwhile, and the list is full again
        return _no_room()
    return gettext("Rights of %(who)s saved") % {"who": name_of(who)}


def stop(mailbox: MailboxInfo, written: str) -> str:
    """Off the list; the sentence to say. Raises NoPermission, NoSuchMailbox."""
    try:
        who = acl.find_identifier(written)
        acl.delete_rights(mailbox.acting_id, mailbox.id, who)
    except NoSuchIdentifier:
        return gettext("They are not here any more.")
    return gettext("No longer shared with %(who)s") % {"who": name_of(who)}


def _grant(mailbox: MailboxInfo, who: acl.Identifier, mask: int, *, sure: bool) -> None:
    if who.text == acl.ANYONE and not who.negative and mask & rights.ADMINISTER and not sure:
        raise TooWide
    acl.set_rights(mailbox.acting_id, mailbox.id, who, "replace", mask)
