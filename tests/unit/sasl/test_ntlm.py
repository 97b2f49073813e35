"""NTLM against the values of [MS-NLMP] section 4.2, and what must be refused."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import sasl
from protocols.sasl import Challenge, Done, Failed, NtlmProof, SaslContext, ntlm, ntlm_messages
from tests.conformance.challenges import authenticate_message, ntlm1_response, ntlm2_response

# Section 4.2.1.
PASSWORD, USER, DOMAIN = "Password", "User", "Domain"
CHALLENGE = bytes.fromhex("0123456789abcdef")
HASH = ntlm.nt_hash(PASSWORD)
NEGOTIATE = b"NTLMSSP\0" + struct.pack("<II16x", 1, 0xB207)


def proof(response, client_challenge=b"", user=USER):
    return NtlmProof(user, user, DOMAIN, CHALLENGE, client_challenge, response)


def test_the_nt_hash():
    assert HASH.hex() == "a4f49c406510bdcab6824ee7c30fd852"  # section 4.2.2.1.2


def test_version_1():
    right = bytes.fromhex("67c43011f30298a2ad35ece64f16331c44bdbed927841f94")  # section 4.2.2.2.1
    assert proof(right).is_version_1
    assert ntlm.verify(HASH, proof(right))
    assert ntlm1_response(HASH, CHALLENGE) == right
    assert not ntlm.verify(ntlm.nt_hash("password"), proof(right))
    assert not ntlm.verify(HASH, proof(right[:-1] + b"x"))


def test_version_1_with_extended_session_security():
    right = bytes.fromhex("7537f803ae367128ca458204bde7caf81e97ed2683267232")  # section 4.2.3.2.2
    assert ntlm.verify(HASH, proof(right, b"\xaa" * 8))
    assert not ntlm.verify(HASH, proof(right))


def test_version_2():
    information = bytes.fromhex("02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000")[:36]
    right = ntlm2_response(HASH, USER, DOMAIN, CHALLENGE, information)
    assert right[:16].hex() == "68cd0ab851e51c96aabc927bebef6a1c"  # section 4.2.4.2.2
    assert not proof(right).is_version_1
    assert ntlm.verify(HASH, proof(right))
    assert ntlm.verify(HASH, proof(right, user="uSER"))  # the case of the user does not count
    assert not ntlm.verify(HASH, proof(right[:-1] + b"\x01"))
    assert not ntlm.verify(ntlm.nt_hash("Password1"), proof(right))


def exchange(message, negotiate=NEGOTIATE, hostname="mailhost.mondomaine.fr"):
    mechanism = sasl.server("NTLM", SaslContext(hostname))
    assert mechanism.start(None) == Challenge(b"")
    challenge = mechanism.step(negotiate)
    assert isinstance(challenge, Challenge)
    return mechanism.step(message(challenge.data) if callable(message) else message)


def test_a_whole_exchange():
    def answer(challenge):
        assert challenge[:12] == b"NTLMSSP\0" + struct.pack("<I", 2)
        length, _, offset = struct.unpack_from("<HHI", challenge, 12)
        assert challenge[offset : offset + length].decode("utf-16-le") == "mailhost.mondomaine.fr"
        response = ntlm1_response(HASH, challenge[24:32])
        return authenticate_message(USER, "", response, response)

    done = exchange(answer)
    assert isinstance(done, Done)
    assert done.final == b""
    assert ntlm.verify(HASH, done.proof)


@pytest.mark.parametrize(
    ("user", "domain", "authcid"),
    [
        ("alice@mondomaine.fr", "mailhost.mondomaine.fr", "alice@mondomaine.fr"),
        ("alice@mondomaine.fr", "", "alice@mondomaine.fr"),
        ("alice", "mondomaine.fr", "alice@mondomaine.fr"),  # fetchmail and libntlm cut the address at the @
        ("alice", "MAILHOST.mondomaine.fr", "alice"),
        ("alice", "MONDOMAINE", "alice"),
        ("alice", "", "alice"),
    ],
)
def test_whom_the_message_means(user, domain, authcid):
    done = exchange(authenticate_message(user, domain, bytes(24), bytes(24)))
    assert done.proof.authcid == authcid


def test_the_initial_response_may_be_the_first_message():
    mechanism = sasl.server("NTLM", SaslContext("h.example"))
    assert isinstance(mechanism.start(NEGOTIATE), Challenge)
    assert sasl.server("NTLM", SaslContext("h.example")).start(b"") == Challenge(b"")


def test_an_old_client_speaks_its_own_charset():
    done = exchange(
        authenticate_message("élodie", "", bytes(24), bytes(24), flags=2),
        negotiate=b"NTLMSSP\0" + struct.pack("<II", 1, 0x202),
    )
    assert done.proof.user == "élodie"


def test_extended_session_security_only_where_both_sides_want_it():
    lm = b"\xbb" * 8 + bytes(16)
    flags = 1 | ntlm_messages.EXTENDED_SESSION_SECURITY
    wanted = b"NTLMSSP\0" + struct.pack("<II", 1, 0x201 | ntlm_messages.EXTENDED_SESSION_SECURITY)
    message = authenticate_message(USER, "", lm, bytes(24), flags)
    assert exchange(message, wanted).proof.client_challenge == b"\xbb" * 8
    assert exchange(message).proof.client_challenge == b""


GOOD = authenticate_message(USER, DOMAIN, bytes(24), bytes(24))


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"NTLMSSP\0",
        NEGOTIATE,
        GOOD[:51],
        b"X" + GOOD[1:],
        authenticate_message("", DOMAIN, bytes(24), bytes(24)),
        authenticate_message(USER, DOMAIN, bytes(24), b""),  # only an LM response, or anonymous
        authenticate_message(USER, DOMAIN, bytes(24), bytes(23)),
        authenticate_message(USER, DOMAIN, bytes(24), bytes(40)),
        GOOD[:-1],  # a field that points outside
        GOOD[:36] + struct.pack("<HHI", 3, 3, 64) + GOOD[44:],  # half of a character
        GOOD + bytes(9000),
    ],
)
def test_a_last_message_that_is_not_right(message):
    assert isinstance(exchange(message), Failed)


@pytest.mark.parametrize("message", [b"NTLMSSP\0\1\0\0\0", b"NTLMSSP", GOOD])
def test_a_first_message_that_is_not_right(message):
    assert isinstance(sasl.server("NTLM", SaslContext("h")).start(message), Failed)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    assert isinstance(exchange(b"NTLMSSP\0\3\0\0\0" + data), Failed | Done)
