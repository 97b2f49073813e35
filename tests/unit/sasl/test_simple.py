"""PLAIN, LOGIN, base64 lines and the choice of a mechanism."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import sasl
from protocols.sasl import Challenge, Done, Failed, PasswordProof, SaslContext, ScramKeys
from protocols.sasl.base64line import MAX_RESPONSE_LINE, BadBase64, decode_base64_line

CONTEXT = SaslContext(hostname="mail.example")


def test_server_by_name_in_any_case():
    assert [sasl.server(name.lower(), CONTEXT).name for name in sasl.MECHANISMS] == list(sasl.MECHANISMS)
    with pytest.raises(KeyError):
        sasl.server("KERBEROS_V4", CONTEXT)


def test_plain_with_initial_response():
    step = sasl.server("PLAIN", CONTEXT).start(b"\0tim\0tanstaaftanstaaf")  # RFC 4616 section 4
    assert step == Done(PasswordProof("tim", "", "tanstaaftanstaaf", "PLAIN"))
    assert step.final == b""


def test_plain_asks():
    mechanism = sasl.server("PLAIN", CONTEXT)
    assert mechanism.start(None) == Challenge(b"")
    step = mechanism.step(b"Ursel\0Kurt\0xipj3plmq")  # RFC 4616 section 4
    assert step == Done(PasswordProof("Kurt", "Ursel", "xipj3plmq", "PLAIN"))


@pytest.mark.parametrize(
    "response",
    [b"", b"alice", b"\0alice", b"\0\0user1", b"\0alice\0", b"\0alice\0a\0b", b"\0\xff\0a", b"\0a\0" + b"x" * 1025],
)
def test_plain_refuses(response):
    assert isinstance(sasl.server("PLAIN", CONTEXT).start(response), Failed)


def test_the_password_is_not_printed():
    step = sasl.server("PLAIN", CONTEXT).start(b"\0tim\0tanstaaf")
    assert "tanstaaf" not in repr(step)


@pytest.mark.parametrize("initial", [None, b""])
def test_login_in_two_steps(initial):
    mechanism = sasl.server("LOGIN", CONTEXT)
    assert mechanism.start(initial) == Challenge(b"Username:")
    assert mechanism.step("aliçe".encode()) == Challenge(b"Password:")
    assert mechanism.step(b"user1") == Done(PasswordProof("aliçe", "", "user1", "LOGIN"))


def test_login_with_the_name_at_once():
    mechanism = sasl.server("LOGIN", CONTEXT)
    assert mechanism.start(b"alice") == Challenge(b"Password:")
    assert mechanism.step(b"user1") == Done(PasswordProof("alice", "", "user1", "LOGIN"))


@pytest.mark.parametrize("response", [b"", b"a\0b", b"\xff", b"x" * 1025])
def test_login_refuses(response):
    mechanism = sasl.server("LOGIN", CONTEXT)
    mechanism.start(None)
    assert isinstance(mechanism.step(response), Failed)
    mechanism = sasl.server("LOGIN", CONTEXT)
    mechanism.start(b"alice")
    assert isinstance(mechanism.step(response), Failed)


def test_keys_are_for_scram_only():
    for name in ("PLAIN", "LOGIN", "CRAM-MD5"):
        assert isinstance(sasl.server(name, CONTEXT).provide(ScramKeys(b"", 1, b"", b"")), Failed)


def test_base64_lines():
    assert decode_base64_line(b"=") == b""
    assert decode_base64_line(b"") == b""
    assert decode_base64_line(b"AGE=") == b"\0a"
    for bad in (b"*", b"AGE", b"AG E=", b"AGE=\r", b"====", b"A" * (MAX_RESPONSE_LINE + 4)):
        with pytest.raises(BadBase64):
            decode_base64_line(bad)
    assert len(decode_base64_line(b"A" * MAX_RESPONSE_LINE)) == MAX_RESPONSE_LINE * 3 // 4  # RFC 4954 section 4.5


@given(st.binary(max_size=300))
def test_base64_round_trip(data):
    assert decode_base64_line(base64.b64encode(data)) == data


@given(
    st.sampled_from(sasl.MECHANISMS), st.none() | st.binary(max_size=60), st.lists(st.binary(max_size=80), max_size=4)
)
def test_no_input_breaks_a_mechanism(name, initial, responses):
    mechanism = sasl.server(name, CONTEXT)
    step = mechanism.start(initial)
    for response in responses:
        if isinstance(step, sasl.NeedScramKeys):
            step = mechanism.provide(ScramKeys(b"salt", 4096, b"k" * 32, b"s" * 32))
        if not isinstance(step, Challenge):
            break
        step = mechanism.step(response)
    assert isinstance(step, sasl.Challenge | sasl.Done | sasl.Failed | sasl.NeedScramKeys)
