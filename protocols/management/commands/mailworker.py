"""`manage.py mailworker smtp imap ...`: the process that runmailservices keeps running for the mail services."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from protocols.runtime.catalogue import Process, names_of


class Command(BaseCommand):
    help = "Serve the mail protocols (started by runmailservices)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("services", nargs="*", default=names_of(Process.MAIL), help="names of services")

    def handle(self, *args: Any, **options: Any) -> None:
        from protocols.runtime.process import allow_many_files, die_with_parent
        from protocols.runtime.worker import run

        die_with_parent()
        allow_many_files()
        run(options["services"])
