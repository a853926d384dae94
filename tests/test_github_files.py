"""What GitHub reads of the repository: issue forms made from the model, who reviews, the pull request's template."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from capitalise.locales import available, texts
from capitalise.model import KINDS

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def test_the_issue_forms_are_those_that_the_model_makes(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/issue_forms.py"), str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    made = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_text("utf-8") for path in FORMS}, "run: python tools/issue_forms.py"
    assert len(made) == 2 * len(available())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_is_one_that_github_accepts(path):
    """GitHub Docs, "Common validation errors when creating issue forms"."""
    form = yaml.safe_load(path.read_text("utf-8"))
    assert set(form) == {"name", "description", "title", "body"}
    asked = [element for element in form["body"] if element["type"] != "markdown"]
    assert asked
    ids = [element["id"] for element in asked]
    labels = [element["attributes"]["label"] for element in asked]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[A-Za-z0-9_-]+", one) for one in ids)
    assert len(set(labels)) == len(labels) and all(labels)
    for element in form["body"]:
        attributes = element["attributes"]
        match element["type"]:
            case "markdown":
                assert attributes["value"].strip()
            case "input" | "textarea":
                assert set(attributes) == {"label", "description"}
            case "dropdown":
                assert len(set(attributes["options"])) == len(attributes["options"])
                assert all(isinstance(option, str) and option.lower() != "none" for option in attributes["options"])
            case "checkboxes":
                assert all(set(option) == {"label", "required"} for option in attributes["options"])
            case other:
                pytest.fail(other)


@pytest.mark.parametrize("lang", available())
def test_an_experience_can_be_told_whole_in_the_form(lang):
    form = yaml.safe_load((GITHUB / f"ISSUE_TEMPLATE/experience.{lang}.yml").read_text("utf-8"))
    labels = [element["attributes"].get("label") for element in form["body"]]
    words = [texts(lang)(f"section.sheet.{section.anchor}") for section in KINDS["sheet"].sections]
    assert [label for label in labels if label in words] == words
    required = {name for name, info in KINDS["sheet"].fields.model_fields.items() if info.is_required()}
    assert required - {"date"} <= {element.get("id") for element in form["body"]}


def test_each_line_of_the_owners_names_files_that_are_there_and_teams():
    lines = [line.split("#")[0].split() for line in (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()]
    rules = [line for line in lines if line]
    assert rules
    for pattern, *owners in rules:
        assert owners and all(re.fullmatch(r"@[\w-]+(?:/[\w-]+)?", owner) for owner in owners)
        assert pattern == "*" or (ROOT / pattern.strip("/")).exists(), pattern


def test_the_pull_request_template_speaks_both_languages_and_is_short():
    text = (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text("utf-8")
    assert "Merci" in text and "Thank you" in text
    assert len(text.splitlines()) < 25
