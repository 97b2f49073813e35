"""authenticate(): who gets in, who does not, and what finding out costs."""

import base64
import hashlib
import hmac
import threading
import time

import pytest
from django.db import connection, connections

from directory import accounts, domains, freshness
from directory.models import Account
from protocols import sasl
from protocols.sasl import CramMd5Proof, PasswordProof, SaslContext, ScramProof
from security import authentication, derived, methods, passwords, policy, policy_changes, throttle
from security.authentication import authenticate, scram_keys
from security.errors import AuthenticationFailed, EncryptionRequired, MechanismRefused, PasswordRefused, Throttled
from security.hashers import FacteurArgon2PasswordHasher
from security.models import AuthenticationFailure, Credential, KnownAddress
from security.policy import ENCRYPTED_CONNECTION, SECURE_AUTHENTICATION
from security.vault import VaultError
from tests.unit.security.conftest import CLEAR, NOW, TLS, make_cast


def password(name, secret, authzid="", mechanism=""):
    return PasswordProof(name, authzid, secret, mechanism)


def cram(name, secret):
    challenge = b"<1@mail.example>"
    return CramMd5Proof(name, challenge, hmac.digest(secret.encode(), challenge, "md5"))


def scram_proof(name, secret, authzid=""):
    """A whole exchange as a client runs it."""
    keys = scram_keys(name)
    mechanism = sasl.server("SCRAM-SHA-256", SaslContext("mail.example"))
    gs2 = f"n,a={authzid}," if authzid else "n,,"
    bare = f"n={name},r=abc"
    mechanism.start((gs2 + bare).encode())
    first = mechanism.provide(keys).data.decode()
    nonce = first.split(",")[0]
    without = f"c={base64.b64encode(gs2.encode()).decode()},{nonce}"
    message = f"{bare},{first},{without}".encode()
    salted = hashlib.pbkdf2_hmac("sha256", secret.encode(), keys.salt, keys.iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(client_key, signature, strict=True))).decode()
    return mechanism.step(f"{without},p={proof}".encode()).proof


@pytest.mark.parametrize("make", [password, cram, scram_proof])
def test_right_and_wrong(cast, make):
    assert authenticate(make("alice@mondomaine.fr", "user1"), CLEAR).id == cast.alice.id
    for name, secret in (
        ("alice@mondomaine.fr", "user2"),
        ("nobody@mondomaine.fr", "user1"),
        ("alice@ailleurs.fr", "user1"),
        ("admin@mondomaine.fr", "user1"),  # has no password
    ):
        with pytest.raises(AuthenticationFailed) as failure:
            authenticate(make(name, secret), CLEAR)
        assert str(failure.value) == "authentication failed"


@pytest.mark.parametrize("make", [password, cram, scram_proof])
def test_disabled_at_once(cast, make):
    assert authenticate(make("alice@mondomaine.fr", "user1"), TLS)
    accounts.update_account(cast.alice.id, is_enabled=False)
    with pytest.raises(AuthenticationFailed):
        authenticate(make("alice@mondomaine.fr", "user1"), TLS)
    accounts.update_account(cast.alice.id, is_enabled=True)
    assert authenticate(make("alice@mondomaine.fr", "user1"), TLS)


@pytest.mark.parametrize("make", [password, cram, scram_proof])
def test_new_password_at_once(cast, make):
    authenticate(make("alice@mondomaine.fr", "user1"), TLS)
    passwords.set_password(cast.alice.id, "other")
    with pytest.raises(AuthenticationFailed):
        authenticate(make("alice@mondomaine.fr", "user1"), TLS)
    assert authenticate(make("alice@mondomaine.fr", "other"), TLS).id == cast.alice.id


def test_user_name_in_any_spelling(cast):
    for name in ("Alice@MonDomaine.FR", "alice", "ALICE"):
        assert authenticate(password(name, "user1"), TLS).id == cast.alice.id
    domains.create_domain("autre.fr")
    domains.set_primary("autre.fr")
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "user1"), TLS)


def test_acting_for_somebody_else(cast):
    for authzid in ("", "alice@mondomaine.fr", "Alice@mondomaine.fr", "alice"):
        assert authenticate(password("alice@mondomaine.fr", "user1", authzid), TLS)
    for authzid in ("bob@mondomaine.fr", "bob", "?", "admin@mondomaine.fr"):
        with pytest.raises(AuthenticationFailed):
            authenticate(password("alice@mondomaine.fr", "user1", authzid), TLS)
    with pytest.raises(AuthenticationFailed):
        authenticate(scram_proof("alice@mondomaine.fr", "user1", "bob@mondomaine.fr"), TLS)


