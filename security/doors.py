"""A door: where somebody stands who wants to come in."""

from dataclasses import dataclass

# The one door that stays open for mail without TLS at the highest level: other servers use it.
SERVER_MAIL = "smtp"
WEB = "web"


@dataclass(frozen=True, slots=True)
class Door:
    """A connection as the policy and the throttle see it."""

    protocol: str  # "smtp" (port 25), "submission" (587, 465), "imap", "pop3", "web", ...
    remote_address: str
    local_address: str = ""
    encrypted: bool = False
    # Inside TLS: something binds to this channel (RFC 5056), as the -PLUS mechanisms need. False: they are not offered.
    can_bind: bool = False
