"""What the store may refuse. Each protocol has one table from these to its own replies."""


class StoreError(Exception):
    """A refusal that the store knows; the message is for logs, never for a client."""


class NoSuchMailbox(StoreError):
    """No mailbox of that name or id in this account (RFC 5530 NONEXISTENT)."""


class HistoryForgotten(NoSuchMailbox):
    """The tombstones that tell what went since that MODSEQ are gone: the mailbox must be opened anew."""


class NoPermission(StoreError):
    """The mailbox is there for this account to see, but its rights do not allow this (RFC 5530 NOPERM)."""


class NoSuchIdentifier(StoreError):
    """An identifier of an access control list that names nobody here (RFC 4314 section 2)."""


class NoSuchMessage(StoreError):
    """No message of that UID in this mailbox of this account."""


class MailboxExists(StoreError):
    """The name is taken (RFC 5530 ALREADYEXISTS)."""


class BadMailboxName(StoreError):
    """The name breaks a rule of mailstore.names (RFC 5530 CANNOT)."""


class NotSelectable(StoreError):
    r"""A \Noselect name: it is only kept for its children (RFC 3501 section 7.2.2)."""


class OverQuota(StoreError):
    """The account's quota of octets or messages would be passed (RFC 5530 OVERQUOTA)."""


class HasChildren(StoreError):
    r"""DELETE of a \Noselect name that has children (RFC 3501 section 6.3.4)."""


class CannotChangeInbox(StoreError):
    """INBOX cannot be deleted (RFC 3501 section 6.3.4)."""


class LimitReached(StoreError):
    """A named limit of the store: mailboxes of an account, keywords of a mailbox (RFC 5530 LIMIT)."""


class StoreUnavailable(StoreError):
    """The store cannot write or read now: disk full, database away, stopping. Temporary."""


class ValueTooLarge(StoreError):
    """The value of an annotation is above its limit (RFC 5464 section 4.3, RFC 5257 section 4.5)."""


class TooManyEntries(StoreError):
    """No more annotations have room here (RFC 5464 section 4.3, RFC 5257 section 4.5)."""


class ReadOnlyEntry(StoreError):
    """An annotation that is computed, or whose value must be another (RFC 5464 section 4.1)."""
