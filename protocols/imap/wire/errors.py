"""What the wire package refuses."""


class Refusal(Exception):
    """A command that gets no further than the parser.

    `status` is "BAD" or "NO" (RFC 3501 section 7.1), `code` a response code without its brackets or "", `text` words
    for people, in ASCII. `tag` is b"*" until it is known (section 7.1.3: an untagged BAD has no command to name).
    """

    status = "BAD"

    def __init__(self, text: str, *, code: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.tag = b"*"
        self.saving = False  # SEARCH RETURN (SAVE): a NO empties what was saved (RFC 5182 section 2.1)


class BadSyntax(Refusal):
    """The octets follow no rule of RFC 3501 section 9."""


class BadCharset(Refusal):
    """SEARCH names a charset that is not spoken here (RFC 3501 section 6.4.4)."""

    status = "NO"


class BadEvent(Refusal):
    """NOTIFY names an event that is not supported (RFC 5465 section 3.1: "not a BAD")."""

    status = "NO"


class BadMailboxName(Refusal):
    """The name is no modified UTF-7 (RFC 3501 section 5.1.3)."""

    status = "NO"


class TooManyKeys(Refusal):
    """More search keys or deeper nesting than this server follows (RFC 5530: LIMIT)."""

    status = "NO"


class TooManyPieces(Refusal):
    """More pieces of messages than this server puts together (RFC 5530: LIMIT)."""

    status = "NO"


class EmptyMessage(Refusal):
    """A message of no octets: the way to cancel an APPEND (RFC 3502 section 6.3.11)."""

    status = "NO"
