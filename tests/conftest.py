"""Shared by all tests: the fixed cast (alice owns, bob shares, marie is the outsider, an admin)."""

from collections.abc import Iterator

import pytest

from directory import freshness


@pytest.fixture(autouse=True)
def _nothing_kept_between_tests() -> Iterator[None]:
    """What the process keeps of the directory and the policy belongs to the test before."""
    freshness.forget_all()
    yield
    freshness.forget_all()
