"""A third language is configuration and text alone: Portuguese comes to a copy of the site, and no code changes.

What a person who adds a language writes is all here: a line in `mkdocs.yml`, a table of texts, pages of `docs/`, labels
in the vocabularies, products.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from conftest import EPOCH, ROOT, SITE_URL, environment
from lxml import etree
from reader import Page, Site, words

LANGUAGES = {"fr": "Français", "en": "English", "pt": "Português"}

# ------------------------------------------------------------------------------------------------ the Portuguese texts

PORTUGUESE = r"""
language.name: Português
colon: ":"

problem.error: erro
problem.warning: aviso
problem.count: "{errors}, {warnings}."
problem.none: Nenhum problema.
problem.did-you-mean: "Quis dizer «{suggestion}»?"
count.errors: {one: "{n} erro", other: "{n} erros"}
count.warnings: {one: "{n} aviso", other: "{n} avisos"}
problem.bad-value.country.message: "«{field}»: «{got}» não é um código de país."
problem.bad-value.country.hint: "Use o código ISO de duas letras: AO, CV, GW, MZ, ST…"
problem.bad-value.choice.message: "«{field}»: «{got}» não é uma das opções."
problem.bad-value.choice.hint: "Opções: {choices}."
problem.unknown-term.message: "«{term}» não está no vocabulário «{vocabulary}»."
problem.unknown-term.hint: "Os termos possíveis estão em products/vocabularies/{vocabulary}.yml."
problem.missing-section.message: "Falta a secção «{section}»."
problem.missing-section.hint: "Acrescente um título «## {section}» e o seu texto."

section.sheet.context: Contexto
section.sheet.problem: Problema a resolver
section.sheet.approach: Abordagem
section.sheet.actors: Atores e papéis
section.sheet.results: Resultados
section.sheet.success-factors: Fatores de sucesso
section.sheet.difficulties: Dificuldades
section.sheet.lessons: Lições aprendidas
section.sheet.sustainability: Sustentabilidade
section.sheet.replication: Condições de replicação
section.sheet.voices: Nas suas próprias palavras
section.sheet.resources: Para saber mais
section.session.purpose: Objetivo
section.session.learnings: O que aprendemos
admonition.tip: Dica

site.description: "Uma biblioteca aberta de produtos de capitalização."
page.home: Início
page.programme: O programa
page.contribute: Contribuir
page.open-data: Dados abertos
page.legal: Avisos legais
page.privacy: Privacidade
home.title: o que a experiência ensina
home.latest: Últimos produtos
chrome.skip: Ir para o conteúdo
chrome.menu: Menu
chrome.languages: Línguas
lost.title: Esta página não existe
collection.sheets: Fichas
collection.trainings: Formações
collection.sessions: Sessões
collection.themes: Temas
collection.practices: Práticas
collection.catalogue: Catálogo
collection.map: Mapa
collection.countries: Países
collection.glossary: Glossário
collection.status: Estado das traduções
kind.sheet: Ficha de capitalização
kind.session: Relatório de sessão
count.sheets: {one: "{n} ficha", other: "{n} fichas"}
status.published: Publicado
state.original: original
state.current: atualizada
state.outdated: a rever
state.missing: a traduzir
format.hybrid: Híbrido
notice.missing: "Este produto ainda não está traduzido em português; eis o original ({language})."
notice.missing.action: Traduzi-lo
notice.outdated: "O original ({language}) mudou desde esta tradução. A ler no original:"
product.toc: Nesta página
product.facts: Em resumo
product.figures: Números-chave
product.languages: Línguas
sources.title: Fontes e notas
sources.back: Voltar ao texto, nota {}
period.range: "{start} a {end}"
fact.countries: Países
fact.period: Período
fact.themes: Temas
"""

MARK = "⟦pt⟧"
"""Stands before each text of the interface that is not needed here: none may be seen without it."""


def derived(text):
    """A text that stands for the Portuguese that a translator would write."""
    return {form: derived(words) for form, words in text.items()} if isinstance(text, dict) else f"{MARK} {text}"


# ------------------------------------------------------------------------------------------------ the library

VOCABULARIES = {
    "themes": """\
