"""One started server for the steps of the practical."""

import shutil
from collections.abc import Iterator

import pytest

from tests.practical.server import RunningServer, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("facteur")) as running:
        yield running


@pytest.fixture
def tool():
    """The path of a program; the test is skipped with the reason where it is missing."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find
