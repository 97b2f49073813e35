"""Whether a proof shows the secret of an account; the same work whether the account exists or not."""

import base64
import hmac
import secrets

from directory.accounts import LoginRow
from protocols.sasl import (
    ApopProof,
    CramMd5Proof,
    DigestKeys,
    DigestMd5Proof,
    NtlmProof,
    PasswordProof,
    Proof,
    ScramKeys,
    ScramProof,
    apop,
    cram_md5,
    digest_md5,
    ntlm,
    scram,
)
from security import derived, passwords, vault

# The length of the salts that the hasher makes.
SALT_OCTETS = 22


def is_proven(row: LoginRow | None, proof: Proof) -> bool:
    """Whether the secret is right. False without an account, or where it keeps none for this method."""
    account_id = row.info.id if row else 0
    if isinstance(proof, PasswordProof):
        has_hash = row is not None and row.password_hash.startswith("argon2$")
        encoded = row.password_hash if row is not None and has_hash else _made_up_hash()
        return passwords.verify_hash(proof.password, encoded) and has_hash
    if isinstance(proof, ScramProof):
        hash_name = scram.hash_of(proof.mechanism)
        keys = derived.find_scram_keys(account_id, hash_name)
        tried = keys or made_up_scram_keys(proof.authcid, hash_name)
        return scram.verify(tried, proof.auth_message, proof.client_proof, hash_name) and keys is not None
    return _challenge_is_proven(account_id, proof)


def _challenge_is_proven(account_id: int, proof: CramMd5Proof | DigestMd5Proof | NtlmProof | ApopProof) -> bool:
    if isinstance(proof, DigestMd5Proof):
        kept = derived.find_digest_keys(account_id, proof.realm)
        return digest_md5.verify(kept or made_up("digest", proof.authcid), proof) and kept is not None
    kept = derived.find_secret(account_id, derived.SEALED[proof.mechanism].column)
    instead = made_up(proof.mechanism, proof.authcid)
    if isinstance(proof, CramMd5Proof):
        return cram_md5.verify(kept or instead, proof.challenge, proof.digest) and kept is not None
    if isinstance(proof, NtlmProof):
        return ntlm.verify(kept or instead[: ntlm.NT_HASH_OCTETS], proof) and kept is not None
    return apop.verify(kept or instead, proof) and kept is not None


def made_up_scram_keys(name: str, hash_name: str) -> ScramKeys:
    """Keys that nobody has, for who has none: the salt is always the same for a name."""
    octets = 20 if hash_name == "sha1" else 32
    salt, stored, server = (made_up(f"{part}{_label(hash_name)}", name) for part in ("salt", "stored", "server"))
    return ScramKeys(salt[: derived.SCRAM_SALT_OCTETS], derived.SCRAM_ITERATIONS, stored[:octets], server[:octets])


def made_up_digest_keys(name: str) -> DigestKeys:
    """The same for DIGEST-MD5; as many as most accounts keep."""
    return digest_md5.split_keys(made_up("digest", name))


def made_up(part: str, name: str) -> bytes:
    """32 octets that look random and stay the same for a name."""
    return hmac.digest(vault.subkey("made-up"), f"{part}\0{name.casefold()}".encode("utf-8", "replace"), "sha256")


def _label(hash_name: str) -> str:
    return "" if hash_name == "sha256" else f" {hash_name}"


def _made_up_hash() -> str:
    """A hash with today's parameters that no password has, made without hashing."""
    hasher = passwords.FacteurArgon2PasswordHasher()
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (SALT_OCTETS, 32))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"argon2$argon2id$v=19${cost}${salt}${digest}"
