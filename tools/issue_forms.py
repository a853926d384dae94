"""Make the issue forms of GitHub, in every language: "propose an experience" and "report a mistake".

    python tools/issue_forms.py [FOLDER]

The questions are the fields and sections of the model, under their labels; every text is in hooks/capitalise/locale/.
Form of these files: GitHub Docs, "Syntax for issue forms" and "Syntax for GitHub's form schema".
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from capitalise.locales import Texts, available, texts
from capitalise.model import KINDS
from capitalise.schema import part_of

FOLDER = Path(__file__).parents[1] / ".github/ISSUE_TEMPLATE"
HEADER = "# Made by tools/issue_forms.py from the model; its texts are in hooks/capitalise/locale/. Do not edit here.\n"
SHEET = KINDS["sheet"]


def experience(t: Texts) -> dict[str, Any]:
    """The form of an experience that its author would rather not write as a file."""
    body = [_words(t("form.experience.intro"))]
    body.append(_question("textarea", "document", t("form.document"), t("form.document.help")))
    body += _fields(t)
    body += _sections(t)
    body.append(_promises(t, "rights", "people", "licence"))
    return _form(t, "experience", body)


def mistake(t: Texts) -> dict[str, Any]:
    """The form of a mistake on a page."""
    places = [t(f"field.{name}") for name, info in SHEET.fields.model_fields.items() if info.is_required()]
    places += [t(f"section.sheet.{section.anchor}") for section in SHEET.sections]
    body = [
        _words(t("form.mistake.intro")),
        _question("input", "page", t("form.page"), t("form.page.help"), required=True),
        {
            "type": "dropdown",
            "id": "place",
            "attributes": {"label": t("form.place"), "options": [*dict.fromkeys(places), t("form.elsewhere")]},
        },
        _question("textarea", "wrong", t("form.wrong"), t("form.wrong.help"), required=True),
        _question("textarea", "right", t("form.right"), t("form.right.help")),
        _question("input", "source", t("form.source"), t("form.source.help")),
        _promises(t, "people"),
    ]
    return _form(t, "mistake", body)


FORMS = {"experience": experience, "mistake": mistake}


def _fields(t: Texts) -> Iterator[dict[str, Any]]:
    """The fields that a sheet must have; its date is the day of the issue, and only a title can't be in a document."""
    for name, info in SHEET.fields.model_fields.items():
        if not info.is_required() or info.annotation is date:
            continue
        group, _ = part_of(info)
        kind = "textarea" if group or name == "summary" else "input"
        help_text = t.table.get(f"form.help.{name}") or t(f"field.{name}.help")
        yield _question(kind, name, t(f"field.{name}"), help_text, required=name == "title")


def _sections(t: Texts) -> Iterator[dict[str, Any]]:
    """The sections of a sheet, each with why it matters."""
    for section in SHEET.sections:
        label = t(f"section.sheet.{section.anchor}")
        why = t.table.get(f"review.why.section.{section.anchor}", "")
        yield _question("textarea", f"section-{section.anchor}", label, why if section.required else _optional(t, why))


def _optional(t: Texts, why: str) -> str:
    return " ".join(filter(None, (t("form.optional"), why)))


def _words(text: str) -> dict[str, Any]:
    return {"type": "markdown", "attributes": {"value": text}}


def _question(kind: str, name: str, label: str, help_text: str, *, required: bool = False) -> dict[str, Any]:
    question: dict[str, Any] = {"type": kind, "id": name, "attributes": {"label": label, "description": help_text}}
    return question | ({"validations": {"required": True}} if required else {})


def _promises(t: Texts, *names: str) -> dict[str, Any]:
    options = [{"label": t(f"form.promise.{name}"), "required": True} for name in names]
    return {"type": "checkboxes", "id": "promises", "attributes": {"label": t("form.promises"), "options": options}}


def _form(t: Texts, name: str, body: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": t(f"form.{name}.name"),
        "description": t(f"form.{name}.description"),
        "title": t(f"form.{name}.title"),
        "body": body,
    }


def made() -> dict[str, str]:
    """Name and text of each form."""
    return {
        f"{name}.{lang}.yml": HEADER
        + yaml.safe_dump(form(texts(lang)), allow_unicode=True, sort_keys=False, width=1000)
        for name, form in FORMS.items()
        for lang in available()
    }


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        (folder / name).write_text(text, "utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
