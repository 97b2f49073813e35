"""THREAD's algorithms (RFC 5256 section 3; REFS of draft-ietf-morg-inthread): messages in, trees out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

# Steps to the root that a new link is checked for a loop. Longer chains are nobody's conversation; without a bound
# made-up ones would cost the square of their length.
MAX_CHAIN = 1_000


@dataclass(slots=True, eq=False)
class Threaded:
    """A message, or a dummy (`number` 0) that holds siblings together."""

    number: int = 0
    sent_at: int = 0
    arrived_at: int = 0
    base_subject: str = ""  # folded
    is_reply: bool = False
    message_id: str = ""
    ancestors: Sequence[str] = ()
    parent: Threaded | None = None
    children: list[Threaded] = field(default_factory=list)

    @property
    def lead(self) -> Threaded:
        """Itself, or the first child of a dummy, which stands for it in sorting and by its subject."""
        return self if self.number or not self.children else self.children[0].lead


_BY_DATE = attrgetter("lead.sent_at", "lead.number")


def ordered_subject(messages: Sequence[Threaded]) -> list[Threaded]:
    """ORDEREDSUBJECT: those of one base subject are one thread, the earliest at its root."""
    threads: dict[str, Threaded] = {}
    for message in sorted(messages, key=attrgetter("sent_at", "number")):
        first = threads.setdefault(message.base_subject, message)
        if first is not message:
            first.children.append(message)
    return list(threads.values())  # in the order of their first messages, which came in the order of the dates


def references(messages: Sequence[Threaded]) -> list[Threaded]:
    """REFERENCES. `messages` in the order of the mailbox."""
    roots = _pruned(_link(messages))
    _sort(roots)
    roots = _gathered(roots)
    _sort(roots)
    return roots


def refs(messages: Sequence[Threaded]) -> list[Threaded]:
    """REFS: by references alone; threads in the order of their latest arrivals."""
    roots = _pruned(_link(messages))
    _sort(roots)
    latest = {root: max(each.arrived_at for each in _walk([root])) for root in roots}
    return sorted(roots, key=lambda root: (latest[root], root.lead.number))


def _link(messages: Sequence[Threaded]) -> list[Threaded]:
    """Steps 1 and 2: the trees that the references make; their roots."""
    by_id: dict[str, Threaded] = {}
    for message in messages:
        if message.message_id:
            by_id.setdefault(message.message_id, message)  # of several with one id the first has it
    made: list[Threaded] = []
    for message in messages:
        parent: Threaded | None = None
        for ancestor_id in message.ancestors:
            ancestor = by_id.get(ancestor_id)
            if ancestor is None:
                ancestor = by_id[ancestor_id] = Threaded()
                made.append(ancestor)
            if parent is not None and ancestor.parent is None and not _loops(parent, ancestor):
                _adopt(parent, ancestor)
            parent = ancestor
        if message.parent is not None and message.parent is not parent:
            message.parent.children.remove(message)
            message.parent = None
        if parent is not None and message.parent is None and not _loops(parent, message):
            _adopt(parent, message)
    return [each for each in (*messages, *made) if each.parent is None]


def _loops(parent: Threaded, child: Threaded) -> bool:
    """Whether the link would close a loop."""
    if parent is child:
        return True
    if not child.children:
        return False
    above: Threaded | None = parent
    for _ in range(MAX_CHAIN):
        if above is None:
            return False
        if above is child:
            return True
        above = above.parent
    return True


def _adopt(parent: Threaded, child: Threaded) -> None:
    child.parent = parent
    parent.children.append(child)


def _pruned(roots: list[Threaded]) -> list[Threaded]:
    """Step 3: dummies without children go, the children of others are promoted, not to the root unless it is one."""
    for node in reversed(list(_walk(roots))):  # children before their parents
        node.children = _spliced(node.children)
    kept = []
    for root in roots:
        if root.number or len(root.children) > 1:
            kept.append(root)
        else:
            kept += root.children
    return kept


def _spliced(children: list[Threaded]) -> list[Threaded]:
    if all(child.number for child in children):
        return children
    found: list[Threaded] = []
    for child in children:
        found += [child] if child.number else child.children
    return found


def _walk(roots: Iterable[Threaded]) -> Iterable[Threaded]:
    """Every node, parents before their children; without recursion, for chains are long."""
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def _sort(roots: list[Threaded], key: Callable[[Threaded], object] = _BY_DATE) -> None:
    """Steps 4 and 6: each set of siblings by sent date, the youngest sets first."""
    for node in reversed(list(_walk(roots))):
        if len(node.children) > 1:
            node.children.sort(key=key)  # type: ignore[arg-type]
    roots.sort(key=key)  # type: ignore[arg-type]


def _gathered(roots: list[Threaded]) -> list[Threaded]:
    """Step 5: threads of one base subject become one."""
    table: dict[str, Threaded] = {}
    for root in roots:
        subject = root.lead.base_subject
        held = table.get(subject)
        if subject and (held is None or _is_better(root, held)):
            table[subject] = root
    kept: dict[Threaded, None] = dict.fromkeys(roots)
    for root in roots:
        subject = root.lead.base_subject
        held = table.get(subject)
        if not subject or held is None or held is root:
            continue
        del kept[root]
        merged = _merge(held, root)
        if merged is not held:
            del kept[held]
            kept[merged] = None
            table[subject] = merged
    return list(kept)


def _is_better(root: Threaded, held: Threaded) -> bool:
    """Step 5.B.iv: for the subject table."""
    return bool(held.number) and (not root.number or (held.is_reply and not root.is_reply))


def _merge(held: Threaded, root: Threaded) -> Threaded:
    """Step 5.C: what stands in the table afterwards."""
    if not held.number:
        held.children += [root] if root.number else root.children
        return held
    if root.number and root.is_reply and not held.is_reply:
        held.children.append(root)
        return held
    return Threaded(children=[held, root])
