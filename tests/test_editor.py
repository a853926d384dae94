"""The web editor, in a real browser: what it writes, what it leaves alone, what it asks of others (nothing)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsers import CHROMIUM  # noqa: F401
from conftest import LIBRARY, ROOT

from capitalise import editor, frontmatter, reading
from capitalise.editor import Store, form, local
from capitalise.locales import available, texts
from capitalise.model import KINDS, kind_of

LANGUAGES = available()


def served(products: Path) -> Iterator[SimpleNamespace]:
    """A library behind the local editor."""
    desk = local.Desk(products, LANGUAGES, texts("fr"))
    store = Store(root=products.name, local=True)
    httpd = local.server(desk, lambda: editor.files(reading.load(products), LANGUAGES, store), 0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield SimpleNamespace(url=f"http://127.0.0.1:{httpd.server_port}/admin/?lang=fr", products=products, desk=desk)
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A copy of the small library of the tests."""
    shutil.copytree(LIBRARY, tmp_path / "products")
    yield from served(tmp_path / "products")


@pytest.fixture
def real_shop(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A copy of the library of the site."""
    shutil.copytree(ROOT / "products", tmp_path / "products")
    yield from served(tmp_path / "products")


def errors_of(products: Path) -> list[str]:
    words = texts("fr")
    return [f"{p.file}:{p.line} {p.message(words)}" for p in reading.load(products).problems if p.is_error]


# ------------------------------------------------------------------------------------------------ a writer


class Writer:
    """A person at the form: fields are named as the model names them, `side` 1 is the translation's."""

    def __init__(self, page, shop) -> None:
        self.page, self.shop = page, shop

    def enter(self) -> None:
        self.page.goto(self.shop.url)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.get_by_text("Ajout rapide").wait_for()

    def open(self, collection: str, entry: str = "") -> None:
        where = f"entries/{entry}/index" if entry else "new"
        self.page.goto(f"{self.shop.url}#/collections/{collection}/{where}")
        self.page.locator("[id^='title-field-']").first.wait_for()

    def field(self, name: str, side: int = 0):
        return self.page.locator(f"[id^='{name}-field-']:is(input, textarea, select):visible").nth(side)

    def write(self, side: int = 0, **values: str) -> None:
        for name, value in values.items():
            self.field(name.replace("__", "-"), side).fill(value)

    def choose(self, name: str, label: str) -> None:
        box = self.field(name)
        box.fill(label)
        self.page.get_by_role("option", name=label).first.wait_for()
        box.press("Enter")

    def add(self, label: str) -> None:
        self.page.get_by_role("button", name=f"Ajouter {label}").first.click()

    def save(self) -> None:
        """Saves, and waits until Decap says that it did."""
        self.page.get_by_role("button", name="Enregistrer", exact=True).click()
        self.page.get_by_text("Enregistrer maintenant").click()
        self.page.get_by_text("Entrée enregistrée").first.wait_for()
        self.page.get_by_text("Modifications enregistrées").wait_for()


@pytest.fixture
def at_desk(browser):
    """Opens the editor for a writer, with every other host out of reach; gives back what was asked of others."""
    opened = []

    def sit(shop) -> Writer:
        context = browser.new_context(viewport={"width": 1500, "height": 1000}, locale="fr")
        context.set_default_timeout(15_000)
        asked: list[str] = []
        own = shop.url.partition("/admin/")[0]
        context.route(lambda url: not url.startswith((own, "blob:", "data:")), lambda route: (
            asked.append(route.request.url), route.abort()
        ))
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        opened.append((context, asked, faults))
        writer = Writer(page, shop)
        writer.enter()
        return writer

    yield sit
    for context, asked, faults in opened:
        context.close()
        assert asked == []
        assert faults == []


SECTIONS = "context problem approach results difficulties lessons replication".split()


def test_a_sheet_in_french_then_in_english_passes_the_check(at_desk, shop, tmp_path):
    writer = at_desk(shop)
    writer.open("sheet-fr")
    writer.write(title="Des haies à Thiès : « l’essai »", summary='Deux phrases : "entre guillemets".', date="2026-11-20")
    writer.add("auteur·rices")
    writer.write(name="Équipe de Thiès")
    writer.choose("countries", "Sénégal")
    writer.choose("themes", "Sol")
    writer.add("sources")
    writer.page.locator("[id^='title-field-']:visible").nth(1).fill("Rapport : année 1")
    for anchor in SECTIONS:
        writer.write(**{f"section-{anchor}": f"Voici *{anchor}*.[^1]\n\n!!! note\n    Un encadré."})
    writer.save()
    folder = shop.products / "sheets/des-haies-a-thies-l-essai"
    assert [file.name for file in folder.iterdir()] == ["index.fr.md"]  # an empty translation is no file
    assert errors_of(shop.products) == []

    writer.page.locator("[id^='title-field-']:visible").nth(2).fill("Hedges in Thiès: a trial")
    writer.write(1, summary="Two sentences.")
    for anchor in SECTIONS:
        writer.write(1, **{f"section-{anchor}": f"Here is *{anchor}*.[^1]"})
    writer.save()
    assert errors_of(shop.products) == []
    english = frontmatter.read(folder / "index.en.md", "x")
    assert english.meta == {
        "translation_of": {"language": "fr"},
        "title": "Hedges in Thiès: a trial",
        "summary": "Two sentences.",
    }
    assert english.body.startswith("\n## Context\n\nHere is *context*.[^1]\n\n## Problem to solve\n")
    french = frontmatter.read(folder / "index.fr.md", "x")
    assert french.meta == {
        "title": "Des haies à Thiès : « l’essai »",
        "summary": 'Deux phrases : "entre guillemets".',
        "date": "2026-11-20",
        "authors": [{"name": "Équipe de Thiès"}],
        "countries": ["SN"],
        "themes": ["soil"],
        "sources": [{"title": "Rapport : année 1"}],
    }
    done = subprocess.run(
        [sys.executable, "-m", "capitalise.cli", "check", "--products", str(shop.products)], capture_output=True
    )
    assert done.returncode == 0
