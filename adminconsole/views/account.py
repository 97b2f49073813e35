"""One account: editing, disabling, deleting."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from adminconsole.forms.accounts import AccountForm, DeleteAccountForm, initial_of
from adminconsole.getters import account_or_404
from adminconsole.pages.people import account_suggestions, fill_of, methods_of
from adminconsole.shell import done, note, page, posted
from adminconsole.writing import AliasesRefused, aliases_of, update_account
from directory import accounts as directory_accounts
from directory.accounts import AccountInfo
from directory.errors import DirectoryError, StillInUse
from mailstore import accounts as mail_accounts
from mailstore import quota
from security.errors import PasswordRefused
from security.web import admin_required


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, account_id: int) -> HttpResponse:
    """Person, limits, sign-in and other addresses."""
    account = account_or_404(account_id)
    used = quota.usage(account.id)
    form = AccountForm(posted(request), initial=initial_of(account, aliases_of(account)), used=used.size)
    if request.method == "POST" and form.is_valid() and _may_keep_rights(request, account, form):
        try:
            changed = update_account(account, form)
        except AliasesRefused as error:
            form.refuse(error, "aliases")
        except PasswordRefused as error:
            form.refuse(error, "password")
        except StillInUse as error:
            form.refuse(error, "is_admin")
        except DirectoryError as error:
            form.refuse(error)
        else:
            note(request, "account.update", f"{account.address}: {', '.join(changed) or '-'}")
            return done(request, _("%(address)s saved") % {"address": account.address}, "account", account.id)
    context = {
        "account": account,
        "form": form,
        "fill": fill_of(account, used.size, used.messages),
        "methods": methods_of(account),
        "is_me": account.id == request.account.id,  # type: ignore[attr-defined]
    }
    return page(request, "account.html", context, here="accounts", invalid=form.is_bound)


@require_POST
@admin_required
def enable(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let somebody sign in again."""
    account = account_or_404(account_id)
    directory_accounts.update_account(account.id, is_enabled=True)
    note(request, "account.enable", account.address)
    return done(request, _("%(address)s can sign in again") % {"address": account.address}, "account", account.id)


@require_POST
@admin_required
def disable(request: HttpRequest, account_id: int) -> HttpResponse:
    """Sign somebody out everywhere and let nobody in; mail still comes. Never oneself."""
    account = account_or_404(account_id)
    if account.id == request.account.id:  # type: ignore[attr-defined]
        return done(request, _("Nobody can disable the account in use"), "account", account.id)
    try:
        directory_accounts.update_account(account.id, is_enabled=False)
    except StillInUse as error:
        return done(request, error.message, "account", account.id)
    note(request, "account.disable", account.address)
    return done(request, _("%(address)s cannot sign in any more") % {"address": account.address}, "account", account.id)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def delete(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask what happens to the mail, then delete."""
    account = account_or_404(account_id)
    form = DeleteAccountForm(posted(request))
    is_me = account.id == request.account.id  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and not is_me:
        heir = _heir(account, form)
        if not form.errors:
            return _delete(request, account, heir)
    context = {
        "account": account,
        "form": form,
        "used": quota.usage(account.id),
        "suggestions": [other for other in account_suggestions() if other.id != account.id],
        "is_me": is_me,
    }
    return page(request, "account_delete.html", context, here="accounts", invalid=form.is_bound)


def _may_keep_rights(request: HttpRequest, account: AccountInfo, form: AccountForm) -> bool:
    """An administrator cannot take the console away from himself by a slip."""
    is_me = account.id == request.account.id  # type: ignore[attr-defined]
    if is_me and not form.cleaned_data["is_admin"]:
        form.add_error("is_admin", _("This is your own account. Ask another administrator to do this."))
        return False
    return True


def _heir(account: AccountInfo, form: DeleteAccountForm) -> AccountInfo | None:
    if form.cleaned_data["mail"] == form.FOR_EVER:
        return None
    heir = directory_accounts.find_account(form.cleaned_data["heir"])
    if heir is None:
        form.add_error("heir", _("There is no account %(address)s.") % {"address": form.cleaned_data["heir"]})
    elif heir.id == account.id:
        form.add_error("heir", _("This is the account that is deleted. Choose another one."))
    return heir


def _delete(request: HttpRequest, account: AccountInfo, heir: AccountInfo | None) -> HttpResponse:
    mail_accounts.delete_account(account.id, mail_to=heir.id if heir else None)
    note(request, "account.delete", f"{account.address}, {f'mail to {heir.address}' if heir else 'mail deleted'}")
    if heir is None:
        return done(request, _("%(address)s and its mail are deleted") % {"address": account.address}, "accounts")
    sentence = _("%(address)s is deleted, its mail is in %(heir)s") % {"address": account.address, "heir": heir.address}
    return done(request, sentence, "accounts")
