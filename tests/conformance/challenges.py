"""Clients of the challenge-response methods for dialogue scripts, each written from its specification.

$(digest $challenge USER PASSWORD SERVICE)     DIGEST-MD5's response (RFC 2831 section 2.1.2)
$(rspauth $challenge USER PASSWORD SERVICE)    what the server must answer to it (section 2.1.3)
$(negotiate)                                   NTLM's first message
$(ntlm2 $challenge USER DOMAIN PASSWORD)       its third, NTLMv2; DOMAIN may be "-" for none
$(ntlm1 $challenge USER DOMAIN PASSWORD)       the same with version 1, as most free clients do
$(apop TIMESTAMP PASSWORD)                     APOP's digest (RFC 1939 section 7)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Callable

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from protocols.sasl import md4  # hashlib has none; tests/unit/sasl/test_md4.py has RFC 1320's values

CNONCE = b"OA6MHXh6VqTrRk"
CLIENT_CHALLENGE = b"\xaa" * 8
UNICODE, OEM = 1, 2


def _hex(data: bytes) -> bytes:
    return hashlib.md5(data).hexdigest().encode()


def digest_fields(challenge: bytes) -> dict[bytes, bytes]:
    return {name: quoted or bare for name, quoted, bare in re.findall(rb'([\w-]+)=(?:"([^"]*)"|([^,]*))', challenge)}


def digest_value(challenge: bytes, user: bytes, password: bytes, uri: bytes, method: bytes = b"AUTHENTICATE") -> bytes:
    given = digest_fields(challenge)
    secret = hashlib.md5(b":".join((user, given[b"realm"], password))).digest()
    a1 = b":".join((secret, given[b"nonce"], CNONCE))
    middle = b":".join((given[b"nonce"], b"00000001", CNONCE, b"auth"))
    return _hex(b":".join((_hex(a1), middle, _hex(method + b":" + uri))))


def digest_response(challenge: bytes, user: bytes, password: bytes, uri: bytes, *more: bytes) -> bytes:
    given = digest_fields(challenge)
    value = digest_value(challenge, user, password, uri)
    fields = [
        b'charset=utf-8,username="%s",realm="%s"' % (user, given[b"realm"]),
        b'nonce="%s",nc=00000001,cnonce="%s"' % (given[b"nonce"], CNONCE),
        b'digest-uri="%s",response=%s,qop=auth' % (uri, value),
        *more,
    ]
    return b",".join(fields)


def _uri(service: bytes) -> bytes:
    return service + b"/mailhost.mondomaine.fr"


def digest(challenge: bytes, user: bytes, password: bytes, service: bytes) -> bytes:
    return base64.b64encode(digest_response(base64.b64decode(challenge), user, password, _uri(service)))


def rspauth(challenge: bytes, user: bytes, password: bytes, service: bytes) -> bytes:
    value = digest_value(base64.b64decode(challenge), user, password, _uri(service), b"")
    return base64.b64encode(b"rspauth=" + value)


def negotiate() -> bytes:
    return base64.b64encode(b"NTLMSSP\0" + struct.pack("<II16x", 1, UNICODE | OEM | 0x200))


def nt_hash(password: bytes) -> bytes:
    return md4.digest(password.decode().encode("utf-16-le"))


def authenticate_message(user: str, domain: str, lm: bytes, nt: bytes, flags: int = UNICODE | 0x200) -> bytes:
    charset = "utf-16-le" if flags & UNICODE else "utf-8"
    parts = [lm, nt, domain.encode(charset), user.encode(charset), b"", b""]
    fields, payload = b"", b""
    for part in parts:
        fields += struct.pack("<HHI", len(part), len(part), 64 + len(payload))
        payload += part
    return b"NTLMSSP\0" + struct.pack("<I", 3) + fields + struct.pack("<I", flags) + payload


def _target_information(challenge: bytes) -> bytes:
    length, _, offset = struct.unpack_from("<HHI", challenge, 40)
    return challenge[offset : offset + length]


def ntlm2_response(secret: bytes, user: str, domain: str, challenge: bytes, information: bytes) -> bytes:
    key = hmac.new(secret, (user.upper() + domain).encode("utf-16-le"), hashlib.md5).digest()
    blob = b"\x01\x01" + bytes(6) + bytes(8) + CLIENT_CHALLENGE + bytes(4) + information + bytes(4)
    return hmac.new(key, challenge + blob, hashlib.md5).digest() + blob


def ntlm1_response(secret: bytes, challenge: bytes) -> bytes:
    padded, out = secret + bytes(5), b""
    for at in (0, 7, 14):
        bits = "".join(f"{octet:08b}" for octet in padded[at : at + 7])
        key = bytes(int(bits[i : i + 7] + "0", 2) for i in range(0, 56, 7))
        out += Cipher(TripleDES(key * 3), modes.ECB()).encryptor().update(challenge)
    return out


def ntlm2(challenge: bytes, user: bytes, domain: bytes, password: bytes) -> bytes:
    message, realm = base64.b64decode(challenge), domain.decode().strip("-")
    response = ntlm2_response(nt_hash(password), user.decode(), realm, message[24:32], _target_information(message))
    return base64.b64encode(authenticate_message(user.decode(), realm, bytes(24), response))


def ntlm1(challenge: bytes, user: bytes, domain: bytes, password: bytes) -> bytes:
    response = ntlm1_response(nt_hash(password), base64.b64decode(challenge)[24:32])
    message = authenticate_message(user.decode(), domain.decode().strip("-"), response, response)
    return base64.b64encode(message)


def apop(stamp: bytes, password: bytes) -> bytes:
    return _hex(stamp + password)


CHALLENGE_CLIENTS: dict[bytes, Callable[..., bytes]] = {
    client.__name__.encode(): client for client in (digest, rspauth, negotiate, ntlm2, ntlm1, apop)
}
