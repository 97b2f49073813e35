"""The verbs on the mailboxes of an account."""

from mailstore.hierarchy import (
    MAX_MAILBOXES,
    SPECIAL_MAILBOXES,
    SPECIAL_USES,
    create_mailbox,
    create_special_mailboxes,
    delete_mailbox,
    rename_mailbox,
)
from mailstore.mailbox_info import MailboxInfo, find_special, get_mailbox, get_mailbox_by_id, list_mailboxes
from mailstore.names import DELIMITER, INBOX, MAX_DEPTH, MAX_NAME_LENGTH
from mailstore.subscriptions import list_subscriptions, subscribe, unsubscribe

__all__ = [
    "DELIMITER",
    "INBOX",
    "MAX_DEPTH",
    "MAX_MAILBOXES",
    "MAX_NAME_LENGTH",
    "SPECIAL_MAILBOXES",
    "SPECIAL_USES",
    "MailboxInfo",
    "create_mailbox",
    "create_special_mailboxes",
    "delete_mailbox",
    "find_special",
    "get_mailbox",
    "get_mailbox_by_id",
    "list_mailboxes",
    "list_subscriptions",
    "rename_mailbox",
    "subscribe",
    "unsubscribe",
]
