"""The services: what should run (the administrator's) and what does (the listeners'); wire records; POP3's rules."""

from django.conf import settings
from django.db import models


class Service(models.Model):
    """A listener the administrator can steer."""

    class Startup(models.TextChoices):
        AUTOMATIC = "automatic", "Automatic"
        MANUAL = "manual", "Manual"
        DISABLED = "disabled", "Disabled"

    name = models.CharField(max_length=20, unique=True)  # smtp, imaps, ... (runtime.catalogue)
    startup = models.CharField(max_length=10, choices=Startup.choices, default=Startup.AUTOMATIC)
    wanted = models.BooleanField(default=True)  # True: should listen now
    port = models.PositiveIntegerField()  # the real port; settings.PORT_OFFSET is added when binding
    addresses = models.TextField(blank=True)  # one address a line; "": settings.BIND
    max_connections = models.PositiveIntegerField(default=2000)
    max_connections_per_address = models.PositiveIntegerField(default=500)
    generation = models.BigIntegerField(default=1)  # grows with each restart request or edit


class ServiceStatus(models.Model):
    """What the supervising process says of a service, on one host."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="statuses")
    host = models.CharField(max_length=253)
    state = models.CharField(max_length=10, default="stopped")  # starting, running, stopped, failed
    reason = models.TextField(blank=True)  # why it could not start, and the cure
    listening = models.TextField(blank=True)  # "127.0.0.1:10143" a line
    generation = models.BigIntegerField(default=0)
    connections = models.IntegerField(default=0)
    heartbeat_at = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "host"], name="service_status_host")]


class ConnectionRecord(models.Model):
    """What somebody who listened on the wire of one connection could have read."""

    service = models.CharField(max_length=20)
    remote_address = models.CharField(max_length=45)
    account = models.CharField(max_length=320, blank=True)  # the address that logged in
    started_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(db_index=True)
    octets_received = models.BigIntegerField(default=0)
    tls_version = models.CharField(max_length=10, blank=True)  # "": no TLS
    tls_cipher = models.CharField(max_length=60, blank=True)
    tls_key = models.CharField(max_length=30, blank=True)  # the certificate's: "RSA 2048"
    mechanism = models.CharField(max_length=30, blank=True)
    grade = models.SmallIntegerField()  # runtime.session.Grade


class Errand(models.Model):
    """What one of the workers does once a day, whoever comes first (runtime.daily)."""

    name = models.CharField(max_length=20, primary_key=True)
    begun_at = models.BigIntegerField(default=0)  # Unix seconds of the last time


class Pop3Rules(models.Model):
    """One row: what POP3 asks of its clients beside the security policy (RFC 2449 sections 6.5 and 6.7)."""

    login_delay = models.PositiveIntegerField(default=0)  # seconds between two logins to a maildrop; 0: none
    expire_days = models.PositiveIntegerField(null=True)  # days that downloaded mail stays at least; null: for ever


class Pop3Login(models.Model):
    """When somebody last opened a maildrop; written only while there is a login delay."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.BigIntegerField()
