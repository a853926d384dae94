"""The web editor, in a real browser: what it writes, what it leaves alone, what it asks of others (nothing)."""

from __future__ import annotations

import gzip
import hashlib
import http.server
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

import github
import pytest
import yaml
from conftest import LIBRARY, ROOT
from PIL import Image

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
        self.page.get_by_text("+ Fiche de capitalisation", exact=True).wait_for()  # a sign that every computer has

    def open(self, collection: str, entry: str = "") -> None:
        where = f"entries/{entry}/index" if entry else "new"
        self.page.goto(f"{self.shop.url}#/collections/{collection}")
        self.page.locator("[id^='title-field-']").first.wait_for(state="detached")  # the form of what was open before
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
        """Saves, and waits until it is on the disk."""
        self.page.get_by_role("button", name="Enregistrer", exact=True).click()

        def written(answer) -> bool:
            return answer.request.method == "POST" and '"persistEntry"' in (answer.request.post_data or "")

        with self.page.expect_response(written) as answer:
            self.page.get_by_text("Enregistrer maintenant").click()
        assert answer.value.ok, answer.value.text()
        self.page.wait_for_function("location.hash.includes('/entries/')")  # where Decap goes on with a new product


@pytest.fixture
def at_desk(browser):
    """Opens the editor for a writer, with every other host out of reach; gives back what was asked of others."""
    opened = []

    def sit(shop) -> Writer:
        context = browser.new_context(viewport={"width": 1500, "height": 1000}, locale="fr")
        context.set_default_timeout(15_000)
        asked: list[str] = []
        own = shop.url.partition("/admin/")[0]
        context.route(
            lambda url: not url.startswith((own, "blob:", "data:")),
            lambda route: (asked.append(route.request.url), route.abort()),
        )
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error.stack or error)))
        page.on("dialog", lambda dialog: dialog.accept())
        opened.append((context, asked, faults))
        writer = Writer(page, shop)
        writer.enter()
        return writer

    yield sit
    for context, asked, faults in opened:
        context.close()
        assert asked == []
        # Decap lets the refusal of a save, which it shows, pass as an error without a name.
        assert [fault for fault in faults if fault not in ("Object", "undefined")] == []


SECTIONS = "context problem approach results difficulties lessons replication".split()


def test_a_sheet_in_french_then_in_english_passes_the_check(at_desk, shop, tmp_path):
    writer = at_desk(shop)
    writer.open("sheet-fr")
    writer.write(
        title="Des haies à Thiès : « l’essai »", summary='Deux phrases : "entre guillemets".', date="2026-11-20"
    )
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

    writer.open("sheet-fr", "des-haies-a-thies-l-essai")
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


KINDS_OF_TEXT = [
    ("sheet-fr", "zai-yatenga", "section-context"),
    ("sheet-en", "radical-terraces-rwanda", "section-results"),
    ("course-fr", "capitalization", "summary"),
    ("module-fr", "capitalization/02-framing", "section-steps"),
    ("session-fr", "joint/02-training-capitalization", "section-learnings"),
]
"""A product of each kind, and one whose original is in English."""


def test_one_word_changes_in_each_language_and_nothing_else(at_desk, real_shop):
    writer = at_desk(real_shop)
    touched = set()
    for collection, entry, field in KINDS_OF_TEXT:
        folder = real_shop.products / KINDS[collection.partition("-")[0]].collection / entry
        before = {lang: (folder / f"index.{lang}.md").read_text("utf-8") for lang in LANGUAGES}
        writer.open(collection, entry)
        for side in (0, 1):
            box = writer.field(field, side)
            box.press("Control+Home")
            box.press_sequentially("Baobab ")
        writer.save()
        for lang in LANGUAGES:
            touched.add(folder / f"index.{lang}.md")
            was, now = before[lang].split("\n"), (folder / f"index.{lang}.md").read_text("utf-8").split("\n")
            changed = [pair for pair in zip(was, now, strict=True) if pair[0] != pair[1]]
            assert len(changed) == 1
            assert changed[0][1].replace("Baobab ", "").replace('"', "") == changed[0][0].replace('"', "")
    for path in real_shop.products.rglob("*"):
        if path.is_file() and path not in touched:
            assert path.read_bytes() == (ROOT / path.relative_to(real_shop.products.parent)).read_bytes()


