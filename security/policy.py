"""The security policy in force: Kerio's three levels, a switch per mechanism, exceptions by IP group.

    level                          without TLS                       inside TLS
    0 no restrictions              every method                      every method
    1 secure authentication        challenge-response only           every method
    2 encrypted connection         none (port 25 still takes mail)   every method

"Every method" is every one that is switched on; -PLUS exists inside TLS only, and where something binds to the
channel. Changes are made by security.policy_changes.
"""

import ipaddress
from dataclasses import dataclass, field, replace
from functools import lru_cache

from directory.freshness import Kept
from protocols.sasl import MECHANISMS
from security.doors import SERVER_MAIL, WEB, Door
from security.models import IpGroup, Policy

NO_RESTRICTIONS = int(Policy.Level.NONE)
SECURE_AUTHENTICATION = int(Policy.Level.SECURE_AUTHENTICATION)
ENCRYPTED_CONNECTION = int(Policy.Level.ENCRYPTED_CONNECTION)

APOP = "APOP"
METHODS = (*MECHANISMS, APOP)  # what has a switch: the SASL mechanisms, and POP3's own challenge-response
# What these keep of each password opens the door that it is for (APOP: is the password): only where it is wanted.
OFF_UNTIL_WANTED = frozenset({"DIGEST-MD5", "NTLM", APOP})
DEFAULT_METHODS = tuple(name for name in METHODS if name not in OFF_UNTIL_WANTED)
PLAINTEXT = frozenset({"PLAIN", "LOGIN"})  # these show the password itself
NEEDS_BINDING = frozenset({"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class IpGroupInfo:
    """Networks with a level of their own."""

    id: int
    name: str
    networks: tuple[str, ...]  # CIDR
    level: int


@dataclass(frozen=True)
class PolicyInfo:
    """The policy at one moment. Equal values are equal, so answers are cached per value."""

    level: int
    mechanisms: tuple[str, ...]  # the methods that are switched on, in the order of METHODS
    groups: tuple[IpGroupInfo, ...]
    version: int  # grows with every change
    _networks: tuple[tuple[Network, int], ...] = field(default=(), repr=False, compare=False)

    def level_for(self, remote_address: str) -> int:
        """The level that binds this address: its most specific IP group's, else the general one."""
        return _level_for(self._networks, self.level, remote_address) if self._networks else self.level

    def requires_encryption(self, door: Door) -> bool:
        """Whether nothing but STARTTLS (or a redirect) is allowed at this door before TLS."""
        bound = self.level_for(door.remote_address) >= ENCRYPTED_CONNECTION
        return bound and not door.encrypted and door.protocol != SERVER_MAIL

    def allows(self, mechanism: str, door: Door) -> bool:
        """Whether a login by this method is accepted at this door, now."""
        if mechanism not in self.mechanisms or (mechanism in NEEDS_BINDING and not door.can_bind):
            return False
        return door.encrypted or not self.needs_encryption(mechanism, door)

    def would_allow_inside_tls(self, mechanism: str, door: Door) -> bool:
        """Whether a SASL mechanism that is refused at this door would be accepted behind STARTTLS."""
        if door.encrypted or mechanism == APOP:
            return False
        return self.allows(mechanism, replace(door, encrypted=True, can_bind=True))

    def needs_encryption(self, mechanism: str, door: Door) -> bool:
        """Whether the mechanism is accepted at this door inside TLS only."""
        level = self.level_for(door.remote_address)
        plaintext = mechanism in PLAINTEXT or not mechanism
        tls_only = level >= ENCRYPTED_CONNECTION or mechanism in NEEDS_BINDING
        return tls_only or (level >= SECURE_AUTHENTICATION and plaintext)

    def mechanisms_for(self, door: Door) -> tuple[str, ...]:
        """The SASL mechanisms that the server announces at this door, now: strongest first."""
        return tuple(name for name in self.mechanisms if name != APOP and self.allows(name, door))

    def has_plaintext(self, door: Door) -> bool:
        """Whether logins with the password itself are switched on; the web form does not have a switch."""
        return door.protocol == WEB or not PLAINTEXT.isdisjoint(self.mechanisms)

    def allows_plaintext(self, door: Door) -> bool:
        """Whether IMAP LOGIN, POP3 USER/PASS or a web form may take a password at this door, now."""
        return self.has_plaintext(door) and (door.encrypted or not self.needs_encryption("", door))


@lru_cache(maxsize=4096)
def _level_for(networks: tuple[tuple[Network, int], ...], default: int, remote_address: str) -> int:
    try:
        address = ipaddress.ip_address(remote_address.partition("%")[0])
    except ValueError:
        return default
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    matches = [(network.prefixlen, level) for network, level in networks if address in network]
    # The longest prefix wins; between equals the stricter level.
    return max(matches)[1] if matches else default


def current() -> PolicyInfo:
    """The policy in force; changes by any process are in it within half a second, own ones at once."""
    return _kept.get()


def build(level: int, mechanisms: str, groups: tuple[IpGroupInfo, ...], version: int) -> PolicyInfo:
    """PolicyInfo from what is stored. A mechanism that this version does not know is left out."""
    on = set(mechanisms.split())
    networks = tuple((ipaddress.ip_network(cidr), group.level) for group in groups for cidr in group.networks)
    return PolicyInfo(level, tuple(name for name in METHODS if name in on), groups, version, networks)


def _load() -> PolicyInfo:
    row = Policy.objects.order_by("pk").values_list("level", "mechanisms", "version").first()
    level, mechanisms, version = row or (NO_RESTRICTIONS, " ".join(DEFAULT_METHODS), 0)
    return build(level, mechanisms, list_ip_groups(), version)


def lock_methods() -> frozenset[str]:
    """The methods that are switched on, as they stay until the caller's transaction ends: for who keeps secrets."""
    row = Policy.objects.select_for_update().order_by("pk").values_list("mechanisms", flat=True).first()
    return frozenset(DEFAULT_METHODS if row is None else row.split())


def list_ip_groups() -> tuple[IpGroupInfo, ...]:
    """The exceptions by name."""
    rows = IpGroup.objects.order_by("name").values_list("pk", "name", "networks", "level")
    return tuple(IpGroupInfo(pk, name, tuple(networks.split()), level) for pk, name, networks, level in rows)


_kept: Kept[PolicyInfo] = Kept(_load)
