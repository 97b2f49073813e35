"""What was negotiated on a TLS connection, in the words of TlsInfo."""

import ssl

from protocols.runtime.session import TlsInfo


def describe(channel: ssl.SSLObject) -> TlsInfo:
    """TlsInfo of a finished handshake."""
    cipher, _, bits = channel.cipher() or ("", "", 0)
    version = channel.version() or ""
    unique = channel.get_channel_binding("tls-unique") if version != "TLSv1.3" else None
    return TlsInfo(version=version, cipher=cipher, bits=bits, unique=unique)
