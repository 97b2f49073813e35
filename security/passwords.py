"""Setting passwords, and what is kept of them.

Kept: Argon2id (security.hashers) in the account; SCRAM-SHA-256's StoredKey and ServerKey (RFC 5803);
and, only while the policy has CRAM-MD5 switched on, the two MD5 states of RFC 2104 section 4,
encrypted by the vault. The states verify CRAM-MD5 without being the password: opening the vault
still leaves an attacker guessing, which an encrypted password would not.
"""

import base64
import secrets
import unicodedata
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from directory import accounts
from protocols.sasl import ScramKeys, cram_md5, scram
from protocols.sasl.saslprep import ProhibitedCharacter, saslprep
from security import vault
from security.errors import PasswordRefused
from security.hashers import FacteurArgon2PasswordHasher
from security.models import Credential
from security.policy import current

# RFC 7677 section 4 asks for 4,096 at least. The keys are what a thief of the database would attack
# (Argon2id is dearer), and a client pays this once a login: 50,000 cost it about 20 ms.
SCRAM_ITERATIONS = 50_000
SCRAM_SALT_OCTETS = 16
MAX_PASSWORD_OCTETS = 1024  # as much as PLAIN and LOGIN carry (protocols.sasl.plain)
CRAM_MD5 = "CRAM-MD5"
_HASHER = FacteurArgon2PasswordHasher()


@dataclass(frozen=True, slots=True)
class PreparedPassword:
    """Everything derived from a password: the slow part, done before a transaction is opened."""

    argon2: str = field(repr=False)
    scram: str = field(repr=False)
    cram_md5: bytes = field(repr=False)


def normalize(password: str) -> str:
    """SASLprep (RFC 4013), so that é typed on any keyboard is the same password; else NFC."""
    try:
        return saslprep(password)
    except ProhibitedCharacter:
        return unicodedata.normalize("NFC", password)


def prepare(password: str) -> PreparedPassword:
    """Derive everything from a new password (about 60 ms, no database). PasswordRefused."""
    normal = _checked(password)
    return PreparedPassword(_hash(normal), _scram(normal), cram_md5.keys_from_password(normal.encode()))


def store(account_id: int, prepared: PreparedPassword) -> None:
    """Make it the account's password; its sessions and kept verifications end. directory NotFound."""
    with transaction.atomic():
        accounts.store_password_hash(account_id, prepared.argon2)
        kept = _sealed(account_id, prepared.cram_md5) if CRAM_MD5 in current().mechanisms else None
        Credential.objects.update_or_create(
            account_id=account_id, defaults={"scram_sha256": prepared.scram, "cram_md5": kept}
        )


def set_password(account_id: int, password: str) -> None:
    """prepare() and store(). PasswordRefused, directory NotFound."""
    store(account_id, prepare(password))


def complete(account_id: int, encoded: str, password: str) -> None:
    """After a login with the password itself: derive what is missing or weaker than today's parameters."""
    normal = normalize(password)
    renewed = _hash(normal) if _HASHER.must_update(encoded) else encoded
    row = Credential.objects.filter(account_id=account_id).values_list("scram_sha256", "cram_md5").first()
    scram_kept, cram_kept = row or ("", None)
    changes: dict[str, object] = {}
    if not scram_kept or parse_scram(scram_kept).iterations < SCRAM_ITERATIONS:
        changes["scram_sha256"] = _scram(normal)
    if cram_kept is None and CRAM_MD5 in current().mechanisms:
        changes["cram_md5"] = _sealed(account_id, cram_md5.keys_from_password(normal.encode()))
    if not changes and renewed == encoded:
        return
    with transaction.atomic():
        if accounts.renew_password_hash(account_id, encoded, renewed) and changes:
            Credential.objects.update_or_create(account_id=account_id, defaults=changes)


def verify_hash(password: str, encoded: str) -> bool:
    """Argon2id verification; about 30 ms, whatever the password is. False for an account without a password."""
    try:
        normal = _bounded(password)
    except PasswordRefused:
        normal = ""  # no account has it
    return encoded.startswith("argon2$") and _HASHER.verify(normal, encoded)


def find_scram_keys(account_id: int) -> ScramKeys | None:
    """The account's SCRAM keys, or None."""
    row = Credential.objects.filter(account_id=account_id).values_list("scram_sha256").first()
    return parse_scram(row[0]) if row and row[0] else None


def find_cram_md5(account_id: int) -> bytes | None:
    """The account's CRAM-MD5 states, or None."""
    row = Credential.objects.filter(account_id=account_id).values_list("cram_md5").first()
    return vault.decrypt(bytes(row[0]), _purpose(account_id)) if row and row[0] is not None else None


def forget_cram_md5() -> int:
    """The policy switched CRAM-MD5 off: delete every secret kept for it, and say how many."""
    return Credential.objects.filter(cram_md5__isnull=False).update(cram_md5=None)


def parse_scram(text: str) -> ScramKeys:
    """From RFC 5803's form: SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey."""
    _scheme, info, keys = text.split("$")
    iterations, salt = info.split(":")
    stored, server = (base64.b64decode(key) for key in keys.split(":"))
    return ScramKeys(base64.b64decode(salt), int(iterations), stored, server)


def _scram(normal: str) -> str:
    keys = scram.derive_keys(normal, secrets.token_bytes(SCRAM_SALT_OCTETS), SCRAM_ITERATIONS)
    salt, stored, server = (base64.b64encode(x).decode() for x in (keys.salt, keys.stored_key, keys.server_key))
    return f"SCRAM-SHA-256${keys.iterations}:{salt}${stored}:{server}"


def _hash(normal: str) -> str:
    encoded: str = _HASHER.encode(normal, _HASHER.salt())
    return encoded


def _purpose(account_id: int) -> str:
    return f"cram-md5 {account_id}"


def _sealed(account_id: int, states: bytes) -> bytes:
    return vault.encrypt(states, _purpose(account_id))


def _bounded(password: str) -> str:
    """The normal form. PasswordRefused where finding it would cost too much, and for half a surrogate pair."""
    if len(password) > MAX_PASSWORD_OCTETS:
        raise PasswordRefused(_("The password is too long."))
    normal = normalize(password)
    if any("\ud800" <= char <= "\udfff" for char in normal):
        raise PasswordRefused(_("The password has control characters, which no client can send."))
    return normal


def _checked(password: str) -> str:
    normal = _bounded(password)
    if not normal:
        raise PasswordRefused(_("The password is empty."))
    if len(normal.encode()) > MAX_PASSWORD_OCTETS:
        raise PasswordRefused(_("The password is too long."))
    if any(ord(char) < 32 or ord(char) == 127 for char in normal):
        raise PasswordRefused(_("The password has control characters, which no client can send."))
    return normal
