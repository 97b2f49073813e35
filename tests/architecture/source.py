"""The project's own files, parsed once."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = (
    "config",
    "adminconsole",
    "webmail",
    "protocols",
    "delivery",
    "mailstore",
    "security",
    "directory",
    "mailformat",
)


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    return tuple(
        path
        for folder in (folders or APPS)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imports(path: Path) -> set[str]:
    """The dotted names that a file imports, with the names taken from a package appended."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tracked_files() -> list[Path]:
    """What git tracks (or, outside a checkout, every file below the root but the virtual environment)."""
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
