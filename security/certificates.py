"""The certificates of this server: the local authority, what it issued, what was imported.

Private keys are in the database, sealed by the vault; the CA's key never leaves it.
"""

import logging
import time
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from directory import changes, site
from security import keys, vault
from security.describing import common_name, describe_key, fingerprint, names_of
from security.errors import CertificateError
from security.importing import read_certificate
from security.models import Certificate

# Reissued this long before the end, so that a server started once a month never shows an expired one.
REISSUE_BEFORE = 35 * 86_400  # seconds
_PURPOSE = "certificate key"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CertificateInfo:
    """A certificate as the console shows it."""

    id: int
    kind: str  # "ca", "issued", "imported"
    subject: str  # the common name; of an issued one the whole host name
    issuer: str
    names: tuple[str, ...]
    key: str  # "ECDSA P-256", "RSA 2048"
    fingerprint: str  # SHA-256, pairs with colons
    not_before: int  # Unix seconds
    not_after: int
    is_active: bool
    created_at: int
    notes: tuple[str, ...] = ()  # what import put right, in sentences


@dataclass(frozen=True, slots=True)
class ActiveCertificate:
    """What the listeners show."""

    id: int
    chain_pem: bytes
    key_pem: bytes = field(repr=False)


def ensure_ca() -> CertificateInfo:
    """The local authority, made at the first call."""
    found = Certificate.objects.filter(kind=Certificate.Kind.CA).first()
    if found is None:
        key = keys.new_key()
        authority = keys.make_authority(site.hostname(), key, keys.utc(time.time()))
        try:
            with transaction.atomic():
                found = _save(Certificate.Kind.CA, [authority], key)
        except IntegrityError:
            # Another process was faster: one authority is enough.
            found = Certificate.objects.get(kind=Certificate.Kind.CA)
    return _info(found)


def ensure_certificate(hostname: str = "") -> CertificateInfo:
    """The active certificate; issues one when there is none, or when the issued one ends soon or has
    another host name. An imported one stays: it is the administrator's."""
    name = hostname or site.hostname()
    ensure_ca()
    with transaction.atomic():
        # The lock makes processes that start together issue one certificate, not one each.
        Certificate.objects.select_for_update().get(kind=Certificate.Kind.CA)
        active = Certificate.objects.filter(is_active=True).first()
        if active is not None and not needs_reissue(active.kind, active.subject, active.not_after, name):
            return _info(active)
        issued = _issue(name)
        _activate(issued.pk)
    _log.info("issued a certificate for %s", name)
    return get_certificate(issued.pk)


def needs_reissue(kind: str, subject: str, not_after: int, hostname: str) -> bool:
    """Whether an active certificate should be replaced by a newly issued one."""
    if kind != Certificate.Kind.ISSUED:
        return False
    return subject != hostname or not_after < time.time() + REISSUE_BEFORE


def issue_certificate() -> CertificateInfo:
    """A new certificate for the host name, by the local authority, and make it the active one."""
    ensure_ca()
    with transaction.atomic():
        issued = _issue(site.hostname())
        _activate(issued.pk)
    return get_certificate(issued.pk)


def import_certificate(chain_pem: bytes, key_pem: bytes, passphrase: str = "") -> CertificateInfo:
    """Keep a certificate with its key (activate() shows it). CertificateError says what is wrong; then
    nothing was changed."""
    chain, key, notes = read_certificate(chain_pem, key_pem, passphrase, time.time())
    with transaction.atomic():
        if fingerprint(chain[0]) in {info.fingerprint for info in list_certificates()}:
            raise CertificateError(_("This certificate is already here."))
        saved = _save(Certificate.Kind.IMPORTED, chain, key)
    return _info(saved, notes)


def activate(certificate_id: int) -> CertificateInfo:
    """Show this certificate from the next handshake on, without a restart. CertificateError."""
    info = get_certificate(certificate_id)
    if info.kind == Certificate.Kind.CA:
        raise CertificateError(_("The authority signs certificates; it is not one for a server."))
    if info.not_after <= time.time():
        raise CertificateError(_("This certificate has expired: clients would refuse it."))
    with transaction.atomic():
        _activate(certificate_id)
    return get_certificate(certificate_id)


