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
    client_proof: bytes = field(repr=False)  # 32 octets
    mechanism: str = "SCRAM-SHA-256"  # or "SCRAM-SHA-256-PLUS"


Proof = PasswordProof | CramMd5Proof | ScramProof
