"""Server-sent events: the page hears of a change within a moment, and nobody else does."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from directory.accounts import AccountInfo
from mailstore import append, feed, mailboxes
from mailstore.append import NewMessage
from webmail.events import events_app

DEADLINE = 5.0  # seconds; a change is told within 0.15


@pytest.fixture
def running_feed(transactional_db: None) -> Iterator[None]:
    feed.start()
    yield
    feed.stop()


class Browser:
    """One open stream."""

    def __init__(self, cookie: str = "", method: str = "GET", scheme: str = "http") -> None:
        headers = [(b"cookie", cookie.encode())] if cookie else []
        self.scope = {"type": "http", "method": method, "path": "/events", "scheme": scheme, "headers": headers}
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.leaves = asyncio.Event()
        self.receiving = 0

    async def receive(self) -> dict[str, Any]:
        self.receiving += 1
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def run(self) -> None:
        await events_app(self.scope, self.receive, self.sent.put)  # type: ignore[arg-type]

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.sent.get(), DEADLINE)


def cookie_of(client: Client) -> str:
    return f"facteur_session={client.cookies['facteur_session'].value}"


def deliver(account: AccountInfo, data: bytes) -> None:
    try:
        inbox = mailboxes.get_mailbox(account.id, "INBOX")
        append.append_messages(account.id, inbox.id, [NewMessage(data)])
    finally:
        connections.close_all()


def run_in(coroutine: Callable[[], Any]) -> Any:
    """Runs it, and closes the database connections of the threads it used."""
    return asyncio.run(coroutine())


def test_a_change_is_told_and_the_stream_ends_with_the_browser(
    running_feed: None, alice: AccountInfo, web: Client, make_message: Callable[..., bytes]
) -> None:
    async def story() -> None:
        browser = Browser(cookie_of(web))
        stream = asyncio.ensure_future(browser.run())
        start = await browser.next()
        assert start["status"] == 200
        assert dict(start["headers"])[b"content-type"].startswith(b"text/event-stream")
        assert (await browser.next())["body"].startswith(b"retry:")
        await sync_to_async(deliver, thread_sensitive=False)(alice, make_message())
        assert (await browser.next())["body"] == b"event: change\ndata: \n\n"
        browser.leaves.set()
        await asyncio.wait_for(stream, DEADLINE)
        assert browser.receiving == 1, "one receive() for the whole stream"

    run_in(story)


def test_others_hear_nothing(
    running_feed: None, alice: AccountInfo, outsider: Client, marie: AccountInfo, make_message: Callable[..., bytes]
) -> None:
    async def story() -> None:
        browser = Browser(cookie_of(outsider))
        stream = asyncio.ensure_future(browser.run())
        await browser.next()
        await browser.next()
        await sync_to_async(deliver, thread_sensitive=False)(alice, make_message())
        await sync_to_async(deliver, thread_sensitive=False)(marie, make_message())
        assert (await browser.next())["body"] == b"event: change\ndata: \n\n"
        browser.leaves.set()
        await asyncio.wait_for(stream, DEADLINE)
        assert browser.sent.empty(), "one change of one's own, one event"

    run_in(story)


@pytest.mark.parametrize("cookie", ["", "facteur_session=unknown", "facteur_session=\xff;;=", "x=y"])
def test_without_a_session_there_is_no_stream(transactional_db: None, cookie: str) -> None:
    async def story() -> int:
        browser = Browser()
        browser.scope["headers"] = [(b"cookie", cookie.encode("latin-1"))]
        await browser.run()
        return int((await browser.next())["status"])

    assert run_in(story) == 403


def test_only_get_and_only_the_cookie_of_the_scheme(transactional_db: None, web: Client) -> None:
    async def status(**values: str) -> int:
        browser = Browser(cookie_of(web), **values)
        await browser.run()
        return int((await browser.next())["status"])

    assert run_in(lambda: status(method="POST")) == 405
    assert run_in(lambda: status(scheme="https")) == 403
