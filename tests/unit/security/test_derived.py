"""What is kept for DIGEST-MD5, NTLM, APOP and SCRAM-SHA-1: only where it is wanted, sealed, and enough to log in."""

import base64
import hashlib
import hmac

import pytest

from directory import site
from protocols import sasl
from protocols.sasl import ApopProof, DigestMd5Proof, NtlmProof, SaslContext, ScramProof
from security import authentication, derived, methods, passwords, policy_changes, throttle
from security.authentication import authenticate, scram_keys
from security.errors import AuthenticationFailed, EncryptionRequired, MechanismRefused, PolicyRefused, Throttled
from security.models import AuthenticationFailure, Credential
from security.policy import DEFAULT_METHODS, SECURE_AUTHENTICATION, current
from security.vault import VaultError
from tests.conformance.challenges import digest_value, nt_hash, ntlm1_response, ntlm2_response
from tests.unit.security.conftest import CLEAR, TLS

HOST = "mailhost.mondomaine.fr"
CHALLENGE, STAMP = b"\x01" * 8, b"<1@mailhost.mondomaine.fr>"


def digest(name, secret):
    challenge = b'realm="%s",nonce="n"' % HOST.encode()
    value = digest_value(challenge, name.encode(), secret.encode(), b"imap/h")
    return DigestMd5Proof(name, "", HOST, b"n:OA6MHXh6VqTrRk", b"n:00000001:OA6MHXh6VqTrRk:auth", b"imap/h", value)


def ntlm2(name, secret):
    response = ntlm2_response(nt_hash(secret.encode()), name, "", CHALLENGE, b"")
    return NtlmProof(name, name, "", CHALLENGE, b"", response)


def ntlm1(name, secret):
    return NtlmProof(name, name, "", CHALLENGE, b"", ntlm1_response(nt_hash(secret.encode()), CHALLENGE))


def apop(name, secret):
    return ApopProof(name, STAMP, hashlib.md5(STAMP + secret.encode()).digest())


def scram_sha_1(name, secret):
    keys = scram_keys(name, "sha1")
    mechanism = sasl.server("SCRAM-SHA-1", SaslContext(HOST))
    mechanism.start(f"n,,n={name},r=abc".encode())
    first = mechanism.provide(keys).data.decode()
    without = f"c=biws,{first.split(',')[0]}"
    salted = hashlib.pbkdf2_hmac("sha1", secret.encode(), keys.salt, keys.iterations)
    key = hmac.digest(salted, b"Client Key", "sha1")
    signature = hmac.digest(hashlib.sha1(key).digest(), f"n={name},r=abc,{first},{without}".encode(), "sha1")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
    return mechanism.step(f"{without},p={proof}".encode()).proof


WANTED = {digest: "DIGEST-MD5", ntlm2: "NTLM", ntlm1: "NTLM", apop: "APOP", scram_sha_1: "SCRAM-SHA-1"}
every = pytest.mark.parametrize("make", list(WANTED))
SECRETS = ("cram_md5", "digest_md5", "ntlm", "apop", "scram_sha1")


def switch_on(cast, *names):
    policy_changes.set_mechanisms([*names, "PLAIN"])
    passwords.set_password(cast.alice.id, "user1")
    passwords.set_password(cast.bob.id, "user2")


def kept_columns(account_id):
    row = Credential.objects.get(account_id=account_id)
    return {column for column in SECRETS if getattr(row, column) is not None}


@every
def test_right_and_wrong(cast, make):
    switch_on(cast, WANTED[make])
    for name in ("alice@mondomaine.fr", "alice"):
        assert authenticate(make(name, "user1"), CLEAR).id == cast.alice.id
    for name, secret in (
        ("alice@mondomaine.fr", "user2"),
        ("nobody@mondomaine.fr", "user1"),
        ("admin@mondomaine.fr", "user1"),  # has no password
    ):
        with pytest.raises(AuthenticationFailed):
            authenticate(make(name, secret), CLEAR)
    assert AuthenticationFailure.objects.count() == 3


@every
def test_switched_off_nothing_is_kept_and_nobody_enters(cast, make):
    switch_on(cast, *WANTED.values())
    assert kept_columns(cast.alice.id) == set(SECRETS) - {"cram_md5"}
    proof = make("alice", "user1")
    policy_changes.switch(WANTED[make], on=False)
    with pytest.raises(MechanismRefused):
        authenticate(proof, TLS)
    assert len(kept_columns(cast.alice.id)) == 3
    passwords.set_password(cast.bob.id, "user2")
    assert kept_columns(cast.bob.id) == kept_columns(cast.alice.id)


@every
def test_switched_on_again_it_comes_back_with_the_password(cast, make):
    policy_changes.set_mechanisms([WANTED[make], "PLAIN"])
    Credential.objects.update(scram_sha1=None)
    with pytest.raises(AuthenticationFailed):
        authenticate(make("alice", "user1"), TLS)
    assert WANTED[make] not in methods.methods_of(cast.alice.id)
    authenticate(sasl.PasswordProof("alice", "", "user1"), TLS)
    assert WANTED[make] in methods.methods_of(cast.alice.id)
    assert authenticate(make("alice", "user1"), TLS).id == cast.alice.id
    counted = methods.count_by_method((WANTED[make],))[0]
    assert (counted.accounts, counted.is_on) == (1, True)


