"""What holds for the whole site, page by page: it is complete, true in each language, safe, light and reproducible."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from conftest import LIBRARY, SITE_URL
from lxml import etree
from reader import LANGUAGES, Site, words

from capitalise import reading
from capitalise.locales import texts

KILOBYTE = 1000

PRODUCTS = """
    sheets/compost-pit sheets/fish-pond sheets/half-moons sheets/hostile sheets/lost-dam sheets/model-garden
    sheets/old-well sheets/seed-fair
    trainings/learn-by-doing trainings/learn-by-doing/print trainings/learn-by-doing/facilitator
    trainings/learn-by-doing/01-listen trainings/learn-by-doing/01-listen/facilitator
    trainings/learn-by-doing/02-write trainings/learn-by-doing/02-write/facilitator
    sessions/agroecology/01-first-meeting sessions/agroecology/02-field-visit
""".split()
LISTS = """
    sheets trainings sessions glossary status health fields
    search catalogue catalogue/table map coverage compare contribute-offline
    evidence evidence/potential evidence/promising evidence/good years years/2001 years/2024 years/2025
    themes themes/seeds themes/soil themes/water
    practices practices/composting practices/half-moons practices/water-harvesting
    hazards hazards/drought organisations organisations/seed-house organisations/village-group
    communities communities/agroecology countries countries/bf countries/ht countries/ne countries/rw countries/sn
