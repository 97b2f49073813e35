"""No statement of a list, a SELECT or an EXPUNGE walks a mailbox: each finds its rows by an index."""

import pytest
from django.db import connection

from mailstore import (
    annotating,
    annotations,
    expunging,
    flags,
    listing,
    quota,
    reading,
    seen,
    sharing,
    snapshots,
    sql,
)
from mailstore.flags import DELETED, FLAGGED, SEEN, is_set, is_unset


def plan(statement, parameters):
    """Which indexes the database takes, and whether it sorts."""
    explain = "EXPLAIN QUERY PLAN " if sql.is_sqlite() else "EXPLAIN "
    with connection.cursor() as cursor:
        if not sql.is_sqlite():
            # In a table of three rows reading it whole is right; what matters is that there is a way without.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
        cursor.execute(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (is_unset(SEEN), "entry_unseen"),
        (is_set(FLAGGED), "entry_flagged"),
        (is_set(DELETED), "entry_deleted"),
    ],
)
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_what_is_rare_is_found_by_its_own_index(db, condition, index, direction):
    statement = f"SELECT e.uid FROM mailstore_entry e WHERE e.mailbox_id = 1 AND {condition} AND e.uid < 9"
    found = plan(f"{statement} ORDER BY e.uid {direction} LIMIT 50", [])
    assert index in found and "TEMP B-TREE" not in found and "Sort" not in found


def test_each_filter_of_the_list(db):
    indexes = {"all": "entry_by_date", "unread": "entry_unseen_by_date"}
    indexes |= {"flagged": "entry_flagged_by_date", "attachments": "entry_files_by_date"}
    for name, condition in listing._CONDITIONS.items():
        page = f"SELECT {listing._ROW}{listing._from(0)}{condition} AND {listing._PLACE} < (%s, %s)"
        found = plan(f"{page}{listing._NEWEST_FIRST} LIMIT 50", [1, 9, 9])
        assert indexes[name] in found
        assert "TEMP B-TREE" not in found and "Sort" not in found


def test_select_changes_and_expunge(inbox, fill):
    assert "entry_unseen" in plan(snapshots._FIRST_UNSEEN.format(entries=seen.entries(0)), [1, 9])
    fill(inbox, 200)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without it the plan is made from what other tests left in the statistics
    changes = plan(snapshots._CHANGES, [inbox.id, inbox.id, 195, inbox.id, 195])
    assert "entry_modseq" in changes and "tombstone_modseq" in changes
    assert "entry_deleted" in plan(expunging._DELETE.format(expunging._MARKED), [1])
    assert "entry_deleted" in plan(quota._DELETED_SIZE, [1])


def test_the_mailbox_of_another_is_not_walked_either(db):
    rows = plan(reading._select(("uid", "flags", "modseq"), 7) + "e.uid BETWEEN 1 AND 9 ORDER BY e.uid", [1])
    assert "SCAN" not in rows and "Seq Scan" not in rows and "TEMP B-TREE" not in rows and "Sort" not in rows
    changes = plan(snapshots._READER_CHANGES.format(entries=seen.entries(7)), [1, 1, 1, 5, 1, 7, 5, 1, 5])
    assert "Seq Scan" not in changes and "SCAN mailstore" not in changes
    if sql.is_sqlite():  # PostgreSQL chooses by statistics, and these tables are empty
        assert "entry_modseq" in changes and "seen_mark_modseq" in changes
    page = f"SELECT {listing._ROW}{listing._from(7)} AND {listing._PLACE} < (%s, %s){listing._NEWEST_FIRST} LIMIT 50"
    found = plan(page, [1, 9, 9])
    assert "entry_by_date" in found and "TEMP B-TREE" not in found and "Sort" not in found


def test_what_is_shared_with_an_account_is_found_by_who_it_is(db):
    found = plan(sharing.SHARED, sharing.parameters(7))
    assert "SCAN m" not in found and "SCAN o" not in found


def test_who_has_no_annotations_pays_for_none(db):
    of_messages = " AND uid BETWEEN 5 AND 9"
    statements = {
        annotations._CHANGED: [1, 9, 1],
        annotations._READ + of_messages: [1, 1],
        annotating._ROWS.removesuffix(" AND ") + of_messages: [1],
    }
    for statement, parameters in statements.items():
        found = plan(statement, parameters)
        assert "SCAN" not in found and "Seq Scan" not in found


def test_the_bits_of_the_migration_are_those_of_the_flags():
    assert (flags.SEEN, flags.FLAGGED, flags.DELETED) == (1, 4, 8)
