"""A page is made once: again when anything that it depends on changes, and otherwise never."""

from __future__ import annotations

import multiprocessing
import random
import re
import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import trees
from conftest import LIBRARY, ROOT
from PIL import Image

from capitalise import limits, making, reading
from capitalise.addresses import Addresses
from capitalise.library import Library
from capitalise.locales import texts
from capitalise.press import Press
from capitalise.settings import Settings
from capitalise.store import Store, digest
from capitalise.views.base import Site

DAY = date(2026, 9, 1)
LANGUAGES = ("fr", "en")
SETTINGS = Settings(
    name="CAPitalise",
    addresses=Addresses("fr", True, "https://example.org/"),
    languages=LANGUAGES,
    repository="https://example.org/depot",
    description={lang: texts(lang)("site.description") for lang in LANGUAGES},
    stylesheets=("assets/theme.css",),
    built=DAY,
)


class Workshop:
    """A library that may be changed, and the sites that are made of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings, self.day, self.version = folder, SETTINGS, DAY, "1"
        shutil.copytree(LIBRARY, folder / "products")
        shutil.copytree(ROOT / "overrides", folder / "templates", ignore=shutil.ignore_patterns("assets"))
        self.kept = folder / "cache/pages.sqlite3"

    def path(self, name: str) -> Path:
        return self.folder / name

    def change(self, name: str, before: str, after: str) -> None:
        """Replaces a text in a file, where it must be."""
        path = self.path(name)
        text = path.read_text("utf-8")
        assert before in text, f"{name}: {before}"
        path.write_text(text.replace(before, after, 1), "utf-8")

    def make(self, site: str = "site", kept: Path | None = None, jobs: int = 1) -> tuple[dict[str, bytes], set[str]]:
        """Every file of the site, and the pages that were printed for it, as `lang:path`."""
        library = reading.load(self.folder / "products", LANGUAGES, day=self.day)
        settings = replace(self.settings, built=library.today)
        store = Store(kept)
        sites = {lang: Site(library, settings, lang, store, self.version) for lang in LANGUAGES}
        press = Press(sites, self.folder / "templates")
        out = self.folder / site
        shutil.rmtree(out, ignore_errors=True)
        made = list(making.write(press, making.listed(press), out, store, jobs))
        store.close()
        files = trees.read(out)
        files |= {f"{one.lang} {one.record.address}": one.record.html.encode() for one in made if one.record}
        return files, {f"{one.lang}:{one.path}" for one in made if not one.kept}

    def again(self) -> tuple[dict[str, bytes], set[str]]:
        """The site made with what was kept."""
        return self.make(kept=self.kept)


@pytest.fixture
def workshop(tmp_path) -> Workshop:
    return Workshop(tmp_path)


def page_of(file: str) -> str:
    """`lang:path` of a file of the site, or of a record."""
    lang, _, address = file.rpartition(" ")
    address = (address or file).removesuffix("index.html")
    path = address.removeprefix("en/").rstrip("/")
    return f"{lang or ('en' if address.startswith('en/') else 'fr')}:{path}"


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The pages that are not what they were, be it only the day that each has at its foot."""
    return {page_of(name) for name in after if DAYS.sub(b"", after[name]) != DAYS.sub(b"", before.get(name, b""))}


LOST = {"fr:404.html"}
"""One page, made each time."""
DAYS = re.compile(b"version du? .*?20\\d\\d|version of .*?20\\d\\d")
HALF_MOONS = "products/sheets/half-moons"


def an_english_word(at: Workshop) -> None:
    at.change(f"{HALF_MOONS}/index.en.md", "## ", "One more word.\n\n## ")


def a_title(at: Workshop) -> None:
    at.change(f"{HALF_MOONS}/index.en.md", "title: ", "title: New ")


def a_lesson(at: Workshop) -> None:
    at.change(f"{HALF_MOONS}/index.en.md", "## Lessons learned\n", "## Lessons learned\n\nListen.\n")


def a_term(at: Workshop) -> None:
    at.change("products/vocabularies/practices.yml", '"Half-moons"', '"Crescents"')


def a_synonym(at: Workshop) -> None:
    at.change("products/vocabularies/practices.yml", '"micro-basins"', '"small basins"')


def a_product_less(at: Workshop) -> None:
    shutil.rmtree(at.path("products/sheets/fish-pond"))


def a_link_that_breaks(at: Workshop) -> None:
    at.path("products/sheets/compost-pit").rename(at.path("products/sheets/compost-heap"))


def a_template(at: Workshop) -> None:
    at.change("templates/capitalise/map.html", "{% block list %}", "{% block list %}<hr>")


def a_setting(at: Workshop) -> None:
    at.settings = replace(at.settings, contact="https://example.org/us")


def the_day(at: Workshop) -> None:
    at.day = date(2030, 1, 11)  # the consent to its cover has ended


def a_photo(at: Workshop) -> None:
    Image.new("RGB", (900, 600)).save(at.path(f"{HALF_MOONS}/meeting.jpg"))


