"""The lock of a maildrop between sessions and between processes: it never outlives who holds it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from directory.freshness import forget_all
from protocols.pop3 import exclusion, locks
from tests.architecture.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
ALICE, BOB = 7, 8

HOLD = """
import sys, django
from django.conf import settings
if len(sys.argv) > 1:
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from protocols.pop3 import locks
mine = object()
for number in (7, 8):
    print(locks.acquire(number, mine), flush=True)
    if number == 7:
        sys.stdin.readline()
        locks.release(7, mine)
        print("released", flush=True)
sys.stdin.readline()
"""


class Holder:
    """Another process that opens maildrops 7 and then 8."""

    def __init__(self):
        name = connections["default"].settings_dict["NAME"]
        words = [str(name)] if connections["default"].vendor == "postgresql" else []
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, *words], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings_test", "DATA_DIR": str(settings.DATA_DIR)},
        )  # fmt: skip

    def says(self):
        return self.process.stdout.readline().strip()

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def other():
    holder = Holder()
    yield holder
    holder.kill()


def test_one_session_at_a_time():
    one, two = object(), object()
    assert locks.acquire(ALICE, one)
    assert locks.acquire(ALICE, one)
    assert not locks.acquire(ALICE, two)
    assert locks.acquire(BOB, two)
    locks.release(ALICE, two)  # not the holder's
    assert not locks.acquire(ALICE, two)
    locks.release(ALICE, one)
    assert locks.acquire(ALICE, two)


def test_another_process_has_it_until_it_gives_it_back(other, wait_for):
    assert other.says() == "True"
    assert not locks.acquire(ALICE, other)
    other.go_on()
    assert (other.says(), other.says()) == ("released", "True")
    assert locks.acquire(ALICE, other)
    assert not locks.acquire(BOB, other)
    other.kill()  # SIGKILL: nobody had the time to clean up
    # PostgreSQL notices that the connection is gone in its own time; the kernel has dropped a file's lock already.
    wait_for(lambda: locks.acquire(BOB, other))


def test_another_process_waits_for_us(other):
    mine = object()
    assert other.says() == "True"
    other.go_on()
    assert (other.says(), other.says()) == ("released", "True")
    assert locks.acquire(ALICE, mine)
    second = Holder()
    assert second.says() == "False"
    second.kill()


@pytest.fixture
def shared():
    made = exclusion.make_exclusion()
    yield made
    made.close()


def cut(shared):
    pid = shared._connection.connection.info.backend_pid
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def another_process_gets(number):
    second = exclusion.make_exclusion()
    try:
        return second.take(number)
    finally:
        second.close()


@pytest.mark.postgresql
def test_a_lost_connection_takes_back_what_was_held(shared):
    assert shared.take(ALICE)
    assert shared.take(BOB)
    shared.give_back(BOB)
    cut(shared)
    assert shared.take(BOB)
    assert not another_process_gets(ALICE)


@pytest.mark.postgresql
def test_what_was_held_is_taken_back_once_the_database_is_there_again(shared, monkeypatch):
    assert shared.take(ALICE)
    cut(shared)
    with monkeypatch.context() as patch:
        patch.setattr(shared._connection, "get_new_connection", refuse)
        for _ in range(2):
            with pytest.raises(OperationalError):
                shared.take(BOB)
    assert shared.take(BOB)
    assert not another_process_gets(ALICE)
    assert not another_process_gets(BOB)


@pytest.mark.postgresql
def test_giving_back_after_a_loss_leaves_the_others_to_be_taken_back(shared, monkeypatch):
    assert shared.take(ALICE)
    assert shared.take(BOB)
    cut(shared)
    with monkeypatch.context() as patch:
        patch.setattr(shared._connection, "get_new_connection", refuse)
        with pytest.raises(OperationalError):
            shared.take(9)
    shared.give_back(BOB)
    assert shared.take(9)
    assert not another_process_gets(ALICE)
    assert another_process_gets(BOB)


def refuse(_parameters):
    raise OperationalError("the database is starting up")


def test_everything_is_let_go_between_tests():
    assert locks.acquire(ALICE, object())
    forget_all()
    assert locks.acquire(ALICE, object())
