"""Spooled octets read back the same, in memory or not."""

import pytest

from protocols.wirekit.spool import Spool, Stretch


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


@pytest.mark.parametrize("memory", [4, 1_000_000])
def test_stretches_share_a_spool(memory):
    spool = Spool(memory)
    spool.write(b"one two ")
    one, two = Stretch(spool, 0, 3), Stretch(spool, 4, 3)
    assert two.getvalue() == b"two"
    spool.write(b"three")
    three, none = Stretch(spool, 8, 5), Stretch(spool, 13, 0)
    assert [stretch.getvalue() for stretch in (one, two, three, none)] == [b"one", b"two", b"three", b""]
    assert list(three.chunks(2)) == [b"th", b"re", b"e"]
    assert list(none.chunks()) == []
    assert [len(three), len(none)] == [5, 0]
    one.close()
    two.close()
    with pytest.raises(ValueError, match="closed"):
        spool.write(b"four")