def delete_certificate(certificate_id: int) -> None:
    """Forget a certificate and its key. CertificateError for the active one and for the authority."""
    info = get_certificate(certificate_id)
    if info.is_active:
        raise CertificateError(_("This certificate is in use: put another one in use first."))
    if info.kind == Certificate.Kind.CA:
        raise CertificateError(_("Clients trust this authority: it cannot be deleted."))
    Certificate.objects.filter(pk=certificate_id, is_active=False).delete()


def get_certificate(certificate_id: int) -> CertificateInfo:
    """CertificateError when it is gone."""
    found = Certificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise CertificateError(_("This certificate does not exist any more."))
    return _info(found)


def list_certificates() -> list[CertificateInfo]:
    """The active one first, the authority last."""
    kinds: list[str] = [Certificate.Kind.IMPORTED, Certificate.Kind.ISSUED, Certificate.Kind.CA]
    found = sorted(Certificate.objects.all(), key=lambda c: (not c.is_active, kinds.index(c.kind), -c.created_at))
    return [_info(certificate) for certificate in found]


def certificate_pem(certificate_id: int) -> bytes:
    """The chain for download, without the key. CertificateError."""
    get_certificate(certificate_id)
    return Certificate.objects.values_list("chain_pem", flat=True).get(pk=certificate_id).encode()


def ca_pem() -> bytes:
    """The authority's certificate, for browsers and mail clients to trust."""
    return certificate_pem(ensure_ca().id)


def active_id() -> int:
    """The id of the certificate to show; cheap: one query, and issuing only when it is due."""
    row = Certificate.objects.filter(is_active=True).values_list("pk", "kind", "subject", "not_after").first()
    if row is None or needs_reissue(*row[1:], site.hostname()):
        return ensure_certificate().id
    return row[0]


def load_active(certificate_id: int) -> ActiveCertificate:
    """The chain and the opened key. vault.VaultError with a wrong STORAGE_KEY."""
    found = Certificate.objects.get(pk=certificate_id)
    return ActiveCertificate(found.pk, found.chain_pem.encode(), vault.decrypt(bytes(found.key_encrypted), _PURPOSE))


def _issue(hostname: str) -> Certificate:
    authority = Certificate.objects.get(kind=Certificate.Kind.CA)
    opened = vault.decrypt(bytes(authority.key_encrypted), _PURPOSE)
    authority_key = serialization.load_pem_private_key(opened, None)
    authority_certificate = x509.load_pem_x509_certificate(authority.chain_pem.encode())
    key = keys.new_key()
    issued = keys.issue(hostname, key, authority_certificate, authority_key, keys.utc(time.time()))
    # The whole name: the common name may be a part of it.
    return _save(Certificate.Kind.ISSUED, [issued], key, hostname)


def _save(
    kind: Certificate.Kind, chain: list[x509.Certificate], key: PrivateKeyTypes, subject: str = ""
) -> Certificate:
    return Certificate.objects.create(
        kind=kind,
        chain_pem=b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain).decode(),
        key_encrypted=vault.encrypt(keys.to_pem(key), _PURPOSE),
        subject=(subject or common_name(chain[0].subject))[:300],
        not_after=int(chain[0].not_valid_after_utc.timestamp()),
        created_at=int(time.time()),
    )


def _activate(certificate_id: int) -> None:
    # One at a time: the lock on the authority, under which certificates are issued as well.
    list(Certificate.objects.select_for_update().filter(kind=Certificate.Kind.CA).values_list("pk"))
    Certificate.objects.filter(is_active=True).update(is_active=False)
    Certificate.objects.filter(pk=certificate_id).update(is_active=True)
    changes.bump_after_commit()


def _info(row: Certificate, notes: tuple[str, ...] = ()) -> CertificateInfo:
    leaf = x509.load_pem_x509_certificates(row.chain_pem.encode())[0]
    return CertificateInfo(
        id=row.pk,
        kind=row.kind,
        subject=row.subject,
        issuer=common_name(leaf.issuer),
        names=names_of(leaf),
        key=describe_key(leaf),
        fingerprint=fingerprint(leaf),
        not_before=int(leaf.not_valid_before_utc.timestamp()),
        not_after=row.not_after,
        is_active=row.is_active,
        created_at=row.created_at,
        notes=notes,
    )