def test_names_that_are_no_addresses(cast):
    for name in ("", "\0", "a b@mondomaine.fr", "x" * 5000, "é\ud800"):
        with pytest.raises(AuthenticationFailed):
            authenticate(password(name, "user1"), TLS)
    assert set(AuthenticationFailure.objects.values_list("account_address", flat=True)) == {"(invalid)"}


def test_a_composed_and_a_decomposed_password_are_one(cast):
    passwords.set_password(cast.alice.id, "caf\u00e9")
    assert authenticate(password("alice", "cafe\u0301"), TLS)
    assert authenticate(scram_proof("alice", "caf\u00e9"), TLS)


@pytest.fixture
def hashes(monkeypatch):
    counted = []
    verify = FacteurArgon2PasswordHasher.verify

    def counting(self, secret, encoded):
        counted.append(encoded)
        return verify(self, secret, encoded)

    monkeypatch.setattr(FacteurArgon2PasswordHasher, "verify", counting)
    return counted


def test_each_failure_costs_one_hash(cast, hashes):
    """Unknown, disabled, without a password, wrong: the same work, so the same time."""
    accounts.update_account(cast.bob.id, is_enabled=False)
    for name, secret in (("nobody", "x"), ("bob", "user2"), ("admin", "x"), ("alice", "x"), ("", "x")):
        hashes.clear()
        with pytest.raises(AuthenticationFailed):
            authenticate(password(name, secret), TLS)
        assert len(hashes) == 1, name
        parts = hashes[0].split("$")
        assert parts[1:4] == ["argon2id", "v=19", "m=19456,t=2,p=1"], name
        assert len(hashes[0]) == len(Account.objects.get(pk=cast.alice.id).password), name


def test_a_verified_password_is_not_hashed_again(cast, hashes):
    for _ in range(5):
        authenticate(password("alice", "user1"), TLS)
    assert len(hashes) == 1
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "user2"), TLS)
    assert len(hashes) == 2
    policy_changes.set_level(SECURE_AUTHENTICATION)
    authenticate(password("alice", "user1"), TLS)
    assert len(hashes) == 3


def test_the_memory_of_passwords_ends(cast, hashes, monkeypatch):
    authenticate(password("alice", "user1"), TLS)
    clock = time.monotonic
    monkeypatch.setattr(authentication.time, "monotonic", lambda: clock() + authentication.VERIFIED_FOR)
    authenticate(password("alice", "user1"), TLS)
    assert len(hashes) == 2


def test_remembered_logins_ask_the_database_nothing(cast, django_assert_num_queries):
    authenticate(password("alice", "user1"), TLS)
    with django_assert_num_queries(0):
        authenticate(password("alice", "user1"), TLS)


def test_a_change_by_another_process_within_a_second(cast, monkeypatch):
    authenticate(password("alice", "user1"), TLS)
    Account.objects.filter(pk=cast.alice.id).update(is_enabled=False)  # as another process would
    clock = time.monotonic
    monkeypatch.setattr(freshness.time, "monotonic", lambda: clock() + freshness.MAX_AGE)
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "user1"), TLS)


def test_the_made_up_salt_tells_nothing(cast):
    real, unknown = scram_keys("alice@mondomaine.fr"), scram_keys("nobody@mondomaine.fr")
    assert unknown == scram_keys("Nobody@mondomaine.fr")
    assert unknown != scram_keys("nobody2@mondomaine.fr")
    assert (len(real.salt), real.iterations) == (len(unknown.salt), unknown.iterations)
    assert scram_keys("admin@mondomaine.fr").iterations == real.iterations  # has no keys


def test_levels(cast):
    policy_changes.set_level(SECURE_AUTHENTICATION)
    for mechanism in ("", "PLAIN", "LOGIN"):
        with pytest.raises(EncryptionRequired):
            authenticate(password("alice", "user1", mechanism=mechanism), CLEAR)
        assert authenticate(password("alice", "user1", mechanism=mechanism), TLS)
    assert authenticate(cram("alice", "user1"), CLEAR)
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    for proof in (cram("alice", "user1"), scram_proof("alice", "user1"), password("alice", "user1")):
        with pytest.raises(EncryptionRequired):
            authenticate(proof, CLEAR)
        assert authenticate(proof, TLS)


