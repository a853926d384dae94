"""The first review of a contribution, from a real history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import attached
import pytest
import samples
import yaml
from click.testing import CliRunner, Result
from PIL import Image
from test_cli import run

from capitalise.cli import main
from capitalise.locales import available, texts
from capitalise.reviewing.readability import measure
from capitalise.reviewing.report import escaped

FIRST_TRY = """\
---
title: "<img src=x> @toute-equipe ![](https://exemple.org/x.png) #1"
summary: Des haies.
date: 2026-03-01
authors: [{name: Awa Exemple}]
countries: [SN]
themes: [eau]
places: [{name: Thiès, lat: 14.791, lon: -16.926}]
results: [{label: Haies plantées, value: 12, unit: km}]
sources: [{title: Rapport de campagne}]
---

## Contexte

Écrire à awa.exemple@courriel.example ou au 77 123 45 67, ou à contact@ong.example. La parcelle : 14.79123, -16.92567.

## Problème à résoudre

L’eau manque.

## Démarche

Creuser ensemble.

## Résultats

En 2024, les rendements ont augmenté de 40 % sur 12 parcelles.

## Leçons apprises

Écouter d’abord.

## Conditions de réplication

Une nappe peu profonde.
"""
"""A first sheet as people send them: honest, incomplete, with a telephone number."""

SUMMARY = "Des familles ont planté des haies. La terre reste. Le bois vient aussi. On dit ici ce qui a raté."
GOOD_SHEET = f"""\
---
title: Des haies qui tiennent
summary: {SUMMARY}
date: 2026-03-01
authors: [{{name: Awa Exemple}}]
countries: [SN]
themes: [eau]
places: [{{name: Thiès, lat: 14.8, lon: -16.9}}]
results: [{{label: Haies plantées, value: 12, unit: km, source: 1}}]
cover: {{file: photo.jpg, alt: Une haie, credit: ONG, consent: {{given: 2026-02-01}}}}
sources: [{{title: Rapport de campagne}}]
---
"""

ROOT = Path(__file__).parents[1]
LONG = (
    "Les femmes ont choisi les arbres, creusé les trous et gardé les jeunes plants trois saisons, chacune à son tour. "
)


def git(folder: Path, *arguments: str) -> None:
    names = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=os.environ | names | clean, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path) -> Path:
    """A library on the branch main, with a translated sheet; a contribution begins on its own branch."""
    english = "---\ntitle: A\nsummary: B\ntranslation_of: {language: fr}\n---\n" + samples.SECTIONS["en"]
    samples.write(tmp_path / "products", {"sheets/bonne-fiche/index.en.md": english})
    assert run(tmp_path, "translate", "sheets/bonne-fiche", "en", "--done").returncode == 0
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Library")
    git(tmp_path, "switch", "-q", "-c", "contribution")
    return tmp_path


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def answer(folder: Path, *arguments: str) -> Result:
    """What `capitalise review` answers in a folder; in this process, which is quicker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("CAPITALISE_PRODUCTS", raising=False)
        return CliRunner().invoke(main, ["review", *arguments])


def review(folder: Path, *arguments: str, code: int = 0) -> dict:
    done = answer(folder, "--format", "json", *arguments)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout.replace("\xa0", " "))  # to compare with what a keyboard types


def said(told: dict, file: str, group: str) -> list[str]:
    (text,) = (text for text in told["texts"] if text["file"] == file)
    return [item["what"] for one in text["groups"] if one["name"] == group for item in one["items"]]


HEDGES = "products/sheets/haies/index.fr.md"


def test_a_first_try_is_met_with_what_to_mend_why_and_how(repository):
    put(repository, HEDGES, FIRST_TRY)  # not even committed: it is seen all the same
    told = review(repository, code=1)
    assert [text["file"] for text in told["texts"]] == [HEDGES]
    assert told["texts"][0]["facts"] == "Fiche de capitalisation · français · nouveau texte"
    assert said(told, HEDGES, "mend") == ["La section « Difficultés rencontrées » manque."]
    assert said(told, HEDGES, "look") == [
        "« title » contient la balise « <img> », que le lecteur verra telle quelle.",
        "« Thiès » est localisé trop précisément ; un ménage pourrait être reconnu.",
    ]
    assert said(told, HEDGES, "people") == [
        "Une adresse électronique qui semble être celle d’une personne est écrite ici (« aw… »).",
        "Un numéro de téléphone est écrit ici (« 77… »).",
        "Une position exacte, ou un lien vers une carte, est écrite ici (« 14… »).",
    ]
    better = said(told, HEDGES, "better")
    assert better[0].startswith("Plusieurs sections sont encore très courtes : Contexte, Problème à résoudre, Démarche")
    assert len(better) == 6  # and no more at once: the rest is counted
    (group,) = (group for group in told["texts"][0]["groups"] if group["name"] == "better")
    assert group["more"].startswith("… et ")
    assert all(item["why"] and item["how"] for item in group["items"])
    whole = answer(repository, "--format", "markdown").stdout
    assert "77 123" not in whole and "awa.exemple" not in whole  # the report is public


