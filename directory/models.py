"""Who exists: domains, accounts, aliases and groups.

Models are used by this app only; others call the verbs in directory/*.py.
Local parts and domains are stored folded (see directory.addresses.fold_address).
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Domain(models.Model):
    """A mail domain that this server is responsible for."""

    name = models.CharField(max_length=253, unique=True)  # A-label form, lower case
    is_primary = models.BooleanField(default=False)
    # Takes mail to unknown local parts of this domain; empty: they are refused.
    catch_all = models.ForeignKey("Account", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.BigIntegerField()  # Unix seconds, as every date outside the web tables

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, address: str | None) -> "Account":
        return self.get(address=address)

    def people(self) -> "models.QuerySet[Account]":
        """All but the accounts of the domains themselves (directory.domain_accounts)."""
        return self.exclude(address__startswith="@")


class Account(AbstractBaseUser):
    """A person or a role with mailboxes; the login is the address."""

    address = models.CharField(max_length=320, unique=True)  # localpart@domain, folded
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="accounts")
    display_name = models.CharField(max_length=200, blank=True)
    is_enabled = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    quota_bytes = models.BigIntegerField(default=0)  # 0: no limit
    quota_messages = models.BigIntegerField(default=0)  # 0: no limit
    language = models.CharField(max_length=8, blank=True)  # "": the browser's
    # Grows with every change of password, rights or state: cached verifications and
    # web sessions made before it are void (see security.authentication).
    credentials_version = models.BigIntegerField(default=1)
    created_at = models.BigIntegerField()

    USERNAME_FIELD = "address"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.address

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.is_enabled


class Alias(models.Model):
    """Another address of an account."""

    address = models.CharField(max_length=320, unique=True)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="aliases")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="aliases")

    def __str__(self) -> str:
        return self.address


class Group(models.Model):
    """An address that delivers to several accounts."""

    address = models.CharField(max_length=320, unique=True)
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=200, blank=True)
    members = models.ManyToManyField(Account, related_name="member_of", blank=True)

    def __str__(self) -> str:
        return self.address


class Site(models.Model):
    """One row: what the first-run page sets for the whole server."""

    hostname = models.CharField(max_length=253, blank=True)  # "": settings.HOSTNAME_FQDN
    set_up_at = models.BigIntegerField(default=0)  # 0: the first-run page is open
