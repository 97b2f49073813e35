"""Spooled octets read back the same, in memory or not."""

import pytest

from protocols.wirekit.spool import Spool


@pytest.mark.parametrize("memory", [4, 1_000_000])
def test_what_was_written_is_read(memory):
    spool = Spool(memory)
    for piece in (b"one ", bytearray(b"two "), memoryview(b"three")):
        spool.write(piece)
    assert len(spool) == spool.size == 13
    assert spool.getvalue() == b"one two three"
    assert spool.head(5) == b"one t"
    assert list(spool.chunks(4)) == [b"one ", b"two ", b"thre", b"e"]
    assert spool.getvalue() == b"one two three"
    spool.close()
    spool.close()


def test_writing_goes_on_at_the_end_after_reading():
    spool = Spool()
    spool.write(b"abc")
    assert spool.head(1) == b"a"
    spool.write(b"def")
    assert spool.getvalue() == b"abcdef"
    spool.close()
