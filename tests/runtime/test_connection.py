"""Requests, answers, order and failures on real sockets."""

import asyncio
import socket
import struct

import pytest

from tests.runtime.echo import read_all, read_line, serving, wait_for


@pytest.fixture(params=["uvloop", "asyncio"])
def served(request):
    options = {} if request.param == "uvloop" else {"loop": asyncio.new_event_loop()}
    with serving(**options) as served:
        yield served


def test_greeting_request_and_quit(served):
    with served.connect() as client:
        assert read_line(client) == b"hello clear\r\n"
        client.sendall(b"echo a\r\n")
        assert read_line(client) == b"echo a\r\n"
        client.sendall(b"quit\r\n")
        assert read_all(client) == b"bye\r\n"
    session = served.sessions[0]
    wait_for(lambda: session.ended == 1)
    assert session.threads[0].startswith("test-database")
    assert session.threads[1] == "test-loop"


def test_pipelined_requests_are_answered_in_order(served):
    lines = [(b"inline %d" if number % 3 else b"echo %d") % number for number in range(500)]
    with served.connect() as client:
        client.sendall(b"".join(line + b"\r\n" for line in lines) + b"quit\r\n")
        assert read_all(client) == b"hello clear\r\n" + b"".join(line + b"\r\n" for line in lines) + b"bye\r\n"


def test_one_octet_at_a_time(served):
    with served.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for octet in b"echo a\r\nwait\r\ninline b\r\nquit\r\n":
            client.send(bytes([octet]))
        assert read_all(client) == b"hello clear\r\necho a\r\n+ go on\r\ninline b\r\nbye\r\n"


def test_exception_is_answered_and_the_connection_survives(served, caplog):
    with served.connect() as client:
        client.sendall(b"fail now\r\necho still here\r\n")
        assert [read_line(client) for _ in range(3)] == [b"hello clear\r\n", b"try later\r\n", b"echo still here\r\n"]
    assert "secret b'now'" in caplog.text
    assert "Traceback" in caplog.text


def test_large_answer_that_breaks_off(served):
    with served.connect() as client:
        client.sendall(b"halfway\r\necho on\r\n")
        assert [read_line(client) for _ in range(4)][1:] == [b"one\r\n", b"try later\r\n", b"echo on\r\n"]


def test_broken_framer_ends_the_connection_politely(served):
    with served.connect() as client:
        client.sendall(b"broken framer\r\n")
        assert read_all(client) == b"hello clear\r\ntry later\r\n"


def test_future_holds_the_order_but_no_thread(served):
    clients = [served.connect() for _ in range(20)]  # more than there are threads
    for client in clients:
        client.sendall(b"future a\r\necho b\r\nbroken\r\nquit\r\n")
    for client in clients:
        assert read_all(client) == b"hello clear\r\nfuture a\r\necho b\r\ntry later\r\nbye\r\n"
        client.close()


def test_end_of_input_after_a_request_is_still_answered(served):
    with served.connect() as client:
        client.sendall(b"echo a\r\nhalf a li")
        client.shutdown(socket.SHUT_WR)
        assert read_all(client) == b"hello clear\r\necho a\r\necho \r\n"


def test_session_closes_after_its_request_when_the_client_vanishes(served):
    client = served.connect()
    read_line(client)
    client.sendall(b"block\r\n")
    session = wait_for(lambda: served.sessions and served.sessions[0])
    wait_for(lambda: session.threads)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close() resets
    client.close()
    wait_for(lambda: served.listener.connections == 0)
    assert session.ended == 0
    served.gate.set()
    wait_for(lambda: session.ended == 1)