- id: soil
  label: {fr: Sols, en: Soil, pt: Solos}
  definition: {fr: La terre., en: The ground., pt: A terra.}
- id: water
  label: {fr: Eau, en: Water, pt: Água}
  synonyms: {pt: [recursos hídricos]}
- id: seeds
  label: {fr: Semences, en: Seeds}
""",
    "communities": """\
- id: lusophone
  label: {fr: CAP lusophone, en: Lusophone CAP, pt: CAP lusófona}
""",
    "glossary": """\
- id: half-moon
  label: {fr: Demi-lune, en: Half-moon, pt: Meia-lua}
  definition: {fr: Un demi-cercle de terre., en: A half circle of earth., pt: Um semicírculo de terra.}
""",
}
UNLABELLED = "seeds"

BODY = {
    "fr": [
        "Contexte", "Problème à résoudre", "Démarche", "Résultats", "Difficultés rencontrées", "Leçons apprises",
        "Conditions de réplication",
    ],
    "en": [
        "Context", "Problem to solve", "Approach", "Results", "Difficulties", "Lessons learned",
        "Conditions for replication",
    ],
    # As people write them: capitals, numbers, no accents.
    "pt": [
        "Contexto", "PROBLEMA A RESOLVER", "3. Abordagem", "Resultados", "Dificuldades", "Licoes aprendidas",
        "Condições de replicação",
    ],
}  # fmt: skip
ANCHORS = ["context", "problem", "approach", "results", "difficulties", "lessons", "replication"]


def sheet(lang: str, header: str) -> str:
    sections = "\n".join(f"## {title}\n\n{number}, {lang}.[^1]\n" for number, title in enumerate(BODY[lang]))
    return f"---\n{header}---\n\n{sections}"


PRODUCTS = {
    "sheets/half-moons/index.fr.md": sheet("fr", """\
title: Demi-lunes au Niger
summary: Des arcs de terre retiennent la pluie.
date: 2023-07-14
authors: [{name: Awa Exemple}, {name: Jean Essai}]
countries: [NE, GW]
themes: [soil]
period: {start: 2019-03-01, end: 2021-12-15}
places: [{name: Une vallée, lat: 13.5, lon: 2.1}]
results: [{label: Récolte, value: 1234.5, unit: kg}]
sources: [{title: Rapport}]
"""),
    "sheets/half-moons/index.en.md": sheet("en", """\
translation_of: {language: fr}
title: Half-moons in Niger
summary: Arcs of earth hold the rain.
places: [{name: A valley}]
results: [{label: Harvest}]
"""),
    "sheets/half-moons/index.pt.md": sheet("pt", """\
translation_of: {language: fr}
title: Meias-luas no Níger
summary: Arcos de terra seguram a chuva.
places: [{name: Um vale}]
results: [{label: Colheita}]
""") + "\n!!! tip\n    Cave a meia-lua antes da chuva.\n",
    # Not in Portuguese.
    "sheets/fish-pond/index.en.md": sheet("en", """\
title: A fish pond
summary: Fish and vegetables from one pond.
date: 2024-02-01
authors: [{name: Ann Example}]
countries: [RW]
themes: [water]
sources: [{title: Report}]
"""),
    # Its Portuguese text lags behind: see `house`.
    "sheets/seed-fair/index.fr.md": sheet("fr", """\
title: Foire aux semences
summary: On échange des semences.
date: 2024-01-01
authors: [{name: Awa Exemple}]
countries: [BF]
themes: [seeds]
sources: [{title: Rapport}]
"""),
    "sheets/seed-fair/index.pt.md": sheet("pt", """\
translation_of: {language: fr}
title: Feira de sementes
summary: Trocam-se sementes.
"""),
    # Any language may be the original.
    "sessions/lusophone/01-first-meeting/index.pt.md": """\
---
title: Primeiro encontro
summary: A comunidade encontra-se em Bissau.
date: 2025-03-03
authors: [{name: Equipa Exemplo}]
countries: [GW, ST]
themes: [water]
community: lusophone
number: 1
format: hybrid
---

