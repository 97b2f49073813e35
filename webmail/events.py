"""Server-sent events: a page hears that its account has changed, and asks for what is new.

A plain ASGI application: Django's own handler would hold a thread for every open stream. What it
sends is a hint without content ("change"); the page then fetches the same partials as ever, so
nothing has to be secret or complete here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.http import parse_cookie

from mailstore import feed, mailboxes
from security import web
from security.doors import WEB, Door

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT = 25.0  # seconds; proxies close a silent connection after 60
GATHER = 0.05  # seconds to wait for more changes before telling: a batch of mail is one event
RECHECK = 60.0  # seconds between looks at the session: a sign-out elsewhere ends the stream
RETRY = b"retry: 3000\n\n"  # milliseconds until the browser connects again
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def events_app(scope: Scope, receive: Receive, send: Send) -> None:
    """GET: the stream of the signed-in account; 403 without a session."""
    if scope["type"] != "http":
        return
    if scope.get("method") not in ("GET", "HEAD"):
        await _refuse(send, 405)
        return
    account_id = await _account_id(scope)
    if account_id is None:
        await _refuse(send, 403)
        return
    await _stream(account_id, scope, receive, send)


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def _account_id(scope: Scope) -> int | None:
    return await sync_to_async(_read_session, thread_sensitive=False)(scope)


def _read_session(scope: Scope) -> int | None:
    """The account of the session cookie, by the rules of security.web; on a thread of the pool."""
    cookie = b"; ".join(value for name, value in scope.get("headers", []) if name == b"cookie").decode("latin-1")
    name = settings.SESSION_COOKIE_NAME
    cookies = parse_cookie(cookie)
    encrypted = scope.get("scheme") == "https"
    key = cookies.get(f"__Host-{name}" if encrypted else name)
    if not key:
        return None
    remote = (scope.get("client") or ("", 0))[0]
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        account = web.find_session_account(session, Door(WEB, remote, encrypted=encrypted))
    finally:
        close_old_connections()
    return account.id if account else None


def _shared_mailboxes(account_id: int) -> list[int]:
    """Those of others that its page shows now; with a new page the stream begins anew."""
    try:
        return [box.id for box in mailboxes.list_mailboxes(account_id) if box.reader]
    finally:
        close_old_connections()


async def _stream(account_id: int, scope: Scope, receive: Receive, send: Send) -> None:
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def tell() -> None:
        loop.call_soon_threadsafe(changed.set)

    shared = await sync_to_async(_shared_mailboxes, thread_sensitive=False)(account_id)
    subscriptions = [feed.subscribe_account(account_id, tell)]
    subscriptions += [feed.subscribe_mailbox(mailbox_id, tell) for mailbox_id in shared]
    gone = asyncio.ensure_future(_until_gone(receive))  # one receive() for the whole stream
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": RETRY, "more_body": True})
        checked = time.monotonic()
        while await _wait(changed, gone):
            if time.monotonic() - checked > RECHECK:
                checked = time.monotonic()
                if await _account_id(scope) != account_id:
                    break
            body = b"event: change\ndata: \n\n" if changed.is_set() else b": still here\n\n"
            changed.clear()
            await send({"type": "http.response.body", "body": body, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        for unsubscribe in subscriptions:
            unsubscribe()
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait(changed: asyncio.Event, gone: "asyncio.Future[None]") -> bool:
    """Until something changed or it is time for a heartbeat; False when the browser has left."""
    waiter: asyncio.Future[Any] = asyncio.ensure_future(changed.wait())
    try:
        await asyncio.wait([waiter, gone], timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()
    if changed.is_set() and not gone.done():
        await asyncio.sleep(GATHER)
    return not gone.done()
