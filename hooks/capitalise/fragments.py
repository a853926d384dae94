"""The HTML of each text, made once: in this build, or in one before it.

What a text's HTML depends on is known in two steps: the text, and what it asks of the library while it is made (where
its links lead, which pictures may be shown). So its questions are kept under the hash of the text, and its HTML under
the hash of the text, of the questions, and of the answers that they get now.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property

from markupsafe import Markup

from capitalise import safety
from capitalise.addresses import Addresses
from capitalise.library import Library, Product
from capitalise.markup import LEARNER, QUOTED, Rendered, Renderer, Section
from capitalise.store import Store, digest

_AT_HAND = 64
"""Texts whose HTML stays in memory: a sheet's lessons are shown by some pages that come one after the other."""

Question = tuple[str, str]
"""What is asked of the library: `link`, `image` or `picture`, and the target as it is written."""


class Text:
    """A product's text in HTML, made when it is looked at. As a value in a view, it is its key."""

    def __init__(self, find: Callable[[], bytes | None], make: Callable[[], tuple[bytes, Rendered]]) -> None:
        self._find, self._make = find, make

    @cached_property
    def _made(self) -> tuple[bytes, Rendered]:
        return self._make()

    @cached_property
    def key(self) -> bytes:
        """Changes with the HTML; known without making it, where it was made before."""
        return self._find() or self._made[0]

    def __repr__(self) -> str:
        return f"Text({self.key.hex()})"

    @property
    def intro(self) -> Markup:
        """What stands before the first heading."""
        return self._made[1].intro

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections."""
        return self._made[1].sections

    @property
    def sources(self) -> Markup:
        """The list of sources and notes."""
        return self._made[1].sources


class Fragments(Renderer):
    """Renders the texts of a library for the pages of one language, and keeps what it made.

    `version` tells the program that renders from any other.
    """

    def __init__(self, library: Library, lang: str, addresses: Addresses, store: Store, version: str) -> None:
        super().__init__(library, lang, addresses)
        self.store, self.version = store, version
        self._at_hand: OrderedDict[bytes, Rendered] = OrderedDict()
        self._asked: dict[Question, str | None] = {}

    def text(self, product: Product, view: str = LEARNER) -> Text:
        """The product in this language, or its original."""
        base = self._base(product, view)
        return Text(lambda: self._known(base, product), lambda: self._made(base, product, view))

    def quoted(self, product: Product) -> tuple[Section, ...]:
        """The sections of a product that other pages show too."""
        return tuple(section for section in self.text(product).sections if section.anchor in QUOTED)

    # ---------------------------------------------------------------------------- keys

    def _base(self, product: Product, view: str) -> bytes:
        """Hash of a text, and of all that its HTML depends on but the answers of the library."""
        text = product.text(self.lang)
        sources = repr(text.fields.sources)
        return digest(self._common, text.lang, product.id, view, text.body, sources)

    @cached_property
    def _common(self) -> bytes:
        """Hash of what the HTML of every text of a language depends on; any of them may hold a word of the glossary."""
        glossary = self.library.vocabularies["glossary"]
        return digest(self.version, self.lang, repr(self.addresses), *map(repr, glossary))

    def _known(self, base: bytes, product: Product) -> bytes | None:
        """The key of a text whose questions are known; None where they are not."""
        kept = self.store.get(digest(base, "asked"))
        if kept is None:
            return None
        shown = product.shown_attachments(self.library.today)
        ways = {
            "link": super()._link(product, shown),
            "image": super()._image(product, shown),
            "picture": super()._picture(product, shown),
        }
        return self._key(base, [(kind, target, ways[kind](target)) for kind, target in json.loads(kept)])

    @staticmethod
    def _key(base: bytes, answers: list[tuple[str, str, str | None]]) -> bytes:
        return digest(base, json.dumps(answers))

    # ---------------------------------------------------------------------------- making

    def _made(self, base: bytes, product: Product, view: str) -> tuple[bytes, Rendered]:
        key = self._known(base, product)
        if key is not None:
            if key in self._at_hand:
                self._at_hand.move_to_end(key)
                return key, self._at_hand[key]
            kept = self.store.get(key)
            if kept is not None:
                return key, self._remember(key, _read(kept))
        self._asked = {}
        rendered = self.render(product, view)
        questions = sorted(self._asked)
        key = self._key(base, [(*question, self._asked[question]) for question in questions])
        self.store.put(digest(base, "asked"), json.dumps(questions).encode())
        self.store.put(key, _written(rendered))
        return key, self._remember(key, rendered)

    def _remember(self, key: bytes, rendered: Rendered) -> Rendered:
        self._at_hand[key] = rendered
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)
        return rendered

    def _link(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        return self._noted("link", super()._link(product, attachments))

    def _image(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        return self._noted("image", super()._image(product, attachments))

    def _picture(self, product: Product, attachments: frozenset[str]) -> safety.Link:
        return self._noted("picture", super()._picture(product, attachments))

    def _noted(self, kind: str, way: safety.Link) -> safety.Link:
        """The same way, which notes what it was asked and what it said."""

        def ask(target: str) -> str | None:
            answer = self._asked[kind, target] = way(target)
            return answer

        return ask


def _written(rendered: Rendered) -> bytes:
    sections = [(one.anchor, one.title, one.html, one.known) for one in rendered.sections]
    return json.dumps([rendered.intro, sections, rendered.sources], ensure_ascii=False).encode("utf-8", "surrogatepass")


def _read(kept: bytes) -> Rendered:
    intro, sections, sources = json.loads(kept.decode("utf-8", "surrogatepass"))
    found = tuple(Section(anchor, title, Markup(html), known) for anchor, title, html, known in sections)
    return Rendered(Markup(intro), found, Markup(sources))
