"""manage.py createdomain NAME"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directory import domains
from directory.errors import DirectoryError


class Command(BaseCommand):
    help = "Adds a mail domain that this server is responsible for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="for example mondomaine.fr")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            domain = domains.create_domain(options["name"])
        except DirectoryError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Added the domain {domain.name}.")