def a_drawing_in_a_text(at: Workshop) -> None:
    at.path(f"{HALF_MOONS}/plan.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 77 55"/>')


CHANGES = {
    an_english_word: {"en:sheets/half-moons"},
    a_title: None,
    a_lesson: None,
    a_term: None,
    a_synonym: None,
    a_product_less: None,
    a_link_that_breaks: None,
    a_template: {"fr:map", "en:map"},
    a_setting: None,
    the_day: None,
    a_photo: {"fr:sheets/half-moons", "en:sheets/half-moons"},
    a_drawing_in_a_text: {"fr:sheets/half-moons", "en:sheets/half-moons"},
}
"""What changes → the pages that are then made again; where they are many, they are those that come out changed."""


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_pages_that_depend_on_a_change_are_made_again_and_no_others(workshop, change):
    before, first = workshop.again()
    assert len(first) > 100 and workshop.again() == (before, set())
    change(workshop)
    after, printed = workshop.again()
    clean, _ = workshop.make("clean")
    assert after == clean
    expected = CHANGES[change] or changed(before, clean) - LOST
    assert changed(before, clean) - LOST <= expected
    assert printed == expected > set()


def test_another_program_or_a_part_that_all_templates_use_has_every_page_made_again(workshop):
    _, everything = workshop.again()
    workshop.change("templates/capitalise/macros.html", "c-card__kind", "c-card__kinds")
    assert workshop.again()[1] == everything
    workshop.version = "2"
    assert workshop.again()[1] == everything


def test_the_program_is_known_by_all_that_it_is_made_of():
    assert re.fullmatch("[0-9a-f]{40}", making.version())


# ------------------------------------------------------------------------------------------------ 200 edits


class Editor:
    """Somebody who works on the library without a plan."""

    def __init__(self, workshop: Workshop, seed: int) -> None:
        self.at, self.rng, self.number = workshop, random.Random(seed), 0
        self.products = workshop.path("products")

    def texts(self) -> list[Path]:
        return sorted(path for path in self.products.rglob("index.*.md"))

    def edit(self) -> str:
        """Does one thing; says what."""
        self.number += 1
        way = self.rng.choice(
            (
                self.word,
                self.word,
                self.title,
                self.copy,
                self.rename,
                self.delete,
                self.translate,
                self.term,
                self.template,
            )
        )
        way()
        return way.__name__

    def _one(self) -> Path:
        return self.rng.choice(self.texts())

    def _sheet(self) -> Path:
        return self.rng.choice(sorted(path for path in (self.products / "sheets").iterdir() if path.is_dir()))

    def word(self) -> None:
        path = self._one()
        head, mark, rest = path.read_text("utf-8").partition("\n## ")
        path.write_text(f"{head}{mark}{rest.rstrip()} Mot{self.number}.\n", "utf-8")

    def title(self) -> None:
        path = self._one()
        path.write_text(re.sub(r"(?m)^title: .*", f"title: Titre {self.number}", path.read_text("utf-8")), "utf-8")

    def copy(self) -> None:
        shutil.copytree(self._sheet(), self.products / f"sheets/copy-{self.number}")

    def rename(self) -> None:
        sheet = self._sheet()
        sheet.rename(sheet.with_name(f"moved-{self.number}"))

    def delete(self) -> None:
        if len(list((self.products / "sheets").iterdir())) > 5:
            shutil.rmtree(self._sheet())

    def translate(self) -> None:
        """A translation appears where there is none, or goes."""
        path = next((path for path in self.texts() if path.name == "index.en.md" and self.rng.random() < 0.2), None)
        if path and (path.parent / "index.fr.md").exists() and "translation_of" in path.read_text("utf-8"):
            path.unlink()

    def term(self) -> None:
        path = self.products / "vocabularies/themes.yml"
        path.write_text(
            re.sub(r"label: {fr: [^,]+,", f'label: {{fr: "Thème {self.number}",', path.read_text("utf-8"), count=1),
            "utf-8",
        )

    def spoil(self) -> str:
        """Does what nobody should."""
        self.number += 1
        path = self._one()
        match self.number % 4:
            case 0:
                path.write_bytes(path.read_bytes()[:60])
            case 1:
                (self.products / "sheets/Not a name").mkdir(exist_ok=True)
            case 2:
                path.rename(path.with_name("index.md"))
            case 3:
                (self.products / f"trainings/learn-by-doing/0{self.number % 9}-new").mkdir(exist_ok=True)
        return f"spoil {self.number % 4}"

    def template(self) -> None:
        path = self.rng.choice(sorted(self.at.path("templates/capitalise").glob("*.html")))
        path.write_text(path.read_text("utf-8").replace("</section>", f"<!--{self.number}--></section>", 1), "utf-8")


def test_after_200_edits_the_site_is_what_a_clean_build_makes(workshop):
    editor, said = Editor(workshop, seed=8), []
    printed = total = 0
    for number in range(1, 201):
        said.append(editor.edit())
        if number % 4 == 0:
            files, made = workshop.again()
            printed, total = printed + len(made), total + len(files)
        if number % 20 == 0:
            clean, _ = workshop.make("clean")
            assert files == clean, said[-20:]
    assert printed < total / 2


def test_what_is_read_again_after_an_edit_is_what_is_read_at_once(workshop):
    editor, root = Editor(workshop, seed=3), workshop.path("products")

    def stamps() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}

    def told(library: Library) -> tuple:
        texts = {one.id: [(text, text.body) for text in one.texts.values()] for one in library.products.values()}
        return list(library.products), repr(texts), library.problems, library.left_out, library.today

    reader = reading.Reader(root, LANGUAGES, drafts=True)
    reader.load()
    for number in range(60):
        before = stamps()
        said = editor.edit() if number % 6 else editor.spoil()
        after = stamps()
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert told(reader.again(changed)) == told(reading.load(root, LANGUAGES, drafts=True)), said


