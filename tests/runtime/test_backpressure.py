"""Slow readers and eager writers: bounded memory, and no dead-lock."""

import socket

from protocols.runtime import limits
from tests.runtime.echo import read_all, read_line, serving, wait_for


def test_slow_reader_stops_the_making_of_a_large_answer():
    with serving() as served, served.connect() as client:
        assert read_line(client) == b"hello clear\r\n"
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        size, count = 100_000, 400
        client.sendall(b"large %d %d\r\nquit\r\n" % (count, size))
        session = served.sessions[0]
        wait_for(lambda: session.pulled > 3)
        stalled = wait_for(lambda: _stands_still(session))
        # What is made ahead: the batch, the transport's buffer and the kernel's (which grows to a few MB on loopback).
        assert stalled * size < 12_000_000
        data = read_all(client)
        assert data == b"large\r\n" + b"x" * (size * count) + b"\r\nbye\r\n"
        assert session.pulled == count


def _stands_still(session) -> int:
    """How many batches were pulled, once that number no longer changes for a while."""
    seen = session.pulled
    try:
        wait_for(lambda: session.pulled != seen, 0.3)
    except AssertionError:
        return seen
    return 0


def test_client_that_writes_everything_before_it_reads_anything():
    """mbsync pipelines; both sides' buffers are smaller than what is asked and answered."""
    lines = b"".join(b"echo %s\r\n" % (b"y" * 200) for _ in range(20_000))
    with serving() as served, served.connect() as client:
        client.settimeout(20)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        # As much as is read ahead must go through without reading a single octet.
        client.sendall(lines[: limits.INPUT_AHEAD])
        assert read_line(client) == b"hello clear\r\n"
        rest = lines[limits.INPUT_AHEAD :]
        client.setblocking(False)
        got = bytearray()
        while rest or len(got) < len(lines):
            if rest:
                try:
                    rest = rest[client.send(rest) :]
                except BlockingIOError:
                    pass
            try:
                got += client.recv(1 << 16)
            except BlockingIOError:
                pass
        assert bytes(got) == lines


def test_reading_pauses_while_a_request_lasts():
    with serving() as served, served.connect() as client:
        read_line(client)
        client.sendall(b"block\r\n")
        wait_for(lambda: served.sessions and served.sessions[0].threads)
        client.settimeout(0.5)
        sent = 0
        try:
            while sent < 64_000_000:
                sent += client.send(b"echo z\r\n" * 8192)
        except TimeoutError:
            pass
        # Our bound plus the kernel's buffers of both ends (6 MB at most each by Linux's defaults), not 64 MB.
        assert sent < 20_000_000
        served.gate.set()
        client.settimeout(10)
        assert read_line(client) == b"unblocked\r\n"
        assert read_line(client) == b"echo z\r\n"


def test_one_greedy_connection_does_not_starve_another():
    with serving() as served, served.connect() as greedy, served.connect() as other:
        read_line(greedy), read_line(other)
        greedy.setblocking(False)
        try:
            for _ in range(200):
                greedy.send(b"inline a\r\n" * 10_000)
        except BlockingIOError:
            pass
        other.sendall(b"inline b\r\n")
        other.settimeout(5)
        assert read_line(other) == b"inline b\r\n"
