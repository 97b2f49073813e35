"""Settings for the tests: everything in a folder that is thrown away."""

import atexit
import os
import shutil
import tempfile

if "FACTEUR_TEST_DATA_DIR" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="facteur-test-")
    os.environ["FACTEUR_TEST_DATA_DIR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = os.environ["FACTEUR_TEST_DATA_DIR"]
os.environ.setdefault("HOSTNAME_FQDN", "mailhost.mondomaine.fr")

from config.settings import *  # noqa: F403

# A real file, not :memory:, so that threads and processes share it as in production.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"].setdefault("TEST", {})["NAME"] = str(  # noqa: F405
        DATA_DIR / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3"  # noqa: F405
    )
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
