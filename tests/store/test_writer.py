"""The group commit: real threads, real commits."""

import pytest
from django.db import connection, connections, transaction

from directory import accounts
from mailstore import append, blobs, flags, mailboxes, messages, sql, transactions, writer
from mailstore.append import NewMessage, Target
from mailstore.errors import NoSuchMailbox, OverQuota, StoreUnavailable
from mailstore.models import Content, Entry

pytestmark = pytest.mark.usefixtures("running_writer")


@pytest.fixture
def commits(monkeypatch):
    """The number of jobs of each commit, as they happen."""
    sizes = []
    original = writer._run_together

    def counting(group):
        answers = original(group)
        sizes.append(len(group))
        return answers

    monkeypatch.setattr(writer, "_run_together", counting)
    return sizes


def test_what_has_queued_up_is_one_commit(alice, inbox, hold, commits, make_message):
    release = hold()
    futures = [append.deliver([Target(alice.id)], NewMessage(make_message(f"{n}"))) for n in range(8)]
    release.set()
    assert sorted(future.result()[0].uid for future in futures) == list(range(1, 9))
    assert commits == [1, 8]


def test_eight_threads(alice, inbox, make_message, second_thread, reload):
    def deliver(start):
        targets = [Target(alice.id)]
        return [append.deliver(targets, NewMessage(make_message(f"{start} {n}"))).result()[0].uid for n in range(25)]

    futures = [second_thread(deliver, start) for start in range(8)]
    uids = sorted(uid for future in futures for uid in future.result())
    assert uids == list(range(1, 201))
    assert reload(inbox).messages == 200


def test_only_the_guilty_job_fails(alice, inbox, hold, make_message):
    runs = []

    def guilty():
        runs.append("guilty")
        sql.execute("UPDATE mailstore_usage SET size = 5")
        raise ZeroDivisionError

    release = hold()
    before = append.deliver([Target(alice.id)], NewMessage(make_message("before")))
    bad = writer.submit(guilty)
    after = append.deliver([Target(alice.id)], NewMessage(make_message("after")))
    release.set()
    assert (before.result()[0].uid, after.result()[0].uid) == (1, 2)
    with pytest.raises(ZeroDivisionError):
        bad.result()
    assert runs == ["guilty", "guilty"]


def test_a_refusal_before_any_write_costs_nobody_a_rollback(alice, bob, inbox, hold, commits, make_message):
    accounts.update_account(bob.id, quota_messages=1)
    box = mailboxes.get_mailbox(bob.id, "INBOX")
    append.append_messages(bob.id, box.id, [NewMessage(make_message())])
    commits.clear()
    release = hold()
    fine = append.deliver([Target(alice.id)], NewMessage(make_message("fine")))
    over = append.deliver([Target(bob.id)], NewMessage(make_message("over")))
    gone = writer.submit(lambda: messages.expunge(alice.id, 999_999))
    release.set()
    assert fine.result()[0].uid == 1
    assert isinstance(over.result()[0].error, OverQuota)
    with pytest.raises(NoSuchMailbox):
        gone.result()
    if sql.is_sqlite():
        assert commits == [1, 3]


def test_a_verb_inside_a_job_is_part_of_it(alice, inbox, fill, reload):
    fill(inbox, 1)

    def job():
        messages.store_flags(alice.id, inbox.id, [1], "add", flags.SEEN)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.write(job)
    assert reload(inbox).unseen == 1


def test_a_thread_with_an_open_transaction_writes_in_it(alice, inbox, make_message, reload):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append.append_messages(alice.id, inbox.id, [NewMessage(make_message())])
        raise ZeroDivisionError
    assert reload(inbox).messages == 0


def test_prepare_runs_outside_of_the_transaction(alice):
    def prepare():
        return connection.in_atomic_block

    assert writer.submit(lambda prepared: (prepared, connection.in_atomic_block), prepare=prepare).result() == (
        False,
        True,
    )

    def failing():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.submit(lambda prepared: prepared, prepare=failing).result()


def test_stop_commits_what_was_queued(alice, hold, make_message):
    release = hold()
    future = append.deliver([Target(alice.id)], NewMessage(make_message()))
    release.set()
    writer.stop()
    assert future.done() and future.result()[0].uid == 1
    assert append.deliver([Target(alice.id)], NewMessage(make_message("again"))).result()[0].uid == 2


def test_a_full_queue_refuses(alice, hold, monkeypatch, make_message):
    hold()
    monkeypatch.setattr(writer, "MAX_QUEUED", 1)
    first = append.deliver([Target(alice.id)], NewMessage(make_message()))
    with pytest.raises(StoreUnavailable):
        append.deliver([Target(alice.id)], NewMessage(make_message()))
    assert not first.done()


