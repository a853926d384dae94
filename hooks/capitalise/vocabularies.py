"""The controlled vocabularies: lists of terms, each with a label and a definition in each language."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from capitalise import frontmatter, limits, safety
from capitalise.locales import fold
from capitalise.model import Acknowledgement
from capitalise.personal import checking as personal
from capitalise.problems import Problem
from capitalise.values import Country, Text, Url

NAMES = ("themes", "practices", "hazards", "organisations", "communities", "glossary")
"""The vocabularies, each in `vocabularies/<name>.yml`."""

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=limits.MAX_SLUG_CHARS)]

Words = Annotated[Text, Field(max_length=limits.MAX_TERM_CHARS)]


class Term(BaseModel):
    """One term (SKOS: a concept)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    label: dict[str, Words]
    """Language → preferred label."""
    definition: dict[str, Words] = {}
    synonyms: dict[str, list[Words]] = {}
    """Language → other words for it; they feed search and "did you mean"."""
    broader: Id | None = None
    """Id of its parent in the same vocabulary."""
    exact_match: Url | None = None
    """The same concept elsewhere (AGROVOC), confirmed and never guessed."""
    close_match: Url | None = None
    broad_match: Url | None = None
    url: Url | None = None
    """Site of an organisation or community."""
    countries: list[Country] = []
    source: Words | None = None
    acknowledged: list[Acknowledgement] = []
    """For editors: data of people that stay knowingly."""

    def name(self, lang: str) -> str:
        """The label in that language, or in the first that has one."""
        return self.label.get(lang) or next(iter(self.label.values()))

    def meaning(self, lang: str) -> str:
        """The definition in that language; empty where there is none in any."""
        return self.definition.get(lang) or next(iter(self.definition.values()), "")


@dataclass(frozen=True)
class Vocabulary:
    """Terms by id, in the order of their ids."""

    name: str
    terms: Mapping[str, Term] = field(default_factory=dict)
    readable: bool = True
    """Whether its file can be read; while it can't, no product is blamed for a term of it."""
    faulty: frozenset[str] = frozenset()
    """Ids of the terms that are at fault themselves: no product is blamed for these either."""

    def __contains__(self, term_id: object) -> bool:
        return term_id in self.terms

    def knows(self, term_id: str) -> bool:
        """Whether a product may carry that term."""
        return term_id in self.terms or term_id in self.faulty or not self.readable

    def __getitem__(self, term_id: str) -> Term:
        return self.terms[term_id]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def get(self, term_id: str) -> Term | None:
        """The term, or None."""
        return self.terms.get(term_id)

    @cached_property
    def narrower(self) -> Mapping[str, tuple[str, ...]]:
        """Id → ids of its children."""
        children: dict[str, list[str]] = {}
        for term in self:
            if term.broader:
                children.setdefault(term.broader, []).append(term.id)
        return {parent: tuple(ids) for parent, ids in children.items()}

    @cached_property
    def _by_word(self) -> Mapping[str, str]:
        """Folded id, label or synonym → id."""
        words: dict[str, str] = {}
        for term in self:
            spoken = [term.id, *term.label.values()]
            for more in term.synonyms.values():
                spoken += more
            for word in spoken:
                words.setdefault(fold(word), term.id)
        return words

    def suggest(self, word: str) -> str:
        """The id that was probably meant: by a label or synonym in any language, or by likeness; else empty."""
        return nearest(word, self._by_word)


def nearest(word: Any, words: Mapping[str, str]) -> str:
    """The value whose key is the word, or is close to it; empty when none is."""
    key = fold(str(word))
    if key in words:
        return words[key]
    if len(key) > limits.MAX_SUGGESTED_CHARS:
        return ""  # no slip of the pen, and a likeness takes a time that grows with its square
    for guess in difflib.get_close_matches(key, words, n=1, cutoff=0.75):
        return words[guess]
    return ""


