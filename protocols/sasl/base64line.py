"""Reading a base64 response line, strictly."""

import base64
import binascii

# RFC 4954 section 4.5: a server takes base64 responses of at least 12,288 octets, without the line end.
MAX_RESPONSE_LINE = 12_288


class BadBase64(ValueError):
    """Not base64, or longer than MAX_RESPONSE_LINE."""


def decode_base64_line(line: bytes) -> bytes:
    """The octets behind `line` (no CRLF). "=" alone is the empty initial response (RFC 4954 section 4).

    Raises BadBase64; strict as RFC 4648 section 3.3 asks: no stray characters, right padding.
    """
    if len(line) > MAX_RESPONSE_LINE:
        raise BadBase64("the response is too long")
    if line == b"=":
        return b""
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise BadBase64("the response is not base64") from error
