"""The store: mailboxes, contents, messages, entries, tombstones.

Models are used by this app only; others call the verbs (append_messages, store_flags, ...).
Every table leads with the account where it has one. Dates are Unix seconds (integers):
a DateTimeField costs 5 us a row on the way out. Foreign keys without an index of their own
are served by a constraint or index that starts with them: every index costs each delivery.
"""

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact

from mailstore import flags
from mailstore.fields import ContentKey


class Mailbox(models.Model):
    """A mailbox of an account, with its running totals (never counted on the way)."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mailboxes", db_index=False
    )
    name = models.CharField(max_length=1000)  # Unicode, "/" between levels, "INBOX" in capitals
    special_use = models.CharField(max_length=16, blank=True)  # "\\Sent" ... (RFC 6154), "" for none
    selectable = models.BooleanField(default=True)  # False: \Noselect, kept for its children
    subscribed = models.BooleanField(default=True)
    keywords = models.TextField(blank=True)  # every keyword used here, one space between; only grows
    uid_validity = models.BigIntegerField()
    uid_next = models.BigIntegerField(default=1)
    highest_modseq = models.BigIntegerField(default=1)
    forgotten_modseq = models.BigIntegerField(default=0)  # tombstones up to this MODSEQ may be gone
    recent_uid = models.BigIntegerField(default=1)  # UIDs from here on are \Recent to the next SELECT
    total_messages = models.BigIntegerField(default=0)
    total_unseen = models.BigIntegerField(default=0)
    total_deleted = models.BigIntegerField(default=0)
    total_size = models.BigIntegerField(default=0)  # octets
    read_by_others = models.BooleanField(default=False)  # False: no SeenMark is of this mailbox, nobody looks for one

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="mailbox_name")]


class Subscription(models.Model):
    """A subscribed name without a mailbox (RFC 3501 section 6.3.6 keeps it after DELETE)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="subscription_name")]


class Content(models.Model):
    """The bytes of a message, once for all who got it.

    header and body are the wire bytes split behind the blank line; header + body is the
    message exactly as it came in. A body above the inline limit (mailstore.blobs) is in
    STORAGES["messages"] under `blob` and `body` is NULL. The order of the columns matters on
    SQLite: what stands before a long body is read without walking its overflow pages.
    """

    sha256 = models.BinaryField(max_length=32, unique=True)
    size = models.BigIntegerField()
    blob = models.CharField(max_length=200, blank=True)
    header = models.BinaryField()
    body = models.BinaryField(null=True)


class Message(models.Model):
    """What was computed at delivery, for one account (fragments are ready IMAP bytes)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="messages")
    thread_id = models.BigIntegerField(default=0)  # id of the message that began the thread; 0: this one
    email_id = models.BigIntegerField(null=True)  # of a copy in another account: id of the first one; NULL: this one
    message_id = models.CharField(max_length=998, blank=True)  # without the angle brackets
    sent_at = models.BigIntegerField(default=0)  # Date field, or the arrival where it is unusable
    subject = models.TextField(blank=True)  # decoded
    sender = models.TextField(blank=True)  # display name of From, else its address
    sender_address = models.CharField(max_length=320, blank=True)
    recipients = models.TextField(blank=True)  # To and Cc as display text
    preview = models.CharField(max_length=250, blank=True)
    has_attachments = models.BooleanField(default=False)
    envelope = models.BinaryField()  # RFC 3501 envelope
    body = models.BinaryField()  # RFC 3501 body, non-extensible form
    bodystructure = models.BinaryField()
    structure = models.BinaryField()  # mailformat.mime.dump(): the parts with their offsets

    class Meta:
        indexes = [models.Index(fields=["account", "message_id"], name="message_by_message_id")]


def _bit(bit: int, value: int) -> models.Q:
    return models.Q(Exact(models.F("flags").bitand(bit), value))


_BY_DATE = ["mailbox", "internal_date", "uid"]


class Entry(models.Model):
    """One message in one mailbox."""

    # That of the mailbox. The database does not check it: without an index, the end of an account would walk the table.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.BigIntegerField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    content_id = models.BigIntegerField()  # = message.content_id: spares FETCH BODY[] a join
    flags = models.IntegerField(default=0)  # mailstore.flags bit mask of the system flags
    keywords = models.TextField(blank=True)  # sorted, one space between
    modseq = models.BigIntegerField()
    internal_date = models.BigIntegerField()
    saved_at = models.BigIntegerField(null=True)  # when it came into this mailbox; NULL: not kept then (RFC 8514)
    size = models.BigIntegerField()  # RFC822.SIZE
    has_attachments = models.BooleanField()  # = message.has_attachments: the list is filtered by it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uid"], name="entry_uid")]
        # The partial ones hold what is rare in a large mailbox, so that finding it does not walk the rest. A query
        # is served by one only where it has the same condition to the letter (mailstore.flags.is_set and is_unset).
        indexes = [
            models.Index(fields=["mailbox", "modseq"], name="entry_modseq"),
            models.Index(fields=["mailbox", "uid"], name="entry_unseen", condition=_bit(flags.SEEN, 0)),
            models.Index(fields=["mailbox", "uid"], name="entry_flagged", condition=_bit(flags.FLAGGED, flags.FLAGGED)),
            models.Index(fields=["mailbox", "uid"], name="entry_deleted", condition=_bit(flags.DELETED, flags.DELETED)),
            # The webmail's list goes by date: mail that was moved here stands where its date is.
            models.Index(fields=_BY_DATE, name="entry_by_date"),
            models.Index(fields=_BY_DATE, name="entry_unseen_by_date", condition=_bit(flags.SEEN, 0)),
            models.Index(fields=_BY_DATE, name="entry_flagged_by_date", condition=_bit(flags.FLAGGED, flags.FLAGGED)),
            models.Index(fields=_BY_DATE, name="entry_files_by_date", condition=models.Q(has_attachments=True)),
        ]


class Tombstone(models.Model):
    """An expunged UID (RFC 7162 VANISHED)."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.BigIntegerField()
    modseq = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mailbox", "modseq"], name="tombstone_modseq")]


