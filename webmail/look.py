"""How the pages look for this person on this device: theme, density, keys, avatars.

Theme and density belong to a device (a dark phone, a light desk), so they live in a
cookie and not in the account.
"""

import re
import zlib
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

COOKIE = "facteur_look"
COOKIE_SECONDS = 400 * 24 * 3600  # browsers keep a cookie no longer than 400 days (RFC 6265bis section 5.5)
THEMES = ("", "light", "dark")  # "": what the device says
DENSITIES = ("comfortable", "", "compact")  # "": cosy
HUES = 8


@dataclass(frozen=True, slots=True)
class Look:
    """theme is one of THEMES, density one of DENSITIES; keys: single letters are shortcuts (WCAG 2.1.4)."""

    theme: str = ""
    density: str = ""
    keys: bool = True


def from_request(request: HttpRequest) -> Look:
    """What this browser chose; anything unknown in the cookie counts as not chosen."""
    theme, density, keys = [*request.COOKIES.get(COOKIE, "").split("."), "", "", ""][:3]
    return Look(theme if theme in THEMES else "", density if density in DENSITIES else "", keys != "off")


def remember(response: HttpResponse, chosen: Look) -> None:
    """Keeps the choice in this browser."""
    value = ".".join([chosen.theme, chosen.density, "on" if chosen.keys else "off"])
    response.set_cookie(COOKIE, value, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax")


def hue_of(address: str) -> int:
    """1 to 8, the same for the same address everywhere."""
    return zlib.crc32(address.strip().lower().encode()) % HUES + 1


def initials(name: str) -> str:
    """One or two capitals for an avatar: "Élodie Marchand" gives "ÉM", "build@forge.example" gives "B"."""
    words = re.findall(r"[^\W_]+", name.partition("@")[0])
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()
