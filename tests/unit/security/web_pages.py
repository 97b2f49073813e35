"""A small site behind the real middleware, for test_web."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseForbidden
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from protocols.sasl import PasswordProof
from security import web
from security.authentication import authenticate


def home(request):
    return HttpResponse(request.account.address if request.account else "nobody")


@csrf_exempt
def login(request):
    if request.method == "POST":
        proof = PasswordProof(request.POST["user"], "", request.POST["password"])
        web.log_in(request, authenticate(proof, web.door(request)))
        return HttpResponse(web.safe_next(request, "/webmail/"))
    return ensure_csrf_cookie(home)(request)


def toast(request):
    messages.success(request, "alice@mondomaine.fr saved")
    return HttpResponse("said")


def toasts(request):
    return HttpResponse(", ".join(map(str, messages.get_messages(request))))


@csrf_exempt
def logout(request):
    web.log_out(request)
    return HttpResponse("bye")


def handler403(request, exception):
    return HttpResponseForbidden()  # the project's page links to the project's URLs


urlpatterns = [
    path("webmail/", home),
    path("webmail/login/", login),
    path("webmail/logout/", logout),
    path("webmail/toast/", toast),
    path("webmail/toasts/", toasts),
    path("webmail/settings/password/", web.account_required(home)),
    path("webmail/mine/", web.account_required(home)),
    path("admin/", web.admin_required(home)),
    path("admin/login/", home),
]


def refused(request, reason=""):
    return HttpResponse(reason, status=403)
