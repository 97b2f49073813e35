"""Address lists."""
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address: decoded display name, local part without quoting, domain."""

    name: str
    localpart: str
    domain: str

    @property
    def address(self) -> str:
        return f"{self.localpart}@{self.domain}" if self.domain else self.localpart

@dataclass(frozen=True, slots=True)
class Group:
    """A named group of mailboxes (RFC 5322 section 3.4)."""

    name: str
    members: tuple[Mailbox, ...]

def parse_list(value: bytes | str) -> list[Mailbox | Group]:
    raise NotImplementedError
