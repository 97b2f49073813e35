"""The states of RFC 1939. UPDATE is left at once: QUIT does its work and closes."""

import enum


class State(enum.Enum):
    AUTHORIZATION = "not logged in"
    TRANSACTION = "logged in"
