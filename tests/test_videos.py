"""Videos: what the site shows of them, and a film that plays from the stick without a network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from browsers import DESK
from conftest import LIBRARY, ROOT
from reader import Site

from capitalise.stick import about, contents, copying, manifest

VIDEOS = """
videos:
  - {title: "Tracer une demi-lune", poster: cover.jpg, credit: "Groupement villageois", consent: not-needed,
     file: film.webm, url: "https://video.example.org/tracer"}
  - {title: "Le village raconte", poster: meeting.jpg, credit: "Jean Essai", consent: not-needed,
     url: "https://video.example.org/raconte"}
  - {title: "La fête", poster: plan.svg, credit: "Jean Essai", file: never.webm}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """The small library with three videos: a film with its page, a page alone, a film nobody agreed to show."""
    folder = shutil.copytree(LIBRARY, tmp_path_factory.mktemp("videos") / "library")
    sheet = folder / "sheets/half-moons/index.fr.md"
    text = sheet.read_text("utf-8")
    assert "\nfiles:" in text
    sheet.write_text(text.replace("\nfiles:", f"{VIDEOS}files:", 1), "utf-8")
    for name in ("film.webm", "never.webm"):
        shutil.copy(ROOT / "tests/film.webm", sheet.parent / name)
    return folder


@pytest.fixture(scope="module")
def copy_of_it(build, library) -> Path:
    """Its site, made for a copy."""
    result = build(library, directory_urls=False, env={about.VARIABLE: about.Request().text})
    assert result.code == 0, result.log
    return result.path


@pytest.fixture(scope="module")
def stick(copy_of_it, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    copying.copy(contents.assemble(copy_of_it), folder)
    return folder


def test_a_video_has_a_poster_and_asks_nothing_of_another_host(copy_of_it):
    page = Site(copy_of_it, directory_urls=False).pages["sheets/half-moons.html"]
    film, web = page.all("//figure[contains(@class, 'c-video')]")
    (player,) = film.xpath("video")
    assert (player.get("src"), player.get("poster")) == ("half-moons/film.webm", "half-moons/cover.jpg")
    assert (player.get("preload"), player.get("aria-label")) == ("none", "Tracer une demi-lune")
    assert (player.get("width"), player.get("height")) == ("40", "64")
    assert [link.get("href") for link in film.xpath(".//a")] == [
        "half-moons/film.webm",
        "https://video.example.org/tracer",
    ]
    # Without a film, the poster leads to where it can be seen; it is loaded from here.
    assert web.xpath("video") == []
    assert web.xpath("a/@href") == ["https://video.example.org/raconte"]
    assert web.xpath("a/img/@src") == ["half-moons/meeting.jpg"]
    assert page.all("//iframe") == []


def test_a_video_without_consent_is_nowhere(copy_of_it):
    assert "La fête" not in (copy_of_it / "sheets/half-moons.html").read_text("utf-8")
    assert not [path for path in copy_of_it.rglob("never*")]


def test_the_open_data_tell_of_the_videos(copy_of_it):
    catalogue = json.loads((copy_of_it / "catalogue.json").read_text("utf-8"))
    (sheet,) = [one for one in catalogue["products"] if one["id"] == "sheets/half-moons"]
    film, web = sheet["texts"]["fr"]["videos"]
    assert film["title"] == "Tracer une demi-lune"
    assert film["file_url"] == "sheets/half-moons/film.webm"
    assert film["file_absolute_url"] == "https://kb.example.org/sheets/half-moons/film.webm"
    assert (web["file"], web["file_url"], web["poster_url"]) == (None, None, "sheets/half-moons/meeting.jpg")


def test_the_film_plays_from_the_stick(reader, stick):
    (number,) = manifest.numbers(stick)
    with reader(DESK, offline=True) as page:
        page.goto((stick / "capitalise" / number / "sheets/half-moons.html").as_uri())
        player = page.locator("video")
        player.evaluate("video => { video.muted = true; return video.play(); }")
        page.wait_for_function("document.querySelector('video').currentTime > 0.2")
        assert player.evaluate("video => [video.videoWidth, video.videoHeight]") == [64, 36]


def test_a_copy_without_documents_keeps_the_poster_and_leads_to_the_web(reader, copy_of_it, tmp_path):
    made = contents.assemble(copy_of_it, files=False)
    assert "sheets/half-moons/film.webm" in made.left_out
    copying.copy(made, tmp_path)
    site = Site(tmp_path, directory_urls=False)
    assert list(site.broken()) == []
    assert not [name for name in site.files if name.endswith(".webm")]
    (address,) = [name for name in site.pages if name.endswith("/sheets/half-moons.html") and "/en/" not in name]
    film = site.pages[address].all("//figure[contains(@class, 'c-video')]")[0]
    assert film.xpath("video") == [] and film.xpath("img/@alt") == ["Tracer une demi-lune"]
    assert [link.get("href") for link in film.xpath(".//a[@data-internet]")] == [
        "https://kb.example.org/sheets/half-moons/film.webm",
        "https://video.example.org/tracer",
    ]
    with reader(offline=True) as page:
        page.goto((tmp_path / address).as_uri())
        page.locator(".c-video img").first.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('.c-video img').naturalWidth > 0")
