"""DIGEST-MD5 against RFC 2831 section 4, and what must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import sasl
from protocols.sasl import Challenge, DigestKeys, Done, Failed, NeedDigestKeys, SaslContext, digest_md5, directives
from tests.conformance.challenges import digest_response, digest_value

HOST = "elwood.innosoft.com"
NONCE = "OA6MG9tEQGm2hh"
# The IMAP4 example of section 4.
RESPONSE = (
    b'charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,'
    b'cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",'
    b"response=d388dad90d4bbd760a152321f2143af7,qop=auth"
)
KEPT = digest_md5.keys_from_password("chris", HOST, "secret")


def started(**context):
    values = {"nonce_source": lambda: NONCE, "service": "imap"} | context
    mechanism = sasl.server("DIGEST-MD5", SaslContext(HOST, **values))
    return mechanism, mechanism.start(None)


def test_the_example_of_the_rfc():
    mechanism, challenge = started()
    assert challenge == Challenge(
        b'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",charset=utf-8,algorithm=md5-sess'
    )
    assert mechanism.step(RESPONSE) == NeedDigestKeys("chris", HOST)
    done = mechanism.provide(digest_md5.split_keys(KEPT))
    assert isinstance(done, Done)
    assert done.final == b"rspauth=ea40f60335c427b5527b84dbabcdfffd"
    assert digest_md5.verify(KEPT, done.proof)
    assert not digest_md5.verify(digest_md5.keys_from_password("chris", HOST, "secreT"), done.proof)


def test_who_does_not_prove_the_hash_learns_nothing_of_it():
    """The mechanism ends the same way; authenticate() then says no, and `final` is not sent."""
    mechanism, _ = started()
    mechanism.step(RESPONSE)
    done = mechanism.provide(DigestKeys((b"x" * 16,)))
    assert isinstance(done, Done)
    assert done.final != b"rspauth=ea40f60335c427b5527b84dbabcdfffd"
    assert not digest_md5.verify(b"x" * 16, done.proof)


@pytest.mark.parametrize("user", ["élodie@mondomaine.fr", "alice@mondomaine.fr", "alice"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("secret", ["café", "user1", "密码"])
def test_every_way_to_write_a_name_and_to_hash_it(user, charset, secret):
    """RFC 2831 section 2.1.2.1 hashes Latin-1 where it can; curl and Perl hash the UTF-8 that they were given."""
    address = user if "@" in user else f"{user}@mondomaine.fr"
    kept = digest_md5.keys_from_password(address, HOST, secret)
    mechanism, challenge = started()

    def hashed(text):
        try:
            return text.encode(charset)
        except UnicodeEncodeError:
            return text.encode()

    value = digest_value(challenge.data, hashed(user), hashed(secret), b"imap/" + HOST.encode())
    said = digest_response(challenge.data, user.encode(), b"", b"imap/" + HOST.encode())
    said = said.replace(digest_value(challenge.data, user.encode(), b"", b"imap/" + HOST.encode()), value)
    step = mechanism.step(said)
    assert step == NeedDigestKeys(user, HOST)
    assert digest_md5.verify(kept, mechanism.provide(digest_md5.split_keys(kept)).proof)


def test_an_authorization_identity_is_hashed_and_handed_on():
    mechanism, _ = started()
    step = mechanism.step(RESPONSE + b',authzid="chris"')
    assert isinstance(step, NeedDigestKeys)
    proof = mechanism.provide(digest_md5.split_keys(KEPT)).proof
    assert proof.authzid == "chris"
    assert not digest_md5.verify(KEPT, proof)  # the response of the example was computed without one


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'username="chris",', b""),
        (b'username="chris"', b'username=""'),
        (b'username="chris"', b'username="\xff"'),
        (b'realm="elwood.innosoft.com",', b""),
        (b'realm="elwood.innosoft.com"', b'realm="elsewhere.example"'),
        (b"OA6MG9tEQGm2hh", b"OA6MG9tEQGm2hi"),
        (b"nc=00000001,", b""),
        (b"nc=00000001", b"nc=00000002"),  # subsequent authentication (section 2.2) is not offered
        (b'cnonce="OA6MHXh6VqTrRk",', b""),
        (b'digest-uri="imap/elwood.innosoft.com",', b""),
        (b"imap/elwood", b"smtp/elwood"),  # meant for another service
        (b"imap/elwood.innosoft.com", b"imap"),
        (b"imap/elwood.innosoft.com", b"imap/"),
        (b"d388dad90d4bbd760a152321f2143af7", b"D388DAD90D4BBD760A152321F2143AF7"),
        (b"d388dad90d4bbd760a152321f2143af7", b"d388"),
        (b"qop=auth", b"qop=auth-int"),
        (b"charset=utf-8", b"charset=iso-8859-15"),
        (b"qop=auth", b"qop=auth,qop=auth"),
        (b"qop=auth", b'qop="auth'),
        (b"qop=auth", b"qop"),
        (b"qop=auth", b"qop=auth,x=" + b"y" * 4096),
    ],
)
def test_a_response_that_is_not_right(old, new):
    mechanism, _ = started()
    assert old in RESPONSE
    assert isinstance(mechanism.step(RESPONSE.replace(old, new)), Failed)


def test_out_of_turn():
    mechanism, _ = started()
    assert isinstance(mechanism.provide(digest_md5.split_keys(KEPT)), Failed)
    assert isinstance(started()[0].start(b"x"), Failed)
    mechanism.step(RESPONSE)
    assert isinstance(mechanism.step(RESPONSE), Failed)
    assert isinstance(mechanism.provide(sasl.ScramKeys(b"", 1, b"", b"")), Failed)


def test_directives():
    assert directives.parse(b'A = "b\\"c" ,, d=e\r\n ,') == {"a": b'b"c', "d": b"e"}
    assert directives.quote('a"b\\') == '"a\\"b\\\\"'


@given(st.binary(max_size=200))
def test_any_bytes(data):
    mechanism, _ = started()
    assert isinstance(mechanism.step(data), Failed)