CODEC = """async (files) => {
  const editor = await (await fetch('editor.fr.json')).json();
  const codec = capitaliseCodec({...editor.model, texts: editor.texts});
  const found = {};
  for (const [path, source] of Object.entries(files)) {
    const form = JSON.parse(JSON.stringify(codec.read(path, source)));
    if (form._unreadable) { found[path] = {unreadable: codec.write(path, form, 'fr')}; continue; }
    const same = codec.write(path, form, form._original);
    const changes = [];
    const touch = (holder, name) => {
      const value = holder[name];
      if (typeof value === 'string' && !/^_|^(file|consent|answer|given|until|date)$/.test(name)) {
        holder[name] = value + ' Baobab';
        changes.push(codec.write(path, form, form._original));
        holder[name] = value;
      } else if (Array.isArray(value)) for (const inner of new Set([0, value.length - 1])) touch(value, inner);
      else if (value && typeof value === 'object') for (const inner of Object.keys(value)) touch(value, inner);
    };
    for (const name of Object.keys(form)) touch(form, name);
    found[path] = {same, changes};
  }
  return found;
}"""


@pytest.fixture
def codec(browser, shop):
    """Runs the editor's own reading and writing over many files at once, each of their texts changed in turn.

    Of a list, the first and the last.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(shop.url)
    page.wait_for_function("window.capitaliseCodec && window.jsyaml")
    yield lambda files: page.evaluate(CODEC, files)
    context.close()


def changed_in(one, other, path=()):
    """Paths at which two values differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in changed_in(one[key], other[key], (*path, key))]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [found for i, pair in enumerate(zip(one, other, strict=True)) for found in changed_in(*pair, (*path, i))]
    return [] if type(one) is type(other) and one == other else [path]


def texts_of(products: Path) -> dict[str, str]:
    found = {}
    for file in sorted(products.rglob("index.*.md")):
        try:
            found[f"products/{file.relative_to(products).as_posix()}"] = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("library", [ROOT / "products", LIBRARY], ids=["real", "small"])
def test_every_text_of_every_product_can_be_changed_alone(codec, library, tmp_path):
    sources = texts_of(library)
    file = tmp_path / "index.fr.md"

    def taken_apart(text: str):
        file.write_bytes(text.encode())
        return frontmatter.read(file, "x")

    changes = 0
    for path, found in codec(sources).items():
        assert found.get("same") == sources[path], path
        was = taken_apart(sources[path])
        for text in found["changes"]:
            now = taken_apart(text)
            if now.body != was.body:
                assert now.meta == was.meta, path
                assert now.body.replace(" Baobab", "", 1) == was.body, path
            else:
                where, *more = changed_in(was.meta, now.meta)
                assert not more, (path, where, more)
                assert was.meta.keys() == now.meta.keys(), path
                value, before = (now.meta, was.meta)
                for step in where:
                    value, before = value[step], before[step]
                assert value == f"{before} Baobab", (path, where)
            changes += 1
    assert changes > 5 * len(sources)


AWKWARD = yaml.safe_load((Path(__file__).parent / "editor_texts.yml").read_text("utf-8"))
"""Files as people and other programs write them, by name."""


def test_whatever_a_file_looks_like_the_rest_of_it_stays(codec, tmp_path):
    sources = {f"products/sheets/{name}/index.fr.md": text for name, text in AWKWARD.items()}
    file = tmp_path / "index.fr.md"
    for path, found in codec(sources).items():
        assert found.get("same") == sources[path], path
        file.write_bytes(sources[path].encode())
        was = frontmatter.read(file, "x")
        assert found["changes"]
        for text in found["changes"]:
            file.write_bytes(text.encode())
            now = frontmatter.read(file, "x")
            if now.meta == was.meta:
                assert text.replace(" Baobab", "", 1) == sources[path], path
            else:
                assert now.body == was.body, path
                assert len(changed_in(was.meta, now.meta)) == 1, (path, text)


