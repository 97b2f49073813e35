"""NTLM's three messages ([MS-NLMP] section 2.2.1), as far as a server that only authenticates needs them.

Little-endian; texts are UTF-16 where both sides have agreed on it, else the client's "OEM" charset.
"""

import struct
from dataclasses import dataclass, field

SIGNATURE = b"NTLMSSP\0"
MAX_MESSAGE_OCTETS = 8192  # names and two responses; Windows' own are below 1,000
# Flags of section 2.2.2.5.
UNICODE = 0x00000001
OEM = 0x00000002
REQUEST_TARGET = 0x00000004
NTLM = 0x00000200
ALWAYS_SIGN = 0x00008000
TARGET_TYPE_SERVER = 0x00020000
EXTENDED_SESSION_SECURITY = 0x00080000
TARGET_INFO = 0x00800000
# Ids of the AV_PAIRs in the target information (section 2.2.2.1).
_END, _COMPUTER, _DOMAIN, _DNS_COMPUTER, _DNS_DOMAIN = range(5)
_NETBIOS_CHARACTERS = 15
_HEAD = struct.Struct("<8sI")
_FIELD = struct.Struct("<HHI")  # length, allocated, offset
_CHALLENGE_OCTETS = 48  # of the CHALLENGE message before its payload
_FLAGS_AT = 60  # in the AUTHENTICATE message; very old clients leave them out
# Where the AUTHENTICATE message has the fields of its payload.
_LM, _NT, _DOMAIN_NAME, _USER = 12, 20, 28, 36


@dataclass(frozen=True, slots=True)
class Authenticate:
    """The AUTHENTICATE message; nothing in it has been checked."""

    user: str
    domain: str
    flags: int
    lm_response: bytes = field(repr=False)
    nt_response: bytes = field(repr=False)


def read_negotiate(message: bytes) -> int:
    """The flags that the client offers. ValueError."""
    _check_head(message, 1, 16)
    return int.from_bytes(message[12:16], "little")


def agreed(offered: int) -> int:
    """The flags of the answer: the charset, and ESS where the client wants it. No session keys: nothing is signed."""
    charset = UNICODE if offered & UNICODE else OEM
    echoed = offered & (ALWAYS_SIGN | EXTENDED_SESSION_SECURITY)
    return charset | echoed | REQUEST_TARGET | NTLM | TARGET_TYPE_SERVER | TARGET_INFO


def challenge(flags: int, nonce: bytes, hostname: str) -> bytes:
    """The CHALLENGE message; the target is this host."""
    target = hostname.encode("utf-16-le") if flags & UNICODE else hostname.encode("ascii", "replace")
    information = _target_information(hostname)
    target_field = _FIELD.pack(len(target), len(target), _CHALLENGE_OCTETS)
    information_field = _FIELD.pack(len(information), len(information), _CHALLENGE_OCTETS + len(target))
    head = _HEAD.pack(SIGNATURE, 2) + target_field + struct.pack("<I8s8x", flags, nonce)
    return head + information_field + target + information


def read_authenticate(message: bytes, flags: int) -> Authenticate:
    """The AUTHENTICATE message; `flags` are those agreed on, for clients that send none. ValueError."""
    _check_head(message, 3, 52)
    payload = min(_FIELD.unpack_from(message, at)[2] for at in (_LM, _NT, _DOMAIN_NAME, _USER))
    if payload >= _FLAGS_AT + 4 <= len(message):
        flags = int.from_bytes(message[_FLAGS_AT : _FLAGS_AT + 4], "little") or flags
    return Authenticate(
        user=_text(_payload(message, _USER), flags),
        domain=_text(_payload(message, _DOMAIN_NAME), flags),
        flags=flags,
        lm_response=_payload(message, _LM),
        nt_response=_payload(message, _NT),
    )


def _target_information(hostname: str) -> bytes:
    """AV_PAIRs, without a time stamp: a client that sees one must protect the messages with a session key."""
    host, _, domain = hostname.partition(".")
    netbios = host[:_NETBIOS_CHARACTERS].upper()
    named = ((_DOMAIN, netbios), (_COMPUTER, netbios), (_DNS_DOMAIN, domain or host), (_DNS_COMPUTER, hostname))
    pairs = [(kind, text.encode("utf-16-le")) for kind, text in named]
    return b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in [*pairs, (_END, b"")])


def _check_head(message: bytes, kind: int, least: int) -> None:
    if not least <= len(message) <= MAX_MESSAGE_OCTETS or _HEAD.unpack_from(message) != (SIGNATURE, kind):
        raise ValueError("not the NTLM message that is due")


def _payload(message: bytes, at: int) -> bytes:
    length, _, offset = _FIELD.unpack_from(message, at)
    if offset + length > len(message):
        raise ValueError("a field points outside the message")
    return message[offset : offset + length]


def _text(octets: bytes, flags: int) -> str:
    if flags & UNICODE:
        return octets.decode("utf-16-le")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("iso-8859-1")
