"""View models of the audit log."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from security.audit import AuditEntry

ACTIONS: dict[str, str | Promise] = {
    "sign in": _("Signed in"),
    "sign out": _("Signed out"),
    "site.setup": _("Set the server up"),
    "site.hostname": _("Changed the host name"),
    "domain.create": _("Added a domain"),
    "domain.delete": _("Deleted a domain"),
    "domain.catch_all": _("Changed a catch-all"),
    "domain.primary": _("Changed the primary domain"),
    "account.create": _("Created an account"),
    "account.update": _("Changed an account"),
    "account.enable": _("Enabled an account"),
    "account.disable": _("Disabled an account"),
    "account.delete": _("Deleted an account"),
    "alias.create": _("Created an alias"),
    "alias.update": _("Changed an alias"),
    "alias.delete": _("Deleted an alias"),
    "group.create": _("Created a group"),
    "group.update": _("Changed a group"),
    "group.delete": _("Deleted a group"),
    "service.start": _("Started a service"),
    "service.stop": _("Stopped a service"),
    "service.restart": _("Restarted a service"),
    "service.configure": _("Changed a service"),
    "policy.level": _("Changed the policy"),
    "policy.method": _("Switched a method"),
    "policy.exception.create": _("Added an exception"),
    "policy.exception.update": _("Changed an exception"),
    "policy.exception.delete": _("Deleted an exception"),
    "certificate.import": _("Imported a certificate"),
    "certificate.activate": _("Put a certificate in use"),
    "certificate.issue": _("Issued a certificate"),
    "certificate.delete": _("Deleted a certificate"),
}


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A line of the log; an action without words of its own is shown as it was recorded."""

    entry: AuditEntry
    action: str | Promise


def audit_rows(entries: list[AuditEntry]) -> list[AuditRow]:
    return [AuditRow(entry, ACTIONS.get(entry.action, entry.action)) for entry in entries]
