"""The blocks of a section made ready to be written: footnotes, pictures and links settled in the order of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from capitalise import limits, photos
from capitalise.importing import fields as read_fields
from capitalise.importing import tree
from capitalise.importing.guard import Package
from capitalise.importing.report import Report
from capitalise.importing.tree import Node
from capitalise.locales import fold

_FILE_NAME = re.compile(r"[\w\\/:. ~-]+\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf|svg)", re.IGNORECASE)

_MARKS = re.compile(r"[-=#>+:|]|[!?]{3}")
"""What makes of a line in a paragraph a heading, a quotation, a box… to Python-Markdown and its extensions."""
_MARKS_OF_PARAGRAPHS = re.compile(r"[!?=-]{3}")
"""What the writer does not escape at the beginning of a paragraph."""


@dataclass
class Photo:
    """A picture of the document."""

    file: str
    data: bytes
    alt: str


@dataclass
class Body:
    """Makes ready the sections of one document, and keeps what they cite and show."""

    package: Package
    report: Report
    sources: list[dict[str, Any]] = field(default_factory=list)
    photos: dict[str, Photo | None] = field(default_factory=dict)
    """Name in the document → picture; None for one that can't be read."""
    _cited: dict[str, int] = field(default_factory=dict)
    _notes: int = 0
    _definitions: list[Node] = field(default_factory=list)

    def cite(self, line: str) -> int:
        """The number of a source, from 1; the same reference is the same source."""
        key = fold(re.sub(r"\W+", " ", line))
        if key not in self._cited:
            self.sources.append(read_fields.source(line))
            self._cited[key] = len(self.sources)
        return self._cited[key]

    def section(self, blocks: list[Node], first_level: int = 3) -> list[Node]:
        """Blocks ready to be written, their headings beginning at a level, the notes of the section at its end."""
        made = self._blocks(blocks, first_level)
        notes, self._definitions = self._definitions, []
        return made + notes

    def unused(self) -> list[Node]:
        """The pictures that nothing showed."""
        left = [name for name in self.package.pictures if name not in self.photos]
        return [tree.para([node]) for name in left if (node := self._image(name, ""))]

    # ---------------------------------------------------------------- blocks

    def _block(self, block: Node, level: int) -> Node | None:
        match block["t"]:
            case "Para" | "Plain":
                return {"t": block["t"], "c": self._lines(block["c"])}
            case "Header":
                depth, _, inlines = block["c"]
                return tree.heading(min(level + depth - 1, 6), self._inlines(inlines))
            case "BulletList":
                return {"t": "BulletList", "c": [self._blocks(item, level) for item in block["c"]]}
            case "OrderedList":
                numbers, items = block["c"]
                return {"t": "OrderedList", "c": [numbers, [self._blocks(item, level) for item in items]]}
            case "BlockQuote":
                return {"t": "BlockQuote", "c": self._blocks(block["c"], level)}
            case "Table":
                rows, merged = tree.rows_of(block)
                if merged:
                    self.report.noted("merged", number=merged, text=tree.text_of(rows[0]) or tree.text_of(rows))
                return tree.simple_table([[tree.plain(cell) for cell in row] for row in rows], self._inlines)
            case "CodeBlock" | "HorizontalRule":
                return block
        return None

    def _blocks(self, blocks: list[Node], level: int) -> list[Node]:
        return [made for block in blocks if (made := self._block(block, level))]

    # ---------------------------------------------------------------- inlines

    def _inlines(self, inlines: list[Node]) -> list[Node]:
        return [made for node in inlines for made in self._inline(node)]

    def _lines(self, inlines: list[Node]) -> list[Node]:
        """The inlines of a paragraph; a line in it that Markdown would take for something else stays words."""
        out: list[Node] = []
        for node in self._inlines(inlines):
            marks = _MARKS if out and out[-1]["t"] == "LineBreak" else _MARKS_OF_PARAGRAPHS if not out else None
            if marks and node["t"] == "Str" and marks.match(node["c"]):
                out += [{"t": "RawInline", "c": ["html", f"&#{ord(node['c'][0])};"]}]
                node = {"t": "Str", "c": node["c"][1:]}
            out.append(node)
        return out

    def _inline(self, node: Node) -> list[Node]:
        match node["t"]:
            case "Str":
                return [node] if node["c"] else []
            case "Space" | "LineBreak" | "Code":
                return [node]
            case "SoftBreak":
                return [tree.SPACE]
            case "Strong" | "Emph" | "Strikeout" | "Superscript" | "Subscript":
                held = self._inlines(node["c"])
                return [{"t": node["t"], "c": held}] if held else []
            case "Quoted":
                return [*tree.words("“"), *self._inlines(node["c"][1]), *tree.words("”")]
            case "Link":
                return self._link(node)
            case "Image":
                _, alt, (target, _) = node["c"]
                made = self._image(target, tree.text_of(alt))
                return [made] if made else []
            case "Note":
                return [self._note(node["c"])]
            case "Math":
                self.report.noted("formula", text=node["c"][1])
                return [{"t": "Code", "c": [["", [], []], node["c"][1]]}]
            case "RawInline":
                return []
            case _:
                return self._inlines(tree.inner(node))

    def _link(self, node: Node) -> list[Node]:
        attributes, held, (target, _) = node["c"]
        inlines = self._inlines(held)
        if not inlines:
            return []
        if tree.is_followed(target):
            return [{"t": "Link", "c": [["", [], []], inlines, [target, ""]]}]
        if not target.startswith("#"):  # a mark in the same document leads nowhere once its sections are apart
            self.report.noted("link", target=target, text=tree.text_of(held))
        return inlines

    def _note(self, blocks: list[Node]) -> Node:
        """A footnote that names a document is a source; another stays a note."""
        text = tree.text_of(blocks)
        if read_fields.looks_like_source(text):
            for link in tree.find(blocks, "Link"):
                if tree.is_followed(link["c"][2][0]) and link["c"][2][0] not in text:
                    text += f" {link['c'][2][0]}"
            return tree.verbatim(f"[^{self.cite(text)}]")
        self._notes += 1
        name = _letters(self._notes)
        said: list[Node] = []
        for block in tree.plain(blocks):
            inlines = block["c"] if block["t"] in ("Para", "Plain") else tree.words(tree.text_of(block))
            said += [tree.SPACE] * bool(said) + [tree.SPACE if n["t"] == "LineBreak" else n for n in inlines]
        self._definitions.append(tree.para([tree.verbatim(f"[^{name}]:"), tree.SPACE, *self._inlines(said)]))
        return tree.verbatim(f"[^{name}]")

    def _image(self, name: str, alt: str) -> Node | None:
        if name not in self.photos:
            self.photos[name] = self._photo(name, alt)
        photo = self.photos[name]
        if photo is None:
            return None
        photo.alt = photo.alt or _alt(alt)
        return {"t": "Image", "c": [["", [], []], tree.words(_alt(alt) or photo.alt), [photo.file, ""]]}

    def _photo(self, name: str, alt: str) -> Photo | None:
        data = self.package.pictures.get(name)
        number = 1 + sum(photo is not None for photo in self.photos.values())
        if number > limits.MAX_OFFICE_PICTURES:
            self.report.noted("pictures", limit=limits.MAX_OFFICE_PICTURES)
            return None
        try:
            if data is None:
                raise photos.Unsafe("")
            made, suffix = photos.remade(data)
        except photos.Unsafe:
            self.report.noted("picture", name=name.rpartition("/")[2])
            return None
        return Photo(f"photo-{number}{suffix}", made, _alt(alt))


def _alt(text: str) -> str:
    """What a picture's alternative text says, where a person wrote it and not a program."""
    automatic = re.compile(rf"\s*(?:{read_fields.spoken('automatic')}).*", re.IGNORECASE | re.DOTALL)
    text = " ".join(re.sub(r"[\[\]<>]", "", automatic.sub("", text)).split())
    numbered = re.fullmatch(rf"(?:{read_fields.spoken('picture')}) ?\d*", text, re.IGNORECASE)
    return "" if numbered or _FILE_NAME.fullmatch(text) else text


def _letters(number: int) -> str:
    """a, b, …, z, aa: the names of notes, as figures are those of sources."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
