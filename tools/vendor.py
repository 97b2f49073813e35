#!/usr/bin/env python3
"""Copies the browser libraries that the pages use from their npm packages to static/vendor/.

    tools/vendor.py            fetch with `npm pack`, copy, write static/vendor/manifest.json
    tools/vendor.py --check    compare the files in static/vendor/ with the manifest (no network)

A package is pinned to one version; the manifest keeps the sha256 of every file that is served.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"
SECONDS = 120  # for one `npm pack`


@dataclass(frozen=True)
class Package:
    """An npm package, its exact version, and {path in the package: name in static/vendor/}."""

    name: str
    version: str
    files: dict[str, str]


PACKAGES = [
    Package("htmx.org", "2.0.11", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE-htmx.txt"}),
]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """The wanted files of one package: name in static/vendor/ -> bytes."""
    subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as tar:
        found = {}
        for path, name in package.files.items():
            member = tar.extractfile(f"package/{path}")
            assert member is not None, f"{package.name} has no file {path}"
            found[name] = member.read()
    archive.unlink()
    return found


def update() -> None:
    """Fetches every package and rewrites the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            hashes = {}
            for name, data in fetch(package, Path(folder)).items():
                (VENDOR / name).write_bytes(data)
                hashes[name] = sha256(data)
            manifest.append({"package": package.name, "version": package.version, "sha256": hashes})
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")


def check() -> list[str]:
    """What differs between the manifest and the files, as sentences; empty when all is well."""
    wrong = []
    for entry in json.loads(MANIFEST.read_text()):
        for name, expected in entry["sha256"].items():
            path = VENDOR / name
            if not path.is_file():
                wrong.append(f"{name} is missing")
            elif sha256(path.read_bytes()) != expected:
                wrong.append(f"{name} is not the file of {entry['package']} {entry['version']}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare, without network")
    if not parser.parse_args().check:
        update()
    wrong = check()
    print("\n".join(wrong) or "static/vendor/ is as the manifest says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
