"""View models of the certificates page."""

import time
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from security.certificates import CertificateInfo, list_certificates

DAY = 86_400
# When an administrator should act: most authorities ask for a month; a week is late.
EXPIRES_SOON, EXPIRES_NOW = 30 * DAY, 7 * DAY


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A certificate with the words around it."""

    info: CertificateInfo
    now: int

    @property
    def is_authority(self) -> bool:
        return self.info.kind == "ca"

    @property
    def is_expired(self) -> bool:
        return self.info.not_after <= self.now

    @property
    def expires_soon(self) -> bool:
        return self.info.not_after - self.now < EXPIRES_SOON

    @property
    def elapsed(self) -> int:
        """How much of its life is over, per cent."""
        whole = max(1, self.info.not_after - self.info.not_before)
        return max(0, min(100, (self.now - self.info.not_before) * 100 // whole))

    @property
    def grade(self) -> str:
        """The class of the progress bar."""
        left = self.info.not_after - self.now
        if left < EXPIRES_NOW:
            return "progress-critical"
        return "progress-caution" if left < EXPIRES_SOON else "progress-good"

    @property
    def left(self) -> str:
        """ "70 days left", "9 years left", "expired"."""
        return time_left(self.info.not_after - self.now)

    @property
    def origin(self) -> str:
        """One sentence on where it comes from and what becomes of it."""
        if self.is_authority:
            return _("Made on this server. Trust it once on each computer.")
        if self.info.kind == "issued":
            return _("Issued by the local authority. A new one takes its place by itself before it ends.")
        return _("Imported. Issued by %(issuer)s; it does not renew by itself.") % {"issuer": self.info.issuer}


def certificate_cards() -> list[CertificateCard]:
    """The one in use first, the authority last."""
    now = int(time.time())
    return [CertificateCard(info, now) for info in list_certificates()]


def time_left(seconds: int) -> str:
    """The time to the end of a certificate, in its largest unit."""
    if seconds <= 0:
        return _("expired")
    days = seconds // DAY
    if days >= 730:
        return ngettext("%(count)d year left", "%(count)d years left", days // 365) % {"count": days // 365}
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
