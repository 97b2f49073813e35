"""manage.py createlab: the practical's domain and people, on a new database."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from directory import domains, site
from directory.accounts import count_accounts
from mailstore import accounts

DOMAIN = "mondomaine.fr"
ADMINISTRATOR = f"admin@{DOMAIN}"
PEOPLE = (
    ("alice", "user1", "Alice Martin"),
    ("bob", "user2", "Bob Durand"),
    ("marie", "user3", "Marie Castel"),
)
PASSWORD_OCTETS = 12  # 16 characters to copy, 96 bits


class Command(BaseCommand):
    help = "Makes mondomaine.fr with alice, bob, marie and an administrator; does nothing when there are accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if count_accounts():
            self.stdout.write("There are accounts already: nothing to do.")
            return
        if domains.find_domain(DOMAIN) is None:
            domains.create_domain(DOMAIN)
        password = secrets.token_urlsafe(PASSWORD_OCTETS)
        # The administrator comes first: interrupted here, the console can still be entered.
        accounts.create_account(ADMINISTRATOR, password, display_name="Administrator", is_admin=True)
        self.stdout.write(f"Administrator: {ADMINISTRATOR}   password: {password}   (shown this once)")
        for localpart, known, name in PEOPLE:
            accounts.create_account(f"{localpart}@{DOMAIN}", known, display_name=name)
            self.stdout.write(f"Account: {localpart}@{DOMAIN}   password: {known}")
        site.mark_set_up()
