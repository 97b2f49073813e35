"""Makes the accounts that the load generators expect: alice, bob, marie, user0001 ... (password "secret")."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from directory import domains  # noqa: E402
from mailstore.accounts import create_account  # noqa: E402
from protocols.runtime import services  # noqa: E402

DOMAIN = "mondomaine.fr"
CONNECTIONS = 20000  # one load generator opens them all from one address


def main(count: int) -> None:
    domains.create_domain(DOMAIN)
    names = ["alice", "bob", "marie", *(f"user{number:04d}" for number in range(1, count + 1))]
    for name in names:
        create_account(f"{name}@{DOMAIN}", "secret")
    for name in ("smtp", "imap", "pop3"):
        services.configure(name, max_connections=CONNECTIONS, max_connections_per_address=CONNECTIONS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
