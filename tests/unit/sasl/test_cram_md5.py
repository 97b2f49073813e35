"""CRAM-MD5 against RFC 2195, hashlib, hmac and the clients of the standard library."""

import hashlib
import hmac
import imaplib
import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import sasl
from protocols.sasl import Challenge, Done, Failed, SaslContext, cram_md5, md5

CHALLENGE = b"<1896.697170952@postoffice.reston.mci.net>"


def _exchange():
    mechanism = sasl.server("CRAM-MD5", SaslContext("mail.example", nonce_source=lambda: "nonce"))
    step = mechanism.start(None)
    assert isinstance(step, Challenge)
    return mechanism, step.data


def test_rfc_2195_section_2():
    keys = cram_md5.keys_from_password(b"tanstaaftanstaaf")
    digest = bytes.fromhex("b913a602c7eda7a495b4e6e7334d3890")
    assert cram_md5.verify(keys, CHALLENGE, digest)
    assert not cram_md5.verify(keys, CHALLENGE + b" ", digest)
    assert not cram_md5.verify(cram_md5.keys_from_password(b"other"), CHALLENGE, digest)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_same_as_hmac(password, challenge):
    keys = cram_md5.keys_from_password(password)
    assert len(keys) == 32
    assert cram_md5.verify(keys, challenge, hmac.digest(password, challenge, "md5"))


@given(st.binary(min_size=64, max_size=64), st.binary(max_size=300))
def test_the_same_as_hashlib(block, data):
    assert md5.resume(md5.state_after(block), 64, data) == hashlib.md5(block + data).digest()


def test_the_challenge_is_a_fresh_msg_id():
    def challenge():
        return sasl.server("CRAM-MD5", SaslContext("mail.example")).start(None).data

    assert challenge() != challenge()
    assert challenge().startswith(b"<")
    assert challenge().endswith(b"@mail.example>")


def test_smtplib():
    mechanism, challenge = _exchange()
    client = smtplib.SMTP()
    client.user, client.password = "alice@mondomaine.fr", "user1"
    step = mechanism.step(client.auth_cram_md5(challenge).encode())
    assert isinstance(step, Done)
    assert (step.proof.authcid, step.proof.authzid) == ("alice@mondomaine.fr", "")
    assert cram_md5.verify(cram_md5.keys_from_password(b"user1"), step.proof.challenge, step.proof.digest)


def test_imaplib():
    mechanism, challenge = _exchange()
    client = imaplib.IMAP4.__new__(imaplib.IMAP4)
    client.user, client.password = "alice martin", "user1"
    step = mechanism.step(client._CRAM_MD5_AUTH(challenge).encode())
    assert isinstance(step, Done)
    assert step.proof.authcid == "alice martin"
    assert cram_md5.verify(cram_md5.keys_from_password(b"user1"), challenge, step.proof.digest)


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"alice",
        b" " + b"0" * 32,
        b"alice " + b"0" * 31,
        b"alice " + b"g" * 32,
        b"\xff " + b"0" * 32,
        b"x" * 1024 + b" " + b"0" * 32,
    ],
)
def test_refuses(response):
    mechanism, _ = _exchange()
    assert isinstance(mechanism.step(response), Failed)


def test_no_initial_response():
    assert isinstance(sasl.server("CRAM-MD5", SaslContext("mail.example")).start(b"alice"), Failed)
    assert isinstance(sasl.server("CRAM-MD5", SaslContext("mail.example")).start(b""), Challenge)
