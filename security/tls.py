"""The SSLContext of the listeners. It follows the active certificate without a restart.

A connection starts on the outer context; its server name callback, which OpenSSL runs for every
ClientHello with or without the extension, puts the connection on a context that holds the certificate active now.
"""

import logging
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from django.conf import settings

from directory.freshness import Kept, on_forget
from security import certificates
from security.describing import describe_key

# TLS 1.3's suites are all good; of TLS 1.2 only forward secrecy with AEAD (RFC 9325 section 4.2).
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"

_log = logging.getLogger(__name__)


class ServerContext(ssl.SSLContext):
    """A context that knows which certificate it shows."""

    certificate_id: int = 0
    end_point: bytes = b""  # tls-server-end-point (RFC 5929 section 4.1), b"" where it is not defined
    key: str = ""  # "ECDSA P-256", for the wire records


def server_context(purpose: str = "mail") -> ssl.SSLContext:
    """The context for listeners and STARTTLS; one per process and purpose ("mail", "web").

    The first call makes the local authority and a certificate when there are none.
    """
    if purpose not in _outer:
        context = _build(_active.get().certificate_id)
        context.sni_callback = _choose
        _outer[purpose] = context
    return _outer[purpose]


def refresh() -> None:
    """Look for another certificate now; from a database thread. Listeners do it by themselves as well."""
    _active.refresh()


def channel_bindings(channel: ssl.SSLObject | ssl.SSLSocket) -> dict[str, bytes]:
    """RFC 5056 channel bindings of a finished handshake, for SCRAM's -PLUS; empty where there are none.

    tls-exporter (RFC 9266) is missing: Python's ssl module does not export keying material.
    """
    bindings: dict[str, bytes] = {}
    context = channel.context
    if isinstance(context, ServerContext) and context.end_point:
        bindings["tls-server-end-point"] = context.end_point
    if channel.version() == "TLSv1.2":
        unique = channel.get_channel_binding("tls-unique")
        if unique:
            bindings["tls-unique"] = unique
    return bindings


def _choose(channel: ssl.SSLObject, server_name: str | None, context: ssl.SSLContext) -> None:
    """At the ClientHello. Must not fail: an old certificate is better than none."""
    channel.server_name_asked = server_name or ""  # type: ignore[attr-defined]  # for the wire records
    try:
        channel.context = _active.get()
    except Exception:
        _log.exception("the active certificate could not be read; the one before is shown")


def _load() -> ServerContext:
    certificate_id = certificates.active_id()
    if _built and _built[-1].certificate_id == certificate_id:
        return _built[-1]
    context = _build(certificate_id)
    _built[:] = [context]
    return context


def _build(certificate_id: int) -> ServerContext:
    active = certificates.load_active(certificate_id)
    context = ServerContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    _load_chain(context, active.chain_pem + active.key_pem)
    context.certificate_id = certificate_id
    context.end_point = _end_point(active.chain_pem)
    context.key = describe_key(x509.load_pem_x509_certificates(active.chain_pem)[0])
    return context


def _load_chain(context: ssl.SSLContext, pem: bytes) -> None:
    """load_cert_chain reads files only: one in memory where there are such, else one that is gone at once."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("certificate", os.MFD_CLOEXEC)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(pem)
            handle.flush()
            context.load_cert_chain(f"/proc/self/fd/{descriptor}")
        return
    folder = Path(settings.DATA_DIR) / "run"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"certificate-{os.getpid()}-{os.urandom(4).hex()}.pem"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(pem)
        context.load_cert_chain(path)
    finally:
        path.unlink()


def _end_point(chain_pem: bytes) -> bytes:
    """The certificate under the hash of its signature; SHA-256 in place of MD5 and SHA-1."""
    leaf = x509.load_pem_x509_certificates(chain_pem)[0]
    try:
        algorithm = leaf.signature_hash_algorithm
    except UnsupportedAlgorithm:
        algorithm = None
    if algorithm is None:  # Ed25519 and the like use no hash function, or more than one
        return b""
    strong = hashes.SHA256() if isinstance(algorithm, hashes.MD5 | hashes.SHA1) else algorithm
    digest = hashes.Hash(strong)
    digest.update(leaf.public_bytes(serialization.Encoding.DER))
    return digest.finalize()


_outer: dict[str, ServerContext] = {}
_built: list[ServerContext] = []  # the newest, at most one
_active: Kept[ServerContext] = Kept(_load)
on_forget(_outer.clear)
on_forget(_built.clear)
