"""IMAP's limits in each state, with the reason of each; those of a command's octets are the framer's."""

# Seconds. RFC 3501 section 5.4: an autologout timer MUST be at least 30 minutes; before login nothing binds us.
TIMEOUT = 30 * 60.0
TIMEOUT_BEFORE_LOGIN = 60.0
# A command that stops arriving in a literal or behind one: nobody types it.
TIMEOUT_IN_LITERAL = 5 * 60.0
# Octets a second from the first literal of a command to its end: a slow modem is faster, a client that
# holds literals and a spool for days is not.
MINIMUM_RATE = 100
# What is parsed on the event loop, where all wait: what is answered there has some words and, in LOGIN, two literals
# (text, literal, text, ...). A line of 2 KiB is parsed in some milliseconds at worst.
INLINE_PARTS = 9
INLINE_OCTETS = 2 * 1024
# Commands that fail one after another: a client that speaks another protocol, or a guesser.
MAX_ERRORS_BEFORE_LOGIN = 10
MAX_ERRORS = 100
# All commands before login: CAPABILITY, ID, STARTTLS, several mechanisms tried; nobody honest needs more.
MAX_COMMANDS_BEFORE_LOGIN = 50