@every
def test_a_new_password_at_once(cast, make):
    switch_on(cast, WANTED[make])
    assert authenticate(make("alice", "user1"), TLS)
    passwords.set_password(cast.alice.id, "other")
    with pytest.raises(AuthenticationFailed):
        authenticate(make("alice", "user1"), TLS)
    assert authenticate(make("alice", "other"), TLS)


@every
def test_guessing_is_held_back(cast, make, monkeypatch):
    monkeypatch.setattr(throttle, "PAIR_LIMIT", 3)
    switch_on(cast, WANTED[make])
    for number in range(3):
        with pytest.raises(AuthenticationFailed):
            authenticate(make("alice", f"guess {number}"), TLS)
    with pytest.raises(Throttled):
        authenticate(make("alice", "user1"), TLS)


def test_they_are_off_until_they_are_wanted(cast):
    assert current().mechanisms == DEFAULT_METHODS
    assert not {"DIGEST-MD5", "NTLM", "APOP"} & set(DEFAULT_METHODS)
    assert kept_columns(cast.alice.id) == {"cram_md5", "scram_sha1"}
    assert methods.methods_of(cast.alice.id) == DEFAULT_METHODS
    assert methods.legacy_secrets([cast.alice.id, cast.admin.id]) == {cast.alice.id: ("CRAM-MD5",)}


def test_only_the_vault_opens_what_is_kept(cast):
    policy_changes.set_mechanisms(["DIGEST-MD5", "NTLM", "APOP"])
    passwords.set_password(cast.alice.id, "tanstaaf-secret")
    row = Credential.objects.get(account_id=cast.alice.id)
    sealed = [bytes(value) for value in (row.digest_md5, row.ntlm, row.apop)]
    assert nt_hash(b"tanstaaf-secret") not in b"".join(sealed)
    assert b"tanstaaf" not in b"".join(sealed)
    assert derived.find_secret(cast.alice.id, "apop") == b"tanstaaf-secret"
    Credential.objects.filter(account_id=cast.bob.id).update(apop=sealed[2], ntlm=sealed[2])
    for column in ("apop", "ntlm"):  # moved to another row, or to another column of it
        with pytest.raises(VaultError):
            derived.find_secret(cast.bob.id, column)
    assert "tanstaaf" not in repr(passwords.prepare("tanstaaf-secret"))


def test_version_1_of_ntlm_counts_as_a_password_in_the_clear(cast):
    switch_on(cast, "NTLM")
    policy_changes.set_level(SECURE_AUTHENTICATION)
    assert authenticate(ntlm2("alice", "user1"), CLEAR)
    assert authenticate(ntlm1("alice", "user1"), TLS)
    with pytest.raises(EncryptionRequired):
        authenticate(ntlm1("alice", "user1"), CLEAR)


def test_a_new_host_name_voids_what_was_made_for_the_old_realm(cast):
    switch_on(cast, "DIGEST-MD5")
    site.set_hostname("mail.mondomaine.fr")
    assert methods.methods_of(cast.alice.id) == ("PLAIN",)
    assert methods.count_by_method(("DIGEST-MD5",))[0].accounts == 0
    authenticate(sasl.PasswordProof("alice", "", "user1"), TLS)
    assert methods.methods_of(cast.alice.id) == ("DIGEST-MD5", "PLAIN")
    assert authentication.digest_keys("alice", "mail.mondomaine.fr") != authentication.digest_keys("alice", HOST)


def test_who_keeps_no_keys_is_answered_like_who_does_not_exist(cast):
    """The salt stays the same, and its form is that of everybody's."""
    Credential.objects.filter(account_id=cast.bob.id).update(scram_sha1=None)
    real, without, nobody = (scram_keys(name, "sha1") for name in ("alice", "bob", "nobody"))
    assert scram_keys("bob", "sha1") == without
    assert scram_keys("nobody", "sha1") == nobody
    shapes = {(len(k.salt), k.iterations, len(k.stored_key), len(k.server_key)) for k in (real, without, nobody)}
    assert shapes == {(16, derived.SCRAM_ITERATIONS, 20, 20)}
    assert without.salt != scram_keys("bob").salt
    assert len(authentication.digest_keys("nobody", HOST).hashes) == 2
    with pytest.raises(AuthenticationFailed):
        authenticate(ScramProof("bob", "", b"", b"x" * 20, "SCRAM-SHA-1"), TLS)


def test_a_switch_changes_one_method(cast):
    policy_changes.switch("apop", on=True)
    assert current().mechanisms == (*DEFAULT_METHODS, "APOP")
    policy_changes.switch("CRAM-MD5", on=False)
    assert "CRAM-MD5" not in current().mechanisms
    assert kept_columns(cast.alice.id) == {"scram_sha1"}
    with pytest.raises(PolicyRefused):
        policy_changes.switch("KERBEROS_V4", on=True)