def test_switched_off(cast):
    policy_changes.set_mechanisms(["SCRAM-SHA-256"])
    for mechanism in ("", "PLAIN", "LOGIN"):
        with pytest.raises(MechanismRefused):
            authenticate(password("alice", "user1", mechanism=mechanism), TLS)
    with pytest.raises(MechanismRefused):
        authenticate(cram("alice", "user1"), TLS)
    assert authenticate(scram_proof("alice", "user1"), TLS)
    policy_changes.set_mechanisms(["LOGIN"])
    assert authenticate(password("alice", "user1"), TLS)
    with pytest.raises(MechanismRefused):
        authenticate(password("alice", "user1", mechanism="PLAIN"), TLS)


def test_plus_needs_tls(cast):
    proof = ScramProof("alice", "", b"", b"", "SCRAM-SHA-256-PLUS")
    with pytest.raises(EncryptionRequired):
        authenticate(proof, CLEAR)
    with pytest.raises(AuthenticationFailed):
        authenticate(proof, TLS)


def test_cram_md5_secrets_come_and_go_with_the_policy(cast):
    everything = policy.DEFAULT_METHODS
    assert methods.methods_of(cast.alice.id) == everything
    policy_changes.set_mechanisms(["SCRAM-SHA-256", "PLAIN"])
    assert not Credential.objects.filter(cram_md5__isnull=False).exists()
    assert methods.methods_of(cast.alice.id) == ("SCRAM-SHA-256", "PLAIN")
    passwords.set_password(cast.bob.id, "user2")
    assert not Credential.objects.filter(cram_md5__isnull=False).exists()
    policy_changes.set_mechanisms(everything)
    with pytest.raises(AuthenticationFailed):
        authenticate(cram("alice", "user1"), TLS)
    version = accounts.get_account(cast.alice.id).credentials_version
    authenticate(password("alice", "user1"), TLS)  # brings the password along
    assert authenticate(cram("alice", "user1"), TLS)
    assert accounts.get_account(cast.alice.id).credentials_version == version
    assert methods.legacy_secrets([cast.alice.id, cast.bob.id]) == {cast.alice.id: ("CRAM-MD5",), cast.bob.id: ()}
    assert [(use.mechanism, use.accounts) for use in methods.count_by_method(("CRAM-MD5", "PLAIN"))] == [
        ("CRAM-MD5", 1),
        ("PLAIN", 3),
    ]


def test_a_secret_moved_to_another_row_does_not_open(cast):
    stolen = Credential.objects.get(account_id=cast.alice.id).cram_md5
    Credential.objects.filter(account_id=cast.bob.id).update(cram_md5=bytes(stolen))
    with pytest.raises(VaultError):
        authenticate(cram("bob", "user1"), TLS)


def test_nothing_kept_is_the_password(cast):
    passwords.set_password(cast.alice.id, "tanstaaf-secret")
    kept = [Account.objects.get(pk=cast.alice.id).password.encode()]
    row = Credential.objects.get(account_id=cast.alice.id)
    kept += [row.scram_sha256.encode(), bytes(row.cram_md5)]
    assert not any(b"tanstaaf" in each for each in kept)
    assert "user2" not in repr(passwords.prepare("user2"))


@pytest.mark.parametrize("secret", ["", "a\nb", "\0", "x" * 1025, "\u00ad"])
def test_passwords_that_cannot_be_set(cast, secret):
    with pytest.raises(PasswordRefused) as refusal:
        passwords.set_password(cast.alice.id, secret)
    assert refusal.value.message
    assert authenticate(password("alice", "user1"), TLS)


def test_older_hashes_are_renewed(cast):
    weak = FacteurArgon2PasswordHasher()
    weak.time_cost, weak.memory_cost = 1, 8 * 1024
    accounts.store_password_hash(cast.alice.id, weak.encode("user1", weak.salt()))
    version = accounts.get_account(cast.alice.id).credentials_version
    authenticate(password("alice", "user1"), TLS)
    assert "m=19456,t=2,p=1" in Account.objects.get(pk=cast.alice.id).password
    assert accounts.get_account(cast.alice.id).credentials_version == version


