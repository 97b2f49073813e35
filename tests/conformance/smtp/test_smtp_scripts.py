"""The SMTP dialogues."""

from pathlib import Path

import pytest

from tests.conformance.runner import run, runs


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("case", "byte_by_byte"), runs(Path(__file__).parent))
def test_smtp_script(case, byte_by_byte):
    run(case, byte_by_byte=byte_by_byte)
