"""IDLE asks the runtime to be woken for its mailbox, also while that is empty."""

import pytest

from tests.conformance.actions import account, make_cast
from tests.conformance.conversation import Conversation


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opening", [b"s SELECT INBOX\r\n", b"s EXAMINE INBOX\r\n"])
def test_an_empty_mailbox_is_watched(opening):
    make_cast("alice")
    talk = Conversation("imap")
    talk.send(b"a LOGIN alice@mondomaine.fr user1\r\n" + opening)
    talk.session.framer.feed(b"i IDLE\r\n")
    idle = talk.session.handle(talk.session.framer.next_event())
    assert idle.watch == (talk.session.selected.mailbox_id,)
    talk.session.framer.feed(b"DONE\r\n")
    assert talk.session.handle(talk.session.framer.next_event()).watch == ()
    assert talk.session.account_id == account("alice").id
