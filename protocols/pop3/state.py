"""The states of RFC 1939. UPDATE is left at once: QUIT does its work and closes."""

import enum


class State(enum.Enum):
    """With the refusal of what belongs to the other one."""

    AUTHORIZATION = "Not possible now: not logged in"
    TRANSACTION = "Not possible now: logged in"
