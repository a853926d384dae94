"""A newcomer follows CONTRIBUER.md and CONTRIBUTING.md to the letter, in a fresh copy of the repository."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from test_review import git

from capitalise.reading import load

ROOT = Path(__file__).parents[1]
GUIDES = {"fr": ROOT / "CONTRIBUER.md", "en": ROOT / "CONTRIBUTING.md"}
PAGES = {lang: ROOT / f"docs/{lang}/contribute.md" for lang in GUIDES}
KEPT = ("products/vocabularies/", "products/sheets/zai-yatenga/")
both = pytest.mark.parametrize("lang", GUIDES)


def blocks(text: str, language: str) -> list[str]:
    """The blocks of code in that language, without the indent of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix(indent) for line in body.split("\n")) for indent, body in found]


def model(lang: str) -> str:
    """The sheet to copy."""
    return next(block for block in blocks(GUIDES[lang].read_text("utf-8"), "markdown") if "sources:" in block)


def road(lang: str, number: int) -> str:
    """The section of one road."""
    text = GUIDES[lang].read_text("utf-8")
    return re.search(rf"^## {number}\. .*?(?=^## )", text, re.MULTILINE | re.DOTALL)[0]


# ------------------------------------------------------------------------------------------------ the guides


@both
def test_the_sheet_to_copy_is_whole_and_without_a_problem(lang, tmp_path):
    shutil.copytree(ROOT / "products/vocabularies", tmp_path / "products/vocabularies")
    sheet = tmp_path / f"products/sheets/my-experience/index.{lang}.md"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(model(lang), "utf-8")
    library = load(tmp_path / "products")
    assert list(library.products) == ["sheets/my-experience"]
    assert [problem for problem in library.problems if "sheets" in problem.file] == []
    assert model(lang) in PAGES[lang].read_text("utf-8")  # the site's page gives the same


@both
def test_links_and_pictures_of_the_guides_lead_somewhere(lang):
    text = GUIDES[lang].read_text("utf-8")
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    # GitHub's anchors: lower case, punctuation left out, spaces as hyphens.
    titles = re.findall(r"^#+ (.+)$", plain, re.MULTILINE)
    anchors = {
        re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", title.lower())).replace(" ", "-") for title in titles
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            path = ROOT / target.partition("#")[0]
            if "templates/" in target and importlib.util.find_spec("capitalise.importing") is None:
                continue  # the Word templates come with the import
            assert path.exists(), target
            assert path.suffix != ".png" or path.stat().st_size < 120_000, target


def test_the_two_guides_say_the_same_in_the_same_order():
    shape = [re.findall(r"^(#+|```\w*|!\[)", guide.read_text("utf-8"), re.MULTILINE) for guide in GUIDES.values()]
    assert shape[0] == shape[1]


# ------------------------------------------------------------------------------------------------ the walk


@pytest.fixture
def copy(tmp_path) -> Path:
    """A newcomer's own copy, with what `make` would have installed: the copy's program, and this one's packages."""
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if files.returncode or not shutil.which("make"):
        pytest.skip("needs git, make and a repository")
    source = tmp_path / "source"
    for name in filter(None, files.stdout.split("\0")):
        # Of the library its terms and a sheet: what the walk does takes no notice of the rest, and is quicker so.
        is_other = name.startswith("products/") and not name.startswith(KEPT)
        if (ROOT / name).is_file() and not is_other:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    git(source, "init", "-q", "-b", "main")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Library")
    git(tmp_path, "clone", "-q", "--bare", str(source), str(tmp_path / "origin.git"))
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", str(tmp_path / "origin.git"), str(copy))
    shutil.rmtree(source)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (copy / ".venv/bin").mkdir(parents=True)
    (copy / ".venv/port").write_text(str(port))
    for name, module in {"python": "", "capitalise": "-m capitalise.cli", "mkdocs": "-m mkdocs"}.items():
        # Two walks at once must not want the same port.
        serve = ""
        if option := {"mkdocs": f"--dev-addr 127.0.0.1:{port}", "capitalise": f"--port {port}"}.get(name):
            serve = f'[ "$1" = serve ] && set -- "$@" {option}\n'
        path, python = copy / ".venv/bin" / name, shlex.quote(sys.executable)
        path.write_text(
            f'#!/bin/sh\n{serve}PYTHONPATH={shlex.quote(str(copy / "hooks"))} exec {python} {module} "$@"\n'
        )
        path.chmod(0o755)
    for stamp in ("site", "word"):
        (copy / f".venv/{stamp}.stamp").touch()
    return copy


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CAPITALISE", "GIT_", "MAKE"))}
    names = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return clean | names | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def look_at(copy: Path, command: str, address: str) -> str:
    """Runs what shows a preview until its page is there, then stops it as Ctrl+C does."""
    log = copy / ".venv/serve.log"
    with log.open("w") as out:
        shown = subprocess.Popen(
            shlex.split(command), cwd=copy, env=environment(), stdout=out, stderr=out, start_new_session=True
        )
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(address, timeout=5) as page:
                    return page.read().decode()
            except (urllib.error.URLError, OSError):
                assert shown.poll() is None, log.read_text()
                time.sleep(0.5)
        pytest.fail(log.read_text())
    finally:
        os.killpg(shown.pid, signal.SIGINT)
        try:
            shown.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(shown.pid, signal.SIGKILL)


@both
def test_the_road_from_a_terminal_leads_to_a_pull_request(lang, copy):
    pytest.importorskip("capitalise.commands.new", reason="`capitalise new` is not there yet")
    section = road(lang, 3)
    (commands,) = blocks(section, "sh")
    (address,) = re.findall(r"<(http://127\.0\.0\.1:8000/\S+)>", section)
    address = address.replace("8000", (copy / ".venv/port").read_text())
    for command in commands.splitlines():
        if command.startswith("#"):  # here the person writes
            path = copy / command.split()[-1]
            assert path.is_file(), command
            path.write_text(model(lang), "utf-8")
        elif command == "make serve":
            assert re.search(r'title: "(.*?)"', model(lang))[1].replace("'", "&#39;") in look_at(copy, command, address)
        else:
            done = subprocess.run(
                shlex.split(command),
                cwd=copy,
                env=environment(),
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
            )
            assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    branch = re.search(r"git push -u origin (\S+)", commands)[1]
    log = subprocess.run(
        ["git", "log", "--format=%s", "--name-only", f"main..{branch}"],
        cwd=copy.parent / "origin.git",
        capture_output=True,
        text=True,
    )
    assert log.stdout.splitlines()[2:] == [f"products/sheets/{branch}/index.{lang}.md"]


@both
def test_the_road_from_word_makes_a_sheet(lang, copy):
    pytest.importorskip("capitalise.importing", reason="`capitalise import` is not there yet")
    pytest.importorskip("pypandoc")
    section = road(lang, 2)
    (command,) = (line for block in blocks(section, "sh") for line in block.splitlines())
    (template,) = re.findall(r"\((docs/\S+\.docx)\)", section)
    document = copy / re.search(r'FILE="(.*?)"', command)[1]
    shutil.copy(copy / template, document)
    done = subprocess.run(shlex.split(command), cwd=copy, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    made = subprocess.run(["git", "status", "--short", "products"], cwd=copy, capture_output=True, text=True).stdout
    assert re.fullmatch(r"\?\? products/sheets/[a-z0-9-]+/\n", made)