## Objetivo

Conhecer-se.

## O que aprendemos

Ouvir primeiro.
""",
    # For the interface of trainings.
    "trainings/learn/index.fr.md": """\
---
title: Apprendre
summary: Un cours.
date: 2025-01-01
authors: [{name: Awa Exemple}]
themes: [soil]
---

## L’essentiel

Apprendre en faisant.
""",
    "trainings/learn/01-listen/index.fr.md": """\
---
title: Écouter
summary: Un module.
date: 2025-01-01
authors: [{name: Awa Exemple}]
themes: [soil]
duration: 90
---

## L’essentiel

Se taire.

## Déroulé

On écoute.
""",
}  # fmt: skip

IN_PORTUGUESE = ["sheets/half-moons", "sheets/seed-fair", "sessions/lusophone/01-first-meeting"]
NOT_IN_PORTUGUESE = {
    "sheets/fish-pond": ("en", "inglês"),
    "trainings/learn": ("fr", "francês"),
    "trainings/learn/01-listen": ("fr", "francês"),
}
UNTRANSLATED_DOCUMENT = "legal"


# ------------------------------------------------------------------------------------------------ the house


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")


def run(house: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A command of the copy's own program, wherever another copy is installed."""
    env = environment(house / "products", PYTHONPATH=str(house / "hooks"), **changes)
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, encoding="utf-8")


def add_portuguese(house: Path) -> None:
    """All that a person does to add a language, but for products and vocabularies."""
    settings = (house / "mkdocs.yml").read_text("utf-8")
    (english,) = re.findall(r"^ +- \{locale: en, .*\n", settings, re.MULTILINE)
    ours = english.replace("locale: en", "locale: pt").replace(LANGUAGES["en"], LANGUAGES["pt"])
    write(house, {"mkdocs.yml": settings.replace(english, english + ours)})

    locale = house / "hooks/capitalise/locale"
    table = yaml.safe_load((locale / "en.yml").read_text("utf-8"))
    known = yaml.safe_load(PORTUGUESE)
    assert known.keys() <= table.keys(), "a text of this test is no longer one of the program's"
    table = {key: known.get(key) or derived(text) for key, text in table.items()}
    write(locale, {"pt.yml": yaml.safe_dump(table, allow_unicode=True)})

    for path in (house / "docs/en").glob("*.md"):
        if path.stem != UNTRANSLATED_DOCUMENT:
            text = re.sub(r"^# .*$", r"\g<0> (em português)", path.read_text("utf-8"), count=1, flags=re.MULTILINE)
            write(house / "docs/pt", {path.name: text})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the site with the small library and Portuguese."""
    house = tmp_path_factory.mktemp("portuguese")
    shutil.copy(ROOT / "mkdocs.yml", house)
    for folder in ("hooks", "overrides", "docs"):
        shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    write(house / "products/vocabularies", {f"{name}.yml": text for name, text in VOCABULARIES.items()})
    write(house / "products", PRODUCTS)
    add_portuguese(house)

    for product in ("sheets/half-moons", "sheets/seed-fair"):
        done = run(house, "capitalise.cli", "translate", product, "pt", "--done", "--lang", "pt")
        assert done.returncode == 0, done.stdout + done.stderr
    original = house / "products/sheets/seed-fair/index.fr.md"
    original.write_text(original.read_text("utf-8").replace("3, fr.", "Trois fois plus de variétés."), "utf-8")
    return house


@pytest.fixture(scope="module")
def built(house: Path) -> SimpleNamespace:
    done = run(house, "mkdocs", "build", "--site-dir", str(house / "site"))
    log = done.stdout + done.stderr
    assert done.returncode == 0, log
    return SimpleNamespace(site=Site(house / "site"), log=log)


@pytest.fixture(scope="module")
def site(built: SimpleNamespace) -> Site:
    return built.site


# ------------------------------------------------------------------------------------------------ tests


def test_only_configuration_and_text_differ_from_the_bilingual_site(house, built):
    def files(root: Path) -> dict[str, bytes]:
        paths = [root / "mkdocs.yml", *(p for f in ("hooks", "overrides", "docs") for p in (root / f).rglob("*"))]
        skipped = re.compile(r"__pycache__|\.egg-info")
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in paths
            if path.is_file() and not skipped.search(path.as_posix())
        }

    before, after = files(ROOT), files(house)
    assert before.keys() <= after.keys()
    assert [name for name in before if before[name] != after[name]] == ["mkdocs.yml"]
    documents = {f"docs/pt/{p.name}" for p in (ROOT / "docs/en").glob("*.md") if p.stem != UNTRANSLATED_DOCUMENT}
    assert after.keys() - before.keys() == documents | {"hooks/capitalise/locale/pt.yml"}
    more = set(after["mkdocs.yml"].splitlines()) - set(before["mkdocs.yml"].splitlines())
    assert [yaml.safe_load(line.decode())[0]["locale"] for line in more] == ["pt"]


def test_the_build_warns_of_the_terms_without_a_portuguese_name_and_of_nothing_else(house, built, tmp_path):
    warnings = [line for line in built.log.splitlines() if re.match("WARNING|ERROR|CRITICAL", line)]
    assert len(warnings) == 1, built.log
    assert "[untranslated-field]" in warnings[0]
    assert f"« {UNLABELLED} »" in warnings[0].replace("\u00a0", " ") and warnings[0].rstrip().count("pt") >= 1

    products = shutil.copytree(house / "products", tmp_path / "products")
    themes = products / "vocabularies/themes.yml"
    themes.write_text(themes.read_text("utf-8").replace("en: Seeds", "en: Seeds, pt: Sementes"), "utf-8")
    done = run(house, "mkdocs", "build", "--strict", "-d", str(tmp_path / "site"), CAPITALISE_PRODUCTS=str(products))
    assert done.returncode == 0, done.stdout + done.stderr


def paths_of(site: Site, lang: str) -> set[str]:
    """The paths of a language's pages; those of the default language stand at the root."""
    others = tuple(f"{other}/" for other in LANGUAGES if other != "fr")
    if lang == "fr":
        return {page.address for page in site.content if not page.address.startswith(others)}
    return {page.address.removeprefix(f"{lang}/") for page in site.content if page.address.startswith(f"{lang}/")}


