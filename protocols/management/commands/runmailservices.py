"""`manage.py runmailservices`: everything the mail server is, until Ctrl-C or SIGTERM."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from protocols.runtime.catalogue import CATALOGUE, Process
from protocols.runtime.services import ServiceView


class Command(BaseCommand):
    help = "Run all services: mail protocols, webmail and console. Prints “ready” when they listen."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="names of services, with commas: imap,smtp,http")

    def handle(self, *args: Any, **options: Any) -> None:
        from protocols.runtime.supervisor import Supervisor

        names = [name.strip() for name in options["only"].split(",") if name.strip()] or list(CATALOGUE)
        unknown = [name for name in names if name not in CATALOGUE]
        if unknown:
            raise CommandError(f"No such service: {', '.join(unknown)}. There are: {', '.join(CATALOGUE)}.")
        self._require_migrations()
        Supervisor(names, self._report).run()

    def _require_migrations(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not up to date. Run “manage.py migrate”, then start again.")

    def _report(self, views: list[ServiceView]) -> None:
        width = max(len(view.title) for view in views)
        for view in views:
            if view.state == "running":
                said = "  ".join(view.listening)
            else:
                said = f"{view.state}: {view.reason}" if view.reason else view.state
            self.stdout.write(f"{view.title:<{width}}  {said}")
        for title, path in (("Webmail", "/webmail/"), ("Console", "/admin/")):
            urls = [f"{view.name}://{view.listening[0]}{path}" for view in views if _is_web(view) and view.listening]
            if urls:
                self.stdout.write(f"{title:<{width}}  {'  '.join(urls)}")
        self.stdout.write("ready")
        self.stdout.flush()


def _is_web(view: ServiceView) -> bool:
    return view.state == "running" and CATALOGUE[view.name].process is Process.WEB