def test_what_moves_in_a_list_keeps_its_values(browser, shop):
    page = browser.new_page()
    page.goto(shop.url)
    page.wait_for_function("window.capitaliseCodec && window.jsyaml")
    path, source = "products/sheets/types/index.fr.md", AWKWARD["types"]
    text = page.evaluate(
        """async ([path, source]) => {
          const editor = await (await fetch('editor.fr.json')).json();
          const codec = capitaliseCodec({...editor.model, texts: editor.texts});
          const form = JSON.parse(JSON.stringify(codec.read(path, source)));
          form.results.push({label: 'O', value: '12'});
          form.results.splice(1, 1);
          form.period = {start: '1979', end: '2001-02-03'};
          form.photos = [{file: 'a.jpg', credit: 'C', consent: {answer: 'not-needed', given: ''}}];
          return codec.write(path, form, 'fr');
        }""",
        [path, source],
    )
    page.close()
    (shop.products / "x.md").write_text(text, "utf-8")
    meta = frontmatter.read(shop.products / "x.md", "x").meta
    assert [item["value"] for item in meta["results"]] == ["300", "25.50", 12]
    assert meta["period"] == {"start": 1979, "end": "2001-02-03"}
    assert meta["photos"] == [{"file": "a.jpg", "credit": "C", "consent": "not-needed"}]
    assert meta["places"][0]["lat"] == 13.0


def test_a_file_that_can_not_be_read_is_never_written(codec):
    broken = {
        "products/sheets/a/index.fr.md": "---\ntitle: [\n---\nx\n",
        "products/sheets/b/index.fr.md": "no front matter\n",
        "products/sheets/c/index.fr.md": "---\n- a\n---\nx\n",
        "products/sheets/d/index.fr.md": "---\ntitle: a\ntitle: b\n---\nx\n",
        "products/sheets/e/index.fr.md": "---\ntitle: &a x\nsummary: *a\n---\nx\n",
    }
    assert {path: found["unreadable"] for path, found in codec(broken).items()} == broken


def test_the_form_knows_every_field_and_section_of_the_model():
    library = reading.load(LIBRARY)
    made = form.form(library, LANGUAGES, "fr", "products")
    for collection in made["collections"]:
        kind = KINDS[collection["name"].partition("-")[0]]
        names = {field["name"] for field in collection["fields"]} - {"_group", "_rank", "section-intro"}
        sections = {f"section-{section.anchor}" for section in kind.sections}
        assert names == (kind.fields.model_fields.keys() - form.OWN_OF_TRANSLATION) | sections
    for folder in ("sheets/a", "trainings/a", "trainings/a/01-b", "sessions/a/01-b", "sheets/a/b", "sessions/a", "x/a"):
        found = [name for name, pattern in form.PATTERNS.items() if re.match(pattern, folder)]
        kind = kind_of(tuple(folder.split("/")))
        assert found == ([kind.name] if kind else [])


def test_what_is_chosen_is_offered_in_the_language_of_the_reader():
    library = reading.load(LIBRARY)
    [themes] = [
        field
        for field in form.form(library, LANGUAGES, "en", "products")["collections"][0]["fields"]
        if field["name"] == "themes"
    ]
    assert {"label": "Soil", "value": "soil"} in themes["options"]
    assert (themes["widget"], themes["multiple"], themes["required"]) == ("select", True, True)


def test_a_photo_with_its_consent_stands_beside_the_text(at_desk, shop, tmp_path):
    photo = tmp_path / "Ma photo d’été.jpg"
    Image.new("RGB", (60, 40), "green").save(photo)
    writer = at_desk(shop)
    writer.open("sheet-fr", "fish-pond")
    writer.add("photos")
    writer.page.get_by_role("button", name="Choisir une image").and_(writer.page.locator(":visible")).first.click()
    writer.page.locator("input[type=file]").set_input_files(photo)
    writer.page.get_by_text("Choisir les éléments sélectionnés").click()
    writer.page.locator("[id^='alt-field-']:visible").first.fill("Un tas vert")
    writer.page.locator("[id^='credit-field-']:visible").first.fill("L’équipe")
    writer.choose("answer", "Les personnes sont d’accord")
    writer.page.locator("[id^='given-field-']:visible").first.fill("2026-11-02")
    writer.save()
    folder = shop.products / "sheets/fish-pond"
    assert (folder / "ma-photo-d-ete.jpg").read_bytes() == photo.read_bytes()
    [found] = frontmatter.read(folder / "index.fr.md", "x").meta["photos"]
    assert found == {
        "file": "ma-photo-d-ete.jpg",
        "alt": "Un tas vert",
        "credit": "L’équipe",
        "consent": {"given": "2026-11-02"},
    }
    assert errors_of(shop.products) == []


