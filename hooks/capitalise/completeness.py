"""How complete each product is: what an editor or a translator could still add or should look at again.

None of it keeps a product from being published; what does is a problem of severity `error` (`checks.py`), and the
files that have one are told here by their number of errors alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from capitalise import translating
from capitalise.library import Library, Product
from capitalise.locales import texts
from capitalise.sections import FIELDS
from capitalise.translation import State

_PROBLEMS = {
    "missing-alt": "alt",
    "missing-consent": "consent",
    "personal-data": "people",
    "precise-place": "place",
    "broken-link": "link",
    "untranslated-field": "untranslated-fields",
}
"""Warnings that are matters of completeness → the matter."""


@dataclass(frozen=True)
class Matter:
    """One thing that is not complete; its words are `status.matter.<name>`, or those of the page of health."""

    name: str
    lang: str
    items: tuple[str, ...] = ()
    """What it concerns: sections, files, fields, a date."""

    def to_dict(self) -> dict[str, Any]:
        """For a program."""
        return {"name": self.name, "lang": self.lang, "items": list(self.items)}


@dataclass(frozen=True)
class Row:
    """A product, or a folder whose product is left out."""

    id: str
    revision: str
    states: Mapping[str, str]
    """Language → state; `left-out` for a text with errors."""
    written: int = 0
    """Sections of the original that are written, among those of its kind."""
    sections: int = 0
    matters: tuple[Matter, ...] = ()
    errors: int = 0
    files: tuple[str, ...] = field(default=())
    """Its texts that are left out."""


LEFT_OUT = "left-out"


def rows(library: Library) -> list[Row]:
    """Every product of a library, and every folder of which nothing can be published, in the order of their ids."""
    by_file: dict[str, list] = defaultdict(list)
    for problem in library.problems:
        by_file[problem.file].append(problem)
    left_out: dict[str, list[str]] = defaultdict(list)
    for file in library.left_out:
        folder, _, name = file.rpartition("/")
        # A folder can be at fault itself: it has no text to be read.
        left_out[_id(folder if name.endswith(".md") else file)].append(file)
    found = [_row(library, product, by_file, left_out.pop(product.id, [])) for product in library.products.values()]
    for product_id, files in left_out.items():
        states = {lang: LEFT_OUT if _has(files, lang) else str(State.MISSING) for lang in library.languages}
        errors = sum(problem.is_error for file in files for problem in by_file[file])
        found.append(Row(product_id, "", states, errors=errors, files=tuple(files)))
    return sorted(found, key=lambda row: row.id)


def _id(folder: str) -> str:
    """The id of a folder as messages name it: without the library's own name."""
    return folder.partition("/")[2]


def _has(files: list[str], lang: str) -> bool:
    return any(file.endswith(f"/index.{lang}.md") for file in files)


def _row(library: Library, product: Product, by_file: Mapping[str, list], files: list[str]) -> Row:
    written = {part.anchor for part in product.original.parts if part.known and not part.is_blank}
    states = {
        lang: LEFT_OUT if lang not in product.texts and _has(files, lang) else str(product.state(lang))
        for lang in library.languages
    }
    errors = sum(problem.is_error for file in files for problem in by_file[file])
    return Row(
        product.id,
        product.revision,
        states,
        len(written),
        len(product.kind.sections),
        tuple(_matters(library, product, by_file)) if not product.is_withdrawn else (),
        errors,
        tuple(files),
    )


def _matters(library: Library, product: Product, by_file: Mapping[str, list]) -> Iterator[Matter]:
    original, fields = product.original, product.fields
    written = {part.anchor for part in original.parts if not part.is_blank}
    words = texts(original.lang)
    empty = [section.anchor for section in product.kind.sections if section.anchor not in written]
    if empty:
        labels = tuple(words(f"section.{product.kind.name}.{anchor}") for anchor in empty)
        yield Matter("sections", original.lang, labels)
    if product.kind.name == "sheet" and not fields.validation:
        yield Matter("validation", original.lang)
    if fields.review_by and fields.review_by < library.today:
        yield Matter("review", original.lang, (fields.review_by.isoformat(),))
    for lang, text in product.texts.items():
        if text.fields.draft_by:
            yield Matter("machine", lang)
        if lang != original.lang and (lacking := translating.lacking(product, lang)):
            yield Matter("untranslated-sections", lang, lacking)
        if text.state is State.OUTDATED:
            titles = {part.anchor or "intro": part.title for part in original.parts}
            changed = tuple(titles.get(anchor) or anchor for anchor in text.changed if anchor != FIELDS)
            yield Matter("outdated", lang, changed)
        told: dict[str, list[str]] = defaultdict(list)
        for problem in by_file.get(text.file, ()):
            if name := _PROBLEMS.get(problem.code):
                values = problem.values
                item = next((str(values[key]) for key in ("file", "field", "place", "target") if key in values), "")
                told[name].append(item)
        for name, items in told.items():
            yield Matter(name, lang, tuple(filter(None, items)))