def load(folder: Path, shown_as: str, languages: tuple[str, ...]) -> tuple[dict[str, Vocabulary], list[Problem]]:
    """All vocabularies of a folder; a file that is missing is an empty vocabulary.

    `shown_as` is the folder's name in messages. A term at fault is left out and named.
    """
    vocabularies, problems = {}, list(_unknown_files(folder, shown_as))
    for name in NAMES:
        terms: dict[str, Term] = {}
        lines: dict[str, int] = {}
        faulty: set[str] = set()
        readable = True
        path, file = folder / f"{name}.yml", f"{shown_as}/{name}.yml"
        if path.is_symlink() or folder.is_symlink():
            readable = False
            problems.append(Problem(file, 1, "unsafe-file", "link"))
        elif path.is_file():
            try:
                for term, line in _read(path, file, problems, faulty):
                    if term.id in terms:
                        values = {"field": term.id, "first": lines[term.id]}
                        problems.append(Problem(file, line, "duplicate-key", "term", values))
                        continue
                    if missing := [lang for lang in languages if lang not in term.label]:
                        values = {"term": term.id, "languages": ", ".join(missing)}
                        problems.append(Problem(file, line, "untranslated-field", "term", values))
                    problems += _tags(term, file, line)
                    terms[term.id], lines[term.id] = term, line
            except frontmatter.Unreadable as error:
                problems.append(error.problem)
                readable = False
        tree = _in_a_tree(terms, lines, file, problems)
        vocabularies[name] = Vocabulary(name, dict(sorted(tree)), readable, frozenset(faulty - terms.keys()))
    return vocabularies, problems


def _unknown_files(folder: Path, shown_as: str) -> Iterator[Problem]:
    """A file that no vocabulary reads: most often a name with a slip in it."""
    known = {f"{name}.yml": f"{name}.yml" for name in NAMES}
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix in (".yml", ".yaml") and path.name not in known:
            values = {"name": path.name, "known": ", ".join(known)}
            yield Problem(
                f"{shown_as}/{path.name}", 1, "misplaced-file", "vocabulary", values, nearest(path.name, known)
            )


def _read(path: Path, name: str, problems: list[Problem], faulty: set[str]) -> Iterator[tuple[Term, int]]:
    text = frontmatter.read_text(path, name)
    rows, lines, found = frontmatter.parse_yaml(text, name, 1, limits.MAX_TEXT_BYTES, limits.MAX_VOCABULARY_VALUES)
    problems += found
    if not isinstance(rows, list):
        raise frontmatter.Unreadable(Problem(name, 1, "bad-yaml", "not-terms"))
    for index, row in enumerate(rows):
        line = lines.get((index,), 1)
        try:
            term = Term.model_validate(row)
            problems += _people(name, row, term, lines, index)
            yield term, line
        except ValidationError as error:
            if isinstance(row, dict) and isinstance(row.get("id"), str):
                faulty.add(row["id"])
            for fault in error.errors():
                where = tuple(part for part in fault["loc"])
                field_line = lines.get((index, *where[:1]), line)
                values = {"field": ".".join(map(str, where)) or "id", "got": str(fault.get("input"))[:60]}
                problems.append(Problem(name, field_line, "bad-value", "term", values))


def _tags(term: Term, name: str, line: int) -> Iterator[Problem]:
    """HTML in a term, which readers would see as it is written."""
    synonyms = {lang: " ".join(words) for lang, words in term.synonyms.items()}
    for part, texts in (("label", term.label), ("definition", term.definition), ("synonyms", synonyms)):
        for tag in dict.fromkeys(tag for text in texts.values() for tag in safety.tags_in(text)):
            yield Problem(name, line, "unsafe-html", "field", {"field": f"{term.id}.{part}", "found": f"<{tag}>"})


def _people(name: str, row: Any, term: Term, lines: personal.Lines, index: int) -> Iterator[Problem]:
    """Data of people in a term, such as the number of an organisation's director."""
    covered: personal.Covered = set()
    rows = list(personal.values(row, lines, (index,)))
    yield from personal.told(name, rows, (), term.acknowledged, term.countries, covered)
    yield from personal.stale(name, term.acknowledged, covered, lines, (index,))


def _in_a_tree(
    terms: dict[str, Term], lines: dict[str, int], name: str, problems: list[Problem]
) -> Iterator[tuple[str, Term]]:
    """The terms, a parent that does not exist or a circle taken away and named."""
    ends: dict[str, bool] = {}  # whether the way up from a term is known to end well: each step is gone once
    for term_id, term in terms.items():
        way, parent = {term_id}, term.broader
        while parent in terms and parent not in way and parent not in ends:
            way.add(parent)
            parent = terms[parent].broader
        well = parent is None or ends.get(parent, False)
        ends |= dict.fromkeys(way, well)
        if not well:
            values = {"term": term_id, "broader": term.broader}
            problems.append(Problem(name, lines[term_id], "unknown-term", "broader", values))
            term = term.model_copy(update={"broader": None})
        yield term_id, term
