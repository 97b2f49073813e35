"""The invariants of the store, as SQL over everything: for tests and `manage.py checkstore`."""

from mailstore import blobs, sql
from mailstore.flags import DELETED, SEEN

_ENTRY_TOTALS = (
    "SELECT mailbox_id, count(*) AS n, sum(size) AS size, max(uid) AS uid, max(modseq) AS modseq,"
    f" sum(CASE WHEN (flags & {SEEN}) = 0 THEN 1 ELSE 0 END) AS unseen,"
    f" sum(CASE WHEN (flags & {DELETED}) <> 0 THEN 1 ELSE 0 END) AS deleted FROM mailstore_entry GROUP BY mailbox_id"
)
_TOTALS = ("total_messages", "n"), ("total_size", "size"), ("total_unseen", "unseen"), ("total_deleted", "deleted")

# What must not be: the sentence, and a SELECT of the ids where it is so.
RULES: dict[str, str] = {
    **{
        f"mailbox: {column} is not what is in it": (
            f"SELECT m.id FROM mailstore_mailbox m LEFT JOIN ({_ENTRY_TOTALS}) t ON t.mailbox_id = m.id"
            f" WHERE m.{column} <> coalesce(t.{total}, 0)"
        )
        for column, total in _TOTALS
    },
    "mailbox: a UID is not below uid_next": (
        "SELECT DISTINCT m.id FROM mailstore_mailbox m JOIN mailstore_entry e ON e.mailbox_id = m.id"
        " WHERE e.uid >= m.uid_next"
    ),
    "mailbox: a MODSEQ is above highest_modseq": (
        "SELECT DISTINCT m.id FROM mailstore_mailbox m JOIN mailstore_entry e ON e.mailbox_id = m.id"
        " WHERE e.modseq > m.highest_modseq"
    ),
    "mailbox: a tombstone is out of range": (
        "SELECT DISTINCT m.id FROM mailstore_mailbox m JOIN mailstore_tombstone t ON t.mailbox_id = m.id"
        " WHERE t.modseq > m.highest_modseq OR t.uid >= m.uid_next"
    ),
    "mailbox: a UID is expunged and still there": (
        "SELECT DISTINCT t.mailbox_id FROM mailstore_tombstone t"
        " JOIN mailstore_entry e ON e.mailbox_id = t.mailbox_id AND e.uid = t.uid"
    ),
    "mailbox: a UID was expunged twice": (
        "SELECT DISTINCT mailbox_id FROM mailstore_tombstone GROUP BY mailbox_id, uid HAVING count(*) > 1"
    ),
    "mailbox: recent_uid is above uid_next": "SELECT id FROM mailstore_mailbox WHERE recent_uid > uid_next",
    "mailbox: it holds messages and is not selectable": (
        "SELECT id FROM mailstore_mailbox WHERE NOT selectable AND total_messages <> 0"
    ),
    "mailbox: others have marks in it and it does not say so": (
        "SELECT DISTINCT m.id FROM mailstore_mailbox m JOIN mailstore_seenmark s ON s.mailbox_id = m.id"
        " WHERE NOT m.read_by_others"
    ),
    "mark: its message is gone, its MODSEQ too high, or it is the owner's": (
        "SELECT s.id FROM mailstore_seenmark s JOIN mailstore_mailbox m ON m.id = s.mailbox_id"
        " LEFT JOIN mailstore_entry e ON e.mailbox_id = s.mailbox_id AND e.uid = s.uid"
        " WHERE e.id IS NULL OR s.modseq > m.highest_modseq OR s.account_id = m.account_id"
    ),
    "mark: a reader's total is not what is marked": (
        "SELECT mailbox_id FROM (SELECT mailbox_id, account_id, sum(n) AS total FROM"
        " (SELECT mailbox_id, account_id, seen AS n FROM mailstore_seenmark"
        " UNION ALL SELECT mailbox_id, account_id, -total_seen FROM mailstore_reader) both_sides"
        " GROUP BY mailbox_id, account_id) sums WHERE total <> 0"
    ),
    "account: a UIDVALIDITY is used twice": (
        "SELECT DISTINCT account_id FROM mailstore_mailbox GROUP BY account_id, uid_validity HAVING count(*) > 1"
    ),
    "account: last_uid_validity is below one in use": (
        "SELECT DISTINCT u.account_id FROM mailstore_usage u JOIN mailstore_mailbox m ON m.account_id = u.account_id"
        " WHERE m.uid_validity > u.last_uid_validity"
    ),
    "account: it has mailboxes and no usage row": (
        "SELECT DISTINCT account_id FROM mailstore_mailbox"
        " WHERE account_id NOT IN (SELECT account_id FROM mailstore_usage)"
    ),
    "account: usage is not the sum of its mailboxes": (
        "SELECT u.account_id FROM mailstore_usage u LEFT JOIN (SELECT account_id, sum(total_size) AS size,"
        " sum(total_messages) AS n FROM mailstore_mailbox GROUP BY account_id) t ON t.account_id = u.account_id"
        " WHERE u.size <> coalesce(t.size, 0) OR u.messages <> coalesce(t.n, 0)"
    ),
    "entry: it differs from its message": (
        "SELECT e.id FROM mailstore_entry e JOIN mailstore_message m ON m.id = e.message_id"
        " JOIN mailstore_content c ON c.id = m.content_id JOIN mailstore_mailbox b ON b.id = e.mailbox_id"
        " WHERE e.content_id <> m.content_id OR e.size <> c.size OR e.has_attachments <> m.has_attachments"
        " OR e.account_id <> m.account_id OR e.account_id <> b.account_id"
    ),
    "annotation: its message is not there": (
        "SELECT a.id FROM mailstore_annotation a LEFT JOIN mailstore_entry e"
        " ON e.mailbox_id = a.mailbox_id AND e.uid = a.uid WHERE e.id IS NULL"
    ),
    "annotation: its MODSEQ is above that of its message": (
        "SELECT a.id FROM mailstore_annotation a JOIN mailstore_entry e"
        " ON e.mailbox_id = a.mailbox_id AND e.uid = a.uid WHERE a.modseq > e.modseq"
    ),
    "message: no mailbox has it": (
        "SELECT id FROM mailstore_message m WHERE NOT EXISTS (SELECT 1 FROM mailstore_entry WHERE message_id = m.id)"
    ),
    "content: no message has it": (
        "SELECT id FROM mailstore_content c WHERE NOT EXISTS (SELECT 1 FROM mailstore_message WHERE content_id = c.id)"
    ),
    "content: its size is not that of its bytes": (
        "SELECT id FROM mailstore_content WHERE body IS NOT NULL AND length(header) + length(body) <> size"
    ),
    "search index: a content is not there any more": (
        "SELECT content_id FROM mailstore_searchkeys WHERE content_id NOT IN (SELECT id FROM mailstore_content)"
        " UNION SELECT content_id FROM mailstore_searchtext WHERE content_id NOT IN (SELECT id FROM mailstore_content)"
    ),
    "search index: texts without keys": (
        "SELECT content_id FROM mailstore_searchtext"
        " WHERE content_id NOT IN (SELECT content_id FROM mailstore_searchkeys)"
    ),
    "content: body and blob are both there or both missing": (
        "SELECT id FROM mailstore_content WHERE (body IS NULL) = (blob = '')"
    ),
}


def check_store() -> list[str]:
    """Every broken invariant as a line for people; empty when all is well. Walks the whole store."""
    broken = []
    for sentence, statement in RULES.items():
        ids = sorted(row[0] for row in sql.fetch_all(statement))
        if ids:
            broken.append(f"{sentence}: {', '.join(map(str, ids[:10]))}{' ...' if len(ids) > 10 else ''}")
    return broken + _check_blobs()


def _check_blobs() -> list[str]:
    """Blobs that a content names must be there. Blobs without a content are the sweep's, no fault."""
    named = {row[0] for row in sql.fetch_all("SELECT blob FROM mailstore_content WHERE blob <> ''")}
    if not named:
        return []
    missing = sorted(named - set(blobs.list_blobs()))
    return [f"content: the blob {name} is missing" for name in missing]
