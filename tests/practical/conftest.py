"""Started servers for the steps of the practical, and browsers before them."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.practical.browser import Seats, chromium
from tests.practical.server import RunningServer, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The server that all tests share: they leave services, policy and certificates as they are."""
    with running_server(tmp_path_factory.mktemp("facteur")) as running:
        yield running


@pytest.fixture(scope="package")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that tests steer: what they change they put back."""
    with running_server(tmp_path_factory.mktemp("steered")) as running:
        yield running


# Not for the session: Playwright's event loop in this thread would forbid Django's ORM to the tests of other folders.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _seats(browser: Browser, server: RunningServer) -> Iterator[Seats]:
    seats = Seats(browser, server)
    yield seats
    seats.close()
    assert seats.complaints == [], "".join(server.output[-60:])


@pytest.fixture
def seats(browser: Browser, server: RunningServer) -> Iterator[Seats]:
    """Seats before the shared server."""
    yield from _seats(browser, server)


@pytest.fixture
def steering(browser: Browser, steered: RunningServer) -> Iterator[Seats]:
    """Seats before the server that may be changed."""
    yield from _seats(browser, steered)


@pytest.fixture
def tool() -> Callable[[str], str]:
    """The path of a program; the test is skipped with the reason where it is missing."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find
