"""The copies that the site offers: the command that makes them, and the page that tells of them."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import LIBRARY, ROOT, environment
from reader import Site, words

from capitalise.stick import contents, copying, manifest, updates

FILES = {
    "capitalise.zip": "The whole library",
    "capitalise-light.zip": "The whole library",
    "capitalise-fr.zip": "The whole library",
    "capitalise-en.zip": "The whole library",
    "capitalise-theme-water.zip": "Water",
    "capitalise-course-learn-by-doing.zip": "Learning by doing",
}


@pytest.fixture(scope="module")
def older(copy_site, tmp_path_factory) -> Path:
    """An older copy, of one page less."""
    site = shutil.copytree(copy_site, tmp_path_factory.mktemp("older") / "site")
    (site / "hazards/drought.html").unlink()
    copying.copy(contents.assemble(site), site.parent / "stick")
    return site.parent / "stick"


@pytest.fixture(scope="module")
def packs(older, tmp_path_factory) -> Path:
    """A folder that the command wrote, over what an older run had left and a person's file."""
    folder = tmp_path_factory.mktemp("downloads") / "packs"
    folder.mkdir()
    (folder / "old.zip").write_bytes(b"old")
    (folder / "mine.txt").write_bytes(b"mine")
    row = {"file": "old.zip", "languages": [], "only": [], "documents": True, "products": 1, "size": 3, "stick": 3}
    row |= {"sha256": "", "built": "2026-01-01", "number": ""}
    (folder / "downloads.json").write_text(json.dumps([row]), "utf-8")
    command = [sys.executable, "-m", "capitalise.cli", "packs", str(folder), "--lang", "en"]
    command += ["--only", "theme=water", "--only", "course=learn-by-doing", "--since", str(older)]
    done = subprocess.run(command, cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def offering(build, packs) -> Site:
    """The site that offers them."""
    result = build(LIBRARY, env={"CAPITALISE_DOWNLOADS": str(packs)})
    assert result.code == 0, result.log
    return Site(result.path)


def test_each_pack_is_a_whole_copy_of_what_it_says(packs, older, tmp_path):
    # What the last run made and no other; a person's file stays.
    update = f"capitalise-update-{updates.of(older).number}.zip"
    assert {path.name for path in packs.iterdir()} == {*FILES, update, "label.pdf", "downloads.json", "mine.txt"}
    assert (
        updates.read(packs / update, older).manifest.number
        == manifest.parse(zipfile.ZipFile(packs / "capitalise.zip").read("MANIFEST.sha256").decode()).number
    )
    told = {row["file"]: row for row in json.loads((packs / "downloads.json").read_text("utf-8"))}
    assert list(told)[:2] == ["label.pdf", "capitalise.zip"]
    for name in FILES:
        with zipfile.ZipFile(packs / name) as archive:
            archive.extractall(tmp_path / name)
        verdict = manifest.verify(tmp_path / name)
        assert verdict.is_whole and verdict.manifest.number == told[name]["number"]
        assert told[name]["sha256"] == hashlib.sha256((packs / name).read_bytes()).hexdigest()
        assert list(Site(tmp_path / name, directory_urls=False).broken()) == []
    sheets = {name: {path.name for path in (tmp_path / name).glob("capitalise/*/sheets/*.html")} for name in FILES}
    assert "half-moons.html" in sheets["capitalise-theme-water.zip"] < sheets["capitalise.zip"]
    assert sheets["capitalise-course-learn-by-doing.zip"] == set()
    modules = (tmp_path / "capitalise-course-learn-by-doing.zip").glob("capitalise/*/trainings/learn-by-doing/0*.html")
    assert {path.name for path in modules} == {"01-listen.html", "02-write.html"}
    assert not list((tmp_path / "capitalise-light.zip").glob("capitalise/files/*.pdf"))
    assert list((tmp_path / "capitalise-light.zip").glob("capitalise/files/*.jpg"))
    assert told["capitalise-en.zip"]["languages"] == ["en"]
    assert (told["capitalise-light.zip"]["documents"], told["capitalise.zip"]["documents"]) == (False, True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_tells_of_each_its_size_day_and_checksum(offering, packs, lang):
    page = offering.page("downloads", lang)
    sections = page.all("//section[contains(@class, 'c-download')]")
    assert len(sections) == len(FILES) + 2
    for section in sections:
        (link,) = section.xpath(".//a[@download]")
        file = packs / page.target(link.get("href")).removeprefix("downloads/")
        if file.name == "label.pdf":
            assert "24" in words(section) and "PDF" in words(link)
        elif "update" in file.name:
            assert f"capitalise usb {'CLÉ' if lang == 'fr' else 'STICK'} --apply {file.name}" in words(section)
        elif lang == "en":
            assert words(section.xpath("h2")[0]) == FILES[file.name]
        text = words(section)
        assert hashlib.sha256(file.read_bytes()).hexdigest() in text
        assert ("20 novembre 2026" if lang == "fr" else "20 November 2026") in text
        size = f"{file.stat().st_size / 1e6:.1f}" if file.stat().st_size >= 1e6 else f"{file.stat().st_size / 1000:.0f}"
        assert size.replace(".", "," if lang == "fr" else ".") in words(link)
        published = offering.folder / "downloads" / file.name
        assert published.read_bytes() == file.read_bytes()
    assert ("LISEZ-MOI.html" if lang == "fr" else "README.html") in page.text("//ol")
    foot = [target for _, target in offering.page("", lang).links("//.c-foot//a")]
    assert page.address in foot
    assert list(offering.broken()) == []


def test_a_site_without_copies_and_a_copy_itself_offer_none(site, copy_site):
    assert not [name for name in (*site.files, *Site(copy_site).files) if "downloads" in name]
    for page in (site.page(""), Site(copy_site, directory_urls=False).page("")):
        assert "downloads" not in page.source


def test_a_folder_that_is_not_in_order_stops_the_build(build, packs, tmp_path):
    folder = shutil.copytree(packs, tmp_path / "packs")
    (folder / "capitalise.zip").write_bytes(b"cut")
    result = build(LIBRARY, env={"CAPITALISE_DOWNLOADS": str(folder)})
    assert result.code == 1 and "n’est pas en ordre (capitalise.zip)" in result.log
    assert "Traceback" not in result.log


@pytest.mark.parametrize("only", ["theme", "theme=", "colour=blue"])
def test_a_pack_of_something_unknown_is_refused_before_anything_is_built(tmp_path, only):
    command = [sys.executable, "-m", "capitalise.cli", "packs", str(tmp_path / "x"), "--lang", "en", "--only", only]
    done = subprocess.run(command, cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True)
    assert done.returncode == 2 and f"“{only}” is not a possible choice: theme=…" in done.stderr
    assert not (tmp_path / "x").exists()
