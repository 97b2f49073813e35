"""Policy, credentials, throttle, certificates, audit. Used by this app only."""

from django.conf import settings
from django.db import models


class Policy(models.Model):
    """One row: the security policy, with Kerio's three levels."""

    class Level(models.IntegerChoices):
        NONE = 0, "No restrictions"
        SECURE_AUTHENTICATION = 1, "Require secure authentication"
        ENCRYPTED_CONNECTION = 2, "Require encrypted connection"

    level = models.IntegerField(choices=Level.choices, default=Level.NONE)
    # Names of the methods that are switched on, one space between (security.policy.METHODS).
    mechanisms = models.CharField(
        max_length=200,
        default="SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN",
    )
    version = models.BigIntegerField(default=1)  # grows with every change; caches compare it


class IpGroup(models.Model):
    """Networks with a level of their own, for what cannot meet the policy's (printers, a lab)."""

    name = models.CharField(max_length=100, unique=True)
    networks = models.TextField()  # one CIDR a line
    level = models.IntegerField(choices=Policy.Level.choices)

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """Secrets derived from an account's password, beside Account.password (Argon2id)."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    scram_sha256 = models.CharField(max_length=300, blank=True)  # RFC 5803 form
    # All others are kept only where the policy allows the method (security.derived).
    scram_sha1 = models.CharField(max_length=300, null=True)  # noqa: DJ001 - null: none, as the ones below
    # Encrypted with settings.STORAGE_KEY.
    cram_md5 = models.BinaryField(null=True)
    digest_md5 = models.BinaryField(null=True)
    digest_md5_realm = models.CharField(max_length=253, null=True)  # noqa: DJ001 - what digest_md5 was derived for
    ntlm = models.BinaryField(null=True)
    apop = models.BinaryField(null=True)


class AuthenticationFailure(models.Model):
    """A failed login, for the throttle; rows older than its window are swept."""

    account_address = models.CharField(max_length=320)
    remote_address = models.CharField(max_length=45)  # IPv6: its /64 (security.throttle.network_of)
    # Keyed digest of the password tried: the same wrong one again is a stale client, not a guess. "": not known.
    tried = models.CharField(max_length=16, blank=True)
    failed_at = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["account_address", "failed_at"], name="failure_by_account"),
            models.Index(fields=["remote_address", "failed_at"], name="failure_by_address"),
        ]


class KnownAddress(models.Model):
    """An account has logged in from here: failures of others do not shut this pair out. Written once a week."""

    account_address = models.CharField(max_length=320)
    remote_address = models.CharField(max_length=45)
    seen_at = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_address", "remote_address"], name="known_address_pair")]


class Certificate(models.Model):
    """A certificate chain with its private key (encrypted with settings.STORAGE_KEY)."""

    class Kind(models.TextChoices):
        CA = "ca", "Local certificate authority"
        ISSUED = "issued", "Issued by the local authority"
        IMPORTED = "imported", "Imported"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    chain_pem = models.TextField()
    key_encrypted = models.BinaryField()
    is_active = models.BooleanField(default=False)  # the one that the listeners show
    subject = models.CharField(max_length=300)
    not_after = models.BigIntegerField()
    created_at = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind="ca"), name="one_local_authority"),
            models.UniqueConstraint(fields=["is_active"], condition=models.Q(is_active=True), name="one_active"),
        ]


class AuditRecord(models.Model):
    """Who changed what, and who logged in from where."""

    at = models.BigIntegerField(db_index=True)
    actor = models.CharField(max_length=320, blank=True)
    remote_address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    detail = models.TextField(blank=True)
