"""Certificates: importing one's own, putting it in use, issuing, the authority for everybody."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from security import certificates

PASSPHRASE = "sésame"


def make_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def make_chain(key: ec.EllipticCurvePrivateKey, name: str = "mail.ecole.example", *, days: int = 90) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=400))
    builder = builder.not_valid_after(now + datetime.timedelta(days=days))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: str = "") -> bytes:
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def upload(console: Client, chain: bytes | None, key: bytes | None, passphrase: str = ""):
    form: dict[str, object] = {"passphrase": passphrase}
    if chain is not None:
        form["chain"] = SimpleUploadedFile("chain.pem", chain)
    if key is not None:
        form["key"] = SimpleUploadedFile("key.pem", key)
    return console.post("/admin/certificates/import/", form)


@pytest.fixture
def issued(db) -> certificates.CertificateInfo:
    return certificates.ensure_certificate("mailhost.mondomaine.fr")


def test_importing_and_putting_in_use(console, issued, last_record):
    key = make_key()
    assert upload(console, make_chain(key), key_pem(key, PASSPHRASE), PASSPHRASE).status_code == 302
    imported = next(info for info in certificates.list_certificates() if info.kind == "imported")
    assert not imported.is_active
    assert last_record().action == "certificate.import"
    page = console.get("/admin/certificates/").content.decode()
    assert imported.fingerprint in page
    assert "mail.ecole.example" in page
    assert console.post(f"/admin/certificates/{imported.id}/activate/").status_code == 302
    assert certificates.get_certificate(imported.id).is_active
    assert not certificates.get_certificate(issued.id).is_active
    assert last_record().action == "certificate.activate"


@pytest.mark.parametrize(
    ("make", "field", "words"),
    [
        (lambda key, other: (None, key_pem(key), ""), "id_chain", "Choose the file"),
        (lambda key, other: (make_chain(key), None, ""), "id_key", "Choose the file"),
        (lambda key, other: (b"", key_pem(key), ""), "id_chain", "empty"),
        (lambda key, other: (b"\x30\x82", key_pem(key), ""), "id_chain", "PEM"),
        (lambda key, other: (key_pem(key), key_pem(key), ""), "id_chain", "private key"),
        (lambda key, other: (make_chain(key), make_chain(key), ""), "id_key", "PEM"),
        (lambda key, other: (make_chain(key), key_pem(other), ""), "id_key", "does not belong"),
        (lambda key, other: (make_chain(key), key_pem(key, PASSPHRASE), ""), "id_passphrase", "pass phrase"),
        (lambda key, other: (make_chain(key), key_pem(key, PASSPHRASE), "non"), "id_passphrase", "does not open"),
        (lambda key, other: (make_chain(key, days=-10), key_pem(key), ""), "id_chain", "expired"),
        (lambda key, other: (b"x" * 300_000, key_pem(key), ""), "id_chain", "too large"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_changed(console, issued, make, field, words):
    before = certificates.list_certificates()
    answer = upload(console, *make(make_key(), make_key()))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}_error"' in page
    assert words in page.split(f'id="{field}_error"')[1].split("</p>")[0]
    assert certificates.list_certificates() == before


def test_the_key_is_on_no_page(console, issued):
    key = make_key()
    upload(console, make_chain(key), key_pem(key))
    imported = next(info for info in certificates.list_certificates() if info.kind == "imported")
    for path in ("", f"{imported.id}/chain.pem", "ca.crt"):
        assert b"PRIVATE KEY" not in console.get(f"/admin/certificates/{path}").content


def test_a_new_one_from_the_authority_is_in_use_at_once(console, issued, last_record):
    console.post("/admin/certificates/reissue/")
    active = certificates.list_certificates()[0]
    assert active.is_active
    assert active.id != issued.id
    assert last_record().action == "certificate.issue"


def test_deleting_asks_and_spares_the_one_in_use(console, issued, last_record):
    console.post("/admin/certificates/reissue/")
    assert console.get(f"/admin/certificates/{issued.id}/delete/").status_code == 200
    assert console.post(f"/admin/certificates/{issued.id}/delete/").status_code == 302
    assert last_record().action == "certificate.delete"
    active = certificates.list_certificates()[0]
    answer = console.post(f"/admin/certificates/{active.id}/delete/")
    assert answer.status_code == 422
    assert "in use" in answer.content.decode()
    assert certificates.get_certificate(active.id) == active


def test_the_authority_is_for_everybody(issued):
    answer = Client().get("/admin/certificates/ca.crt")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/x-x509-ca-cert"
    authority = x509.load_pem_x509_certificate(answer.content)
    chain = x509.load_pem_x509_certificate(certificates.certificate_pem(issued.id))
    chain.verify_directly_issued_by(authority)
    assert Client().get("/admin/certificates/ca.pem").content == answer.content
    assert Client().get("/admin/certificates/ca.key").status_code == 404
    assert Client().post("/admin/certificates/ca.crt").status_code == 405
