"""manage.py setpolicy [LEVEL] [--allow METHOD] [--refuse METHOD]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from security import audit, policy_changes
from security.errors import PolicyRefused
from security.policy import ENCRYPTED_CONNECTION, METHODS, NO_RESTRICTIONS, SECURE_AUTHENTICATION

LEVELS = {"none": NO_RESTRICTIONS, "secure": SECURE_AUTHENTICATION, "encrypted": ENCRYPTED_CONNECTION}


class Command(BaseCommand):
    help = "Puts a level of the security policy in force, and switches login methods on and off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "level",
            nargs="?",
            choices=sorted(LEVELS),
            help="none; secure: a challenge-response method, or TLS; encrypted: TLS for everybody who signs in",
        )
        what = f"one of {', '.join(METHODS)}; may be repeated"
        parser.add_argument("--allow", metavar="METHOD", action="append", default=[], help=f"switch on {what}")
        parser.add_argument("--refuse", metavar="METHOD", action="append", default=[], help=f"switch off {what}")

    def handle(self, *args: Any, **options: Any) -> None:
        level, switches = options["level"], [(name, True) for name in options["allow"]]
        switches += [(name, False) for name in options["refuse"]]
        if level is None and not switches:
            raise CommandError("Name a level, or a method to --allow or to --refuse.")
        unknown = [name for name, _on in switches if name.upper() not in METHODS]
        if unknown:
            raise CommandError(f"There is no method {unknown[0]}. There are {', '.join(METHODS)}.")
        if level is not None:
            self._set_level(level)
        for name, on in switches:
            self._switch(name.upper(), on)

    def _set_level(self, level: str) -> None:
        policy_changes.set_level(LEVELS[level])
        audit.record("policy.level", actor="manage.py", detail=level)
        self.stdout.write(f"The policy is now “{level}”. It holds at every door within a second.")

    def _switch(self, method: str, on: bool) -> None:
        try:
            policy_changes.switch(method, on=on)
        except PolicyRefused as error:
            raise CommandError(error.message) from error
        audit.record("policy.method", actor="manage.py", detail=f"{method} {'on' if on else 'off'}")
        self.stdout.write(f"{method} is {'allowed' if on else 'not allowed any more'}.")
