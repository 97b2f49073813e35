"""View models of the services page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from protocols.runtime import services
from protocols.runtime.services import ServiceView

WHAT: dict[str, str | Promise] = {
    "smtp": gettext_lazy("Mail from other servers"),
    "submission": gettext_lazy("Mail from your users"),
    "smtps": gettext_lazy("Mail from your users, TLS"),
    "imap": gettext_lazy("Mailboxes"),
    "imaps": gettext_lazy("Mailboxes, TLS"),
    "pop3": gettext_lazy("Mail download"),
    "pop3s": gettext_lazy("Mail download, TLS"),
    "http": gettext_lazy("Webmail and console"),
    "https": gettext_lazy("Webmail and console, TLS"),
}
STATES: dict[str, tuple[str, str | Promise]] = {
    "running": ("", pgettext_lazy("service", "Running")),
    "starting": ("state-wait", pgettext_lazy("service", "Starting")),
    "stopping": ("state-wait", pgettext_lazy("service", "Stopping")),
    "stopped": ("state-off", pgettext_lazy("service", "Stopped")),
    "failed": ("state-bad", pgettext_lazy("service", "Cannot start")),
}
STARTUPS: dict[str, str | Promise] = {
    "automatic": pgettext_lazy("startup", "Automatic"),
    "manual": pgettext_lazy("startup", "Manual"),
    "disabled": pgettext_lazy("startup", "Disabled"),
}
ENCRYPTIONS: dict[str, tuple[str, str | Promise]] = {
    "none": ("lock-open", pgettext_lazy("encryption", "None")),
    "starttls": ("lock-keyhole-open", "STARTTLS"),
    "tls": ("lock", "TLS"),
}
WEB = frozenset({"http", "https"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A row of the services page. `problem` and `cure` come from one sentence: what happened, then the rest."""

    service: ServiceView
    what: str | Promise
    state_class: str
    state: str | Promise
    startup: str | Promise
    lock: str
    encryption: str | Promise
    addresses: str
    carries_this_page: bool

    @property
    def problem(self) -> str:
        return self._sentences[0]

    @property
    def cure(self) -> str:
        return self._sentences[1]

    @property
    def _sentences(self) -> tuple[str, str]:
        first, dot, rest = self.service.reason.partition(". ")
        return (first + dot.strip(), rest)

    @property
    def is_failed(self) -> bool:
        return self.service.state == "failed"

    @property
    def is_up(self) -> bool:
        return self.service.state in ("running", "starting")

    @property
    def connected(self) -> str:
        """Connections now; a dash where nothing listens, and for the web, whose server does not count them."""
        is_counted = self.service.state == "running" and self.service.name not in WEB
        return str(self.service.connections) if is_counted else "–"

    @property
    def has_other_port(self) -> bool:
        """The port bound is not the one configured (PORT_OFFSET)."""
        return self.service.real_port != self.service.port


def service_rows(request: HttpRequest) -> list[ServiceRow]:
    """All services with their words."""
    return [row_of(service, request) for service in services.list_services()]


def row_of(service: ServiceView, request: HttpRequest) -> ServiceRow:
    state_class, state = STATES.get(service.state, ("state-wait", service.state))
    lock, encryption = ENCRYPTIONS[service.encryption]
    return ServiceRow(
        service=service,
        what=WHAT.get(service.name, ""),
        state_class=state_class,
        state=state,
        startup=STARTUPS[service.startup],
        lock=lock,
        encryption=encryption,
        addresses=_addresses(service),
        carries_this_page=service.name == ("https" if request.is_secure() else "http"),
    )


def _addresses(service: ServiceView) -> str:
    if EVERYWHERE.intersection(service.effective_addresses):
        return _("All addresses")
    return ", ".join(service.effective_addresses)