def test_advice_looks_at_figures_women_fields_and_sections(repository):
    sections = samples.SECTIONS["fr"].replace("Un puits.", "Les rendements ont augmenté de 40 % en 2024.")
    # Short sections come first; longer ones leave room for the rest.
    sections = sections.replace("Le temps.", LONG.replace("femmes", "gens") * 2)
    for words in (
        "Une vallée sèche.",
        "L’eau manque.",
        "Creuser ensemble.",
        "Écouter d’abord.",
        "Une nappe peu profonde.",
    ):
        sections = sections.replace(words, LONG.replace("femmes", "gens"))
    put(repository, HEDGES, FIRST_TRY.partition("\n## ")[0] + "\n" + sections)
    told = review(repository)
    better = said(told, HEDGES, "better")
    assert better[0] == "La section « Résultats » est encore très courte (6 mots)."
    assert better[1] == "Des chiffres des résultats n’ont pas de source (ligne 27)."
    assert better[2] == "Des chiffres clés n’ont pas de source : Haies plantées."
    assert better[3] == "Le texte ne dit pas ce que l’expérience a changé pour les femmes."
    assert better[4] == "« Période » n’est pas rempli."
    assert "Les difficultés sont racontées" in said(told, HEDGES, "good")[0]
    underlined = sections.replace("## Résultats", "Résultats\n---------")
    put(repository, HEDGES, FIRST_TRY.partition("\n## ")[0] + "\n" + underlined)
    better = said(review(repository), HEDGES, "better")
    assert better[1] == "Des chiffres des résultats n’ont pas de source (ligne 28)."


def test_what_is_good_is_said_where_it_is_true_and_only_there(repository):
    sections = samples.SECTIONS["fr"].replace("Un puits.", "Douze haies, soit 12 km.[^1]")
    sections = sections.replace("Le temps.", LONG * 3 + "Nous n’avons pas mesuré la survie des plants.")
    put(repository, HEDGES, GOOD_SHEET + sections)
    Image.new("RGB", (40, 30)).save(repository / "products/sheets/haies/photo.jpg")
    told = said(review(repository), HEDGES, "good")
    expected = {
        "Les difficultés sont racontées, et pas seulement citées (69 mots) : c’est souvent ce qui aide le plus "
        "les autres équipes.": (LONG * 3, ""),
        "Chaque passage des résultats qui donne des chiffres dit d’où ils viennent : on peut vérifier.": ("[^1]", ""),
        "Le chiffre clé a sa source.": (", source: 1}", "}"),
        "Vous dites ce que l’on ne sait pas : c’est honnête, et cela épargne une recherche à d’autres.": (
            "Nous n’avons pas mesuré la survie des plants.",
            "",
        ),
        "Le lieu est arrondi : aucun foyer ne peut être reconnu.": ("14.8", "14.81"),
        "L’accord des personnes est daté pour 1 photo.": ("{given: 2026-02-01}", "not-needed"),
        "L’image est décrite pour qui ne la voit pas.": ("alt: Une haie, ", ""),
        "Le résumé se lit facilement.": (
            SUMMARY,
            "Des organisations paysannes expérimentent collectivement plusieurs aménagements de conservation.",
        ),
    }
    for words, (old, new) in expected.items():
        assert words in told, (words, told)
        put(repository, HEDGES, (GOOD_SHEET + sections).replace(old, new))
        now = said(review(repository), HEDGES, "good")
        assert words not in now, words


