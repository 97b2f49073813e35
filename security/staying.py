"""Who came in may stay: until the password, the rights or the state of the account change, and while the policy lets.

Sessions last: a browser's for weeks, an IDLE for as long as the client lives. Every door asks here again and again.
"""

from directory import accounts
from directory.accounts import AccountInfo
from directory.errors import NotFound
from directory.freshness import KeptByKey
from security.doors import Door
from security.policy import ENCRYPTED_CONNECTION, current


def find_present(account_id: int, credentials_version: int) -> AccountInfo | None:
    """The account as it is now; None when what was begun under this version of its credentials has ended.

    Reads the database twice a second for an account at most: not to be called on an event loop.
    """
    account = _accounts.get(account_id)
    if account is None or not account.is_enabled or account.credentials_version != credentials_version:
        return None
    return account


def may_stay(account: AccountInfo, door: Door) -> bool:
    """Whether the login of a mail client still stands. Not to be called on an event loop.

    At the highest level also port 25 ends logins in the clear: it is open to servers, which do not log in.
    """
    in_clear = not door.encrypted and current().level_for(door.remote_address) >= ENCRYPTED_CONNECTION
    return not in_clear and find_present(account.id, account.credentials_version) is not None


def is_known_to_stay(account: AccountInfo, door: Door) -> bool:
    """Whether may_stay() would say yes without reading; for event loops. No means: ask may_stay()."""
    if not door.encrypted and current().level_for(door.remote_address) >= ENCRYPTED_CONNECTION:
        return False
    found = _accounts.find(account.id)
    return found is not None and found.is_enabled and found.credentials_version == account.credentials_version


def _find(account_id: int) -> AccountInfo | None:
    try:
        return accounts.get_account(account_id)
    except NotFound:
        return None


_accounts: KeptByKey[int, AccountInfo | None] = KeptByKey(_find)
