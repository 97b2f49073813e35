"""Reading a certificate and its key that somebody brings: everything that can be wrong, told apart."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from django.utils.translation import gettext as _

from security.errors import CertificateError
from security.keys import utc

MIN_RSA_BITS = 2048  # NIST SP 800-131A: less is disallowed
MIN_EC_BITS = 256
MAX_PEM_OCTETS = 256 * 1024  # a chain of dozens of certificates
WEAK_HASHES = (hashes.MD5, hashes.SHA1)


def read_certificate(
    chain_pem: bytes, key_pem: bytes, passphrase: str, now: float
) -> tuple[list[x509.Certificate], PrivateKeyTypes, tuple[str, ...]]:
    """The chain in order (the server's own first), its key, and what was put right. CertificateError."""
    found = _read_chain(chain_pem)
    key = _read_key(key_pem, passphrase)
    leaf = _find_leaf(found, key)
    chain = _in_order(leaf, found)
    _check_dates(leaf, now)
    _check_strength(leaf)
    _check_purpose(leaf)
    return chain, key, _notes(found, chain)


def _read_chain(pem: bytes) -> list[x509.Certificate]:
    if len(pem) > MAX_PEM_OCTETS:
        raise CertificateError(_("The certificate file is too large."))
    if b"-----BEGIN CERTIFICATE-----" not in pem:
        if b"PRIVATE KEY-----" in pem:
            raise CertificateError(_("The certificate file holds a private key and no certificate."))
        raise CertificateError(_("The certificate file is not in PEM form: it has no BEGIN CERTIFICATE line."))
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateError(_("The certificate file is damaged: a certificate in it cannot be read.")) from error
    return list(dict.fromkeys(found))


def _read_key(pem: bytes, passphrase: str) -> PrivateKeyTypes:
    if len(pem) > MAX_PEM_OCTETS:
        raise CertificateError(_("The key file is too large."), "key")
    if b"PRIVATE KEY-----" not in pem:
        raise CertificateError(_("The key file is not in PEM form: it has no BEGIN PRIVATE KEY line."), "key")
    is_encrypted = b"ENCRYPTED" in pem
    if is_encrypted and not passphrase:
        raise CertificateError(_("The private key is protected: give its pass phrase."), "passphrase")
    try:
        return serialization.load_pem_private_key(pem, passphrase.encode() if is_encrypted else None)
    except (ValueError, TypeError) as error:
        if is_encrypted:
            raise CertificateError(_("The pass phrase does not open the private key."), "passphrase") from error
        raise CertificateError(_("The private key is damaged or of an unknown kind."), "key") from error
    except Exception as error:  # UnsupportedAlgorithm and what the library adds later
        raise CertificateError(_("The private key is of a kind that this server cannot use."), "key") from error


def _find_leaf(found: list[x509.Certificate], key: PrivateKeyTypes) -> x509.Certificate:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    public = key.public_key().public_bytes(*form)
    for certificate in found:
        if certificate.public_key().public_bytes(*form) == public:
            return certificate
    raise CertificateError(_("The private key does not belong to the certificate."), "key")


def _in_order(leaf: x509.Certificate, found: list[x509.Certificate]) -> list[x509.Certificate]:
    """The leaf, who signed it, who signed that (RFC 8446 section 4.4.2), as far as the file goes."""
    chain = [leaf]
    rest = [certificate for certificate in found if certificate != leaf]
    while chain[-1].issuer != chain[-1].subject:
        signer = next((candidate for candidate in rest if _signed_by(chain[-1], candidate)), None)
        if signer is None:
            break
        chain.append(signer)
        rest.remove(signer)
    return chain


def _signed_by(certificate: x509.Certificate, signer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(signer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_dates(leaf: x509.Certificate, now: float) -> None:
    moment = utc(now)
    if leaf.not_valid_after_utc <= moment:
        raise CertificateError(
            _("The certificate expired on %(date)s.") % {"date": leaf.not_valid_after_utc.date().isoformat()}
        )
    if leaf.not_valid_before_utc > moment:
        raise CertificateError(
            _("The certificate is not valid before %(date)s.") % {"date": leaf.not_valid_before_utc.date().isoformat()}
        )


def _check_strength(leaf: x509.Certificate) -> None:
    key = leaf.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        weak = key.key_size < MIN_RSA_BITS
    elif isinstance(key, ec.EllipticCurvePublicKey):
        weak = key.curve.key_size < MIN_EC_BITS
    else:
        weak = not isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)
    if weak:
        raise CertificateError(
            _("The key is too weak: at least RSA with %(bits)d bits or ECDSA P-256 is needed.") % {"bits": MIN_RSA_BITS}
        )
    if isinstance(leaf.signature_hash_algorithm, WEAK_HASHES):
        raise CertificateError(_("The certificate is signed with MD5 or SHA-1, which clients refuse."))


def _check_purpose(leaf: x509.Certificate) -> None:
    try:
        constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return
    if constraints.ca and leaf.issuer != leaf.subject:
        raise CertificateError(_("This is an authority's certificate, not one for a server."))


def _notes(found: list[x509.Certificate], chain: list[x509.Certificate]) -> tuple[str, ...]:
    notes = []
    if found[: len(chain)] != chain:
        notes.append(_("The certificates were not in order; they are now."))
    if len(found) > len(chain):
        notes.append(_("Certificates that do not belong to the chain were left out."))
    if chain[-1].issuer != chain[-1].subject and len(chain) == 1:
        notes.append(_("There is no intermediate certificate: clients that do not know the issuer will complain."))
    return tuple(notes)