def test_a_module_and_a_session_go_into_their_folders_with_their_rank(at_desk, shop):
    writer = at_desk(shop)
    for collection, group in (("module-fr", "learn-by-doing"), ("session-en", "agroecology")):
        writer.open(collection)
        writer.field("_group").select_option(group)
        writer.write(title="Un essai", summary="Un résumé.", date="2026-11-20")
        writer.add("auteur·rices")
        writer.write(name="L’équipe")
        writer.choose("themes", "Sol")
        if collection.startswith("session"):
            writer.choose("community", "CAP Agroécologie")
            writer.write(number="9")
            writer.choose("format", "En ligne")
        required = KINDS[collection.partition("-")[0]].required_sections()
        for anchor in required:
            writer.write(**{f"section-{anchor}": "Texte."})
        writer.page.get_by_role("button", name="Enregistrer", exact=True).click()
        writer.page.get_by_text("Enregistrer maintenant").click()
        writer.page.get_by_text("Choisissez").wait_for()  # the rank is asked for
        writer.field("_rank").select_option("09")
        writer.save()
    module = shop.products / "trainings/learn-by-doing/09-un-essai"
    session = shop.products / "sessions/agroecology/09-un-essai"
    assert [file.name for folder in (module, session) for file in folder.iterdir()] == ["index.fr.md", "index.en.md"]
    assert frontmatter.read(session / "index.en.md", "x").meta["number"] == 9
    assert "_rank" not in (module / "index.fr.md").read_text("utf-8")
    assert errors_of(shop.products) == []


def test_one_saves_as_often_as_one_likes_and_a_change_made_elsewhere_is_not_lost(at_desk, shop):
    file = shop.products / "sheets/fish-pond/index.fr.md"
    source = file.read_text("utf-8")
    writer = at_desk(shop)
    writer.open("sheet-fr", "fish-pond")
    for word in ("Un ", "Deux ", "Trois "):
        writer.field("section-context").press("Control+Home")
        writer.field("section-context").press_sequentially(word)
        writer.save()
    assert file.read_text("utf-8").replace("Trois Deux Un ", "") == source
    file.write_text(source, "utf-8")
    writer.field("section-context").press_sequentially("Quatre ")
    writer.page.get_by_role("button", name="Enregistrer", exact=True).click()
    writer.page.get_by_text("Enregistrer maintenant").click()
    writer.page.get_by_text("a changé sur le disque").wait_for()
    assert file.read_text("utf-8") == source


def test_what_a_text_holds_never_runs_in_the_preview(at_desk, shop):
    file = shop.products / "sheets/fish-pond/index.fr.md"
    attack = (
        "<script>top.hit=1</script><img src=x onerror='top.hit=2'><svg onload='top.hit=3'></svg>"
        "<iframe srcdoc='<script>top.hit=4</script>'></iframe>\n\n[lien](javascript:top.hit=5) ![v](https://spy.example.org/v.png)"
        "\n\n<a href='javascript:top.hit=6' id=trap>piège</a>\n\n"
    )
    source = file.read_text("utf-8")
    first = source.index("\n## ")
    file.write_text(source[: source.index("\n", first + 1)] + "\n\n" + attack + source[first:], "utf-8")
    writer = at_desk(shop)
    writer.open("sheet-fr", "fish-pond")
    writer.page.get_by_title("Édition multilingue").click()
    writer.page.get_by_title("Aperçu").click()
    shown = writer.page.frame_locator("#preview-pane")
    shown.get_by_text("piège").click()
    writer.page.wait_for_timeout(500)
    assert shown.locator("script, iframe, [onerror], [onload], [href^=javascript]").count() == 0
    assert writer.page.evaluate("window.hit") is None


# ------------------------------------------------------------------------------------------------ the local server


