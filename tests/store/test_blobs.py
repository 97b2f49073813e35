import os
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from mailstore import append, blobs, messages, reading
from mailstore.append import NewMessage
from mailstore.check import RULES, check_store
from mailstore.errors import StoreUnavailable
from mailstore.models import Content, Mailbox, Usage

LONG = b"x" * (blobs.INLINE_LIMIT + 1)


def age(name, seconds):
    then = time.time() - seconds
    os.utime(blobs.storage().path(name), (then, then))


def test_sweep_removes_old_orphans_only(alice, inbox, make_message):
    append.append_messages(alice.id, inbox.id, [NewMessage(make_message(body=LONG.decode()))])
    named = Content.objects.get().blob
    old, young = blobs.save(b"\1" * 32, LONG), blobs.save(b"\1" * 32, LONG)
    for name in (named, old):
        age(name, blobs.SWEEP_AGE + 60)
    assert blobs.sweep() == [old]
    assert sorted(blobs.list_blobs()) == sorted([named, young])
    assert blobs.sweep() == []


def test_a_crash_while_writing_leaves_nothing_or_a_file_for_the_sweep(db, monkeypatch):
    def fail(descriptor):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(blobs.os, "fsync", fail)
    with pytest.raises(StoreUnavailable):
        blobs.save(b"\2" * 32, LONG)
    monkeypatch.undo()
    assert list(blobs.list_blobs()) == []


def test_blobs_are_private_files_and_reads_fail_as_temporary(db):
    name = blobs.save(b"\3" * 32, LONG)
    assert blobs.load(name) == LONG
    assert os.stat(blobs.storage().path(name)).st_mode & 0o777 == 0o600
    blobs.remove([name, name])
    with pytest.raises(StoreUnavailable):
        blobs.load(name)


def test_nothing_stored_yet(db):
    assert list(blobs.list_blobs()) == [] and blobs.sweep() == []


def test_the_check_sees_what_is_broken(alice, inbox, fill, make_message, django_db_blocker):
    fill(inbox, 2)
    append.append_messages(alice.id, inbox.id, [NewMessage(make_message(body=LONG.decode()))])
    call_command("checkstore", sweep=True)
    blob = Content.objects.exclude(blob="").get().blob
    Mailbox.objects.filter(pk=inbox.id).update(total_messages=7, uid_next=1, highest_modseq=0, recent_uid=5)
    Usage.objects.filter(pk=alice.id).update(size=0, last_uid_validity=0)
    orphan = Content.objects.create(sha256=b"o" * 32, size=9, header=b"", body=b"")
    kept = blobs.load(blob)
    blobs.remove([blob])
    broken = check_store()
    assert {line.split(":")[0] for line in broken} == {"mailbox", "account", "content"}
    assert len(broken) == 9 and len(RULES) > 15
    with pytest.raises(CommandError, match=r"total_messages"):
        call_command("checkstore")
    blobs.storage().save(blob, blobs.ContentFile(kept))
    orphan.delete()
    Mailbox.objects.filter(pk=inbox.id).update(total_messages=3, uid_next=4, highest_modseq=9, recent_uid=1)
    Usage.objects.filter(pk=alice.id).update(size=Mailbox.objects.get(pk=inbox.id).total_size, last_uid_validity=2**40)


def test_a_body_that_is_expunged_while_it_is_read(alice, inbox, make_message, django_capture_on_commit_callbacks):
    """The row was read with its batch, the blob went since: the message is left out like any that is gone."""
    long = "x" * 76 + "\r\n"
    messages_in = [NewMessage(make_message(f"{n}", long * 1000)) for n in range(2)]
    append.append_messages(alice.id, inbox.id, messages_in)
    contents = list(Content.objects.order_by("id"))
    reader = reading.read_contents([content.pk for content in contents])
    assert next(reader)[0] == contents[0].pk
    with django_capture_on_commit_callbacks(execute=True):
        messages.delete_messages(alice.id, inbox.id, [2])
    assert list(reader) == []
    blobs.storage().delete(contents[0].blob)
    with pytest.raises(StoreUnavailable):  # one that is named must be there
        reading.read_content(contents[0].pk)
    messages.delete_messages(alice.id, inbox.id, [1])
