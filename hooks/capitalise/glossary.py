"""Where the glossary's terms occur in a text, so that their definition can be shown there."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from capitalise.locales import fold
from capitalise.vocabularies import Term, Vocabulary

_WORD = re.compile(r"[^\W_]+(?:[-·][^\W_]+)*")
_SKIPPED = frozenset("a code pre summary sup h1 h2 h3 h4 h5 h6 abbr button".split())
_REMEMBERED = 50_000
"""Words that are known to begin no term: a language's common ones."""
MOST = 12
"""Terms marked in one text: more would be noise, and each is marked once."""


@dataclass(frozen=True)
class _Name:
    """One way to write a term."""

    words: tuple[str, ...]
    term: Term
    exact: str
    """An acronym, which must be written as it is (`CAP`, not « cap »); empty for words."""


class Glossary:
    """Finds the terms of a vocabulary in the texts of one language, word by word: the cost does not grow with it."""

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self.lang = lang
        self._by_first: dict[str, list[_Name]] = {}
        self._dull: set[str] = set()  # words seen that begin no term
        for term in vocabulary:
            if lang not in term.label or lang not in term.definition:
                continue
            for text in (term.label[lang], *term.synonyms.get(lang, [])):
                words = tuple(_stem(word) for word in _WORD.findall(text))
                if words and len(text) > 2:
                    name = _Name(words, term, text if text.isupper() else "")
                    self._by_first.setdefault(words[0], []).append(name)
        for names in self._by_first.values():
            names.sort(key=lambda name: (-len(name.words), name.term.id))  # the longest first

    def find(self, text: str, marked: set[str]) -> Iterator[tuple[int, int, Term]]:
        """Start, end and term of each occurrence, in order, of the terms that are not in `marked`; it adds them."""
        if len(marked) >= MOST:
            return
        words = _WORD.findall(text)
        places: list[re.Match[str]] = []  # of the words, where one is needed
        after = 0
        for index in [index for index, word in enumerate(words) if word not in self._dull]:
            for name in self._beginning_with(words[index]) if index >= after else ():
                end = index + len(name.words)
                if name.term.id in marked or tuple(map(_stem, words[index:end])) != name.words:
                    continue
                places = places or list(_WORD.finditer(text))
                first, last = places[index].start(), places[end - 1].end()
                if name.exact and text[first:last] != name.exact:
                    continue
                if len(marked) >= MOST:
                    return
                marked.add(name.term.id)
                yield first, last, name.term
                after = end
                break

    def _beginning_with(self, word: str) -> Sequence[_Name]:
        names = self._by_first.get(_stem(word), ())
        if not names and len(self._dull) < _REMEMBERED:
            self._dull.add(word)
        return names

    def mark(self, root: etree.Element, marked: set[str], address: str) -> None:
        """Makes of each term, where it first occurs, a link to `address#term` titled with its definition."""
        for element in list(root.iter()):
            if element.tag in _SKIPPED or not isinstance(element.tag, str):
                continue
            if len(marked) >= MOST:
                return
            children: list[etree.Element] = []
            if element.text and not element.text.isspace():
                element.text, children = self._split(element.text, marked, address)
            for child in element:
                children.append(child)
                if child.tail and not child.tail.isspace():
                    child.tail, links = self._split(child.tail, marked, address)
                    children += links
            if len(children) > len(element):
                element[:] = children

    def _split(self, text: str, marked: set[str], address: str) -> tuple[str, list[etree.Element]]:
        """What stands before the first term, and the links, each followed by the text after it."""
        links: list[etree.Element] = []
        found = list(self.find(text, marked))
        if not found:
            return text, links
        before, last = text, 0
        for start, end, term in found:
            if links:
                links[-1].tail = text[last:start]
            else:
                before = text[:start]
            link = etree.Element("a", {"class": "glossary", "href": f"{address}#{term.id}"})
            link.set("title", term.meaning(self.lang))
            link.text = text[start:end]
            links.append(link)
            last = end
        if links:
            links[-1].tail = text[last:]
        return before, links


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """A word without case, accents and the mark of the plural: enough to find *indicateurs* under *indicateur*."""
    folded = fold(word)
    return folded[:-1] if len(folded) > 3 and folded[-1] in "sx" else folded
