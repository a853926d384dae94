"""The open data says what the library says, and each format's own reader accepts it, whatever the titles hold."""

import csv
import datetime
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import attached
import bibtexparser
import feedparser
import pytest
import rispy
import schema_org
from lxml import etree
from PIL import Image
from rdflib import DCTERMS, RDF, SKOS, Graph, URIRef, namespace

from capitalise import data, reading
from capitalise.addresses import Addresses
from capitalise.data import citation, embedded
from capitalise.data.sitemap import Entry, sitemap
from capitalise.model import KINDS
from capitalise.settings import Settings

PRODUCTS = Path(__file__).parents[1] / "products"
DAY = date(2026, 7, 1)
SITE = Settings("CAPitalise", Addresses("fr", site_url="https://example.org/cap/"), ("fr", "en"), built=DAY)
NOWHERE = replace(SITE, addresses=Addresses("fr"))
"""A stick: the site does not know its address."""

HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "tag": '"><img onerror>',
    "formula": "=cmd()",
    "semicolon": "Fin;=cmd|'/c calc'!A0;",
    "latex": r"\input{/etc/passwd} 100 % & $x_1^2$ ~#",
    "braces": "}{",
    "control": "Un\u0001deux\uffff\u2028trois",
    "ris": "Titre\nER  - \nTY  - JOUR",
}

SHEET = """\
---
title: %s
summary: Ce que l’on sait du zaï.
date: 2025-03-04
authors:
  - {name: Awa Exemple, organisation: FAO, orcid: 0000-0002-1825-0097}
  - {name: Équipe Essai & Cie}
countries: [BF]
themes: [soil]
sources: [{title: Étude, year: 2012, url: "https://example.net/a"}]
places: [{name: Gourcy, lat: 13.2079, lon: -0.04}]
period: {start: 1979}
keywords: ["-2+3", zaï]
related: [sheets/draft, sheets/gone, sheets/full]
cover: {file: cover.jpg, alt: Un champ, credit: A, consent: not-needed}
photos:
  - {file: past.jpg, alt: Une personne, credit: A, consent: {given: 2020-01-01, until: 2021-01-01}}
files: [{file: guide.pdf, label: Guide}]
%s
---

Bonjour.

## 1. Contexte

Texte.

## Problème à résoudre
Texte.
## Démarche
Texte.
## Résultats
Texte.
## Difficultés rencontrées
Texte.
## Leçons apprises
Texte.
## Conditions de réplication
Texte.
## Une <b>autre</b> section
Texte.
"""

OTHERS = {
    "sheets/full/index.en.md": """\
        ---
        translation_of: {language: fr}
        title: "Zaï: digging pits"
        summary: What is known of zaï.
        draft_by: machine
        translators: [{name: Jane Example}]
        ---

        ## Context
        Text.
        ## Problem to solve
        Text.
        ## Approach
        Text.
        ## Results
        Text.
        ## Difficulties
        Text.
        ## Lessons learned
        Text.
        ## Conditions for replication
        Text.
        """,
    "trainings/course/index.en.md": """\
        ---
        title: A course
        summary: Learn it.
        date: 2025-01-01
        authors: [{name: Eclosio}]
        themes: [soil]
        audience: [Trainers]
        prerequisites: [None at all]
        objectives: [Know it]
        licence: CC0-1.0
        ---
        ## Tools
        Text.
        """,
    "trainings/course/01-first/index.en.md": """\
        ---
        title: First module
        summary: Begin.
        date: 2025-01-01
        authors: [{name: Eclosio}]
        themes: [soil]
        duration: 90
        ---
        ## Key points
        Text.
        ## Session plan
        Text.
        """,
    "sessions/north/01-launch/index.en.md": """\
        ---
        title: Launch
        summary: We met.
        date: 2025-02-01
        authors: [{name: Team North}]
        organisations: [fao]
        themes: [soil]
        community: north
        number: 1
        format: online
        duration: 60
        ---
        ## Purpose
        Text.
        ## What we learned
        Text.
        """,
}

