"""Where browsers find HTTPS: security.web leads there and cannot know (the services are above it)."""

from protocols.runtime.services import get_service


def find_https_port() -> int | None:
    """The port of the HTTPS service, None while the administrator has it stopped."""
    https = get_service("https")
    return https.real_port if https.wanted else None
