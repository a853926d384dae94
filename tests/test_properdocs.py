"""ProperDocs, which carries MkDocs 1.x on, builds the same site from the same files."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import trees
from conftest import ROOT, environment

GENERATOR = re.compile(rb'[ \t]*<meta name="generator" content="[^"]*">\n?')


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The files of the real site as each of the two makes them."""

    def build(program: str) -> dict[str, bytes]:
        site = tmp_path_factory.mktemp(program) / "site"
        command = [sys.executable, "-m", program, "build", "--strict", "-f", "mkdocs.yml", "-d", str(site)]
        env = environment(ROOT / "products")
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        return trees.read(site)

    return {program: build(program) for program in ("mkdocs", "properdocs")}


def test_both_make_the_same_files(sites):
    assert sites["mkdocs"].keys() == sites["properdocs"].keys()
    products = [path.parent.relative_to(ROOT / "products") for path in (ROOT / "products").rglob("index.fr.md")]
    assert {f"{path.as_posix()}/index.html" for path in products} <= sites["properdocs"].keys()


def test_the_files_are_equal_byte_for_byte_but_for_the_name_of_the_program(sites):
    def pages(files: dict[str, bytes]) -> dict[str, bytes]:
        return {name: GENERATOR.sub(b"", text, 1) if name.endswith(".html") else text for name, text in files.items()}

    theirs = pages(sites["properdocs"])
    differ = [name for name, text in pages(sites["mkdocs"]).items() if theirs.get(name) != text]
    assert differ == []
