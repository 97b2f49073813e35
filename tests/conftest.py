"""Shared by all tests: the fixed cast (alice owns, bob shares, marie is the outsider, an admin)."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from directory import accounts, domains, freshness
from directory.accounts import AccountInfo
from mailstore import mailboxes, writer
from mailstore.mailboxes import MailboxInfo


@pytest.fixture(autouse=True)
def _nothing_kept_between_tests() -> Iterator[None]:
    """What the process keeps of the directory and the policy belongs to the test before."""
    freshness.forget_all()
    yield
    freshness.forget_all()


DOMAIN = "mondomaine.fr"


@pytest.fixture
def make_account(db: None) -> Callable[..., AccountInfo]:
    """make_account("alice", **changes): an account with its mailboxes; quick, for it has no password."""

    def make(name: str, **values: Any) -> AccountInfo:
        if domains.find_domain(DOMAIN) is None:
            domains.create_domain(DOMAIN)
        account = accounts.create_account(f"{name}@{DOMAIN}", **values)
        mailboxes.create_special_mailboxes(account.id)
        return account

    return make


@pytest.fixture
def alice(make_account: Callable[..., AccountInfo]) -> AccountInfo:
    return make_account("alice", display_name="Alice Martin")


@pytest.fixture
def bob(make_account: Callable[..., AccountInfo]) -> AccountInfo:
    return make_account("bob", display_name="Bob Durand")


@pytest.fixture
def marie(make_account: Callable[..., AccountInfo]) -> AccountInfo:
    return make_account("marie", display_name="Marie Lefèvre")


@pytest.fixture
def admin_account(make_account: Callable[..., AccountInfo]) -> AccountInfo:
    return make_account("admin", is_admin=True)


@pytest.fixture
def inbox(alice: AccountInfo) -> MailboxInfo:
    """alice's INBOX."""
    return mailboxes.get_mailbox(alice.id, "INBOX")


@pytest.fixture
def make_message() -> Callable[..., bytes]:
    """make_message("Salut !", "Salut Bob !", **fields): a small message, CRLF, UTF-8."""

    def make(subject: str = "Salut !", body: str = "Salut Bob !\r\n", **fields: str) -> bytes:
        lines = {"From": f"alice@{DOMAIN}", "To": f"bob@{DOMAIN}", "Subject": subject}
        lines |= {"Date": "Mon, 01 Jan 2024 12:00:00 +0000", "MIME-Version": "1.0"}
        lines |= {"Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}
        lines |= {name.replace("_", "-"): value for name, value in fields.items()}
        header = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return (header + "\r\n" + body).encode()

    return make


@pytest.fixture
def second_thread() -> Iterator[Callable[..., Future[Any]]]:
    """second_thread(function, *args): run it in a thread with its own database connection; a Future."""
    pools: list[ThreadPoolExecutor] = []

    def run(function: Callable[..., Any], *args: Any, **values: Any) -> Future[Any]:
        def and_close() -> Any:
            try:
                return function(*args, **values)
            finally:
                connection.close()

        pools.append(ThreadPoolExecutor(max_workers=1))
        return pools[-1].submit(and_close)

    yield run
    for pool in pools:
        pool.shutdown()


@pytest.fixture
def wait_for() -> Callable[..., None]:
    """wait_for(condition, seconds=5): poll until it is true; fails after the deadline."""

    def wait(condition: Callable[[], object], seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true in time"
            time.sleep(0.002)

    return wait


@pytest.fixture
def running_writer(transactional_db: None) -> Iterator[None]:
    """The group-commit writer, as in a mail worker. The test commits for real."""
    writer.start()
    yield
    writer.stop()
