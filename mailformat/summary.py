"""What is computed once, when a message arrives."""
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class MessageSummary:
    header_size: int
    size: int
    envelope: bytes
    body: bytes
    bodystructure: bytes
    structure: bytes
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sent_at: int
    subject: str
    sender: str
    sender_address: str
    recipients: str
    preview: str
    has_attachments: bool

def summarize(data: bytes, *, arrived: int = 0) -> MessageSummary:
    raise NotImplementedError
