"""The form of POP3's rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm
from protocols.runtime.pop3_rules import MAX_EXPIRE_DAYS, MAX_LOGIN_DELAY


class Pop3Form(ConsoleForm):
    """How often a POP3 client may come, and how long what it has downloaded stays."""

    login_delay = forms.IntegerField(
        label=_("Seconds between two sign-ins"),
        min_value=0,
        max_value=MAX_LOGIN_DELAY,
        help_text=_("0: no wait. A client that comes back earlier is told to try later."),
        error_messages={"required": _("Enter a number of seconds, 0 for no wait.")},
    )
    expire_days = forms.IntegerField(
        label=_("Days that downloaded mail stays"),
        required=False,
        min_value=0,
        max_value=MAX_EXPIRE_DAYS,
        help_text=_(
            "Empty: for ever. 0: a message goes once a POP3 client has fetched it. Otherwise what was read goes so "
            "many days after it came, when a POP3 client signs off."
        ),
    )
