"""`mkdocs serve`, as a contributor has it open while writing: each problem shows in the page that it is about."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import samples
from conftest import ROOT, environment
from lxml import html

from capitalise import reading
from capitalise.locales import texts

CASES = Path(__file__).parent / "cases"
COMMON = "unknown-field unknown-term empty-file latin-1 bad-slug missing-photo two-originals".split()
HOSTILE = '<img src=x onerror="alert(1)">'
MARKED = (
    samples.GOOD["sheets/bonne-fiche/index.fr.md"]
    .replace("{sections}\n", samples.SECTIONS["fr"])
    .replace("themes:", f"places: [{{name: '{HOSTILE}', lat: 14.791, lon: -16.9}}]\nthemes:")
    .replace("Un puits.", "Un puits[^7].")
    + f"\n## Autre {HOSTILE}\n\nTexte.\n"
)


@pytest.fixture(scope="module")
def products(tmp_path_factory) -> Path:
    """Good products, some with every common fault, and one whose faults are all warnings."""
    files = {"sheets/marques/index.fr.md": MARKED}
    for name in COMMON:
        files |= samples.load_case(CASES / f"{name}.yml")["products"]
    files["sheets/marques/index.en.md"] = "---\ntranslation_of: {language: fr}\ntitle: Marks\n---\n"
    return samples.write(tmp_path_factory.mktemp("preview") / "products", files)


def wait(until: Callable[[], bool], log: Path) -> None:
    """Until something is so; two minutes at most."""
    limit = time.monotonic() + 120
    while not until():
        assert time.monotonic() < limit, log.read_text("utf-8")
        time.sleep(0.1)


@contextmanager
def served(products: Path, log: Path, reload: str = "--no-livereload") -> Iterator[str]:
    """The address of a preview that has built once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", reload, "-a", f"127.0.0.1:{port}"]
    with open(log, "w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(products, SITE_URL=""), stdout=stream, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}/"

    def answers() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.URLError:
            return False
        return True

    try:
        wait(answers, log)
        yield url
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def serve(products) -> Iterator[str]:
    with served(products, products.parent / "serve.log") as url:
        yield url


@pytest.fixture(scope="module")
def page(serve) -> Callable[[str], html.HtmlElement]:
    def get(path: str) -> html.HtmlElement:
        with urllib.request.urlopen(serve + path) as answer:
            return html.fromstring(answer.read().decode("utf-8"))

    return get


def words(text: str) -> str:
    """A text with its blanks made one."""
    return " ".join(text.split())


def told(node: html.HtmlElement, within: str = "") -> list[str]:
    """What each problem in a part of a page says."""
    return [words(item.text_content()) for item in node.xpath(f"{within}//li[contains(@class, 'c-problem ')]")]


@pytest.mark.parametrize(("prefix", "lang"), [("", "fr"), ("en/", "en")])
def test_a_page_shows_its_problems_on_top_and_at_the_section(prefix, lang, page, products):
    shown = page(f"{prefix}sheets/marques/")
    own = [p for p in reading.load(products, drafts=True).problems if "/sheets/marques/" in p.file]
    assert {p.severity for p in own} == {"warning", "error"}
    on_top = told(shown, "//section[@class='c-preview-problems']")
    assert len(on_top) == len(own)
    for problem in own:
        said = (problem.message(texts(lang)), problem.hint(texts(lang)), f"{problem.file}:{problem.line} ")
        assert [one for one in on_top if all(words(part) in one for part in said)], problem
    # At its section, in the language of the reader.
    [cited] = [p for p in own if p.code == "unknown-source"]
    [mark] = told(shown, "//section[@aria-labelledby='results']")
    assert words(cited.message(texts(lang))) in mark
    assert told(shown, "//section[@aria-labelledby='context']") == []


@pytest.mark.parametrize(("prefix", "lang"), [("", "fr"), ("en/", "en")])
def test_what_is_left_out_has_a_page_that_says_why(prefix, lang, page, products):
    library = reading.load(products, drafts=True)
    left_out = {"/".join(file.split("/")[1:3]) for file in library.left_out} - library.products.keys()
    left_out = {one for one in left_out if re.fullmatch(r"sheets/[a-z0-9-]+", one)}
    assert len(left_out) >= 5
    for product_id in left_out:
        shown = page(f"{prefix}{product_id}/")
        lines = told(shown)
        for problem in library.problems:
            if problem.is_error and problem.file.startswith(f"products/{product_id}"):
                assert [one for one in lines if words(problem.message(texts(lang))) in one], problem
        assert words(texts(lang)("preview.left-out")) in words(shown.text_content())


@pytest.mark.parametrize(("prefix", "lang"), [("", "fr"), ("en/", "en")])
def test_one_page_lists_everything_and_every_page_leads_to_it(prefix, lang, page, products):
    problems = reading.load(products, drafts=True).problems
    listed = page(f"{prefix}problems/")
    assert len(told(listed)) == len(problems)
    errors = sum(problem.is_error for problem in problems)
    for path in ("", "sheets/", "sheets/bonne-fiche/", "problems/"):
        [link] = page(prefix + path).xpath("//p[@class='c-preview']/a")
        assert texts(lang).count("count.errors", errors) in link.text_content()
    for link in listed.xpath("//section[@class='c-problems__group']//h2/a/@href"):
        page(f"{prefix}problems/" + link)  # each leads to a page


def test_what_a_contribution_says_stays_text(page):
    for path in ("sheets/marques/", "en/sheets/marques/", "problems/"):
        shown = page(path)
        assert HOSTILE in shown.text_content()
        assert shown.xpath("//*[@onerror] | //img[@src='x']") == []


def test_a_site_that_is_published_has_none_of_it(build, products):
    result = build(products)
    assert result.code == 0, result.log
    assert not (result.path / "problems").exists() and not (result.path / "sheets/termes").exists()
    text = (result.path / "sheets/marques/index.html").read_text("utf-8")
    assert "c-problem" not in text and "c-preview" not in text


def test_it_stays_within_a_phone_in_the_dark(serve, reader):
    for viewport in ({"width": 360, "height": 640}, {"width": 1280, "height": 800}):
        with reader(viewport, color_scheme="dark") as shown:
            for path in ("sheets/marques/", "en/sheets/termes/", "problems/"):
                shown.goto(serve + path)
                assert shown.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
                assert shown.locator(".c-problem").first.is_visible()


def test_half_a_file_that_an_editor_is_saving_is_a_problem_in_its_page_until_the_rest_comes(tmp_path):
    """Cut in the front matter, within a letter; gone for an instant: the preview goes on and shows what is there."""
    products = samples.write(tmp_path / "products", {})
    file = products / "sheets/bonne-fiche/index.fr.md"
    whole = file.read_bytes()
    cut = whole.index("défaut".encode()) + 2  # between the two bytes of é
    log = tmp_path / "serve.log"
    with served(products, log, "--livereload") as url:

        def shows(words: str, path: str = "sheets/bonne-fiche/") -> bool:
            try:
                with urllib.request.urlopen(url + path) as answer:
                    return words in answer.read().decode("utf-8")
            except urllib.error.URLError:
                return False

        for half in (whole[:cut], None):
            wait(lambda: shows("Un puits."), log)
            if half is None:
                file.unlink()
            else:
                file.write_bytes(half)
            wait(lambda: not shows("Un puits."), log)
            wait(lambda: shows("", "sheets/good-sheet/"), log)
            file.write_bytes(whole)
        wait(lambda: shows("Un puits."), log)
    assert "Traceback" not in log.read_text("utf-8")
