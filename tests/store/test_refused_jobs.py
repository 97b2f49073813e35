"""A job that is refused says so as it was raised."""

import pytest

from directory.errors import NameTaken
from mailstore import transactions, writer

pytestmark = pytest.mark.django_db(transaction=True)


def refuse() -> None:
    raise NameTaken("taken")


def test_a_refusal_is_not_its_own_cause() -> None:
    """Raised from itself, an error has no last cause: the search for it hung, and with it the command."""
    with pytest.raises(NameTaken) as refusal:
        transactions._transact_once(refuse)
    assert refusal.value.__cause__ is None
    assert not transactions.is_lost_lock(refusal.value)


@pytest.mark.parametrize("with_thread", [False, True])
def test_it_reaches_who_asked(with_thread: bool) -> None:
    if with_thread:
        writer.start()
    try:
        with pytest.raises(NameTaken):
            writer.write(refuse)
        with pytest.raises(NameTaken):
            writer.submit(refuse).result(30)
    finally:
        writer.stop()
