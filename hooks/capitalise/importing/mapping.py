"""Headings become the sections of a kind; labelled lines, tables and headings become fields.

What has no place is kept under a heading of its own, so that nothing that somebody wrote is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from capitalise.importing import fields as read_fields
from capitalise.importing import forms, tree
from capitalise.importing.report import Report
from capitalise.importing.tree import Node
from capitalise.locales import available, fold, texts
from capitalise.model import KINDS, Kind
from capitalise.vocabularies import nearest

_NUMBERING = re.compile(r"(?:(?:\d+|[ivxlc]{1,5}|[a-z])\s*[.):°/–—-]+\s*)+(?=\S)|\d+(?:\.\d+)*\s+(?=\S)")
_MOST_HEADING = 90
_FEWEST_LETTERS = 5
"""Of a part of a label, so that it is recognised as one: « Leçons », not « Le »."""

_OWN_HEADING = ("summary", "sources", "keywords")
"""Fields that have a heading of their own in people's documents, wherever it stands."""

_MOST_GUESSES = 200
"""Headings whose meaning is guessed: each costs a comparison with every label."""

SECTION, FIELD = "section", "field"
Place = tuple[str, str]
"""Where something belongs: `(SECTION, "context")`, `(FIELD, "countries")`."""


@dataclass
class Sorted:
    """A document taken apart."""

    title: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    """Field → the lines that were written for it."""
    sections: dict[str, list[Node]] = field(default_factory=dict)
    """Anchor → blocks; headings in it count from 1."""
    intro: list[Node] = field(default_factory=list)
    """What stands before the first heading."""
    unplaced: list[Node] = field(default_factory=list)


def key_of(label: str) -> str:
    """A label reduced to what must be equal: no case, accents, numbering, or punctuation around it."""
    plain = fold(label[: 2 * _MOST_HEADING]).strip(" \u00a0.:;–—-*_•")
    return " ".join(re.split(r"[\s\u00a0]+", _NUMBERING.sub("", plain, count=1))).strip()


@cache
def labels(kind: str) -> Mapping[str, Place]:
    """Every label that means a section or a field of a kind, in every language: ours, and what people write for it."""
    found: dict[str, Place] = {}
    for lang in available():
        table = texts(lang).table
        for section in KINDS[kind].sections:
            said = [table.get(f"section.{kind}.{section.anchor}", "")]
            said += str(table.get(f"import.words.{kind}.{section.anchor}", "")).split("|")
            said += str(table.get(f"import.words.{section.anchor}", "")).split("|")
            for label in filter(None, map(key_of, said)):
                found.setdefault(label, (SECTION, section.anchor))
    for lang in available():
        table = texts(lang).table
        for name in read_fields.readers(KINDS[kind]):
            said = [table.get(f"field.{name}", ""), *str(table.get(f"import.words.field.{name}", "")).split("|")]
            for label in filter(None, map(key_of, said)):
                found.setdefault(label, (FIELD, name))
    return found


def place_of(label: str, kind: str) -> tuple[Place | None, bool]:
    """Where what stands under a heading belongs, and whether that had to be guessed."""
    known, key = labels(kind), key_of(label)
    if not key or len(label) > _MOST_HEADING:
        return None, False
    if key in known:
        return known[key], False
    # « Résultats obtenus en 2023 », « Leçons »: a label's first words, or more words than the label.
    starts = [one for one in known if key.startswith(f"{one} ") and len(one) >= _FEWEST_LETTERS]
    if longest := max(starts, key=len, default=""):
        return known[longest], True
    begun = sorted(one for one in known if one.startswith(f"{key} ") and len(key) >= _FEWEST_LETTERS)
    if len({known[one] for one in begun}) == 1:
        return known[begun[0]], True
    meant = nearest(key, {one: one for one in known})
    return (known[meant], True) if meant and key[0] == meant[0] else (None, False)


