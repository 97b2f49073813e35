"""Silence, slowness, too many connections, and the end of a service."""

import socket

import pytest

from protocols.runtime import limits
from tests.runtime.echo import read_all, read_line, serving, wait_for


def test_silence_ends_with_last_words():
    with serving(session={"seconds": 0.2}) as served, served.connect() as client:
        assert read_all(client) == b"hello clear\r\ntoo slow\r\n"
        wait_for(lambda: served.sessions[0].ended == 1)


def test_a_talking_client_is_not_silent():
    with serving(session={"seconds": 0.4}) as served, served.connect() as client:
        read_line(client)
        for _ in range(8):
            client.sendall(b"future a\r\n")
            assert read_line(client) == b"future a\r\n"
            wait_for(lambda: True)
        assert served.sessions[0].ended == 0


def test_state_with_a_shorter_time_out_counts_at_once():
    with serving(session={"seconds": 60.0}) as served, served.connect() as client:
        read_line(client)
        served.sessions[0].seconds = 0.2
        client.sendall(b"echo a\r\n")
        assert read_all(client) == b"echo a\r\ntoo slow\r\n"


def test_drip_feeding_is_cut(monkeypatch):
    monkeypatch.setattr(limits, "RATE_WINDOW", 0.3)
    with serving() as served, served.connect() as client:
        read_line(client)
        client.sendall(b"slowly 1000\r\n")
        assert read_line(client) == b"measuring\r\n"
        client.sendall(b"a few octets")
        assert read_all(client) == b"too slow\r\n"


def test_a_fast_enough_client_is_not_cut(monkeypatch):
    monkeypatch.setattr(limits, "RATE_WINDOW", 0.2)
    with serving() as served, served.connect() as client:
        read_line(client)
        client.sendall(b"slowly 10\r\n")
        read_line(client)
        ends = served.loop.time() + 0.7
        while served.loop.time() < ends:
            client.sendall(b"future a\r\n")
            assert read_line(client) == b"future a\r\n"
        assert served.sessions[0].ended == 0


def test_reader_that_takes_nothing_is_cut(monkeypatch):
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.4)
    with serving() as served, served.connect() as client:
        read_line(client)
        client.sendall(b"large 1000 100000\r\n")
        wait_for(lambda: served.listener.connections == 0)
        session = served.sessions[0]
        wait_for(lambda: session.ended == 1)
        assert session.pulled < 1000


def test_limit_of_the_service():
    with serving(max_connections=2) as served, served.connect() as first, served.connect() as second:
        read_line(first), read_line(second)
        with served.connect() as third:
            assert read_all(third) == b"refused: too many connections\r\n"
        first.close()
        wait_for(lambda: served.listener.connections == 1)
        with served.connect() as again:
            assert read_line(again) == b"hello clear\r\n"


def test_limit_of_one_address():
    with serving(max_per_address=1) as served, served.connect() as first:
        read_line(first)
        with served.connect() as second:
            assert read_all(second) == b"refused: too many connections from your address\r\n"
        with served.connect(source_address=("127.0.0.2", 0)) as neighbour:
            assert read_line(neighbour) == b"hello clear\r\n"


def test_stop_says_farewell_and_finishes_what_was_begun():
    with serving() as served, served.connect() as idle, served.connect() as busy:
        read_line(idle), read_line(busy)
        busy.sendall(b"block\r\necho never\r\n")
        wait_for(lambda: any(session.threads for session in served.sessions))
        stopping = served.stop()
        assert read_all(idle) == b"farewell\r\n"
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", served.port), timeout=1).close()
        assert not stopping.done()
        served.gate.set()
        assert read_all(busy) == b"unblocked\r\nfarewell\r\n"
        stopping.result(5)
        wait_for(lambda: all(session.ended == 1 for session in served.sessions))


def test_stop_cuts_who_does_not_end():
    with serving() as served, served.connect() as client:
        read_line(client)
        client.sendall(b"large 1000 100000\r\n")
        session = served.sessions[0]
        wait_for(lambda: session.pulled > 3)
        served.stop(0.3).result(5)
        wait_for(lambda: session.ended == 1)
        assert session.pulled < 1000


def test_connections_are_recorded_with_their_facts():
    with serving() as served:
        with served.connect() as client:
            client.sendall(b"quit\r\n")
            read_all(client)
        connection, session = wait_for(lambda: served.ended and served.ended[0])
        assert connection.received == 6
        assert session.wire_facts().account == "alice@mondomaine.fr"
        assert session.peer.remote_address == "127.0.0.1"
