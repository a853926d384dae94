"""What each kind of page tells its reader, in the site of `tests/library/`."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from conftest import LIBRARY, REPOSITORY, ROOT, environment
from lxml import html
from PIL import Image
from reader import Site, words

from capitalise import model, reading

GPS = 0x8825


def facts(page) -> dict[str, list[str]]:
    rows = page.all("//.c-facts//.c-fact")
    return {words(row.find("dt")): [words(item) for item in row.xpath("./dd/span")] for row in rows}


def cards(page, path: str = "//.c-cards") -> list[str]:
    return [page.target(link) for link in page.all(f"{path}//.c-card__title/a/@href")]


def notices(page) -> dict[str, list[tuple[str, str]]]:
    """Name of each notice → its links."""
    found = {}
    for notice in page.all("//.c-notice"):
        name = notice.get("class").rpartition("--")[2]
        found[name] = [(words(link), page.target(link.get("href"))) for link in notice.iterfind(".//a")]
    return found


# ------------------------------------------------------------------------------------------------ sheet


def test_the_sections_of_a_sheet_keep_their_anchors_in_every_language(site):
    french, english = site.both("sheets/half-moons")
    titles = {page.lang: dict(zip(page.all("//section/h2[@id]/@id"), page.texts("//section/h2[@id]"), strict=True))
              for page in (french, english)}  # fmt: skip
    known = [section.anchor for section in model.KINDS["sheet"].sections]

    # The section that the model does not know stands where its author put it, under its own words.
    assert list(titles["fr"]) == [*known[:-1], "meteo", known[-1], "sources"]
    assert list(titles["en"]) == [*known[:-1], "weather", known[-1], "sources"]
    assert titles["fr"]["voices"] == "Paroles d’acteurs#"
    assert titles["en"]["voices"] == "In their own words#"
    for page in (french, english):
        assert page.all("//.c-toc//a/@href") == [f"#{anchor}" for anchor in titles[page.lang]]
    assert french.text("//.c-text/p") == "Un résumé qui précède toute section."


def test_the_facts_of_a_sheet(site):
    french, english = map(facts, site.both("sheets/half-moons"))
    assert english == {
        "Countries": ["Burkina Faso", "Niger"],
        "Places": ["Tanlili village"],
        "Period": ["2019 – 2023"],
        "Themes": ["Water", "Soil"],
        "Practices": ["Half-moons"],
        "Hazards": ["Drought"],
        "Climate": ["Adaptation"],
        "Target groups": ["Farming families"],
        "Level of evidence": ["Good practice has proved itself and been taken up"],
        "Validation": ["Groupement villageois, 20 February 2025"],
        "Organisations": ["Village group"],
        "Discussed by": ["Agroecology CAP"],
        "Contact": ["bonjour@group.example.org"],
        "Sustainable Development Goals": ["2. Zero hunger", "13. Climate action"],
        "Review": ["Moussa Relecteur"],
        "Translation": ["Tom Translator"],
        "To be looked at again before": ["31 January 2026"],
    }
    assert french["Pays"] == ["Burkina Faso", "Niger"]
    assert french["Aléas"] == ["Sécheresse"]
    assert "Traduction" not in french
    assert site.page("sheets/half-moons", "en").target("../../countries/ne/") == "en/countries/ne/"


def test_the_figures_lead_to_their_sources(site):
    french, english = site.both("sheets/half-moons")
    assert french.texts("//.c-figures//dd") == ["1 250 kg/ha", "48", "12,5 jours/ha"]
    assert english.texts("//.c-figures//dd") == ["1,250 kg/ha", "48", "12.5 days/ha"]
    assert english.texts("//.c-figures//dt") == ["Sorghum yield 1", "Families", "Labour 2"]
    assert english.all("//.c-figures//dt//a/@href") == ["#fn:1", "#fn:2"]


def test_the_sources_stand_in_their_order_with_one_way_back_each(site):
    page = site.page("sheets/half-moons")
    assert page.texts("//.c-sources//li") == [
        "Rapport de campagne, Groupement villageois, 2023. ↩",
        "Carnet de terrain, tome [2]. ↩",
        "Étude jamais citée, 2020.",
    ]
    assert page.all("//.c-sources//li/@id") == ["fn:1", "fn:2", "fn:3"]
    assert page.all("//.c-sources//.footnote-backref/@href") == ["#fnref:1", "#fnref:2"]
    assert page.one("//sup[@id='fnref:1']/a").get("href") == "#fn:1"
    assert page.all("//.c-sources//li/p/a[not(@title)]/@href") == ["https://group.example.org/rapport"]


def test_the_text_of_a_sheet(site):
    page = site.page("sheets/half-moons", "en")
    section = "//section[h2/@id='{}']"
    assert page.links(section.format("actors") + "/p/a") == [("those of the pit", "en/sheets/compost-pit/#results")]
    assert page.links(section.format("results") + "/p/a") == [("the measurements", "sheets/half-moons/yields.csv")]
    assert page.text(section.format("lessons") + "//.admonition-title") == "Caution"
    assert page.texts(section.format("approach") + "//.tabbed-labels/label") == ["With a level", "By eye"]
    assert page.text(section.format("context") + "/figure/figcaption") == "Plan of the field"
    terms = {words(a): (page.target(a.get("href")), a.get("title")) for a in page.all("//a[@class='glossary']")}
    assert terms == {
        "baseline": ("en/glossary/#baseline", "What is measured before one begins."),
        "CAP": ("en/glossary/#cap", "Peers who learn together."),
    }


def test_photos_are_shown_with_consent_and_credit_alone(site):
    for page in site.both("sheets/half-moons"):
        assert [page.target(src) for src in page.all("//.c-photo//img/@src")] == ["sheets/half-moons/meeting.jpg"]
        assert [page.target(src) for src in page.all("//.c-cover//img/@src")] == ["sheets/half-moons/cover.jpg"]
        assert page.text("//.c-cover//small") == "Groupement villageois · CC-BY-4.0"
        assert page.text("//.c-photo//small") == "Jean Essai"
    assert page.one("//.c-cover//img").get("alt") == "A half-moon, newly dug"

    assert (LIBRARY / "sheets/half-moons/never-asked.jpg").is_file()
    for name in ("never-asked", "asked-for-a-year"):
        assert not [file for file in site.files if name in file]
        assert not [page for page in site.content if name in page.source]
        assert name not in (site.folder / "catalogue.json").read_text("utf-8")


@pytest.mark.parametrize("name", ["cover.jpg", "meeting.jpg"])
def test_a_published_photo_no_longer_tells_where_and_by_whom(site, name):
    with Image.open(LIBRARY / "sheets/half-moons" / name) as original:
        assert original.getexif().get_ifd(GPS), "the fixture must carry what is to be taken away"
        expected = original.size if name == "meeting.jpg" else original.size[::-1]  # the cover was taken upright
    published = (site.folder / "sheets/half-moons" / name).read_bytes()
    with Image.open(io.BytesIO(published)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert image.size == expected
    assert b"Person Behind" not in published and b"PhoneMaker" not in published


def test_handouts_can_be_downloaded_as_they_are(site):
    page = site.page("sheets/half-moons", "en")
    assert page.links("//.c-files//a") == [
        ("Guide to laying outPDF · 1 kB", "sheets/half-moons/guide.pdf"),
        ("Yields measuredCSV · 1 kB", "sheets/half-moons/yields.csv"),
    ]
    for name in ("guide.pdf", "yields.csv"):
        there = site.folder / "sheets/half-moons" / name
        assert there.read_bytes() == (LIBRARY / "sheets/half-moons" / name).read_bytes()


def test_related_products_are_the_declared_ones_then_the_nearest(site):
    # compost-pit and fish-pond share as much with it: the order of their ids decides.
    near = ["sheets/seed-fair/", "sheets/hostile/", "sheets/compost-pit/", "sheets/fish-pond/"]
    assert cards(site.page("sheets/half-moons"), "//.c-related") == near
    assert cards(site.page("sheets/half-moons", "en"), "//.c-related") == [f"en/{one}" for one in near]
    assert cards(site.page("sessions/agroecology/01-first-meeting"), "//.c-related")[0] == "sheets/half-moons/"


def test_a_sheet_says_how_to_cite_share_and_mend_it(site):
    page = site.page("sheets/half-moons", "en")
    about = {words(row.find("dt")): words(row.find("dd")) for row in page.all("//.c-about//dl/div")}
    url = "https://kb.example.org/en/sheets/half-moons/"
    assert about == {
        "Cite": f"Awa Exemple and Jean Essai (2025). Half-moons in Tanlili. CAPitalise. {url}BibTeX · RIS",
        "Licence": "Creative Commons Attribution 4.0 (CC BY 4.0)",
        "Languages": "French (original) · English (up to date)",
        "Keywords": "rain, sorghum",
    }
    assert page.one("//a[@rel='license']").get("href") == "https://creativecommons.org/licenses/by/4.0/"
    # A person who is shown the link gets the page in the language in which it was shared.
    links = page.all("//.c-about//.c-actions/a/@href")
    remark = "product=sheets%2Fhalf-moons&kind=sheet&lang=en&revision=850e26a6b8cd&title=Half-moons+in+Tanlili"
    assert links == [
        "https://wa.me/?text=Half-moons%20in%20Tanlili%20https%3A//kb.example.org/en/sheets/half-moons/",
        "mailto:?subject=Half-moons%20in%20Tanlili"
        "&body=Half-moons%20in%20Tanlili%20https%3A//kb.example.org/en/sheets/half-moons/",
        "../../compare/?sheet=half-moons",
        f"../../contribute-offline/?{remark}",
        f"{REPOSITORY}/edit/main/library/sheets/half-moons/index.en.md",
    ]
    assert page.one("//button[@data-copy]").get("data-copy") == url
    assert page.text("//.c-reuse//li") == "Niger, Maison des semences (1 May 2026): With stones added."
    # A product without a licence of its own is under the site's.
    assert "CC BY-SA 4.0" in site.page("sheets/seed-fair").text("//a[@rel='license']")


def test_a_site_that_knows_neither_its_address_nor_its_repository_invents_none(build):
    result = build(LIBRARY, directory_urls=False, env={"SITE_URL": "", "CAPITALISE_REPOSITORY": ""})
    assert result.code == 0, result.log
    site = Site(result.path, directory_urls=False)
    page = site.page("sheets/fish-pond", "en")
    compare, remark = page.all("//.c-about//.c-actions/a/@href")
    assert compare == "../../compare/index.html?sheet=fish-pond"
    assert remark.startswith("../../contribute-offline/index.html?product=sheets%2Ffish-pond&")
    assert notices(page) == {"missing": []}
    assert not page.all("//link[@rel='canonical']")
    assert not [href for one in site.content for href in one.all("//@href") if "example.org/cap" in href]
    assert list(site.broken()) == []


# ------------------------------------------------------------------------------------------------ notices


def test_a_missing_translation_shows_the_original_and_says_so(site):
    page = site.page("sheets/fish-pond", "en")
    start = f"{REPOSITORY}/new/main/library/sheets/fish-pond?filename=index.en.md"
    assert notices(page) == {"missing": [("Translate it", start)]}
    assert "French" in page.text("//.c-notice--missing/p[1]")
    # The interface is the reader's, the words are marked as what they are.
    assert page.lang == "en"
    for path in ("//h1", "//.c-lead", "//.c-text", "//.c-toc//li[1]/a"):
        assert page.one(path).get("lang") == "fr"
    assert page.text("//h1") == "L’étang à poissons"
    assert page.texts("//section/h2[@id]")[0] == "Contexte#"
    assert page.text("//.c-facts/summary") == "At a glance"
    assert notices(site.page("sheets/fish-pond")) == {}


def test_an_outdated_translation_names_what_changed_and_leads_there(site):
    original = "en/sheets/compost-pit/"
    assert notices(site.page("sheets/compost-pit")) == {
        "outdated": [
            ("Résultats", f"{original}#results"),
            ("Leçons apprises", f"{original}#lessons"),
            ("Pérennité", f"{original}#sustainability"),  # the translation has no such section yet
        ]
    }
    assert {"results", "lessons", "sustainability"} <= site.pages[original].ids
    assert notices(site.page("sheets/compost-pit", "en")) == {}


@pytest.mark.parametrize(
    ("path", "lang", "expected"),
    [
        ("sheets/half-moons", "fr", ["review"]),
        ("sheets/half-moons", "en", ["review"]),
        ("sheets/seed-fair", "fr", []),
        ("sheets/seed-fair", "en", ["machine"]),
        ("sheets/model-garden", "fr", ["example"]),
        ("sheets/model-garden", "en", ["example", "missing"]),
        ("sheets/old-well", "en", ["archived"]),
        ("sheets/old-well", "fr", ["archived", "missing"]),
        ("sessions/agroecology/01-first-meeting", "en", []),
    ],
)
def test_the_reader_is_told_what_to_know_before_reading(site, path, lang, expected):
    assert list(notices(site.page(path, lang))) == expected


def test_the_status_is_told_in_lists_too(site):
    page = site.page("sheets", "en")
    badges = {words(card.find(".//h2")): [words(b) for b in card.iterfind(".//b")] for card in page.all("//.c-card")}
    assert badges["The old well"] == ["Archived"]
    assert badges["Le jardin modèle"] == ["Example", "French"]
    assert badges["Half-moons in Tanlili"] == []


# ---------------------------------------------------------------------------------------------- withdrawn, draft, moved


def test_of_a_withdrawn_product_only_that_and_why_is_left(site):
    said = {"fr": "Ce produit a été retiré.", "en": "This product was withdrawn."}
    for page in site.both("sheets/lost-dam"):
        assert page.text("//h1") == "Le barrage perdu"
        assert page.texts("//.c-notice--withdrawn/p") == [said[page.lang], "Retiré à la demande du village."]
        assert page.noindex
    left = {name for name in site.files if b"SECRET-" in (site.folder / name).read_bytes()}
    assert left == set()
    naming = {name for name in site.files if "barrage perdu" in (site.folder / name).read_text("utf-8", "ignore")}
    own = {"sheets/lost-dam/index.html", "en/sheets/lost-dam/index.html"}
    moved = {"sheets/dam/index.html", "en/sheets/dam/index.html"}
    assert naming == own | moved | {"withdrawn.json"}
    (row,) = json.loads((site.folder / "withdrawn.json").read_text("utf-8"))["withdrawn"]
    assert (row["id"], row["aliases"]) == ("sheets/lost-dam", ["sheets/dam"])
    assert {name for name in site.files if "sheets/lost-dam/" in name} == own


def test_a_draft_is_nowhere_in_the_site(site):
    assert (LIBRARY / "sheets/next-season/index.fr.md").is_file()
    assert not [name for name in site.files if "next-season" in name]
    for name in site.files:
        content = (site.folder / name).read_bytes()
        assert b"DRAFT-" not in content and b"next-season" not in content, name


def test_a_draft_is_seen_in_the_preview_and_in_no_export(tmp_path):
    assert "sheets/next-season" in reading.load(LIBRARY, drafts=True).products
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--no-livereload", "-a", f"127.0.0.1:{port}"],
            cwd=ROOT, env=environment(LIBRARY, SITE_URL=""), stdout=out, stderr=out,
        )  # fmt: skip
    try:
        page = html.fromstring(_fetch(f"http://127.0.0.1:{port}/sheets/next-season/", server, log))
        assert words(page.find(".//h1")) == "La saison prochaine"
        assert page.xpath("//*[contains(@class, 'c-notice--draft')]")
        for name in ("catalogue.json", "catalogue.csv", "feed_fr.xml", "places.geojson"):
            assert b"next-season" not in _fetch(f"http://127.0.0.1:{port}/{name}", server, log), name
    finally:
        server.terminate()
        server.wait()


def _fetch(url: str, server: subprocess.Popen, log) -> bytes:
    """What the server answers, once it listens."""
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            return urllib.request.urlopen(url).read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.mark.parametrize("name", ["site", "site_file"])
@pytest.mark.parametrize(
    ("former", "now"), [("sheets/demi-lunes", "sheets/half-moons"), ("sheets/dam", "sheets/lost-dam")]
)
def test_a_former_address_leads_to_the_new_one(request, name, former, now):
    site = request.getfixturevalue(name)
    for lang in ("fr", "en"):
        page, target = site.page(former, lang), site.page(now, lang)
        refresh = page.one("//meta[@http-equiv='refresh']").get("content")
        assert page.target(refresh.partition("url=")[2]) == target.address
        assert page.target(page.one("//body//a").get("href")) == target.address
        assert page.noindex and page.lang == lang


# ----------------------------------------------------------------------------------------------- trainings, sessions

COURSE = "trainings/learn-by-doing"


def test_a_course_tells_its_modules_in_order_with_their_time(site):
    page = site.page(COURSE, "en")
    assert page.links("//.c-modules//a") == [
        ("1ListeningAsk a question, then be quiet.1 h 30", f"en/{COURSE}/01-listen/"),
        ("2ÉcrireUne page, pas plus ; en français seulement.45 min", f"en/{COURSE}/02-write/"),
    ]
    assert page.all("//.c-modules//a/@lang") == ["fr"]
    assert facts(page) == {
        "Duration": ["2 h 15"],  # the sum of its modules'
        "Audience": ["Field teams"],
        "Prerequisites": ["Being able to read"],
        "Themes": ["Soil"],
    }
    assert page.texts("//.c-objectives//li") == ["Listen", "Write"]
    assert page.links("//.c-product__head/.c-actions/a") == [
        ("Start", f"en/{COURSE}/01-listen/"),
        ("All on one page", f"en/{COURSE}/print/"),
        ("Facilitator's guide", f"en/{COURSE}/facilitator/"),
    ]


def test_a_module_has_two_views_of_one_text(site):
    learner = site.page(f"{COURSE}/01-listen", "en")
    facilitator = site.page(f"{COURSE}/01-listen/facilitator", "en")
    # The learner opens tips, timing and answers when wanted; for who facilitates they are open.
    assert learner.text("//details[@class='facilitator']/summary") == "Facilitation tip"
    assert not learner.all("//.c-text//details[@open]")
    assert learner.text("//section[h2/@id='steps']/details/summary") == "For the facilitator"
    assert facilitator.text("//div[@class='admonition facilitator']/p[1]") == "Facilitation tip"
    assert facilitator.all("//section[h2/@id='steps']/table")
    assert len(facilitator.all("//details[@class='answer' and @open]")) == 1
    for page in (learner, facilitator):
        assert "Let the silence last." in page.text("//.c-text")
        assert page.texts("//.c-text//td")[:2] == ["20 min", "Welcome"]
        assert page.all("//section/h2[@id]/@id") == ["key-points", "steps", "exercise", "self-check", "sources"]
        assert page.links("//.c-views/a") == [
            ("Learner's view", learner.address),
            ("Facilitator's guide", facilitator.address),
        ]
        assert [page.target(page.one("//.c-views/a[@aria-current]").get("href"))] == [page.address]
    assert learner.text("//.c-kind") == "Module 1 of 2"
    assert learner.links("//.c-steps/a") == [("Next module →Écrire", f"en/{COURSE}/02-write/")]
    assert facilitator.links("//.c-steps/a") == [("Next module →Écrire", f"en/{COURSE}/02-write/facilitator/")]
    last = site.page(f"{COURSE}/02-write")
    assert [address for _, address in last.links("//.c-steps/a")] == [f"{COURSE}/01-listen/", f"{COURSE}/"]
    # « Réponse » is said in the text's language, not in the interface's.
    assert site.page(f"{COURSE}/02-write", "en").text("//details[@class='answer']/summary") == "Réponse"


def test_a_course_on_one_page_for_paper(site):
    learner, facilitator = site.page(f"{COURSE}/print", "en"), site.page(f"{COURSE}/facilitator", "en")
    for page in (learner, facilitator):
        assert page.texts("//.c-chapter/h2") == ["1. Listening 1 h 30", "2. Écrire 45 min"]
        assert page.one("//section[@id='m02']").get("lang") == "fr"
        assert page.all("//.c-toc//a/@href") == ["#m01", "#m02"]
        assert page.all("//section[@id='m01']//li/@id") == ["m01-fn:1"]
        assert page.noindex
        assert page.one("//link[@rel='canonical']").get("href") == f"https://kb.example.org/en/{COURSE}/"
    assert "m01-steps" in facilitator.ids and "m01-steps" not in learner.ids
    assert facilitator.all("//details[@class='answer']/@open")
    assert not learner.all("//.c-text//details[@open]")


def test_a_session_summary(site):
    page = site.page("sessions/agroecology/01-first-meeting", "en")
    assert facts(page) == {
        "Countries": ["Burkina Faso", "Senegal"],
        "Place": ["Online"],
        "Session": ["1"],
        "Date": ["3 February 2025"],
        "Format": ["Online"],
        "Community": ["Agroecology CAP"],
        "Duration": ["2 h"],
        "Participants": ["12 people", "7 women", "5 men", "Burkina Faso and Senegal"],
        "Facilitation": ["Village group"],
        "Themes": ["Soil"],
    }
    assert page.all("//section/h2[@id]/@id") == ["purpose", "learnings"]
    assert page.links("//.c-crumbs/a") == [
        ("Home", "en/"),
        ("Sessions", "en/sessions/"),
        ("Agroecology CAP", "en/communities/agroecology/"),
    ]


# ------------------------------------------------------------------------------------------------ lists


def test_the_home_page_leads_everywhere(site):
    french, english = site.both("")
    assert [words(page.find(".//title")) for page in (french.tree, english.tree)] == [
        "CAPitalise – ce que l’expérience apprend",
        "CAPitalise – what experience teaches",
    ]
    for page, prefix in ((french, ""), (english, "en/")):
        assert [address for _, address in page.links("//.c-kinds//a")] == [
            f"{prefix}sheets/", f"{prefix}trainings/", f"{prefix}sessions/"
        ]  # fmt: skip
        assert cards(page) == [prefix + one for one in NEWEST]
        assert page.all("//link[@type='application/atom+xml']/@href")[0].endswith(f"feed_{page.lang}.xml")
    assert french.texts("//.c-kinds//small") == ["7 fiches", "1 formation", "2 comptes rendus"]
    assert english.texts("//.c-ways//li") == [
        *("Burkina Faso5", "Rwanda2", "Senegal2", "Haiti1", "Niger1"),
        *("Soil8", "Water4", "Seeds1"),
        *("Half-moons4", "Composting1"),
    ]


NEWEST = [
    "trainings/learn-by-doing/",
    "sheets/compost-pit/",
    "sessions/agroecology/02-field-visit/",
    "sheets/half-moons/",
    "sessions/agroecology/01-first-meeting/",
    "sheets/seed-fair/",
]

SHEETS = [f"sheets/{slug}/" for slug in
          "compost-pit half-moons seed-fair fish-pond hostile model-garden old-well".split()]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sheets", SHEETS),
        ("trainings", ["trainings/learn-by-doing/"]),
        ("sessions", ["sessions/agroecology/02-field-visit/", "sessions/agroecology/01-first-meeting/"]),
        ("themes/seeds", ["sheets/seed-fair/"]),
        ("hazards/drought", ["sheets/half-moons/"]),
        ("organisations/village-group", ["sheets/half-moons/"]),
        ("countries/rw", ["sheets/compost-pit/", "sheets/old-well/"]),
        ("practices/water-harvesting", []),
        # Its sessions in their order, then the sheets that it discussed.
        ("communities/agroecology", [f"sessions/agroecology/{slug}/" for slug in ("01-first-meeting", "02-field-visit")]
         + ["sheets/half-moons/"]),
    ],
)  # fmt: skip
def test_a_list_shows_its_products_newest_first(site, path, expected):
    for page, prefix in zip(site.both(path), ("", "en/"), strict=True):
        assert cards(page) == [prefix + one for one in expected]


def test_a_vocabulary_shows_its_tree(site):
    page = site.page("practices", "en")
    assert page.links("//.c-terms/li/p/a") == [
        ("Composting", "en/practices/composting/"),
        ("Water harvesting", "en/practices/water-harvesting/"),
    ]
    assert page.links("//.c-terms/li/ul/li/p/a") == [("Half-moons", "en/practices/half-moons/")]
    assert page.texts("//.c-entry/small") == ["1 product", "0 products", "4 products"]
    assert site.page("countries").texts("//.c-entry") == [
        "Burkina Faso 5 produits", "Haïti 1 produit", "Niger 1 produit", "Rwanda 2 produits", "Sénégal 2 produits"
    ]  # fmt: skip


def test_a_term_says_what_it_is_and_where_it_stands(site):
    def about(path: str) -> dict[str, str]:
        return {words(row.find("dt")): words(row.find("dd")) for row in site.page(path, "en").all("//.c-term/div")}

    assert about("practices/half-moons") == {"Also called": "micro-basins", "Broader": "Water harvesting"}
    assert about("practices/water-harvesting") == {"Narrower": "Half-moons"}
    assert about("practices/composting") == {"Elsewhere, the same meaning": "http://aims.fao.org/aos/agrovoc/c_1795"}
    assert about("organisations/village-group") == {
        "Countries": "Burkina Faso", "Website": "https://group.example.org/"
    }  # fmt: skip
    assert about("countries/rw") == {"Themes": "SoilWater"}


def test_a_practice_gathers_what_every_sheet_learned_of_it(site):
    page = site.page("practices/half-moons", "en")
    told = {
        block.find("h2").get("id"): [
            (page.target(one.find("h3/a").get("href")), words(one.xpath("./div")[0])) for one in block.iterfind("div")
        ]
        for block in page.all("//.c-block")
    }
    assert list(told) == ["success-factors", "difficulties", "lessons"]
    assert told["success-factors"] == [("en/sheets/half-moons/#success-factors", "Neighbours who help each other.1")]
    assert [address for address, _ in told["difficulties"]] == [
        f"en/sheets/{slug}/#difficulties" for slug in ("compost-pit", "half-moons", "fish-pond", "hostile")
    ]
    assert told["lessons"][0] == ("en/sheets/compost-pit/#lessons", "Shade and a cover keep the pit moist.")
    # A note leads to the list of the sheet that has it; French words in the English page say that they are.
    assert page.links("//.c-told//sup/a") == [("1", "en/sheets/half-moons/#fn:1")]
    assert page.text("//.c-told/div[@lang='fr'][contains(., 'hérons')]") == "Les hérons."


def test_the_glossary(site):
    page = site.page("glossary", "en")
    assert page.all("//.c-letter//dl/div/@id") == ["baseline", "cap"]
    assert page.links("//.c-letters/a") == [("B", "en/glossary/#letter-B"), ("L", "en/glossary/#letter-L")]
    assert page.text("//div[@id='cap']/dt") == "Learning community CAP"
    assert page.text("//div[@id='cap']//span[@lang='fr']") == "Communauté d’apprentissage"
    assert page.one("//div[@id='baseline']//a").get("href") == "http://aims.fao.org/aos/agrovoc/c_12345"


# ------------------------------------------------------------------------------------------------ upkeep


def test_the_status_page_tells_the_state_of_every_product(site):
    page = site.page("status", "en")
    totals, rows = page.all("//table")
    assert [words(row) for row in totals.iterfind("tbody/tr")] == ["French9012", "English3504"]
    states = {words(row.find("th/small")): [words(cell) for cell in row.iterfind("td")]
              for row in rows.iterfind("tbody/tr")}  # fmt: skip
    assert len(states) == 12
    assert states["sheets/half-moons"] == ["original", "up to date"]
    assert states["sheets/compost-pit"] == ["to revise", "original"]
    assert states["sheets/fish-pond"] == ["original", "to translate"]
    start = f"{REPOSITORY}/new/main/library/sheets/fish-pond?filename=index.en.md"
    assert start in page.all("//.c-state--missing/a/@href")
    assert f"{REPOSITORY}/edit/main/library/sheets/compost-pit/index.fr.md" in page.all("//.c-state--outdated/a/@href")


def test_the_health_page_names_what_an_editor_should_look_at(site):
    page = site.page("health", "en")
    matters = {section.get("id"): [page.target(a.get("href")) for a in section.iterfind(".//li/a")]
               for section in page.all("//.c-matter")}  # fmt: skip
    one = ["en/sheets/half-moons/"]
    assert matters["review"] == matters["consent"] == matters["place"] == one
    assert matters["outdated"] == ["en/sheets/compost-pit/"]
    assert matters["machine"] == ["en/sheets/seed-fair/"]
    assert matters["link"] == ["en/sheets/hostile/"]
    assert len(matters["missing"]) == 6 and len(matters["licence"]) == 11 and len(matters["validation"]) == 6
    assert matters["alt"] == matters["left-out"] == []
    counts = {section.get("id"): words(section.find("h2/span")) for section in page.all("//.c-matter")}
    assert counts == {name: str(len(links)) for name, links in matters.items()}


def test_every_field_and_section_of_the_model_is_explained(site):
    for page in site.both("fields"):
        for kind in model.KINDS.values():
            own = kind.fields.model_fields if kind.name == "sheet" else (
                set(kind.fields.model_fields) - set(model.Fields.model_fields)
            )  # fmt: skip
            assert set(page.all(f"//tr[starts-with(@id, '{kind.name}-')]//th/code/text()")) == set(own)
            listed = page.texts(f"//section[h2/@id='{kind.name}']//ol/li/code")
            assert len(listed) == len(kind.sections)
    assert "## In their own words" in site.page("fields", "en").texts("//section[h2/@id='sheet']//ol/li/code")


@pytest.mark.parametrize("path", ["programme", "contribute", "open-data", "legal", "privacy"])
def test_the_pages_written_by_hand_stand_in_both_languages(site, path):
    french, english = site.both(path)
    for page in (french, english):
        assert page.text("//h1")
        assert page.one("//meta[@name='description']").get("content")
        assert page.one("//article").get("lang") in (None, page.lang)
    assert len(french.all("//main//h2")) == len(english.all("//main//h2"))


def test_a_lost_visitor_is_answered_in_both_languages_at_any_depth(site):
    assert not [name for name in site.files if name.endswith("404.html") and name != "404.html"]
    page = site.pages["404.html"]
    assert [(section.get("lang"), words(section.find("h1"))) for section in page.all("//main//section")] == [
        ("fr", "Cette page n’existe pas"),
        ("en", "There is no such page"),
    ]
    assert all(link.startswith(("/", "#", "https:")) for link in page.all("//@href | //@src"))
