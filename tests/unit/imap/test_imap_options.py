"""What the settings choose of IMAP: UNAUTHENTICATE off, LITERAL- for LITERAL+, 8-bit headers; TLS that compresses."""

from dataclasses import replace

import pytest

from tests.conformance.actions import make_cast
from tests.conformance.conversation import TLS, Conversation

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = b"a LOGIN alice@mondomaine.fr user1\r\n"


@pytest.fixture
def talk():
    make_cast("alice")
    conversation = Conversation("imap")
    conversation.output.clear()
    conversation.send(LOGIN)
    yield conversation
    conversation.close()


def said(conversation, line=b""):
    """What the answer to `line` is, or what was not read yet."""
    if line:
        conversation.output.clear()
        conversation.send(line)
    return bytes(conversation.output)


def test_unauthenticate_can_be_switched_off(settings, talk):
    assert b" UNAUTHENTICATE" in said(talk)
    settings.IMAP_UNAUTHENTICATE = False
    assert b"UNAUTHENTICATE" not in said(talk, b"b CAPABILITY\r\n")
    assert said(talk, b"c UNAUTHENTICATE\r\n").startswith(b"c BAD ")
    assert b"d OK" in said(talk, b"d SELECT INBOX\r\n")


def test_literal_plus_and_literal_minus_are_never_announced_together(settings, talk):
    assert b"LITERAL+" in said(talk) and b"LITERAL-" not in said(talk)
    settings.IMAP_LITERAL_MINUS = True
    small = said(talk, b"b CAPABILITY\r\n")
    assert b"LITERAL-" in small and b"LITERAL+" not in small


@pytest.mark.parametrize(("size", "taken"), [(4096, True), (4097, False)])
def test_literal_minus_bounds_what_comes_unasked(settings, size, taken):
    settings.IMAP_LITERAL_MINUS = True
    make_cast("alice")
    talk = Conversation("imap")
    talk.send(LOGIN)
    answer = said(talk, b"b APPEND INBOX {%d+}\r\n%b\r\n" % (size, b"x" * size))
    assert answer.startswith(b"b OK [APPENDUID " if taken else b"* BYE [TOOBIG] ")
    assert talk.closed is not taken


def test_literal_minus_leaves_those_that_ask_alone(settings):
    settings.IMAP_LITERAL_MINUS = True
    make_cast("alice")
    talk = Conversation("imap")
    talk.send(LOGIN)
    assert said(talk, b"b APPEND INBOX {5000}\r\n").startswith(b"+ ")
    assert said(talk, b"x" * 5000 + b"\r\n").startswith(b"b OK ")


def test_old_mail_with_8_bit_headers_is_taken_unless_the_administrator_wants_the_letter_of_rfc_6855(settings, talk):
    command = b"b APPEND INBOX {19+}\r\nSubject: \xe9t\xe9\r\n\r\nx\r\n\r\n"
    assert said(talk, command).startswith(b"b OK [APPENDUID ")
    settings.IMAP_APPEND_8BIT_HEADERS = False
    assert said(talk, command).startswith(b"b NO [CANNOT] ")


def test_compression_is_not_offered_inside_tls_that_compresses(settings):
    make_cast("alice")
    talk = Conversation("imaps")
    talk.session.peer.tls = replace(TLS, compression="zlib compression")
    assert b"COMPRESS=" not in said(talk, b"z CAPABILITY\r\n")
    assert b"COMPRESS=" not in said(talk, LOGIN)
    assert said(talk, b"b COMPRESS DEFLATE\r\n").startswith(b"b NO [COMPRESSIONACTIVE] ")
