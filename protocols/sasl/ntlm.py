"""NTLM ([MS-NLMP], and over SMTP, IMAP and POP3 [MS-SMTPNTLM], [MS-OXIMAP], [MS-POP3]).

The server keeps the NT hash, MD4 of the password in UTF-16: enough to log in by NTLM, to nothing else here.
NTLMv2 and the NT response of version 1 are verified, the LM response never: it gives short passwords away. Version 1
is three keys of DES, which a listener undoes in a day whatever the password is; the policy treats it accordingly.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from protocols.sasl import md4, ntlm_messages
from protocols.sasl.proofs import NtlmProof
from protocols.sasl.steps import Challenge, Done, Failed, Keys, SaslContext, Step

NT_HASH_OCTETS = 16
CHALLENGE_OCTETS = 8
VERSION_1_OCTETS = 24  # of the NT response; version 2's is NTProofStr and a blob of 28 octets at least
_LEAST_VERSION_2_OCTETS = 44


class Ntlm:
    """NEGOTIATE -> CHALLENGE -> AUTHENTICATE -> proof. The server has no last word."""

    name = "NTLM"

    def __init__(self, context: SaslContext) -> None:
        self._context = context
        self._challenge = os.urandom(CHALLENGE_OCTETS)
        self._flags = 0

    def start(self, initial: bytes | None) -> Step:
        return self.step(initial) if initial else Challenge(b"")

    def step(self, response: bytes) -> Step:
        try:
            return self._read_authenticate(response) if self._flags else self._answer_negotiate(response)
        except ValueError as error:
            return Failed(f"NTLM: {error}")

    def provide(self, keys: Keys) -> Step:
        return Failed("NTLM takes no keys")

    def _answer_negotiate(self, message: bytes) -> Step:
        self._flags = ntlm_messages.agreed(ntlm_messages.read_negotiate(message))
        return Challenge(ntlm_messages.challenge(self._flags, self._challenge, self._context.hostname))

    def _read_authenticate(self, message: bytes) -> Step:
        said = ntlm_messages.read_authenticate(message, self._flags)
        length = len(said.nt_response)
        if not said.user or (length != VERSION_1_OCTETS and length < _LEAST_VERSION_2_OCTETS):
            return Failed("NTLM: no user name, or no response that can be verified")
        extended = said.flags & self._flags & ntlm_messages.EXTENDED_SESSION_SECURITY
        shared = length == VERSION_1_OCTETS and extended and said.lm_response[CHALLENGE_OCTETS:] == bytes(16)
        return Done(
            NtlmProof(
                authcid=_address(said.user, said.domain, self._context.hostname),
                user=said.user,
                domain=said.domain,
                challenge=self._challenge,
                client_challenge=said.lm_response[:CHALLENGE_OCTETS] if shared else b"",
                response=said.nt_response,
            )
        )


def _address(user: str, domain: str, target: str) -> str:
    """Some clients send the whole address as the user, others cut it at the "@"; the domain may be our own target."""
    cut = "@" not in user and "." in domain and domain.casefold() != target.casefold()
    return f"{user}@{domain}" if cut else user


def nt_hash(password: str) -> bytes:
    """NTOWFv1 (section 3.3.1). ValueError where the password is not Unicode."""
    return md4.digest(password.encode("utf-16-le"))


def verify(kept: bytes, proof: NtlmProof) -> bool:
    """Whether the response is right under this NT hash; constant-time comparison."""
    if proof.is_version_1:
        return hmac.compare_digest(_version_1(kept, proof), proof.response)
    names = (_upper(proof.user) + proof.domain).encode("utf-16-le")
    key = hmac.digest(kept, names, "md5")  # NTOWFv2, section 3.3.2
    shown, blob = proof.response[:16], proof.response[16:]
    return hmac.compare_digest(hmac.digest(key, proof.challenge + blob, "md5"), shown)


def _version_1(kept: bytes, proof: NtlmProof) -> bytes:
    """DESL(NT hash, challenge), section 6; with extended session security the challenge is both sides'."""
    challenge = proof.challenge
    if proof.client_challenge:
        both = challenge + proof.client_challenge
        challenge = hashlib.md5(both, usedforsecurity=False).digest()[:CHALLENGE_OCTETS]
    padded = kept.ljust(21, b"\0")
    return b"".join(_des(padded[at : at + 7], challenge) for at in (0, 7, 14))


def _des(key: bytes, block: bytes) -> bytes:
    """DES of one block; 56 bits of key, spread over 8 octets whose lowest bits do not count."""
    bits = int.from_bytes(key, "big")
    spread = bytes((bits >> shift & 0x7F) << 1 for shift in range(49, -1, -7))
    encryptor = Cipher(TripleDES(spread * 3), modes.ECB()).encryptor()  # three times the same key is DES
    return encryptor.update(block)


def _upper(name: str) -> str:
    """Character by character, as Windows does: ß stays."""
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in name)
