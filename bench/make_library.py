"""A library of any size: bilingual sheets of about 900 words, the same for the same seed.

The words are real and as unequally frequent as in a real text (Zipf–Mandelbrot), for a search index is as large as its
vocabulary. The first sheets of a large library are those of a small one.

    python bench/make_library.py 250 bench/out/library-250
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, count
from pathlib import Path
from typing import Any

import click
import yaml

from capitalise.locales import texts
from capitalise.model import KINDS, Climate, Evidence

HERE = Path(__file__).parent
VOCABULARIES = HERE.parent / "products/vocabularies"
LANGUAGES = ("fr", "en")
ORIGINAL = LANGUAGES[0]
WORDS_PER_SHEET = 900
SECTIONS = KINDS["sheet"].sections
COUNTRIES = ("BF", "SN", "ML", "NE", "BJ", "TG", "RW", "CD", "MG", "GN", "CM", "BO")


class Writer:
    """Writes text that means nothing and weighs what a real one does."""

    def __init__(self, lang: str, rng: random.Random) -> None:
        self.words, self.weights = _lexicon(lang)
        self.lang, self.rng = lang, rng

    def some(self, number: int) -> str:
        """That many words."""
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=number))

    def label(self, number: int) -> str:
        """A title, a label."""
        text = self.some(number)
        return text[:1].upper() + text[1:]

    def sentence(self, number: int) -> str:
        """That many words, a figure or a source now and then."""
        text = self.label(number)
        if self.rng.random() < 0.15:
            text += f" ({self.rng.randint(2, 95)} %)"
        return text + "." + self.rng.choice(["[^1]", "[^2]", "", "", "", ""])

    def paragraph(self, number: int) -> str:
        """That many words, in sentences."""
        sentences = []
        while number > 0:
            length = min(number, self.rng.randint(8, 22))
            sentences.append(self.sentence(length))
            number -= length
        return " ".join(sentences)

    def section(self, number: int) -> str:
        """About that many words: paragraphs alone, or with a list, a table or a note, as people write them."""
        half = number // 2
        match self.rng.randrange(6):
            case 0 | 1:
                items = "\n".join(f"- **{self.label(2)}**: {self.some(10)}." for _ in range(max(2, half // 12)))
                return f"{self.paragraph(half)}\n\n{items}"
            case 2:
                rows = "\n".join(f"| {self.label(3)} | {self.rng.randint(1, 999)} |" for _ in range(4))
                return f"{self.paragraph(number - 12)}\n\n| {self.label(1)} | {self.label(1)} |\n| --- | --- |\n{rows}"
            case 3:
                note = f'!!! note "{self.label(3)}"\n    {self.paragraph(half)}'
                return f"### {self.label(4)}\n\n{self.paragraph(half)}\n\n{note}"
            case _:
                return f"{self.paragraph(half)}\n\n{self.paragraph(half)}"


@cache
def _lexicon(lang: str) -> tuple[list[str], list[float]]:
    words = (HERE / f"words/{lang}.txt").read_text("utf-8").split()  # the most frequent first
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))


def sheets(seed: int = 1) -> Iterator[tuple[str, dict[str, str]]]:
    """Slug of each sheet and its text by language, without end."""
    terms = {
        path.stem: [term["id"] for term in yaml.safe_load(path.read_text("utf-8"))]
        for path in sorted(VOCABULARIES.glob("*.yml"))
    }
    for number in count():
        rng = random.Random(f"{seed}/{number}")
        common = _common_fields(rng, terms)
        linked = f"sheet-{rng.randrange(number):04}" if number else ""
        yield (
            f"sheet-{number:04}",
            {lang: _text(Writer(lang, rng), common if lang == ORIGINAL else None, linked) for lang in LANGUAGES},
        )


def _common_fields(rng: random.Random, terms: dict[str, list[str]]) -> dict[str, Any]:
    start = rng.randint(1985, 2023)
    return {
        "date": date(2015, 1, 1) + timedelta(days=rng.randrange(4300)),
        "authors": [{"name": f"Auteur {rng.randint(1, 200)}"}],
        "organisations": rng.sample(terms["organisations"], 2),
        "countries": rng.sample(COUNTRIES, rng.choice((1, 1, 1, 2))),
        "themes": rng.sample(terms["themes"], rng.randint(1, 4)),
        "practices": rng.sample(terms["practices"], rng.randint(1, 4)),
        "hazards": rng.sample(terms["hazards"], rng.randint(0, 2)),
        "sdgs": sorted(rng.sample(range(1, 18), 3)),
        "climate": [rng.choice(list(Climate)).value],
        "evidence": rng.choice(list(Evidence)).value,
        "period": {"start": start, "end": start + rng.randint(1, 3)},
    }


def _text(writer: Writer, common: dict[str, Any] | None, linked: str) -> str:
    """A file. What is not language stands in the original alone (`common`)."""
    rng, original = writer.rng, common is not None
    result: dict[str, Any] = {"label": writer.label(5), "unit": writer.some(1)}
    place: dict[str, Any] = {"name": writer.label(1)}
    fields: dict[str, Any] = {} if original else {"translation_of": {"language": ORIGINAL}}
    fields |= {"title": writer.label(9)[:120], "summary": writer.label(28)[:320]}
    if common is not None:
        result |= {"value": rng.randint(1, 999), "source": 1}
        place |= {"lat": round(rng.uniform(-20, 16), 1), "lon": round(rng.uniform(-16, 30), 1)}
        fields |= common
        fields["sources"] = [
            {
                "title": writer.label(8),
                "publisher": writer.label(2),
                "year": 2000 + number,
                "url": f"https://example.org/{rng.randrange(10**6)}",
            }
            for number in (1, 2)
        ]
    fields |= {"keywords": rng.sample(writer.words[200:], 5), "target_groups": [writer.label(4), writer.label(4)]}
    fields |= {"results": [result], "places": [place]}

    words = texts(writer.lang)
    parts = [
        f"## {words(f'section.sheet.{section.anchor}')}\n\n{writer.section(WORDS_PER_SHEET // len(SECTIONS))}"
        for section in SECTIONS
    ]
    parts.insert(1, f"{writer.sentence(10)}[^1][^2]")  # both sources are cited whatever chance says
    if linked:
        parts.append(f"[{writer.label(3)}](../{linked}/index.{writer.lang}.md)")
    front_matter = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120)
    return f"---\n{front_matter}---\n\n" + "\n\n".join(parts) + "\n"


def make_library(number: int, folder: Path, seed: int = 1) -> None:
    """Writes a library of that many sheets."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(VOCABULARIES, folder / "vocabularies")
    for (slug, versions), _ in zip(sheets(seed), range(number), strict=False):
        sheet = folder / "sheets" / slug
        sheet.mkdir(parents=True)
        for lang, text in versions.items():
            (sheet / f"index.{lang}.md").write_text(text, "utf-8", newline="\n")


@click.command(help=__doc__.partition("\n")[0])
@click.argument("number", type=click.IntRange(1))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default=1, show_default=True)
def main(number: int, folder: Path, seed: int) -> None:
    make_library(number, folder, seed)


if __name__ == "__main__":
    main()
