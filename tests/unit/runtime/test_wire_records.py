"""What a listener could have read, and how it is kept."""

import time

import pytest

from protocols.models import ConnectionRecord
from protocols.runtime import records
from protocols.runtime.session import Grade, Peer, TlsInfo, WireFacts

TLS = TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", 256, key="ECDSA P-256")


def _peer(tls: TlsInfo | None = None) -> Peer:
    return Peer("127.0.0.1", 4711, "127.0.0.1", 10143, "imap", tls)


@pytest.mark.parametrize(
    "tls, facts, expected",
    [
        (None, WireFacts(), Grade.CONTENT),
        (None, WireFacts("alice@mondomaine.fr", "PLAIN", authenticated_in_clear=True), Grade.PASSWORD),
        (None, WireFacts("alice@mondomaine.fr", "LOGIN", authenticated_in_clear=True), Grade.PASSWORD),
        (None, WireFacts("alice@mondomaine.fr", "USER", authenticated_in_clear=True), Grade.PASSWORD),
        (None, WireFacts("alice@mondomaine.fr", "CRAM-MD5", authenticated_in_clear=True), Grade.ATTACKABLE),
        (None, WireFacts("alice@mondomaine.fr", "DIGEST-MD5", authenticated_in_clear=True), Grade.ATTACKABLE),
        (None, WireFacts("alice@mondomaine.fr", "NTLM", authenticated_in_clear=True), Grade.ATTACKABLE),
        (None, WireFacts("alice@mondomaine.fr", "APOP", authenticated_in_clear=True), Grade.ATTACKABLE),
        (None, WireFacts("alice@mondomaine.fr", "SCRAM-SHA-1", authenticated_in_clear=True), Grade.CONTENT),
        (None, WireFacts("alice@mondomaine.fr", "SCRAM-SHA-256", authenticated_in_clear=True), Grade.CONTENT),
        (TLS, WireFacts("alice@mondomaine.fr", "PLAIN"), Grade.METADATA),
        (TLS, WireFacts("", "PLAIN", authenticated_in_clear=True), Grade.PASSWORD),
    ],
)
def test_grades(tls, facts, expected):
    assert records.grade(_peer(tls), facts) is expected


@pytest.mark.django_db(transaction=True)
def test_records_are_written_behind_counted_and_listed():
    queue = records.WireRecords()
    started = time.time() - 5
    queue.add(_peer(TLS), WireFacts("alice@mondomaine.fr", "PLAIN"), started, 120)
    queue.add(_peer(), WireFacts("bob@mondomaine.fr", "PLAIN", authenticated_in_clear=True), started, 99)
    assert not ConnectionRecord.objects.exists()
    queue.write()
    counted = records.count_grades(int(started))
    assert (counted[Grade.METADATA], counted[Grade.PASSWORD], counted[Grade.ATTACKABLE]) == (1, 1, 0)
    assert records.count_grades(int(time.time()) + 10)[Grade.METADATA] == 0
    [bob] = records.list_records(account="bob@mondomaine.fr")
    assert (bob.grade, bob.mechanism, bob.tls_version) == (Grade.PASSWORD, "PLAIN", "")
    [alice] = records.list_records(account="alice@mondomaine.fr", service="imap")
    assert (alice.tls_version, alice.tls_cipher, alice.tls_key) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384", "ECDSA P-256")


@pytest.mark.django_db(transaction=True)
def test_old_records_are_swept_and_young_ones_stay():
    now = int(time.time())
    old = now - records.RETENTION_DAYS * 86_400 - 60
    ConnectionRecord.objects.bulk_create(
        [ConnectionRecord(service="imap", started_at=moment, ended_at=moment, grade=1) for moment in (old, old, now)]
    )
    records.WireRecords().sweep()
    assert [each.ended_at for each in ConnectionRecord.objects.all()] == [now]


def test_a_flood_loses_records_not_memory(monkeypatch, caplog):
    monkeypatch.setattr(records, "MOST_WAITING", 3)
    queue = records.WireRecords()
    for _ in range(10):
        queue.add(_peer(), WireFacts(), 0, 1)
    assert len(queue._waiting) == 3
    queue._waiting.clear()
    queue.write()
    assert "7 wire records were lost" in caplog.text
