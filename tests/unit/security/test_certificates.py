"""The local authority, importing with everything that can be wrong, and the life of certificates."""

import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import IntegrityError, connections, transaction

from directory import site
from security import certificates, vault
from security.certificates import activate, ensure_certificate, import_certificate, list_certificates
from security.errors import CertificateError
from security.models import Certificate
from tests.unit.security.authority import certificate, ec_key, key_pem, pem, rsa_key

pytestmark = pytest.mark.django_db
DAY = 86_400


def test_the_first_certificate():
    info = ensure_certificate()
    assert info.is_active
    assert (info.kind, info.subject, info.key) == ("issued", "mailhost.mondomaine.fr", "ECDSA P-256")
    assert set(info.names) == {"mailhost.mondomaine.fr", "mailhost", "localhost", "127.0.0.1", "::1"}
    assert round((info.not_after - time.time()) / DAY) == 396
    assert info.not_after - info.not_before == 397 * DAY
    authority = certificates.ensure_ca()
    assert round((authority.not_after - authority.not_before) / DAY) == 3650
    leaf = x509.load_pem_x509_certificate(certificates.certificate_pem(info.id))
    ca = x509.load_pem_x509_certificate(certificates.ca_pem())
    leaf.verify_directly_issued_by(ca)
    assert b"PRIVATE" not in certificates.ca_pem()


def test_the_same_again():
    first = ensure_certificate()
    assert ensure_certificate() == first
    assert certificates.active_id() == first.id
    assert Certificate.objects.count() == 2


def test_another_host_name_gets_another_certificate():
    first = ensure_certificate()
    site.set_hostname("courrier.mondomaine.fr")
    second = ensure_certificate()
    assert (second.subject, second.is_active) == ("courrier.mondomaine.fr", True)
    assert not certificates.get_certificate(first.id).is_active
    assert certificates.active_id() == second.id


def test_reissued_in_time():
    first = ensure_certificate()
    Certificate.objects.filter(pk=first.id).update(not_after=int(time.time()) + certificates.REISSUE_BEFORE - 1)
    assert certificates.active_id() != first.id
    assert ensure_certificate().not_after > first.not_after - DAY


def test_the_key_is_sealed():
    info = ensure_certificate()
    row = Certificate.objects.get(pk=info.id)
    assert b"PRIVATE" not in bytes(row.key_encrypted)
    with pytest.raises(vault.VaultError):
        vault.decrypt(bytes(row.key_encrypted), "another purpose")
    loaded = certificates.load_active(info.id)
    assert b"BEGIN PRIVATE KEY" in loaded.key_pem
    assert "PRIVATE" not in repr(loaded)


def test_another_storage_key_opens_nothing(settings):
    info = ensure_certificate()
    settings.STORAGE_KEY = "another"
    with pytest.raises(vault.VaultError):
        certificates.load_active(info.id)


@pytest.mark.parametrize("kind", [Certificate.Kind.CA, Certificate.Kind.ISSUED])
def test_one_authority_and_one_active_certificate(kind):
    ensure_certificate()
    row = Certificate.objects.get(kind=kind)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def import_chain(**how):
    """root -> intermediate -> leaf."""
    root_key, middle_key, leaf_key = ec_key(), ec_key(), ec_key()
    root = certificate("root", root_key, ca=True)
    middle = certificate("middle", middle_key, "root", root_key, ca=True)
    leaf = certificate("mail.example", leaf_key, "middle", middle_key, **how)
    return root, middle, leaf, leaf_key


def test_import_and_activate():
    ensure_certificate()
    root, middle, leaf, key = import_chain()
    info = import_certificate(pem(leaf, middle, root), key_pem(key))
    assert (info.kind, info.subject, info.issuer, info.names) == (
        "imported",
        "mail.example",
        "middle",
        ("mail.example",),
    )
    assert not info.is_active
    assert info.notes == ()
    assert info.fingerprint.replace(":", "").lower() == leaf.fingerprint(hashes.SHA256()).hex()
    assert activate(info.id).is_active
    assert [each.is_active for each in list_certificates()] == [True, False, False]
    assert certificates.active_id() == info.id
    site.set_hostname("courrier.mondomaine.fr")
    assert ensure_certificate().id == info.id  # an imported one is the administrator's choice


@pytest.mark.parametrize(
    ("order", "words"),
    [("mlr", "in order"), ("rml", "in order"), ("l", "no intermediate"), ("lmx", "left out"), ("llm", "")],
)
def test_the_chain_is_put_in_order(order, words):
    root, middle, leaf, key = import_chain()
    parts = {"r": root, "m": middle, "l": leaf, "x": certificate("stranger", ec_key())}
    info = import_certificate(pem(*(parts[letter] for letter in order)), key_pem(key))
    kept = x509.load_pem_x509_certificates(certificates.certificate_pem(info.id))
    assert kept == [part for part in (leaf, middle, root) if part in [parts[letter] for letter in order]]
    assert bool(info.notes) == bool(words)
    assert words in " ".join(info.notes)


