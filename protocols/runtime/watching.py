"""The mailboxes that a connection watches, and hints from the change feed folded into one wake-up."""

from collections.abc import Callable, Collection

from mailstore import feed

Step = Callable[[], None]


class Watching:
    """Made when a session first watches something. `post` runs a step on the event loop, from any thread."""

    __slots__ = ("_account", "_look", "_mailboxes", "_post", "_posted", "hinted")

    def __init__(self, post: Callable[[Step], None], look: Step) -> None:
        self._post = post
        self._look = look
        self._mailboxes: dict[int, Step] = {}  # mailbox id -> unsubscribe
        self._account: tuple[int, Step] | None = None  # the account watched as a whole, and how to unsubscribe
        self._posted = False
        self.hinted = False  # something may have changed since the last look

    def __bool__(self) -> bool:
        return bool(self._mailboxes) or self._account is not None

    def watch(self, wanted: Collection[int], account_id: int = 0) -> None:
        """Watch these mailboxes, that account (0: none) and nothing else; runs wherever a handler ran, while the
        connection is busy."""
        for mailbox_id in [known for known in self._mailboxes if known not in wanted]:
            self._mailboxes.pop(mailbox_id)()
        for mailbox_id in set(wanted) - self._mailboxes.keys():
            self._mailboxes[mailbox_id] = feed.subscribe_mailbox(mailbox_id, self.hint)
            # What was committed between the handler's look and this subscription would go unseen.
            self.hint()
        self._watch_account(account_id)

    def _watch_account(self, account_id: int) -> None:
        watched, unsubscribe = self._account or (0, None)
        if watched == account_id:
            return
        if unsubscribe is not None:
            unsubscribe()
        self._account = (account_id, feed.subscribe_account(account_id, self.hint)) if account_id else None
        if account_id:
            self.hint()

    def hint(self) -> None:
        """From any thread, any number of times: one wake-up."""
        if not self._posted:
            self._posted = True
            self._post(self._came)

    def _came(self) -> None:
        self._posted = False
        self.hinted = True
        self._look()
