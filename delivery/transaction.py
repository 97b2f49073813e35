"""A mail transaction (RFC 5321 section 3.3): who sends what to whom, and how it came in."""

from __future__ import annotations

from dataclasses import dataclass

from directory.accounts import AccountInfo


@dataclass(frozen=True, slots=True)
class Recipient:
    """An accepted RCPT. notify and orcpt are kept for delivery status notifications (RFC 3461)."""

    forward_path: str
    account_ids: tuple[int, ...]
    notify: tuple[str, ...] = ()
    orcpt: str = ""


@dataclass(slots=True)
class MailTransaction:
    """What the envelope says, and what the trace lines need. Nobody changes it; frozen would cost 4 us a message."""

    reverse_path: str  # "" is the null sender
    recipients: tuple[Recipient, ...]
    received_at: int  # Unix seconds
    protocol: str = "ESMTP"  # RFC 3848 and RFC 6531 section 4.3: "ESMTPSA", "UTF8SMTPS", ...; "HTTP" from the webmail
    helo: str = ""
    remote_address: str = ""
    tls: str = ""  # "TLSv1.3 TLS_AES_256_GCM_SHA384", "" in clear
    authenticated_as: AccountInfo | None = None
    ret: str = ""
    envid: str = ""
    smtputf8: bool = False
    body: str = ""
    queue_id: str = ""  # names the transaction in the trace and in the log
    is_submission: bool = False  # from a user's own program: missing fields are added (RFC 6409 section 8)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sender, a recipient or a message is refused: an SMTP code, an enhanced code (RFC 3463), fixed words."""

    code: int
    enhanced: str
    text: str
