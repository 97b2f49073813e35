"""Bodies too long for the database: files by default, any object store through Django's Storage API.

A blob is written, and durable, before the commit that names it. What a crash leaves without a
name is removed by sweep(). Names are unique, never shared: a content owns its blob.
"""

import io
import logging
import os
import re
import secrets
import time
from collections.abc import Iterator
from itertools import islice

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

from mailstore.errors import StoreUnavailable
from mailstore.models import Content

# What save() calls them; a file that is called otherwise was left by a crash while it was written.
_NAME = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})-")

log = logging.getLogger(__name__)

INLINE_LIMIT = 64 * 1024  # octets of body that a database row holds; longer ones are faster as files
WRITE_SIZE = 1024 * 1024  # octets of one write; most blobs go in one
SWEEP_BATCH = 500  # blobs that are looked up at once
SWEEP_AGE = 24 * 3600  # seconds; a delivery names its blob within seconds, so older ones without a name are orphans


@deconstructible(path="mailstore.blobs.DurableFileStorage")
class DurableFileStorage(FileSystemStorage):
    """Files that are on the disk when save() returns: write, fsync, rename, fsync the folder."""

    def _save(self, name: str, content: File) -> str:
        target = self.path(name)
        folder = os.path.dirname(target)
        self._make_folder(folder)
        temporary = os.path.join(folder, f".new-{secrets.token_hex(8)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                for chunk in content.chunks(WRITE_SIZE):
                    _write_all(file, chunk)
                os.fsync(file.fileno())
            os.rename(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        _sync_folder(folder)
        return name

    def _make_folder(self, folder: str) -> None:
        """Create the folder durably: each new one is synced into its parent."""
        if os.path.isdir(folder):
            return
        parent = os.path.dirname(folder)
        self._make_folder(parent)
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            return
        _sync_folder(parent)


def _write_all(file: io.RawIOBase, data: bytes) -> None:
    """An unbuffered write may take less than it was given."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage() -> Storage:
    """Where blobs are: STORAGES["messages"]."""
    return storages["messages"]


def save(sha256: bytes, body: bytes | memoryview) -> str:
    """Store a body durably; its name. Raises StoreUnavailable."""
    digest = sha256.hex()
    # One level of 256 folders, for each new folder costs two more fsyncs; a million blobs make 4,000 files in each.
    name = f"{digest[:2]}/{digest}-{secrets.token_hex(4)}"
    try:
        return storage().save(name, ContentFile(bytes(body)))
    except OSError as error:
        raise StoreUnavailable(f"a message body could not be stored: {error}") from error


def load(name: str) -> bytes:
    """A stored body. Raises StoreUnavailable when it cannot be read."""
    try:
        with storage().open(name) as file:
            return file.read()
    except OSError as error:
        raise StoreUnavailable(f"a message body could not be read: {error}") from error


def remove(names: list[str]) -> None:
    """Delete blobs that no content names any more; failures are left to sweep()."""
    for name in names:
        try:
            storage().delete(name)
        except OSError as error:
            log.warning("blob %s is left to the sweep: %s", name, error)


def list_blobs(folder: str = "") -> Iterator[str]:
    """Every name in the storage."""
    try:
        folders, files = storage().listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from list_blobs(f"{folder}/{name}" if folder else name)


def sweep(min_age: float = SWEEP_AGE) -> list[str]:
    """Remove blobs that no content names and that are older than min_age seconds; their names.

    Safe beside deliveries: a blob whose commit is still to come is young. And beside another sweep.
    """
    limit = time.time() - min_age
    found = list_blobs()
    removed: list[str] = []
    while batch := list(islice(found, SWEEP_BATCH)):
        # Listed first, asked then: what was named until it was listed still is, or went for good.
        orphans = [name for name in _without_name(batch) if _modified(name) < limit]
        remove(orphans)
        removed += orphans
    return removed


def _without_name(names: list[str]) -> list[str]:
    """Those that no content names: found by the digest in a blob's name, which has an index."""
    digests = [bytes.fromhex(found[1]) for name in names if (found := _NAME.match(name))]
    named = Content.objects.filter(sha256__in=digests).exclude(blob="").values_list("blob", flat=True)
    return sorted(set(names) - set(named))


def _modified(name: str) -> float:
    """Unix seconds; "now" for a blob that is gone meanwhile."""
    try:
        return storage().get_modified_time(name).timestamp()
    except OSError:
        return time.time()
