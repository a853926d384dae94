"""The sites of the small library in `tests/library/` and of the published one, each built once, as readers get them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from reader import Site

from capitalise.stick import about

pytest_plugins = ["browsers"]

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "tests/library"
SITE_URL = "https://kb.example.org/"
REPOSITORY = "https://git.example.org/cap/library"
EPOCH = "1795132800"  # 20 November 2026: what the library calls past and to come is meant from that day


@dataclass(frozen=True)
class BuildResult:
    """What `mkdocs build` left behind."""

    path: Path
    log: str
    code: int


def environment(products: Path, **changes: str) -> dict[str, str]:
    """The variables that a build reads; nothing of the tester's own gets in."""
    ours = {
        "CAPITALISE_PRODUCTS": str(products),
        "CAPITALISE_REPOSITORY": REPOSITORY,
        "CAPITALISE_CACHE": "",  # nothing of another build
        "SITE_URL": SITE_URL,
        "SOURCE_DATE_EPOCH": EPOCH,
        "NO_MKDOCS_2_WARNING": "1",
    }
    return os.environ | ours | changes


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., BuildResult]:
    """Builds a library in a process of its own, as a person does."""

    def run(
        products: Path, *, directory_urls: bool = True, strict: bool = False, env: dict[str, str] | None = None
    ) -> BuildResult:
        site = tmp_path_factory.mktemp("build") / "site"
        command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)]
        command += ["--use-directory-urls" if directory_urls else "--no-directory-urls"]
        command += ["--strict"] if strict else []
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(products, **(env or {})),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return BuildResult(site, done.stdout + done.stderr, done.returncode)

    return run


@pytest.fixture(scope="session")
def fixture_build(build) -> BuildResult:
    """The site of `tests/library/` with its log."""
    result = build(LIBRARY)
    assert result.code == 0, result.log
    return result


@pytest.fixture(scope="session")
def fixture_site(fixture_build) -> Path:
    """The site of `tests/library/`, as a server holds it: addresses end with `/`."""
    return fixture_build.path


@pytest.fixture(scope="session")
def fixture_site_file(build) -> Path:
    """The same, as a stick holds it: addresses end with `.html`."""
    result = build(LIBRARY, directory_urls=False)
    assert result.code == 0, result.log
    return result.path


@pytest.fixture(scope="session")
def site(fixture_site) -> Site:
    """The site of `tests/library/`, to read."""
    return Site(fixture_site)


@pytest.fixture(scope="session")
def site_file(fixture_site_file) -> Site:
    """The same as files."""
    return Site(fixture_site_file, directory_urls=False)


@pytest.fixture(scope="session")
def copy_site(build) -> Path:
    """The site of `tests/library/` as `capitalise usb` has it built for a copy."""
    result = build(LIBRARY, directory_urls=False, env={about.VARIABLE: about.Request().text})
    assert result.code == 0, result.log
    return result.path


def run(*command: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command as the publisher runs it: on the library that `mkdocs.yml` names, on no chosen day."""
    ours = {"CAPITALISE_PRODUCTS", "CAPITALISE_REPOSITORY", "SITE_URL", "SOURCE_DATE_EPOCH"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"NO_MKDOCS_2_WARNING": "1"} | changes
    command = (sys.executable, *map(str, command))
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Site:
    """The site of the library in `products/`, built as its publisher builds it."""
    folder = tmp_path_factory.mktemp("published") / "site"
    done = run("-m", "mkdocs", "build", "--strict", "--site-dir", folder)
    log = done.stdout + done.stderr
    assert done.returncode == 0, log
    assert not re.findall(r"^(?:WARNING|ERROR|CRITICAL).*", log, re.MULTILINE)
    return Site(folder)
