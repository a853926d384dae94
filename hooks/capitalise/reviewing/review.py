"""All that is said of a contribution: of each of its texts, and of the translations that it makes old."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from capitalise import frontmatter, sections, translation
from capitalise.library import Library, Product
from capitalise.problems import Problem
from capitalise.reviewing import people, subject
from capitalise.reviewing.advice import advise
from capitalise.reviewing.changes import Change
from capitalise.reviewing.praise import praise
from capitalise.reviewing.readability import Reading, measure
from capitalise.reviewing.remark import Remark
from capitalise.reviewing.subject import Subject

FEWEST_WORDS_OF_A_SECTION = 40
"""A shorter section is no sample of a style."""


@dataclass(frozen=True)
class Reviewed:
    """One file, and what is said of it."""

    file: str
    state: str
    """`new`, `changed`, or `read` where nothing says which."""
    subject: Subject | None
    """None for what no review can read: then only the problems are told."""
    problems: tuple[Problem, ...]
    good: tuple[Remark, ...] = ()
    better: tuple[Remark, ...] = ()
    people: tuple[Remark, ...] = ()
    summary: Reading | None = None
    sections: tuple[tuple[str, Reading], ...] = ()
    """Heading and measure of each section that is long enough."""


@dataclass(frozen=True)
class MadeOld:
    """A translation that was up to date, and whose original this contribution changes."""

    file: str
    original: str
    sections: tuple[str, ...]
    """Headings of the original that changed; empty where it can't be told."""


@dataclass(frozen=True)
class Review:
    """What is said of a contribution."""

    texts: tuple[Reviewed, ...]
    made_old: tuple[MadeOld, ...]
    gone: tuple[str, ...]
    """Texts that it deletes."""
    elsewhere: tuple[str, ...]
    """Files that it changes outside the library."""


def review(
    root: Path, library: Library, changes: Iterable[Change], before: Callable[[str], bytes | None] | None = None
) -> Review:
    """Reads what changed in the library of the folder `root`.

    `before` gives a file as it was; without it (paths were given, and no base) nothing is said of what became old.
    """
    prefix = f"{root.name}/"
    inside, elsewhere = [], []
    for change in changes:
        (inside if change.file.startswith(prefix) else elsewhere).append(change)
    states = _texts(root, inside, before is not None)
    problems = _by_file(library.problems, [*states, *(change.file for change in inside)])
    told = [_reviewed(root, file, state, problems.get(file, ()), library.languages) for file, state in states.items()]
    told += [Reviewed(file, "", None, tuple(found)) for file, found in problems.items() if file not in states]
    return Review(
        tuple(sorted(told, key=lambda one: one.file)),
        tuple(_made_old(library, inside, before)) if before else (),
        tuple(sorted(change.file for change in inside if change.is_gone and change.file.endswith(".md"))),
        tuple(sorted(change.file for change in elsewhere)),
    )


def _texts(root: Path, changes: Sequence[Change], has_history: bool) -> dict[str, str]:
    """The texts to read with their state: those that changed, and the original of a folder whose photo changed."""
    states: dict[str, str] = {}
    for change in changes:
        if change.file.endswith(".md") and not change.is_gone:
            states[change.file] = ("new" if change.is_new else "changed") if has_history else "read"
    folders = {file.rpartition("/")[0] for file in states}
    for change in changes:
        folder = change.file.rpartition("/")[0]
        if folder in folders or change.file.endswith((".md", ".yml")):
            continue
        folders.add(folder)
        for path in sorted((root.parent / folder).glob("index.*.md")):
            states[f"{folder}/{path.name}"] = "changed" if has_history else "read"
    return states


def _by_file(problems: Iterable[Problem], files: Iterable[str]) -> dict[str, list[Problem]]:
    """The problems of what changed: of its files, and of the folders that hold them."""
    concerned = set()
    for file in files:
        while file and file not in concerned:
            concerned.add(file)
            file = file.rpartition("/")[0]
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.file in concerned:
            found.setdefault(problem.file, []).append(problem)
    return found


def _reviewed(root: Path, file: str, state: str, problems: Sequence[Problem], languages: tuple[str, ...]) -> Reviewed:
    one = subject.read(root, file, languages)
    if one is None:
        return Reviewed(file, state, None, tuple(problems))
    given = one.document.meta.get("summary")
    summary = measure(given) if isinstance(given, str) else None
    measured = ((part.title, measure(part.text)) for part in one.parts if part.title)
    return Reviewed(
        file,
        state,
        one,
        tuple(problems),
        tuple(praise(one, problems, summary)),
        tuple(advise(one)),
        tuple(people.find(one)),
        summary,
        tuple((title, m) for title, m in measured if m is not None and m.words >= FEWEST_WORDS_OF_A_SECTION),
    )


# -------------------------------------------------------------------------------- translations made old


def _made_old(library: Library, changes: Sequence[Change], before: Callable[[str], bytes | None]) -> Iterator[MadeOld]:
    originals = {product.original.file: product for product in library.products.values()}
    changed = {change.file for change in changes}
    for change in changes:
        product = originals.get(change.file)
        if product is None or change.is_new or len(product.texts) < 2:
            continue
        was = _state_before(before(change.file), product)
        if was is None or was[0] == product.revision:
            continue
        titles = {part.anchor: part.title for part in product.original.parts}
        moved = (titles.get(anchor, "") for anchor, digest in product.hashes.items() if was[1].get(anchor) != digest)
        sections_moved = tuple(filter(None, moved))
        for lang, text in product.texts.items():
            stamp = text.fields.translation_of
            if lang == product.original_lang or stamp is None:
                continue
            # A translation that nobody stamped follows its original as far as anyone knows, unless it moved with it.
            if stamp.revision == was[0] if stamp.revision else text.file not in changed:
                yield MadeOld(text.file, change.file, sections_moved)


def _state_before(data: bytes | None, product: Product) -> tuple[str, Mapping[str, str]] | None:
    """Revision and hashes of a product's original as it was; None where it can't be read."""
    if data is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.md")
        path.write_bytes(data)
        try:
            document = frontmatter.read(path, product.original.file)
        except frontmatter.Unreadable:
            return None
    fields = product.kind.fields
    parts = sections.split(document.body, product.kind, product.original_lang, document.body_line)
    return (
        translation.revision(document.meta, fields, parts),
        translation.section_hashes(document.meta, fields, parts),
    )
