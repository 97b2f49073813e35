"""After each store test the invariants are checked."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from directory.accounts import AccountInfo
from mailstore import append, mailboxes, writer
from mailstore.append import NewMessage
from mailstore.check import check_store
from mailstore.mailboxes import MailboxInfo


@pytest.fixture(autouse=True)
def _blobs_of_this_test(settings: object, tmp_path: Path) -> None:
    storages = dict(settings.STORAGES)  # type: ignore[attr-defined]
    options = {"location": str(tmp_path / "messages")}
    storages["messages"] = {"BACKEND": "mailstore.blobs.DurableFileStorage", "OPTIONS": options}
    settings.STORAGES = storages  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _invariants(request: pytest.FixtureRequest, _blobs_of_this_test: None) -> Iterator[None]:
    uses_database = {"db", "transactional_db"} & set(request.fixturenames)
    if uses_database:
        request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    yield
    if uses_database:
        assert check_store() == []


@pytest.fixture
def fill(make_message: Callable[..., bytes]) -> Callable[..., tuple[int, ...]]:
    """fill(mailbox, count, **append options): different messages; their UIDs."""

    def append_many(mailbox: MailboxInfo, count: int, **options: object) -> tuple[int, ...]:
        messages = [
            NewMessage(make_message(f"n° {index}", Message_ID=f"<{mailbox.uid_next}.{index}@x>"), **options)  # type: ignore[arg-type]
            for index in range(count)
        ]
        return append.append_messages(mailbox.account_id, mailbox.id, messages).uids

    return append_many


@pytest.fixture
def reload() -> Callable[[MailboxInfo], MailboxInfo]:
    """The mailbox as it is now."""
    return lambda mailbox: mailboxes.get_mailbox_by_id(mailbox.account_id, mailbox.id)


@pytest.fixture
def sent(alice: AccountInfo) -> MailboxInfo:
    return mailboxes.get_mailbox(alice.id, "Sent")


@pytest.fixture
def hold(running_writer: None) -> Iterator[Callable[[], threading.Event]]:
    """hold(): keeps the writer busy until the returned event is set; what is asked for meanwhile queues up."""
    events: list[threading.Event] = []

    def start() -> threading.Event:
        inside, event = threading.Event(), threading.Event()

        def wait() -> None:
            inside.set()
            event.wait(10)

        events.append(event)
        writer.submit(wait)
        assert inside.wait(5)
        return event

    yield start
    for event in events:
        event.set()