def likely(blocks: list[Node], kinds: Iterable[str]) -> tuple[list[str], list[str]]:
    """The kinds, and the languages, of which a document has the most headings; several where it has as many."""
    keys = {key_of(tree.text_of(block["c"])) for block in _short(blocks)}
    by_kind = {kind: len(keys & {key for key, place in labels(kind).items() if place[0] == SECTION}) for kind in kinds}
    by_lang = {
        lang: len(keys & {key_of(str(text)) for key, text in texts(lang).table.items() if key.startswith("section.")})
        for lang in available()
    }
    return [[name for name, n in found.items() if n == max(found.values())] for found in (by_kind, by_lang)]


def _short(blocks: list[Node]) -> Iterator[Node]:
    """What may be a heading: headings, and paragraphs of a few words."""
    for block in tree.plain(blocks):
        for one in block["c"][1][0] if block["t"] == "OrderedList" and len(block["c"][1]) == 1 else [block]:
            if one["t"] in ("Header", "Para", "Plain"):
                inlines = one["c"][2] if one["t"] == "Header" else one["c"]
                first = inlines[0]["c"] if inlines[0]["t"] == "Strong" else inlines
                yield {"t": "Para", "c": first}


# -------------------------------------------------------------------------------- sorting


@dataclass(frozen=True)
class _Head:
    """A heading, as it was made."""

    text: str
    level: int | None
    """None where it is only bold."""
    inlines: list[Node]
    rest: tuple[Node, ...] = ()
    """What follows it in the same paragraph."""


def arrange(meta: Node, blocks: list[Node], kind: Kind, report: Report) -> Sorted:
    """A document's blocks in their places."""
    return _Sorting(kind, report).run(meta, blocks)


