"""Sending: to all recipients or to none, with the copy in Sent and the draft gone in the same commit."""

from django.utils.translation import gettext, ngettext

from delivery.deliver import Rejected, SomeMailboxesFull
from delivery.submit import submit
from directory.accounts import AccountInfo
from mailformat.addresses import Mailbox
from mailstore import flags, messages
from mailstore.append import Target
from mailstore.errors import OverQuota, StoreError, StoreUnavailable
from webmail import actions, drafts, recipients
from webmail.drafts import Finished
from webmail.recipients import Problem

FORWARDED = frozenset({"$Forwarded"})  # RFC 5788


def refused(mailboxes: list[Mailbox], account: AccountInfo) -> list[Problem]:
    """The recipients that nothing can be sent to, each with the reason."""
    return recipients.refused(mailboxes, account)


def send(account: AccountInfo, letter: Finished, everybody: list[Mailbox], draft_uid: int) -> str:
    """Sends; "" when everybody will find it in the inbox, else why nobody will, as a sentence."""
    sent = actions.special(account.id, "\\Sent")
    box = actions.special(account.id, "\\Drafts")
    outgoing, copy = drafts.build(account, letter)

    def also() -> None:
        if draft_uid:
            messages.delete_messages(account.id, box.id, [draft_uid])
        _mark_original(account, letter.answers)

    try:
        result = submit(
            account,
            outgoing,
            [mailbox.address for mailbox in everybody],
            save_to=Target(account.id, sent.name, flags.SEEN),
            copy=copy,
            also=also,
        )
    except OverQuota:
        return gettext("Your mailbox is full: there is no room for the copy in Sent. Nothing was sent.")
    except SomeMailboxesFull:
        return gettext("A recipient's mailbox became full just now. Nothing was sent: send again to see whose.")
    except StoreUnavailable:
        return gettext("The server cannot store mail at this moment. Nothing was sent: try again in a minute.")
    except Rejected:
        return gettext("This server does not accept this message. Nothing was sent.")
    return "" if result.sent else gettext("Somebody cannot get this message. Nothing was sent: send again to see who.")


def _mark_original(account: AccountInfo, answers: str) -> None:
    r"""The answered message becomes \Answered, the forwarded one $Forwarded; a missing one hinders nothing."""
    match = drafts.ANSWERS.match(answers)
    if match is None:
        return
    mailbox_id, uid, kind = int(match[1]), int(match[2]), match[3]
    bits, keywords = (flags.ANSWERED, frozenset[str]()) if kind == "reply" else (0, FORWARDED)
    try:
        messages.store_flags(account.id, mailbox_id, [uid], "add", bits, keywords)
    except StoreUnavailable:
        raise
    except StoreError:
        return


def told(everybody: list[Mailbox]) -> str:
    """The sentence of the toast."""
    first = everybody[0].name or everybody[0].address
    others = len(everybody) - 1
    if not others:
        return gettext("Message sent to %(name)s") % {"name": first}
    text = ngettext(
        "Message sent to %(name)s and %(count)d other", "Message sent to %(name)s and %(count)d others", others
    )
    return text % {"name": first, "count": others}
