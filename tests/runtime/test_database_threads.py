"""The database threads: their connections heal, and their work is spread sensibly."""

import threading
import time

import pytest
from django.db import connection

from protocols.models import Service
from protocols.runtime.threads import DatabaseThreads
from tests.runtime.echo import EchoSession, Reply, read_line, serving, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


class CountingSession(EchoSession):
    """Asks the database, and can break the connection under its own thread."""

    def do_count(self, rest: bytes) -> Reply:
        return Reply(b"count %d\r\n" % Service.objects.count())

    def do_cut(self, rest: bytes) -> Reply:
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        else:
            connection.connection.close()
        return Reply(b"cut\r\n")


def test_a_broken_database_connection_costs_one_temporary_failure():
    with serving(session=dict(vars(CountingSession))) as served, served.connect() as client:
        read_line(client)
        answers = []
        for line in (b"count", b"cut", b"count", b"count", b"count"):
            client.sendall(line + b"\r\n")
            answers.append(read_line(client))
    count = b"count %d\r\n" % Service.objects.count()
    assert answers[0] == count
    assert answers[1] in (b"cut\r\n", b"try later\r\n")  # PostgreSQL breaks the very query that asks for it
    assert answers[2] in (b"try later\r\n", count)
    assert answers[1:3].count(b"try later\r\n") == 1
    assert answers[3:] == [count, count]


def test_the_thread_that_rested_last_works_next():
    threads = DatabaseThreads(4, name="spread")
    try:
        seen = []
        for _ in range(20):
            done = threading.Event()
            threads.run(
                lambda: threading.current_thread().name,
                callback=lambda name, _, done=done: (seen.append(name), done.set()),
            )
            assert done.wait(5)
            wait_for(lambda: len(threads._resting) == 4)
        assert len(set(seen)) == 1
    finally:
        threads.stop()


def test_as_many_at_once_as_there_are_threads_then_a_queue():
    threads = DatabaseThreads(3, name="busy")
    gate, running, finished = threading.Event(), [], []
    try:
        for number in range(7):
            threads.run(
                lambda number=number: (running.append(number), gate.wait(10)),
                callback=lambda result, error, number=number: finished.append(number),
            )
        wait_for(lambda: len(running) == 3)
        time.sleep(0)
        assert len(running) == 3
        gate.set()
        wait_for(lambda: len(finished) == 7)
        assert sorted(running) == list(range(7))
    finally:
        gate.set()
        threads.stop()


def test_stop_finishes_what_was_queued():
    threads = DatabaseThreads(2, name="stop")
    finished = []
    for number in range(50):
        threads.run(lambda: None, callback=lambda result, error, number=number: finished.append(number))
    threads.stop()
    assert sorted(finished) == list(range(50))


def test_an_error_is_handed_to_the_callback():
    threads = DatabaseThreads(1, name="error")
    try:
        outcome = []
        threads.run(int, "x", callback=lambda result, error: outcome.append((result, type(error))))
        wait_for(lambda: outcome)
        assert outcome == [(None, ValueError)]
    finally:
        threads.stop()
