"""View models of the security page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from adminconsole.forms.security import NAMES
from directory.accounts import count_accounts
from security.derived import SEALED
from security.methods import count_by_method
from security.policy import METHODS, NEEDS_BINDING, PLAINTEXT, IpGroupInfo, current

# What an eavesdropper reads of a session, by grade (the look's verdict chips).
VERDICTS: dict[int, str | Promise] = {
    1: gettext_lazy("Metadata only"),
    2: gettext_lazy("Content readable"),
    3: gettext_lazy("Password attackable"),
    4: gettext_lazy("Password in clear"),
}
# Without TLS. SCRAM's keys take a dictionary attack on PBKDF2 too dear to count; one MD5 is not.
GRADES = {"SCRAM-SHA-256": 2, "SCRAM-SHA-1": 2} | dict.fromkeys(SEALED, 3) | dict.fromkeys(PLAINTEXT, 4)
LEVEL_HINTS: dict[int, str | Promise] = {
    0: gettext_lazy("Every method, with or without encryption. Passwords can travel in clear: for a closed lab only."),
    1: gettext_lazy(
        "A challenge-response method, or any method inside TLS. The password is hidden; what people write may not be."
    ),
    2: gettext_lazy("TLS everywhere but for mail from other servers. The webmail and this console lead to HTTPS."),
}


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A radio card."""

    level: int
    title: str | Promise
    hint: str | Promise
    in_force: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A row of the methods table; without_grade 0: the method exists inside TLS only."""

    name: str
    without_grade: int
    without: str | Promise
    inside: str | Promise
    accounts: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    group: IpGroupInfo
    level: str | Promise


def level_choices(chosen: int | None) -> list[LevelChoice]:
    """The three levels; `chosen` is what the form was sent with, None for the one in force."""
    in_force = current().level
    mark = in_force if chosen is None else chosen
    return [LevelChoice(level, NAMES[level], LEVEL_HINTS[level], level == in_force, level == mark) for level in NAMES]


def method_rows() -> list[MethodRow]:
    """The methods in their order, with what each is worth and who can use it (three queries)."""
    everybody = count_accounts()
    rows = []
    for use in count_by_method(METHODS):
        grade = 0 if use.mechanism in NEEDS_BINDING else GRADES.get(use.mechanism, 4)
        rows.append(
            MethodRow(
                name=use.mechanism,
                without_grade=grade,
                without=VERDICTS.get(grade, ""),
                inside=VERDICTS[1],
                accounts=_accounts(use.mechanism, use.accounts, everybody),
                is_on=use.is_on,
            )
        )
    return rows


def exception_rows() -> list[ExceptionRow]:
    return [ExceptionRow(group, NAMES[group.level]) for group in current().groups]


def _accounts(mechanism: str, able: int, everybody: int) -> str:
    if mechanism in SEALED:
        return ngettext("%(count)d keeps a secret", "%(count)d keep a secret", able) % {"count": able}
    if able >= everybody:
        return _("All %(count)d") % {"count": everybody}
    return _("%(count)d of %(all)d") % {"count": able, "all": everybody}
