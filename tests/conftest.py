"""The real site of the small library in `tests/library/`, built once, as a reader gets it."""

from __future__ import annotations

import os
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
