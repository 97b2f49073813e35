from django.apps import AppConfig


class AdminconsoleConfig(AppConfig):
    name = "adminconsole"
