"""Django settings.

Everything an administrator may choose comes from the environment or from `.env`:
DATA_DIR, DATABASE_URL, PORT_OFFSET, BIND, HOSTNAME_FQDN and what docs/admin-guide.md lists. Secrets are generated into
DATA_DIR (mode 0600) on first start; see config/secrets.py.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.secrets import load_or_create_secret

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people wrote is nobody else's

BIND = env.str("BIND", default="127.0.0.1")
PORT_OFFSET = env.int("PORT_OFFSET", default=10000)
# The name in greetings, Received lines and the certificate; a name set in the console wins.
HOSTNAME_FQDN = env.str("HOSTNAME_FQDN", default="mailhost.mondomaine.fr")

# RFC 8437 section 8 wants a way to switch UNAUTHENTICATE off; RFC 7888 section 5 leaves LITERAL- or LITERAL+ to us.
IMAP_UNAUTHENTICATE = env.bool("IMAP_UNAUTHENTICATE", default=True)
IMAP_LITERAL_MINUS = env.bool("IMAP_LITERAL_MINUS", default=False)
# RFC 6855 section 4 refuses 8-bit header fields from clients without UTF8=ACCEPT; old mail that is moved may have some.
IMAP_APPEND_8BIT_HEADERS = env.bool("IMAP_APPEND_8BIT_HEADERS", default=True)

SECRET_KEY = load_or_create_secret(DATA_DIR / "secret_key")
# Encrypts derived secrets and private keys at rest; deliberately not in the database.
STORAGE_KEY = load_or_create_secret(DATA_DIR / "storage_key")

DEBUG = False
# Mail clients and browsers on a local network reach the server by many names; nothing
# here builds an absolute link from the Host header.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "directory",
    "security",
    "mailstore",
    "delivery",
    "protocols",
    "webmail",
    "adminconsole",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "security.web.EncryptedConnectionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "security.web.AccountMiddleware",
    "webmail.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "security.csp.ContentSecurityPolicyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'facteur.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=30,
        # Durable at every commit (synchronous=FULL); see docs/adr/0002. Reads go through the mapping, which all threads
        # share; the cache (16 MiB) is each connection's own and holds what is being written or lies beyond.
        init_command=(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456; PRAGMA busy_timeout=30000;"
        ),
    )
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = None  # opening costs more than what a page asks
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS: list[str] = []  # security.authenticate() is the only way in
PASSWORD_HASHERS = ["security.hashers.FacteurArgon2PasswordHasher"]
LOGIN_URL = "/webmail/login/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Contents above 64 KiB go here; point it at an object store for several machines.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "messages": {
        "BACKEND": "mailstore.blobs.DurableFileStorage",
        "OPTIONS": {"location": str(DATA_DIR / "messages")},
    },
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "facteur_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "facteur_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "webmail.views.session.refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# Whether the browser must use HTTPS is the security policy's decision, made per request
# in security.web.EncryptedConnectionMiddleware (it also marks the cookies Secure).
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W019"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],  # the nonce is for the import map
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "protocols.runtime.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
