"""A wrong password earns a delay on the web too, and the thread that found it wrong is free meanwhile."""

import asyncio
import time

import pytest
from django.test import Client

from config import asgi
from security.errors import AuthenticationFailed
from security.web import ANSWER_AFTER


@pytest.mark.parametrize("path", ["/webmail/login/", "/admin/login/"])
def test_a_wrong_password_is_answered_after_its_delay(db: None, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    from adminconsole.views import signin
    from directory import site
    from security import authentication

    def refuse(*_arguments: object) -> None:
        raise AuthenticationFailed(2.5)

    site.mark_set_up()
    monkeypatch.setattr(authentication, "authenticate", refuse)
    monkeypatch.setattr(signin, "authenticate", refuse)
    answer = Client().post(path, {"address": "alice@mondomaine.fr", "password": "wrong"})
    assert answer.status_code == 422
    assert answer.headers[ANSWER_AFTER] == "2.500"
    assert ANSWER_AFTER not in Client().get(path).headers


def test_the_front_waits_and_takes_the_header_off() -> None:
    sent: list[tuple[float, dict]] = []

    async def send(message: dict) -> None:
        sent.append((time.monotonic(), message))

    async def answer(*headers: tuple[bytes, bytes]) -> float:
        began = time.monotonic()
        await asgi._unhurried(send)({"type": "http.response.start", "status": 422, "headers": list(headers)})
        return sent[-1][0] - began

    assert asyncio.run(answer((asgi.ANSWER_AFTER, b"0.2"), (b"x-other", b"1"))) >= 0.2
    assert sent[-1][1]["headers"] == [(b"x-other", b"1")]
    assert asyncio.run(answer((b"x-other", b"1"))) < 0.2