""".split()
DOCUMENTS = ["", *"programme contribute open-data legal privacy".split()]
MENU = "sheets trainings sessions themes catalogue map programme".split()
FOOT = {
    "status",
    "health",
    "fields",
    "glossary",
    "hazards",
    "contribute",
    "contribute-offline",
    "open-data",
    "legal",
    "privacy",
}
FORMER = ["sheets/demi-lunes", "sheets/dam"]


@pytest.fixture(params=["site", "site_file"])
def any_site(request) -> Site:
    return request.getfixturevalue(request.param)


# ------------------------------------------------------------------------------------------------ the build


def test_the_fixture_has_the_faults_that_it_is_made_for_and_no_others():
    found = reading.load(LIBRARY)
    assert found.left_out == ()
    by_product = Counter((problem.file.split("/")[2], problem.code) for problem in found.problems)
    assert set(by_product) == {
        ("compost-pit", "outdated-translation"),
        ("half-moons", "missing-consent"),
        ("half-moons", "precise-place"),
        ("half-moons", "unknown-section"),
        ("hostile", "broken-link"),
        ("hostile", "unknown-section"),
        ("hostile", "unsafe-html"),
    }


def test_the_build_says_every_problem_and_goes_on(fixture_build):
    for problem in reading.load(LIBRARY).problems:
        assert f"{problem.file}:{problem.line}: [{problem.code}]" in fixture_build.log
    assert "Traceback" not in fixture_build.log and "ERROR" not in fixture_build.log
    # A translation that lags behind does not stop the mending of an original, even in a strict build.
    (outdated,) = (line for line in fixture_build.log.splitlines() if "[outdated-translation]" in line)
    assert outdated.startswith("INFO")


def test_the_site_is_of_the_day_that_the_build_is_given(site):
    french, english = (page.text("//.c-foot__line") for page in site.both(""))
    assert french.endswith("version du 20 novembre 2026") and english.endswith("version of 20 November 2026")


def test_the_site_holds_these_pages_and_no_others(site):
    paths = [*PRODUCTS, *LISTS, *DOCUMENTS, *FORMER]
    expected = {f"{path}/" if path else "" for path in paths} | {f"en/{path}/" if path else "en/" for path in paths}
    assert set(site.pages) == expected | {"404.html", "admin/"}


def test_two_builds_of_the_same_library_are_equal_byte_for_byte(build, fixture_site, tmp_path):
    copy = tmp_path / "library"
    # Another place, other dates, other order in the folders, another time zone and another seed.
    for path in sorted(LIBRARY.rglob("*"), reverse=True):
        if path.is_file():
            there = copy / path.relative_to(LIBRARY)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, there)
    again = build(copy, env={"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "C"})
    assert again.code == 0, again.log
    first, second = _contents(fixture_site), _contents(again.path)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------------------ links


def test_every_link_leads_somewhere(any_site):
    assert list(any_site.broken()) == []


def test_nothing_is_loaded_from_another_host(any_site):
    """A page may link to elsewhere; it never fetches from there, nor tells anyone that it is read."""
    for page in any_site.pages.values():
        loaded = page.all("//@src | //@srcset | //@poster | //@background | //@action | //@formaction | //@ping")
        loaded += page.all("//link[not(@rel='canonical' or @rel='alternate')]/@href | //*[local-name()='use']/@*")
        assert not [url for url in loaded if re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", url, re.I)], page
        assert not page.all("//link[contains('preconnect dns-prefetch prefetch preload', @rel)]"), page
        absolute = [url for url in page.all("//link/@href") if re.match(r"\w+:", url)]
        assert all(url.startswith(SITE_URL) for url in absolute), page
    for name in any_site.files:
        if name.endswith(".css"):
            css = (any_site.folder / name).read_text("utf-8")
            assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", css), name


def test_lists_are_reached_from_every_page(site):
    for page in site.content:
        prefix = "" if page.lang == "fr" else "en/"
        menu = [address for _, address in page.links("//.c-menu__row//a")]
        assert menu == [f"{prefix}{name}/" for name in MENU]
        assert page.links("//.c-menu__fold//a") == page.links("//.c-menu__row//a")
        foot = {address for _, address in page.links("//footer//nav//a")}
        assert {f"{prefix}{name}/" for name in FOOT} <= foot
        assert page.target(page.one("//.c-brand").get("href")) == prefix


def test_every_page_can_be_reached_but_what_was_withdrawn(site):
    linked = {page.target(href).partition("#")[0] for page in site.content for href in page.all("//a/@href")}
    withdrawn = {"sheets/lost-dam/", "en/sheets/lost-dam/"}  # its own two pages lead to each other
    from_elsewhere = {page.target(href) for page in site.content if page.address not in withdrawn
                      for href in page.all("//a/@href")}  # fmt: skip
    assert {page.address for page in site.content} - linked == set()
    assert from_elsewhere & withdrawn == set()


# ------------------------------------------------------------------------------------------------ languages


def test_each_page_says_its_language_and_the_switch_keeps_the_page(any_site):
    for page in any_site.content:
        lang = "en" if page.address.startswith("en/") else "fr"
        assert page.lang == lang
        french = page.address.removeprefix("en/")
        assert page.links("//.c-switch/a") == [("FR – Français", french), ("EN – English", f"en/{french}")]
        assert page.one("//.c-switch/a[@aria-current]").get("hreflang") == lang


def test_search_engines_are_told_the_languages_that_exist_and_no_others(site):
    for page in site.content:
        own = f"{SITE_URL}{page.address}"
        canonical = page.one("//link[@rel='canonical']").get("href")
        offered = {link.get("hreflang"): link.get("href") for link in page.all("//link[@hreflang]")
                   if link.get("type") != "application/atom+xml"}  # fmt: skip
        if page.noindex:
            assert page.lang not in offered, page
            continue
        assert canonical == own, page
        true = {lang: url for lang, url in offered.items() if lang != "x-default"}
        assert true[page.lang] == own, page
        # The default language where it exists, otherwise the original's.
        assert offered["x-default"] == true.get("fr", true[page.lang]), page
        for lang, url in true.items():
            other = site.pages[url.removeprefix(SITE_URL)]
            assert other.lang == lang and not other.noindex, f"{page!r} → {other!r}"
            assert own in other.all("//link[@hreflang]/@href"), f"{other!r} → {page!r}"


def test_a_page_in_the_other_language_than_its_text_gives_way_to_the_original(site):
    fallbacks = {page.address for page in site.content if page.all("//.c-notice--missing")}
    assert fallbacks == {
        "sheets/old-well/", "sheets/hostile/", "en/sheets/fish-pond/", "en/sheets/model-garden/",
        "en/sessions/agroecology/02-field-visit/",
        "en/trainings/learn-by-doing/02-write/", "en/trainings/learn-by-doing/02-write/facilitator/",
    }  # fmt: skip
    for address in fallbacks:
        page = site.pages[address]
        original = address[3:] if address.startswith("en/") else f"en/{address}"
        assert page.noindex
        assert page.one("//link[@rel='canonical']").get("href") == SITE_URL + original.removesuffix("facilitator/")


def test_the_sitemap_holds_every_page_to_be_found_with_its_languages(site):
    tree = etree.parse(site.folder / "sitemap.xml")
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    listed = {}
    for url in tree.iterfind("s:url", spaces):
        links = {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", spaces)}
        listed[url.findtext("s:loc", namespaces=spaces)] = links
    told = {}
    for page in site.content:
        if not page.noindex:
            links = {link.get("hreflang"): link.get("href") for link in page.all("//link[@hreflang]")}
            told[SITE_URL + page.address] = links if len(links) > 2 else {}  # one language: nothing to choose
    assert set(listed) == set(told)
    assert {url: links for url, links in listed.items() if links != told[url]} == {}
    assert f"{SITE_URL}en/sheets/fish-pond/" not in listed and f"{SITE_URL}en/sheets/old-well/" in listed


INTERFACE = tuple(
    f"{group}."
    for group in """
        page home chrome foot lost collection list pager kind status state evidence climate format notice product
        sources view course module fact sdg term country glossary health fields section admonition
    """.split()
)


@pytest.mark.parametrize(("lang", "other"), [("en", "fr"), ("fr", "en")])
def test_no_word_of_the_interface_is_in_the_other_language(site, lang, other):
    """Whatever is not marked as another language's is in the page's: texts, labels and titles alike."""

    def values(code: str) -> dict[str, str]:
        table = texts(code).table
        return {text: key for key, text in table.items() if isinstance(text, str) and key.startswith(INTERFACE)}

    foreign = {text: key for text, key in values(other).items() if text not in values(lang) and len(text) > 3}
    for page in site.content:
        if page.lang != lang:
            continue
        own = "[not(ancestor-or-self::*[@lang][1][@lang != $lang])]"
        said = page.tree.xpath(
            f"//*{own}/text() | //*{own}/@aria-label | //*{own}/@title | //*{own}/@data-done", lang=lang
        )
        wrong = {" ".join(text.split()) for text in said} & set(foreign)
        assert wrong == set(), f"{page!r}: {wrong}"


def test_no_key_and_no_gap_of_a_text_is_left(site):
    keys = set(texts("fr").table) | set(texts("en").table)
    for page in site.pages.values():
        visible = page.tree.xpath("//body//text()[not(ancestor::code or ancestor::script)] | /html/head/title/text()")
        visible += page.all("//@title | //@aria-label | //@alt | //meta/@content")
        words_with_dots = {word for text in visible for word in re.findall(r"[a-z]+(?:\.[\w-]+)+", text)}
        assert words_with_dots & keys == set(), page
        if "7*7" not in page.source:  # on these pages the braces are the contributor's
            assert not [text for text in visible if re.search(r"\{\w*\}|Undefined|<bound method", text)], page


# ------------------------------------------------------------------------------------------------ safety


def test_nothing_that_a_contributor_wrote_can_run(any_site):
    for page in any_site.pages.values():
        for element in page.tree.iter(etree.Element):
            for name, value in element.attrib.items():
                assert not name.startswith("on"), f"{page!r}: {name}={value}"
                if name in ("href", "src", "action", "formaction", "xlink:href", "data"):
                    scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", value, re.I)
                    assert not scheme or scheme[1].lower() in ("http", "https", "mailto"), f"{page!r}: {value}"
                assert name != "style", f"{page!r}: {value}"
        for script in page.all("//script"):
            assert script.get("type") == "application/ld+json" or (script.get("src") and not script.text), page
        assert not page.all("//style | //iframe | //object | //embed | //base | //template | //noscript"), page
        ours = "[not(contains(@class, 'c-search__form'))]"  # the home page's, which leads to the search
        assert not page.all(f"//form{ours}"), page
        inputs = page.all("//*[@id='content']//input[not(ancestor::form)]")
        assert all(field.get("type") in ("checkbox", "radio") for field in inputs), page
        assert len(page.all("//meta[@http-equiv]")) == (2 if page.is_redirect else 1), page


def test_a_hostile_sheet_is_shown_as_it_was_written(site):
    page = site.page("sheets/hostile", "en")
    title = """</title><script>alert('title')</script> {{ 7*7 }} " onload="alert(1)"""
    summary = """"><img src=x onerror=alert('summary')> {% raw %} {{ config.site_name }}"""
    assert page.text("//h1") == title
    assert page.text("/html/head/title") == f"{title} – CAPitalise"
    assert page.text("//.c-lead") == summary
    assert page.one("//meta[@name='description']").get("content") == summary
    assert page.one("//.c-cover//img").get("alt") == "\"><script>alert('alt')</script>"
    assert page.text("//.c-files//span") == "<script>alert('label')</script>"
    assert page.text("//code") == "{{ 7*7 }}"
    assert "49" not in page.text("//main")
    document = json.loads(page.one("//script[@type='application/ld+json']").text)
    assert document["@graph"][0]["name"] == title


