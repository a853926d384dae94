"""What a reader types finds what a reader wants: the queries of `relevance.yml`, asked of the published library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from browsers import served

LANGUAGES = ("fr", "en")
WANTED = yaml.safe_load(Path(__file__).with_name("relevance.yml").read_text("utf-8"))
FIRST = 3
"""Results that a reader looks at before trying other words."""

ASK = """async ([lang, queries]) => {
  const answers = {};
  for (const query of queries) {
    const { results } = await capitalise.search.ask(lang, query);
    const pages = await Promise.all(results.slice(0, 5).map((one) => one.data()));
    answers[query] = pages.map((page) => page.url);
  }
  return answers;
}"""


class Queries(NamedTuple):
    """The search page of a language, open, and what it answers to the queries of that language."""

    page: Any
    found: dict[str, list[str]]
    """Query → ids of the first five products."""


@pytest.fixture(scope="module")
def address(published) -> Iterator[str]:
    with served(published.folder) as address:
        yield address


def product(url: str, home: str) -> str:
    """The id of the product whose page stands at an address of the index."""
    return url.removesuffix("index.html").strip("/").removeprefix(home)


@pytest.fixture(scope="module")
def answers(browser, address) -> Iterator[dict[str, Queries]]:
    """Each language with all its queries asked at once."""
    asked = {}
    for lang in LANGUAGES:
        home = "" if lang == "fr" else f"{lang}/"
        page = browser.new_page()
        page.goto(f"{address}{home}search/")
        page.wait_for_selector("#c-query")
        found = page.evaluate(ASK, [lang, [one["q"] for one in WANTED["queries"] if one["lang"] == lang]])
        asked[lang] = Queries(page, {query: [product(url, home) for url in urls] for query, urls in found.items()})
    yield asked
    for queries in asked.values():
        queries.page.close()


def cases(name: str) -> list:
    """The entries of a list; one that says why it is `missed` is expected to fail."""
    return [
        pytest.param(
            one,
            id=f"{one['lang']}: {one['q']}",
            marks=[pytest.mark.xfail(reason=one["missed"])] if "missed" in one else [],
        )
        for one in WANTED[name]
    ]


@pytest.mark.parametrize("wanted", cases("queries"))
def test_a_query_finds_what_its_reader_wants(answers, wanted):
    found = answers[wanted["lang"]].found[wanted["q"]]
    first = set(found[:FIRST])
    told = f"“{wanted['q']}” ({wanted['lang']}) finds, in this order: {', '.join(found) or 'nothing'}"
    expected = wanted["expect"]
    assert set(expected.get("all", ())) <= first, told
    assert "any" not in expected or first & set(expected["any"]), told


@pytest.mark.parametrize("wanted", cases("spelling"))
def test_a_slip_is_offered_the_right_word(answers, wanted):
    page = answers[wanted["lang"]].page
    page.fill("#c-query", wanted["q"])
    page.press("#c-query", "Enter")
    offered = page.locator(".c-search__slip button", has_text=wanted["suggest"])
    offered.wait_for(timeout=5000)
    assert offered.inner_text() == wanted["suggest"]
    offered.click()
    page.locator(".c-search__slip").wait_for(state="detached", timeout=5000)
    assert page.input_value("#c-query") == wanted["suggest"]
    assert page.locator(".c-search__main > .c-results > li").count() > 0


def test_enough_is_asked_in_each_language():
    """Both languages are tried as hard, and each query expects something, named as in no other."""
    by_lang = {lang: [one["q"] for one in WANTED["queries"] if one["lang"] == lang] for lang in LANGUAGES}
    assert all(len(queries) >= 35 and len(set(queries)) == len(queries) for queries in by_lang.values())
    for one in WANTED["queries"]:
        assert one["expect"] and one["expect"].keys() <= {"all", "any"}, one
        assert len(one["expect"].get("all", ())) <= FIRST, one


def test_every_product_expected_is_in_the_library(published):
    expected = {product for one in WANTED["queries"] for ids in one["expect"].values() for product in ids}
    assert sorted(one for one in expected if not (published.folder / one / "index.html").exists()) == []
