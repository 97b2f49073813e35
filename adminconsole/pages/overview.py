"""View model of the overview: a sentence about the state, then the numbers behind it."""

import time
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adminconsole.forms.security import NAMES
from adminconsole.pages.audit import AuditRow, audit_rows
from adminconsole.pages.certificates import EXPIRES_SOON, time_left
from adminconsole.pages.services import ServiceRow, service_rows
from adminconsole.pages.wire import GradeLine, grade_lines
from directory import accounts, domains, site
from mailstore import statistics
from security import audit, certificates, failures, policy
from security.throttle import WINDOW

LAST_CHANGES = 5
A_DAY = 86_400  # seconds
LAST_FAILURES = 5


@dataclass(frozen=True, slots=True)
class Watch:
    """A line of "To keep an eye on"; grade is the look's class of its icon."""

    icon: str
    title: str
    hint: str | Promise
    url: str
    icon_class: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page."""

    hostname: str
    now: int
    sentence: str
    services: list[ServiceRow]
    failed: list[ServiceRow]
    accounts: int
    messages: int
    storage: int
    connections: int
    failures: list[failures.Failure]
    failure_count: int
    minutes: int
    grades: list[GradeLine]
    graded: int
    changes: list[AuditRow]
    watched: list[Watch]


def overview_of(request: HttpRequest) -> Overview:
    """A constant number of queries, whatever the server holds."""
    now = int(time.time())
    services = service_rows(request)
    totals = statistics.totals()
    since = now - WINDOW
    grades = grade_lines(now - A_DAY)
    return Overview(
        hostname=site.hostname(),
        now=now,
        sentence=sentence_for(services),
        services=services,
        failed=[row for row in services if row.is_failed],
        accounts=accounts.count_accounts(),
        messages=totals.messages,
        storage=totals.size,
        connections=sum(row.service.connections for row in services),
        failures=failures.list_failures(since, LAST_FAILURES),
        failure_count=failures.count_failures(since),
        minutes=WINDOW // 60,
        grades=grades,
        graded=sum(line.count for line in grades),
        changes=audit_rows(audit.list_records(limit=LAST_CHANGES)),
        watched=[_certificate(now), _policy(), _domains()],
    )


def sentence_for(services: list[ServiceRow]) -> str:
    """What an administrator wants to know first."""
    failed = sum(1 for row in services if row.is_failed)
    states = {row.service.name: row.service.state for row in services}
    if failed == len(services):
        return _("Mail is not flowing.")
    if states["smtp"] == "stopped":
        flow = _("No mail comes in: SMTP is stopped.")
    elif states["smtp"] == "failed":
        flow = _("No mail comes in.")
    elif states["smtp"] == "starting":
        flow = _("The services are starting.")
    else:
        flow = _("Mail is flowing.")
    if not failed:
        return flow
    needs = ngettext("One service needs you.", "%(count)d services need you.", failed) % {"count": failed}
    return f"{flow} {needs}"


def _certificate(now: int) -> Watch:
    active = next((info for info in certificates.list_certificates() if info.is_active), None)
    if active is None:
        hint, soon = _("None yet; one is issued when the server starts"), True
    else:
        soon = active.not_after - now < EXPIRES_SOON
        hint = f"{active.subject}, {time_left(active.not_after - now)}"
    return Watch("file-badge", _("Certificate"), hint, "adminconsole:certificates", "icon-bad" if soon else "")


def _policy() -> Watch:
    level = policy.current().level
    return Watch("shield-alert" if level == 0 else "shield-check", _("Policy"), NAMES[level], "adminconsole:security")


def _domains() -> Watch:
    count = domains.count_domains()
    names = domains.primary_domain()
    hint = names if count == 1 else ngettext("%(count)d domain", "%(count)d domains", count) % {"count": count}
    return Watch("globe", _("Domains"), hint or _("None yet"), "adminconsole:domains")
