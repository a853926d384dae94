"""Texts that would hold a build up are refused with their line; texts that a person writes are not; none takes long."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
import samples
from conftest import EPOCH, ROOT, SITE_URL

from capitalise import frontmatter, limits, reading, shape, vocabularies
from capitalise.addresses import Addresses
from capitalise.locales import available, texts
from capitalise.markup import Renderer
from capitalise.problems import to_text

SECONDS = 2.0

REFUSED = {
    "body": ("Une phrase.\n\n" * 15_000, 1),
    "lines": ("a\n" * 6_000, limits.MAX_LINES + 1),
    "line": ("Un.\n\n" + "data:image/png;base64," + "A" * 12_000, 3),
    "heading": ("## " + "Un titre qui est un paragraphe. " * 12, 1),
    "depth": ("Un.\n\n" + "> " * 30 + "Deux.", 3),
    "sections": ("## a\n\nb\n\n" * 70, 4 * limits.MAX_SECTIONS + 1),
    "marks": ("Un.\n\n" + "[" * 3_000, 3),
    "columns": ("|".join("a" * 60) + "\n" + "|".join("-" * 60), 1),
    "cells": ("|".join("a" * 30) + "\n" + "|".join("-" * 30) + "\n" + "a|b\n" * 400, 1),
    "definitions": ("".join(f"*[A{n}]: b\n" for n in range(300)), 201),
    "expanded": ("Un.\n\n*[AB]: " + "x" * 5_000 + "\n\n" + "AB " * 1_000, 3),
    "citations": ("[^1] " * 600, 1),
    "meanings": ("Un\n" + ":   Deux\n" * 200, 1),
}
"""What is too much → a body that has it, and its line there."""


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_too_much_is_refused_with_its_line(what, tmp_path):
    body, line = REFUSED[what]
    head = samples.GOOD["sheets/bonne-fiche/index.fr.md"].partition("{sections}")[0]
    products = samples.write(tmp_path / "products", {"sheets/longue/index.fr.md": head + body})
    library = reading.load(products)
    (problem,) = library.problems
    assert (problem.code, problem.variant) == ("too-complex", what)
    assert problem.line == head.count("\n") + line
    for lang in available():
        told = to_text([problem], texts(lang))
        assert "{" not in told and told.count("\n") == 3
    assert sorted(library.products) == sorted(samples.GOOD_PRODUCTS)


def test_each_refusal_has_its_test():
    told = {key.split(".")[2] for key in texts("fr").table if key.startswith("problem.too-complex.")}
    assert told == set(REFUSED)


def test_the_page_of_fields_tells_the_limits(fixture_site):
    for lang, number in (("fr", "150\u202f000"), ("en", "150,000")):
        t = texts(lang)
        page = (fixture_site / ("" if lang == "fr" else lang) / "fields/index.html").read_text("utf-8")
        assert t("limit.MAX_BODY_CHARS", n=number) in page
        for key in t.table:
            if key.startswith("limit."):
                assert hasattr(limits, key.removeprefix("limit.")), key
                assert t(key, n="|").partition("|")[0] in page, key


ACCEPTED = {
    "fifty pages": "\n\n".join(["Une vallée sèche où les paysannes creusent des zaïs depuis 1985. " * 12] * 170),
    "a hundred links": "\n".join(
        f"- [Un rapport de projet, {n}](https://example.org/rapports/{n}.pdf), le {n} mai" for n in range(100)
    ),
    "a large table": "Quoi|Combien|Où|Quand\n-|-|-|-\n" + "Un puits|25 000 FCFA|Yatenga|2023\n" * 400,
    "a list of lists": "\n".join("    " * (n % 5) + f"- Étape {n}" for n in range(200)),
    "tabs in boxes in lists": '- Un\n\n    !!! note "Deux"\n\n        === "Trois"\n\n            > - Quatre\n',
    "a glossary of its own": "\n\n".join(f"Terme {n}\n:   Ce qu’il veut dire." for n in range(300)),
}


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=list(ACCEPTED))
def test_what_a_person_writes_passes(body):
    assert shape.fault(body) is None


NASTY = {
    "brackets": "[", "images": "![", "links not closed": "[a](", "titles not closed": '[a](b "', "notes": "[^1] ",
    "references": "[a][b] ", "tags": "<a ", "comments": "<!--", "data": "<![CDATA[", "backticks": "` ",
    "emphasis in emphasis": "*a _b ", "stars": "*", "strong": "**a *b ", "quotations": "> a\n\n", "items": "- a\n\n",
    "rules": "- " , "headings": "# a\n", "blanks at ends": "a  \n", "boxes": "!!! note\n    a\n",
    "tabs": '=== "a"\n    a\n',
    "attributes": "a {: #b } ", "escapes": "\\*", "entities": "&#1", "definitions": "a\n:   b\n", "blanks": " ",
    "marks of the parser": "\x02klzzwxh:0\x03", "accents": "\u0301", "broken links": "[a](../b/index.fr.md) ",
    "figures": "77 123 45 67 ", "code not closed": "```\n", "bold headings": "### *a ", "elements": "<b>",
}  # fmt: skip


@pytest.mark.parametrize("unit", NASTY.values(), ids=list(NASTY))
def test_the_worst_that_is_accepted_is_shown_in_time(unit, tmp_path):
    """As much of it as passes, found by halving."""
    most = limits.MAX_BODY_CHARS
    while shape.fault(body := (unit * most)[: most - 1000]) is not None:
        most = most * 3 // 4
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace("{sections}\n", samples.SECTIONS["fr"])
    (tmp_path / "products").mkdir()
    products = samples.write(tmp_path / "products", {"sheets/bonne-fiche/index.fr.md": f"{text}\n### Plus\n\n{body}\n"})
    begun = time.process_time()
    library = reading.load(products)
    if product := library.products.get("sheets/bonne-fiche"):
        Renderer(library, "fr", Addresses("fr", True, "")).render(product)
    assert time.process_time() - begun < SECONDS * _SLOWNESS


def _slowness() -> float:
    """How much slower this computer is, at this hour, than those on which the limits were measured."""
    begun = time.process_time()
    sum(n * n % 7 for n in range(1_000_000))
    return max(1.0, (time.process_time() - begun) / 0.1)


_SLOWNESS = _slowness()


def test_a_heading_of_hashes_and_blanks_is_cut_at_once():
    from capitalise.model import KINDS
    from capitalise.sections import split

    begun = time.process_time()
    (part,) = split("## " + "# " * 5_000 + "a", KINDS["sheet"], "fr")
    assert part.title.endswith("# a") and time.process_time() - begun < 0.5


def test_a_citation_of_five_thousand_digits_is_none():
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace("{sections}\n", samples.SECTIONS["fr"])
    document = frontmatter.parse(text.replace("Un puits.", f"Un puits [^{'9' * 5_000}]."), "index.fr.md")
    from capitalise import links

    assert list(links.citations(document.body)) == []


# -------------------------------------------------------------------------------- front matter and vocabularies


def test_thousands_of_values_are_refused():
    with pytest.raises(frontmatter.Unreadable) as error:
        frontmatter.parse("---\nkeywords: [" + "a," * 3_000 + "]\n---\n", "index.fr.md")
    assert error.value.problem.variant == "values"


def test_hundreds_of_unknown_terms_are_told_in_time(tmp_path):
    """To find the word that was probably meant takes time: it is done for the first, not for each."""
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace("{sections}\n", samples.SECTIONS["fr"])
    many = ", ".join(f"agroforesterie-{n}" for n in range(1_500))
    terms = "".join(f"- {{id: agroforestry-{n}, label: {{fr: Agroforesterie {n}, en: A}}}}\n" for n in range(800))
    files = {
        "sheets/bonne-fiche/index.fr.md": text.replace("themes: [eau]", f"themes: [{many}]"),
        "vocabularies/themes.yml": samples.GOOD["vocabularies/themes.yml"] + terms,
    }
    products = samples.write(tmp_path / "products", files)
    begun = time.process_time()
    problems = reading.load(products).problems
    assert time.process_time() - begun < SECONDS * _SLOWNESS
    assert sum(problem.code == "unknown-term" for problem in problems) == 1_500
    assert sum(bool(problem.suggestion) for problem in problems) == limits.MAX_SUGGESTIONS


def test_a_chain_of_three_thousand_terms_is_followed_once(tmp_path):
    rows = [f"- {{id: t{n}, label: {{fr: a, en: a}}, broader: t{n - 1}}}\n" for n in range(1, 3_000)]
    (tmp_path / "themes.yml").write_text("- {id: t0, label: {fr: a, en: a}}\n" + "".join(rows), "utf-8")
    (tmp_path / "hazards.yml").write_text("- {id: t0, label: {fr: a, en: a}, broader: t1}\n" + rows[0], "utf-8")
    begun = time.process_time()
    known, problems = vocabularies.load(tmp_path, "vocabularies", ("fr", "en"))
    assert time.process_time() - begun < SECONDS * _SLOWNESS
    assert len(known["themes"].terms) == 3_000 and known["themes"]["t2999"].broader == "t2998"
    assert [(problem.file, problem.variant) for problem in problems] == 2 * [("vocabularies/hazards.yml", "broader")]


def test_a_definition_of_a_megabyte_does_not_get_into_each_page(tmp_path):
    (tmp_path / "glossary.yml").write_text(
        "- {id: eau, label: {fr: Eau, en: Water}, definition: {fr: '" + "x" * 900_000 + "', en: a}}\n", "utf-8"
    )
    known, problems = vocabularies.load(tmp_path, "vocabularies", ("fr", "en"))
    assert not known["glossary"].terms
    assert [(problem.code, problem.variant) for problem in problems] == [("bad-value", "term")]


# -------------------------------------------------------------------------------- pages written by hand


def test_a_page_that_would_crash_mkdocs_is_left_out_of_the_site(tmp_path):
    """Thirty thousand brackets end the process that gives them to libyaml's composer, as MkDocs does."""
    bomb = "---\ntitle: " + "[" * 30_000 + "\n---\n\n# Une page\n"
    crash = f"from mkdocs.utils import meta; meta.get_data({bomb!r})"
    assert subprocess.run([sys.executable, "-c", crash], capture_output=True).returncode < 0  # else we need it no more

    for name in ("hooks", "overrides"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "products").symlink_to(ROOT / "tests/library")
    (tmp_path / "mkdocs.yml").write_bytes((ROOT / "mkdocs.yml").read_bytes())
    bad = {
        "fr/bombe.md": bomb,
        "fr/citations.md": "# Une page\n\n" + "> " * 5_000,
        "en/alias.md": "---\na: &a [b]\nc: [*a, *a]\n---\n\n# A page\n",
    }
    for name, text in ({"fr/index.md": "# Accueil\n", "fr/bonne.md": "---\ntitle: Bonne\n---\n\nUn.\n"} | bad).items():
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(text, "utf-8")
    env = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": EPOCH, "SITE_URL": SITE_URL}
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site/bonne/index.html").is_file()
    for name in bad:
        assert done.stderr.count(f"docs/{name}:") == 1  # told once, though each language is a build of its own
        assert not (tmp_path / "site" / name.replace(".md", "/index.html").replace("fr/", "")).exists()
    assert "docs/fr/bombe.md:2: [bad-yaml] L’en-tête a plus de 12 niveaux." in done.stderr
    assert "docs/en/alias.md:2: [bad-yaml] The header uses a YAML anchor or alias" in done.stderr
