"""DIGEST-MD5 (RFC 2831), quality of protection "auth" only.

The server keeps H(username ":" realm ":" password) and not the password. It depends on how the user name was
written and in which charset it was hashed, so one is kept for each way that clients are known to take. They
suffice to log in by DIGEST-MD5 (section 3.9), and to nothing else. The realm is the host's name.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator

from protocols.sasl import directives
from protocols.sasl.proofs import DigestMd5Proof
from protocols.sasl.steps import Challenge, DigestKeys, Done, Failed, Keys, NeedDigestKeys, SaslContext, Step

KEY_OCTETS = 16
_FIRST_USE = b"00000001"  # nc: the nonce is for one exchange; subsequent authentication (section 2.2) is not offered
_RESPONSE = re.compile(rb"[0-9a-f]{32}")


class DigestMd5:
    """digest-challenge -> digest-response -> (keys) -> proof, with response-auth ready."""

    name = "DIGEST-MD5"

    def __init__(self, context: SaslContext) -> None:
        self._context = context
        self._nonce = context.nonce_source().encode("ascii")
        self._proof: DigestMd5Proof | None = None

    def start(self, initial: bytes | None) -> Step:
        # An initial response would be subsequent authentication; an empty one is harmless.
        if initial:
            return Failed("DIGEST-MD5 has no initial response here")
        realm, nonce = directives.quote(self._context.hostname), directives.quote(self._nonce.decode())
        # algorithm without quotes, as section 2.1.1 has it: curl takes no other form.
        text = f'realm={realm},nonce={nonce},qop="auth",charset=utf-8,algorithm=md5-sess'
        return Challenge(text.encode("utf-8"))

    def step(self, response: bytes) -> Step:
        if self._proof is not None:
            return Failed("DIGEST-MD5: data behind the end of the exchange")
        try:
            self._proof = self._read(directives.parse(response))
        except ValueError as error:
            return Failed(f"DIGEST-MD5: {error}")
        return NeedDigestKeys(self._proof.authcid, self._proof.realm)

    def provide(self, keys: Keys) -> Step:
        if self._proof is None or not isinstance(keys, DigestKeys):
            return Failed("DIGEST-MD5: keys out of turn")
        # Whether one of them fits is authenticate()'s to say; if none does, this answer is never sent.
        fitting = next((key for key in keys.hashes if _is_right(key, self._proof)), keys.hashes[0])
        return Done(self._proof, b"rspauth=" + _value(fitting, self._proof, b""))

    def _read(self, found: dict[str, bytes]) -> DigestMd5Proof:
        """The digest-response (section 2.1.2). ValueError."""
        username, cnonce, uri = (_required(found, name) for name in ("username", "cnonce", "digest-uri"))
        charset = found.get("charset")
        if charset is not None and charset.lower() != b"utf-8":
            raise ValueError("charset is not utf-8")
        if found.get("realm", b"") != self._context.hostname.encode("utf-8"):
            raise ValueError("the realm is not ours")
        if not hmac.compare_digest(found.get("nonce", b""), self._nonce) or found.get("nc") != _FIRST_USE:
            raise ValueError("the nonce is not ours")
        qop = found.get("qop", b"auth")
        if qop.lower() != b"auth":
            raise ValueError("the quality of protection is not offered")
        self._check_uri(uri)
        if not _RESPONSE.fullmatch(_required(found, "response")):
            raise ValueError("response is malformed")
        authzid = found.get("authzid")
        return DigestMd5Proof(
            authcid=_text(username, charset),
            authzid=authzid.decode("utf-8") if authzid else "",
            realm=self._context.hostname,
            a1_rest=b":".join((self._nonce, cnonce)) + (b"" if authzid is None else b":" + authzid),
            nonces=b":".join((self._nonce, _FIRST_USE, cnonce, qop)),
            uri=uri,
            response=found["response"],
        )

    def _check_uri(self, uri: bytes) -> None:
        """serv-type "/" host [ "/" serv-name ]. The host is not compared: clients put the realm there, an address,
        or whatever of its names the server was asked for by."""
        service, slash, host = uri.partition(b"/")
        if not slash or not host:
            raise ValueError("digest-uri is malformed")
        if self._context.service and service.lower() != self._context.service.encode():
            raise ValueError("the response is for another service")


def keys_from_password(address: str, realm: str, password: str) -> bytes:
    """What is kept: 16 octets for each user name and charset, one after the other."""
    names = (address, address.rpartition("@")[0])
    # Section 2.1.2.1 hashes what fits into ISO 8859-1 in ISO 8859-1, each of the two alone; most clients forget to.
    written = [(name.encode("utf-8"), password.encode("utf-8")) for name in names]
    written += [(_latin(name), _latin(password)) for name in names]
    hashes = (_h(b":".join((name, realm.encode("utf-8"), secret))) for name, secret in written)
    return b"".join(dict.fromkeys(hashes))


def split_keys(kept: bytes) -> DigestKeys:
    """The hashes that keys_from_password() put together."""
    return DigestKeys(tuple(kept[at : at + KEY_OCTETS] for at in range(0, len(kept), KEY_OCTETS)))


def verify(kept: bytes, proof: DigestMd5Proof) -> bool:
    """Whether the response is right under one of the hashes; constant-time comparisons, all of them made."""
    return any(list(_verdicts(split_keys(kept), proof)))


def _verdicts(keys: DigestKeys, proof: DigestMd5Proof) -> Iterator[bool]:
    return (_is_right(key, proof) for key in keys.hashes)


def _is_right(key: bytes, proof: DigestMd5Proof) -> bool:
    return hmac.compare_digest(_value(key, proof, b"AUTHENTICATE"), proof.response)


def _value(key: bytes, proof: DigestMd5Proof, method: bytes) -> bytes:
    """response-value (section 2.1.2.1), and response-auth's where `method` is empty (section 2.1.3)."""
    a1 = _hex(key + b":" + proof.a1_rest)
    a2 = _hex(method + b":" + proof.uri)
    return _hex(b":".join((a1, proof.nonces, a2)))


def _required(found: dict[str, bytes], name: str) -> bytes:
    if not found.get(name):
        raise ValueError(f"{name} is missing")
    return found[name]


def _text(octets: bytes, charset: bytes | None) -> str:
    """A user name; without "charset" it is ISO 8859-1, where curl sends UTF-8 all the same."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        if charset is not None:
            raise
        return octets.decode("iso-8859-1")


def _latin(text: str) -> bytes:
    try:
        return text.encode("iso-8859-1")
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _h(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _hex(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().encode("ascii")
