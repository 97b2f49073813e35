"""A whole mailbox at once: drop its mail, or hand it to another mailbox."""

from collections.abc import Callable

from mailstore import contents, sql
from mailstore.copying import move
from mailstore.expunging import delete_messages
from mailstore.locking import lock_mailbox


def delete_all(account_id: int, mailbox_id: int) -> None:
    """Delete every entry and tombstone of a mailbox that is about to go; its UIDs end with it."""
    mailbox = lock_mailbox(account_id, mailbox_id, selectable=False)
    rows = sql.fetch_all(
        "DELETE FROM mailstore_entry WHERE mailbox_id = %s RETURNING message_id, flags, size", (mailbox_id,)
    )
    sql.execute("DELETE FROM mailstore_seenmark WHERE mailbox_id = %s", (mailbox_id,))
    sql.execute("DELETE FROM mailstore_tombstone WHERE mailbox_id = %s", (mailbox_id,))
    for _, flags, size in rows:
        mailbox.count(flags, size, -1)
    mailbox.next_modseq()
    mailbox.save()
    contents.delete_orphans({row[0] for row in rows})


def shrink(account_id: int, mailbox_id: int, check: Callable[[], None]) -> None:
    """Delete most of a mailbox that is about to go in transactions of their own, so that the last is short.

    check: called in each of them, behind the lock; raises when the mailbox is not to go any more.
    """
    rows = sql.fetch_all("SELECT uid FROM mailstore_entry WHERE mailbox_id = %s ORDER BY uid", (mailbox_id,))
    delete_messages(account_id, mailbox_id, [row[0] for row in rows], check=check)


def move_all(account_id: int, source_id: int, target_id: int) -> None:
    """Move every message into another mailbox of the account (RENAME INBOX)."""
    uids = [row[0] for row in sql.fetch_all("SELECT uid FROM mailstore_entry WHERE mailbox_id = %s", (source_id,))]
    move(account_id, source_id, uids, target_id)
