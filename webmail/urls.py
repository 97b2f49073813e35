"""The pages of the webmail, below /webmail/."""

from django.urls import path, re_path
from django.views.i18n import set_language

import webmail.converters  # noqa: F401 (<key:...>)
from webmail.views import act, compose, folders, mail, parts, session, settings, sharing

app_name = "webmail"

MESSAGE = "folder/<key:mailbox_id>/message/<key:uid>"
PART = r"^folder/(?P<mailbox_id>\d{1,17})/message/(?P<uid>\d{1,17})"
NUMBER = r"(?P<number>\d{1,5}(?:\.\d{1,5}){0,99})"

urlpatterns = [
    path("", mail.home, name="home"),
    path("login/", session.login, name="login"),
    path("present/", session.present, name="present"),
    path("logout/", session.logout, name="logout"),
    path("language/", set_language, name="language"),
    path("folders/", mail.folder_list, name="folder_list"),
    path("folders/new/", folders.create, name="folder_create"),
    path("folder/<key:mailbox_id>/", mail.folder, name="folder"),
    path("folder/<key:mailbox_id>/rename/", folders.rename, name="folder_rename"),
    path("folder/<key:mailbox_id>/sharing/", sharing.folder, name="folder_sharing"),
    path("folder/<key:mailbox_id>/delete/", folders.delete, name="folder_delete"),
    path("folder/<key:mailbox_id>/empty/", act.empty, name="folder_empty"),
    path("folder/<key:mailbox_id>/act/", act.act, name="act"),
    path("undo/", act.undo, name="undo"),
    path(f"{MESSAGE}/", mail.message, name="message"),
    path(f"{MESSAGE}/source/", parts.source, name="source"),
    path(f"{MESSAGE}/files.zip", parts.all_files, name="all_files"),
    path(f"{MESSAGE}/<str:kind>/write/", compose.answer, name="answer"),
    re_path(f"{PART}/body/{NUMBER}/$", parts.body, name="body"),
    re_path(f"{PART}/inline/{NUMBER}/$", parts.inline, name="inline"),
    re_path(f"{PART}/file/{NUMBER}/$", parts.file, name="file"),
    path("image/", parts.remote_image, name="remote_image"),
    path("write/", compose.new, name="compose"),
    path("write/send/", compose.submit, name="submit"),
    path("write/save/", compose.save, name="save_draft"),
    path("draft/<key:uid>/", compose.draft, name="draft"),
    path("settings/", settings.settings, name="settings"),
    path("settings/password/", settings.password, name="password"),
]