def test_translations_made_old_are_named_once_and_what_was_old_before_is_not(repository):
    path = repository / "products/sheets/bonne-fiche/index.fr.md"
    path.write_text(path.read_text("utf-8").replace("Un puits.", "Deux puits."), "utf-8")
    (note,) = review(repository)["notes"]
    assert note["label"] == "Traductions que ce changement rend anciennes"
    (item,) = note["items"]
    assert item.startswith("products/sheets/bonne-fiche/index.en.md : l’original a changé (Résultats).")

    git(repository, "commit", "-q", "-a", "-m", "Two wells")
    path.write_text(path.read_text("utf-8").replace("Deux puits.", "Trois puits."), "utf-8")
    assert review(repository, "--base", "HEAD")["notes"] == []  # it was old already
    assert [note["name"] for note in review(repository, "--base", "main")["notes"]] == ["old"]


def test_what_changes_outside_the_library_is_named_to_the_editor(repository):
    put(repository, "hooks/x.py", "")
    git(repository, "rm", "-q", "products/sheets/good-sheet/index.en.md")
    told = review(repository)
    assert {note["name"]: note["items"] for note in told["notes"]} == {
        "gone": ["products/sheets/good-sheet/index.en.md"],
        "elsewhere": ["hooks/x.py"],
    }
    git(repository, "reset", "-q", "--hard")
    assert answer(repository, "--format", "markdown").stdout == ""  # no comment for who works on the program
    assert told["thanks"] == texts("fr")("review.nothing").replace("\xa0", " ")


@pytest.mark.parametrize("form", ["markdown", "text"])
def test_each_text_is_spoken_of_in_its_language(form, repository):
    put(repository, "products/sheets/hedges/index.en.md", samples.GOOD["sheets/good-sheet/index.en.md"].replace(
        "{sections}\n", samples.SECTIONS["en"]))  # fmt: skip
    english = answer(repository, "--format", form).stdout
    assert texts("en")("review.title") in english and texts("en")("review.group.good") in english
    put(repository, HEDGES, FIRST_TRY)
    both = answer(repository, "--format", form).stdout
    for words in ("review.title", "review.group.mend"):
        assert texts("fr")(words) in both
    assert texts("en")("review.group.good") in both
    forced = answer(repository, "--format", form, "--lang", "en").stdout
    assert texts("en")("review.group.mend") in forced and "Ligne" not in forced


def test_a_comment_shows_a_hostile_title_and_obeys_none_of_it(repository):
    put(repository, HEDGES, FIRST_TRY)
    told = answer(repository, "--format", "markdown").stdout
    assert "toute-equipe" in told
    assert not any(trap in told for trap in ("<img", "@toute", "![", "](", "://", "#1"))
    assert escaped("1. a\n# b www.x.example GH") == "1. a &#35;\u2060 b www.\u2060x.example GH"


