"""WSGI entry point (the ASGI front in config/asgi.py hands everything but /events to it)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
