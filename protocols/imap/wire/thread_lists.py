"""thread-data (RFC 5256 section 5): trees as nested lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Node(Protocol):
    """A message with a number, or a dummy without."""

    @property
    def number(self) -> int: ...

    @property
    def children(self) -> Sequence[Node]: ...


def thread_lists(roots: Sequence[Node]) -> str:
    """`(166)((3)(5))(6 7 (8)(9 10))`; without recursion, for there is no limit to the nesting."""
    out: list[str] = []
    waiting: list[Node | str] = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        chain = []
        while True:
            if node.number:
                chain.append(str(node.number))
            if len(node.children) != 1:
                break
            node = node.children[0]
        out.append("(" + " ".join(chain))
        waiting.append(")")
        if node.children:
            if chain:
                out.append(" ")
            waiting += reversed(node.children)
    return "".join(out)