def test_the_workflow_reviews_what_a_pull_request_would_change(repository, tmp_path):
    put(repository, HEDGES, FIRST_TRY)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Hedges")
    git(repository, "switch", "-q", "main")
    put(repository, "products/sheets/autre/index.fr.md", samples.GOOD["sheets/bonne-fiche/index.fr.md"])
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Another's sheet, meanwhile")
    git(repository, "merge", "-q", "--no-edit", "contribution")
    copy = tmp_path / "runner/copy"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository}", str(copy))

    steps = yaml.safe_load((ROOT / ".github/workflows/pull-request.yml").read_text("utf-8"))["jobs"]["check"]["steps"]
    (script,) = (step["run"] for step in steps if "capitalise review" in step.get("run", ""))
    env = {"RUNNER_TEMP": str(tmp_path / "runner"), "GITHUB_STEP_SUMMARY": str(tmp_path / "runner/summary")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-e", "-c", script], cwd=copy, env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "runner/review.md").read_text("utf-8")
    assert "sheets/haies" in told
    assert "sheets/autre" not in told and "review.md" not in told
    assert (tmp_path / "runner/summary").read_text("utf-8") == told


def test_a_large_contribution_gets_a_comment_that_github_takes(repository):
    for number in range(60):
        put(repository, f"products/sheets/haies-{number}/index.fr.md", FIRST_TRY)
    told = answer(repository, "--format", "markdown").stdout
    assert len(told.encode()) < 50_000
    assert "haies-0/" in told.replace("&#45;", "-") and "… et 25 autres points" in told.replace("\xa0", " ")


def test_a_symbolic_link_is_not_read(repository):
    secret = put(repository.parent, "secret.md", "Tél. +221 77 123 45 67")
    link = repository / HEDGES
    link.parent.mkdir()
    link.symlink_to(secret)
    told = review(repository, code=1)["texts"]
    assert {group["name"] for text in told for group in text["groups"]} == {"mend"}


def test_a_photo_with_a_position_is_told(repository):
    photo = Image.new("RGB", (40, 30))
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (14.0, 47.0, 28.0)
    put(repository, HEDGES, GOOD_SHEET + samples.SECTIONS["fr"])
    photo.save(repository / "products/sheets/haies/photo.jpg", exif=exif)
    assert said(review(repository), HEDGES, "people") == ["Une photo porte la position de l’appareil : photo.jpg."]
    attached.word(repository / "products/sheets/haies/guide.docx", "Awa Exemple")
    assert said(review(repository), HEDGES, "people")[1:] == [
        "Les propriétés d’un document nomment qui l’a écrit : guide.docx."
    ]


def test_what_an_editor_accepted_is_told_with_its_reason_and_nothing_else_is_covered(repository):
    accepted = """acknowledged:
  - {code: personal-data, value: 77 123 45 67, reason: Le standard de la ferme, by: La rédaction, date: 2026-03-02}
themes:"""
    text = FIRST_TRY.replace("themes:", accepted).replace("ou à contact@", "ou au 78 765 43 21, ou à contact@")
    put(repository, HEDGES, text)
    told = review(repository, code=1)
    assert said(told, HEDGES, "people") == [
        "Une adresse électronique qui semble être celle d’une personne est écrite ici (« aw… »).",
        "Un numéro de téléphone est écrit ici (« 78… »).",  # the one that is not accepted
        "Une position exacte, ou un lien vers une carte, est écrite ici (« 14… »).",
        "Une donnée est acceptée ici, « 77… » (Donnée d’une personne : téléphone, adresse, numéro, position) : "
        "par La rédaction, le 2 mars 2026.",
    ]
    (group,) = (group for group in told["texts"][0]["groups"] if group["name"] == "people")
    assert group["items"][-1]["why"] == "La raison donnée : Le standard de la ferme" and group["items"][-1]["line"] == 8
    assert "123 45" not in answer(repository, "--format", "markdown").stdout


def test_paths_can_be_reviewed_without_a_history(tmp_path):
    samples.write(tmp_path / "products", {})
    assert answer(tmp_path).exit_code == 2
    told = review(tmp_path, "products/sheets/bonne-fiche")
    assert [text["state"] for text in told["texts"]] == ["read"]
    assert answer(tmp_path, "products/sheets/nulle-part").exit_code == 2


def test_a_course_is_not_asked_for_what_its_modules_tell():
    file = "products/trainings/capitalization/index.fr.md"
    better = said(review(ROOT, file), file, "better")
    assert [words for words in better if "Durée" in words or "facultative" in words] == []


def test_misuse_of_a_history_is_told(repository):
    done = answer(repository, "--base", "nulle-part")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "nulle-part" in done.stderr
    assert answer(repository, "--base", "--output=x").exit_code == 2
    assert not (repository / "x").exists()


def test_reading_level_is_that_of_the_formula():
    # 3 sentences, 15 words, 3 of them of more than six letters: 15 / 3 + 100 × 3 / 15 = 25.
    text = "Les femmes plantent des arbres ici. La terre reste bien grasse.[^1] Nous récoltons davantage.\n"
    assert (measure(text).lix, measure(text).level) == (round(14 / 3 + 100 * 3 / 14), "very-easy")
    # Items are sentences; tables, code and addresses are not read.
    listed = "- Les femmes plantent des arbres ici\n- La terre reste bien grasse\n- Nous récoltons davantage\n"
    noise = "\n| Anticonstitutionnellement | extraordinairement |\n\n```\nanticonstitutionnellement\n```\n"
    assert measure(listed + noise) == measure(text)
    assert measure("Trop court.") is None


def test_a_hostile_text_takes_no_longer_than_its_length(repository):
    for body in ("1 " * 300_000, "a" * 600_000, "a@" * 200_000, "12.345," * 80_000, "[^" * 200_000, "12-34/" * 60_000):
        put(repository, HEDGES, GOOD_SHEET + samples.SECTIONS["fr"].replace("Un puits.", body))
        started = time.monotonic()
        answer(repository, HEDGES)
        assert time.monotonic() - started < 30, body[:10]


def test_every_language_says_why_of_the_same_fields():
    keys = [{key for key in texts(lang).table if key.startswith("review.")} for lang in available()]
    assert all(one == keys[0] for one in keys)
