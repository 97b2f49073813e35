"""Subscribed names (RFC 3501 sections 6.3.6, 6.3.7, 6.3.9): a name may outlive its mailbox."""

from mailstore import writer
from mailstore.errors import BadMailboxName, LimitReached, NoSuchMailbox
from mailstore.hierarchy import lock_names, names_changed
from mailstore.models import Mailbox, Subscription
from mailstore.names import canonical

MAX_DANGLING = 1000  # subscribed names without a mailbox, of one account


def subscribe(account_id: int, name: str) -> None:
    """Subscribe to a name. It need not be a mailbox now (section 6.3.6). Raises BadMailboxName, LimitReached."""
    name = canonical(name)

    def job() -> None:
        if name in lock_names(account_id):
            Mailbox.objects.filter(account_id=account_id, name=name).update(subscribed=True)
        else:
            if Subscription.objects.filter(account_id=account_id).count() >= MAX_DANGLING:
                raise LimitReached("too many subscriptions to names without a mailbox")
            Subscription.objects.get_or_create(account_id=account_id, name=name)
        names_changed(account_id)

    writer.write(job)


def unsubscribe(account_id: int, name: str) -> None:
    """Raises NoSuchMailbox when the name is not subscribed to."""
    try:
        name = canonical(name)
    except BadMailboxName as error:
        raise NoSuchMailbox(str(error)) from error

    def job() -> None:
        lock_names(account_id)
        found = Mailbox.objects.filter(account_id=account_id, name=name, subscribed=True).update(subscribed=False)
        dangling, _ = Subscription.objects.filter(account_id=account_id, name=name).delete()
        if not found and not dangling:
            raise NoSuchMailbox(f"{name!r} is not subscribed to")
        names_changed(account_id)

    writer.write(job)


def list_subscriptions(account_id: int) -> list[str]:
    """Subscribed names, with those whose mailbox is gone, sorted."""
    mailboxes = Mailbox.objects.filter(account_id=account_id, subscribed=True).values_list("name", flat=True)
    dangling = Subscription.objects.filter(account_id=account_id).values_list("name", flat=True)
    return sorted({*mailboxes, *dangling}, key=lambda name: (name != "INBOX", name.casefold(), name))
