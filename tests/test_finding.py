"""What search, catalogue and map read: facets, tables, the engine's index and its packs."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
import trees
from conftest import LIBRARY

from capitalise import reading
from capitalise.addresses import Addresses
from capitalise.finding import engine, facets, index, records, tables
from capitalise.finding.spelling import Words
from capitalise.pages import pages
from capitalise.settings import Settings
from capitalise.views.base import Site

FOUND = "assets/find"


@pytest.fixture(scope="module")
def french() -> Site:
    library = reading.load(LIBRARY, ("fr", "en"))
    return Site(library, Settings("CAPitalise", Addresses("fr"), ("fr", "en")), "fr")


def table(site, lang: str, name: str):
    """What a table's script hands over."""
    text = (site.folder / FOUND / lang / f"{name}.js").read_text("utf-8")
    found = re.fullmatch(rf'capitalise\.take\("{lang}/{name}",(.*)\);\n', text, re.DOTALL)
    assert found, text[:80]
    return json.loads(found[1])


# ------------------------------------------------------------------------------------------------ facets and tables


def test_the_values_of_facets_are_those_of_the_products(french):
    counts = facets.used(french.library)
    assert list(counts) == ["kind", "theme", "practice", "country", "year", "evidence"]
    listed = french.library.listed
    assert sum(counts["kind"].values()) == len(listed)
    for country, number in counts["country"].items():
        assert number == len(french.library.with_term("countries", country))
    assert facets.label("country", "BF", french.library, french.texts) == "Burkina Faso"
    assert facets.label("theme", "soil", french.library, french.texts) == "Sol"
    assert facets.label("year", "2025", french.library, french.texts) == "2025"
    assert facets.label("theme", "unknown-theme", french.library, french.texts) == "unknown-theme"


def test_the_catalogue_holds_each_product_once_with_what_it_carries(site, french):
    products = french.library.listed
    for lang in ("fr", "en"):
        catalogue = table(site, lang, "catalogue")
        assert {len(rows) for rows in catalogue["rows"].values()} == {len(products)}
        for facet, values in facets.VALUES.items():
            known = catalogue["facets"][facet]
            assert [[known[n] for n in row] for row in catalogue["rows"][facet]] == [values(one) for one in products]
        orders = table(site, lang, "orders")
        for order in orders.values():
            assert sorted(order) == list(range(len(products)))
        cards = table(site, lang, "cards-0")
        assert [card[0] for card in cards] == [
            Addresses("fr").page(product.id, lang) for product in products[: tables.CHUNK]
        ]
        titles = [cards[row][2] for row in orders["title"]]
        assert titles == sorted(titles, key=lambda title: french.texts.sort_key(title))


def test_a_card_is_text_and_never_markup(site):
    hostile = next(card for card in table(site, "en", "cards-0") if "hostile" in card[0])
    assert hostile[2].startswith("</title><script>alert('title')</script>")
    for name in site.files:
        if name.startswith(FOUND) and name.endswith(".js") and "/index/" not in name:
            assert "\u2028" not in (site.folder / name).read_text("utf-8")


def test_names_that_begin_alike_stand_whole(french):
    products = french.library.listed
    names = {french.url(product.id): f"{number:07x}"[::-1] for number, product in enumerate(products)}
    twins = [french.url(product.id) for product in products[:2]]
    names |= {twins[0]: "abcdef0", twins[1]: "abcdef1"}
    found = tables._results(french, products, names)
    width, alike = found["width"], found["alike"]
    for row, product in enumerate(products):
        name = names[french.url(product.id)]
        start = found["names"][row * width : (row + 1) * width]
        assert alike[name] == row if name in alike else name.startswith(start)
    starts = [name[:width] for name in names.values() if name not in alike]
    assert len(starts) == len(set(starts))


def test_the_names_of_many_results_are_short_and_few_stand_whole(french):
    products = french.library.listed
    every = [*(french.url(product.id) for product in products), *(f"elsewhere/{n}/" for n in range(5000))]
    names = {address: hashlib.sha256(address.encode()).hexdigest()[:7] for address in every}
    found = tables._results(french, products, names)
    assert found["width"] == 5  # sixteen to the fifth is two hundred times their number
    assert len(found["alike"]) <= 1


def test_places_are_rounded_and_lead_to_their_product(site, french):
    places = table(site, "fr", "places")
    assert places
    for row, latitude, longitude, name in places:
        assert (round(latitude, 1), round(longitude, 1)) == (latitude, longitude)
        assert name in [place.name for place in french.library.listed[row].text("fr").fields.places]


def test_each_result_of_the_engine_is_a_row_of_the_catalogue(site, french):
    for lang in ("fr", "en"):
        results = table(site, lang, "results")
        width, names = results["width"], results["names"]
        assert len(names) == width * len(french.library.listed) and not results["alike"]
        for row, product in enumerate(french.library.listed):
            name = names[row * width : (row + 1) * width].strip()
            assert bool(name) == (lang in product.texts), product.id  # in its own languages alone
            if name:
                (fragment,) = (site.folder / FOUND / lang / "index/fragment").glob(f"{lang}_{name}*.pf_fragment")
                content = json.loads(gzip.decompress(fragment.read_bytes())[len(engine.MARK) :])
                assert content["url"].endswith(f"/{product.id}/index.html")