@pytest.mark.django_db(transaction=True)
def test_many_threads_two_hashes(hashes, monkeypatch):
    """Parallel guesses are counted one by one, and at most two are hashed at once."""
    make_cast()
    monkeypatch.setattr(throttle, "PAIR_LIMIT", 5)
    running, most, lock = [0], [0], threading.Lock()
    slow = passwords.verify_hash

    def watched(secret, encoded):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            return slow(secret, encoded)
        finally:
            with lock:
                running[0] -= 1

    monkeypatch.setattr(passwords, "verify_hash", watched)
    outcomes = []

    def guess(number):
        try:
            authenticate(password("alice", f"guess {number}"), TLS)
        except (AuthenticationFailed, Throttled) as refusal:
            outcomes.append(type(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 20
    assert most[0] <= authentication.HASHES_AT_ONCE
    assert 5 <= len(hashes) <= 5 + authentication.HASHES_AT_ONCE - 1
    assert outcomes.count(Throttled) == 20 - len(hashes)


def test_a_known_address_is_written_once(cast):
    for _ in range(3):
        authenticate(password("alice", "user1"), TLS, now=NOW)
    assert KnownAddress.objects.count() == 1
    assert not AuthenticationFailure.objects.exists()


def test_it_runs_outside_transactions_too(cast):
    assert connection.in_atomic_block  # this test's own
    assert authenticate(password("bob", "user2"), CLEAR).address == "bob@mondomaine.fr"


@pytest.mark.parametrize("secret", ["\u00e9" * 100_000, "user1" + "\u200b" * 5000])
def test_a_very_long_password_costs_no_more_than_another(cast, hashes, monkeypatch, secret):
    """SASLprep walks through the characters one by one: megabytes of them would stop the process."""
    prepared = []
    monkeypatch.setattr(passwords, "saslprep", lambda text: prepared.append(len(text)) or text)
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", secret), TLS)
    assert max(prepared, default=0) <= passwords.MAX_PASSWORD_OCTETS
    assert len(hashes) == 1
    with pytest.raises(PasswordRefused):
        passwords.set_password(cast.alice.id, secret)


def test_a_password_that_is_no_text(cast):
    """Half of a surrogate pair cannot be encoded: wrong like any other, and not to be set."""
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "\ud800"), TLS)
    with pytest.raises(PasswordRefused):
        passwords.set_password(cast.alice.id, "\ud800")


def test_the_same_wrong_password_again_is_not_hashed(cast, hashes):
    """It is not counted either, so hashing it would be free work for whoever asks often."""
    for name in ("alice", "nobody"):
        hashes.clear()
        for _ in range(5):
            with pytest.raises(AuthenticationFailed):
                authenticate(password(name, "last year's"), TLS)
        assert len(hashes) == 1, name
    passwords.set_password(cast.alice.id, "last year's")
    assert authenticate(password("alice", "last year's"), TLS)


def test_what_was_refused_for_another_reason_is_looked_at_again(cast):
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "user1", authzid="bob"), TLS)
    assert authenticate(password("alice", "user1"), TLS)
    with pytest.raises(AuthenticationFailed):
        authenticate(password("carla", "user1"), TLS)
    carla = accounts.create_account("carla@mondomaine.fr")
    passwords.set_password(carla.id, "user1")
    assert authenticate(password("carla", "user1"), TLS)


def test_a_password_changed_meanwhile_is_not_put_back(cast):
    """A login by the old password that is still under way must not renew the old hash."""
    weak = FacteurArgon2PasswordHasher()
    weak.time_cost, weak.memory_cost = 1, 8 * 1024
    old = weak.encode("user1", weak.salt())
    accounts.store_password_hash(cast.alice.id, old)
    passwords.set_password(cast.alice.id, "other")
    passwords.complete(cast.alice.id, old, "user1")
    with pytest.raises(AuthenticationFailed):
        authenticate(password("alice", "user1"), TLS)
    with pytest.raises(AuthenticationFailed):
        authenticate(scram_proof("alice", "user1"), TLS)
    assert authenticate(password("alice", "other"), TLS)


def test_weaker_scram_keys_are_renewed(cast, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(derived, "SCRAM_ITERATIONS", 4096)
        passwords.set_password(cast.alice.id, "user1")
    assert scram_keys("alice").iterations == 4096
    authenticate(password("alice", "user1"), TLS)
    assert scram_keys("alice").iterations == derived.SCRAM_ITERATIONS
    assert authenticate(scram_proof("alice", "user1"), TLS)
