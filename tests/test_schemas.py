"""The forms given to text editors: they accept what the check accepts, and refuse what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import samples
from conftest import LIBRARY, ROOT
from jsonschema import Draft202012Validator, FormatChecker
from test_cli import run

from capitalise import frontmatter, reading
from capitalise.data import schemas
from capitalise.locales import available, texts
from capitalise.model import KINDS, kind_of
from capitalise.vocabularies import NAMES

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
OTHER = {
    # What takes another value, another file or a calculation to tell.
    ("bad-value", "order"),
    ("bad-value", "orcid-digit"),
    ("bad-value", "community"),
    ("bad-value", "alias"),
    ("bad-value", "original"),
    ("missing-field", "withdrawal"),
    ("missing-field", "video"),
}


def validators(library) -> dict[str, Draft202012Validator]:
    """Kind → what checks a front matter against its schema."""
    made = {}
    for name, kind in KINDS.items():
        schema = schemas.front_matter(kind, library.vocabularies)
        Draft202012Validator.check_schema(schema)
        made[name] = Draft202012Validator(schema, format_checker=FormatChecker())
    return made


@pytest.mark.parametrize("folder", [ROOT / "products", LIBRARY], ids=["the library", "the fixture"])
def test_the_schemas_accept_every_product(folder):
    library = reading.load(folder, drafts=True)
    of_kind = validators(library)
    found = [
        (text.file, fault.json_path, fault.message)
        for product in library.products.values()
        for text in product.texts.values()
        for fault in of_kind[product.kind.name].iter_errors(text.document.meta)
    ]
    assert library.products and found == []


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_vocabularies_accepts_them(name):
    schema = schemas.vocabulary()
    Draft202012Validator.check_schema(schema)
    path = ROOT / f"products/vocabularies/{name}.yml"
    terms, _, _ = frontmatter.parse_yaml(path.read_text("utf-8"), path.name, max_chars=10**7, max_values=10**6)
    assert terms and list(Draft202012Validator(schema).iter_errors(terms)) == []
    assert list(Draft202012Validator(schema).iter_errors([*terms, {"id": "Not An Id", "label": {}}])) != []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_schemas_refuse_what_the_check_refuses_in_a_front_matter(path, tmp_path):
    products = samples.write(tmp_path / "products", samples.load_case(path)["products"])
    library = reading.load(products, drafts=True)
    of_kind = validators(library)
    for file in sorted(products.rglob("index.*.md")):
        shown = file.relative_to(tmp_path).as_posix()
        kind = kind_of(file.relative_to(products).parts[:-1])
        try:
            document = frontmatter.read(file, shown)
        except frontmatter.Unreadable:
            continue
        told = [
            problem.message(texts("en"))
            for problem in library.problems
            if problem.file == shown
            and problem.code in ("bad-value", "missing-field", "unknown-field", "unknown-term")
            and (problem.code, problem.variant) not in OTHER
        ]
        examined = any(problem.file == shown for problem in library.problems) or any(
            text.file == shown for one in library.products.values() for text in one.texts.values()
        )
        if kind and examined:
            faults = [f"{fault.json_path}: {fault.message}" for fault in of_kind[kind.name].iter_errors(document.meta)]
            assert bool(faults) == bool(told), (shown, faults, told)


def test_a_form_is_explained_in_every_language():
    library = reading.load(LIBRARY)
    for name, kind in KINDS.items():
        schema = schemas.front_matter(kind, library.vocabularies)
        assert list(schema["properties"]) == list(kind.fields.model_fields)
        for field, one in schema["properties"].items():
            for lang in available():
                assert texts(lang)(f"field.{field}") in one["title"], (name, field)
                assert texts(lang)(f"field.{field}.help") in one["description"], (name, field)
    themes = schema["properties"]["themes"]["items"]
    assert themes["enum"] == sorted(library.vocabularies["themes"].terms)


def test_the_site_publishes_the_forms(site):
    library = reading.load(LIBRARY)
    for name, kind in KINDS.items():
        published = json.loads((site.folder / f"schemas/{name}.json").read_text("utf-8"))
        assert published == schemas.front_matter(kind, library.vocabularies)
    assert json.loads((site.folder / "schemas/vocabulary.json").read_text("utf-8")) == schemas.vocabulary()


# ------------------------------------------------------------------------------------------------ the editor


@pytest.fixture(scope="module")
def editor(tmp_path_factory) -> Path:
    """A folder in which the command wrote what Visual Studio Code reads."""
    folder = tmp_path_factory.mktemp("editor")
    samples.write(folder / "products", {})
    done = run(folder, "schema")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == sorted(
        path.relative_to(folder).as_posix() for path in (folder / ".vscode").rglob("*") if path.is_file()
    )
    return folder


def test_the_editor_finds_the_form_of_vocabularies(editor):
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
    [(schema, files)] = settings["yaml.schemas"].items()
    assert json.loads((editor / schema).read_text("utf-8")) == schemas.vocabulary()
    assert {path.stem for path in ROOT.glob(files)} == set(NAMES)


def test_every_field_and_section_is_completed_by_its_name_and_its_labels(editor):
    snippets = json.loads((editor / ".vscode/capitalise.code-snippets").read_text("utf-8"))
    for name, kind in KINDS.items():
        for field in kind.fields.model_fields:
            one = snippets[field]
            assert {field, *(texts(lang)(f"field.{field}") for lang in available())} == set(one["prefix"])
            assert one["body"][0].startswith(f"{field}:")
            # What it writes is YAML of that field, once the cursor's stops are gone.
            plain = re.sub(
                r"\$\{\d+\|([^,|]*)[^|]*\|\}|\$\{\d+:((?:\\\}|[^}])*)\}|\$\d+", r"\1\2", "\n".join(one["body"])
            )
            value, _, problems = frontmatter.parse_yaml(plain.replace("\\}", "}"), field)
            assert list(value) == [field] and not problems
        for section in kind.sections:
            for lang in available():
                label = texts(lang)(f"section.{name}.{section.anchor}")
                assert snippets[f"## {label}"]["body"][0] == f"## {label}"
    assert "eau,sols" in snippets["themes"]["body"][0]


@pytest.mark.parametrize("lang", available())
def test_the_editor_understands_what_the_check_says(lang, tmp_path):
    tasks = json.loads((ROOT / ".vscode/tasks.json").read_text("utf-8"))["tasks"]
    [check] = [task for task in tasks if task["args"] == ["check"]]
    case = samples.load_case(Path(__file__).parent / "cases/precise-place.yml")
    broken = samples.load_case(Path(__file__).parent / "cases/unknown-term.yml")
    samples.write(tmp_path / "products", case["products"] | broken["products"])
    said = run(tmp_path, "check", "--lang", lang).stdout.splitlines()
    expected = json.loads(run(tmp_path, "check", "--lang", lang, "--format", "json").stdout)
    found = []
    for line in said:
        for matcher in check["problemMatcher"]:
            pattern = matcher["pattern"]
            if match := re.match(pattern["regexp"], line):
                part = {key: match[pattern[key]] for key in ("file", "line", "code", "message")}
                found.append(part | {"line": int(part["line"]), "severity": matcher["severity"]})
    assert found == [{key: row[key] for key in ("file", "line", "code", "message", "severity")} for row in expected]
    assert {row["severity"] for row in expected} == {"error", "warning"}
