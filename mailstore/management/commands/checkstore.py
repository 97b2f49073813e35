"""manage.py checkstore: are the store's invariants whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mailstore import blobs
from mailstore.check import check_store


class Command(BaseCommand):
    help = "Check the mail store: totals, UIDs, MODSEQs, contents and blobs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sweep", action="store_true", help="also remove blobs that a crash left behind")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sweep"]:
            self.stdout.write(f"{len(blobs.sweep())} orphaned blobs removed")
        broken = check_store()
        if broken:
            raise CommandError("\n".join(broken))
        self.stdout.write(self.style.SUCCESS("The store is whole."))
