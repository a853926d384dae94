"""The walls of the house: what may import what, how large a room may be, and that nothing is fetched from elsewhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOOKS = ROOT / "hooks"
PACKAGE = sorted((HOOKS / "capitalise").rglob("*.py"))
MODULES = [*HOOKS.glob("*.py"), *PACKAGE, *(ROOT / "tools").glob("*.py"), *(ROOT / "bench").glob("*.py")]
MOST_LINES = 450

LISTENING = ("capitalise/nearby.py",)
"""What answers this computer, and no other."""

MACHINES = {"mkdocs", "material", "materialx", "mkdocs_static_i18n", "properdocs", "zensical"}
"""What prints the pages, this year."""


def imported(path: Path) -> set[str]:
    """Top-level names of what a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "__import__",
        ):
            names |= {str(arg.value).partition(".")[0] for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return names


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: path.relative_to(HOOKS).as_posix())
def test_the_program_does_not_know_what_prints_its_pages(path):
    assert imported(path) & MACHINES == set()


def test_the_program_runs_without_what_prints_its_pages():
    modules = [".".join(path.relative_to(HOOKS).with_suffix("").parts).removesuffix(".__init__") for path in PACKAGE]
    code = f"""
import importlib, sys
for name in {sorted(MACHINES)}:
    sys.modules[name] = None  # an import of it fails
for name in {modules}:
    importlib.import_module(name)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=HOOKS, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(HOOKS.glob("*.py")), ids=lambda path: path.name)
def test_a_hook_hides_no_module(path):
    # `hooks/` stands first on the path while a hook is read: `calendar.py` there would be everybody's.
    assert path.stem not in sys.stdlib_module_names
    assert path.stem not in MACHINES | {"capitalise", "markdown", "yaml", "jinja2", "babel"}


@pytest.mark.parametrize("path", sorted(HOOKS.glob("*.py")), ids=lambda path: path.name)
def test_a_hook_imports_the_program_at_its_top(path):
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert inside == set()  # by then `hooks/` is on the path no more


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_every_hook_that_the_site_names_exists_and_each_is_named():
    # By eye of a regex: `!ENV` and Material's tags are not plain YAML.
    named = re.findall(r"^  - (hooks/\S+\.py)", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(ROOT).as_posix() for path in HOOKS.glob("*.py"))


HOSTS = {
    # Names in vocabularies and formats: nobody fetches them.
    "purl.org",
    "schemas.openxmlformats.org",
    "schema.org",
    "spdx.org",
    "www.sitemaps.org",
    "www.w3.org",
    # Where a reader who follows a link goes; nothing is loaded from there.
    "creativecommons.org",
    "orcid.org",
    "wa.me",
    # The address of a site that has not set its own (RFC 2606).
    "capitalise.example.org",
    # What a message shows as an example (RFC 2606).
    "example.org",
    # Where the editor keeps texts, once a person has signed in; this computer, where it is local.
    "api.github.com",
    "127.0.0.1",
}


def sources() -> Iterator[Path]:
    """Everything from which the site and the command are made, but for the contributed texts."""
    for folder in ("hooks", "overrides"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".yml", ".json", ".xml"):
                yield path
    yield ROOT / "mkdocs.yml"


def test_the_site_speaks_to_no_other_host():
    found = {
        (path.relative_to(ROOT).as_posix(), host)
        for path in sources()
        for host in re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", path.read_text("utf-8"), re.IGNORECASE)
    }
    assert found
    assert {(name, host) for name, host in found if host not in HOSTS} == set()


def test_the_program_opens_no_connection():
    networked = {"socket", "ssl", "http", "ftplib", "smtplib", "requests", "httpx", "urllib3", "aiohttp"}
    for path in [*PACKAGE, *HOOKS.glob("*.py")]:
        listens = path.relative_to(HOOKS).as_posix() in LISTENING
        assert imported(path) & networked == ({"http"} if listens else set()), path
        assert "http.client" not in path.read_text("utf-8"), path
        assert "urllib.request" not in path.read_text("utf-8"), path


def test_the_script_fetches_only_from_its_own_site():
    for path in (ROOT / "overrides").rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(r"XMLHttpRequest|sendBeacon|WebSocket|EventSource|importScripts", text), path
        assert not re.search(r"""fetch\(\s*["'`](?:https?:)?//""", text), path
    for path in (ROOT / "overrides").rglob("*.css"):
        assert not re.search(r"""@import|url\(\s*["']?(?:https?:)?//""", path.read_text("utf-8")), path
