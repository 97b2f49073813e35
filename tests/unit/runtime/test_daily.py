"""The daily errands: one worker does each, once a day, beside everything else."""

import logging
import os
import threading
import time
from pathlib import Path

import pytest

from mailstore import blobs
from mailstore.append import NewMessage, append_messages
from protocols.models import Errand
from protocols.runtime import daily
from protocols.runtime.daily import EVERY, Daily, claim

LONG = b"Subject: long\r\n\r\n" + (b"x" * 76 + b"\r\n") * 1000


@pytest.fixture
def own_blobs(settings, tmp_path):
    options = {"location": str(tmp_path / "messages")}
    backend = {"BACKEND": "mailstore.blobs.DurableFileStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "messages": backend}


def done(worker):
    worker.look()
    if worker.thread is not None:
        worker.thread.join()


def test_one_worker_claims_an_errand_once_a_day(db):
    now = int(time.time())
    assert claim("blobs", now) and not claim("blobs", now) and not claim("blobs", now + EVERY - 1)
    assert claim("other", now)
    assert claim("blobs", now + EVERY) and not claim("blobs", now + EVERY)


def test_of_two_workers_one_sweeps_and_what_is_young_or_named_stays(transactional_db, own_blobs, alice, inbox):
    append_messages(alice.id, inbox.id, [NewMessage(LONG)])
    named = set(blobs.list_blobs())
    old, young = blobs.save(b"\1" * 32, LONG), blobs.save(b"\2" * 32, LONG)
    unfinished = os.path.join(os.path.dirname(old), ".new-left")
    Path(blobs.storage().path(unfinished)).touch()
    then = time.time() - blobs.SWEEP_AGE - 60
    for name in (*named, old, unfinished):
        os.utime(blobs.storage().path(name), (then, then))
    done(Daily())
    assert set(blobs.list_blobs()) == named | {young}
    again = blobs.save(b"\1" * 32, LONG)
    os.utime(blobs.storage().path(again), (then, then))
    done(Daily())
    assert again in set(blobs.list_blobs())
    Errand.objects.update(begun_at=int(time.time()) - EVERY)
    done(Daily())
    assert set(blobs.list_blobs()) == named | {young}


def test_a_sweep_asks_in_batches(db, own_blobs, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(blobs, "SWEEP_BATCH", 2)
    made = [blobs.save(bytes([n]) * 32, LONG) for n in range(5)]
    with django_assert_num_queries(3):
        assert sorted(blobs.sweep(min_age=-60)) == sorted(made)


def test_a_worker_waits_for_no_errand_and_begins_none_twice(transactional_db):
    release, calls = threading.Event(), []

    def slow():
        calls.append(threading.current_thread().name)
        release.wait(10)

    worker = Daily({"slow": slow})
    worker.look()
    Errand.objects.update(begun_at=0)
    worker._looked_at -= 2 * daily.LOOK_EVERY
    worker.look()
    release.set()
    worker.thread.join()
    assert calls == ["daily"]


def test_one_that_fails_keeps_no_other_from_running(transactional_db, caplog):
    calls = []
    with caplog.at_level(logging.ERROR):
        done(Daily({"bad": lambda: 1 / 0, "good": lambda: calls.append(1)}))
    assert calls == [1] and "'bad' failed" in caplog.text


def test_between_two_looks_nothing_is_asked(db, django_assert_num_queries):
    worker = Daily({})
    worker.look()
    worker._errands = {"new": lambda: None}
    with django_assert_num_queries(0):
        worker.look()
