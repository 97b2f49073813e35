"""The listeners' SSLContext in real handshakes over sockets, changed while it serves."""

import asyncio
import hashlib
import os
import shutil
import ssl
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from django.db import connections

from directory import freshness, site
from protocols import sasl
from security import certificates, tls
from tests.unit.security.authority import certificate, ec_key, key_pem, pem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def context():
    return tls.server_context()


@pytest.fixture
def trust(context):
    return ssl.create_default_context(cadata=certificates.ca_pem().decode())


async def in_thread(verb, *args):
    """A change made by another thread of this process, as the console's or a command's."""

    def work():
        try:
            return verb(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(work)


class Listener:
    """Says what it saw of the channel, on one line."""

    def __init__(self, context):
        self.context = context
        self.bindings = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self.context)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        self.bindings.append(tls.channel_bindings(writer.get_extra_info("ssl_object")))
        writer.write(b"hello\r\n")
        await reader.read()
        writer.close()

    async def connect(self, trust, name="mailhost.mondomaine.fr"):
        """The certificate (DER), the TLS version and, for TLS 1.2, tls-unique of one connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=trust, server_hostname=name)
        try:
            assert await reader.readline() == b"hello\r\n"
            channel = writer.get_extra_info("ssl_object")
            version = channel.version()
            unique = channel.get_channel_binding("tls-unique") if version == "TLSv1.2" else None
            return channel.getpeercert(True), version, unique
        finally:
            writer.close()
            await writer.wait_closed()


def test_every_name_and_no_name(context, trust):
    unnamed = ssl.create_default_context(cadata=certificates.ca_pem().decode())
    unnamed.check_hostname = False

    async def main():
        async with Listener(context) as listener:
            for name in ("mailhost.mondomaine.fr", "mailhost", "localhost", "127.0.0.1"):
                assert (await listener.connect(trust, name))[1] == "TLSv1.3"
            assert (await listener.connect(unnamed, ""))[1] == "TLSv1.3"  # a client without SNI
            with pytest.raises(ssl.SSLCertVerificationError):
                await listener.connect(trust, "another.example")
            with pytest.raises(ssl.SSLCertVerificationError):
                await listener.connect(ssl.create_default_context())

    asyncio.run(main())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_are_refused(context, trust):
    trust.maximum_version = ssl.TLSVersion.TLSv1_2

    async def main():
        async with Listener(context) as listener:
            assert (await listener.connect(trust))[1] == "TLSv1.2"
            trust.minimum_version = ssl.TLSVersion.TLSv1
            trust.maximum_version = ssl.TLSVersion.TLSv1_1
            trust.set_ciphers("ALL:@SECLEVEL=0")
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await listener.connect(trust)

    asyncio.run(main())
    names = {cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] == "TLSv1.2"}
    assert names
    assert all(name.startswith("ECDHE") and ("GCM" in name or "CHACHA20" in name) for name in names)


def test_switching_while_serving(context, trust):
    key = ec_key()
    own = certificate("mail.example", key)
    trust.load_verify_locations(cadata=pem(own).decode())

    async def main():
        async with Listener(context) as listener:
            first, _, _ = await listener.connect(trust)
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", listener.port, ssl=trust, server_hostname="localhost"
            )
            assert await reader.readline() == b"hello\r\n"
            imported = await in_thread(certificates.import_certificate, pem(own), key_pem(key))
            assert (await listener.connect(trust))[0] == first  # imported is not yet in use
            await in_thread(certificates.activate, imported.id)
            assert (await listener.connect(trust, "mail.example"))[0] == own.public_bytes(
                certificates.serialization.Encoding.DER
            )
            writer.write(b"the older connection goes on")
            await writer.drain()
            writer.close()
            await in_thread(certificates.issue_certificate)
            last, _, _ = await listener.connect(trust)
            assert last != first

    asyncio.run(main())


def test_a_new_host_name_is_shown_at_once(context, trust):
    async def main():
        async with Listener(context) as listener:
            await listener.connect(trust)
            await in_thread(site.set_hostname, "courrier.mondomaine.fr")
            await listener.connect(trust, "courrier.mondomaine.fr")

    asyncio.run(main())


def test_another_process_switches(context, trust, settings, tmp_path):
    """The console runs in another process than the listeners."""
    script = (
        "import os, django; from django.conf import settings; from config import settings_test;"
        "django.setup(); settings.DATABASES['default'].update(NAME=os.environ['NAME']);"
        "from security import certificates; certificates.issue_certificate()"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "NAME": str(settings.DATABASES["default"]["NAME"]),
        "FACTEUR_TEST_DATA_DIR": str(settings.DATA_DIR),
    }

    async def main():
        async with Listener(context) as listener:
            first, _, _ = await listener.connect(trust)
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, env=environment)
            assert await asyncio.wait_for(process.wait(), 60) == 0
            deadline = asyncio.get_running_loop().time() + 2 * freshness.MAX_AGE + 2
            while (await listener.connect(trust))[0] == first:
                assert asyncio.get_running_loop().time() < deadline, "the old certificate is still shown"

    asyncio.run(main())


def test_no_key_is_left_on_disk(context, settings):
    left = list(settings.DATA_DIR.rglob("*.pem"))
    assert left == []


def test_without_memory_files(monkeypatch, settings):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    assert tls.server_context().certificate_id == certificates.active_id()
    assert [path.name for path in (settings.DATA_DIR / "run").iterdir() if path.suffix != ".lock"] == []


def test_channel_bindings_are_the_clients(context, trust):
    async def main():
        async with Listener(context) as listener:
            shown, _, _ = await listener.connect(trust)
            trust.maximum_version = ssl.TLSVersion.TLSv1_2
            _, _, unique = await listener.connect(trust)
            return listener.bindings, hashlib.sha256(shown).digest(), unique

    (modern, old), end_point, unique = asyncio.run(main())
    assert modern == {"tls-server-end-point": end_point}  # RFC 5929 section 4.1: SHA-256 signs, SHA-256 hashes
    assert old == {"tls-server-end-point": end_point, "tls-unique": unique}
    server = sasl.server("SCRAM-SHA-256-PLUS", sasl.SaslContext("h", channel_bindings=modern))
    assert isinstance(server.start(b"p=tls-server-end-point,,n=a,r=b"), sasl.NeedScramKeys)


def test_an_ed25519_certificate_binds_in_tls_1_2_only(context):
    """RFC 5929 section 4.1: its signature has no hash function of its own, so there is no tls-server-end-point; and
    TLS 1.3 has no tls-unique. Nothing binds to such a channel, and -PLUS is not offered on it."""
    key = ed25519.Ed25519PrivateKey.generate()
    leaf = certificate("mailhost.mondomaine.fr", key)
    certificates.activate(certificates.import_certificate(pem(leaf), key_pem(key)).id)
    tls.refresh()
    trust = ssl.create_default_context(cadata=pem(leaf).decode())

    async def main():
        async with Listener(context) as listener:
            await listener.connect(trust)
            trust.maximum_version = ssl.TLSVersion.TLSv1_2
            _, _, unique = await listener.connect(trust)
            return listener.bindings, unique

    (modern, old), unique = asyncio.run(main())
    assert modern == {}
    assert old == {"tls-unique": unique}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")
def test_openssl_verifies_the_chain(context, tmp_path):
    ca = tmp_path / "ca.pem"
    ca.write_bytes(certificates.ca_pem())
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes(certificates.certificate_pem(certificates.active_id()))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", str(ca), str(leaf)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
