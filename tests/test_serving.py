"""`capitalise serve`: the page that is asked for is printed as the site would hold it, and follows every change."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import pytest
from conftest import ROOT, environment

ADDED = re.compile(rb'<script src="/_preview/[^>]*></script>|<p class="c-preview">.*?</p>', re.DOTALL)
"""What the preview puts into each page."""
SITE = "https://capitalise.example.org/"


class Served(NamedTuple):
    """A preview that runs, on a project of its own."""

    address: str
    project: Path
    log: Path

    def get(self, path: str) -> tuple[int, bytes, str]:
        """Status, content and type of what stands at a path; without what the preview adds to it."""
        try:
            with urllib.request.urlopen(self.address + path) as answer:
                return answer.status, answer.read(), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers["Content-Type"]

    def page(self, path: str) -> str:
        """A page as the site would hold it."""
        page = ADDED.sub(b"", self.get(path)[1])
        for ours, theirs in ((self.address, SITE), (quote(self.address), quote(SITE))):
            page = page.replace(ours.encode(), theirs.encode())
        return page.decode()

    def until(self, holds: Callable[[], bool], seconds: float = 90) -> None:
        """Waits for a change to be seen."""
        limit = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < limit, self.log.read_text("utf-8")
            time.sleep(0.05)

    def sheet(self, name: str) -> Path:
        """The French text of a sheet."""
        return self.project / f"products/sheets/{name}/index.fr.md"


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    project = tmp_path_factory.mktemp("serving") / "project"
    for name in ("docs", "overrides", "products", "hooks"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "mkdocs.yml", project)
    log = project / "log"
    command = [sys.executable, "-m", "capitalise.cli", "serve", "--port", "0", "--lang", "en"]
    env = environment(project / "products", PYTHONUNBUFFERED="1", CAPITALISE_REPOSITORY="", CAPITALISE_CACHE=".cache")
    env.pop("SOURCE_DATE_EPOCH")
    with open(log, "w", encoding="utf-8") as said:
        process = subprocess.Popen(command, cwd=project, env=env, stdout=said, stderr=subprocess.STDOUT)
    try:
        limit = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/", log.read_text("utf-8"))):
            assert process.poll() is None and time.monotonic() < limit, log.read_text("utf-8")
            time.sleep(0.1)
        yield Served(found[0], project, log)
    finally:
        process.terminate()
        process.wait()


def test_it_shows_the_very_pages_of_the_site(served, published):
    pages = sorted(path for path in published.folder.rglob("index.html") if "admin" not in path.parts)
    some = [page for number, page in enumerate(pages) if number % 9 == 0 or page.parent == published.folder]
    for page in some:
        path = page.relative_to(published.folder).as_posix().removesuffix("index.html")
        status, _, kind = served.get(path)
        assert (status, kind) == (200, "text/html; charset=utf-8"), path
        assert served.page(path) == page.read_text("utf-8"), path
    assert len(some) > 50


FILES = (
    "assets/capitalise.css",
    "assets/find/fr/cards-0.js",
    "assets/find/en/catalogue.js",
    "assets/find/land.svg",
    "feed_en.xml",
    "catalogue.json",
    "places.geojson",
    "sheets/zai-yatenga/cover.svg",
    "en/sheets/zai-yatenga/citation.ris",
)


@pytest.mark.parametrize("path", FILES)
def test_it_has_the_very_files_of_the_site(served, published, path):
    status, content, _ = served.get(path)
    assert status == 200
    assert content.replace(served.address.encode(), SITE.encode()) == (published.folder / path).read_bytes()


def test_what_is_not_there_is_not_found_and_a_folder_leads_to_its_page(served):
    status, content, _ = served.get("sheets/nowhere/")
    assert status == 404 and b"404" in content
    assert served.get("../mkdocs.yml")[0] == served.get("%2e%2e/%2e%2e/mkdocs.yml")[0] == 404
    assert served.get("sheets/zai-yatenga")[1] == served.get("sheets/zai-yatenga/")[1]


def test_no_page_of_elsewhere_can_read_it_under_another_name(served):
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc)
    connection.request("GET", "/", headers={"Host": "evil.example:80"})
    assert connection.getresponse().status == 404


@pytest.mark.parametrize(("lang", "said"), [("fr", "est pris : l’aperçu est-il déjà ouvert"), ("en", "is taken")])
def test_a_port_that_is_taken_is_said(served, lang, said):
    port = urlsplit(served.address).port
    done = subprocess.run(
        [sys.executable, "-m", "capitalise.cli", "serve", "--port", str(port), "--lang", lang],
        cwd=served.project,
        env=environment(served.project / "products"),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 2 and said in done.stderr.replace("\u00a0", " ") and "Traceback" not in done.stderr


# ------------------------------------------------------------------------------------------------ changes


def test_an_open_page_is_shown_anew_when_its_text_is_saved(served, reader):
    text = served.sheet("zai-yatenga")
    before = text.read_text("utf-8")
    with reader() as page:
        page.goto(f"{served.address}sheets/zai-yatenga/")
        text.write_text(f"{before.rstrip()} Une phrase de plus.\n", "utf-8")
        page.get_by_text("Une phrase de plus.").wait_for(timeout=60_000)
        text.write_text(before, "utf-8")
        page.get_by_text("Une phrase de plus.").wait_for(state="detached", timeout=60_000)


def test_a_product_that_comes_or_goes_is_seen_wherever_it_is_listed(served):
    old = served.sheet("zai-yatenga").parent
    new = old.with_name("nouvelle-fiche")
    shutil.copytree(old, new)
    served.until(lambda: served.get("sheets/nouvelle-fiche/")[0] == 200)
    served.until(lambda: "sheets/nouvelle-fiche/" in served.get("assets/find/fr/cards-0.js")[1].decode())
    shutil.rmtree(new)
    served.until(lambda: served.get("sheets/nouvelle-fiche/")[0] == 404)
    served.until(lambda: "nouvelle-fiche" not in served.page("countries/bf/"))


def test_a_fault_is_shown_where_it_is_and_goes_when_it_is_mended(served):
    text = served.sheet("zai-yatenga")
    before = text.read_text("utf-8")
    text.write_text(before.replace("themes:", "themess:", 1), "utf-8")
    served.until(lambda: b"themess" in served.get("sheets/zai-yatenga/")[1])
    assert b"themess" in served.get("problems/")[1]
    text.write_text(before[: len(before) // 20], "utf-8")  # as a program leaves it that is stopped while it saves
    served.until(lambda: b"themess" not in served.get("problems/")[1])
    assert served.get("sheets/zai-yatenga/")[0] == served.get("sheets/")[0] == 200
    text.write_text(before, "utf-8")
    served.until(lambda: b"zai-yatenga/index.fr.md" not in served.get("problems/")[1])


def test_a_term_a_page_written_by_hand_and_a_template_are_followed(served):
    terms = served.project / "products/vocabularies/themes.yml"
    terms.write_text(terms.read_text("utf-8").replace('fr: "Agro', 'fr: "Grand-agro', 1), "utf-8")
    served.until(lambda: "Grand-" in served.page("themes/"))
    document = served.project / "docs/fr/privacy.md"
    document.write_text(document.read_text("utf-8") + "\nUne ligne de plus.\n", "utf-8")
    served.until(lambda: "Une ligne de plus." in served.page("privacy/"))
    template = served.project / "overrides/main.html"
    template.write_text(template.read_text("utf-8").replace("c-foot__line", "c-foot__line c-new"), "utf-8")
    served.until(lambda: "c-new" in served.page("themes/") and "c-new" in served.page("privacy/"))
    template.write_text("{% if %}", "utf-8")
    served.until(lambda: "Expected an expression" in served.log.read_text("utf-8"))
    assert "c-new" in served.page("themes/")  # as it was, until it can be shown
    template.write_text((ROOT / "overrides/main.html").read_text("utf-8"), "utf-8")
    served.until(lambda: "c-new" not in served.page("themes/"))


def test_the_search_index_follows_when_nobody_waits_for_it(served, reader):
    served.until(lambda: served.get("assets/find/fr/index/pagefind-entry.json")[0] == 200)
    with reader() as page:
        page.goto(f"{served.address}search/?q=zaï")
        page.locator("#c-search a[href*='zai-yatenga']").first.wait_for(timeout=60_000)
