"""Log lines look like logging's own, whatever the shortcuts."""

import logging
import sys

from protocols.runtime.logs import LineFormatter

PLAIN = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


def _record(created: float, **more) -> logging.LogRecord:
    record = logging.makeLogRecord({"name": "delivery", "levelname": "INFO", "msg": "%s of %d", "args": ("one", 2)})
    record.created, record.msecs = created, (created % 1) * 1000
    record.__dict__.update(more)
    return record


def test_a_line_is_the_same_as_loggings_own():
    formatter = LineFormatter()
    for created in (1_795_000_000.0, 1_795_000_000.999, 1_795_000_001.25, 1_795_000_000.5):
        assert formatter.format(_record(created)) == PLAIN.format(_record(created))


def test_a_stack_is_kept():
    try:
        raise ValueError("broken")
    except ValueError:
        line = LineFormatter().format(_record(1_795_000_000.5, exc_info=sys.exc_info()))
    assert line.startswith(PLAIN.format(_record(1_795_000_000.5)))
    assert line.endswith("ValueError: broken")
