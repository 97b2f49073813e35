"""The brake: what an attacker meets, and what a classroom does not notice. The clock is given."""

import pytest

from directory import freshness
from protocols.sasl import PasswordProof
from security import throttle as brake
from security.authentication import authenticate
from security.doors import WEB, Door
from security.errors import AuthenticationFailed, Throttled
from security.models import AuthenticationFailure, KnownAddress
from security.throttle import ACCOUNT_LIMIT, ADDRESS_LIMIT, PAIR_LIMIT, WINDOW, Throttle, network_of
from tests.unit.security.conftest import NOW

ALICE, BOB = "alice@mondomaine.fr", "bob@mondomaine.fr"
HOME, SCHOOL, ATTACKER = "192.0.2.1", "198.51.100.1", "203.0.113.9"


@pytest.fixture
def throttle(db):
    return Throttle()


def fail(throttle, account, address, times, now=NOW):
    for number in range(times):
        throttle.check(account, address, now)
        throttle.failed(account, address, str(number), now)


def test_a_pair_is_held_after_its_limit_and_let_go(throttle):
    fail(throttle, ALICE, HOME, PAIR_LIMIT)
    with pytest.raises(Throttled) as held:
        throttle.check(ALICE, HOME, NOW + 1)
    assert held.value.retry_after == WINDOW - 1
    throttle.check(BOB, HOME, NOW + 1)
    throttle.check(ALICE, SCHOOL, NOW + 1)
    # The window slides in memory when the table is read again.
    later = Throttle()
    later.check(ALICE, HOME, NOW + WINDOW)


def test_the_window_slides(throttle, monkeypatch):
    clock = brake.time.monotonic
    fail(throttle, ALICE, HOME, PAIR_LIMIT)
    monkeypatch.setattr(brake.time, "monotonic", lambda: clock() + freshness.MAX_AGE)
    throttle.check(ALICE, HOME, NOW + WINDOW)


def test_the_same_wrong_password_again_is_not_a_guess(throttle):
    """A phone with last year's password asks every minute."""
    for minute in range(200):
        throttle.check(ALICE, HOME, NOW + minute)
        throttle.failed(ALICE, HOME, "the same", NOW + minute)
    assert AuthenticationFailure.objects.count() == 1


def test_challenge_methods_show_no_password_and_all_count(throttle):
    for _ in range(PAIR_LIMIT):
        throttle.check(ALICE, HOME, NOW)
        throttle.failed(ALICE, HOME, "", NOW)
    with pytest.raises(Throttled):
        throttle.check(ALICE, HOME, NOW)


def test_one_password_tried_on_everybody(throttle):
    for number in range(ADDRESS_LIMIT):
        throttle.check(f"user{number}", ATTACKER, NOW)
        throttle.failed(f"user{number}", ATTACKER, "123456", NOW)
    with pytest.raises(Throttled):
        throttle.check("one more", ATTACKER, NOW)


def test_one_account_from_everywhere(throttle):
    throttle.succeeded(ALICE, HOME, NOW - 86_400)
    for number in range(ACCOUNT_LIMIT):
        address = f"203.0.113.{number}"
        throttle.check(ALICE, address, NOW)
        throttle.failed(ALICE, address, str(number), NOW)
    with pytest.raises(Throttled):
        throttle.check(ALICE, ATTACKER.replace("9", "200"), NOW)
    throttle.check(ALICE, HOME, NOW)  # where she is known, the attack does not lock her out
    throttle.check(BOB, ATTACKER, NOW)


def test_known_behind_an_address_that_guesses(throttle):
    """A pupil tries passwords on everybody from the school's one address."""
    throttle.succeeded(ALICE, SCHOOL, NOW - 86_400)
    for number in range(ADDRESS_LIMIT):
        throttle.failed(f"user{number}", SCHOOL, "123456", NOW)
    throttle.check(ALICE, SCHOOL, NOW)
    with pytest.raises(Throttled):
        throttle.check(BOB, SCHOOL, NOW)
    # Being known does not open a way to guess for ever.
    for number in range(PAIR_LIMIT):
        throttle.failed(ALICE, SCHOOL, str(number), NOW)
    with pytest.raises(Throttled):
        throttle.check(ALICE, SCHOOL, NOW)


