"""The TLS handshake after STARTTLS."""

import asyncio
import logging
import ssl
from collections.abc import Callable

from protocols.runtime import limits

logger = logging.getLogger(__name__)


async def shake_hands(
    transport: asyncio.Transport, connection: asyncio.Protocol, context: Callable[[], ssl.SSLContext]
) -> asyncio.Transport | None:
    """The encrypted transport; None when the handshake failed or took too long, which is logged."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.start_tls(
            transport,
            connection,
            context(),
            server_side=True,
            ssl_handshake_timeout=limits.HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=limits.CLOSE_SECONDS,
        )
    except (TimeoutError, OSError) as error:  # ssl.SSLError is an OSError
        logger.info("TLS with %s failed: %s", transport.get_extra_info("peername"), error)
        return None
