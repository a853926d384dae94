"""The copy on real FAT32 and exFAT images, and what was read back from them in a browser whose network is off."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import exfat
import pytest
from browsers import DESK
from test_search import ask

from capitalise.stick import contents, copying, manifest, names


def run(*command: object) -> str:
    # Some systems keep these out of the way of who is not an administrator.
    path = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    program = shutil.which(str(command[0]), path=path)
    if not program:
        pytest.fail(f"this test needs {command[0]}: apt-get install dosfstools mtools exfatprogs")
    env = os.environ | {"PATH": path, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([program, *map(str, command[1:])], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def stick(copy_site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    copying.copy(contents.assemble(copy_site), folder)
    return folder


@pytest.fixture(scope="module")
def fat(stick, tmp_path_factory) -> tuple[Path, str]:
    """What was read back from a FAT32 stick with clusters of 32 KiB, and what its check said."""
    folder = tmp_path_factory.mktemp("fat")
    image = exfat.blank(folder / "image", 2300 << 20)  # with fewer clusters it would not be FAT32
    run("mkfs.vfat", "-F", "32", "-s", "64", "--invariant", image)
    run("mcopy", "-i", image, "-s", "-Q", "-m", *sorted(stick.iterdir()), "::/")
    told = run("fsck.fat", "-n", image)
    (folder / "read").mkdir()
    run("mcopy", "-i", image, "-s", "-Q", "::/*", folder / "read")
    image.unlink()
    return folder / "read", told


@pytest.fixture(scope="module")
def exfat_read(stick, tmp_path_factory) -> Path:
    """What was read back from an exFAT stick."""
    folder = tmp_path_factory.mktemp("exfat")
    image = exfat.blank(folder / "image", 256 << 20)
    run("mkfs.exfat", "-c", "32K", image)
    exfat.Image(image).fill(stick)
    assert re.search(r": clean\. directories \d+, files \d+", run("fsck.exfat", "-n", image))
    exfat.Image(image).read(folder / "read")
    image.unlink()
    return folder / "read"


@pytest.fixture(params=["fat", "exfat"])
def read_back(request) -> Path:
    return request.getfixturevalue("fat")[0] if request.param == "fat" else request.getfixturevalue("exfat_read")


def listing(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def test_what_is_read_back_is_what_was_written(stick, read_back):
    assert listing(read_back) == listing(stick)
    assert manifest.verify(read_back).is_whole
    assert subprocess.run(["sh", read_back / "verify.sh"], capture_output=True).returncode == 0


def test_the_room_that_the_command_tells_is_the_room_it_takes(stick, fat):
    files = [path for path in stick.rglob("*") if path.is_file()]
    told = names.on_stick((path.relative_to(stick).as_posix(), path.stat().st_size) for path in files)
    (used,) = re.findall(r"(\d+)/\d+ clusters", fat[1])
    assert told // names.CLUSTER == int(used)


def test_mtools_would_have_altered_the_names_that_we_refuse(tmp_path):
    """Why names are looked at before: the tools that fill a stick say nothing, and Windows opens none of these."""
    image = exfat.blank(tmp_path / "image", 40 << 20)
    run("mkfs.vfat", "-F", "32", "-s", "1", "--invariant", image)
    (tmp_path / "files").mkdir()
    for name in ("aux.html", "fin."):
        (tmp_path / "files" / name).write_text("x")
        assert list(names.faults([(name, 1)]))
        run("mcopy", "-i", image, tmp_path / "files" / name, "::/")
    found = run("mdir", "-i", image, "-b", "::/").split()
    assert found == ["::/aux.html", "::/fin"]


# ------------------------------------------------------------------------------------------------ in a browser


def test_everything_works_from_the_stick_without_a_network(reader, read_back):
    with reader(DESK, offline=True, accept_downloads=True) as page:
        # A double click on the start.
        page.goto((read_back / "LISEZ-MOI.html").as_uri())
        assert page.locator("svg").bounding_box()["width"] > 100
        page.get_by_role("link", name="Ouvrir la bibliothèque").click()
        page.wait_for_url("**/capitalise/*/index.html")
        home = page.url

        # Search, and what it finds.
        page.keyboard.press("/")
        page.wait_for_selector("#c-query")
        ask(page, "demi-lunes")
        page.locator(".c-result__title", has_text="Des demi-lunes à Tanlili").click()
        page.wait_for_url("**/sheets/half-moons.html*")
        assert page.locator(".c-cover img").evaluate("image => image.complete && image.naturalWidth > 0")
        assert "20 novembre 2026" in page.locator(".c-foot").inner_text()

        # A document, and a reference that comes with the page.
        with page.expect_download() as download:
            page.locator(".c-files").get_by_role("link", name="Rendements mesurés").click()
        assert download.value.suggested_filename.startswith("yields-")
        with page.expect_download() as download:
            page.get_by_role("link", name="BibTeX").click()
        assert download.value.suggested_filename == "half-moons.bib"
        assert "@techreport{sheets:half-moons:fr" in Path(download.value.path()).read_text("utf-8")

        # What leaves the stick is marked.
        mark = "link => getComputedStyle(link, '::after').content"
        assert "↗" in page.locator(".c-sources a[href^=http]").first.evaluate(mark)
        assert "↗" not in page.locator(".c-crumbs a").first.evaluate(mark)

        # The other language, at the same place.
        page.locator(".c-switch").get_by_role("link", name="EN").click()
        page.wait_for_url("**/en/sheets/half-moons.html*")
        assert page.get_by_role("heading", level=1).inner_text() == "Half-moons in Tanlili"

        # The comparison opens the pages of the sheets.
        page.get_by_role("link", name="Compare this sheet").click()
        page.wait_for_url("**/en/compare.html*")
        page.locator(".c-compare, #c-compare").get_by_text("Half-moons in Tanlili").first.wait_for()

        # Catalogue with a filter, and pictures that stand elsewhere.
        page.goto(home.replace("index.html", "catalogue.html"))
        page.locator(".c-facet label", has_text="Burkina Faso").first.click()
        page.wait_for_url("**country=BF*")
        covers = page.locator(".c-card img")
        covers.first.wait_for()
        for number in range(covers.count()):
            covers.nth(number).scroll_into_view_if_needed()
            page.wait_for_function("n => document.querySelectorAll('.c-card img')[n].naturalWidth > 0", arg=number)

        # The map, and from a place to its sheet.
        page.goto(home.replace("index.html", "map.html"))
        page.locator("svg [role=button]").first.wait_for()
        page.get_by_role("link", name="Des demi-lunes à Tanlili").first.click()
        page.wait_for_url("**/sheets/half-moons.html*")


def test_no_page_of_the_copy_asks_anything_of_a_host(reader, stick):
    """Every page is opened: `reader` fails at the first request that is not for a file of the copy."""
    with reader(offline=True) as page:
        for path in sorted(stick.rglob("*.html")):
            page.goto(path.as_uri(), wait_until="load")


@pytest.mark.parametrize(("days", "shown"), [(300, False), (400, True)])
def test_a_copy_says_when_it_is_more_than_a_year_old(reader, stick, days, shown):
    (start,) = stick.glob("capitalise/*/en/index.html")
    with reader() as page:
        page.add_init_script(f"Date.now = () => Date.parse('2026-11-20') + {days} * 864e5")
        page.goto(start.as_uri())
        assert page.get_by_text("This copy is more than a year old.").is_visible() is shown
