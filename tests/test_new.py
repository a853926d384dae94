"""`capitalise new`: what it writes can be filled in as it stands, and nothing that is there is touched."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from pathlib import Path

import pytest
import samples
from test_cli import run

from capitalise import frontmatter, reading
from capitalise.addresses import Addresses
from capitalise.commands.new import NAMES
from capitalise.locales import available, texts
from capitalise.model import OWN_OF_TRANSLATION
from capitalise.settings import Settings
from capitalise.views.base import Site

COURSE = {
    "trainings/cours/index.fr.md": "---\ntitle: Un cours\nsummary: En un module.\ndate: 2026-03-01\n"
    "authors: [{name: Awa Exemple}]\nthemes: [eau]\n---\n\n## Objectifs\n\nÉcouter.\n"
}
ARGUMENTS = {
    "sheet": [],
    "training": [],
    "module": ["--course", "products/trainings/cours"],
    "session": ["--community", "agroecologie"],
}
FOLDERS = {
    "sheet": "sheets/un-puits-a-thies",
    "training": "trainings/un-puits-a-thies",
    "module": "trainings/cours/01-un-puits-a-thies",
    "session": "sessions/agroecologie/01-un-puits-a-thies",
}
TITLE = 'Un puits : « à » # "Thiès"'
ANSWERS = {"countries": "[SN]", "themes": "[eau]", "format": "online"}


@pytest.fixture
def library(tmp_path) -> Path:
    samples.write(tmp_path / "products", COURSE)
    return tmp_path


def made(folder: Path, kind: str, *options: str, lang: str = "fr", title: str = TITLE) -> Path:
    done = run(folder, "new", kind, title, "--lang", lang, *(options or ARGUMENTS[kind]))
    assert done.returncode == 0, done.stderr
    return folder / re.match(r"\S+\.md", done.stdout)[0]


def filled(text: str) -> str:
    """The text with an answer in each empty place, and a sentence under each heading."""
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    lines = []
    for line in head.split("\n"):
        name = line.strip(" -").partition(":")[0]
        if not line.lstrip().startswith("#"):
            line = re.sub(r'(?<=: )(?:""|\[\])$', ANSWERS.get(name, "Un texte"), line)
        lines.append(line)
    return (
        "---\n" + "\n".join(lines) + "\n---\n" + re.sub(r"(^## .+\n)", r"\1\nUne phrase.\n", body, flags=re.MULTILINE)
    )


@pytest.mark.parametrize("lang", available())
@pytest.mark.parametrize("kind", ARGUMENTS)
def test_what_it_writes_passes_the_check_once_it_is_filled_in(kind, lang, library):
    path = made(library, kind, lang=lang)
    assert path == library / "products" / FOLDERS[kind] / f"index.{lang}.md"

    # Until then the check names each empty place, and nothing else.
    problems = [p for p in reading.load(library / "products").problems]
    assert problems and {p.file for p in problems} == {path.relative_to(library).as_posix()}
    assert {(p.code, p.variant) for p in problems} <= {
        ("bad-value", "blank"),
        ("bad-value", "choice"),
        ("missing-field", "empty"),
        ("missing-section", "empty"),
    }

    path.write_text(filled(path.read_text("utf-8")), "utf-8")
    assert run(library, "check").stdout == texts("fr")("problem.none") + "\n"
    product = reading.load(library / "products").products[FOLDERS[kind]]
    assert product.original.fields.title == TITLE


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_each_field_that_it_offers_is_one_once_its_hash_is_removed(kind, library):
    path = made(library, kind)
    # An explanation has one space after its hash; a field has none, or two of the group that it is in.
    text = re.sub(r"^#(?=\S|  )", "", path.read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^( +)#(?=\S)", r"\1", text, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    document = frontmatter.read(path, "index.fr.md")
    assert document.problems == ()
    assert set(document.meta) == set(NAMES[kind].fields.model_fields) - OWN_OF_TRANSLATION
    assert [p for p in reading.load(library / "products").problems if p.code in ("unknown-field", "bad-yaml")] == []


@pytest.mark.parametrize("lang", available())
def test_its_guidance_is_in_that_language_and_is_not_published(lang, library):
    path = made(library, "sheet", lang=lang)
    text = path.read_text("utf-8")
    words = texts(lang)
    for field in ("title", "places", "cover"):
        assert f"{words(f'field.{field}')}. " in text
    guide = words("guide.sheet.results")
    assert " ".join(guide.split()[:4]) in text

    path.write_text(filled(text), "utf-8")
    found = reading.load(library / "products")
    site = Site(found, Settings("S", Addresses("fr"), ("fr", "en")), lang)
    rendered = site.renderer.render(found.products[FOLDERS["sheet"]])
    html = rendered.intro + "".join(section.html for section in rendered.sections)
    assert "Une phrase." in html and "<!--" not in html and guide[:20] not in html


def test_it_overwrites_nothing(library):
    first = made(library, "sheet")
    first.write_text("mine", "utf-8")
    second = made(library, "sheet")
    assert second.parent.name == "un-puits-a-thies-2" and first.read_text("utf-8") == "mine"
    done = run(library, "new", "sheet", TITLE, "--slug", "un-puits-a-thies")
    assert done.returncode == 2 and "existe déjà" in done.stderr
    assert first.read_text("utf-8") == "mine" and list(first.parent.iterdir()) == [first]
    assert not [path for path in library.rglob(".*")]


def test_modules_and_sessions_come_after_those_that_are_there(library):
    for kind in ("module", "session"):
        names = [made(library, kind, title="Suite").parent.name for _ in range(2)]
        assert names == ["01-suite", "02-suite"]
    session = frontmatter.read(library / "products/sessions/agroecologie/02-suite/index.fr.md", "")
    assert (session.meta["number"], session.meta["community"]) == (2, "agroecologie")


def test_a_long_title_makes_a_name_of_whole_words(library):
    name = made(
        library, "sheet", title="Restaurer les sols dégradés du plateau central avec les familles de Yako"
    ).parent.name
    assert name == "restaurer-les-sols-degrades-du-plateau-central-avec-les"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sheet", "井戸"], "« 井戸 » ne peut pas être un nom de dossier"),
        (["sheet", "Bien", "--slug", "Pas Bien"], "« Pas Bien » ne peut pas être un nom de dossier"),
        (["sheet", "Bien", "--slug", "../dehors"], "ne peut pas être un nom de dossier"),
        (["sheet", "x" * 121], "le maximum est 120"),
        (["sheet", "  "], "« title » est vide"),
        (["sheet", "Bien", "--course", "cours"], "--course ne sert que pour module"),
        (["module", "Bien"], "celles-ci : cours."),
        (["module", "Bien", "--course", "cour"], "Vouliez-vous dire « cours »"),
        (["session", "Bien"], "agroecologie (CAP Agroécologie)"),
        (["session", "Bien", "--community", "agroecology"], "Vouliez-vous dire « agroecologie »"),
        (["poem", "Bien"], "poem"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_misuse_is_told_and_writes_nothing(arguments, words, library):
    before = sorted(library.rglob("*"))
    done = run(library, "new", *arguments, "--lang", "fr")
    assert done.returncode == 2 and words in done.stderr.replace("\u00a0", " "), done.stderr
    assert sorted(library.rglob("*")) == before


# ------------------------------------------------------------------------------------------------ in a terminal


def typed(folder: Path, arguments: list[str], answers: list[tuple[str, str]]) -> tuple[str, int]:
    """The command in a terminal of its own: each answer is typed when its question stands there."""
    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs the tests in the background may have it ignored
        os.execv(sys.executable, [sys.executable, "-m", "capitalise.cli", *arguments])
    said, seen, waiting, answer = "", 0, list(answers), ""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if not select.select([terminal], [], [], 1)[0]:
            if answer == "\x03":  # it came while the terminal was made ready for a line: a person presses it again
                os.write(terminal, answer.encode())
            continue
        try:
            said += os.read(terminal, 65536).decode("utf-8", "replace")
        except OSError:
            break
        while waiting and waiting[0][0] in said[seen:]:
            question, answer = waiting.pop(0)
            seen = said.index(question, seen) + len(question)
            os.write(terminal, answer.encode())
    else:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return said.replace("\r", ""), code


def test_in_a_terminal_it_asks_for_what_is_needed_and_understands_words(library):
    said, code = typed(
        library,
        ["new", "sheet", "Un puits", "--lang", "fr"],
        [
            ("  summary: ", "Un résumé.\n"),
            ("  date [", "4/7/2026\n"),
            ("  date [2026-07-04]: ", "\n"),  # the date probably meant
            ("  authors.name: ", "Awa Exemple\n"),
            ("  countries: ", "Sénégal, BJ\n"),
            ("  countries [SN, BJ]: ", "\n"),
            ("  themes: ", "?\n"),
            ("  themes: ", "hydraulique, sol, astronomie\n"),
            ("  themes [eau, sols]: ", "\n"),
            ("  sources.title: ", "\n"),  # for later
        ],
    )
    assert code == 0, said
    assert "eau " in said and "Eau" in said  # the list that the question mark shows
    assert "astronomie" in said and "Vouliez-vous dire" in said
    document = frontmatter.read(library / "products/sheets/un-puits/index.fr.md", "")
    assert document.meta == {
        "title": "Un puits",
        "summary": "Un résumé.",
        "date": "2026-07-04",
        "authors": [{"name": "Awa Exemple"}],
        "countries": ["SN", "BJ"],
        "themes": ["eau", "sols"],
        "sources": [{"title": ""}],
    }
    assert "Il reste 8 choses à remplir." in said  # the source, and seven sections


def test_a_person_who_stops_has_written_nothing(library):
    before = sorted(library.rglob("*"))
    said, code = typed(
        library, ["new", "session", "Suite", "--lang", "fr"], [("community [", "\n"), ("  summary: ", "\x03")]
    )
    assert code == 2 and texts("fr")("cli.new.stopped") in said
    assert sorted(library.rglob("*")) == before