def test_protected_keys_and_old_forms():
    for number, (key, passphrase, form) in enumerate(
        [
            (ec_key(), b"s\xc3\xa9same", serialization.PrivateFormat.PKCS8),
            (ec_key(), b"secret", serialization.PrivateFormat.TraditionalOpenSSL),
            (rsa_key(2048), None, serialization.PrivateFormat.TraditionalOpenSSL),
            (ec_key(ec.SECP384R1()), None, serialization.PrivateFormat.PKCS8),
        ]
    ):
        chain = pem(certificate(f"mail{number}.example", key))
        secret = passphrase.decode() if passphrase else ""
        assert import_certificate(chain, key_pem(key, passphrase, form), secret).subject == f"mail{number}.example"


def refused(chain, key, passphrase=""):
    before = list(Certificate.objects.values_list())
    with pytest.raises(CertificateError) as refusal:
        import_certificate(chain, key, passphrase)
    assert list(Certificate.objects.values_list()) == before
    return refusal.value.message


def test_what_is_refused_and_in_which_words():
    ensure_certificate()
    key, other = ec_key(), ec_key()
    good = pem(certificate("mail.example", key))
    damaged = good.replace(b"MII", b"AAA", 1)
    assert "does not belong" in refused(good, key_pem(other))
    assert "expired on" in refused(pem(certificate("mail.example", key, begins=-9, ends=-1)), key_pem(key))
    assert "not valid before" in refused(pem(certificate("mail.example", key, begins=2)), key_pem(key))
    assert "pass phrase does not open" in refused(good, key_pem(key, b"right"), "wrong")
    assert "give its pass phrase" in refused(good, key_pem(key, b"right"))
    assert "no BEGIN CERTIFICATE" in refused(b"certificate", key_pem(key))
    assert "no BEGIN CERTIFICATE" in refused(certificate("a", key).public_bytes(serialization.Encoding.DER), b"")
    assert "no certificate" in refused(key_pem(key), key_pem(key))
    assert "no BEGIN PRIVATE KEY" in refused(good, good)
    assert "no BEGIN PRIVATE KEY" in refused(good, b"")
    assert "cannot be read" in refused(damaged, key_pem(key))
    assert "damaged" in refused(good, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    assert "too large" in refused(good * 1000, key_pem(key))
    assert "too large" in refused(good, key_pem(key) * 2000)


def test_weak_keys_are_refused():
    for weak in (rsa_key(1024), ec_key(ec.SECP192R1())):
        assert "too weak" in refused(pem(certificate("mail.example", weak)), key_pem(weak))


def test_an_authority_is_no_server_certificate():
    root, middle, _, _ = import_chain()
    root_key, middle_key = ec_key(), ec_key()
    root = certificate("root", root_key, ca=True)
    middle = certificate("middle", middle_key, "root", root_key, ca=True)
    assert "authority" in refused(pem(middle, root), key_pem(middle_key))


def test_twice_the_same():
    key = ec_key()
    chain = pem(certificate("mail.example", key))
    import_certificate(chain, key_pem(key))
    assert "already here" in refused(chain, key_pem(key))


def test_what_cannot_be_activated_or_deleted():
    active, authority = ensure_certificate(), certificates.ensure_ca()
    key = ec_key()
    old = import_certificate(pem(certificate("mail.example", key)), key_pem(key))
    Certificate.objects.filter(pk=old.id).update(not_after=int(time.time()) - 1)
    for certificate_id in (authority.id, old.id, 10**9):
        with pytest.raises(CertificateError):
            activate(certificate_id)
    for certificate_id in (authority.id, active.id, 10**9):
        with pytest.raises(CertificateError):
            certificates.delete_certificate(certificate_id)
    assert certificates.active_id() == active.id
    certificates.delete_certificate(old.id)
    assert len(list_certificates()) == 2


def test_a_long_host_name_is_issued_once():
    """A common name has 64 characters at most (RFC 5280 appendix A.1); the names of the certificate are what counts."""
    name = f"{'courrier' * 5}.{'departement' * 5}.mondomaine.fr"
    assert len(name) > 64
    site.set_hostname(name)
    first = ensure_certificate()
    assert name in first.names
    assert certificates.active_id() == first.id
    assert ensure_certificate() == first
    site.set_hostname(f"{name}.eu")
    assert f"{name}.eu" in ensure_certificate().names


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("MailHost.Mondomaine.FR", "mailhost.mondomaine.fr"),
        ("mailhost.école.fr", "mailhost.xn--cole-9oa.fr"),
        ("mailhost", "mailhost"),
        ("not a name", "localhost"),
    ],
)
def test_a_host_name_from_the_environment(settings, given, used):
    settings.HOSTNAME_FQDN = given
    assert site.hostname() == used
    assert used in ensure_certificate().names


@pytest.mark.django_db(transaction=True)
def test_two_administrators_put_certificates_in_use_at_once():
    ids = [ensure_certificate().id, certificates.issue_certificate().id]
    failures = []

    def switch(certificate_id):
        try:
            for _ in range(15):
                activate(certificate_id)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=switch, args=(certificate_id,)) for certificate_id in ids * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Certificate.objects.filter(is_active=True).count() == 1
