"""LOGIN-DELAY: of two logins within it only one succeeds, whoever asks."""

import pytest

from mailstore import accounts as store_accounts
from protocols.models import Pop3Login
from protocols.runtime import pop3_rules as rules
from protocols.runtime.pop3_rules import may_log_in


def test_the_delay_counts_from_the_last_login_that_succeeded(alice, bob):
    assert may_log_in(alice.id, 60, now=1000)
    assert not may_log_in(alice.id, 60, now=1059)
    assert may_log_in(bob.id, 60, now=1059)
    assert may_log_in(alice.id, 60, now=1060)
    assert not may_log_in(alice.id, 60, now=1119)


def test_a_clock_that_was_set_back_locks_nobody_out(alice):
    assert may_log_in(alice.id, 60, now=10_000)
    assert may_log_in(alice.id, 60, now=1000)


def test_it_goes_with_the_account(alice):
    assert may_log_in(alice.id, 60)
    store_accounts.delete_account(alice.id)
    assert not Pop3Login.objects.exists()


@pytest.mark.parametrize("bad", [(-1, None), (86_401, None), (0, -1), (0, 3651)])
def test_out_of_bounds(db, bad):
    with pytest.raises(ValueError, match="bounds"):
        rules.set_rules(*bad)
    assert rules.current() == rules.Rules()


@pytest.mark.django_db(transaction=True)
def test_two_logins_at_once(make_account, second_thread):
    alice = make_account("alice")
    outcomes = [second_thread(may_log_in, alice.id, 60, now=1000) for _ in range(4)]
    assert sorted(outcome.result(30) for outcome in outcomes) == [False, False, False, True]