def lang_of(page: Page) -> str:
    return next((lang for lang in LANGUAGES if page.address.startswith(f"{lang}/")), "fr")


def test_every_page_exists_in_portuguese_and_says_that_it_is(site):
    assert paths_of(site, "pt") == paths_of(site, "fr") == paths_of(site, "en")
    for page in site.content:
        assert page.lang == lang_of(page), page
    assert list(site.broken()) == []


def test_the_switch_offers_three_languages_on_every_page_and_keeps_the_page(site):
    for page in site.content:
        here = lang_of(page)
        path = page.address.removeprefix(f"{here}/")
        switch = page.all("//.c-switch//a")
        assert [a.get("lang") for a in switch] == list(LANGUAGES), page
        assert [a.get("title") for a in switch] == list(LANGUAGES.values()), page
        assert [a.get("lang") for a in switch if a.get("aria-current")] == [here], page
        for a in switch:
            lang = a.get("lang")
            assert page.target(a.get("href")) == (path if lang == "fr" else f"{lang}/{path}"), page
    lost = site.pages["404.html"]
    assert [a.get("lang") for a in lost.all("//.c-switch//a")] == list(LANGUAGES)
    assert lost.texts("//section[@lang='pt']/h1") == ["Esta página não existe"]


def alternates(page: Page) -> dict[str, str]:
    links = page.all("//link[@rel='alternate'][@hreflang]")
    return {link.get("hreflang"): link.get("href").removeprefix(SITE_URL) for link in links}


TRULY = {
    "sheets/half-moons": {"fr", "en", "pt"},
    "sheets/seed-fair": {"fr", "pt"},
    "sheets/fish-pond": {"en"},
    "sessions/lusophone/01-first-meeting": {"pt"},
    "trainings/learn": {"fr"},
    "trainings/learn/01-listen": {"fr"},
    UNTRANSLATED_DOCUMENT: {"fr", "en"},
}
"""The languages in which a page truly exists, where these are not all."""