def test_a_hostile_sheet_breaks_nothing_around_it(site):
    page = site.page("sheets/hostile", "en")
    assert page.all("//section/h2[@id]/@id")[0] == "context"
    assert page.all("//.c-text/section/h2/@id")[-4:] == ["results", "difficulties", "lessons", "replication"]
    assert "Still read." in page.text("//section[h2/@id='difficulties']")
    assert page.one("//section[h2/@id='context']").getparent().get("class") == "c-text md-typeset"
    # It can neither close what is around it nor dress up as a part of it.
    assert not page.all("//article//footer | //article//.c-header | //article//.c-foot | //article//.md-header")
    assert page.one("//footer").get("class") == "c-foot" and page.one("//header[@class='c-header']") is not None
    assert not page.all("//.c-text//a[starts-with(@href, '/') or contains(@href, 'passwd')]")
    assert page.all("//.c-text//img/@src") == []
    for where in ("sheets", "practices/half-moons", "countries/bf", ""):
        listing = site.page(where, "en")
        assert len(listing.all("//footer")) == 1 and listing.all("//footer//nav")


# ------------------------------------------------------------------------------------------------ HTML


def test_the_html_is_well_formed(any_site):
    for page in any_site.content:
        ids = Counter(page.all("//@id"))
        assert [name for name, number in ids.items() if number > 1] == [], page
        assert len(page.all("//h1")) == 1, page
        assert page.source.lower().startswith("<!doctype html>") and page.one("//head/title").text.strip(), page
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            assert set(page.all(f"//@{attribute}")) <= page.ids, f"{page!r}: {attribute}"
        assert not page.all("//img[@src][not(@alt)]"), page
        assert not page.all("//a[@href='' or @href='#']"), page
        unnamed = [b for b in page.all("//button | //a[@href] | //summary")
                   if not words(b) and not b.get("aria-label") and not b.get("data-light")]  # fmt: skip
        assert unnamed == [], page
        levels = [int(heading.tag[1]) for heading in page.all("//*[self::h1 or self::h2 or self::h3 or self::h4]")]
        skipped = [(one, two) for one, two in zip(levels, levels[1:], strict=False) if two > one + 1]
        assert levels[0] == 1 and skipped == [], f"{page!r}: {levels}"