def asked(shop, action: str = "", params: object = None, body: bytes | None = None, **headers: str):
    """The status and the answer of the local server."""
    host = shop.url.removeprefix("http://").partition("/")[0]
    content = json.dumps({"action": action, "params": params}).encode() if body is None else body
    request = urllib.request.Request(f"http://{host}/admin/api/v1", content, method="POST")
    for name, value in ({"Origin": f"http://{host}", "Content-Type": "application/json"} | headers).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["error"]


def put(path: str, raw: str = "x", before: str = "", **asset: str):
    assets = [{"path": asset["asset"], "content": asset["content"], "encoding": "base64"}] if asset else []
    return "persistEntry", {"dataFiles": [{"path": path, "raw": raw, "before": before}], "assets": assets}


def test_the_command_says_where_the_editor_is_and_that_a_port_is_taken(shop):
    port = shop.url.rpartition(":")[2].partition("/")[0]
    command = [sys.executable, "-m", "capitalise.cli", "editor", "--no-open", "--lang", "fr"]
    command += ["--products", str(shop.products), "--port"]
    refused = subprocess.run([*command, port], capture_output=True, text=True, encoding="utf-8")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert port in refused.stderr
    with subprocess.Popen([*command, "0"], stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        address = re.search(r"http://127\.0\.0\.1:\d+/admin/", running.stdout.readline())[0]
        with urllib.request.urlopen(address) as answer:
            assert "Content-Security-Policy" in answer.read().decode()
        running.terminate()


OUTSIDE = [
    "../secret.md",
    "products/../../secret.md",
    "products/sheets/../../x/index.fr.md",
    "products/sheets/a/../../../index.fr.md",
    "/etc/passwd",
    "products/sheets/a/index.de.md",
    "products/sheets/a/other.md",
    "products/sheets/A b/index.fr.md",
    "products/vocabularies/themes.yml",
    "products/vocabularies/index.fr.md",
    "products/sheets/.git/index.fr.md",
    "products\\sheets\\a\\index.fr.md",
    "products/sheets/a/b/index.fr.md",
    "products/sheets/linked/index.fr.md",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_but_products_is_read_or_written(shop, tmp_path, path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.products / "sheets/linked").symlink_to(outside)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert asked(shop, *put(path))[0] == 422
    assert asked(shop, "getEntry", {"path": path})[0] in (404, 422)
    assert asked(shop, *put("products/sheets/new/index.fr.md", asset=path, content="eA=="))[0] == 422
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_only_the_editor_s_own_page_is_answered(shop):
    listing = ("entriesByFolder", {"folder": "products/sheets", "depth": 2})
    assert asked(shop, *listing)[0] == 200
    for headers in ({"Origin": "https://evil.example.org"}, {"Origin": "null"}, {"Host": "evil.example.org:80"}):
        assert asked(shop, *listing, **headers)[0] == 403
    assert asked(shop, *listing, **{"Content-Type": "text/plain"})[0] == 404
    assert asked(shop, body=b"{")[0] == 400
    assert asked(shop, body=b"[" * 100_000)[0] == 400
    assert asked(shop, body=b"[1]")[0] == 422
    assert asked(shop, "getEntry", {})[0] == 400
    assert asked(shop, "deleteFiles", {"paths": ["products/sheets/compost-pit/index.fr.md"]})[0] == 422
    assert (shop.products / "sheets/compost-pit/index.fr.md").exists()


def test_nothing_is_overwritten_unseen(shop):
    path = "products/sheets/compost-pit/index.fr.md"
    file = shop.products / "sheets/compost-pit/index.fr.md"
    source = file.read_text("utf-8")
    assert asked(shop, *put(path, source + "a", source))[0] == 200
    status, message = asked(shop, *put(path, source + "b", source))
    assert (status, file.read_text("utf-8")) == (409, source + "a")
    assert path in message
    photo = file.with_name("photo.jpg")
    photo.write_bytes(b"mine")
    status, _ = asked(
        shop, *put(path, source, source + "a", asset="products/sheets/compost-pit/photo.jpg", content="eA==")
    )
    assert (status, photo.read_bytes(), file.read_text("utf-8")) == (409, b"mine", source + "a")
    status, message = asked(
        shop, *put(path, source, source + "a", asset="products/sheets/compost-pit/run.exe", content="eA==")
    )
    assert status == 422
    assert ".jpg" in message
    assert not list(shop.products.rglob(".*.new"))


# ------------------------------------------------------------------------------------------------ on the site


def test_the_scripts_are_those_that_were_written_down():
    vendor = Path(editor.__file__).parent / "vendor"
    record = json.loads((vendor / "vendor.json").read_text("utf-8"))
    assert {f"{name}.gz" for name in record} == {path.name for path in vendor.glob("*.gz")}
    for name, said in record.items():
        assert hashlib.sha256(gzip.decompress((vendor / f"{name}.gz").read_bytes())).hexdigest() == said["sha256"]
        assert (vendor / f"{said['package']}.LICENSE.txt").exists()


def test_a_site_without_sign_in_says_what_is_missing_and_weighs_little(fixture_site, browser, server):
    folder = fixture_site / "admin"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30_000
    page = browser.new_page(locale="en")
    page.goto(server + "admin/")
    page.get_by_text("sign_in").wait_for()
    page.close()


def test_a_copy_to_be_opened_as_files_has_no_editor(fixture_site_file):
    assert not (fixture_site_file / "admin").exists()


# ------------------------------------------------------------------------------------------------ with GitHub


@pytest.fixture(scope="module")
def published() -> Iterator[str]:
    """The editor of a site whose library is on GitHub, as a web server holds it."""
    store = Store(f"https://github.com/{github.REPOSITORY}", "main", "https://sign-in.example.org/auth", "products")
    pages = editor.files(reading.load(LIBRARY), LANGUAGES, store)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = pages.get(self.path.partition("?")[0].removeprefix("/admin/") or "index.html")
            self.send_response(404 if content is None else 200)
            self.send_header(
                "Content-Type",
                {"js": "text/javascript", "json": "application/json"}.get(self.path.rpartition(".")[2], "text/html"),
            )
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/admin/?lang=fr"
        httpd.shutdown()


def test_before_signing_in_nothing_is_asked_of_another_host(browser, published):
    page = browser.new_page()
    asked = []
    page.route(
        lambda url: not url.startswith("http://127.0.0.1"),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page.goto(published)
    page.get_by_role("button", name="Se connecter avec GitHub").wait_for()
    page.wait_for_timeout(1000)
    page.close()
    assert asked == []


@pytest.mark.parametrize("may_write", [True, False], ids=["editor", "contributor"])
def test_a_change_becomes_a_pull_request(browser, published, may_write):
    hub = github.GitHub(LIBRARY, login="amina", may_write=may_write)
    context = browser.new_context(viewport={"width": 1500, "height": 1000}, locale="fr")
    asked: list[str] = []
    context.route(
        lambda url: not url.startswith("http://127.0.0.1"),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    context.route("https://api.github.com/**", hub)
    user = {"backendName": "github", "token": "t", "login": "amina", "name": "Amina", "useOpenAuthoring": not may_write}
    context.add_init_script(f"localStorage.setItem('decap-cms-user', {json.dumps(json.dumps(user))})")
    page = context.new_page()
    writer = Writer(page, SimpleNamespace(url=published))
    page.goto(published)
    page.get_by_text("Ajout rapide").wait_for()
    writer.open("sheet-fr", "fish-pond")
    box = writer.field("section-context")
    box.press("Control+Home")
    box.press_sequentially("Baobab ")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Entrée enregistrée").wait_for()
    source = (LIBRARY / "sheets/fish-pond/index.fr.md").read_text("utf-8")
    [(path, content)] = hub.proposed().items()
    assert path == "products/sheets/fish-pond/index.fr.md"
    assert content.decode().replace("Baobab ", "", 1) == source != content.decode()
    assert hub.forked is not may_write
    if may_write:
        assert [(pull["base"], pull["from"]) for pull in hub.pulls] == [("main", "cap:cms/sheet-fr/fish-pond/index")]
    else:
        assert hub.pulls == []  # a draft is the contributor's own affair
        page.get_by_role("button", name="Statut").click()
        page.get_by_role("menuitem", name="En cours de révision").click()
        page.get_by_text("Statut de l'entrée mis à jour").wait_for()
        [pull] = hub.pulls
        assert (pull["base"], pull["from"]) == ("main", "amina:cms/amina/library/sheet-fr/fish-pond/index")
    context.close()
    assert asked == []
