"""An update that makes an older copy a newer one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import attached
import pytest
from conftest import LIBRARY, ROOT, environment

from capitalise.stick import about, contents, copying, manifest, updates

NEWER = "1797638400"  # 19 December 2026


def usb(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "capitalise.cli", "usb", *map(str, arguments), "--lang", "en"]
    done = subprocess.run(command, cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def newer_site(build, tmp_path_factory) -> Path:
    """A month later: one sheet is withdrawn, one product says something else, a document is replaced."""
    library = shutil.copytree(LIBRARY, tmp_path_factory.mktemp("newer") / "library")
    withdrawn = library / "sheets/fish-pond/index.fr.md"
    text = withdrawn.read_text("utf-8")
    reason = 'status: withdrawn\nwithdrawal_reason: "Les chiffres étaient faux."\ndate:'
    withdrawn.write_text(text.replace("date:", reason, 1), "utf-8")
    changed = library / "sheets/compost-pit/index.en.md"
    changed.write_text(changed.read_text("utf-8") + "\nA new word: quagga.\n", "utf-8")
    attached.pdf(library / "sheets/half-moons/guide.pdf")
    result = build(
        library, directory_urls=False, env={about.VARIABLE: about.Request().text, "SOURCE_DATE_EPOCH": NEWER}
    )
    assert result.code == 0, result.log
    return result.path


@pytest.fixture(scope="module")
def older(copy_site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("older")
    copying.copy(contents.assemble(copy_site), folder)
    return folder


@pytest.fixture(scope="module")
def update(newer_site, older, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("update") / "update.zip"
    done = usb(target, "--since", older, "--site", newer_site)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def stick(older, tmp_path) -> Path:
    return shutil.copytree(older, tmp_path / "stick")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_update_is_small_and_makes_the_newer_copy_byte_for_byte(newer_site, update, stick, tmp_path):
    whole = tmp_path / "whole.zip"
    assert usb("--zip", whole, "--site", newer_site).returncode == 0
    # Every page says another day, and yet what is written of it is that.
    assert update.stat().st_size < whole.stat().st_size / 3
    done = usb(stick, "--apply", update)
    assert done.returncode == 0, done.stderr
    wanted = tmp_path / "wanted"
    copying.copy(contents.assemble(newer_site), wanted)
    assert tree(stick) == tree(wanted)
    assert usb("--verify", stick).returncode == 0
    (sheet,) = stick.glob("capitalise/*/sheets/fish-pond.html")
    assert "Les chiffres étaient faux." in sheet.read_text("utf-8")
    (sheet,) = stick.glob("capitalise/*/en/sheets/compost-pit.html")
    assert "quagga" in sheet.read_text("utf-8") and "19 December 2026" in sheet.read_text("utf-8")
    # Once more changes nothing.
    assert usb(stick, "--apply", update).stdout == "The copy is up to date already; nothing was written.\n"


def test_an_update_for_another_copy_changes_nothing(update, newer_site, tmp_path):
    other = tmp_path / "other"
    copying.copy(contents.assemble(newer_site, files=False), other)
    before = tree(other)
    done = usb(other, "--apply", update)
    assert done.returncode == 2 and "This update begins with copy no." in done.stderr
    assert tree(other) == before


def test_a_copy_that_is_no_longer_as_it_was_is_not_built_upon(update, stick):
    (page,) = stick.glob("capitalise/*/sheets/compost-pit.html")
    page.write_bytes(page.read_bytes() + b" ")
    before = tree(stick)
    done = usb(stick, "--apply", update)
    assert done.returncode == 2 and "sheets/compost-pit.html” is no longer as it was" in done.stderr
    assert tree(stick) == before


def rewritten(update: Path, target: Path, **changes: bytes | None) -> Path:
    """The update with some of its entries changed or taken away."""
    with zipfile.ZipFile(update) as given, zipfile.ZipFile(target, "w") as made:
        for name in given.namelist():
            content = next((value for end, value in changes.items() if name.endswith(end)), given.read(name))
            if content is not None:
                made.writestr(name, content)
    return target


@pytest.mark.parametrize("fault", ["cut", "not-a-zip", "entry-changed", "entry-gone", "told-wrong", "climbs"])
def test_a_damaged_or_hostile_update_changes_nothing(update, stick, tmp_path, fault):
    bad = tmp_path / "bad.zip"
    told = json.dumps({"from": manifest.read(stick / "MANIFEST.sha256").number}).encode()
    with zipfile.ZipFile(update) as given:
        listed = given.read("MANIFEST.sha256")
    climbing = b"0" * 64 + b"  ../../outside.html\n" + listed
    if fault == "cut":
        bad.write_bytes(update.read_bytes()[:-2000])
    elif fault == "not-a-zip":
        bad.write_text("hello")
    else:
        changes = {
            "entry-changed": {"index.html": b"changed"},
            "entry-gone": {"index.html": None},
            "told-wrong": {"update.json": told},
            "climbs": {"MANIFEST.sha256": climbing},
        }
        rewritten(update, bad, **changes[fault])
    before = tree(stick)
    done = usb(stick, "--apply", bad)
    assert done.returncode == 2 and "is damaged, or is not an update" in done.stderr
    assert tree(stick) == before and not (tmp_path / "outside.html").exists()


def test_without_a_copy_or_an_update_that_is_said(update, tmp_path, copy_site):
    assert f"There is no copy in “{tmp_path}”." in usb(tmp_path, "--apply", update).stderr
    assert "there is no update there" in usb(tmp_path, "--apply", tmp_path / "none.zip").stderr
    done = usb(tmp_path / "update.zip", "--since", tmp_path, "--site", copy_site)
    assert f"There is no copy in “{tmp_path}”." in done.stderr and not list(tmp_path.iterdir())


def test_the_pages_that_an_update_takes_away_are_named(older, copy_site, tmp_path):
    site = shutil.copytree(copy_site, tmp_path / "site")
    (site / "hazards/drought.html").unlink()
    size, gone = updates.write(contents.assemble(site), older, tmp_path / "update.zip")
    assert gone == ["hazards/drought.html"]
    assert size < 30_000
