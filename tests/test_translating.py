"""A translation is started, follows its original, and each product says what it lacks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import samples
from test_cli import run

from capitalise import frontmatter, reading

SHEET = "products/sheets/tout/index.fr.md"
ORIGINAL = """\
---
title: "Tout : « un » essai"
{fields}
keywords: ["eau", "# pas un commentaire"]
cover: {file: photo.svg, alt: "Une vue", credit: Nous, consent: not-needed}
photos:
  - {file: photo.svg, credit: Nous, consent: not-needed}
  - {file: deux.svg, alt: "Deux puits", caption: "Vus du nord", credit: Nous, consent: not-needed}
results:
  - {label: "Eau par jour", value: 12, unit: "litres"}
  - {label: "%", value: 3, unit: "%"}
  - {label: "Puits creusés", value: "deux ou trois"}
costs: [{label: "t", value: 3}]
---

Une introduction.

{sections}

## Pour mémoire

<!-- Une note --> Un texte[^1] et du code :

```
## pas un titre -->
```

## Pérennité

<!-- rien encore -->
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture
def library(tmp_path) -> Path:
    files = {"sheets/tout/index.fr.md": ORIGINAL, "sheets/tout/photo.svg": DRAWING, "sheets/tout/deux.svg": DRAWING}
    samples.write(tmp_path / "products", files)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not there")
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True)


