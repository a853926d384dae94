"""Search, catalogue, map and comparison as a reader uses them, on the web and from files alike."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import DESK, PHONE, served
from conftest import LIBRARY

ASKED = {
    "fr": ["demi-lunes", "l’eau", "l'eau", "sorgho rendement", "foire aux semences", "cuvettes", "fosses à compost"],
    "en": ["half-moons", "micro-basins", "compost", "learning by listening", "the old well"],
}

SHOWN = "document.querySelectorAll('.c-search__main > .c-results > li').length"


def opened(page, address: str, query: str = ""):
    """The search over a page, with its results where something is asked."""
    page.goto(address)
    page.keyboard.press("/")
    page.wait_for_selector("#c-query")
    if query:
        ask(page, query)


def ask(page, query: str) -> None:
    page.fill("#c-query", query)
    page.press("#c-query", "Enter")
    page.wait_for_function(
        "!document.querySelector('.c-search__main[aria-busy]')"
        " && /résultat|Rien|result|Nothing/.test(document.querySelector('.c-search__told').textContent)"
    )


def titles(page) -> list[str]:
    return page.locator(".c-search__main > .c-results .c-result__title").all_inner_texts()


def params(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


# ------------------------------------------------------------------------------------------------ search


def test_the_same_is_found_on_the_web_and_from_files(reader, http_url, file_url):
    def found(url) -> dict[tuple[str, str], list]:
        answers = {}
        with reader() as page:
            for lang, queries in ASKED.items():
                opened(page, url("", lang))
                for query in queries:
                    ask(page, query)
                    parts = page.locator(".c-result ul a").all_inner_texts()
                    counts = page.locator(".c-facet small").all_inner_texts()
                    answers[lang, query] = [titles(page), parts, counts]
        return answers

    web, files = found(http_url), found(file_url)
    assert web == files
    first = {query: answer[0][:1] for query, answer in web.items()}
    assert first["fr", "demi-lunes"] == ["Des demi-lunes à Tanlili"]
    assert first["fr", "l’eau"] == first["fr", "l'eau"] != []
    assert first["fr", "foire aux semences"] == ["La foire aux semences"]
    assert first["fr", "fosses à compost"] == ["Une fosse à compost"]
    # Another name of a practice finds what was done, though its text never says it.
    assert "Des demi-lunes à Tanlili" in web["fr", "cuvettes"][0]
    assert "Half-moons in Tanlili" in web["en", "micro-basins"][0]
    assert first["en", "the old well"] == ["The old well"]


WHOLE_ANSWER = """async ([lang, queries]) => {
  const answers = {};
  for (const query of queries) {
    const { results, pages, every } = await capitalise.search.ask(lang, query);
    const told = await Promise.all([...results, ...pages].map(async (one) => [one.row, await one.data()]));
    answers[query] = { every, told: told.map(([row, { url, excerpt, sub_results }]) =>
      [url, row === undefined ? "page" : row, excerpt, sub_results.map((part) => [part.url, part.excerpt])]) };
  }
  return answers;
}"""


@pytest.fixture(scope="session")
def divided_site(build) -> Path:
    """The site of `tests/library/` with several indexes for each language, as if it were a hundred times as large."""
    result = build(LIBRARY, directory_urls=False, env={"CAPITALISE_SEARCH_PART": "10000"})
    assert result.code == 0, result.log
    return result.path


def test_a_divided_index_answers_as_a_whole_one(reader, divided_site, fixture_site_file):
    def answers(address: str) -> dict[str, dict]:
        found = {}
        for lang, queries in ASKED.items():
            with reader() as page:
                page.goto(f"{address}{'' if lang == 'fr' else f'{lang}/'}search/index.html")
                page.wait_for_selector("#c-query")
                # Words of one sheet, of none, of all; a word that is the beginning of others.
                more = ["Tanlili", "zzqxv", "compostières", "a", "le puits", "agri", "rain harvest"]
                found |= {
                    (lang, key): value for key, value in page.evaluate(WHOLE_ANSWER, [lang, queries + more]).items()
                }
        return found

    parts = json.loads((divided_site / "assets/find/fr/results.js").read_text("utf-8").partition(",")[2][:-3])["parts"]
    assert len(parts) > 2
    with served(divided_site) as address:
        web = answers(address)
    assert web == answers(divided_site.as_uri() + "/")
    whole = answers(fixture_site_file.as_uri() + "/")
    for query, answer in whole.items():
        assert web[query]["every"] == answer["every"], query
        assert sorted(web[query]["told"], key=str) == sorted(answer["told"], key=str), query
    assert sum(web[query]["told"][:1] == answer["told"][:1] for query, answer in whole.items()) >= 0.8 * len(whole)


def test_a_result_leads_to_its_section(reader, url):
    with reader() as page:
        opened(page, url("", "en"), "rains")
        link = page.locator(".c-result ul a").first
        anchor = link.get_attribute("href").partition("#")[2]
        link.click()
        page.wait_for_url(re.compile(f"#{anchor}$"))
        assert page.locator(f"#{anchor}").is_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_search_opens_in_every_way_and_needs_no_mouse(reader, url, viewport):
    with reader(viewport) as page:
        page.goto(url("sheets/half-moons", "en"))
        page.locator(".c-find-link").click()
        page.wait_for_selector("dialog[open] #c-query")
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog:not([open])", state="attached")
        page.keyboard.press("Control+k")
        page.wait_for_selector("dialog[open]")
        page.keyboard.type("compost")
        page.wait_for_selector(".c-result")
        assert page.evaluate("document.activeElement.id") == "c-query"
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.className") == "c-result__title"
        title = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.id") == "c-query"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        page.wait_for_function(
            "t => (document.querySelector('h1') || {textContent: ''}).textContent.trim() === t", arg=title
        )
        page.wait_for_load_state()
        # A letter typed into a field is a letter.
        page.keyboard.press("/")
        page.wait_for_selector("dialog[open] #c-query")
        page.fill("#c-query", "")
        page.keyboard.type("a/b")
        assert page.input_value("#c-query") == "a/b"


def test_what_is_found_is_told_to_those_who_hear_the_page(reader, url):
    with reader() as page:
        opened(page, url("", "en"), "half-moons")
        status = page.locator(".c-search__told")
        assert status.get_attribute("role") == "status"
        number = len(titles(page))
        assert re.match(rf"{number} results?\.", status.inner_text()) or number == 8
        assert page.get_by_role("dialog", name="Search").is_visible()
        assert page.get_by_role("dialog").get_by_role("searchbox", name="Search").is_visible()


def test_query_and_filters_live_in_the_address(reader, url):
    with reader() as page:
        opened(page, url("", "en"), "half-moons")
        before = titles(page)
        page.locator(".c-facet", has_text="Countries").locator("label", has_text="Rwanda").click()
        page.wait_for_function(f"{SHOWN} < {len(before)}")
        narrowed = titles(page)
        assert set(narrowed) < set(before) and narrowed
        assert params(page) == {"q": ["half-moons"], "country": ["RW"]}
        # Whoever is given the address sees the same.
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector(".c-result")
        assert titles(page) == narrowed and page.input_value("#c-query") == "half-moons"
        assert page.locator("input[value=RW]").is_checked()
        # Counts are those that a choice would give.
        count = (
            page.locator(".c-facet", has_text="Kind").locator("label", has_text="sheet").locator("small").inner_text()
        )
        assert int(count) == len(narrowed)
        page.locator(".c-facets__clear").click()
        page.wait_for_function(f"{SHOWN} === {len(before)}")
        page.keyboard.press("Escape")
        page.wait_for_function("location.search === ''")


def test_the_other_language_is_offered_below_and_marked(reader, url):
    with reader() as page:
        opened(page, url(), "old well")  # in English alone
        page.wait_for_selector(".c-search__others .c-result")
        other = page.locator(".c-search__others .c-result").first
        assert other.get_attribute("lang") == "en"
        assert other.locator(".c-badge").inner_text().lower() == "anglais"
        assert "The old well" in other.inner_text()
        # Where this language has enough, it is asked for.
        ask(page, "demi-lunes")
        page.locator(".c-search__others button").click()
        page.wait_for_selector(".c-search__others .c-result, .c-search__others p")


def test_a_slip_is_understood_and_nothing_found_is_not_the_end(reader, url):
    with reader() as page:
        opened(page, url(), "compsot")
        page.wait_for_selector(".c-search__slip button")
        page.locator(".c-search__slip button").click()
        page.wait_for_selector(".c-result")
        assert page.input_value("#c-query") == "compost"
        ask(page, "zzqxv")
        page.wait_for_selector(".c-search__ways a")
        for link in page.locator(".c-search__ways a").all():
            assert link.get_attribute("href")
        assert "zzqxv" in page.locator(".c-search__told").inner_text()


HOSTILE = [
    "x" * 5000,
    "mot " * 1250,
    "le la les de du",
    "💧🌾",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"',
    '"demi-lunes',
    "'''",
    "\\",
    "a*b(c[d{e",
    "%00%ff",
    "\u202e\u0000\ufeff",
    "constructor __proto__",
    "-1 OR 1=1",
]


def test_no_query_breaks_anything(reader, url):
    with reader() as page:
        opened(page, url())
        for query in HOSTILE:
            page.fill("#c-query", query)
            page.press("#c-query", "Enter")
            page.wait_for_function("!/cours/.test(document.querySelector('.c-search__told').textContent)")
            assert page.locator(".c-search img, .c-search script").count() == 0
        # In the address too, where no field limits it.
        page.goto("about:blank")
        page.goto(
            url("search")
            + "?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"
            + "x" * 5000
            + "&country=%22%3E%3Cscript%3E&page=-4"
        )
        page.wait_for_function("/Rien|résultat/.test(document.querySelector('.c-search__told').textContent)")
        assert len(page.input_value("#c-query")) <= 200
        # The hostile sheet is found and shown as it was written.
        page.goto(url("search", "en") + "?q=alert")
        page.wait_for_selector(".c-result")
        assert "<script>alert('title')</script>" in page.locator(".c-result__title").first.inner_text()


@pytest.mark.parametrize("fault", ["missing", "cut"])
def test_a_copy_with_a_damaged_index_says_so_and_shows_other_ways(browser, fixture_site_file, tmp_path, fault):
    copy = tmp_path / "copy"
    shutil.copytree(fixture_site_file, copy)
    for script in (copy / "assets/find/fr/packed").rglob("*.js"):
        if fault == "missing":
            script.unlink()
        else:
            script.write_bytes(script.read_bytes()[:200])
    context = browser.new_context()
    page = context.new_page()
    page.goto((copy / "index.html").as_uri())
    page.keyboard.press("/")
    page.wait_for_selector("#c-query")
    page.fill("#c-query", "compost")
    page.press("#c-query", "Enter")
    page.wait_for_function("/n’a pas pu/.test(document.querySelector('.c-search__told').textContent)", timeout=15000)
    page.locator(".c-search__ways a").first.click()
    page.wait_for_url(re.compile("catalogue"))
    context.close()


def test_the_search_page_without_a_script_leads_to_everything(reader, url):
    with reader(PHONE, java_script_enabled=False) as page:
        page.goto(url("search"))
        assert page.get_by_text("a besoin de JavaScript").is_visible()
        page.locator(".c-ways a", has_text="Sol").first.click()
        page.wait_for_url(url("themes/soil"))


# ------------------------------------------------------------------------------------------------ catalogue


def catalogue(page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#c-catalogue .c-find")


def test_the_catalogue_narrows_sorts_and_turns_into_a_table(reader, url):
    with reader() as page:
        catalogue(page, url("catalogue", "en"))
        cards = page.locator(".c-card__title")
        whole = cards.count()
        page.locator("input[value=RW]").check()
        page.wait_for_function(f"document.querySelectorAll('.c-card').length < {whole}")
        assert all("Rwanda" in text for text in page.locator(".c-card__meta").all_inner_texts())
        page.locator("input[value=BF]").check()  # one or the other
        page.wait_for_function("document.querySelectorAll('.c-card').length > 2")
        page.locator("select").select_option("title")
        page.wait_for_function("location.search.includes('sort=title')")
        found = cards.all_inner_texts()
        assert found == sorted(found, key=lambda title: re.sub(r"^\W+", "", title.lower())) or found[0].startswith("<")
        page.locator(".c-views a", has_text="Table").click()
        page.wait_for_selector(".c-table")
        assert page.locator(".c-table tbody tr").count() == len(found)
        assert params(page) == {"country": ["RW", "BF"], "sort": ["title"], "view": ["table"]}
        address = page.url
        page.goto("about:blank")
        catalogue(page, address)
        assert page.locator(".c-table tbody th").all_inner_texts() == found


def test_the_catalogue_is_whole_without_a_script(reader, url):
    with reader(java_script_enabled=False) as page:
        page.goto(url("catalogue"))
        cards = page.locator(".c-card").count()
        assert cards > 8 and "12" in page.locator(".c-count").inner_text()
        page.locator(".c-views a", has_text="Tableau").click()
        page.wait_for_url(url("catalogue/table"))
        assert page.locator(".c-table tbody tr").count() == cards


def test_the_coverage_leads_to_the_products_that_it_counts(reader, url):
    with reader() as page:
        page.goto(url("coverage", "en"))
        cell = page.locator(".c-coverage td a").first
        number = int(cell.inner_text())
        cell.click()
        page.wait_for_selector("#c-catalogue .c-find")
        page.wait_for_selector(".c-card")
        assert page.locator(".c-card").count() == number


# ------------------------------------------------------------------------------------------------ map


def test_the_map_groups_enlarges_and_shows_cards(reader, url):
    with reader() as page:
        page.goto(url("map"))
        page.wait_for_selector(".c-map__places [role=button]")
        marks = page.locator(".c-map__places [role=button]")
        assert all(mark.get_attribute("aria-label") for mark in marks.all())
        marks.first.focus()
        page.keyboard.press("Enter")
        if page.locator(".c-map__popup[hidden]").count():  # a group: enlarged, then a place
            page.wait_for_selector(".c-map__place")
            page.locator(".c-map__place").first.focus()
            page.keyboard.press("Enter")
        page.wait_for_selector(".c-map__popup:not([hidden]) .c-card")
        assert page.evaluate("document.activeElement.closest('.c-card') !== null")
        page.keyboard.press("Escape")
        assert page.locator(".c-map__popup").is_hidden()
        before = page.locator("svg.c-map--live").get_attribute("viewBox")
        page.locator("svg.c-map--live").focus()
        page.keyboard.press("+")
        page.wait_for_function("b => document.querySelector('.c-map--live').getAttribute('viewBox') !== b", arg=before)


def test_the_map_is_filtered_as_the_catalogue_is(reader, url):
    with reader() as page:
        page.goto(url("map", "en"))
        page.wait_for_selector(".c-facet")
        before = page.locator(".c-places li").count()
        box = page.locator(".c-facet input[data-facet=country]").first
        country = box.get_attribute("value")
        box.check()
        page.wait_for_function("c => location.search === '?country=' + c", arg=country)
        assert 0 < page.locator(".c-places li").count() <= before


def test_the_map_without_a_script_is_a_drawing_and_a_list_of_links(reader, url):
    with reader(java_script_enabled=False) as page:
        page.goto(url("map"))
        assert page.locator(".c-map svg a").count() > 2
        page.locator(".c-places a", has_text="Des demi-lunes").first.click()
        page.wait_for_url(url("sheets/half-moons"))


# ------------------------------------------------------------------------------------------------ comparison


def test_sheets_stand_side_by_side_by_their_address(reader, url):
    with reader() as page:
        page.goto(url("compare", "en") + "?sheet=half-moons&sheet=compost-pit")
        page.wait_for_selector(".c-compare section")
        heads = page.locator(".c-compare__head .c-result__title").all_inner_texts()
        assert heads == ["Half-moons in Tanlili", "A pit for compost"]
        rows = page.locator(".c-compare section h2").all_inner_texts()
        assert rows[0] == "Context" and {"Approach", "Results", "Difficulties", "Lessons learned"} <= set(rows)
        results = page.locator(".c-compare section", has=page.get_by_role("heading", name="Results"))
        assert "1,250" in results.inner_text()
        # A link in a text leads where it led on the sheet's own page.
        for link in page.locator(".c-compare__cell a[href]").all():
            assert re.match(r"https?:|file:|mailto:", link.get_attribute("href"))
        assert page.locator("iframe").count() == 0
        page.locator(".c-compare__choices button").first.click()
        page.wait_for_function("document.querySelectorAll('.c-compare__head header').length === 3")
        assert len(params(page)["sheet"]) == 3


def test_a_hostile_or_unknown_sheet_to_compare_is_only_words(reader, url):
    with reader() as page:
        page.goto(url("compare", "en") + "?sheet=hostile&sheet=../../../etc&sheet=javascript:alert(1)&sheet=half-moons")
        page.wait_for_selector(".c-compare section")
        heads = page.locator(".c-compare__head header").all_inner_texts()
        assert len(heads) == 2 and "<script>alert('title')</script>" in heads[0]
        assert page.locator(".c-compare script, .c-compare [onload], .c-compare [onerror]").count() == 0


def test_the_comparison_fits_on_paper(reader, http_url):
    with reader() as page:
        page.goto(http_url("compare", "en") + "?sheet=half-moons&sheet=compost-pit")
        page.wait_for_selector(".c-compare section")
        page.emulate_media(media="print")
        for gone in (".c-header", ".c-foot", ".c-compare__chooser", ".c-compare__remove"):
            assert page.locator(gone).filter(visible=True).count() == 0, gone
        assert page.get_by_text("Half-moons in Tanlili").first.is_visible()


# ------------------------------------------------------------------------------------------------ other ways in


def test_related_products_say_why(site):
    page = site.page("sheets/half-moons", "en")
    reasons = page.texts("//.c-related//.c-card__why")
    assert len(reasons) == len(page.all("//.c-related//.c-card"))
    assert any(reason.startswith("In common: ") and "Half-moons" in reason for reason in reasons)
    assert site.page("sheets/half-moons").texts("//.c-related//.c-card__why")[0].startswith(("En commun", "Proposé"))


def test_a_product_leads_to_the_others_of_its_source(site):
    more = dict(site.page("sheets/half-moons", "en").links("//.c-related//.c-chips//a"))
    assert (
        more.items() >= {"Agroecology CAP": "en/communities/agroecology/"}.items()
        or "en/communities/agroecology/" in more.values()
    )
    module = dict(site.page("trainings/learn-by-doing/01-listen", "en").links("//.c-related//.c-chips//a"))
    assert "en/trainings/learn-by-doing/" in module.values()


def test_a_definition_opens_with_the_keyboard(reader, http_url, site):
    holder = next(page for page in site.content if page.lang == "en" and page.all("//a[@class='glossary']"))
    with reader() as page:
        page.goto(http_url() + holder.address)
        term = page.locator("a.glossary").first
        words = term.get_attribute("title")
        page.evaluate("""() => { const all = [...document.querySelectorAll('a[href], button, summary')];
            const at = all.indexOf(document.querySelector('a.glossary')); all[at - 1].focus(); }""")
        page.keyboard.press("Tab")
        page.wait_for_selector(".c-bubble")
        assert words in page.locator(".c-bubble").inner_text()
        page.keyboard.press("Escape")
        assert page.locator(".c-bubble").count() == 0