def test_hreflang_canonical_and_index_are_true(site):
    for page in site.content:
        here, stated = lang_of(page), alternates(page)
        path = page.address.removeprefix(f"{here}/")
        if stated:
            truly = TRULY.get(path.rstrip("/"), set(LANGUAGES))
            assert set(stated) == truly | {"x-default"}, page
            for lang, address in stated.items():
                if lang != "x-default":
                    assert address == (path if lang == "fr" else f"{lang}/{path}"), page
                    assert alternates(site.pages[address]) == stated, page
        if here not in TRULY.get(path.rstrip("/"), LANGUAGES):
            assert page.noindex, page
            (canonical,) = page.all("//link[@rel='canonical']/@href")
            assert lang_of(site.pages[canonical.removeprefix(SITE_URL)]) in TRULY[path.rstrip("/")], page
    assert set(alternates(site.page("sheets/half-moons", "pt"))) == {"fr", "en", "pt", "x-default"}


def test_the_sitemap_holds_what_search_engines_may_show_in_three_languages(site):
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    sitemap = etree.parse(site.folder / "sitemap.xml")
    listed = {}
    for url in sitemap.iterfind("s:url", names):
        address = url.findtext("s:loc", namespaces=names).removeprefix(SITE_URL)
        links = url.findall("x:link", names)
        listed[address] = {link.get("hreflang"): link.get("href").removeprefix(SITE_URL) for link in links}
    assert set(listed) == {page.address for page in site.content if not page.noindex}
    for address, links in listed.items():
        if links:
            assert links == alternates(site.pages[address]), address
        else:
            assert len(set(alternates(site.pages[address])) - {"x-default"}) == 1, address


def test_portuguese_headings_get_the_anchors_of_the_other_languages(site):
    for lang in LANGUAGES:
        sections = site.page("sheets/half-moons", lang).all("//.c-product__main//section/h2[.//.c-permalink]/@id")
        assert sections == ANCHORS, lang
    portuguese = site.page("sheets/half-moons", "pt")
    assert portuguese.texts("//.c-toc//li") == [*BODY["pt"], "Fontes e notas"]
    session = site.page("sessions/lusophone/01-first-meeting", "pt")
    assert session.all("//.c-product__main//section/h2[.//.c-permalink]/@id") == ["purpose", "learnings"]


def test_numbers_dates_countries_and_terms_are_written_in_portuguese(site):
    page = site.page("sheets/half-moons", "pt")
    assert page.text("//.c-byline") == "Awa Exemple e Jean Essai · 14 de julho de 2023"
    assert page.text("//.c-figures//dd") == "1.234,5 kg"
    facts = {words(row.find("dt")): row for row in page.all("//.c-fact")}
    assert [words(item) for item in facts["Países"].findall("dd/span")] == ["Níger", "Guiné-Bissau"]
    assert words(facts["Período"].find("dd")) == "1 de março de 2019 a 15 de dezembro de 2021"
    assert words(facts["Temas"].find("dd")) == "Solos"
    assert "julho" in site.page("sheets", "pt").text("//.c-cards/li[.//a[contains(., 'Meias-luas')]]")
    assert site.page("countries/st", "pt").text("//h1") == "São Tomé e Príncipe"
    assert site.page("countries/st", "en").text("//h1") != "São Tomé e Príncipe"
    # A title that an admonition lacks, a term of the glossary, the way back from a note.
    assert page.texts("//.admonition-title") == ["Dica"]
    assert page.one("//a[contains(@class, 'glossary')]").get("title") == "Um semicírculo de terra."
    assert page.all("//.c-sources//li//a/@title") == ["Voltar ao texto, nota 1"]
    # What no one has named yet keeps a name that can be read.
    assert site.page(f"themes/{UNLABELLED}", "pt").text("//h1") in ("Semences", "Seeds")


