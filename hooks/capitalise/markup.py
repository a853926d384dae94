"""From a product's Markdown to the HTML of its sections.

Each section is converted by itself, so that a tag left open in one can't swallow the next, and so that a practice
page can show the lessons of twenty sheets. The links in the result begin with `addresses.ROOT`.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass

from markdown.extensions.footnotes import FootnoteExtension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from capitalise import dialect, limits, links, parsing, pictures, safety
from capitalise.addresses import ROOT, Addresses
from capitalise.glossary import Glossary
from capitalise.library import Library, Product
from capitalise.locales import Texts, texts
from capitalise.model import Source

LEARNER, FACILITATOR = "learner", "facilitator"
QUOTED = ("success-factors", "difficulties", "lessons")
"""Anchors of the sections of a sheet that the pages of its practices show."""

_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:[ \t]+\S.*$", re.MULTILINE)
_UNTITLED = re.compile(r"^(?P<mark>[ \t]*(?:!!!|\?\?\?\+?)) ?(?P<type>[a-z]+)[ \t]*$", re.MULTILINE)
BACKREF = re.compile(r'<a class="footnote-backref" href="#(fnref\d*:[^"]+)"[^>]*>.*?</a>')
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
"""As nh3 writes them."""
_SIZES = "(max-width: 60em) 94vw, 37rem"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!>])")


@dataclass(frozen=True)
class Section:
    """A section ready to be shown, but for the way to the root (`addresses.rebase`)."""

    anchor: str
    title: str
    html: Markup
    known: bool = True


@dataclass(frozen=True)
class Rendered:
    """A text ready to be shown."""

    intro: Markup
    sections: tuple[Section, ...]
    sources: Markup
    """The list of sources and notes; empty where there are none."""


class Renderer:
    """Converts the texts of a library for the pages of one language. Holds one Markdown parser, used in turn."""

    def __init__(self, library: Library, lang: str, addresses: Addresses) -> None:
        self.library, self.lang, self.addresses = library, lang, addresses
        self.texts = texts(lang)
        self._footnotes = FootnoteExtension(BACKLINK_TITLE=self.texts("sources.back"))
        self._view = _View()
        self._glossaries: dict[str, Glossary] = {}
        self._glossary_page = f"{ROOT}{addresses.page('glossary', lang)}"
        self._markdown = dialect.parser(self._footnotes)
        self._markdown.treeprocessors.register(self._view, "capitalise-view", 1)
        self._list_footnotes = self._markdown.treeprocessors["footnote"]
        self._markdown.treeprocessors.deregister("footnote")
        self._choice = parsing.install(self._markdown)

    def render(self, product: Product, view: str = LEARNER) -> Rendered:
        """The product in this language, or its original."""
        text = product.text(self.lang)
        attachments = product.shown_attachments(self.library.today)
        self._view.name = view
        self._choice.everyone()
        self._markdown.reset()
        definitions = [_note(number, source) for number, source in enumerate(text.fields.sources, 1)]
        definitions += _DEFINITION.findall(text.body)
        self._markdown.convert("\n\n".join(definitions))
        words = texts(text.lang)
        self._view.glossary = self._glossary(text.lang)
        self._view.marked = set()

        link, image = self._link(product, attachments), self._image(product, attachments)
        picture, clean = self._picture(product, attachments), safety.cleaner(link, image)

        def convert(markdown_text: str) -> Markup:
            return Markup(_pictured(clean(self._markdown.convert(_titled(markdown_text, words))), picture))

        sections, intro = [], Markup("")
        for part in text.parts:
            if part.is_blank:
                continue
            html = convert(part.text)
            if part.title:
                sections.append(Section(part.anchor, _plain_title(part.title), html, part.known))
            else:
                intro = html
        self._view.glossary = None
        return Rendered(intro, tuple(sections), self._sources(link, image))

    def _glossary(self, lang: str) -> tuple[Glossary, str]:
        """The glossary of a text's language, with the page that holds it."""
        if lang not in self._glossaries:
            self._glossaries[lang] = Glossary(self.library.vocabularies["glossary"], lang)
        return self._glossaries[lang], self._glossary_page

    def _sources(self, link: safety.Link, image: safety.Link) -> Markup:
        """The list that the footnotes extension would put at the end, without ways back to where nothing is."""
        if not self._footnotes.footnotes:
            return Markup("")
        self._choice.listing = self._list_footnotes
        try:
            html = self._markdown.convert("&#8203;")  # of an empty text it makes nothing, not even the notes
        finally:
            self._choice.listing = None
        start = html.find("<ol>")
        if start < 0:
            return Markup("")
        html = safety.clean(html[start : html.rindex("</ol>") + 5], link, image)
        # One way back for each, to where it is first cited; none for what is listed and not cited.
        cited = self._footnotes.found_refs
        return Markup(BACKREF.sub(lambda way: way[0] if way[1] in cited else "", html))

    def _link(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        def link(target: str) -> str | None:
            if target.startswith("//"):
                return f"https:{target}"  # in a page opened as a file it would lead to another computer's files
            if target.startswith(("#", self._glossary_page)) or links.is_elsewhere(target):
                return target
            where = links.resolve(target, product.id)
            other = self.library.products.get(where.product)
            if other is None:
                return None
            if where.file:
                shown = attachments if other is product else other.shown_attachments(self.library.today)
                return ROOT + self.addresses.file(other.id, where.file) if where.file in shown else None
            fragment = f"#{where.fragment}" if where.fragment else ""
            return ROOT + self.addresses.page(other.id, self.lang) + fragment

        return link

    def _image(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        def image(target: str) -> str | None:
            where = links.resolve(target, product.id)
            if links.is_elsewhere(target) or where.product != product.id or where.file not in attachments:
                return None
            return ROOT + self.addresses.file(product.id, where.file)

        return image

    def _picture(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        """What is published of a picture, by its address in the HTML: a text, so that it is known what was asked."""
        names = {ROOT + self.addresses.file(product.id, name): name for name in attachments}

        def picture(address: str) -> str | None:
            if address not in names:
                return None
            name = names[address]
            path = product.attachments[name]
            made = pictures.renditions(product.id, name, path, self.addresses)
            return json.dumps([made, (made[-1].width, made[-1].height) if made else pictures.measured(path)])

        return picture


class _View(Treeprocessor):
    """One source, two views: tips and answers folded for the learner, open for the facilitator.

    It also marks the terms of the glossary, each where it first occurs in the text.
    """

    name = LEARNER
    glossary: tuple[Glossary, str] | None = None
    marked: set[str]

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            if element.tag == "details" and self.name == FACILITATOR and "answer" in element.get("class", "").split():
                element.set("open", "open")
            elif element.tag == "div" and self.name == LEARNER and "facilitator" in element.get("class", "").split():
                element.tag = "details"
                element.set("class", "facilitator")
                if len(element) and element[0].get("class") == "admonition-title":
                    element[0].tag = "summary"
                    del element[0].attrib["class"]
            elif element.tag == "img":
                element.set("loading", "lazy")
            elif element.tag in ("h1", "h2"):
                element.tag = "h3"  # the page's own headings stand above
        for element in root.iter("p"):
            self._figure(element)
        if self.glossary:
            glossary, page = self.glossary
            glossary.mark(root, self.marked, page)

    @staticmethod
    def _figure(paragraph: etree.Element) -> None:
        """A picture alone in its paragraph, with a title, is a figure whose caption is the title."""
        if (
            len(paragraph) != 1
            or paragraph[0].tag != "img"
            or (paragraph.text or "").strip()
            or (paragraph[0].tail or "").strip()
        ):
            return
        image = paragraph[0]
        if image.get("title"):
            paragraph.tag = "figure"
            caption = etree.SubElement(paragraph, "figcaption")
            caption.text = image.attrib.pop("title")


def _pictured(html: str, published: safety.Link) -> str:
    """Safe HTML whose photos come in the width and form that suit the reader, and keep their place."""

    def picture(image: re.Match[str]) -> str:
        given = dict(_ATTRIBUTE.findall(image[1]))
        told = published(given.get("src", ""))
        if told is None:
            return image[0]
        found, size = json.loads(told)
        made = [pictures.Rendition(*one) for one in found]
        width = given.get("width", "")
        sizes = f"{width}px" if width.isdecimal() else _SIZES
        if size and not given.keys() & {"width", "height"}:
            given |= {"width": str(size[0]), "height": str(size[1])}
        webp, plain = (
            [(f"{ROOT}{one.address}", one.width) for one in made if (one.form == "WEBP") is wanted]
            for wanted in (True, False)
        )
        given["src"] = pictures.usual(plain) or given["src"]
        if len(plain) > 1:
            given |= {"srcset": _srcset(plain), "sizes": sizes}
        attributes = "".join(f' {key}="{value}"' for key, value in given.items())
        if not webp:
            return f"<img{attributes}>"
        source = f'<source type="image/webp" srcset="{_srcset(webp)}" sizes="{sizes}">'
        return f"<picture>{source}<img{attributes}></picture>"

    return _IMAGE.sub(picture, html)


def _srcset(made: list[tuple[str, int]]) -> str:
    return ", ".join(f"{address} {width}w" for address, width in made)


def plain_text(html: str) -> str:
    """The words of a piece of safe HTML."""
    return " ".join(Markup(html).striptags().split())


def source_text(source: Source) -> str:
    """A source in one line, without its link: title, publisher, year."""
    return ", ".join(filter(None, (source.title, source.publisher, str(source.year or ""))))


def _note(number: int, source: Source) -> str:
    """A source as the definition of a footnote."""
    title = _escape(source.title)
    if source.url:
        title = f"[{title}](<{source.url}>)"
    rest = ", ".join(_escape(str(part)) for part in (source.publisher, source.year) if part)
    return f"[^{number}]: {title}" + (f", {rest}" if rest else "") + "\\."


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _plain_title(title: str) -> str:
    """The words of a heading, without Markdown's marks; of a paragraph underlined by mistake, as it is."""
    if len(title) > limits.MAX_HEADING_CHARS:
        return title
    return _EMPHASIS.sub(r"\2", re.sub(r"\{[^}]*\}\s*$", "", title)).strip()


def _titled(text: str, words: Texts) -> str:
    """Admonitions without a title get the one of their type, in the text's language."""

    def title(match: re.Match[str]) -> str:
        label = words.table.get(f"admonition.{match['type']}")
        return f'{match["mark"]} {match["type"]} "{label}"' if label else match[0]

    return _UNTITLED.sub(title, text) if "!!!" in text or "???" in text else text
