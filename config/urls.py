"""URL map: the webmail, the console, and the bare host leading to the webmail."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="/webmail/", permanent=False)),
    path("webmail/", include("webmail.urls")),
    path("admin/", include("adminconsole.urls")),
]