def test_menu_and_counts_speak_portuguese(site):
    home = site.page("", "pt")
    assert home.texts("//.c-menu__row//a") == [
        "Fichas", "Formações", "Sessões", "Temas", "Catálogo", "Mapa", "O programa"
    ]  # fmt: skip
    assert home.text("//.c-kinds__sheet//small") == "3 fichas"
    assert words(home.one("//h1")).endswith("(em português)")
    assert site.page("programme", "pt").text("//h1").endswith("(em português)")
    assert "feed_pt.xml" in site.page("open-data", "pt").texts("//.c-data//a")


def test_a_page_without_translation_says_so_in_portuguese_and_marks_the_language_of_its_words(site):
    for product, (lang, name) in NOT_IN_PORTUGUESE.items():
        page = site.page(product, "pt")
        notice = f"Este produto ainda não está traduzido em português; eis o original ({name})."
        assert page.text("//.c-notice--missing/p[1]") == notice
        (link,) = page.all("//.c-notice--missing//a")
        assert words(link) == "Traduzi-lo" and link.get("href").endswith(f"/{product}?filename=index.pt.md")
        assert page.one("//h1").get("lang") == page.one("//.c-product__main/.c-text").get("lang") == lang
    for product in IN_PORTUGUESE:
        page = site.page(product, "pt")
        assert not page.all("//.c-notice--missing") and page.one("//h1").get("lang") is None
    # The other way round: what is in Portuguese alone is offered to the readers of other languages.
    for lang, name in (("fr", "portugais"), ("en", "Portuguese")):
        page = site.page("sessions/lusophone/01-first-meeting", lang)
        assert f"({name})" in page.text("//.c-notice--missing/p[1]")
        assert page.one("//h1").get("lang") == "pt"
    assert site.page(UNTRANSLATED_DOCUMENT, "pt").one("//article").get("lang") == "fr"


def test_a_translation_that_lags_behind_says_so_and_leads_to_what_changed(site):
    page = site.page("sheets/seed-fair", "pt")
    notice = page.one("//.c-notice--outdated")
    assert words(notice).startswith("O original (francês) mudou desde esta tradução.")
    assert page.links("//.c-notice--outdated//a") == [("Resultados", "sheets/seed-fair/#results")]
    assert not site.page("sheets/half-moons", "pt").all("//.c-notice")
    status = site.page("status", "pt")
    rows = {row.xpath("string(.//small)"): row for row in status.all("//table[2]//tbody/tr | //tbody/tr[.//small]")}
    states = [words(cell) for cell in rows["sheets/seed-fair"].findall("td")]
    assert states == ["original", "a traduzir", "a rever"]


LABELS = ["aria-label", "title", "alt", "data-light", "data-dark", "data-done"]


def spoken(page: Page) -> set[str]:
    """What the interface of a page says: its words, and its labels for who does not see them."""
    # Not what a product or a page of docs/ says.
    outside = "not(ancestor-or-self::*[@lang and @lang != 'pt' or contains(@class, 'md-typeset')])"
    labels = " or ".join(f"name() = '{name}'" for name in LABELS)
    found = page.all(f"//body//*[{outside}][not(self::script)]/text() | //body//*[{outside}]/@*[{labels}]")
    return {" ".join(text.split()) for text in found} - {""}


def test_no_text_of_the_interface_stays_in_another_language(site, house):
    def texts(lang: str) -> set[str]:
        table = yaml.safe_load((house / f"hooks/capitalise/locale/{lang}.yml").read_text("utf-8"))
        flat = (text for entry in table.values() for text in (entry.values() if isinstance(entry, dict) else [entry]))
        return {" ".join(text.split()) for text in flat if len(text) > 3}

    foreign = (texts("en") | texts("fr")) - texts("pt")
    marked = 0
    for address, page in site.pages.items():
        if address.startswith("pt/") and not page.is_redirect:
            said = spoken(page)
            stayed = said & foreign
            assert not stayed, page
            marked += any(MARK in text for text in said)
    assert marked > 10  # else nothing was looked at


