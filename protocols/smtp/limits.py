"""Limits of an SMTP session, each with its reason; those of the wire are in wire/limits.py."""

# Octets of a message (RFC 1870): what Gmail and Outlook take (25 MB of files, larger by a third in base64), with room.
MAX_MESSAGE = 50 * 1024 * 1024
# RFC 5321 section 4.5.3.1.8 wants at least 100; a class list sent by hand fits.
MAX_RECIPIENTS = 1000
# Malformed or misplaced commands after which the connection is closed: a program in the wrong language, or an attack.
MAX_ERRORS = 20
# Commands that neither fail nor deliver (NOOP, RSET, VRFY, EHLO ...) between two messages of somebody unknown.
MAX_IDLE_COMMANDS = 200
# Failed logins on one connection. smtplib tries three mechanisms in a row; people mistype.
MAX_LOGIN_FAILURES = 10
# Unknown recipients: real senders have one or two wrong addresses. Behind these each answer waits, and whoever goes on
# is harvesting addresses.
FREE_UNKNOWN_RECIPIENTS = 5
UNKNOWN_RECIPIENT_SECONDS = 1.0
MAX_UNKNOWN_RECIPIENTS = 50

# Seconds without an octet: "at least 5 minutes" (RFC 5321 section 4.5.3.2.7), in every state.
IDLE_SECONDS = 300.0
# Octets a second in DATA and BDAT, averaged by the runtime: the slowest mobile is faster; whoever sends one octet now
# and then only holds a connection.
MINIMUM_RATE = 100
# A message up to this size is summarized and handed to the writer on the event loop (some 0.2 ms): changing to a
# thread would cost as much. A larger one takes a database thread.
INLINE_MESSAGE = 64 * 1024
