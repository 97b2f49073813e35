import pytest

from mailstore import append, flags, messages, reading
from mailstore.append import NewMessage
from mailstore.blobs import INLINE_LIMIT
from mailstore.errors import NoSuchMessage
from mailstore.listing import get_message, list_page

ALL = ("uid", "flags", "keywords", "modseq", "internal_date", "size", "content_id", "envelope", "body", "bodystructure",
       "structure", "subject", "sender", "sender_address", "recipients", "preview", "sent_at", "has_attachments",
       "thread_id", "message_row", "message_id")  # fmt: skip


def plain(rows):
    return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]


@pytest.mark.parametrize("uids", [range(1, 12), [3], [1, 2, 3, 9], [1, 11, 5000], range(0), [50, 60]])
@pytest.mark.parametrize("batch", [2, 500])
def test_fetch_rows_is_what_the_orm_says(alice, inbox, fill, monkeypatch, uids, batch):
    monkeypatch.setattr(reading, "BATCH", batch)
    fill(inbox, 11)
    messages.delete_messages(alice.id, inbox.id, [2, 7])
    for columns in (ALL, ("flags", "subject")):
        rows = [row for rows in reading.fetch_rows(inbox.id, uids, columns) for row in rows]
        assert rows == plain(reading.orm_fetch_rows(inbox.id, uids, columns))


def test_contents_in_their_order_with_repeats_and_gaps(alice, inbox, make_message, monkeypatch):
    monkeypatch.setattr(reading, "CONTENT_BATCH", 2)
    datas = [make_message(body="x" * size) for size in (0, 10, INLINE_LIMIT + 5)]
    append.append_messages(alice.id, inbox.id, [NewMessage(data) for data in datas])
    [rows] = reading.fetch_rows(inbox.id, [1, 2, 3], ["content_id"])
    first, second, third = (row[0] for row in rows)
    found = list(reading.read_contents([third, first, 10**9, first, second]))
    assert [(key, header + body) for key, header, body in found] == [
        (third, datas[2]), (first, datas[0]), (first, datas[0]), (second, datas[1])
    ]  # fmt: skip
    assert all(header.endswith(b"\r\n\r\n") for _, header, _ in found)
    assert reading.read_header(third) == found[0][1]
    assert dict(reading.read_headers([second, 10**9])) == {second: found[3][1]}
    for read in (reading.read_content, reading.read_header):
        with pytest.raises(NoSuchMessage):
            read(10**9)


def test_list_pages_by_date_and_then_by_uid(alice, inbox, fill):
    fill(inbox, 7)
    messages.delete_messages(alice.id, inbox.id, [4])
    pages = list_page(inbox.id, limit=3)
    assert [row.uid for row in pages] == [7, 6, 5]
    rest = list_page(inbox.id, before=pages[-1].place, limit=3)
    assert [row.uid for row in rest] == [3, 2, 1]
    assert list_page(inbox.id, before=rest[-1].place) == []


def test_mail_moved_in_stands_where_its_date_is(alice, inbox, fill, make_message):
    fill(inbox, 3)
    dates = [row.internal_date for row in list_page(inbox.id)]
    old = append.append_messages(alice.id, inbox.id, [NewMessage(make_message("old"), internal_date=1_000_000)]).uids[0]
    assert [row.uid for row in list_page(inbox.id)] == [3, 2, 1, old] and min(dates) > 1_000_000
    view = get_message(alice.id, inbox.id, old)
    assert (view.newer_uid, view.older_uid) == (1, None)
    assert get_message(alice.id, inbox.id, 1).older_uid == old


def test_list_filters(alice, inbox, fill, make_message):
    fill(inbox, 4)
    mixed = (
        b'Subject: pi\xc3\xa8ce\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b'--b\r\n\r\ntext\r\n--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n'
        b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\nx\r\n--b--\r\n'
    )
    append.append_messages(alice.id, inbox.id, [NewMessage(mixed)])
    messages.store_flags(alice.id, inbox.id, [1, 2], "add", flags.SEEN)
    messages.store_flags(alice.id, inbox.id, [2, 4], "add", flags.FLAGGED, frozenset({"k"}))
    found = {
        only: [row.uid for row in list_page(inbox.id, only=only)]
        for only in ("all", "unread", "flagged", "attachments")
    }
    assert found == {"all": [5, 4, 3, 2, 1], "unread": [5, 4, 3], "flagged": [4, 2], "attachments": [5]}
    row = list_page(inbox.id)[1]
    assert (row.uid, row.flags, row.keywords, row.subject, row.thread_id) == (4, 4, {"k"}, "n° 3", row.message_row)


def test_get_message_and_its_neighbours(alice, bob, inbox, fill):
    fill(inbox, 3)
    view = get_message(alice.id, inbox.id, 2)
    assert (view.row.uid, view.newer_uid, view.older_uid, view.mailbox_id) == (2, 3, 1, inbox.id)
    messages.store_flags(alice.id, inbox.id, [3], "add", flags.SEEN)
    assert get_message(alice.id, inbox.id, 2, only="unread").newer_uid is None
    for account, uid in ((bob, 2), (alice, 9)):
        with pytest.raises(NoSuchMessage):
            get_message(account.id, inbox.id, uid)


@pytest.mark.sqlite
def test_deep_pages_cost_what_the_first_does(inbox):
    """By the plan: both read the index on the date, none sorts or scans."""
    plans = []
    original = reading.sql.fetch_all

    def explain(statement, parameters):
        plans.append(" ".join(row[3] for row in original("EXPLAIN QUERY PLAN " + statement, parameters)))
        return original(statement, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.sql, "fetch_all", explain)
        list_page(inbox.id)
        list_page(inbox.id, before=(2**40, 3))
    assert len(plans) == 2 and not any("TEMP B-TREE" in plan for plan in plans)
    assert "(mailbox_id=?)" in plans[0] and "(internal_date,uid)<(?,?)" in plans[1]