class SearchKeys(models.Model):
    """What SEARCH, SORT and THREAD ask of a content, computed behind delivery (mailstore.indexing).

    A content without a row is read itself: the index makes searches quick, not right. Texts are folded
    (mailformat.collation). The signature tells what is not in the texts (mailformat.searchtext); it stands last, for
    most searches do not read it, and is empty where there is no SearchText.
    """

    content = ContentKey(Content, on_delete=models.CASCADE, primary_key=True, related_name="+")
    subject = models.TextField()
    sender = models.TextField()
    recipients = models.TextField()
    copies = models.TextField()
    blind_copies = models.TextField()
    base_subject = models.TextField()
    is_reply = models.BooleanField()
    from_mailbox = models.TextField()
    to_mailbox = models.TextField()
    cc_mailbox = models.TextField()
    display_from = models.TextField()
    display_to = models.TextField()
    sent_at = models.BigIntegerField(null=True)  # NULL: no usable Date
    sent_day = models.IntegerField(null=True)  # days since 1970, as the Date field is written
    message_id = models.TextField()
    ancestors = models.TextField()  # Message-IDs, the eldest first, one space between
    signature = models.BinaryField()


class SearchText(models.Model):
    """The decoded, folded texts of a content, for SEARCH TEXT and BODY."""

    content = ContentKey(Content, on_delete=models.CASCADE, primary_key=True, related_name="+")
    header = models.TextField()
    body = models.TextField()


class AccessRights(models.Model):
    """What an identifier may do in a mailbox (RFC 4314 section 2): an account, a group, anyone where both are empty."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey("directory.Group", null=True, on_delete=models.CASCADE, related_name="+")
    negative = models.BooleanField(default=False)  # these rights are taken away from whom others give them
    rights = models.IntegerField()  # mailstore.rights bit mask

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "account", "negative"], name="rights_of_account"),
            models.UniqueConstraint(fields=["mailbox", "group", "negative"], name="rights_of_group"),
            models.UniqueConstraint(
                fields=["mailbox", "negative"], condition=models.Q(account=None, group=None), name="rights_of_anyone"
            ),
            models.CheckConstraint(condition=models.Q(account=None) | models.Q(group=None), name="rights_of_one"),
        ]


class SeenMark(models.Model):
    r"""\Seen of an account in a mailbox of another: each has its own. No row: never read (mailstore.seen)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.BigIntegerField()
    seen = models.IntegerField()  # flags.SEEN or 0
    modseq = models.BigIntegerField()  # of the change, out of the mailbox's own

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "uid", "account"], name="seen_mark")]
        indexes = [models.Index(fields=["mailbox", "account", "modseq"], name="seen_mark_modseq")]


class Reader(models.Model):
    """The running total of an account's marks in a mailbox of another."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    total_seen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "mailbox"], name="reader")]


class Usage(models.Model):
    """Running totals of an account, against its quota."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    size = models.BigIntegerField(default=0)  # octets, over all mailboxes
    messages = models.BigIntegerField(default=0)
    last_uid_validity = models.BigIntegerField(default=0)
    changes = models.BigIntegerField(default=0)  # grows with any change to any mailbox; the feed compares it


class Metadata(models.Model):
    """An annotation of a mailbox, or of the server where there is no mailbox (RFC 5464).

    A change is a new row, a removal one without a value: by their ids, which grow, other sessions hear of both.
    """

    # Of a /shared entry the mailbox's owner, of a /private one its reader; NULL: /shared of the server.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", null=True)
    entry = models.CharField(max_length=255)  # in lower case, from "/shared/" or "/private/" on
    value = models.BinaryField(null=True)
    content_type = models.CharField(max_length=100, blank=True)  # only ANNOTATEMORE has it; "": plain text

    class Meta:
        # One entry each; NULLs are different from each other, hence three of them.
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "account", "entry"],
                condition=models.Q(mailbox__isnull=False),
                name="metadata_of_mailbox",
            ),
            models.UniqueConstraint(
                fields=["account", "entry"],
                condition=models.Q(mailbox__isnull=True, account__isnull=False),
                name="metadata_of_account",
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(account__isnull=True), name="metadata_of_server"
            ),
        ]


class Annotation(models.Model):
    """A value that somebody wrote to a message (RFC 5257). Most messages have none, and no row here.

    One that was removed stays as a row without value, so that other sessions hear of it, until the message goes.
    """

    # Of a shared one the mailbox's owner, of a private one whose it is.
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    uid = models.BigIntegerField()
    entry = models.CharField(max_length=255)  # "/comment"; with regard to case
    shared = models.BooleanField()
    value = models.BinaryField(null=True)
    modseq = models.BigIntegerField()  # of its last change; the entry of the message has one at least as high

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uid", "entry", "shared", "account"], name="annotation_of_message"
            )
        ]
        indexes = [models.Index(fields=["mailbox", "modseq"], name="annotation_modseq")]
