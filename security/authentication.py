"""authenticate(): the only way in, for every door.

Unknown user, disabled account and wrong password take the same path and the same time: exactly one
Argon2id (or HMAC) is computed, against made-up values where there are none, and one failure is recorded.
The very same wrong password again is refused without either, known account or not.
"""

import hashlib
import hmac
import logging
import secrets
import threading
import time

from django.db import DatabaseError

from directory import accounts
from directory.accounts import AccountInfo, LoginRow
from directory.domains import primary_domain
from directory.freshness import KeptByKey, on_forget
from protocols.sasl import DigestKeys, NtlmProof, PasswordProof, Proof, ScramKeys, digest_md5
from security import derived, passwords, proving
from security.doors import WEB, Door
from security.errors import AuthenticationFailed, EncryptionRequired, LoginRefused, MechanismRefused, Throttled
from security.policy import PolicyInfo, current
from security.throttle import network_of, tag, throttle

# One hash takes 19 MiB and a core for 30 ms: two at once leave room for the mail.
HASHES_AT_ONCE = 2
HASH_PATIENCE = 20.0  # seconds in the queue for one, below every client's time-out
RETRY_WHEN_BUSY = 5  # seconds
# A verified password is not hashed again for this long, unless password, rights or policy change.
VERIFIED_FOR = 300.0  # seconds
MAX_VERIFIED = 10_000  # accounts
# Failures under a user name that is no address are counted together.
INVALID_NAME = "(invalid)"

_log = logging.getLogger(__name__)
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)
_rows: KeptByKey[str, LoginRow | None] = KeptByKey(accounts.find_login)
_cache_key = secrets.token_bytes(32)  # dies with the process
# Account id -> (credentials version, policy version, keyed digest, monotonic time of its end).
_verified: dict[int, tuple[int, int, bytes, float]] = {}
on_forget(_verified.clear)


def authenticate(proof: Proof, door: Door, *, now: float | None = None) -> AccountInfo:
    """The account whose secret the proof shows. Slow: call it on a thread of its own, outside transactions.

    Raises AuthenticationFailed, Throttled, MechanismRefused, EncryptionRequired. `now` is Unix time.
    """
    policy = current()
    _check_policy(proof, door, policy)
    moment = time.time() if now is None else now
    address = _address(proof.authcid)
    network = network_of(door.remote_address)
    account = address or INVALID_NAME
    throttle.check(account, network, moment)
    row = _rows.get(address) if address else None
    if not (row and _is_remembered(row.info, policy, proof) and _may_enter(row, proof)):
        tried = _tried(account, row, proof)
        if throttle.has_failed(account, network, tried):
            raise AuthenticationFailed(throttle.failed(account, network, tried, moment))
        with _a_turn():
            # Attempts that waited here together are counted one by one.
            throttle.check(account, network, moment)
            if not proving.is_proven(row, proof) or row is None or not _may_enter(row, proof):
                raise AuthenticationFailed(throttle.failed(account, network, tried, moment))
        if isinstance(proof, PasswordProof):
            _complete(row, proof)
            _remember(row.info, policy, proof)
    throttle.succeeded(account, network, moment)
    return row.info


def recall(proof: PasswordProof, door: Door, *, now: float | None = None) -> AccountInfo | None:
    """What authenticate() would answer, where it would neither hash nor touch the database; for event loops.

    None says nothing about the proof: ask authenticate().
    """
    policy = current()
    try:
        _check_policy(proof, door, policy)
    except LoginRefused:
        return None
    address = _address(proof.authcid)
    row = _rows.find(address) if address else None
    if address is None or row is None or not _is_remembered(row.info, policy, proof) or not _may_enter(row, proof):
        return None
    moment = time.time() if now is None else now
    return row.info if throttle.is_quiet(address, network_of(door.remote_address), moment) else None


