"""The states of a connection (RFC 3501 section 3); logout is the end of it."""

import enum


class State(enum.Enum):
    NOT_AUTHENTICATED = "before login"
    AUTHENTICATED = "after login"
    SELECTED = "with a mailbox selected"