def test_known_ends(throttle):
    throttle.succeeded(ALICE, SCHOOL, NOW - brake.KNOWN_FOR)
    for number in range(ADDRESS_LIMIT):
        throttle.failed(f"user{number}", SCHOOL, "123456", NOW)
    with pytest.raises(Throttled):
        throttle.check(ALICE, SCHOOL, NOW)


def test_a_first_morning_in_class(throttle):
    """30 pupils behind one address mistype four times each, then all get in."""
    for pupil in range(30):
        fail(throttle, f"pupil{pupil}", SCHOOL, 4)
    for pupil in range(30):
        throttle.check(f"pupil{pupil}", SCHOOL, NOW + 60)


def test_delays_grow_and_end(throttle):
    delays = [throttle.failed(ALICE, HOME, str(number), NOW) for number in range(10)]
    assert delays[: brake.FREE_FAILURES] == [0.0] * brake.FREE_FAILURES
    assert delays == sorted(delays)
    assert delays[brake.FREE_FAILURES] == brake.FIRST_DELAY
    assert delays[-1] == brake.MAX_DELAY


def test_processes_share_it(throttle, monkeypatch):
    other = Throttle()
    other.check(ALICE, HOME, NOW)
    fail(throttle, ALICE, HOME, PAIR_LIMIT)
    clock = brake.time.monotonic
    monkeypatch.setattr(brake.time, "monotonic", lambda: clock() + freshness.MAX_AGE)
    with pytest.raises(Throttled):
        other.check(ALICE, HOME, NOW)


def test_nothing_is_written_while_held(cast):
    door = Door("imap", ATTACKER, encrypted=True)
    for number in range(PAIR_LIMIT):
        AuthenticationFailure.objects.create(
            account_address=ALICE, remote_address=ATTACKER, tried=str(number), failed_at=int(NOW)
        )
    for secret in ("guess", "user1"):  # a right guess looks the same
        with pytest.raises(Throttled):
            authenticate(PasswordProof(ALICE, "", secret), door, now=NOW)
    assert AuthenticationFailure.objects.count() == PAIR_LIMIT
    assert authenticate(PasswordProof(ALICE, "", "user1"), Door("imap", HOME, encrypted=True), now=NOW)


def test_one_brake_for_all_doors(cast):
    for number, protocol in enumerate(["imap", "smtp", "pop3", WEB] * PAIR_LIMIT):
        try:
            authenticate(PasswordProof(ALICE, "", f"guess {number}"), Door(protocol, HOME, encrypted=True), now=NOW)
        except AuthenticationFailed:
            continue
        except Throttled:
            break
    assert number == PAIR_LIMIT
    with pytest.raises(Throttled):
        authenticate(PasswordProof(ALICE, "", "user1"), Door(WEB, HOME), now=NOW)


def test_thousands_of_good_logins_from_one_address(cast):
    """Neither connections nor successes count."""
    door = Door("imap", SCHOOL, encrypted=True)
    for _ in range(2000):
        authenticate(PasswordProof(ALICE, "", "user1"), door, now=NOW)
    assert AuthenticationFailure.objects.count() == 0


def test_a_full_disk_does_not_make_guessing_free(throttle, monkeypatch):
    def full(**_):
        raise brake.DatabaseError("database or disk is full")

    monkeypatch.setattr(AuthenticationFailure.objects, "create", full)
    fail(throttle, ALICE, HOME, PAIR_LIMIT)
    with pytest.raises(Throttled):
        throttle.check(ALICE, HOME, NOW)


def test_sweep(throttle):
    fail(throttle, ALICE, HOME, 2)
    throttle.succeeded(BOB, HOME, NOW - brake.KNOWN_FOR)
    throttle.succeeded(ALICE, HOME, NOW)
    assert brake.sweep(NOW) == 1
    assert brake.sweep(NOW + WINDOW) == 2
    assert KnownAddress.objects.count() == 1


def test_networks():
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("") == ""