# ------------------------------------------------------------------------------------------------ processes


def test_several_processes_make_the_same_site_as_one(workshop, monkeypatch):
    alone, _ = workshop.make("alone")
    monkeypatch.setattr(making, "FEW", 1)
    monkeypatch.setattr(making, "SOME", 7)
    assert workshop.make("together", kept=workshop.kept, jobs=3)[0] == alone
    assert workshop.make("again", kept=workshop.kept, jobs=3) == (alone, set())


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_a_page_raises_is_raised_whoever_makes_it(workshop, monkeypatch, jobs):
    monkeypatch.setattr(making, "FEW", 1)
    workshop.change("templates/capitalise/map.html", "{% block list %}", "{% block list %}{{ 1 / 0 }}")
    with pytest.raises(ZeroDivisionError):
        workshop.make(jobs=jobs)


# ------------------------------------------------------------------------------------------------ the store


KEY = digest("a", b"b")


def test_a_key_tells_its_parts_apart():
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


def test_what_is_kept_is_found_by_the_next_one_and_by_another_at_the_same_time(tmp_path):
    one, other = Store(tmp_path / "a/made.sqlite3"), Store(tmp_path / "a/made.sqlite3")
    one.put(KEY, "é".encode())
    assert one.get(KEY) == "é".encode() and other.get(KEY) is None
    one.flush()
    other.put(digest("other"), b"2")
    other.close()
    assert one.get(KEY) == "é".encode() and one.get(digest("other")) == b"2"
    one.close()


@pytest.mark.parametrize("data", [b"not a database " * 1000, b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_made_anew(tmp_path, data):
    path = tmp_path / "made.sqlite3"
    path.write_bytes(data)
    store = Store(path)
    store.put(KEY, b"1")
    store.close()
    assert Store(path).get(KEY) == b"1"


def test_a_value_that_was_damaged_is_not_there(tmp_path):
    path = tmp_path / "made.sqlite3"
    store = Store(path)
    store.put(KEY, b"a page " * 100)
    store.close()
    with sqlite3.connect(path) as base:
        (value,) = base.execute("select value from made").fetchone()
        base.execute("update made set value = ?", (value[:-2] + bytes([value[-2] ^ 1]) + value[-1:],))
    assert Store(path).get(KEY) is None


def test_a_folder_where_nothing_can_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file/made.sqlite3")
    store.put(KEY, b"1")
    assert store.get(KEY) == b"1"
    store.close()
    assert (tmp_path / "file").read_text() == ""


def test_what_was_not_used_for_longest_makes_room(tmp_path):
    path = tmp_path / "made.sqlite3"
    rng = random.Random(1)
    old = Store(path)
    old.today -= 9
    keys = [digest(str(number)) for number in range(100)]
    for key in keys:
        old.put(key, rng.randbytes(10_000))
    old.close()
    new = Store(path, most=800_000)
    assert all(new.get(key) for key in keys[:20])
    new.close()
    assert path.stat().st_size < 500_000
    kept = Store(path)
    assert all(kept.get(key) for key in keys[:20]) and sum(kept.get(key) is not None for key in keys) < 45


def build_many(path: Path, first: int) -> None:
    store = Store(path)
    for number in range(first, first + 3000):
        store.put(digest(str(number)), b"page" * 100)
    store.close()


def test_two_builds_and_one_that_is_killed_leave_it_whole(tmp_path):
    path = tmp_path / "made.sqlite3"
    context = multiprocessing.get_context("spawn")
    killed = [context.Process(target=build_many, args=(path, first)) for first in (0, 2000, 8000)]
    for process in killed:
        process.start()
    while not path.exists() or path.stat().st_size < 50_000:
        assert any(process.is_alive() for process in killed)
    killed[2].kill()
    for process in killed:
        process.join()
    store = Store(path)
    assert [process.exitcode for process in killed[:2]] == [0, 0]
    assert all(store.get(digest(str(number))) == b"page" * 100 for number in range(5000))
    assert limits.MAX_CACHE_BYTES > 10**9
