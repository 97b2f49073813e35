"""Setting passwords, and what is kept of them: Argon2id (security.hashers) in the account, and what the methods that
are switched on need besides (security.derived)."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from directory import accounts
from protocols.sasl.saslprep import ProhibitedCharacter, saslprep
from security import derived
from security.errors import PasswordRefused
from security.hashers import FacteurArgon2PasswordHasher
from security.policy import current, lock_methods

MAX_PASSWORD_OCTETS = 1024  # as much as PLAIN and LOGIN carry (protocols.sasl.plain)
_HASHER = FacteurArgon2PasswordHasher()


@dataclass(frozen=True, slots=True)
class PreparedPassword:
    """The slow part of setting a password, done before a transaction is opened."""

    argon2: str = field(repr=False)
    scram: dict[str, str] = field(repr=False)  # by column
    normal: str = field(repr=False)


def normalize(password: str) -> str:
    """SASLprep (RFC 4013), so that é typed on any keyboard is the same password; else NFC."""
    try:
        return saslprep(password)
    except ProhibitedCharacter:
        return unicodedata.normalize("NFC", password)


def prepare(password: str) -> PreparedPassword:
    """Derive what is slow to derive from a new password (about 80 ms, no database). PasswordRefused."""
    normal = _checked(password)
    return PreparedPassword(_hash(normal), _scram(normal, derived.SCRAM_COLUMNS.values()), normal)


def store(account_id: int, prepared: PreparedPassword) -> None:
    """Make it the account's password; its sessions and kept verifications end. directory NotFound."""
    with transaction.atomic():
        accounts.store_password_hash(account_id, prepared.argon2)
        wanted = derived.wanted_columns(lock_methods())
        values: dict[str, object] = {column: text for column, text in prepared.scram.items() if column in wanted}
        values |= derived.seal(account_id, _address(account_id), prepared.normal, wanted)
        derived.keep(account_id, values, drop_others=True)


def set_password(account_id: int, password: str) -> None:
    """prepare() and store(). PasswordRefused, directory NotFound."""
    store(account_id, prepare(password))


def complete(account_id: int, encoded: str, password: str) -> None:
    """After a login with the password itself: derive what is missing or weaker than today's parameters."""
    normal = normalize(password)
    renewed = _hash(normal) if _HASHER.must_update(encoded) else encoded
    missing = derived.find_missing(account_id, current().mechanisms)
    if not missing and renewed == encoded:
        return
    scram = _scram(normal, missing)
    with transaction.atomic():
        if not accounts.renew_password_hash(account_id, encoded, renewed):
            return
        wanted = missing & derived.wanted_columns(lock_methods())
        values: dict[str, object] = {column: text for column, text in scram.items() if column in wanted}
        values |= derived.seal(account_id, _address(account_id), normal, wanted)
        if values:
            derived.keep(account_id, values)


def verify_hash(password: str, encoded: str) -> bool:
    """Argon2id verification; about 30 ms, whatever the password is. False for an account without a password."""
    try:
        normal = _bounded(password)
    except PasswordRefused:
        normal = ""  # no account has it
    return encoded.startswith("argon2$") and _HASHER.verify(normal, encoded)


def _scram(normal: str, columns: Collection[str]) -> dict[str, str]:
    """Those of these columns that hold SCRAM's keys, filled anew."""
    hashes = derived.SCRAM_COLUMNS.items()
    return {column: derived.write_scram(normal, hash_name) for hash_name, column in hashes if column in columns}


def _address(account_id: int) -> str:
    return accounts.get_account(account_id).address


def _hash(normal: str) -> str:
    encoded: str = _HASHER.encode(normal, _HASHER.salt())
    return encoded


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
