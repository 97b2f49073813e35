"""REPLACE: a new message in, an old one out, in one transaction (RFC 8508)."""

from mailstore import annotating, contents, rights, seen, sql, writer
from mailstore.append import AppendResult, NewMessage, enter, prepare
from mailstore.errors import NoSuchMessage
from mailstore.expunging import bury
from mailstore.flags import SEEN
from mailstore.inserting import Insertion
from mailstore.locking import lock_pair

_REPLACED = "SELECT message_id, flags, size FROM mailstore_entry WHERE mailbox_id = %s AND uid = %s"
_LEAVING = rights.READ | rights.DELETE_MESSAGES | rights.EXPUNGE
_DELETE = "DELETE FROM mailstore_entry WHERE mailbox_id = %s AND uid = %s"


def replace_message(account_id: int, mailbox_id: int, uid: int, target_id: int, message: NewMessage) -> AppendResult:
    """Put the message into the target and delete that UID from the mailbox, whatever its flags; durable on return.

    The quota is asked for what the new message needs more than the old one (section 3.4). The rights are those of
    STORE, EXPUNGE and APPEND (section 4.1). Raises NoSuchMailbox, NotSelectable, NoPermission, NoSuchMessage,
    OverQuota, LimitReached, StoreUnavailable.
    """
    prepared = prepare(message)

    def job() -> AppendResult:
        source, target = lock_pair(account_id, mailbox_id, target_id, needs=(_LEAVING, rights.INSERT))
        old = sql.fetch_one(_REPLACED, (source.id, uid))
        if old is None:
            raise NoSuchMessage(f"no UID {uid} in mailbox {mailbox_id}")
        freed, places = (old[2], 1) if source.account_id == target.account_id else (0, 0)
        if prepared.size > freed or not places:
            target.check_quota(prepared.size - freed, 1 - places)
        flags, words = rights.admitted(target.rights, prepared.flags, prepared.keywords)
        keywords = target.admit_keywords(words) if words else ""
        if message.annotations:
            annotating.check_new(target, account_id, [message.annotations])
        insertion = Insertion()
        row, modseq = insertion.add_message(target.account_id, prepared), target.next_modseq()
        own = flags & ~SEEN if target.reader else flags
        new_uid = enter(insertion, row, target, modseq, prepared.size, own, keywords)
        insertion.write()
        if own != flags:
            seen.give(target, [(target.reader, new_uid, SEEN)], modseq)
        if message.annotations:
            annotating.insert(target, account_id, [new_uid], message.annotations, modseq)
        sql.execute(_DELETE, (source.id, uid))
        seen.take(source, [uid])
        source.count(old[1], old[2], -1)
        bury(source.id, [uid], source.next_modseq())
        source.save()
        if source is not target:
            target.save()
        contents.delete_orphans([old[0]])
        return AppendResult(target.uid_validity, (new_uid,))

    return writer.write(job)
