"""Making the local authority and what it issues. No database here: plain certificates in and out."""

import ipaddress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS = 3650
# The longest that browsers accept of a certificate (CA/Browser Forum, ballot SC31: 398 days).
SERVER_DAYS = 397
# Clocks of clients lag.
BACKDATED = timedelta(days=1)
MAX_COMMON_NAME = 64  # RFC 5280 appendix A.1, ub-common-name


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_authority(hostname: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """A self-signed certificate that may sign server certificates and no further authorities."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Facteur"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Facteur local authority ({hostname})"[:MAX_COMMON_NAME]),
        ]
    )
    builder = _builder(name, name, key, now, CA_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
    return builder.sign(key, hashes.SHA256())


def issue(
    hostname: str,
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: PrivateKeyTypes,
    now: datetime,
) -> x509.Certificate:
    """A server certificate for the host name, its short form and this machine."""
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)  # new_key() made it
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostname[:MAX_COMMON_NAME])])
    builder = _builder(subject, authority.subject, key, now, SERVER_DAYS, authority_key)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(_names(hostname), critical=False)
    return builder.sign(authority_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    issuer_key: ec.EllipticCurvePrivateKey | None = None,
) -> x509.CertificateBuilder:
    signer = (issuer_key or key).public_key()
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days) - BACKDATED)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _names(hostname: str) -> x509.SubjectAlternativeName:
    short = hostname.partition(".")[0]
    dns = dict.fromkeys([hostname, short, "localhost"])
    addresses = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    return x509.SubjectAlternativeName([*map(x509.DNSName, dns), *map(x509.IPAddress, addresses)])


def to_pem(key: PrivateKeyTypes) -> bytes:
    """PKCS #8, unencrypted: for the vault and for the SSL context."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