def test_every_page_has_a_description_and_a_title_of_its_own(site):
    for lang in LANGUAGES:
        pages = [page for page in site.content if page.lang == lang and not page.noindex]
        titles = Counter(page.text("/html/head/title") for page in pages)
        assert [title for title, number in titles.items() if number > 1] == []
        assert all(page.one("//meta[@name='description']").get("content").strip() for page in pages)


# ------------------------------------------------------------------------------------------------ weight


def test_a_page_is_light(any_site):
    heavy = {page: len(page.source.encode()) for page in any_site.pages.values()}
    assert {page: size for page, size in heavy.items() if size > 60 * KILOBYTE} == {}


def test_styles_and_scripts_are_light(site):
    """On a phone at 64 kB a second, and on a stick: what no page loads is not there either."""
    names = [name for name in site.files if name.endswith((".css", ".js"))]
    sizes = {name: len(gzip.compress((site.folder / name).read_bytes(), 9)) for name in names}
    for page in site.content:
        loaded = {page.target(url) for url in page.all("//script/@src | //link[@rel='stylesheet']/@href")}
        assert loaded <= set(sizes)
        found = "search" in page.address or "compare" in page.address
        form = "contribute-offline" in page.address  # with all that it asks, and every term: it works without a network
        assert sum(sizes[name] for name in loaded) <= (62 if form else 55 if found else 45) * KILOBYTE, page
    # The engine and the tables of each language come when they are asked for.
    on_demand = {name for name in sizes if name.startswith("assets/find/")}
    assert sum(sizes[name] for name in sizes.keys() - on_demand) <= 250 * KILOBYTE


