"""Limits of the SMTP wire, each with its reason."""

# RFC 5321 section 4.5.3.1.4: a command line with its CRLF.
COMMAND_LINE = 512
# What extensions add to MAIL: SIZE 26 (RFC 1870 section 3), BODY 17 (RFC 6152 section 2), SMTPUTF8 10 and 460 for
# longer addresses (RFC 6531 section 3.4), RET and ENVID 500 (RFC 3461 section 4), AUTH 500 (RFC 4954 section 3).
MAIL_LINE = COMMAND_LINE + 26 + 17 + 10 + 460 + 500 + 500
# NOTIFY and ORCPT 500 (RFC 3461 section 4), longer addresses 460 (RFC 6531 section 3.4).
RCPT_LINE = COMMAND_LINE + 500 + 460
# RFC 4954 section 4: 12,288 octets for a line of the exchange, and "AUTH mechanism " before an initial response.
AUTH_LINE = 12288 + 64

# RFC 5321 sections 4.5.3.1.1 to 4.5.3.1.3, in octets.
LOCAL_PART = 64
DOMAIN = 255
PATH = 256

# RFC 3461 section 4.4: the decoded ENVID; section 4.2: ORCPT.
ENVID = 100
ORCPT = 500

# A DATA or BDAT that was refused is read on to its end so that the answer can be given; one that is this many times
# as long as the largest message is cut off.
DISCARD_FACTOR = 2
