"""manage.py createaccount ADDRESS --password-file FILE|-"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory.errors import DirectoryError
from mailstore import accounts
from mailstore.errors import StoreError
from security.errors import PasswordRefused

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class Command(BaseCommand):
    help = "Makes an account with its mailboxes. The password is the first line of a file, or of standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="for example alice@mondomaine.fr; its domain exists already")
        parser.add_argument("--admin", action="store_true", help="may use the console")
        parser.add_argument("--name", default="", help="the name that people see")
        parser.add_argument("--quota", default="0", metavar="SIZE", help="in octets, or 500M, 2G; 0 for no limit")
        parser.add_argument("--password-file", required=True, metavar="FILE", help="- for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        quota = parse_size(options["quota"])
        password = read_password(options["password_file"])
        try:
            account = accounts.create_account(
                options["address"],
                password,
                display_name=options["name"],
                is_admin=options["admin"],
                quota_bytes=quota,
            )
        except (DirectoryError, PasswordRefused) as error:
            raise CommandError(error.message) from error
        except StoreError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Made the account {account.address}.")


def read_password(source: str) -> str:
    """The first line, without its end. CommandError when it cannot be read or is empty."""
    try:
        text = sys.stdin.readline() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The password cannot be read from {source}: {error}") from error
    password = text.partition("\n")[0].rstrip("\r")
    if not password:
        raise CommandError("The password is empty.")
    return password


def parse_size(text: str) -> int:
    """Octets from "500M" and the like. CommandError."""
    unit = text[-1:].upper() if text[-1:].isalpha() else ""
    number = text[:-1] if unit else text
    if unit not in UNITS or not (number.isascii() and number.isdigit()):
        raise CommandError(f"“{text}” is not a size: write 500M or 2G.")
    return int(number) * UNITS[unit]
