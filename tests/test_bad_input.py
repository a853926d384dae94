"""What contributors get wrong: each fault has its own words, and takes nothing else with it.

A case is a file of `cases/`: the files that somebody added to a good library, what they are told, and which of
their products are published all the same. A new fault is a new case.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import samples
from click.testing import CliRunner

from capitalise import reading
from capitalise.cli import main

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
COMMON = (
    "broken-yaml unknown-field missing-title unknown-country wrong-date two-originals empty-file latin-1 "
    "five-megabytes no-markdown bad-slug symbolic-link unknown-term missing-photo"
).split()
"""The faults that everybody makes some day: those that the real build below meets all at once."""


def check(products: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["check", "--products", str(products), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_fault_is_told_and_takes_nothing_else_with_it(path, tmp_path):
    case = samples.load_case(path)
    products = samples.write(tmp_path / "products", case["products"])

    told = check(products, "--lang", "fr").splitlines()[:-1]  # the last line counts them
    assert told == case.get("problems", "").splitlines()

    published = reading.load(products).products
    assert sorted(published) == sorted([*samples.GOOD_PRODUCTS, *case.get("published", [])])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_it_is_told_in_english_too(path, tmp_path):
    products = samples.write(tmp_path / "products", samples.load_case(path)["products"])
    french, english = (json.loads(check(products, "--lang", lang, "--format", "json")) for lang in ("fr", "en"))
    assert len(french) == len(english)
    for one, other in zip(french, english, strict=True):
        assert [one[key] for key in ("file", "line", "code", "severity")] == [
            other[key] for key in ("file", "line", "code", "severity")
        ]
        for part in ("message", "hint"):
            assert other[part] and one[part] != other[part]
            assert not set("«»") & set(other[part])  # French words would show by their quotation marks


def test_what_yaml_would_change_stays_as_it_was_written(tmp_path):
    case = samples.load_case(Path(__file__).parent / "cases/not-yaml-traps.yml")
    fields = reading.load(samples.write(tmp_path / "products", case["products"])).products["sheets/pieges"].fields
    assert (fields.title, fields.summary, fields.countries) == ("12:30", "yes", ["NO"])
    assert fields.keywords == ["on", "010", "2026-03-01", "1.10", "~bas"]


def test_a_name_that_is_not_unicode_is_told(tmp_path):
    products = samples.write(tmp_path / "products", {})
    try:
        os.mkdir(os.fsencode(products / "sheets") + b"/caf\xe9")  # from an archive made on an old system
    except OSError:
        pytest.skip("this file system takes Unicode names alone")
    assert check(products, "--lang", "fr").splitlines()[0].startswith("products/sheets/caf�:1: erreur [bad-slug]")


def test_a_name_can_not_give_orders_to_the_machine_that_checks(tmp_path):
    names = ("sheets/x\n::error::y/index.fr.md", "sheets/\x1b[2Jz/index.fr.md")
    products = samples.write(tmp_path / "products", dict.fromkeys(names, ""))
    for form in ("text", "github"):
        told = check(products, "--lang", "fr", "--format", form)
        assert "\x1b" not in told
        assert not [line for line in told.splitlines() if line.startswith("::error::")]


@pytest.fixture(scope="module")
def faulty_library(tmp_path_factory) -> tuple[Path, list[dict]]:
    """All common faults beside two good products."""
    cases = [samples.load_case(Path(__file__).parent / f"cases/{name}.yml") for name in COMMON]
    files = {name: content for case in cases for name, content in case["products"].items()}
    assert len(files) == sum(len(case["products"]) for case in cases)  # no case hides another
    return samples.write(tmp_path_factory.mktemp("faulty") / "products", files), cases


def test_the_site_is_built_without_the_faulty_and_with_the_good(faulty_library, build):
    products, cases = faulty_library
    result = build(products)
    assert result.code == 0, result.log
    assert "Traceback" not in result.log

    for case in cases:
        lines = case["problems"].splitlines()
        for problem, hint in zip(lines[::2], lines[1::2], strict=True):
            where, _, words = problem.partition(": erreur ")
            assert f"{where}: {words} {hint.removeprefix('    → ')}" in result.log

    for lang in ("", "en/"):
        for product in samples.GOOD_PRODUCTS:
            page = (result.path / f"{lang}{product}/index.html").read_text("utf-8")
            assert ("Une bonne fiche" if product.endswith("fiche") else "A good sheet") in page
        made = {folder.name for folder in (result.path / f"{lang}sheets").iterdir() if folder.is_dir()}
        assert {f"sheets/{name}" for name in made} == set(samples.GOOD_PRODUCTS)

    catalogue = json.loads((result.path / "catalogue.json").read_text("utf-8"))
    assert {product["id"] for product in catalogue["products"]} == set(samples.GOOD_PRODUCTS)
    sitemap = (result.path / "sitemap.xml").read_text("utf-8")
    faulty = {name.split("/")[1] for case in cases for name in case["products"] if name.startswith("sheets/")}
    assert [slug for slug in faulty if f"/sheets/{slug}/" in sitemap] == []
    assert not list(result.path.rglob("photo.jpg"))  # the link to a file of the machine was not followed


def test_a_strict_build_refuses_them(faulty_library, build):
    result = build(faulty_library[0], strict=True)
    assert result.code == 1
    assert "Traceback" not in result.log


def test_a_strict_build_takes_the_good_ones(tmp_path, build):
    result = build(samples.write(tmp_path / "products", {}), strict=True)
    assert result.code == 0, result.log


def test_a_library_may_begin_empty(tmp_path, build):
    (tmp_path / "products/sheets").mkdir(parents=True)
    result = build(tmp_path / "products", strict=True)
    assert result.code == 0, result.log
    assert (result.path / "en/sheets/index.html").is_file()


def test_the_modules_of_a_course_in_draft_wait_with_it(tmp_path):
    case = samples.load_case(Path(__file__).parent / "cases/trainings.yml")
    course = case["products"]["trainings/cours/index.fr.md"].replace("date:", "status: draft\ndate:")
    module = case["products"]["trainings/sans-cours/01-module/index.fr.md"]
    files = {"trainings/cours/index.fr.md": course, "trainings/cours/01-module/index.fr.md": module}
    products = samples.write(tmp_path / "products", files)
    published = reading.load(products)
    assert not published.problems and sorted(published.products) == sorted(samples.GOOD_PRODUCTS)
    assert "trainings/cours/01-module" in reading.load(products, drafts=True).products


@pytest.mark.parametrize(
    "body",
    ["> " * 3000 + "x", "[" * 20_000 + "x", "<div>" * 20_000 + "x", "*a **b " * 5000, "`" * 100_000 + " x `"],
    ids=["quotes", "brackets", "tags", "stars", "ticks"],
)
def test_a_text_made_to_break_the_reading_breaks_nothing(body, tmp_path):
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"] + body + "\n"
    products = samples.write(tmp_path / "products", {"sheets/mauvaise/index.fr.md": text})
    library = reading.load(products)
    assert [problem.code for problem in library.problems] == ["too-complex"]
    assert sorted(library.products) == sorted(samples.GOOD_PRODUCTS)
