"""What all tests of pages share."""

import pytest

from directory import freshness


@pytest.fixture(autouse=True)
def _kept_values_do_not_age(monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries are counted here: a slow machine must not add those that read the policy again. Changes still tell."""
    monkeypatch.setattr(freshness, "MAX_AGE", 3600.0)
