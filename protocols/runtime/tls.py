"""What was negotiated on a TLS connection, in the words of TlsInfo."""

import ssl

from protocols.runtime.session import TlsInfo
from security.tls import ServerContext, channel_bindings


def describe(channel: ssl.SSLObject) -> TlsInfo:
    """TlsInfo of a finished handshake."""
    cipher, _, bits = channel.cipher() or ("", "", 0)
    bindings = channel_bindings(channel)
    context = channel.context
    return TlsInfo(
        version=channel.version() or "",
        cipher=cipher,
        bits=bits,
        sni=getattr(channel, "server_name_asked", ""),
        server_end_point=bindings.get("tls-server-end-point"),
        unique=bindings.get("tls-unique"),
        exporter=bindings.get("tls-exporter"),
        compression=channel.compression() or "",
        key=context.key if isinstance(context, ServerContext) else "",
    )
