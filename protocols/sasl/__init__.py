"""SASL (RFC 4422), server side, pure: no sockets, no database, no clock.

    mechanism = server("SCRAM-SHA-256", SaslContext(hostname="mail.example"))
    step = mechanism.start(initial_response_or_None)
    # Challenge -> send it, step(answer) · NeedScramKeys or NeedDigestKeys -> provide(keys)
    # Done -> authenticate · Failed

'*' to cancel (RFC 4954 section 4, RFC 3501 section 6.2.2) is the protocols' own.
"""

from protocols.sasl.base64line import MAX_RESPONSE_LINE, BadBase64, decode_base64_line
from protocols.sasl.cram_md5 import CramMd5
from protocols.sasl.digest_md5 import DigestMd5
from protocols.sasl.login import Login
from protocols.sasl.ntlm import Ntlm
from protocols.sasl.plain import Plain
from protocols.sasl.proofs import (
    ApopProof,
    CramMd5Proof,
    DigestMd5Proof,
    NtlmProof,
    PasswordProof,
    Proof,
    ScramProof,
)
from protocols.sasl.scram import ScramSha1, ScramSha1Plus, ScramSha256, ScramSha256Plus
from protocols.sasl.steps import (
    Challenge,
    DigestKeys,
    Done,
    Failed,
    Mechanism,
    NeedDigestKeys,
    NeedScramKeys,
    SaslContext,
    ScramKeys,
    Step,
)

_SERVERS: dict[str, type] = {
    "SCRAM-SHA-256-PLUS": ScramSha256Plus,
    "SCRAM-SHA-1-PLUS": ScramSha1Plus,
    "SCRAM-SHA-256": ScramSha256,
    "SCRAM-SHA-1": ScramSha1,
    "DIGEST-MD5": DigestMd5,
    "CRAM-MD5": CramMd5,
    "NTLM": Ntlm,
    "PLAIN": Plain,
    "LOGIN": Login,
}
# Strongest first: the order in which they are announced (RFC 4422 section 3.2).
MECHANISMS: tuple[str, ...] = tuple(_SERVERS)


def server(name: str, context: SaslContext) -> Mechanism:
    """A new exchange of the named mechanism (any case). KeyError: there is none of that name."""
    mechanism: Mechanism = _SERVERS[name.upper()](context)
    return mechanism


__all__ = [
    "MAX_RESPONSE_LINE",
    "MECHANISMS",
    "ApopProof",
    "BadBase64",
    "Challenge",
    "CramMd5Proof",
    "DigestKeys",
    "DigestMd5Proof",
    "Done",
    "Failed",
    "Mechanism",
    "NeedDigestKeys",
    "NeedScramKeys",
    "NtlmProof",
    "PasswordProof",
    "Proof",
    "SaslContext",
    "ScramKeys",
    "ScramProof",
    "Step",
    "decode_base64_line",
    "server",
]
