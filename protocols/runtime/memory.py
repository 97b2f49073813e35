"""The C library's memory: given back when it is free, not kept by every thread."""

import ctypes
import logging

# Parameters of glibc's mallopt(3).
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
# Octets from which a block is mapped by itself and unmapped when it is freed. By default glibc raises this to the
# largest block it has seen freed: after one Argon2id hash (19 MiB) each thread that ever hashed kept as much for good.
MAPPED_FROM = 4 * 1024 * 1024
# Heaps shared by all threads; they seldom allocate at the same time, for Python code runs on one at a time.
HEAPS = 2

_log = logging.getLogger(__name__)


def spare_memory() -> None:
    """Call before threads are started. Without glibc: nothing."""
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    for option, value in ((_M_MMAP_THRESHOLD, MAPPED_FROM), (_M_ARENA_MAX, HEAPS)):
        if not set_option(option, value):
            _log.warning("The C library refused its memory option %d", option)
