"""The command `capitalise`, run as a person or a machine runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import samples

from capitalise.locales import available, texts

FAULTY = {
    "sheets/fautive/index.fr.md": samples.GOOD["sheets/bonne-fiche/index.fr.md"]
    .replace("title: Une bonne fiche", "title: [1, 2]")
    .replace("SN", '"100%,\\n::"'),
    "sheets/imprecise/index.fr.md": samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace(
        "themes:", "places: [{name: Thiès, lat: 14.791, lon: -16.9}]\nthemes:"
    ),
}


def run(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """The command in a folder; it never ends in a traceback."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "CAPITALISE"))}
    done = subprocess.run(
        [sys.executable, "-m", "capitalise.cli", *arguments],
        cwd=folder,
        env=clean | (env or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    """A folder whose library is good."""
    folder = tmp_path_factory.mktemp("good")
    samples.write(folder / "products", {})
    return folder


@pytest.fixture(scope="module")
def faulty(tmp_path_factory) -> Path:
    """A folder whose library has a product with errors, and one with a warning."""
    folder = tmp_path_factory.mktemp("faulty")
    samples.write(folder / "products", FAULTY)
    return folder


# ------------------------------------------------------------------------------------------------ check


def test_check_says_that_all_is_well(good):
    done = run(good, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Aucun problème.\n", "")


def test_check_tells_errors_and_warnings_and_counts_them(faulty):
    done = run(faulty, "check")
    assert done.returncode == 1
    assert (
        done.stdout
        == """\
products/sheets/fautive/index.fr.md:2: erreur [bad-value] « title » doit être un texte.
    → Écrivez un seul texte, entre guillemets droits.
products/sheets/fautive/index.fr.md:6: erreur [bad-value] « countries[1] » : « 100%,�:: » n’est pas un code de pays.
    → Utilisez le code ISO à deux lettres : BJ, BF, BI, CD, GN, HT, RW, SN…
products/sheets/imprecise/index.fr.md:7: avertissement [precise-place] « Thiès » est localisé trop précisément ; \
un ménage pourrait être reconnu.
    → Arrondissez à un dixième de degré (environ 10 km) : lat: 14.8, lon: -16.9. Le site publie la valeur arrondie.
2 erreurs, 1 avertissement.
"""
    )


def test_json_is_for_programs(faulty):
    done = run(faulty, "check", "--format", "json", "--lang", "en")
    assert done.returncode == 1
    rows = json.loads(done.stdout)
    assert [(row["line"], row["code"], row["severity"]) for row in rows] == [
        (2, "bad-value", "error"),
        (6, "bad-value", "error"),
        (7, "precise-place", "warning"),
    ]
    assert list(rows[0]) == ["file", "line", "code", "severity", "message", "hint"]
    assert rows[0]["message"] == "“title” must be a text."
    assert json.loads(run(faulty, "check", "products/sheets/bonne-fiche", "--format", "json").stdout) == []


def test_github_is_for_pull_requests(faulty, tmp_path):
    done = run(faulty, "check", "--format", "github", "--lang", "en")
    assert done.returncode == 1
    first, second, third = done.stdout.splitlines()
    assert first == (
        "::error file=products/sheets/fautive/index.fr.md,line=2,title=bad-value::"
        "“title” must be a text.%0AWrite one text, in straight quotes."
    )
    assert "“100%25,�::” is not a country code.%0A" in second
    assert third.startswith("::warning file=products/sheets/imprecise/index.fr.md,line=7,title=precise-place::")

    # In a property `,` and `:` would end the value; in the message they are words.
    samples.write(tmp_path / "products", {"sheets/a, b: 100%/index.fr.md": ""})
    (line,) = run(tmp_path, "check", "--format", "github", "--lang", "en").stdout.splitlines()
    assert line.startswith("::error file=products/sheets/a%2C b%3A 100%25,line=1,title=bad-slug::")
    assert "“a, b: 100%25”" in line

    assert run(tmp_path, "check", "--format", "github", "products/sheets/bonne-fiche").stdout == ""


def test_auto_tells_each_problem_in_the_language_of_its_file(tmp_path):
    english = samples.GOOD["sheets/good-sheet/index.en.md"].replace("countries: [BJ]", "countries: [XX]")
    faulty = {"sheets/good-sheet/index.en.md": english, "vocabularies/practices.yml": "- id: [eau\n"}
    samples.write(tmp_path / "products", FAULTY | faulty)
    rows = json.loads(run(tmp_path, "check", "--format", "json", "--lang", "auto").stdout)
    told = {row["file"]: row["message"] for row in rows}
    assert told["products/sheets/good-sheet/index.en.md"].startswith("“countries")
    assert told["products/sheets/fautive/index.fr.md"].startswith("«\xa0countries")
    assert told["products/vocabularies/practices.yml"].startswith("L’en-tête")  # of no language: the default one
    last = run(tmp_path, "check", "--lang", "auto").stdout.splitlines()[-1]
    assert "erreurs" in last
    last = run(tmp_path, "check", "--lang", "auto", "products/sheets/good-sheet").stdout.splitlines()[-1]
    assert last.startswith("1 error")


@pytest.mark.parametrize(
    ("paths", "code", "files"),
    [
        (["products/sheets/bonne-fiche/index.fr.md"], 0, set()),
        (["products/sheets/bonne-fiche", "products/sheets/imprecise"], 0, {"imprecise"}),
        (["products/sheets/fautive/index.fr.md"], 1, {"fautive"}),
        (["products/sheets"], 1, {"fautive", "imprecise"}),
        (["products"], 1, {"fautive", "imprecise"}),
        (["."], 1, {"fautive", "imprecise"}),
    ],
)
def test_check_of_some_paths_tells_of_these_alone(paths, code, files, faulty):
    done = run(faulty, "check", "--format", "json", *paths)
    assert done.returncode == code
    assert {row["file"].split("/")[2] for row in json.loads(done.stdout)} == files


def test_a_path_is_meant_from_where_the_person_stands(faulty):
    for folder, products, path in (
        (faulty / "products", ".", "sheets/fautive"),
        (faulty / "products/sheets", "..", "fautive"),
        (faulty.parent, str(faulty / "products"), f"{faulty.name}/products/sheets/fautive"),
    ):
        done = run(folder, "check", "--products", products, path)
        assert done.returncode == 1, (products, path)
        assert done.stdout.startswith("products/sheets/fautive/index.fr.md:2: erreur")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "products/sheets/nulle-part"], "« products/sheets/nulle-part » n’est pas dans la bibliothèque."),
        (["check", "/"], "« / » n’est pas dans la bibliothèque."),
        (["check", "--products", "nulle-part"], "nulle-part » n’est pas le dossier d’une bibliothèque."),
        (["status", "--products", "products/vocabularies/themes.yml"], "n’est pas le dossier d’une bibliothèque."),
        (["check", "--format", "xml"], "xml"),
        (["check", "--lang", "tlh"], "tlh"),
        (["translate", "sheets/bonne-fiche"], "TO"),
        (["translate", "sheets/bonne-fiche", "en", "--done"], "n’a pas de traduction en « en »"),
        (["translate", "sheets/bonne-fiche", "en", "--diff"], "n’a pas de traduction en « en »"),
        (["translate", "sheets/bonne-fiche", "en", "--diff", "--done"], "pas les deux"),
        (["translate", "sheets/bonne-fiche", "fr"], "c’est l’original"),
        (["translate", "sheets/bonne-fiche", "tlh"], "« tlh » n’est pas une langue du site"),
        (["translate", "sheets/nulle-part", "en"], "« sheets/nulle-part » n’est pas un produit"),
        (["nothing-of-the-kind"], "nothing-of-the-kind"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_misuse_is_told_and_exits_2(arguments, words, good):
    done = run(good, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({"LANG": "C.UTF-8"}, "fr"),
        ({"LANG": "POSIX"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "fr_BF.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) or "nothing" if isinstance(value, dict) else value,
)
def test_it_speaks_the_language_of_the_computer_or_french(environment, lang, good):
    assert run(good, "check", env=environment).stdout == texts(lang)("problem.none") + "\n"


@pytest.mark.parametrize("lang", available())
def test_it_speaks_the_language_that_is_asked_for(lang, good):
    done = run(good, "check", "--lang", lang, env={"LANG": "en_GB.UTF-8"})
    assert done.stdout == texts(lang)("problem.none") + "\n"


def test_the_library_can_be_named_by_the_environment(faulty, good):
    assert run(good, "check", env={"CAPITALISE_PRODUCTS": str(faulty / "products")}).returncode == 1


# ------------------------------------------------------------------------------------------------ translations

ENGLISH = """\
---
# A comment of the translator.
title:   "A good sheet, translated"
{stamp}
# Another one.
summary: 'Nothing is wrong with it.'
---
""" + samples.SECTIONS["en"].replace("Water is short.", "Water is short.  \nVery short.\n\ntranslation_of: not a field")


def translated(folder: Path, stamp: str = "translation_of: {language: fr}", newline: str = "\n", mark: str = ""):
    """A library whose good sheet has a translation; returns the translation's path."""
    text = mark + ENGLISH.replace("{stamp}", stamp)
    samples.write(folder / "products", {})
    path = folder / "products/sheets/bonne-fiche/index.en.md"
    path.write_bytes(text.replace("\n", newline).encode())
    return path


def states(folder: Path) -> dict[str, dict[str, str]]:
    done = run(folder, "status", "--format", "json")
    assert done.returncode == 0
    return {row["id"]: row["languages"] for row in json.loads(done.stdout)}


def test_status_tells_the_state_of_every_product(tmp_path):
    translated(tmp_path)
    assert states(tmp_path) == {
        "sheets/bonne-fiche": {"fr": "original", "en": "current"},
        "sheets/good-sheet": {"fr": "missing", "en": "original"},
    }
    said = run(tmp_path, "status").stdout.splitlines()
    assert [line for line in said if not line.startswith(" ")] == [
        "sheets/bonne-fiche  fr: original  en: à jour",
        "sheets/good-sheet   fr: à traduire  en: original",
    ]
    assert "up to date" in run(tmp_path, "status", "--lang", "en").stdout


STAMPS = {
    "short": "translation_of: {language: fr}",
    "block": "translation_of:\n  language: fr",
    "old": "translation_of:\n  language: fr\n  revision: 'abcdefabcdef'\n  sections:\n    context: '00000000'",
    "gap": "translation_of:\n  language: fr\n\n  # a remark\n  revision: abcdefabcdef\n  sections: {}",
    "space": "translation_of : {language: fr}",
    "quoted": '"translation_of": {language: fr}',
    "two lines": "translation_of: {language: fr,\n  revision: abcdefabcdef}",
}


@pytest.mark.parametrize(("newline", "mark"), [("\n", ""), ("\r\n", "\ufeff")], ids=["unix", "windows"])
@pytest.mark.parametrize("stamp", STAMPS.values(), ids=list(STAMPS))
def test_done_stamps_the_translation_and_touches_nothing_else(stamp, newline, mark, tmp_path):
    path = translated(tmp_path, stamp, newline, mark)
    before, after = (part.replace("\n", newline).encode() for part in (mark + ENGLISH).split("{stamp}"))
    original = path.with_name("index.fr.md").read_bytes()

    done = run(tmp_path, "translate", "sheets/bonne-fiche", "en", "--done")
    assert done.returncode == 0
    assert done.stdout.startswith("products/sheets/bonne-fiche/index.en.md : à jour avec la révision ")

    data = path.read_bytes()
    assert data.startswith(before)
    assert data.endswith(after)
    block = data[len(before) : len(data) - len(after)].decode()
    assert block.startswith(f"translation_of:{newline}  language: fr{newline}  revision: '")
    assert block.count("\n") == block.count(newline)
    assert path.with_name("index.fr.md").read_bytes() == original
    assert sorted(file.name for file in path.parent.iterdir()) == ["index.en.md", "index.fr.md"]

    assert run(tmp_path, "check").stdout == "Aucun problème.\n"
    assert states(tmp_path)["sheets/bonne-fiche"] == {"fr": "original", "en": "current"}


def test_a_later_change_of_the_original_makes_the_translation_outdated(tmp_path):
    path = translated(tmp_path)
    original = path.with_name("index.fr.md")
    run(tmp_path, "translate", "products/sheets/bonne-fiche", "en", "--done")  # the folder's path is an id too

    def change(old: str, new: str) -> list[str]:
        text = original.read_text("utf-8")
        assert old in text
        original.write_text(text.replace(old, new), "utf-8")
        told = run(tmp_path, "check", "--format", "json", "--lang", "en")
        return [row["message"] for row in json.loads(told.stdout)]

    # What is not language makes no translation old.
    assert change("date: 2026-03-01", "date: 2026-04-01") == []
    assert change("countries: [SN]", "countries: [SN, ML]") == []
    assert change("Une vallée sèche.\n", "Une vallée sèche.  \n\n") == []

    (message,) = change("Un puits.", "Deux puits.")
    assert message == "The original changed since this translation (sections: Résultats)."
    (message,) = change("title: Une bonne fiche", "title: Une très bonne fiche")
    assert message == "The original changed since this translation (sections: title, summary, …, Résultats)."
    assert states(tmp_path)["sheets/bonne-fiche"]["en"] == "outdated"
    assert run(tmp_path, "check").returncode == 0  # a warning: the translation is published and says so

    assert run(tmp_path, "translate", "sheets/bonne-fiche", "en", "--done").returncode == 0
    assert run(tmp_path, "check").stdout == "Aucun problème.\n"
    assert states(tmp_path)["sheets/bonne-fiche"]["en"] == "current"


def test_a_stamp_that_has_no_line_of_its_own_is_left_alone(tmp_path):
    path = translated(tmp_path)
    text = "---\n{title: A, summary: B, translation_of: {language: fr}}\n---\n" + samples.SECTIONS["en"]
    path.write_text(text, "utf-8")
    done = run(tmp_path, "translate", "sheets/bonne-fiche", "en", "--done")
    assert done.returncode == 2
    assert "translation_of" in done.stderr
    assert path.read_text("utf-8") == text


# ------------------------------------------------------------------------------------------------ the site


def test_build_makes_the_site_and_hands_its_verdict_on(good, faulty, tmp_path):
    root = Path(__file__).parents[1]
    env = {"NO_MKDOCS_2_WARNING": "1"}
    for folder, options, code in ((good, ["--strict", "--jobs", "1"], 0), (faulty, [], 0), (faulty, ["--strict"], 1)):
        site = tmp_path / f"{folder.name}{len(options)}"
        products = str(folder / "products")
        done = run(root, "build", "--products", products, "--site", str(site), *options, env=env)
        assert done.returncode == code, done.stderr
        assert (site / "sheets/bonne-fiche/index.html").exists() == (code == 0)  # what failed takes no site's place
        assert not (site / "sheets/fautive").exists()
