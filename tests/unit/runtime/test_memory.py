"""What threads allocated for a moment is given back to the system."""

import subprocess
import sys

import pytest

# Eight threads that stay, each of which hashed one password (19 MiB): the growth of the process in MiB.
PROGRAM = """
import pathlib, sys, threading
from argon2.low_level import Type, hash_secret
from protocols.runtime.memory import spare_memory

def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

def hash_and_stay():
    hash_secret(b"password", b"some salt of mine", 1, 19 * 1024, 1, 32, Type.ID)
    hashed.release()
    over.wait()

if sys.argv[1] == "spare":
    spare_memory()
hashed, over = threading.Semaphore(0), threading.Event()
before = resident()
for _ in range(8):
    threading.Thread(target=hash_and_stay).start()
    hashed.acquire()
print(resident() - before)
over.set()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc; the options are glibc's")
def test_a_hash_leaves_no_memory_with_its_thread():
    grown = {
        how: float(subprocess.check_output([sys.executable, "-c", PROGRAM, how], text=True, timeout=60))
        for how in ("spare", "keep")
    }
    assert grown["spare"] < 19  # less than one hash
    assert grown["keep"] > 2 * 19, "glibc keeps it no more by itself: spare_memory() may go"