VOCABULARIES = {
    "themes": """\
        - {id: land, label: {fr: Terres, en: Land}}
        - id: soil
          label: {fr: Sols, en: Soil}
          definition: {fr: La terre., en: The ground.}
          synonyms: {fr: [Terre, Terre, Sols]}
          broader: land
          exact_match: http://aims.fao.org/aos/agrovoc/c_7156
        """,
    "organisations": '- {id: fao, label: {fr: FAO, en: FAO}, url: "https://www.fao.org/"}\n',
    "communities": "- {id: north, label: {fr: Nord, en: North}}\n",
    "glossary": "- {id: zai, label: {fr: Zaï, en: Zaï pit}}\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A small library in which everything that must not come out is there."""
    root = tmp_path_factory.mktemp("small") / "products"
    sheets = {f"hostile-{name}": (json.dumps(title), "") for name, title in HOSTILE.items()}
    sheets["full"] = ('"Zaï : creuser"', "aliases: [sheets/old]\n")
    sheets["draft"] = ("Brouillon secret", "status: draft")
    sheets["gone"] = ("Titre parti", "status: withdrawn\nwithdrawal_reason: Données fausses.\naliases: [sheets/was]")
    texts = {f"sheets/{name}/index.fr.md": SHEET % filling for name, filling in sheets.items()}
    texts |= {path: dedent(text) for path, text in OTHERS.items()}
    texts |= {f"vocabularies/{name}.yml": dedent(text) for name, text in VOCABULARIES.items()}
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        if path.startswith("sheets"):
            for name in ("cover.jpg", "past.jpg"):
                Image.new("RGB", (9, 6)).save(file.parent / name)
            attached.pdf(file.parent / "guide.pdf")
    return root


@pytest.fixture(scope="module")
def small(root):
    """It is read with its drafts, as a preview does: they must stay out of the data all the same."""
    found = reading.load(root, ("fr", "en"), drafts=True, day=DAY)
    assert not [problem for problem in found.problems if problem.is_error]
    return found


@pytest.fixture(scope="module")
def real():
    return reading.load(PRODUCTS, ("fr", "en"), day=DAY)


@pytest.fixture(params=["small", "real"])
def any_library(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=[SITE, NOWHERE], ids=["web", "stick"])
def site(request):
    return request.param


def everything(found, settings):
    """Every text that the package makes of a library, by name."""
    made = {name: make(found, settings) for name, make in (data.FILES | data.feeds(settings.languages)).items()}
    for product in found.products.values():
        for lang in () if product.is_withdrawn or product.fields.status == "draft" else settings.languages:
            for name, make in data.BESIDE.items():
                made[f"{lang}/{product.id}/{name}"] = make(product, found, settings, lang)
            for make in (citation.reference, embedded.dublin_core, embedded.highwire, embedded.json_ld):
                made[f"{lang}/{product.id}/{make.__name__}"] = str(make(product, found, settings, lang))
    return made


# ------------------------------------------------------------------------------------------------ all of them


def test_the_same_library_gives_the_same_bytes(root, small, site):
    again = reading.load(root, ("fr", "en"), drafts=True, day=DAY)
    first, second = everything(small, site), everything(again, site)
    assert {name: text.encode() for name, text in first.items()} == {n: t.encode() for n, t in second.items()}


def test_nothing_private_comes_out(small, site):
    for name, text in everything(small, site).items():
        for secret in ("Brouillon secret", "sheets/draft", "past.jpg", "13.2079", "-0.0,", "-0.0]"):
            assert secret not in text, (name, secret)
        if name != "withdrawn.json":
            assert "Titre parti" not in text and "sheets/gone" not in text, name
        assert "https://example.org" not in text or site is SITE, name


def test_withdrawn_products_are_named_with_the_reason_alone(small):
    [gone] = json.loads(data.FILES["withdrawn.json"](small, SITE))["withdrawn"]
    assert gone == {
        "id": "sheets/gone",
        "aliases": ["sheets/was"],
        "date": "2025-03-04",
        "title": {"fr": "Titre parti"},
        "reason": {"fr": "Données fausses."},
    }


# ------------------------------------------------------------------------------------------------ catalogue


def test_the_catalogue_holds_every_field_of_every_product(any_library, site):
    catalogue = json.loads(data.FILES["catalogue.json"](any_library, site))
    ids = [product["id"] for product in catalogue["products"]]
    assert ids == sorted(ids) and len(ids) == catalogue["count"] > 5
    for entry in catalogue["products"]:
        product = any_library.products[entry["id"]]
        for lang, text in entry["texts"].items():
            assert set(KINDS[entry["kind"]].fields.model_fields) - {"acknowledged"} <= set(entry) | set(text)
            assert "acknowledged" not in {*entry, *text}  # it repeats what an editor keeps from programs
            assert text["title"] == product.texts[lang].fields.title
            assert text["url"] == f"{'en/' if lang == 'en' else ''}{product.id}/"
            assert text["absolute_url"] == (f"https://example.org/cap/{text['url']}" if site is SITE else None)


def test_a_product_in_the_catalogue(small):
    catalogue = json.loads(data.FILES["catalogue.json"](small, SITE))
    assert (catalogue["schema_version"], catalogue["generated"], catalogue["languages"]) == (
        1, "2026-07-01", ["fr", "en"],
    )  # fmt: skip
    products = {product["id"]: product for product in catalogue["products"]}
    full = products["sheets/full"]
    assert full["languages"] == {"fr": "original", "en": "current"}
    assert full["licence"] == "CC-BY-SA-4.0" and products["trainings/course"]["licence"] == "CC0-1.0"
    assert full["related"] == ["sheets/full"]
    assert full["texts"]["fr"]["places"] == [{"name": "Gourcy", "lat": 13.2, "lon": 0.0}]
    assert full["texts"]["fr"]["photos"] == []
    assert full["texts"]["fr"]["cover"]["url"] == "sheets/full/cover.jpg"
    assert full["texts"]["en"]["files"][0]["absolute_url"] == "https://example.org/cap/sheets/full/guide.pdf"
    assert full["texts"]["fr"]["sections"][0] == {"anchor": "context", "title": "Contexte"}
    assert full["texts"]["en"]["draft_by"] == "machine"
    assert products["trainings/course"]["duration"] == 90
    assert products["trainings/course"]["modules"] == ["trainings/course/01-first"]


def test_no_cell_of_the_table_is_a_formula(small):
    text = data.FILES["catalogue.csv"](small, SITE)
    assert text.startswith("\ufeffid,kind,lang,state,status,title,summary,date,countries,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == len({(row["id"], row["lang"]) for row in rows}) == len(HOSTILE) + 5
    for row in rows:
        for cell in row.values():
            for piece in cell.split(";"):
                assert not piece.strip().startswith(("=", "+", "-", "@")), cell
    titles = {row["id"]: row["title"] for row in rows}
    assert titles["sheets/hostile-formula"] == "'=cmd()"
    assert titles["sheets/hostile-semicolon"] == "Fin;'=cmd|'/c calc'!A0;"
    full = next(row for row in rows if (row["id"], row["lang"]) == ("sheets/full", "en"))
    assert (full["theme_names"], full["country_names"]) == ("Soil", "Burkina Faso")
    assert (full["period_start"], full["period_end"]) == ("1979", "")
    assert full["keywords"] == "'-2+3; zaï"


def test_places_are_rounded_points(any_library, site):
    places = json.loads(data.FILES["places.geojson"](any_library, site))
    assert places["type"] == "FeatureCollection" and places["features"]
    assert len({feature["id"] for feature in places["features"]}) == len(places["features"])
    for feature in places["features"]:
        assert feature["type"] == "Feature" and feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180 and -90 <= latitude <= 90
        assert (longitude, latitude) == (round(longitude, 1), round(latitude, 1))
        product = any_library.products[feature["properties"]["product"]]
        assert set(feature["properties"]["texts"]) == set(product.texts)


# ------------------------------------------------------------------------------------------------ SKOS


def test_the_vocabularies_keep_the_rules_of_skos(any_library, site):
    graph = Graph().parse(data=data.FILES["vocabularies.jsonld"](any_library, site), format="json-ld")
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(concepts) == sum(len(v.terms) for v in any_library.vocabularies.values())
    assert len(schemes) == 6 and not concepts & schemes  # S9
    for scheme in schemes:
        assert {title.language for title in graph.objects(scheme, DCTERMS.title)} == {"fr", "en"}
    for concept in concepts:
        labels = list(graph.objects(concept, SKOS.prefLabel))
        assert sorted(label.language for label in labels) == ["en", "fr"]  # S14
        assert not set(labels) & set(graph.objects(concept, SKOS.altLabel))  # S13
        [scheme] = graph.objects(concept, SKOS.inScheme)
        parents, top = list(graph.objects(concept, SKOS.broader)), list(graph.objects(concept, SKOS.topConceptOf))
        assert (top == [scheme] and (scheme, SKOS.hasTopConcept, concept) in graph) != bool(parents)
        assert all((parent, SKOS.narrower, concept) in graph for parent in parents)
        assert concept not in set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        ancestors = {one for parent in parents for one in graph.transitive_objects(parent, SKOS.broader)}
        assert concept not in ancestors
        # S46
        assert not set(graph.objects(concept, SKOS.exactMatch)) & set(graph.objects(concept, SKOS.broadMatch))


@pytest.mark.parametrize(
    ("settings", "soil", "zai"),
    [
        (SITE, "https://example.org/cap/themes/soil/", "https://example.org/cap/glossary/#zai"),
        (NOWHERE, "urn:capitalise:themes:soil", "urn:capitalise:glossary:zai"),
    ],
)
def test_a_term_keeps_its_uri_however_the_site_is_built(small, settings, soil, zai):
    for directories in (True, False):
        built = replace(settings, addresses=replace(settings.addresses, directories=directories))
        graph = Graph().parse(data=data.FILES["vocabularies.jsonld"](small, built), format="json-ld")
        assert (URIRef(soil), SKOS.exactMatch, URIRef("http://aims.fao.org/aos/agrovoc/c_7156")) in graph
        assert (URIRef(zai), RDF.type, SKOS.Concept) in graph
        [node] = json.loads(embedded.json_ld(small.products["sheets/full"], small, built, "fr"))["@graph"][:1]
        assert soil in [about["@id"] for about in node["about"]]


# ------------------------------------------------------------------------------------------------ feeds

ATOM = "{http://www.w3.org/2005/Atom}"
ONCE = {"feed": {"id", "title", "updated", "subtitle"}, "entry": {"id", "title", "updated", "published", "summary"}}
ALLOWED = {
    "feed": ONCE["feed"] | {"author", "link", "entry"},
    "entry": ONCE["entry"] | {"author", "link", "category", "rights"},
}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_feeds_are_atom(any_library, site, lang):
    text = data.feeds(["fr", "en"])[f"feed_{lang}.xml"](any_library, site)
    feed = etree.fromstring(text.encode())
    assert feed.tag == f"{ATOM}feed" and feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    for element in (feed, *feed.findall(f"{ATOM}entry")):  # RFC 4287, 4.1.1 and 4.1.2
        name = element.tag.removeprefix(ATOM)
        children = [child.tag.removeprefix(ATOM) for child in element]
        assert set(children) <= ALLOWED[name]
        assert {"id", "title", "updated", "author", "link"} <= set(children)
        assert all(children.count(one) <= 1 for one in ONCE[name])
        assert all(author[0].tag == f"{ATOM}name" and author[0].text for author in element.findall(f"{ATOM}author"))
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        datetime.datetime.strptime(element.findtext(f"{ATOM}updated"), "%Y-%m-%dT00:00:00Z")
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) and all(":" in one for one in ids)
    read = feedparser.parse(text.encode())
    assert not read.bozo and read.version == "atom10"
    dates = [entry.updated for entry in read.entries]
    assert dates == sorted(dates, reverse=True) and read.feed.updated == dates[0]


def test_a_feed_tells_titles_as_they_are(small):
    feed = etree.fromstring(data.feeds(["fr"])["feed_fr.xml"](small, SITE).encode())
    titles = {title.text for title in feed.iter(f"{ATOM}title")}
    assert {HOSTILE["script"], HOSTILE["tag"], HOSTILE["braces"], "Undeux trois"} <= titles
    assert not list(feed.iter("{*}script", "{*}img"))


def test_a_feed_is_short_and_may_be_empty(small):
    class Many:
        listed = tuple(small.products["sheets/full"] for _ in range(40))
        term = small.term
        today = DAY

    class Empty(Many):
        listed = ()

    make = data.feeds(["fr"])["feed_fr.xml"]
    assert len(feedparser.parse(make(Many, SITE)).entries) == 30
    assert feedparser.parse(make(Empty, SITE)).feed.updated == "2026-07-01T00:00:00Z"


# ------------------------------------------------------------------------------------------------ citations


def cited(found, settings, make):
    """The citation of each published product in each of its languages."""
    return {
        (product.id, lang): make(product, found, settings, lang)
        for product in found.listed
        if product.fields.status != "draft"
        for lang in product.texts
    }


def test_bibtex_is_read_whole(any_library, site):
    texts = cited(any_library, site, citation.bibtex)
    parsed = bibtexparser.parse_string("\n".join(texts.values()))
    assert not parsed.failed_blocks and len(parsed.entries) == len(texts) == len(parsed.entries_dict)
    for text in texts.values():
        assert text.count("{") == text.count("}") and r"\input" not in text
    for (product_id, lang), text in texts.items():
        [entry] = bibtexparser.parse_string(text).entries
        assert entry.key == f"{product_id.replace('/', ':')}:{lang}"
        assert {"author", "title", "year"} <= set(entry.fields_dict)
        assert ("url" in entry.fields_dict) == (site is SITE)


def test_bibtex_names_and_specials(small):
    entry = {
        name: bibtexparser.parse_string(citation.bibtex(small.products[f"sheets/{name}"], small, SITE, "en")).entries[0]
        for name in ("full", "hostile-latex", "hostile-braces")
    }
    assert entry["full"]["author"] == r"Exemple, Awa and {Équipe Essai \& Cie}"
    assert entry["full"]["title"] == "{Zaï: digging pits}"
    assert entry["hostile-braces"]["title"] == r"{\textbraceright{}\textbraceleft{}}"
    assert entry["hostile-latex"]["title"] == (
        r"{\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{} 100 \% \& "
        r"\$x\_1\textasciicircum{}2\$ \textasciitilde{}\#}"
    )
    course = citation.bibtex(small.products["trainings/course"], small, SITE, "fr")
    assert "author = {{Eclosio}}" in course and "trainings:course:en" in course  # not translated: the original is cited


def test_ris_is_read_whole(any_library, site):
    texts = cited(any_library, site, citation.ris)
    entries = rispy.loads("".join(texts.values()))
    assert len(entries) == len(texts)
    for (product_id, lang), entry in zip(texts, entries, strict=True):
        assert entry["id"] == f"{product_id.replace('/', ':')}:{lang}"
        assert entry["type_of_reference"] in ("RPRT", "GEN")
        assert entry["year"] == str(any_library.products[product_id].fields.date.year)
    if "sheets/full" in any_library.products:
        full = entries[list(texts).index(("sheets/full", "fr"))]
        assert full["authors"] == ["Exemple, Awa", "Équipe Essai & Cie,"]


def test_a_reference_is_one_line(small):
    line = citation.reference(small.products["sheets/full"], small, SITE, "fr")
    assert line == (
        "Awa Exemple et Équipe Essai & Cie (2025). Zaï : creuser. CAPitalise. https://example.org/cap/sheets/full/"
    )
    for name in HOSTILE:
        text = citation.reference(small.products[f"sheets/hostile-{name}"], small, SITE, "fr")
        assert len(text.splitlines()) == 1
    assert citation.reference(small.products["trainings/course"], small, NOWHERE, "fr") == (
        "Eclosio (2025). A course. CAPitalise."
    )


# ------------------------------------------------------------------------------------------------ in the page


def typed(value, name=""):
    """A JSON-LD value as an object of schema.org's published vocabulary, which refuses any other type or property."""
    if isinstance(value, list):
        return [typed(item, name) for item in value]
    if isinstance(value, dict):
        found = {key: typed(item, key) for key, item in value.items() if key != "@type"}
        return getattr(schema_org, value["@type"])(**found)
    if name in ("datePublished", "startDate"):  # ISO 8601 lets a year stand alone; Python's dates don't
        return date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")
    if name == "eventAttendanceMode":
        return schema_org.EventAttendanceModeEnumeration(value)
    return value


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_json_ld_is_schema_org(any_library, site, lang):
    for product in any_library.listed:
        document = json.loads(embedded.json_ld(product, any_library, site, lang))
        for node in document["@graph"]:
            typed(node)
        assert document["@context"] == "https://schema.org"
        local = document | {"@context": {"@vocab": str(namespace.SDO)}}  # the context, without a look-up
        graph = Graph().parse(data=json.dumps(local), format="json-ld")
        assert all(p == RDF.type or p in namespace.SDO for p in graph.predicates())
        assert (None, namespace.SDO.inLanguage, None) in graph and (None, namespace.SDO.license, None) in graph


def test_no_value_leaves_the_script(small):
    for name, title in HOSTILE.items():
        product = small.products[f"sheets/hostile-{name}"]
        text = embedded.json_ld(product, small, SITE, "fr")
        assert not set("<>&\u2028\u2029") & set(text)
        assert json.loads(text)["@graph"][0]["name"] == product.fields.title
        assert product.fields.title == " ".join(title.replace("\u0001", "").split())  # the rest arrives


def test_json_ld_says_who_what_where(small):
    def node(product_id, lang):
        return json.loads(embedded.json_ld(small.products[product_id], small, SITE, lang))["@graph"]

    sheet, way = node("sheets/full", "en")
    assert [author["@type"] for author in sheet["author"]] == ["Person", "Organization"]
    assert sheet["author"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert sheet["translationOfWork"]["@id"] == "https://example.org/cap/sheets/full/"
    assert sheet["temporalCoverage"] == "1979/.."
    assert sheet["spatialCoverage"][1]["geo"] == {"@type": "GeoCoordinates", "latitude": 13.2, "longitude": 0.0}
    assert [item["position"] for item in way["itemListElement"]] == [1, 2, 3]
    [original, _] = node("sheets/full", "fr")
    assert original["workTranslation"][0]["@id"] == "https://example.org/cap/en/sheets/full/"
    course, module = node("trainings/course", "fr")[0], node("trainings/course/01-first", "en")[0]
    assert course["inLanguage"] == "en" and course["@id"] == "https://example.org/cap/en/trainings/course/"
    assert course["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert course["hasPart"][0]["@id"] == module["@id"] and module["isPartOf"]["@id"] == course["@id"]
    assert course["timeRequired"] == "PT90M" and course["provider"]["name"] == "CAPitalise"
    event = node("sessions/north/01-launch", "en")[0]["about"][-1]
    assert (event["@type"], event["startDate"]) == ("Event", "2025-02-01")
    assert event["location"]["@type"] == "VirtualLocation"
    assert [one["name"] for one in event["organizer"]] == ["North", "FAO"]


def test_tags_for_machines(small):
    product = small.products["sheets/full"]
    dublin, highwire = (make(product, small, SITE, "fr") for make in (embedded.dublin_core, embedded.highwire))
    assert ("DC.title", "Zaï : creuser") in dublin and ("DC.subject", "Sols") in dublin
    assert ("dcterms.license", "https://creativecommons.org/licenses/by-sa/4.0/") in dublin
    assert ("dcterms.spatial", "name=Gourcy; east=0.0; north=13.2") in dublin
    assert ("citation_publication_date", "2025/03/04") in highwire
    assert ("citation_public_url", "https://example.org/cap/sheets/full/") in highwire
    assert not [name for name, _ in embedded.highwire(product, small, NOWHERE, "fr") if name.endswith("_url")]


# ------------------------------------------------------------------------------------------------ sitemap


def test_the_sitemap_names_each_language_of_each_page():
    both = Entry({"fr": "https://example.org/b/", "en": "https://example.org/en/b/"}, date(2025, 1, 2))
    alone = Entry({"en": "https://example.org/en/a/?x=1&y=<2>"})
    text = sitemap([both, alone])
    assert text == sitemap([alone, both])
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    urls = etree.fromstring(text.encode()).findall("s:url", names)
    assert [url.findtext("s:loc", namespaces=names) for url in urls] == [
        "https://example.org/b/",
        "https://example.org/en/a/?x=1&y=<2>",
        "https://example.org/en/b/",
    ]
    alternates = [[(link.get("hreflang"), link.get("href")) for link in url.findall("x:link", names)] for url in urls]
    french, english = both.addresses.values()
    two = [("fr", french), ("en", english), ("x-default", french)]
    assert alternates == [two, [], two]
    assert [url.findtext("s:lastmod", namespaces=names) for url in urls] == ["2025-01-02", None, "2025-01-02"]