def translated(folder: Path) -> Path:
    """The English of the sheet, started by the command and filled in as a person would."""
    done = run(folder, "translate", "sheets/tout", "en", "--lang", "en")
    assert done.returncode == 0, done.stderr
    path = folder / "products/sheets/tout/index.en.md"
    text = re.sub(r'""$', "English", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(re.sub(r"^-->$", "-->\n\nIn English.", text, flags=re.MULTILINE), "utf-8")
    return path


def test_a_translation_begins_with_the_words_of_the_original_beside_each_empty_place(library):
    assert run(library, "translate", SHEET, "en").returncode == 0
    path = library / "products/sheets/tout/index.en.md"
    document = frontmatter.read(path, "index.en.md")
    assert document.problems == ()
    assert document.meta == {
        "translation_of": {"language": "fr"},
        "title": "",
        "summary": "",
        "keywords": ["", ""],
        "cover": {"alt": ""},
        "photos": [{}, {"file": "deux.svg", "alt": "", "caption": ""}],
        "results": [{"label": "", "unit": ""}, {}, {"label": "", "value": ""}],
    }
    lines = path.read_text("utf-8").splitlines()
    for field, words in (("title", "Tout : « un » essai"), ("- label", "Eau par jour"), ("unit", "litres")):
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{field}: "))
        assert lines[place - 1].strip() == f"# {words}"
    assert [line for line in lines if line.startswith("## ")] == [
        *re.findall("^## .+", samples.SECTIONS["en"], re.MULTILINE),
        "## Pour mémoire",
        "## pas un titre -- >",  # shown as it was, and unable to end the comment
        "## Sustainability",
    ]
    # Nothing of it passes for a translation before it is one.
    left = reading.load(library / "products")
    assert "en" not in left.products["sheets/tout"].texts
    assert {(p.code, p.variant) for p in left.problems if p.is_error} == {
        ("bad-value", "blank"),
        ("missing-section", "empty"),
    }


def test_it_passes_the_check_once_it_is_filled_in_and_is_stamped(library):
    translated(library)
    assert run(library, "check").returncode == 0
    text = reading.load(library / "products").products["sheets/tout"].texts["en"]
    assert text.fields.results[0].unit == "English" and text.fields.results[0].value == 12
    assert text.fields.photos[1].caption == "English"
    done = run(library, "translate", "sheets/tout", "en", "--done", "--lang", "en")
    assert done.returncode == 0 and "up to date with revision" in done.stdout
    assert "Sustainability" not in done.stdout  # the original has nothing there either


def test_it_overwrites_nothing_not_even_what_can_not_be_read(library):
    path = library / "products/sheets/tout/index.en.md"
    path.write_bytes(b"\xe9t\xe9")
    done = run(library, "translate", "sheets/tout", "en", "--lang", "fr")
    assert done.returncode == 2 and "existe déjà" in done.stderr
    assert path.read_bytes() == b"\xe9t\xe9"
    assert not list(path.parent.glob(".*"))
    done = run(library, "translate", "sheets/tout", "en", "--done", "--lang", "fr")
    assert done.returncode == 2 and "a des erreurs" in done.stderr


# ------------------------------------------------------------------------------------------------ what changed


def changed(folder: Path) -> None:
    """The original, stamped by its translation and then changed."""
    assert run(folder, "translate", "sheets/tout", "en", "--done").returncode == 0
    path = folder / SHEET
    text = path.read_text("utf-8")
    for old, new in (
        ("Creuser ensemble.", "Creuser ensemble, à la saison sèche."),
        ("Un puits.\n", "Un puits.\n\nUn puits de plus.\n"),
        ('"Eau par jour"', '"Eau par jour, en litres"'),
        ("## Pour mémoire\n", "## Pour la mémoire\n"),
        ("date: 2026-03-01", "date: 2026-04-01"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_the_words_that_changed_are_shown_where_git_has_them(library):
    translated(library)
    git(library, "init")
    git(library, "add", ".")
    git(library, "commit", "-m", "first")
    changed(library)
    git(library, "commit", "-am", "second")
    done = run(library, "translate", "sheets/tout", "en", "--diff", "--lang", "en")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "results[1].label: Eau par [-jour-]{+jour, en litres+}" in said
    assert "Creuser [-ensemble.-]{+ensemble, à la saison sèche.+}" in said
    assert "{+Un puits de plus.+}" in said
    assert "[-## Pour mémoire-]" in said or "## Pour [-mémoire-]{+la mémoire+}" in said
    lines = (library / "products/sheets/tout/index.en.md").read_text("utf-8").splitlines()
    at = int(re.search(r"Démarche\n  → products/sheets/tout/index\.en\.md:(\d+)", said)[1])
    assert lines[at - 1] == "## Approach"
    for same in ("Contexte", "Une vallée sèche", "2026-04-01"):
        assert same not in said
    assert "--done" in said.splitlines()[-1]


def test_without_a_history_the_sections_are_named(library):
    translated(library)
    changed(library)
    done = run(
        library, "translate", "sheets/tout", "en", "--diff", "--lang", "en", env={"GIT_CEILING_DIRECTORIES": "/"}
    )
    assert done.returncode == 0
    for title in ("Démarche", "Résultats", "Pour la mémoire"):
        assert f"\n{title}\n  → products/sheets/tout/index.en.md:" in done.stdout
    assert "Contexte" not in done.stdout and "[-ensemble" not in done.stdout
    assert "only the names of the sections" in done.stdout


def test_what_is_up_to_date_or_was_never_stamped_is_told(library):
    translated(library)
    done = run(library, "translate", "sheets/tout", "en", "--diff", "--lang", "en")
    assert done.returncode == 0 and "has not been stamped" in done.stdout
    run(library, "translate", "sheets/tout", "en", "--done")
    done = run(library, "translate", "sheets/tout", "en", "--diff", "--lang", "en")
    assert done.returncode == 0 and "up to date" in done.stdout


# ------------------------------------------------------------------------------------------------ status


def test_status_tells_what_each_product_lacks_and_why_others_are_left_out(library):
    path = translated(library)
    text = path.read_text("utf-8")
    path.write_text(text.replace("## Lessons learned\n", "## Lessons learned\n\n<!-- later -->\n\n## Other\n"), "utf-8")
    faulty = library / "products/sheets/fautive/index.en.md"
    faulty.parent.mkdir()
    faulty.write_text("---\ntitle: A\n---\n", "utf-8")
    original = (library / SHEET).read_text("utf-8").replace("consent: not-needed}\nphotos", "}\nphotos")
    (library / SHEET).write_text(original.replace("date: 2026", "review_by: 2026-01-01\ndate: 2026"), "utf-8")

    done = run(library, "status", "--format", "json")
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert list(rows) == ["sheets/bonne-fiche", "sheets/fautive", "sheets/good-sheet", "sheets/tout"]

    whole = rows["sheets/tout"]
    assert whole["sections"] == {"written": 7, "all": 12}
    matters = {(matter["name"], matter["lang"]): matter["items"] for matter in whole["matters"]}
    assert matters["sections", "fr"] == [
        "Acteurs et rôles", "Facteurs de réussite", "Pérennité", "Paroles d’acteurs", "Pour aller plus loin",
    ]  # fmt: skip
    assert matters["review", "fr"] == ["2026-01-01"]
    assert matters["validation", "fr"] == []
    assert matters["consent", "fr"] == ["photo.svg"] and matters["alt", "fr"] == ["photo.svg"]

    left_out = rows["sheets/fautive"]
    assert left_out["languages"] == {"fr": "missing", "en": "left-out"}
    assert left_out["left_out"] == ["products/sheets/fautive/index.en.md"] and left_out["errors"] > 5

    said = run(library, "status", "--lang", "en").stdout.splitlines()
    at = said.index(next(line for line in said if line.startswith("sheets/fautive")))
    assert said[at + 1].strip().startswith(f"Left out: {left_out['errors']} errors")
    assert "    fr: Photos without consent: photo.svg" in said