def test_the_open_data_has_portuguese(site):
    catalogue = json.loads((site.folder / "catalogue.json").read_text("utf-8"))
    assert catalogue["languages"] == list(LANGUAGES)
    products = {product["id"]: product for product in catalogue["products"]}
    half_moons = products["sheets/half-moons"]
    assert half_moons["languages"] == {"fr": "original", "en": "current", "pt": "current"}
    assert products["sheets/fish-pond"]["languages"] == {"fr": "missing", "en": "original", "pt": "missing"}
    assert products["sheets/seed-fair"]["texts"]["pt"]["changed"] == ["results"]
    assert products["sessions/lusophone/01-first-meeting"]["original_language"] == "pt"
    text = half_moons["texts"]["pt"]
    assert text["title"] == "Meias-luas no Níger" and text["absolute_url"] == f"{SITE_URL}pt/sheets/half-moons/"
    assert [section["anchor"] for section in text["sections"]] == ANCHORS
    assert text["sections"][5]["title"] == "Lições aprendidas"

    rows = list(csv.DictReader((site.folder / "catalogue.csv").read_text("utf-8-sig").splitlines()))
    (row,) = (row for row in rows if (row["id"], row["lang"]) == ("sheets/half-moons", "pt"))
    assert (row["country_names"], row["theme_names"]) == ("Níger; Guiné-Bissau", "Solos")
    assert '"Solos"' in (site.folder / "vocabularies.jsonld").read_text("utf-8")
    assert "Um vale" in (site.folder / "places.geojson").read_text("utf-8")
    for name in ("citation.bib", "citation.ris"):
        assert "Meias-luas no Níger" in (site.folder / "pt/sheets/half-moons" / name).read_text("utf-8")


def test_the_portuguese_feed_tells_what_is_in_portuguese(site):
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = etree.parse(site.folder / "feed_pt.xml").getroot()
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "pt"
    assert feed.findtext("a:subtitle", namespaces=atom) == "Uma biblioteca aberta de produtos de capitalização."
    titles = [entry.findtext("a:title", namespaces=atom) for entry in feed.iterfind("a:entry", atom)]
    assert titles == ["Primeiro encontro", "Feira de sementes", "Meias-luas no Níger"]
    labels = feed.xpath("//a:category/@label", namespaces=atom)
    assert {"Água", "Solos"} <= set(labels)
    assert site.page("", "pt").links("//.c-foot__about//a")[0][1] == "feed_pt.xml"


@pytest.mark.parametrize("way", ["option", "locale"])
def test_check_speaks_portuguese_and_understands_it(house, tmp_path, way):
    products = shutil.copytree(house / "products", tmp_path / "products")
    faulty = sheet("pt", """\
title: Uma ficha com erros
summary: Três palavras portuguesas no lugar de três códigos.
status: publicado
date: 2026-01-01
authors: [{name: Equipa Exemplo}]
countries: [Moçambique]
themes: [recursos hídricos]
sources: [{title: Relatório}]
""")  # fmt: skip
    write(products, {"sheets/faulty/index.pt.md": faulty})
    # One fault at a time hides no other: the form of the fields first, then what they name.
    well_formed = faulty.replace("publicado", "published").replace("Moçambique", "MZ").replace("## Resultados", "##")
    write(products, {"sheets/less-faulty/index.pt.md": well_formed})

    quiet = {name: "" for name in ("LC_ALL", "LC_MESSAGES")}
    arguments = ["capitalise.cli", "check", "--products", str(products)]
    done = run(house, *arguments, "--lang", "pt") if way == "option" else run(
        house, *arguments, **quiet, LANG="pt_PT.UTF-8"
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    said = done.stdout
    assert "«status»: «publicado» não é uma das opções." in said and "Quis dizer «published»?" in said
    assert "«countries[1]»: «Moçambique» não é um código de país." in said and "Quis dizer «MZ»?" in said
    assert "«recursos hídricos» não está no vocabulário «themes»." in said and "Quis dizer «water»?" in said
    assert "Falta a secção «Resultados»." in said
    assert re.search(r"^\d+ erros, \d+ avisos?\.$", said, re.MULTILINE)


def test_the_day_of_the_build_stands_in_portuguese_at_the_foot(site):
    day = datetime.fromtimestamp(int(EPOCH), UTC)
    assert f"{day.day} de novembro de 2026" in site.page("", "pt").text("//.c-foot__line")
