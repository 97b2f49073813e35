"""Limits of the POP3 wire, each with its reason."""

# RFC 2449 section 4: a command line with its CRLF.
COMMAND_LINE = 255
# RFC 5034 section 4: a line of a SASL exchange without its CRLF; AUTH with an initial response is one too.
AUTH_LINE = 12288 + 64
# A message number or a line count; more digits are no number of ours.
DIGITS = 10
