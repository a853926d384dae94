"""The way back: the form of an offline copy, filled in without a network, and what `import` makes of it."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from browsers import DESK, PHONE
from click.testing import CliRunner
from conftest import LIBRARY
from lxml import html
from PIL import ExifTags, Image
from reader import Site, words

from capitalise import limits
from capitalise.cli import main
from capitalise.locales import texts
from capitalise.model import KINDS
from capitalise.reading import load
from capitalise.stick import contents, copying, manifest
from capitalise.validation import faults

T = texts("fr")
PLAIN = """Le village[1] a *mesuré* sa_situation de <b>référence</b> & le reste.
Une deuxième phrase : 3 < 4, C:\\dossier, `code`, {: .classe }, a | b.

# Pas un titre
--- pas un trait
- Semer
- Récolter,
  puis [x] vendre <script>alert(1)</script>
1. D’abord [2]
2. Ensuite ![image](https://ailleurs.example/p.png)

2019. Une année, et non une liste.
!!! note
    du code ?
Voir https://group.example.org/un_rapport_*long*, puis [lien](javascript:alert(1)) &amp; [9]."""
"""What Markdown, HTML and our extensions would take for something else."""


def photo(size: tuple[int, int], orientation: int = 1) -> bytes:
    """A photo as a telephone takes it: it knows where, by whom, and how the telephone was held. Its corner is white."""
    image = Image.new("RGB", size, "navy")
    image.paste("white", (0, 0, size[0] // 4, size[1] // 4))
    exif = image.getexif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "Awa Secrète"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture(scope="module")
def pages(copy_site, tmp_path_factory) -> Path:
    """The folder of the pages of a copy, as it stands on a stick."""
    folder = tmp_path_factory.mktemp("stick")
    copying.copy(contents.assemble(copy_site), folder)
    (number,) = manifest.numbers(folder)
    return folder / "capitalise" / number


@pytest.fixture
def products(tmp_path) -> Path:
    """A library with its vocabularies alone."""
    shutil.copytree(LIBRARY / "vocabularies", tmp_path / "products/vocabularies")
    return tmp_path / "products"


def capitalise(*arguments: object, env: dict[str, str] | None = None):
    """The command as a person runs it; it never ends in a traceback."""
    done = CliRunner().invoke(main, [*map(str, arguments)], env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def saved(page, button: str, folder: Path) -> Path:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.click(button)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def fill(page, label: str, text: str, inside: str = ".c-write") -> None:
    page.locator(inside).get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)


def choose(page, label: str, *options: str) -> None:
    for option in options:
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.select_option(label=option)


def fill_sheet(page, picture: Path) -> None:
    """A sheet with a photo, as a person fills it in on a telephone."""
    page.click(f".c-write__kinds button:has-text('{T('kind.sheet')}')")
    fill(page, "Titre", "Des cordons pierreux à Tanlili : « enfin l’eau »")
    fill(page, "Résumé", "Un village a posé des cordons pierreux ; l’eau reste au champ.")
    fill(page, "Nom", "Awa Exemple", "#step-essentials .c-field__group")
    choose(page, "Pays", "Burkina Faso", "Norvège")
    choose(page, "Thèmes", *(term.name("fr") for term in load(LIBRARY).vocabularies["themes"] if term.id == "water"))
    for section in KINDS["sheet"].required_sections():
        fill(
            page,
            T(f"section.sheet.{section}"),
            PLAIN if section == "context" else "Une phrase.\n\n- Un point",
            "#step-text",
        )
    fill(page, "Titre", "Rapport de campagne", "#step-sources")
    fill(page, "Année", "2023", "#step-sources")
    page.click(f"#step-sources button:has-text('{T('wayback.do.add', name='sources')}')")
    fill(page, "Titre", "Carnet de terrain", "#step-sources .c-field__group:nth-child(2)")
    page.locator("#step-photos > .c-field").nth(1).locator("> button").click()
    page.set_input_files("#step-photos input[type=file]", picture)
    page.wait_for_selector("#step-photos img:not([hidden])")


# ------------------------------------------------------------------------------------------------ a new sheet


def test_a_sheet_written_without_a_network_becomes_a_product_without_a_problem(
    reader, pages, products, build, tmp_path
):
    picture = tmp_path / "IMG 0001.jpg"
    picture.write_bytes(photo((2400, 1800), orientation=6))
    with reader(PHONE, offline=True, accept_downloads=True) as page:
        page.goto((pages / "contribute-offline.html").as_uri())
        fill_sheet(page, picture)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.click("#c-save")  # the photo still lacks what the model asks of it
        told = page.locator(".c-field__bad:visible").all_text_contents()
        assert any(T("problem.missing-alt.message", file="IMG 0001.jpg") in one for one in told)
        assert any(T("problem.missing-consent.message", file="IMG 0001.jpg") in one for one in told)
        assert len(told) == 3 == page.locator(".c-write__faults li").count()  # and its credit
        fill(page, T("editor.part.alt"), "Des pierres en ligne", "#step-photos")
        fill(page, T("editor.part.credit"), "Groupement", "#step-photos")
        page.check(f"label:has-text('{T('editor.consent.given')}') input")
        fill(page, T("editor.part.given"), "2026-05-04", "#step-photos")
        fill(page, T("editor.part.until"), "2020-05-04", "#step-photos")
        page.click("#c-save")
        assert T("problem.bad-value.order.hint") in page.locator("#step-photos .c-field__bad:visible").text_content()
        fill(page, T("editor.part.until"), "", "#step-photos")
        page.click("#step-more summary")
        page.locator("#step-more > .c-field", has_text=T("field.period")).locator("button").click()
        fill(page, T("editor.part.start"), "2019", "#step-more")
        page.locator("#step-more > .c-field", has_text=T("wayback.help.results")).locator("button").click()
        for part, text in (("label", "Rendement"), ("value", "12,5"), ("unit", "t/ha"), ("source", "1")):
            fill(page, T(f"editor.part.{part}"), text, "#step-more .c-field__group:has-text('Valeur')")
        file = saved(page, "#c-save", tmp_path)
        assert page.locator("#c-send:visible").count() == 1
    assert file.name == "des-cordons-pierreux-a-tanlili-enfin-l-eau.capitalise.json"

    for name, kind in KINDS.items():  # the other kinds come in the same way
        if name != "sheet":
            capitalise("import", other(tmp_path, name), "--products", products, "--lang", "fr")
            assert (products / f"{kind.collection}").is_dir()
    done = capitalise("import", file, "--products", products, "--lang", "fr", env={"LANG": "fr"})
    assert done.exit_code == 0, done.output
    assert T("problem.none") in done.output and "20 novembre 2026" in done.output and pages.name in done.output
    done = capitalise("check", "--products", products, "--lang", "fr")
    assert done.output.strip().endswith(T("problem.none")), done.output
    assert sorted(load(products).products) == [
        "sessions/agroecology/03-rencontre",
        "sheets/cordons-pierreux-tanlili-enfin-eau",
        "trainings/apprendre",
        "trainings/apprendre/01-ecouter",
    ]
    product = load(products).products["sheets/cordons-pierreux-tanlili-enfin-eau"]
    assert product.fields.countries == ["BF", "NO"] and product.fields.period.start == 2019
    assert product.fields.results[0].value == 12.5
    (picture,) = product.attachments.values()
    with Image.open(picture) as image:
        assert image.size == (1200, 1600) and not image.getexif() and not image.info.get("exif")
        assert [image.convert("RGB").getpixel((x, 50))[0] > 200 for x in (50, 1150)] == [False, True]  # turned
    assert b"Secr" not in file.read_bytes() and b"Secr" not in picture.read_bytes()

    site = Site(build(products).path)
    page = site.pages["sheets/cordons-pierreux-tanlili-enfin-eau/"]
    section = page.tree.get_element_by_id("context").getparent()
    shown = words(section).removeprefix("Contexte#").removeprefix("Contexte #").strip()
    typed = re.sub(r"^(?:- |[12]\. )", "", PLAIN.replace("[1]", "1").replace("[2]", "2"), flags=re.MULTILINE)
    assert re.sub(r"\s+", "", shown) == re.sub(r"\s+", "", typed)
    assert section.xpath(".//script | .//img | .//b | .//code | .//h3 | .//a[starts-with(@href, 'javascript')]") == []
    assert [link.get("href") for link in section.xpath(".//a[starts-with(@href, 'http')]")] == [
        "https://ailleurs.example/p.png",
        "https://group.example.org/un_rapport_*long",
    ]
    assert [len(one) for one in section.xpath(".//ul | .//ol")] == [2, 2]
    assert page.all("//figure[@class='c-photo']//img/@alt") == ["Des pierres en ligne"]

    done = capitalise(
        "import", file, "--products", products, "--slug", "cordons-pierreux-tanlili-enfin-eau", "--lang", "en"
    )
    assert done.exit_code == 2 and "already exists" in done.output


def other(folder: Path, name: str) -> Path:
    """A file of the form for a course, its module, a session."""
    fields = {
        "title": {"course": "Apprendre", "module": "Écouter", "session": "Une rencontre"}[name],
        "summary": "En deux phrases.",
        "date": "2026-11-24",
        "authors": [{"name": "Équipe"}],
        "themes": ["water"],
    }
    if name == "session":
        fields |= {"community": "agroecology", "number": 3, "format": "online"}
    sections = dict.fromkeys(KINDS[name].required_sections(), "Une phrase.")
    return write(folder, {"kind": name, "fields": fields, "sections": sections, "course": "apprendre"}, f"{name}.json")


def write(folder: Path, changes: dict, name: str = "fiche.capitalise.json") -> Path:
    """A file as the form writes it, but for the changes."""
    given = {"format": "capitalise", "version": 1, "type": "product", "kind": "sheet", "lang": "fr"}
    given |= {"fields": {"title": "Une fiche"}, "sections": {}, "photos": {}} | changes
    path = folder / name
    path.write_text(json.dumps(given), "utf-8")
    return path


# ------------------------------------------------------------------------------------------------ drafts


def test_a_draft_is_opened_again_whole_and_what_is_not_saved_is_not_lost_unasked(reader, pages, tmp_path):
    picture = tmp_path / "photo.png"
    Image.new("RGB", (300, 200), "#246").save(picture)
    with reader(DESK, accept_downloads=True) as page:
        page.goto((pages / "contribute-offline.html").as_uri())
        fill_sheet(page, picture)
        draft = saved(page, "#c-draft", tmp_path)
        assert (
            draft.name.endswith("-brouillon.capitalise.json") and not json.loads(draft.read_text("utf-8"))["finished"]
        )
        page.goto((pages / "contribute-offline.html").as_uri())  # saved: nothing is asked
        given = json.loads(draft.read_text("utf-8"))
        given["fields"]["of_a_newer_form"] = "kept"
        draft.write_text(json.dumps(given), "utf-8")
        page.set_input_files("input[type=file]", draft)
        page.wait_for_selector("#step-photos img:not([hidden])")
        again = saved(page, "#c-draft", tmp_path)
        found = json.loads(again.read_text("utf-8"))
        assert {**found, "photos": None} == {**given, "photos": None}
        for key, data in given["photos"].items():
            assert found["photos"][key] == data
        fill(page, "Titre", "Autre chose")
        assert page.evaluate("dispatchEvent(new Event('beforeunload', {cancelable: true}))") is False


def test_a_file_made_by_another_hand_can_do_nothing_in_the_form(reader, pages, tmp_path):
    nasty = '"><img src=x onerror="document.title = 1"><script>document.title = 2</script>'
    fields = {
        "title": nasty,
        "authors": [{"name": nasty, "organisation": 5}, nasty, None],
        "countries": ["BF", nasty, {"a": 1}],
        "themes": nasty,
        "photos": [{"file": "photo-1", "alt": nasty, "consent": nasty}, {"file": "__proto__"}],
        "period": [1],
        "__proto__": nasty,
    }
    path = write(tmp_path, {"fields": fields, "sections": {"context": nasty}, "photos": {"photo-1": f"AAAA{nasty}"}})
    with reader(DESK) as page:
        page.goto((pages / "contribute-offline.html").as_uri())
        title = page.title()
        for text in ("", "[]", '{"format": "capitalise", "version": 1, "kind": "__proto__"}', "{" * 5000):
            (tmp_path / "bad.json").write_text(text, "utf-8")
            page.set_input_files("input[type=file]", tmp_path / "bad.json")
            page.wait_for_selector(".c-field__bad:visible")
        page.set_input_files("input[type=file]", path)
        page.wait_for_selector("#step-essentials")
        assert page.get_by_label(re.compile("^Titre")).first.input_value() == nasty
        assert page.locator(".c-field__chips li").all_text_contents() == ["Burkina Faso ×"]
        assert page.title() == title and page.locator(".c-write img:not([hidden])").count() == 0
        page.goto((pages / "contribute-offline.html").as_uri())
        about = {"product": "sheets/../x", "kind": "__proto__", "title": nasty}
        page.set_input_files("input[type=file]", write(tmp_path, {"type": "remark", "about": about}))
        page.wait_for_selector("#step-remark")
        assert nasty in page.locator(".c-write__about").text_content() and page.title() == title


# ------------------------------------------------------------------------------------------------ on the spot

VALUES = {
    ("Titre", "essentials"): (lambda text: ("title", text), ["x" * 121, "Bon"]),
    ("Résumé", "essentials"): (lambda text: ("summary", text), ["y" * 321, "Bon."]),
    ("ORCID", "essentials"): (
        lambda text: ("authors", [{"name": "A", "orcid": text}]),
        ["12", "0000-0002-1825-0098", "0000-0002-1825-0097"],
    ),
    ("Année", "sources"): (
        lambda text: ("sources", [{"title": "A", "year": int(text) if text.isdigit() else text}]),
        ["1499", "2101", "l’an dernier", "2019"],
    ),
    ("Adresse web", "sources"): (
        lambda text: ("sources", [{"title": "A", "url": text}]),
        ["group.example.org", "https://a b", "https://group.example.org/x?y=1#z"],
    ),
    ("Contact", "more"): (
        lambda text: ("contact", text),
        ["awa", "http://", "contact@group.example.org", "https://group.example.org"],
    ),
    ("Début", "more"): (
        lambda text: ("period", {"start": int(text) if text.isdigit() else text}),
        ["1899", "hier", "2019", "2019-03-01", "2019-02-30"],
    ),
}


def test_the_form_says_what_the_program_would_say(reader, pages):
    """The same rule, the same words, in the reader's language; the field under its label."""
    with reader(PHONE) as page:
        page.goto((pages / "contribute-offline.html").as_uri())
        page.click(".c-write__kinds button")
        page.click("#step-more summary")
        page.locator("#step-more > .c-field", has_text=T("field.period")).locator("button").click()
        for (label, step), (value, written) in VALUES.items():
            for text in written:
                fill(page, label, text, f"#step-{step}")
                page.keyboard.press("Tab")
                page.wait_for_timeout(30)
                field = page.locator(f"#step-{step}").get_by_label(re.compile(f"^{label}")).first
                told = field.locator("xpath=..").locator(".c-field__bad").text_content()
                found = [
                    (one, f"{one.message(T)} {one.hint(T)}") for one in faults(*value(text), KINDS["sheet"].fields)
                ]
                said = [words.replace(f"«\xa0{one.values['field']}\xa0»", f"«\xa0{label}\xa0»") for one, words in found]
                assert ([told] if told else []) == said, (label, text)


def test_without_a_script_the_page_says_what_to_do(copy_site):
    page = html.parse(copy_site / "en/contribute-offline.html").getroot()
    said = words(page.find_class("c-noscript")[0])
    assert texts("en")("wayback.no-script") in said and texts("en")("wayback.send.stick") in said
    assert page.xpath("//*[contains(@class, 'c-noscript')]//p/a/@href") == ["contribute.html"]  # with the Word forms


# ------------------------------------------------------------------------------------------------ a remark


def test_a_remark_on_a_sheet_becomes_what_an_editor_acts_on(reader, pages, tmp_path):
    en = texts("en")
    with reader(DESK, offline=True, accept_downloads=True) as page:
        page.goto((pages / "en/sheets/half-moons.html").as_uri())
        page.click(f"a:has-text('{en('wayback.remark.link')}')")
        assert "Half-moons in Tanlili" in page.locator(".c-write__about").text_content()
        page.check(f"label:has-text('{en('wayback.reason.mistake')}') input")
        choose(page, en("wayback.remark.place"), "Results")
        fill(page, en("wayback.remark.wrong"), "1,250 is wrong.\n```\n@team closes #1 <script>alert(1)</script>")
        fill(page, en("wayback.remark.name"), "Awa Example")
        fill(page, en("wayback.remark.reach"), "+226 70 00 00 00")
        file = saved(page, "#c-save", tmp_path)
    assert file.name == "half-moons-remark.capitalise.json"
    env = {"CAPITALISE_REPOSITORY": "https://git.example.org/cap/library"}
    done = capitalise("import", file, "--products", LIBRARY, "--lang", "en", env=env)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "half-moons-remark"
    text = (folder / "remark.md").read_text("utf-8")
    assert "sheets/half-moons (en, the text has not changed since)" in text and "Results" in text
    assert "Awa" not in text and "+226" not in text  # what is published says nothing of who wrote
    assert "+226 70 00 00 00" in (folder / "who.txt").read_text("utf-8") and "+226" not in done.output
    fence = re.search(r"(`+)text\n(.*?)\n\1\n", text, re.DOTALL)
    assert len(fence[1]) == 4 and "@team closes #1" in fence[2]  # nobody is called, nothing is closed
    assert "https://git.example.org/cap/library/issues/new?template=mistake.en.yml&" in done.output
    done = capitalise("import", file, "--products", LIBRARY, "--lang", "en")
    assert done.exit_code == 2 and "already exists" in done.output

    given = json.loads(file.read_text("utf-8"))
    given["fields"] |= {"reason": "removal"}
    given["about"] |= {"product": "sheets/demi-lunes", "revision": "000000000000"}
    given["fields"]["photos"] = [{"file": "photo-1", "alt": "x", "credit": "y", "consent": "not-needed"}]
    given["photos"] = {"photo-1": base64.b64encode(photo((40, 30))).decode()}
    done = capitalise("import", write(tmp_path, given, "retrait.json"), "--products", LIBRARY, "--lang", "fr", env=env)
    assert "issues/new" not in done.output and "PAS une issue" in done.output  # an issue is public
    assert (
        "« sheets/demi-lunes » s’appelle maintenant « sheets/half-moons »".replace(" »", "\u00a0»").replace(
            "« ", "«\u00a0"
        )
        in done.output
    )
    assert "le texte a changé depuis" in (tmp_path / "retrait/remark.md").read_text("utf-8")
    with Image.open(next((tmp_path / "retrait").glob("photo-1.*"))) as image:
        assert not image.getexif()


def test_each_product_page_leads_to_the_form_and_so_do_the_starts(pages):
    for lang, start in (("fr", "LISEZ-MOI.html"), ("en", "README.html")):
        prefix = "" if lang == "fr" else "en/"
        links = html.parse(pages.parents[1] / start).getroot().xpath("//a/@href")
        assert f"capitalise/{pages.name}/{prefix}contribute-offline.html" in links
        for name in (
            "sheets/half-moons",
            "trainings/learn-by-doing/01-listen",
            "sessions/agroecology/01-first-meeting",
        ):
            page = html.parse(pages / f"{prefix}{name}.html").getroot()
            (link,) = page.xpath("//a[contains(@href, 'contribute-offline.html?')]/@href")
            assert f"product={name.replace('/', '%2F')}&" in link and re.search(r"&revision=[0-9a-f]{12}&", link)


# ------------------------------------------------------------------------------------------------ hostile files

LONG = "x" * (limits.MAX_FORM_TEXT_CHARS + 1)
HOSTILE = {
    "not ours": ({"format": "other"}, "form-not"),
    "newer": ({"version": 2}, "form-newer"),
    "version of another type": ({"version": True}, "form-damaged"),
    "unknown kind": ({"kind": "../../etc"}, "form-damaged"),
    "kind of another type": ({"kind": ["sheet"]}, "form-damaged"),
    "unknown language": ({"lang": "../fr"}, "form-damaged"),
    "fields that are a list": ({"fields": []}, "form-damaged"),
    "a title that is a number": ({"fields": {"title": 5}}, "form-damaged"),
    "a title that is a group": ({"fields": {"title": {"a": "b"}}}, "form-damaged"),
    "a list that is a text": ({"fields": {"authors": "Awa"}}, "form-damaged"),
    "a list too long": ({"fields": {"keywords": ["a"] * (limits.MAX_FORM_ITEMS + 1)}}, "form-damaged"),
    "a number beyond measure": ({"fields": {"sdgs": [10**300]}}, "form-damaged"),
    "a truth for a number": ({"fields": {"sdgs": [True]}}, "form-damaged"),
    "deep groups": ({"fields": {"authors": [{"name": [[[["x"]]]]}]}}, "form-damaged"),
    "a text beyond measure": ({"sections": {"context": LONG}}, "form-long-text"),
    "a section that is a list": ({"sections": {"context": ["x"]}}, "form-damaged"),
    "a photo's name that leads elsewhere": ({"photos": {"../../a": "AAAA"}}, "form-damaged"),
    "a photo that is no base64": ({"photos": {"photo-1": "<svg>"}}, "form-damaged"),
    "a photo that is a list": ({"photos": {"photo-1": []}}, "form-damaged"),
    "a photo beyond measure": ({"photos": {"photo-1": "A" * (limits.MAX_FORM_PHOTO_BYTES * 2)}}, "form-large-photo"),
    "too many photos": ({"photos": {f"p-{n}": "" for n in range(limits.MAX_FORM_PHOTOS + 1)}}, "form-many-photos"),
    "a remark on nothing": ({"type": "remark", "fields": {}}, "form-about"),
    "a remark on a path": ({"type": "remark", "about": {"product": "sheets/../../etc"}}, "form-about"),
    "a community that leads elsewhere": (
        {"kind": "session", "fields": {"title": "X", "community": "../../etc", "number": 1}},
        "which-session",
    ),
    "a course that leads elsewhere": ({"kind": "module", "fields": {"title": "X"}, "course": "../.."}, "which-module"),
}
RAW = {
    "not JSON": (b'{"format": ', "form-broken"),
    "a million brackets": (b'{"a":' + b"[" * 1_000_000, "form-broken"),
    "a number of a million digits": (b'{"a":' + b"9" * 1_000_000 + b"}", "form-broken"),
    "a name given twice": (b'{"format": "capitalise", "format": "capitalise"}', "form-broken"),
    "not a number": (b'{"format": "capitalise", "version": NaN}', "form-broken"),
    "another encoding": ('{"a": "é"}'.encode("latin-1"), "form-broken"),
    "too large": (b"{" + b" " * limits.MAX_FORM_BYTES, "form-too-large"),
}


@pytest.mark.parametrize("case", [*HOSTILE, *RAW])
def test_a_file_that_the_form_never_wrote_is_refused_and_nothing_is_written(case, products, tmp_path):
    if case in RAW:
        path = tmp_path / "fiche.capitalise.json"
        path.write_bytes(RAW[case][0])
        reason = RAW[case][1]
    else:
        changes, reason = HOSTILE[case]
        path = write(tmp_path, changes)
    before = sorted(tmp_path.rglob("*"))
    done = capitalise("import", path, "--products", products, "--lang", "fr")
    assert done.exit_code == 2
    assert T.table[f"import.refused.{reason}"].partition("{")[0] in done.output, done.output
    assert [one for one in sorted(tmp_path.rglob("*")) if one.is_file() or one.name[0] == "."] == [
        one for one in before if one.is_file()
    ]


def test_what_is_harmless_but_unknown_is_left_out_and_told(products, tmp_path):
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    data = {"bomb": bomb.getvalue(), "text": b"no picture", "good": photo((50, 40)), "unused": photo((50, 41))}
    fields = {
        "title": 'Un titre\n---\nstatus: published "x"',
        "status": "withdrawn",
        "aliases": ["sheets/half-moons"],
        "translation_of": {"language": "fr"},
        "authors": [{"name": "A", "of_a_newer_form": "x"}],
        "photos": [
            {"file": key, "alt": "x", "credit": "y", "consent": "not-needed"} for key in ("bomb", "text", "good")
        ],
        "date": "2026-13-45",
        "themes": ["unknown-theme"],
    }
    photos = {key: base64.b64encode(one).decode() for key, one in data.items()}
    path = write(tmp_path, {"fields": fields, "photos": photos, "sections": {"context": "x", "other": "y"}, "more": 1})
    done = capitalise("import", path, "--products", products, "--lang", "en")
    assert done.exit_code == 1  # `check` says what is wrong with what was written
    for name in ("more", "status", "aliases", "translation_of", "authors.of_a_newer_form", "other", "bomb", "text"):
        assert name in done.output
    (folder,) = (products / "sheets").iterdir()
    assert {one.stem for one in folder.iterdir()} == {"index.fr", "photo-1", "photo-2"}
    found = {problem.code for problem in load(products).problems}
    assert found == {"bad-value", "missing-field", "missing-section", "unknown-term"}
    text = (folder / "index.fr.md").read_text("utf-8")
    assert "status:" not in text.replace('status: published \\"x\\"', "") and text.count("\n---\n") == 1
