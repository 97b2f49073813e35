"""What is kept of a password for one login method each, beside its hash.

SCRAM-SHA-256's StoredKey and ServerKey (RFC 5803) are kept always. Everything else is kept only while the policy has
the method switched on: SCRAM-SHA-1's keys as they are, the others encrypted by the vault:

    CRAM-MD5    the two MD5 states of RFC 2104 section 4
    DIGEST-MD5  H(user:realm:password) for each way to write the user name; void when the host's name changes
    NTLM        the NT hash
    APOP        the password itself: its digest cannot be verified with less

The first three are not the password, but each opens the door that it is for: opening the vault leaves an attacker
guessing only for what he does not have there.
"""

import base64
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from directory.site import hostname
from protocols.sasl import ScramKeys, cram_md5, digest_md5, ntlm, scram
from security import vault
from security.models import Credential

# RFC 7677 section 4 asks for 4,096 at least. The keys are what a thief of the database would attack
# (Argon2id is dearer), and a client pays this once a login: 50,000 cost it about 20 ms.
SCRAM_ITERATIONS = 50_000
SCRAM_SALT_OCTETS = 16
SCRAM_COLUMNS = {"sha256": "scram_sha256", "sha1": "scram_sha1"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret that only the vault opens: its column, and how it comes from address and password."""

    column: str
    derive: Callable[[str, str], bytes]


SEALED: dict[str, Sealed] = {
    "DIGEST-MD5": Sealed("digest_md5", lambda address, text: digest_md5.keys_from_password(address, hostname(), text)),
    "CRAM-MD5": Sealed("cram_md5", lambda _address, text: cram_md5.keys_from_password(text.encode())),
    "NTLM": Sealed("ntlm", lambda _address, text: ntlm.nt_hash(text)),
    "APOP": Sealed("apop", lambda _address, text: text.encode()),
}
# What a method needs, by its column; a method that is not here needs the hash only.
COLUMNS: dict[str, str] = {
    "SCRAM-SHA-256-PLUS": "scram_sha256",
    "SCRAM-SHA-256": "scram_sha256",
    "SCRAM-SHA-1-PLUS": "scram_sha1",
    "SCRAM-SHA-1": "scram_sha1",
    **{name: sealed.column for name, sealed in SEALED.items()},
}
_ALWAYS = "scram_sha256"
_REALM = "digest_md5_realm"
_EVERY = (*dict.fromkeys(COLUMNS.values()), _REALM)


def wanted_columns(methods: Collection[str]) -> frozenset[str]:
    """The columns that are filled while these methods are switched on."""
    return frozenset({_ALWAYS, *(COLUMNS[name] for name in methods if name in COLUMNS)})


def find_missing(account_id: int, methods: Collection[str]) -> frozenset[str]:
    """The columns that an account lacks for these methods, or has in a weaker or void form."""
    row = Credential.objects.filter(account_id=account_id).values(*_EVERY).first()
    return frozenset(column for column in wanted_columns(methods) if row is None or not _is_good(column, row))


def _is_good(column: str, row: Mapping[str, object]) -> bool:
    value = row[column]
    if column in SCRAM_COLUMNS.values():
        return bool(value) and parse_scram(str(value)).iterations >= SCRAM_ITERATIONS
    return value is not None and (column != "digest_md5" or row[_REALM] == hostname())


def write_scram(normal: str, hash_name: str) -> str:
    """New keys of a password in RFC 5803's form, SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey. Slow."""
    keys = scram.derive_keys(normal, secrets.token_bytes(SCRAM_SALT_OCTETS), SCRAM_ITERATIONS, hash_name)
    salt, stored, server = (base64.b64encode(x).decode() for x in (keys.salt, keys.stored_key, keys.server_key))
    scheme = "SCRAM-SHA-1" if hash_name == "sha1" else "SCRAM-SHA-256"
    return f"{scheme}${keys.iterations}:{salt}${stored}:{server}"


def parse_scram(text: str) -> ScramKeys:
    """The keys behind write_scram()'s form."""
    _scheme, info, keys = text.split("$")
    iterations, salt = info.split(":")
    stored, server = (base64.b64decode(key) for key in keys.split(":"))
    return ScramKeys(base64.b64decode(salt), int(iterations), stored, server)


def seal(account_id: int, address: str, normal: str, columns: Collection[str]) -> dict[str, object]:
    """The values of the sealed ones among these columns, and what belongs to them."""
    values: dict[str, object] = {}
    for sealed in SEALED.values():
        if sealed.column in columns:
            data = sealed.derive(address, normal)
            values[sealed.column] = vault.encrypt(data, _purpose(account_id, sealed.column))
    if "digest_md5" in columns:
        values[_REALM] = hostname()
    return values


def keep(account_id: int, values: Mapping[str, object], *, drop_others: bool = False) -> None:
    """Write these columns; `drop_others`: everything else was of another password."""
    others = {column: None for column in _EVERY if column != _ALWAYS} if drop_others else {}
    Credential.objects.update_or_create(account_id=account_id, defaults={**others, **values})


def find_scram_keys(account_id: int, hash_name: str = "sha256") -> ScramKeys | None:
    """The account's SCRAM keys, or None."""
    column = SCRAM_COLUMNS[hash_name]
    text = Credential.objects.filter(account_id=account_id).values_list(column, flat=True).first()
    return parse_scram(text) if text else None


def find_secret(account_id: int, column: str) -> bytes | None:
    """What seal() was given for this column, or None."""
    sealed = Credential.objects.filter(account_id=account_id).values_list(column, flat=True).first()
    return None if sealed is None else vault.decrypt(bytes(sealed), _purpose(account_id, column))


def find_digest_keys(account_id: int, realm: str) -> bytes | None:
    """The hashes for DIGEST-MD5 in this realm, or None."""
    if not Credential.objects.filter(account_id=account_id, digest_md5_realm=realm).exists():
        return None
    return find_secret(account_id, "digest_md5")


def forget(methods: Collection[str]) -> None:
    """Only these methods are switched on: delete every secret that is kept for another one."""
    for column in frozenset(COLUMNS.values()) - wanted_columns(methods):
        Credential.objects.filter(**{f"{column}__isnull": False}).update(**{column: None})


def _purpose(account_id: int, column: str) -> str:
    return f"{column.replace('_', '-')} {account_id}"