def scram_keys(authcid: str, hash_name: str = "sha256") -> ScramKeys:
    """The account's SCRAM keys. Who has none gets made-up ones that stay the same, so that nobody learns
    who exists (RFC 5802 section 9 leaves it open; RFC 7677 section 4 has the iterations)."""
    row, name = _find_row(authcid)
    kept = derived.find_scram_keys(row.info.id if row else 0, hash_name)
    return kept or proving.made_up_scram_keys(name, hash_name)


def digest_keys(authcid: str, realm: str) -> DigestKeys:
    """The account's DIGEST-MD5 hashes, or made-up ones."""
    row, name = _find_row(authcid)
    kept = derived.find_digest_keys(row.info.id if row else 0, realm)
    return digest_md5.split_keys(kept) if kept else proving.made_up_digest_keys(name)


def _find_row(authcid: str) -> tuple[LoginRow | None, str]:
    """The account behind a user name, and the name by which made-up values are made."""
    address = _address(authcid)
    return (_rows.get(address) if address else None), address or authcid


def _tried(account: str, row: LoginRow | None, proof: Proof) -> str:
    """What makes two attempts the same; "" for a challenge's answer, which never is. The version is in it because
    what is wrong today may be tomorrow's password."""
    if not isinstance(proof, PasswordProof):
        return ""
    version = row.info.credentials_version if row else 0
    return tag(account, str(version), proof.authzid, proof.password)


def _check_policy(proof: Proof, door: Door, policy: PolicyInfo) -> None:
    """Before anything is looked up: is this method accepted here, now?"""
    if policy.requires_encryption(door) and door.protocol != WEB:
        raise EncryptionRequired
    by_command = not proof.mechanism
    if not (policy.has_plaintext(door) if by_command else proof.mechanism in policy.mechanisms):
        raise MechanismRefused
    # NTLM's version 1 can be undone without guessing: in the clear it hides a password no better than PLAIN does.
    hides_nothing = isinstance(proof, NtlmProof) and proof.is_version_1
    if not door.encrypted and policy.needs_encryption("" if hides_nothing else proof.mechanism, door):
        raise EncryptionRequired


def _address(authcid: str) -> str | None:
    """The folded address behind a user name; a bare local part belongs to the primary domain."""
    try:
        return accounts.localpart_to_address(authcid, primary_domain())
    except ValueError:
        return None


def _may_enter(row: LoginRow, proof: Proof) -> bool:
    """Enabled, and acting for nobody else: authzid is empty or the same account."""
    if not row.info.is_enabled:
        return False
    return not proof.authzid or _address(proof.authzid) == row.info.address


class _a_turn:  # reads as a phrase in its with statement
    """One of the places for hashing; Throttled when none comes free in time."""

    def __enter__(self) -> None:
        if not _hashing.acquire(timeout=HASH_PATIENCE):
            raise Throttled(RETRY_WHEN_BUSY)

    def __exit__(self, *_: object) -> None:
        _hashing.release()


def _digest(proof: PasswordProof) -> bytes:
    return hashlib.blake2b(proof.password.encode("utf-8", "surrogatepass"), key=_cache_key, digest_size=32).digest()


def _is_remembered(info: AccountInfo, policy: PolicyInfo, proof: Proof) -> bool:
    kept = _verified.get(info.id)
    if kept is None or not isinstance(proof, PasswordProof):
        return False
    versions, digest, end = kept[:2], kept[2], kept[3]
    fresh = versions == (info.credentials_version, policy.version) and time.monotonic() < end
    return fresh and hmac.compare_digest(digest, _digest(proof))


def _remember(info: AccountInfo, policy: PolicyInfo, proof: PasswordProof) -> None:
    if len(_verified) >= MAX_VERIFIED:
        _verified.clear()
    end = time.monotonic() + VERIFIED_FOR
    _verified[info.id] = (info.credentials_version, policy.version, _digest(proof), end)


def _complete(row: LoginRow, proof: PasswordProof) -> None:
    try:
        passwords.complete(row.info.id, row.password_hash, proof.password)
    except DatabaseError:
        # The login stands; what is missing is derived at the next one.
        _log.exception("the derived secrets of %s could not be completed", row.info.address)
