"""Static files gathered into STATIC_ROOT when their sources changed, so that a first start needs no step."""

import hashlib
import logging
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

logger = logging.getLogger(__name__)

_STAMP = ".gathered"


def gather_if_outdated() -> None:
    """Run collectstatic unless the sources are those of the last time; a failure is logged, not fatal."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / _STAMP
    present = _fingerprint()
    if stamp.is_file() and stamp.read_text() == present:
        return
    try:
        call_command("collectstatic", interactive=False, clear=False, verbosity=0)
        root.mkdir(parents=True, exist_ok=True)
        stamp.write_text(present)
    except Exception:
        # The mail services do not need them, and pages work without their looks.
        logger.exception("The static files could not be gathered into %s", root)


def _fingerprint() -> str:
    """Names, sizes and times of all sources."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
