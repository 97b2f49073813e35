"""The vocabulary between a SASL mechanism and the protocol that carries it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from protocols.sasl.proofs import Proof

NONCE_OCTETS = 18  # 144 bits; RFC 5802 section 7 asks for enough that a replay cannot hit


def fresh_nonce() -> str:
    """Printable, without ',' '<' '>' '@': fits SCRAM's nonce and a msg-id alike."""
    return secrets.token_urlsafe(NONCE_OCTETS)


@dataclass(frozen=True, slots=True)
class ScramKeys:
    """What the server keeps of a password for SCRAM (RFC 5802 section 3)."""

    salt: bytes
    iterations: int
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DigestKeys:
    """What the server keeps of a password for DIGEST-MD5: never empty."""

    hashes: tuple[bytes, ...] = field(repr=False)


Keys = ScramKeys | DigestKeys


@dataclass(frozen=True, slots=True)
class SaslContext:
    """What a mechanism may know of its connection."""

    hostname: str
    # RFC 5056 names ("tls-server-end-point", "tls-exporter", "tls-unique") -> data; empty without TLS.
    channel_bindings: Mapping[str, bytes] = field(default_factory=dict)
    # True where the mechanism's -PLUS was announced: a client that says it saw none was tampered with.
    plus_announced: bool = False
    # The GSSAPI name of the protocol ("smtp", "imap", "pop"), which DIGEST-MD5 carries; "": not compared.
    service: str = ""
    nonce_source: Callable[[], str] = fresh_nonce


@dataclass(frozen=True, slots=True)
class Challenge:
    """Send this (base64 is the protocol's business) and feed the answer to step()."""

    data: bytes


@dataclass(frozen=True, slots=True)
class NeedScramKeys:
    """Fetch security.authentication.scram_keys(authcid, hash_name) and hand it to provide()."""

    authcid: str
    hash_name: str = "sha256"


@dataclass(frozen=True, slots=True)
class NeedDigestKeys:
    """Fetch security.authentication.digest_keys(authcid, realm) and hand it to provide()."""

    authcid: str
    realm: str


@dataclass(frozen=True, slots=True)
class Done:
    """Pass `proof` to authenticate(); only when that succeeds, send `final` (if any) with the success."""

    proof: Proof
    final: bytes = b""


@dataclass(frozen=True, slots=True)
class Failed:
    """The exchange is over: malformed or not acceptable. `reason` is for the log."""

    reason: str


Step = Challenge | NeedScramKeys | NeedDigestKeys | Done | Failed


class Mechanism(Protocol):
    """One exchange; used once."""

    name: str

    def start(self, initial: bytes | None) -> Step:
        """Begin; `initial` is the decoded initial response, None when there was none."""

    def step(self, response: bytes) -> Step:
        """The client's next (decoded) response."""

    def provide(self, keys: Keys) -> Step:
        """The answer to NeedScramKeys or NeedDigestKeys."""
