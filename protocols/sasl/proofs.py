"""What a SASL mechanism ends with: the proof that security.authentication verifies.

A proof only carries what the client said; nothing in it has been checked against an account.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PasswordProof:
    """A password in the clear: PLAIN, LOGIN, a protocol's own login command, a web form."""

    authcid: str  # whose password it is
    authzid: str  # whom to act for; "" = authcid
    password: str = field(repr=False)
    mechanism: str = ""  # "PLAIN", "LOGIN"; "" for IMAP LOGIN, POP3 USER/PASS and the web form


@dataclass(frozen=True, slots=True)
class CramMd5Proof:
    """HMAC-MD5 of the server's challenge under the password (RFC 2195 section 2)."""

    authcid: str
    challenge: bytes  # as sent, angle brackets included
    digest: bytes = field(repr=False)  # 16 octets
    authzid: str = ""  # the mechanism has none
    mechanism: str = "CRAM-MD5"


@dataclass(frozen=True, slots=True)
class ScramProof:
    """ClientProof over AuthMessage (RFC 5802 section 3)."""

    authcid: str
    authzid: str
    auth_message: bytes = field(repr=False)
    client_proof: bytes = field(repr=False)  # as long as the hash
    mechanism: str = "SCRAM-SHA-256"  # SCRAM-SHA-1, and both with -PLUS


@dataclass(frozen=True, slots=True)
class DigestMd5Proof:
    """response-value of RFC 2831 section 2.1.2.1, and what it was computed over."""

    authcid: str
    authzid: str
    realm: str
    a1_rest: bytes  # what follows the kept hash in A1
    nonces: bytes  # nonce:nc:cnonce:qop
    uri: bytes  # digest-uri-value
    response: bytes = field(repr=False)  # 32 hexadecimal digits
    mechanism: str = "DIGEST-MD5"


@dataclass(frozen=True, slots=True)
class NtlmProof:
    """The NT response to the server's challenge ([MS-NLMP] section 3.3)."""

    authcid: str  # who it is for us
    user: str  # as the message has it: it is part of what is hashed
    domain: str
    challenge: bytes
    client_challenge: bytes  # of version 1 with extended session security, else empty
    response: bytes = field(repr=False)
    authzid: str = ""  # the mechanism has none
    mechanism: str = "NTLM"

    @property
    def is_version_1(self) -> bool:
        return len(self.response) == 24


@dataclass(frozen=True, slots=True)
class ApopProof:
    """MD5 of the greeting's timestamp and the password (RFC 1939 section 7)."""

    authcid: str
    timestamp: bytes  # angle brackets included
    digest: bytes = field(repr=False)  # 16 octets
    authzid: str = ""  # the command has none
    mechanism: str = "APOP"


Proof = PasswordProof | CramMd5Proof | ScramProof | DigestMd5Proof | NtlmProof | ApopProof
