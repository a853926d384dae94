"""What the search engine reads of a page: its words, said once, with what they weigh.

The engine is given these records instead of the site's pages: nothing of menus and notes gets in, and words are
written as the engine can compare them. It filters nothing: the catalogue's table does (`tables.py`). It separates
« l'eau » at the straight apostrophe alone, knows no ligature, and reads « M&E » as “me”, the beginning of many words:
these are replaced here, and in the query (`overrides/assets/search.js`), which must do the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from markupsafe import escape

from capitalise.finding import facets
from capitalise.fragments import Text
from capitalise.markup import Section
from capitalise.views.base import Page, Site

GLOSSARY = "glossary"
"""The page whose record has the words of a vocabulary."""
TITLE, SUMMARY, TERMS = 10, 6, 3
"""What a word weighs there, where one of the body weighs 1 (Pagefind takes 0 to 10)."""

_SAME = str.maketrans({"’": "'", "ʼ": "'", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "\u00a0": " ", "\u202f": " "})
_AND = re.compile(r"(?<=[^\W\d_])&amp;(?=[^\W\d_])")
_TEXT = re.compile(r">[^<]+")
_NOTE = re.compile(r"<sup\b[^>]*>.*?</sup>", re.DOTALL)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|mark|s|small|span|strong|u)\b(?:\"[^\"]*\"|[^\">])*>")
_ATTRIBUTES = re.compile(r'<([a-z]+[0-9]?) (?:"[^"]*"|[^">])*>')
_BARE_SECTION = re.compile(r"<(/?)h([2-6])\b")


class Record(NamedTuple):
    """A page for the engine."""

    address: str
    """Where a result leads, from the site's root."""
    html: str


class Said(NamedTuple):
    """What a record says beside the text of its page."""

    address: str
    title: str
    summary: str
    named: tuple[str, ...]
    meta: dict[str, str]


def said(site: Site, page: Page) -> Said | None:
    """Of the page of a product; None for one that says nothing of its own in this language."""
    product = site.library.products.get(page.path)
    if product is None or not page.place(site).indexed:
        return None
    fields, t = product.text(site.lang).fields, site.texts
    named = [*fields.keywords, *facets.words(site.library, product, site.lang), *map(t.country, fields.countries)]
    named += [place.name for place in getattr(fields, "places", ())]
    kind = product.kind.name
    where = t.listing([t.country(code) for code in fields.countries[:3]]) if fields.countries else ""
    course = site.library.course_of(product) if kind == "module" else None
    meta = {
        "title": fields.title,
        "kind": kind,
        "where": course.text(site.lang).fields.title if course else where,
        "summary": fields.summary,
    }
    return Said(site.url(product.id), fields.title, fields.summary, tuple(named), meta)


def of_page(site: Site, page: Page) -> Record | None:
    """A page of the library; None for one that says nothing of its own in this language."""
    if page.path == GLOSSARY:
        return of_glossary(site, page)
    about = said(site, page)
    return of_product(site, about, site.renderer.text(site.library.products[page.path])) if about else None


def of_product(site: Site, about: Said, text: Text) -> Record:
    """A product in this language; its sections become the parts of a result."""
    return _record(
        site,
        about.address,
        title=about.title,
        summary=about.summary,
        named=about.named,
        body=[_plain(str(text.intro)), *map(_part, text.sections)],
        meta=about.meta,
    )


def of_document(site: Site, address: str, title: str, html: str) -> Record:
    """A page written by hand."""
    body = re.sub(r"<h1\b.*?</h1>", "", html, flags=re.DOTALL)
    body = re.sub(r'<div class="footnote">.*', "", body, flags=re.DOTALL)
    return _record(site, address, title=title, body=[_NOTE.sub("", body)], meta={"kind": "page"})


def of_glossary(site: Site, page: Page) -> Record:
    """The glossary as one result, whose parts are its terms."""
    entries = (
        f'<h2 id="{term.id}">{escape(term.name(site.lang))}</h2>'
        f"<p>{escape(term.meaning(site.lang))} {escape(', '.join(term.synonyms.get(site.lang, ())))}</p>"
        for term in site.sorted_terms(list(site.library.vocabularies["glossary"]))
    )
    return _record(site, site.url(page.path), title=page.title, body=entries, meta={"kind": "page"})


def _part(section: Section) -> str:
    return f'<h2 id="{section.anchor}">{escape(section.title)}</h2>{_plain(str(section.html))}'


def _plain(html: str) -> str:
    """The HTML of a section, without the marks of notes and with only its own heading as a part.

    Tags within a line and attributes say nothing to the engine; but a term's meaning stands in one, and would change
    the records of all pages that use the term.
    """
    html = _ATTRIBUTES.sub(r"<\1>", _INLINE.sub("", _NOTE.sub("", html)))
    return _BARE_SECTION.sub(r"<\1p", html)


def _same(text: re.Match[str]) -> str:
    """A text as the engine can compare it; « & » between letters becomes a letter that nobody writes."""
    return _AND.sub("ꝸ", text[0]).translate(_SAME)


def _record(
    site: Site,
    address: str,
    *,
    title: str,
    summary: str = "",
    named: Iterable[str] = (),
    body: Iterable[str] = (),
    meta: dict[str, str],
) -> Record:
    said: list[Any] = [f'<html lang="{site.lang}"><body data-pagefind-body>']
    said += [f'<i data-pagefind-meta="{escape(n)}:{escape(v)}"></i>' for n, v in meta.items() if v]
    said.append(f'<h1 data-pagefind-weight="{TITLE}">{escape(title)}</h1>')
    if summary:
        said.append(f'<p data-pagefind-weight="{SUMMARY}">{escape(summary)}</p>')
    if names := ", ".join(named):
        said.append(f'<p data-pagefind-weight="{TERMS}">{escape(names)}.</p>')
    said += body
    return Record(address, _TEXT.sub(_same, "".join(said)))
