"""SCRAM-SHA-256 against RFC 7677 section 3, and against a client written from RFC 5802."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols import sasl
from protocols.sasl import Challenge, Done, Failed, NeedScramKeys, SaslContext, scram

NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
FEW = 16  # iterations: the tests are about the messages
BINDINGS = {"tls-server-end-point": b"\x01\x02end point", "tls-unique": b"finished"}


def _server(name="SCRAM-SHA-256", **context):
    return sasl.server(name, SaslContext("mail.example", nonce_source=lambda: SERVER_NONCE, **context))


def _client_final(password, bare, server_first, gs2=b"n,,", binding=b""):
    """RFC 5802 section 3, in its own words."""
    fields = dict(field.split("=", 1) for field in server_first.decode().split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    without = f"c={base64.b64encode(gs2 + binding).decode()},r={fields['r']}"
    auth_message = b",".join((bare, server_first, without.encode()))
    signature = hmac.digest(hashlib.sha256(client_key).digest(), auth_message, "sha256")
    proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
    server = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), auth_message, "sha256")
    return f"{without},p={base64.b64encode(proof).decode()}".encode(), b"v=" + base64.b64encode(server)


def _run(mechanism, password, *, known="pencil", gs2=b"n,,", binding=b"", user=b"user"):
    bare = b"n=" + user + b",r=" + NONCE.encode()
    step = mechanism.start(gs2 + bare)
    if not isinstance(step, NeedScramKeys):
        return step, b""
    keys = scram.derive_keys(known, SALT, FEW)
    first = mechanism.provide(keys)
    assert isinstance(first, Challenge)
    final, expected = _client_final(password, bare, first.data, gs2, binding)
    return mechanism.step(final), expected


def test_rfc_7677_section_3():
    mechanism = _server()
    assert mechanism.start(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO") == NeedScramKeys("user")
    keys = scram.derive_keys("pencil", SALT, 4096)
    assert mechanism.provide(keys) == Challenge(
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    step = mechanism.step(
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    )
    assert isinstance(step, Done)
    assert step.final == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert scram.verify(keys, step.proof.auth_message, step.proof.client_proof)


def test_rfc_5802_section_5():
    """SCRAM-SHA-1, the example of the RFC."""
    nonce = "3rfcNHYJY1ZVvWVs7j"
    mechanism = sasl.server("SCRAM-SHA-1", SaslContext("mail.example", nonce_source=lambda: nonce))
    assert mechanism.start(b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL") == NeedScramKeys("user", "sha1")
    keys = scram.derive_keys("pencil", base64.b64decode("QSXCR+Q6sek8bf92"), 4096, "sha1")
    assert mechanism.provide(keys) == Challenge(
        b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"
    )
    step = mechanism.step(b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
    assert isinstance(step, Done)
    assert step.final == b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="
    assert (step.proof.mechanism, scram.hash_of(step.proof.mechanism)) == ("SCRAM-SHA-1", "sha1")
    assert scram.verify(keys, step.proof.auth_message, step.proof.client_proof, "sha1")
    assert not scram.verify(keys, step.proof.auth_message, step.proof.client_proof)


def test_keys_come_when_they_were_asked_for():
    assert isinstance(_server().provide(scram.derive_keys("pencil", SALT, FEW)), Failed)
    mechanism = _server()
    mechanism.start(b"n,,n=user,r=x")
    assert isinstance(mechanism.provide(sasl.DigestKeys((b"x" * 16,))), Failed)


def test_without_initial_response():
    mechanism = _server()
    assert mechanism.start(None) == Challenge(b"")
    assert mechanism.step(b"n,,n=user,r=" + NONCE.encode()) == NeedScramKeys("user")


def test_wrong_password_is_not_proven():
    step, _ = _run(_server(), "pencils")
    assert isinstance(step, Done)  # the mechanism does not judge; authenticate() does
    keys = scram.derive_keys("pencil", SALT, FEW)
    assert not scram.verify(keys, step.proof.auth_message, step.proof.client_proof)
    assert not scram.verify(keys, step.proof.auth_message, b"short")


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20))
def test_any_password(password):
    try:
        prepared = sasl.scram.saslprep(password)
    except ValueError:
        return
    step, expected = _run(_server(), prepared, known=prepared)
    assert step.final == expected
    keys = scram.derive_keys(prepared, SALT, FEW)
    assert scram.verify(keys, step.proof.auth_message, step.proof.client_proof)


def test_names_are_unescaped_and_prepared():
    step = _server().start("n,a=b=2Cc,n=a=3Db=2Cé,r=x".encode())
    assert step == NeedScramKeys("a=b,é")
    assert _server().start(b"n,a=alice,n=bob,r=x") == NeedScramKeys("bob")


def test_authzid_reaches_the_proof():
    mechanism = _server()
    step, _ = _run(mechanism, "pencil", gs2=b"n,a=alice=2Cx,")
    assert step.proof.authzid == "alice,x"


@pytest.mark.parametrize("kind", list(BINDINGS))
def test_plus(kind):
    mechanism = _server("SCRAM-SHA-256-PLUS", channel_bindings=BINDINGS, plus_announced=True)
    step, expected = _run(mechanism, "pencil", gs2=f"p={kind},,".encode(), binding=BINDINGS[kind])
    assert isinstance(step, Done)
    assert (step.final, step.proof.mechanism) == (expected, "SCRAM-SHA-256-PLUS")


def test_plus_detects_another_channel():
    mechanism = _server("SCRAM-SHA-256-PLUS", channel_bindings=BINDINGS)
    step, _ = _run(mechanism, "pencil", gs2=b"p=tls-unique,,", binding=b"the middle's")
    assert step == Failed("SCRAM-SHA-256-PLUS: channel bindings do not match")


def test_binding_and_mechanism_fit():
    plus = {"channel_bindings": BINDINGS, "plus_announced": True}
    refused = [
        _run(_server("SCRAM-SHA-256-PLUS", **plus), "pencil")[0],  # -PLUS without binding
        _run(_server(**plus), "pencil", gs2=b"p=tls-unique,,", binding=BINDINGS["tls-unique"])[0],
        _run(_server("SCRAM-SHA-256-PLUS", **plus), "pencil", gs2=b"p=tls-exporter,,")[0],  # unknown type
        _run(_server(**plus), "pencil", gs2=b"y,,")[0],  # somebody hid -PLUS (RFC 5802 section 6)
    ]
    assert all(isinstance(step, Failed) for step in refused)
    assert isinstance(_run(_server(), "pencil", gs2=b"y,,")[0], Done)
    assert isinstance(_run(_server(**plus), "pencil")[0], Done)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"n",
        b"n,,",
        b"n,,n=,r=x",
        b"n,,n=user",
        b"n,,n=user,r=",
        b"n,,m=ext,n=user,r=x",
        b"x,,n=user,r=x",
        b"n,,n=us=er,r=x",
        b"n,,n=\xff,r=x",
        b"n,,n=a\x00b,r=x",
        b"n,,n=a\x07,r=x",
        b"n,,n=user,r=x\n",
        b"n" * 5000,
    ],
)
def test_malformed_client_first(message):
    assert isinstance(_server().start(message), Failed)


def test_malformed_client_final():
    for change in (
        lambda final: final.replace(b"r=rOpr", b"r=xxxx"),
        lambda final: final.replace(b"c=biws", b"c=eSws"),
        lambda final: final.replace(b"c=biws", b"c=b"),
        lambda final: final.partition(b",p=")[0],
        lambda final: final.partition(b",p=")[0] + b",p=A",
        lambda final: b"",
        lambda final: final + b"\xff",
    ):
        mechanism = _server()
        bare = b"n=user,r=" + NONCE.encode()
        mechanism.start(b"n,," + bare)
        first = mechanism.provide(scram.derive_keys("pencil", SALT, FEW))
        final, _ = _client_final("pencil", bare, first.data)
        assert isinstance(mechanism.step(change(final)), Failed)
