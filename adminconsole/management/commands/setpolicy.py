"""manage.py setpolicy LEVEL"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from security import audit, policy_changes
from security.policy import ENCRYPTED_CONNECTION, NO_RESTRICTIONS, SECURE_AUTHENTICATION

LEVELS = {"none": NO_RESTRICTIONS, "secure": SECURE_AUTHENTICATION, "encrypted": ENCRYPTED_CONNECTION}


class Command(BaseCommand):
    help = "Puts a level of the security policy in force, for an administrator who locked the doors from inside."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "level",
            choices=sorted(LEVELS),
            help="none; secure: a challenge-response method, or TLS; encrypted: TLS for everybody who signs in",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        policy_changes.set_level(LEVELS[options["level"]])
        audit.record("policy.level", actor="manage.py", detail=options["level"])
        self.stdout.write(f"The policy is now “{options['level']}”. It holds at every door within a second.")
