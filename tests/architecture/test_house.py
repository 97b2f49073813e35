"""The rules of the house that no linter knows (docs/architecture.md, CONTRIBUTING.md)."""

import ast
import re

from tests.architecture.source import APPS, ROOT, imports, name, python_files, tracked_files, tree

MAX_LINES = 400
# Model managers appear only in the app that owns the models.
MANAGER = "objects"


def test_models_are_used_by_their_own_app_only() -> None:
    strangers = [
        f"{name(path)} imports {module}"
        for path in python_files()
        for module in imports(path)
        for app in APPS
        if module.startswith(f"{app}.models") and not name(path).startswith(f"{app}/")
    ]
    assert strangers == []


def test_views_and_handlers_never_touch_a_manager() -> None:
    touching = [
        f"{name(path)}:{node.lineno}"
        for path in python_files(
            "webmail", "adminconsole", "protocols/smtp", "protocols/imap", "protocols/pop3", "delivery"
        )
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == MANAGER
    ]
    assert touching == []


def test_no_signals() -> None:
    assert [name(path) for path in python_files() if "django.db.models.signals" in imports(path)] == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b")
    left = [name(path) for path in python_files() if words.search(path.read_text())]
    assert left == []


def test_files_stay_readable() -> None:
    own = [
        path
        for path in tracked_files()
        if path.suffix in {".py", ".js", ".css", ".html"}
        and not {"vendor", "migrations", "locale"} & set(path.relative_to(ROOT).parts)
    ]
    long = [f"{name(path)}: {lines}" for path in own if (lines := len(path.read_text().splitlines())) > MAX_LINES]
    assert long == []


def test_imap_commands_have_the_same_name_in_three_places() -> None:
    def stems(folder: str, pattern: str) -> set[str]:
        return {path.stem for path in (ROOT / folder).glob(pattern) if not path.stem.startswith("_")}

    commands = stems("protocols/imap/wire/commands", "*.py")
    assert commands
    commands -= {"base"}  # what they share
    assert commands - stems("protocols/imap/handlers", "*.py") == set()
    assert commands - stems("tests/conformance/imap", "*.script") == set()


def test_templates_keep_the_content_security_policy() -> None:
    forbidden = re.compile(
        r"""\sstyle=|<style|javascript:|\son[a-z]+=["']|<script(?![^>]*\b(?:src|nonce|type="application/json")\b)"""
    )
    offending = [
        f"{name(path)}:{number}"
        for path in (ROOT / "templates").rglob("*.html")
        if path.name != "body.html"  # the stranger's letter: a sandboxed frame with a policy of its own
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert offending == []


def test_the_project_speaks_of_itself_only() -> None:
    """No path of a build machine, no registry host, in any file that is committed."""
    hosts = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|deb\.debian)[\w.-]*|/root/|/work/(?:main|shared)")
    own = [path for path in tracked_files() if path.suffix not in {".png", ".woff2", ".mo", ".ico"}]
    telling = [
        name(path) for path in own if hosts.search(path.read_text(errors="replace")) and path.name != "test_house.py"
    ]
    assert telling == []
