"""What somebody on the wire reads: a capture on the loopback interface by tshark."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CAUGHT_SECONDS = 20
MARKER_PORT = 9  # discard; a datagram that nobody takes still passes the interface


class Capture:
    """The octets that were seen, once the capture has ended."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.octets = b""

    def shows(self, text: str | bytes) -> bool:
        return (text.encode() if isinstance(text, str) else text) in self.octets

    def payload(self) -> bytes:
        """The TCP payloads in order, without the packets' headers between them."""
        done = subprocess.run(
            ["tshark", "-r", str(self.path), "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.payload"],
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        return b"".join(bytes.fromhex(line) for line in done.stdout.split())


def _mark(word: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(word, ("127.0.0.1", MARKER_PORT))
        except ConnectionRefusedError:
            pass  # the answer to the marker before this one


def _wait_until_caught(path: Path, word: bytes, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + CAUGHT_SECONDS
    while not (path.exists() and word in path.read_bytes()):
        if process.poll() is not None:
            reason = process.stderr.read().decode(errors="replace") if process.stderr else ""
            pytest.skip(f"tshark cannot capture on the loopback interface: {reason.strip()[-200:]}")
        assert time.monotonic() < deadline, f"the marker {word!r} was not captured"
        _mark(word)
        time.sleep(0.05)


@contextmanager
def capture(path: Path, *ports: int) -> Iterator[Capture]:
    """Capture the TCP ports between two markers, so that nothing is missed at either end."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    wanted = " or ".join(f"tcp port {port}" for port in ports)
    process = subprocess.Popen(
        ["tshark", "-q", "-i", "lo", "-f", f"{wanted} or udp port {MARKER_PORT}", "-w", str(path), "-F", "pcap"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    caught = Capture(path)
    try:
        _wait_until_caught(path, b"facteur-capture-begins", process)
        yield caught
        _wait_until_caught(path, b"facteur-capture-ends", process)
        caught.octets = path.read_bytes()
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr:
            process.stderr.close()
