"""No tracker, no cookie, and nothing kept on a reader's device but what the page on privacy names."""

from __future__ import annotations

import re

import pytest
from browsers import DOCUMENTS
from conftest import LIBRARY, ROOT

from capitalise import reading
from capitalise.addresses import Addresses
from capitalise.pages import pages
from capitalise.settings import Settings
from capitalise.views.base import Site

NOT_IN_THE_SITE = {"macros.html", "product.html", "list.html", "problems.html", "downloads.html"}
"""What other templates take from; a preview's alone; a page that a site has once it offers copies, all of it text."""

KEPT = """async () => ({
  cookie: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(one => one.name),
  caches: window.caches ? await caches.keys() : [],
  workers: navigator.serviceWorker && location.protocol !== "file:"
    ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""


def one_of_each() -> list[str]:
    """A page of each template, by its path, and the pages written by hand."""
    settings = Settings(name="", addresses=Addresses("fr"), languages=("fr", "en"))
    found: dict[str, str] = {}
    for spec in pages(Site(reading.load(LIBRARY), settings, "fr")):
        found.setdefault(spec.template, spec.path)
    wanted = {path.name for path in (ROOT / "overrides/capitalise").glob("*.html")} - NOT_IN_THE_SITE
    assert found.keys() == wanted
    return ["", *found.values(), *DOCUMENTS]


def allowed(lang: str) -> set[str]:
    """What the page on privacy says that is kept."""
    text = (ROOT / f"docs/{lang}/privacy.md").read_text("utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_the_two_pages_on_privacy_name_the_same():
    assert allowed("fr") == allowed("en") >= {"capitalise.scheme"}


USE = """() => {
  const all = selector => [...document.querySelectorAll(selector)].slice(0, 12);
  for (const one of all(".c-page summary, .c-page label, .c-page input[type=checkbox]")) one.click();
  for (const one of all(".c-page select")) {
    one.selectedIndex = one.options.length - 1;
    one.dispatchEvent(new Event("change", {bubbles: true}));
  }
  for (const one of all(".c-page button[type=button]")) one.click();
  scrollTo(0, document.body.scrollHeight);
}"""
"""What a reader does on any page: folds, tabs, tick boxes, choices, buttons, all the way down."""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_page_asks_or_keeps_anything(reader, url, lang):
    seen: dict[str, set[str]] = {}
    told: list[str] = []
    with reader() as page:  # which fails where a request leaves the site
        page.on("response", lambda answer: "set-cookie" in answer.headers and told.append(answer.url))
        page.on("worker", lambda worker: worker.url.startswith(("http:", "file:", "blob:")) or told.append(worker.url))
        page.add_init_script("window.print = () => {}")
        for path in one_of_each():
            page.goto(url(path, lang))
            page.evaluate(USE)
            page.wait_for_load_state()
            kept = page.evaluate(KEPT)
            seen[path] = {*kept.pop("local"), *kept.pop("session")}
            assert not any(kept.values()), (path, kept)
        assert set().union(*seen.values()) == set()  # nothing was chosen yet

        page.goto(url("", lang))
        page.locator(".c-scheme").click()
        page.keyboard.press("/")
        page.fill("#c-query", "compost")
        page.press("#c-query", "Enter")
        page.wait_for_selector(".c-search__main > .c-results > li")
        page.locator(".c-facet input").first.check()
        page.goto(url("map", lang))
        page.goto(url("sheets/half-moons", lang))
        page.locator(".c-switch a:not([aria-current])").click()
        page.wait_for_url(url("sheets/half-moons", "en" if lang == "fr" else "fr"))
        kept = page.evaluate(KEPT)
        assert {*kept.pop("local"), *kept.pop("session")} <= allowed(lang)
        assert not any(kept.values())
        assert page.context.cookies() == []
        assert told == []
        assert page.evaluate("localStorage.getItem('capitalise.scheme')") in ("dark", "light")
        foot = page.locator(".c-foot a", has_text="Privacy" if lang == "fr" else "Vie privée")
        foot.click()
        assert page.locator("#write").is_visible()
