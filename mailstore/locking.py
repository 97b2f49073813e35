"""A mailbox row locked for a write: hands out UIDs and MODSEQs, keeps the running totals.

Every verb that changes messages goes through it: lock_*, change, save(). The order of the locks is
the account's usage row, then its mailboxes: who waits for the first holds none of the others, so that
writers of one account cannot deadlock. Several accounts are locked in the order of their ids.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mailstore import flags, rights, sharing, sql
from mailstore.errors import LimitReached, NoSuchMailbox, NotSelectable, OverQuota
from mailstore.transactions import changed

_COLUMNS = (
    "m.id, m.account_id, m.selectable, m.keywords, m.uid_validity, m.uid_next, m.highest_modseq,"
    " u.size, u.messages, a.quota_bytes, a.quota_messages, m.read_by_others"
)
_SELECT = (
    f"SELECT {_COLUMNS} FROM mailstore_mailbox m JOIN mailstore_usage u ON u.account_id = m.account_id"
    " JOIN directory_account a ON a.id = m.account_id WHERE m.account_id = %s AND "
)
_UPDATE_MAILBOX = (
    "UPDATE mailstore_mailbox SET keywords = %s, uid_next = %s, highest_modseq = %s,"
    " total_messages = total_messages + %s, total_unseen = total_unseen + %s,"
    " total_deleted = total_deleted + %s, total_size = total_size + %s WHERE id = %s"
)
_UPDATE_USAGE = (
    "UPDATE mailstore_usage SET size = size + %s, messages = messages + %s, changes = changes + 1 WHERE account_id = %s"
)


@dataclass(slots=True)
class LockedMailbox:
    """The row, and what the verb adds to its totals until save().

    rights and reader are those of the acting account, as in MailboxInfo; account_id and quota are the owner's.
    """

    id: int
    account_id: int
    selectable: bool
    keywords: str
    uid_validity: int
    uid_next: int
    modseq: int
    used_size: int
    used_messages: int
    quota_bytes: int
    quota_messages: int
    read_by_others: bool = False
    messages: int = 0
    unseen: int = 0
    deleted: int = 0
    size: int = 0
    rights: int = rights.ALL
    reader: int = 0

    def next_modseq(self) -> int:
        """The MODSEQ of this change; one for all messages that the verb touches (RFC 7162 section 3.1)."""
        self.modseq += 1
        return self.modseq

    def next_uid(self) -> int:
        self.uid_next += 1
        return self.uid_next - 1

    def check_quota(self, size: int, messages: int) -> None:
        """Raises OverQuota when that much more would pass the account's quota (0: no limit)."""
        if self.quota_bytes and self.used_size + self.size + size > self.quota_bytes:
            raise OverQuota(f"{self.used_size} of {self.quota_bytes} octets are used, {size} more do not fit")
        if messages and self.quota_messages and self.used_messages + self.messages + messages > self.quota_messages:
            raise OverQuota(f"{self.used_messages} of {self.quota_messages} messages are used")

    def admit_keywords(self, keywords: Iterable[str]) -> str:
        """The stored form of these keywords, in the spelling that the mailbox knows. Raises LimitReached."""
        before = self.keywords
        admitted = self.learn_keywords(keywords)
        if self.keywords != before and len(self.keywords.split()) > flags.MAX_KEYWORDS_PER_MAILBOX:
            raise LimitReached("too many keywords in the mailbox")
        if len(admitted) > flags.MAX_KEYWORDS_PER_MESSAGE or any(
            len(word) > flags.MAX_KEYWORD_LENGTH for word in admitted
        ):
            raise LimitReached("too many keywords, or one that is too long")
        return flags.pack_keywords(admitted)

    def learn_keywords(self, keywords: Iterable[str]) -> set[str]:
        """The same without limits, for messages that were admitted to another mailbox before."""
        known = {word.lower(): word for word in self.keywords.split()}
        admitted = {known.setdefault(word.lower(), word) for word in sorted(keywords)}
        self.keywords = " ".join(known.values())
        return admitted

    def count(self, flag_bits: int, size: int, sign: int = 1) -> None:
        """A message comes (sign 1) or goes (sign -1)."""
        self.messages += sign
        self.size += sign * size
        if not flag_bits & flags.SEEN:
            self.unseen += sign
        if flag_bits & flags.DELETED:
            self.deleted += sign

    def save(self) -> None:
        """Write the row and the account's usage; the change feed hears of it at commit."""
        sql.execute(
            _UPDATE_MAILBOX,
            (self.keywords, self.uid_next, self.modseq, self.messages, self.unseen, self.deleted, self.size, self.id),
        )
        sql.execute(_UPDATE_USAGE, (self.size, self.messages, self.account_id))
        changed(self.account_id, self.id, self.modseq)


def lock_mailbox(account_id: int, mailbox_id: int, *, selectable: bool = True, needs: int = 0) -> LockedMailbox:
    """Lock a mailbox by id, for an account with the rights that are needed.

    Raises NoSuchMailbox, NotSelectable, NoPermission.
    """
    row = _row("m.id = %s", account_id, mailbox_id)
    if row is not None:
        return _locked(row, selectable)
    shared = sharing.find_by_id(account_id, mailbox_id)
    if shared is None:
        raise NoSuchMailbox(f"no mailbox {mailbox_id} in account {account_id}")
    rights.require(shared.rights, needs)
    row = _row("m.id = %s", shared.account_id, mailbox_id)
    if row is None:
        raise NoSuchMailbox(f"no mailbox {mailbox_id} any more")
    locked = _locked(row, selectable)
    locked.rights, locked.reader = shared.rights, account_id
    return locked


def lock_mailbox_named(account_id: int, name: str) -> LockedMailbox:
    """Lock a mailbox of the account's own by its exact name. Raises NoSuchMailbox, NotSelectable."""
    row = _row("m.name = %s", account_id, name)
    if row is None:
        raise NoSuchMailbox(f"no mailbox {name!r} in account {account_id}")
    return _locked(row, True)


def lock_pair(
    account_id: int, first: int, second: int, *, needs: tuple[int, int] = (0, 0)
) -> tuple[LockedMailbox, LockedMailbox]:
    """Two mailboxes, locked by owner and id; one object when they are the same. needs: the rights in each."""
    needed = {first: needs[0]}
    needed[second] = needed.get(second, 0) | needs[1]
    locked = {key: lock_mailbox(account_id, key, needs=needed[key]) for key in _in_order(account_id, needed)}
    return locked[first], locked[second]


def _in_order(account_id: int, mailbox_ids: Iterable[int]) -> list[int]:
    """The owners are locked with their mailboxes: by their ids first, where there are several."""
    ids = sorted(mailbox_ids)
    if len(ids) == 1:
        return ids
    rows = sql.fetch_all(f"SELECT account_id, id FROM mailstore_mailbox WHERE {sql.among('id')}", (sql.integers(ids),))
    owners = {mailbox_id: owner for owner, mailbox_id in rows}
    return sorted(ids, key=lambda key: (owners.get(key, account_id), key))


def _row(condition: str, account_id: int, key: int | str) -> tuple[Any, ...] | None:
    return sql.fetch_one(_SELECT + condition + sql.for_update("u, m"), (account_id, key))  # locked in this order


def _locked(row: tuple[Any, ...], selectable: bool) -> LockedMailbox:
    if selectable and not row[2]:
        raise NotSelectable(f"mailbox {row[0]} holds no messages")
    return LockedMailbox(*row)