@pytest.mark.sqlite
def test_a_full_disk_is_temporary_and_the_writer_survives(alice, inbox, make_message, reload):
    """max_page_count makes SQLite say "database or disk is full" as a full disk does."""

    def pragma(text):
        return writer.submit(lambda: sql.fetch_one(f"PRAGMA {text}")[0]).result()

    pages = pragma("page_count")
    assert pragma(f"max_page_count = {pages}") == pages
    # More than fits into the pages that earlier tests left free.
    count = pragma("freelist_count") // 14 + 2
    big = [NewMessage(make_message(f"{number}", "x" * 60_000)) for number in range(count)]
    with pytest.raises(StoreUnavailable, match="full"):
        append.append_messages(alice.id, inbox.id, big)
    assert reload(inbox) == inbox
    # The writer has dropped its connection and made a new one, which knows no limit: there is room again.
    assert append.append_messages(alice.id, inbox.id, big).uids[0] == 1


def test_a_commit_that_fails_blames_nobody(alice, inbox, hold, make_message, monkeypatch):
    release = hold()
    futures = [append.deliver([Target(alice.id)], NewMessage(make_message(f"{n}"))) for n in range(3)]
    wrapper = type(connections["default"])
    monkeypatch.setattr(wrapper, "_commit", _failing_commit(wrapper._commit))
    release.set()
    for future in futures:
        with pytest.raises(StoreUnavailable):
            future.result()
    monkeypatch.undo()
    assert not Entry.objects.exists()
    assert append.append_messages(alice.id, inbox.id, [NewMessage(make_message())]).uids == (1,)


def _failing_commit(original):
    """Lets the commit of the job that held the writer through."""
    calls = []

    def commit(self):
        calls.append(None)
        if len(calls) == 1:
            return original(self)
        raise transactions.OperationalError("disk I/O error")

    return commit


def test_a_blob_that_cannot_be_written_is_temporary(alice, inbox, make_message, monkeypatch):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    big = NewMessage(make_message(body="x" * (blobs.INLINE_LIMIT + 1)))
    monkeypatch.setattr(blobs.DurableFileStorage, "_save", full)
    with pytest.raises(StoreUnavailable):
        append.append_messages(alice.id, inbox.id, [big])
    with pytest.raises(StoreUnavailable):
        append.deliver([Target(alice.id)], big).result()
    monkeypatch.undo()
    assert not Content.objects.exists()
    assert append.append_messages(alice.id, inbox.id, [big]).uids == (1,)


@pytest.mark.postgresql
def test_a_lost_postgresql_connection_is_made_again(alice, inbox, make_message):
    process = writer.submit(lambda: sql.fetch_one("SELECT pg_backend_pid()")).result()[0]
    sql.fetch_one("SELECT pg_terminate_backend(%s)", (process,))
    # The job's first run meets the dead connection; its second, alone, a new one.
    assert append.append_messages(alice.id, inbox.id, [NewMessage(make_message())]).uids == (1,)


def test_many_threads_on_one_mailbox(alice, bob, inbox, sent, fill, second_thread, reload):
    """Appends, flags, copies, moves and expunges at once; the invariants are checked behind it."""
    fill(inbox, 20)

    def append_some():
        for _ in range(10):
            fill(reload(inbox), 2)

    def flag_some(bits):
        for uid in range(1, 30):
            messages.store_flags(alice.id, inbox.id, range(uid, uid + 5), "add", bits)
            messages.store_flags(alice.id, inbox.id, [uid], "remove", flags.SEEN)

    def expunge_some():
        return [uid for _ in range(20) for uid in messages.expunge(alice.id, inbox.id)]

    def shuffle():
        for uid in range(1, 20):
            messages.copy_messages(alice.id, inbox.id, [uid], sent.id)
            messages.move_messages(alice.id, sent.id, [uid], inbox.id)
            messages.move_messages(alice.id, inbox.id, [uid + 1], sent.id)

    jobs = [
        (append_some,),
        (flag_some, flags.SEEN),
        (flag_some, flags.DELETED),
        (expunge_some,),
        (expunge_some,),
        (shuffle,),
    ]
    results = [future.result() for future in [second_thread(*job) for job in jobs]]
    expunged = results[3] + results[4]
    assert len(expunged) == len(set(expunged))
    assert list(messages.snapshot(alice.id, inbox.id, take_recent=False).uids) == sorted(
        Entry.objects.filter(mailbox_id=inbox.id).values_list("uid", flat=True)
    )
