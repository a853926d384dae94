"""A library written by somebody who means harm: each published vector in each place where a contributor can write."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import yaml
from PIL import Image
from samples import SECTIONS

_LIST = Path(__file__).parent / "vectors.txt"
A_SHEET = 16
"""Vectors in one sheet, so that its texts stay within the limits and its page within what a browser shows at once."""


@dataclass(frozen=True)
class Vector:
    group: str
    text: str

    @property
    def line(self) -> str:
        """On one line, as a field or a cell holds it."""
        return " ".join(self.text.split("\n"))


def vectors() -> list[Vector]:
    """Each vector of `vectors.txt`, in order."""
    found, group = [], ""
    for line in _LIST.read_text("utf-8").split("\n"):
        if line.startswith("== "):
            group = line[3:].partition(":")[0]
        elif line and not line.startswith("# "):
            found.append(Vector(group, line.replace("⏎", "\n").replace("⇥", "\t")))
    return found


def body(vector: Vector, number: int) -> str:
    """Three sections: by itself, within the blocks of a text, within the marks of Markdown."""
    line = vector.line
    cell = line.replace("|", "\\|")
    return f"""## Seul {number}

{vector.text}

## Entre autres {number}

Avant {line} après.

- {line}
- [x] {line}

> {line}

| {cell} | b |
| :-- | --: |
| a | {cell} |

{line}
:   {line}

## Dans une marque {number} {line[:200]}

[lien]({line}) [lien](<{line}>) [{line}](https://example.org/) [voir][r{number}] [voir](../hostile-1/index.fr.md#{line})
![{line}](photo.png "{line}") ![image]({line}) ![image](<{line}>) ![voir][r{number}]

[r{number}]: {line} "{line}"
[s{number}]: <{line}> '{line}'

*mot*{{: {line} }} `{line}` <{line}> [^{number}00]

Un paragraphe.
{{: {line} }}

[^{number}00]: {line} ![image]({line})

*[MOT{number}]: {line}

MOT{number} et MOT{number}

!!! note "{line}"
    {line}

??? answer "{line}"
    {line}

=== "{line}"
    {line}

```{line}
{line}
```

### {line}

"""


def photo(path: Path) -> None:
    """A small picture."""
    Image.new("RGB", (64, 36), (90, 140, 60)).save(path, "PNG")


def write(products: Path) -> int:
    """The library in the folder `products`; how many vectors it holds."""
    every = vectors()
    lines = [vector.line for vector in every]
    shuffled = random.Random(7).sample(lines, len(lines))
    titles = cycle([line for line in shuffled if len(line) <= 120])
    summaries = cycle([line for line in shuffled[::-1] if len(line) <= 320])

    def common(own: list[str]) -> dict:
        return {
            "title": next(titles),
            "summary": next(summaries),
            "date": "2026-03-01",
            "authors": [{"name": line, "organisation": line} for line in own[:4]],
            "themes": ["soil"],
            "countries": ["SN"],
            "keywords": own,
            "sources": [{"title": line, "publisher": line} for line in own],
        }

    def picture(line: str) -> dict:
        return {"file": "photo.png", "alt": line, "caption": line, "credit": line, "licence": line,
                "consent": "not-needed"}  # fmt: skip

    def product(name: str, meta: dict, text: str) -> None:
        folder = products / name
        folder.mkdir(parents=True)
        head = _yaml(meta)
        (folder / "index.fr.md").write_text(f"---\n{head}---\n\n{text}", "utf-8")
        photo(folder / "photo.png")
        (folder / "notes.txt").write_text(text, "utf-8")
        for hostile in ('x" onerror=alert(1).png', "<img src=x onerror=alert(1)>.txt", "javascript:alert(1).jpg"):
            photo(folder / hostile)

    for number in range(0, len(every), A_SHEET):
        own = lines[number : number + A_SHEET]
        meta = (
            common(own)
            | {
                "cover": picture(own[0]),
                "photos": [picture(line) for line in own[1:9]],
                "videos": [
                    {
                        "title": line,
                        "url": "https://example.org/v",
                        "poster": "photo.png",
                        "credit": line,
                        "consent": "not-needed",
                    }
                    for line in own[9:12]
                ],  # fmt: skip
                "files": [{"file": "notes.txt", "label": line} for line in own],
                "reviewers": [{"name": line, "organisation": line} for line in own[4:8]],
                "reuse": [{"where": line, "by": line, "date": "2026-01-01", "what": line} for line in own],
                "practices": ["digging"],
                "communities": ["agroecology"],
                "places": [{"name": line, "lat": 14.8, "lon": -16.9} for line in own],
                "target_groups": own,
                "results": [{"label": line, "value": line, "unit": line, "source": 1} for line in own],
                "costs": [{"label": line, "value": line, "unit": line} for line in own[:8]],
                "validation": {"by": own[0], "date": "2026-02-01"},
            }
        )
        text = "".join(body(vector, n) for n, vector in enumerate(every[number : number + A_SHEET], number + 1))
        product(f"sheets/hostile-{number // A_SHEET + 1}", meta, SECTIONS["fr"] + "\n" + text)

    some = _slices(shuffled, 12)
    own = next(some)
    learning = {"audience": own, "objectives": own[::-1], "prerequisites": own}
    product("trainings/hostile", common(own) | learning, f"## L’essentiel\n\nÉcrire.\n\n## Plus\n\n{own[0]}\n")
    for number in range(1, 7):
        own = next(some)
        text = f'## L’essentiel\n\nÉcouter.\n\n## Déroulé\n\nUne heure.\n\n??? answer "{own[1]}"\n    {own[2]}\n'
        product(f"trainings/hostile/{number:02}-module", common(own) | {"objectives": own}, text)
        own = next(some)
        meeting = {"community": "agroecology", "number": number, "format": "online", "place": own[0],
                   "facilitators": own}  # fmt: skip
        text = f"## Objet\n\nSe voir.\n\n## Ce que nous avons appris\n\nEncore.\n\n## Suites\n\n{own[1]}\n"
        product(f"sessions/agroecology/{number:02}-meeting", common(own) | meeting, text)

    def term(name: str, line: str, other: str) -> dict:
        return {"id": name, "label": {"fr": line, "en": line}, "definition": {"fr": other, "en": other},
                "synonyms": {"fr": [other], "en": [other]}}  # fmt: skip

    vocabularies = {
        "themes": [term("soil", *next(some)[:2])],
        "practices": [term("digging", *next(some)[:2])],
        "communities": [term("agroecology", *next(some)[:2])],
        "glossary": [term(f"term-{number}", line, line) for number, line in enumerate(lines)],
    }
    (products / "vocabularies").mkdir()
    for name, terms in vocabularies.items():
        made = _yaml(terms)
        (products / f"vocabularies/{name}.yml").write_text(made, "utf-8")
    return len(every)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False)


def _slices(lines: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(lines) - size, size):
        yield lines[start : start + size]