class _Sorting:
    def __init__(self, kind: Kind, report: Report) -> None:
        self.kind, self.report = kind, report
        self.made = Sorted()
        self.place: Place | None = None
        self.level = 0  # of the heading that opened the place
        self.gap = 0  # level of the last heading without a place
        self.begun = False
        self.guesses = 0

    def run(self, meta: Node, blocks: list[Node]) -> Sorted:
        title = forms.without_guidance([tree.para(meta["title"]["c"])]) if "title" in meta else []
        self.made.title = tree.text_of(title)
        self._put_notes(title)
        for name, place in (("author", "authors"), ("date", "date"), ("abstract", "summary")):
            if name in meta:
                self.made.fields[place] = _meta_lines(meta[name])
        blocks = tree.plain(forms.without_guidance(blocks))
        if not self.made.title:
            blocks = self._take_title(blocks)
        styled = any(self._known(head) for head in map(self._head, blocks) if head)
        if "subtitle" in meta and (said := tree.text_of(meta["subtitle"]["c"])):
            self._put(tree.para(tree.words(said)))
        for block in blocks:
            head = self._head(block) or (None if styled else self._bare(block))
            if head:
                self._open(head)
            elif block["t"] == "Table" and self._take_table(block):
                continue
            elif not self.begun and block["t"] == "Para" and self._take_line(block["c"]):
                continue
            else:
                self._put(block)
        return self.made

    # ---------------------------------------------------------------- headings

    def _head(self, block: Node) -> _Head | None:
        """The heading that a block is meant as."""
        if block["t"] == "Header":
            return _Head(tree.text_of(block["c"][2]), block["c"][0], block["c"][2])
        if block["t"] == "OrderedList" and len(block["c"][1]) == 1:  # « I. Contexte », numbered by the program
            (item,) = block["c"][1]
            if len(item) == 1 and item[0]["t"] in ("Para", "Plain"):
                text = tree.text_of(item[0]["c"])
                if tree.is_bold(item[0]["c"]) and len(text) <= _MOST_HEADING or key_of(text) in labels(self.kind.name):
                    return _Head(text, None, item[0]["c"])
            return None
        if block["t"] != "Para":
            return None
        text = tree.text_of(block["c"])
        if tree.is_bold(block["c"]):
            ends = text.endswith((".", ";", ",", "!")) and key_of(text) not in labels(self.kind.name)
            return None if ends or len(text) > _MOST_HEADING else _Head(text, None, block["c"])
        return self._run_in(block["c"])

    def _run_in(self, inlines: list[Node]) -> _Head | None:
        """**Contexte.** Le village… : a label in bold that opens its paragraph."""
        first, rest = inlines[0], inlines[1:]
        if first["t"] != "Strong":
            return None
        text = tree.text_of(first["c"])
        place = labels(self.kind.name).get(key_of(text))
        ended = text.endswith((":", ".")) or tree.text_of(rest[:2]).startswith((":", "."))
        if not ended or not place or place[0] != SECTION:
            return None
        return _Head(text, None, first["c"], tuple(_after_mark(rest)))

    def _bare(self, block: Node) -> _Head | None:
        """A label alone in its paragraph, in a document that has no other headings."""
        if block["t"] != "Para":
            return None
        text = tree.text_of(block["c"])
        place = labels(self.kind.name).get(key_of(text)) if len(text) <= _MOST_HEADING else None
        return _Head(text, None, block["c"]) if place and place[0] == SECTION else None

    def _known(self, head: _Head) -> bool:
        place = labels(self.kind.name).get(key_of(head.text))
        return bool(place) and place[0] == SECTION

    def _open(self, head: _Head) -> None:
        self.guesses += 1
        exact = labels(self.kind.name).get(key_of(head.text))
        place, guessed = (exact, False) if self.guesses > _MOST_GUESSES else place_of(head.text, self.kind.name)
        if place and not self._opens(head, place, guessed):
            place = None
        if place is None:
            self._open_unknown(head)
        else:
            self.place, self.level, self.begun = place, head.level or 0, True
            name, words = place[1], self.report.words
            label = words(f"section.{self.kind.name}.{name}" if place[0] == SECTION else f"field.{name}")
            if guessed:
                self.report.guessed("heading", heading=head.text, label=label)
            else:
                self.report.mapped(head.text, label)
            if place[0] == SECTION:
                self.made.sections.setdefault(name, [])
            self._put_notes(head.inlines)
        if head.rest:
            self._put(tree.para(list(head.rest)))

    def _is_inside(self, head: _Head) -> bool:
        """Whether a heading is below the one that opened the section in which it stands."""
        return self.place is not None and bool(self.level) and (head.level is None or head.level > self.level)

    def _opens(self, head: _Head, place: Place, guessed: bool) -> bool:
        """Whether a heading that names a place opens it, and is not a part of the section that it stands in."""
        in_section = self.place is not None and self.place[0] == SECTION
        if guessed and (self._is_inside(head) or place == self.place):
            return False  # « Résultats par village » under « Résultats »
        if place[0] == SECTION or place[1] in _OWN_HEADING:
            return True
        above = head.level is not None and head.level <= self.level
        return not guessed and (not in_section or above)

    def _open_unknown(self, head: _Head) -> None:
        """A heading that no section has: a part of the section above it, or something without a place."""
        below = head.level is None or not self.level or head.level > self.level
        if below and self.place and self.place[0] == SECTION:
            depth = max(head.level - self.level, 1) if head.level and self.level else 1
            if not self.level:  # all headings look alike: it may as well be one of a section
                label = self.report.words(f"section.{self.kind.name}.{self.place[1]}")
                self.report.guessed("part", heading=head.text, label=label)
            self._put(tree.heading(depth, _unbold(head.inlines)))
            return
        if self.place is not None:
            self.place, self.level = None, 0
        self.begun = True
        if head.level:
            self.gap = min(self.gap or head.level, head.level)
        self.report.unplaced(head.text)
        self._put(tree.heading(1 + max((head.level or self.gap) - self.gap, 0), _unbold(head.inlines)))

    def _put_notes(self, inlines: list[Node]) -> None:
        """The footnotes of what is not written as it was."""
        if notes := list(tree.find(inlines, "Note")):
            self._put(tree.para(notes))

    def _put(self, block: Node) -> None:
        if self.place is None:
            (self.made.unplaced if self.begun else self.made.intro).append(block)
        elif self.place[0] == SECTION:
            self.made.sections[self.place[1]].append(block)
        else:
            self.made.fields.setdefault(self.place[1], []).extend(tree.lines_of([block]))

    # ---------------------------------------------------------------- title and fields

    def _take_title(self, blocks: list[Node]) -> list[Node]:
        """A title that is no Title: a first heading, alone at its level or merely bold, that names no section."""
        for index, block in enumerate(blocks[:5]):
            head = self._head(block)
            if head is None or place_of(head.text, self.kind.name)[0]:
                if head:
                    break
                continue
            others = [b["c"][0] for b in blocks if b["t"] == "Header" and b is not block]
            alone = head.level and all(level > head.level for level in others)
            if index == 0 or alone:
                self.made.title = head.text
                self._put_notes(head.inlines)
                self.report.guessed("title", title=head.text)
                return blocks[:index] + blocks[index + 1 :]
            break
        return blocks

    def _take_table(self, table: Node) -> bool:
        """A table of two columns whose first holds labels of fields: its rows are fields."""
        rows, _ = tree.rows_of(table)
        if any(len(row) != 2 for row in rows):
            return False
        names = [labels(self.kind.name).get(key_of(tree.text_of(row[0]))) for row in rows]
        fields = [place if place and self._field(place) else None for place in names]
        if sum(map(bool, fields)) * 2 < len(rows) or self.place and self.place[0] == SECTION:
            return False
        for (label, value), place in zip(rows, fields, strict=True):
            if place:
                self._take(self._field(place), tree.lines_of(tree.plain(value)))
            elif tree.text_of(value):
                said = [{"t": "Strong", "c": tree.words(tree.text_of(label))}, tree.SPACE]
                self.made.unplaced += [tree.para(said), *tree.plain(value)]
                self.report.unplaced(tree.text_of(label))
        return True

    def _field(self, place: Place) -> str:
        """The field that a label means; some sections have the name of a field."""
        name = place[1]
        return name if name in read_fields.readers(self.kind) else ""

    def _take_line(self, inlines: list[Node]) -> bool:
        """« Pays : Sénégal » before the first section."""
        text = tree.text_of(inlines)
        label, colon, value = text.partition(":")
        place = labels(self.kind.name).get(key_of(label)) if colon and len(label) <= 40 else None
        held = any(True for kind in ("Note", "Image") for _ in tree.find(inlines, kind))
        if not place or place[0] != FIELD or not value.strip() or held:
            return False
        self._take(place[1], [value.strip(" \u00a0")])
        return True

    def _take(self, name: str, lines: list[str]) -> None:
        if not lines:
            return
        if name == "title":
            title = " ".join(lines)
            if self.made.title and self.made.title != title:
                self.made.unplaced.append(tree.para(tree.words(title)))
            self.made.title = self.made.title or title
            return
        self.made.fields.setdefault(name, []).extend(lines)


def _meta_lines(value: Node) -> list[str]:
    if value["t"] == "MetaList":
        return [line for one in value["c"] for line in _meta_lines(one)]
    if value["t"] == "MetaBlocks":
        return tree.lines_of(value["c"])
    return [tree.text_of(value["c"])]


def _after_mark(inlines: list[Node]) -> list[Node]:
    """What follows a label, less the colon between them."""
    rest = list(inlines)
    while rest:
        node = rest[0]
        if node["t"] in ("Space", "SoftBreak"):
            rest.pop(0)
        elif node["t"] == "Str" and node["c"][0] in ":.\u00a0":
            left = node["c"].lstrip(":.\u00a0 ")
            rest[:1] = [{"t": "Str", "c": left}] if left else []
        else:
            break
    return rest


def _unbold(inlines: list[Node]) -> list[Node]:
    return [one for node in inlines for one in (_unbold(node["c"]) if node["t"] == "Strong" else [node])]
