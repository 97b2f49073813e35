"""Bounds that keep hostile messages cheap. Nothing is refused: what lies beyond stays opaque."""

# Levels of multipart and message/rfc822 inside each other. Real mail has under 15; each level
# costs one search over its content and a few Python frames.
MAX_DEPTH = 100

# Octets of one field value that are understood (10,000 addresses fit), and of one string inside an IMAP
# fragment: BODY[HEADER] gives all of it, a list of messages need not carry it each time.
MAX_FIELD_OCTETS = 1_048_576
MAX_STRING_OCTETS = 65_536

# MIME parts of one message. A mailing list digest has hundreds; BODYSTRUCTURE of 10,000 parts is about 1 MB.
MAX_PARTS = 10_000

# Addresses kept of one header field; the largest honest To fields have a few thousand.
MAX_ADDRESSES = 10_000

# Parameters of one Content-Type or Content-Disposition, RFC 2231 pieces included.
MAX_PARAMETERS = 1_000

# Message-IDs kept of References: the newest ones decide the thread, RFC 5322 sets no bound.
MAX_REFERENCES = 100

# Characters of a subject, a name or a recipient list kept for display, and octets of one such
# field that are looked at. RFC 5322 section 2.1.1 allows 998 octets a line but any number of folds.
MAX_DISPLAY = 2_000
MAX_DISPLAY_OCTETS = 16_384

# Characters of a preview, and octets of a text or HTML body that are looked at to make it.
MAX_PREVIEW = 200
MAX_PREVIEW_TEXT = 4_096
MAX_PREVIEW_HTML = 65_536

# Octets handed to the charset detector: more does not make it surer, only slower.
MAX_GUESS = 4_096
