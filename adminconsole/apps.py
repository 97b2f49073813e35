from django.apps import AppConfig


class AdminconsoleConfig(AppConfig):
    name = "adminconsole"

    def ready(self) -> None:
        from adminconsole.doors import find_https_port
        from security.web import follow_https_port

        follow_https_port(find_https_port)
