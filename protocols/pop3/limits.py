"""Limits of a POP3 session, each with its reason; those of the wire are in wire/limits.py."""

# RFC 1939 section 3: the autologout timer is at least 10 minutes.
IDLE_SECONDS = 600.0
# Malformed or misplaced commands after which the connection is closed.
MAX_ERRORS = 20
# Failed logins on one connection: a client tries several mechanisms, people mistype.
MAX_LOGIN_FAILURES = 10
