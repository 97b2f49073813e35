"""SCRAM-SHA-256, SCRAM-SHA-1 and -PLUS over SMTP and POP3, with a client written from RFC 5802 (and RFC 4954)."""

import base64
import dataclasses
import hashlib
import hmac

import pytest

from directory.domains import create_domain
from directory.freshness import forget_all
from mailstore.accounts import create_account
from security.policy_changes import set_mechanisms
from tests.conformance import conversation as conversation_module
from tests.conformance.conversation import TLS, Conversation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    forget_all()
    create_domain("mondomaine.fr")
    return create_account("alice@mondomaine.fr", "user1")


class ScramClient:
    """RFC 5802 section 3, in its own words."""

    def __init__(self, gs2: str, binding: bytes, password: str, hash_name: str = "sha256") -> None:
        self.gs2, self.binding, self.password, self.hash_name = gs2, binding, password, hash_name
        self.bare = "n=alice@mondomaine.fr,r=clientnonce"
        self.expected = ""

    def get_client_first(self) -> str:
        return self.gs2 + self.bare

    def set_server_first(self, text: str) -> None:
        self.server_first = text
        fields = dict(field.split("=", 1) for field in text.split(","))
        salt = base64.b64decode(fields["s"])
        self.salted = hashlib.pbkdf2_hmac(self.hash_name, self.password.encode(), salt, int(fields["i"]))
        self.without = f"c={base64.b64encode(self.gs2.encode() + self.binding).decode()},r={fields['r']}"

    def get_client_final(self) -> str:
        message = f"{self.bare},{self.server_first},{self.without}".encode()
        key = hmac.digest(self.salted, b"Client Key", self.hash_name)
        signature = hmac.digest(hashlib.new(self.hash_name, key).digest(), message, self.hash_name)
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        server = hmac.digest(hmac.digest(self.salted, b"Server Key", self.hash_name), message, self.hash_name)
        self.expected = "v=" + base64.b64encode(server).decode()
        return f"{self.without},p={base64.b64encode(proof).decode()}"

    def set_server_final(self, text: str) -> None:
        assert text == self.expected


def client(mechanism: str, password: str) -> ScramClient:
    hash_name = "sha1" if "SHA-1" in mechanism else "sha256"
    if mechanism.endswith("-PLUS"):
        assert TLS.server_end_point is not None
        return ScramClient("p=tls-server-end-point,,", TLS.server_end_point, password, hash_name)
    return ScramClient("n,,", b"", password, hash_name)


def encode(text: str) -> bytes:
    return base64.b64encode(text.encode())


def ask(conversation: Conversation, line: bytes) -> tuple[str, str]:
    """Send a line; the first word of the answer and the rest (decoded for a challenge)."""
    conversation.output.clear()
    conversation.send(line + b"\r\n")
    answer = conversation.take_line()
    assert answer is not None
    word, _, rest = answer.decode().partition(" ")
    return word, base64.b64decode(rest).decode() if word in ("334", "+") else rest


@pytest.mark.parametrize(("service", "go_on", "done"), [("smtps", "334", "235"), ("pop3s", "+", "+OK")])
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"])
@pytest.mark.parametrize("byte_by_byte", [False, True])
def test_scram(alice, service, go_on, done, mechanism, byte_by_byte):
    conversation = Conversation(service, byte_by_byte=byte_by_byte)
    if service == "smtps":
        ask(conversation, b"EHLO exemple.org")
    scram = client(mechanism, "user1")
    word, challenge = ask(conversation, f"AUTH {mechanism} ".encode() + encode(scram.get_client_first()))
    assert word == go_on
    scram.set_server_first(challenge)
    word, final = ask(conversation, encode(scram.get_client_final()))
    # The server's proof comes as a challenge; the client answers with an empty line.
    assert word == go_on
    scram.set_server_final(final)
    assert ask(conversation, b"")[0] == done
    facts = conversation.session.wire_facts()
    assert (facts.account, facts.mechanism, facts.authenticated_in_clear) == ("alice@mondomaine.fr", mechanism, False)
    conversation.close()


def test_scram_with_a_wrong_password(alice):
    conversation = Conversation("smtps")
    ask(conversation, b"EHLO exemple.org")
    scram = client("SCRAM-SHA-256", "wrong")
    _, challenge = ask(conversation, b"AUTH SCRAM-SHA-256 " + encode(scram.get_client_first()))
    scram.set_server_first(challenge)
    assert ask(conversation, encode(scram.get_client_final()))[0] == "535"
    assert ask(conversation, b"MAIL FROM:<alice@mondomaine.fr>")[0] == "530"
    conversation.close()


def test_data_behind_the_end_of_the_exchange_is_refused(alice):
    conversation = Conversation("smtps")
    ask(conversation, b"EHLO exemple.org")
    scram = client("SCRAM-SHA-256", "user1")
    _, challenge = ask(conversation, b"AUTH SCRAM-SHA-256 " + encode(scram.get_client_first()))
    scram.set_server_first(challenge)
    ask(conversation, encode(scram.get_client_final()))
    assert ask(conversation, b"QUJD")[0] == "501"
    assert conversation.session.wire_facts().account == ""
    conversation.close()


@pytest.mark.parametrize("service", ["smtps", "pop3s", "imaps"])
def test_plus_is_neither_announced_nor_taken_where_nothing_binds(alice, monkeypatch, service):
    """TLS 1.3 under an Ed25519 certificate: RFC 5929 section 4.1 defines no tls-server-end-point there."""
    unbound = dataclasses.replace(TLS, server_end_point=None)
    assert not unbound.can_bind
    monkeypatch.setattr(conversation_module, "TLS", unbound)
    conversation = Conversation(service)
    conversation.output.clear()
    question = {"smtps": b"EHLO exemple.org", "pop3s": b"CAPA", "imaps": b"a CAPABILITY"}[service]
    conversation.send(question + b"\r\n")
    assert b"SCRAM-SHA-1" in conversation.output
    assert b"-PLUS" not in conversation.output
    conversation.output.clear()
    begin = {"smtps": b"AUTH", "pop3s": b"AUTH", "imaps": b"a AUTHENTICATE"}[service]
    conversation.send(begin + b" SCRAM-SHA-256-PLUS\r\n")
    assert conversation.take_line().split()[0 if service != "imaps" else 1] in (b"504", b"-ERR", b"NO")
    # A client that could bind says so ("y"), and is right that the server cannot: that is no attack.
    scram = ScramClient("y,,", b"", "user1")
    word, _ = ask(conversation, begin + b" SCRAM-SHA-256 " + encode(scram.get_client_first()))
    assert word in ("334", "+")
    conversation.close()


def test_a_plus_of_another_hash_is_no_reason_to_suspect(alice):
    """ "y" in SCRAM-SHA-256 is an attack only where SCRAM-SHA-256-PLUS was announced (RFC 5802 section 6)."""
    set_mechanisms(["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256"])
    conversation = Conversation("smtps")
    ask(conversation, b"EHLO exemple.org")
    assert ask(conversation, b"AUTH SCRAM-SHA-256 " + encode("y,,n=alice,r=abc"))[0] == "334"
    conversation.send(b"*\r\n")
    set_mechanisms(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"])
    assert ask(conversation, b"AUTH SCRAM-SHA-256 " + encode("y,,n=alice,r=abc"))[0] == "501"
    conversation.close()