# ------------------------------------------------------------------------------------------------ records


def test_a_record_holds_the_words_as_the_engine_compares_them(french):
    product = french.library.products["sheets/half-moons"]
    page = next(page for page in pages(french) if page.path == product.id)
    record = records.of_product(french, records.said(french, page), french.renderer.text(product))
    assert record.address == "sheets/half-moons/"
    text = re.sub(r"<[^>]+>", " ", record.html)
    assert "’" not in text and "œ" not in text and "\u00a0" not in text
    assert "<sup" not in record.html  # the numbers of notes are no words
    assert re.findall(r'<h2 id="([a-z-]+)">', record.html)[:2] == ["context", "problem"]
    assert not re.search(r"<(?:a|strong|em)\b|<(?:p|li|td) ", record.html.partition("<h2")[2])  # nor what terms mean
    for words in ("demi-lunes", "Burkina Faso", "Tanlili"):
        assert words.lower() in text.lower()
    # The synonyms of its terms: whoever knows another name finds it.
    assert (
        "micro-bassins" in text
        or "micro-cuvettes" in text
        or any(word in text for word in french.library.term("practices", "half-moons").synonyms["fr"])
    )


def test_the_words_that_suggestions_come_from_are_those_of_the_pages():
    words = Words()
    words.add(records.Record("a/", "<h1>Compost</h1><p>compost et fumier</p>"))
    words.add(records.Record("b/", "<p title='hidden'>Le fumier composté</p>"))
    assert words.frequent() == ["fumier", "compost", "composté"]


# ------------------------------------------------------------------------------------------------ the engine


@pytest.fixture
def made(tmp_path) -> Path:
    """An index of three small records."""
    pages = tmp_path / "pages"
    for number in range(3):
        html = f'<html lang="fr"><body data-pagefind-body><h1>Page {number}</h1><p>compost</p></body></html>'
        index.add(records.Record(f"sheets/{number}/", html), pages)
    built = index.build(pages, tmp_path / "index")
    assert sorted(built.names) == ["sheets/0/", "sheets/1/", "sheets/2/"]
    return tmp_path / "index"


def test_packs_hold_every_file_of_the_index_once_and_unchanged(made, tmp_path):
    number = index.pack(made, tmp_path / "packed")
    held: dict[str, bytes] = {}
    scripts = [path for path in (tmp_path / "packed").rglob("*.js")]
    assert len(scripts) == number
    for path in scripts:
        found = re.fullmatch(r"capitaliseFiles\((\"[^\"]+\"),(\{.*?\})(?:,(\d+))?\);\n", path.read_text("ascii"))
        name, files = json.loads(found[1]), json.loads(found[2])
        assert path == tmp_path / "packed" / f"{name}.js"
        assert bool(found[3]) == (name == "start")
        for file in files:
            assert file not in held
            assert name == "start" or index.pack_of(file, int(digits_of(tmp_path / "packed"))) == name
        held |= {file: base64.b64decode(content) for file, content in files.items()}
    assert held == trees.read(made)


def digits_of(packed: Path) -> str:
    return re.search(r",(\d+)\);\n$", (packed / "start.js").read_text("ascii"))[1]


def test_the_packs_of_many_results_are_few():
    names = [f"fragment/fr_{number:07x}.pf_fragment" for number in range(0, 16**7, 16**7 // 5000)]
    assert len({index.pack_of(name, 2) for name in names}) == 256


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda made: (made / "pagefind-worker.js").unlink(), "no pagefind-worker.js"),
        (lambda made: (made / "pagefind.new").write_text("x"), "pagefind.new"),
        (lambda made: (made / "pagefind.js").write_text("export const search = null;"), "no fetch("),
        (
            lambda made: (made / "pagefind-entry.json").write_text(
                (made / "pagefind-entry.json").read_text().replace(engine.VERSION, "9.9.9")
            ),
            "9.9.9",
        ),
    ],
    ids=["missing", "unknown", "rewritten", "newer"],
)
def test_another_layout_of_the_engine_stops_the_build(made, tmp_path, spoil, says):
    spoil(made)
    with pytest.raises(index.Changed, match=re.escape(says)):
        index.pack(made, tmp_path / "packed")


def test_the_build_says_in_the_publishers_language_that_the_engine_has_changed(build, tmp_path):
    fake = tmp_path / "pagefind"
    fake.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    fake.chmod(0o755)
    done = build(LIBRARY, env={"PAGEFIND_BINARY_PATH": str(fake)})
    assert done.code != 0
    assert "La recherche n’a pas pu être construite" in done.log and "broken" in done.log
    assert "Traceback" not in done.log


def test_a_copy_for_a_stick_has_the_packs_beside_the_index(site, site_file):
    for lang in ("fr", "en"):
        assert f"{FOUND}/{lang}/packed/start.js" in site_file.files
        assert f"{FOUND}/{lang}/index/pagefind.js" in site_file.files
        assert not any(name.startswith(f"{FOUND}/{lang}/packed") for name in site.files)


def test_no_trace_of_the_engine_of_the_theme(site):
    assert not any(name.startswith("search/search_index") for name in site.files)
