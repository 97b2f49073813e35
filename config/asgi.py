"""The ASGI front: serves /events itself and hands everything else to Django's WSGI application in a few threads.

Django's own ASGI handler takes a thread for each open stream; a thousand pages that listen for new mail would be a
thousand threads. Here a stream is a task, and only requests that do something take one of WEB_THREADS.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

logger = logging.getLogger(__name__)

# Requests worked on at the same time by one web process: pages take milliseconds, and each thread keeps a database
# connection.
WEB_THREADS = 12
EVENTS_PATH = "/events"

# Loads the apps too. Any: a2wsgi and Django describe the same WSGI in types of their own.
pages: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=WEB_THREADS)

from mailstore import feed  # noqa: E402
from security import web  # noqa: E402
from webmail.events import events_app  # noqa: E402

ANSWER_AFTER = web.ANSWER_AFTER.lower().encode()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The one entry point."""
    if scope["type"] == "http":
        if scope["path"] == EVENTS_PATH:
            await events_app(scope, receive, send)
        else:
            await pages(scope, receive, _unhurried(send))
    elif scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})


def _unhurried(send: Send) -> Send:
    """Holds an answer back as long as it asks for (security.web.answer_after); its thread is free meanwhile."""

    async def held(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            asked = [value for name, value in message["headers"] if name == ANSWER_AFTER]
            if asked:
                message["headers"] = [pair for pair in message["headers"] if pair[0] != ANSWER_AFTER]
                await asyncio.sleep(float(asked[0]))
        await send(message)

    return held


async def _live(receive: Receive, send: Send) -> None:
    """The change feed runs as long as the process serves."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            feed.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            feed.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