SHEET = """---
title: "Fiche {number:02} {title}"
summary: "{summary}"
date: 2024-01-{day:02}
authors:
  - {{name: "Équipe de test"}}
countries: [BF]
themes: [soil]
practices: [half-moons]
sources:
  - {{title: "Notes"}}
---

## Contexte

{text}

## Problème à résoudre

{text}

## Démarche

{text}

## Résultats

{text}

## Difficultés rencontrées

{text}

## Leçons apprises

{text}

## Conditions de réplication

{text}
"""


@pytest.fixture(scope="module")
def long_site(build, tmp_path_factory) -> Site:
    """Sixty sheets with titles and summaries as long as they may be."""
    root = tmp_path_factory.mktemp("long") / "library"
    shutil.copytree(LIBRARY / "vocabularies", root / "vocabularies")
    for number in range(60):
        folder = root / f"sheets/sheet-{number:02}"
        folder.mkdir(parents=True)
        text = SHEET.format(
            number=number,
            day=number % 28 + 1,
            title="é" * 110,
            summary="Un résumé " * 31,
            text="Une phrase vraie. " * 40,
        )
        (folder / "index.fr.md").write_text(text, "utf-8")
    result = build(root, strict=True)
    assert result.code == 0, result.log
    return Site(result.path)


@pytest.mark.parametrize(
    ("path", "total"), [("sheets", 3), ("themes/soil", 3), ("countries/bf", 3), ("practices/half-moons", 8)]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_long_list_is_cut_into_pages(long_site, path, total, lang):
    paths = [path, *(f"{path}/page-{number}" for number in range(2, total + 1))]
    pages = [long_site.page(one, lang) for one in paths]
    shown = [page.target(link) for page in pages for link in page.all("//.c-card__title/a/@href")]
    prefix = "" if lang == "fr" else "en/"
    assert sorted(shown) == [f"{prefix}sheets/sheet-{number:02}/" for number in range(60)]
    for number, page in enumerate(pages):
        way = {link.get("rel"): page.target(link.get("href")) for link in page.all("//.c-pager/a")}
        expected = {"prev": number - 1, "next": number + 1}
        assert way == {rel: pages[there].address for rel, there in expected.items() if 0 <= there < total}
        assert page.text("//.c-pager//a[@aria-current='page']") == str(number + 1)
        assert page.one("//link[@rel='canonical']").get("href") == SITE_URL + page.address
    assert f"{path}/page-{total + 1}/" not in long_site.pages


def test_a_long_list_stays_light_and_whole(long_site):
    heavy = {page: len(page.source.encode()) for page in long_site.pages.values()}
    assert {page: size for page, size in heavy.items() if size > 60 * KILOBYTE} == {}
    assert list(long_site.broken()) == []
