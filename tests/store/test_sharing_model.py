"""Three people do whatever they like in one shared mailbox; a model of dictionaries says what each must see."""

import random

import pytest

from mailstore import acl, append, flags, mailboxes, messages, reading, rights, search
from mailstore.append import NewMessage
from mailstore.errors import NoPermission, NoSuchMailbox

STEPS = 150
SHARED_FLAGS = flags.ANSWERED | flags.FLAGGED | flags.DELETED | flags.DRAFT
CHOICES = ("lrs", "lrswite", "lrw", "lrt", "lrste", "lrsi", "lr", "")


class Model:
    """The mailbox as it must be: flags that all share, and what each account has read."""

    def __init__(self, people: list[int]) -> None:
        self.flags: dict[int, int] = {}
        self.read: dict[int, set[int]] = {who: set() for who in people}
        self.rights = dict.fromkeys(people, 0)

    def may(self, who: int, needed: int) -> bool:
        return self.rights[who] & needed == needed

    def seen(self, who: int, uid: int) -> int:
        return self.flags[uid] | (flags.SEEN if uid in self.read[who] else 0)

    def append(self, who: int, uid: int, mask: int) -> None:
        kept = mask & rights.settable(self.rights[who])
        self.flags[uid] = kept & SHARED_FLAGS
        if kept & flags.SEEN:
            self.read[who].add(uid)

    def store(self, who: int, uids: list[int], mode: str, mask: int) -> None:
        mask &= rights.settable(self.rights[who])
        for uid in uids:
            old = self.flags[uid]
            self.flags[uid] = (old | mask if mode == "add" else old & ~mask) & SHARED_FLAGS
            if mask & flags.SEEN:
                (self.read[who].add if mode == "add" else self.read[who].discard)(uid)

    def expunge(self) -> list[int]:
        gone = [uid for uid, mask in self.flags.items() if mask & flags.DELETED]
        for uid in gone:
            del self.flags[uid]
            for read in self.read.values():
                read.discard(uid)
        return gone


class View:
    """What one account's program knows by asking for changes only."""

    def __init__(self, who: int, reader: int) -> None:
        self.who, self.reader, self.modseq = who, reader, 0
        self.flags: dict[int, int] = {}

    def catch_up(self, mailbox_id: int) -> None:
        changes = messages.changes_since(mailbox_id, self.modseq, self.reader)
        self.flags |= {state.uid: state.flags for state in changes.changed}
        for uid in changes.vanished:
            self.flags.pop(uid, None)
        self.modseq = changes.modseq


@pytest.mark.parametrize("seed", range(8))
def test_each_sees_what_the_model_says(alice, bob, marie, make_message, seed):
    dice = random.Random(seed)
    box = mailboxes.create_mailbox(alice.id, "Équipe")
    people = [alice.id, bob.id, marie.id]
    model, views = Model(people), [View(who, 0 if who == alice.id else who) for who in people]
    model.rights[alice.id] = rights.ALL
    for _ in range(STEPS):
        who, uids = dice.choice(people), dice.sample(sorted(model.flags), min(len(model.flags), dice.randint(0, 4)))
        step(dice, model, box, who, {bob.id: bob.address, marie.id: marie.address}, uids, make_message)
        view = dice.choice(views)
        view.catch_up(box.id)
        assert view.flags == {uid: model.seen(view.who, uid) for uid in model.flags}
    for view in views:
        agree(model, view, box.id)


def step(dice, model, box, who, addresses, uids, make_message) -> None:
    """One thing that somebody does, in the store and in the model; or that is refused in both."""
    verb, mask = dice.choice(["append", "add", "remove", "add", "expunge", "rights"]), dice.randint(1, flags.ALL)
    if verb == "append":
        if attempt(model.may(who, rights.INSERT), lambda: put(who, box, make_message(), mask)):
            model.append(who, max(next_uid(box) - 1, 1), mask)
    elif verb in ("add", "remove"):
        allowed = bool(mask & rights.settable(model.rights[who]))
        if attempt(allowed, lambda: messages.store_flags(who, box.id, sorted(uids), verb, mask)):
            model.store(who, uids, verb, mask)
    elif verb == "expunge":
        if attempt(model.may(who, rights.EXPUNGE), lambda: messages.expunge(who, box.id)):
            model.expunge()
    else:
        reader, letters = dice.choice(sorted(addresses)), dice.choice(CHOICES)
        identifier = acl.find_identifier(addresses[reader])
        acl.set_rights(box.account_id, box.id, identifier, "replace", rights.parse(letters))
        model.rights[reader] = rights.parse(letters)


def put(who, box, data, mask) -> None:
    append.append_messages(who, box.id, [NewMessage(data, mask)])


def next_uid(box) -> int:
    return mailboxes.get_mailbox_by_id(box.account_id, box.id).uid_next


def attempt(allowed: bool, verb) -> bool:
    if allowed:
        verb()
        return True
    with pytest.raises((NoPermission, NoSuchMailbox)):
        verb()
    return False


def agree(model: Model, view: View, mailbox_id: int) -> None:
    """Lists, searches and totals say the same."""
    expected = {uid: model.seen(view.who, uid) for uid in sorted(model.flags)}
    rows = reading.fetch_rows(mailbox_id, list(expected), ("uid", "flags"), view.reader)
    assert dict(row for batch in rows for row in batch) == expected
    if not model.may(view.who, rights.READ):
        return
    unread = [uid for uid, mask in expected.items() if not mask & flags.SEEN]
    assert search.search(view.who, mailbox_id, search.Not(search.HasFlag(flags.SEEN))) == unread
    assert mailboxes.get_mailbox_by_id(view.who, mailbox_id).unseen == len(unread)
