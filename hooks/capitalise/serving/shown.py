"""What the preview answers at each address, from the library as it is now."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from capitalise import covers, data, editor, finding, published, redirects, wayback
from capitalise.addresses import file_of
from capitalise.finding import index, tables
from capitalise.library import Library
from capitalise.pages import LISTS
from capitalise.pictures import Darkroom
from capitalise.press import LOST, Press
from capitalise.serving.bundle import Bundle
from capitalise.store import Store
from capitalise.views import maps, products
from capitalise.views.base import Page, Site
from capitalise.views.preview import Preview
from capitalise.wayback import form

HTML = "text/html; charset=utf-8"


class Answer(NamedTuple):
    """What the browser gets."""

    content: bytes
    kind: str
    """Its media type."""
    found: bool = True


class Search(NamedTuple):
    """The search index as it was last made."""

    folder: Path
    """Holds a folder for each language."""
    made: Mapping[str, index.Index]
    """What each language's is made of."""


class Shown:
    """A site at one moment. Nothing of it is made before it is asked for, and what is asked for twice is kept."""

    def __init__(
        self, library: Library, bundle: Bundle, static: Path, store: Store, version: str, darkroom: Darkroom
    ) -> None:
        self.library, self.bundle, self.static, self.darkroom = library, bundle, static, darkroom
        self.sites = {lang: Site(library, bundle.settings, lang, store, version) for lang in bundle.settings.languages}
        self.problems = Preview(library)
        self.press = Press(self.sites, bundle.templates, self.problems)
        self.site = next(iter(self.sites.values()))
        self.search: Search | None = None
        self._lists: dict[str, dict[str, Page]] = {}
        self._known_tables: dict[str, tuple[Search | None, dict[str, str]]] = {}

    def answer(self, path: str) -> Answer:
        """What stands at a path, from the site's root and without a slash before it."""
        for way in (self._document, self._page, self._file, self._table, self._made, self._static):
            if (answer := way(path)) is not None:
                return answer
        return Answer(self.press.lost(self.site).encode(), HTML, found=False)

    # ---------------------------------------------------------------------------- pages

    def _document(self, path: str) -> Answer | None:
        document = self.bundle.documents.get(path)
        if document is None:
            return None
        return Answer(self.press.print_document(self.sites[document.lang], document).encode(), HTML)

    def _page(self, path: str) -> Answer | None:
        if not path.endswith("/"):
            return None
        first, _, rest = path.rstrip("/").partition("/")
        lang, rest = (first, rest) if first in self.sites and first != self.site.lang else (self.site.lang, path[:-1])
        site = self.sites[lang]
        page = self._page_of_product(site, rest) or self._list(site, rest)
        if page is None:
            return None
        html = self.press.dated(site, self.press.print(site, page, self.press.own(site, page)))
        return Answer(html.encode("utf-8", "xmlcharrefreplace"), HTML)

    def _page_of_product(self, site: Site, path: str) -> Page | None:
        """The page of a product, or another view of it: found without looking at the others."""
        for owner in (path, path.rpartition("/")[0]):
            if product := self.library.products.get(owner):
                return next((page for page in products.of_product(site, product) if page.path == path), None)
        return None

    def _list(self, site: Site, path: str) -> Page | None:
        if site.lang not in self._lists:
            some = (*self.problems.pages(site), *(page for source in LISTS for page in source(site)))
            self._lists[site.lang] = {page.path: page for page in some}
        return self._lists[site.lang].get(path)

    # ---------------------------------------------------------------------------- files

    def _file(self, path: str) -> Answer | None:
        """A photo or handout of a product, as the site would hold it."""
        product = self.library.products.get(path.rpartition("/")[0])
        if product is None:
            return None
        addresses = self.site.addresses
        for one in published.of_product(product, self.library.today, addresses, self.darkroom):
            if unquote(one.address) == path:
                return Answer(one.made(), _kind(path))
        return None

    def _table(self, path: str) -> Answer | None:
        """What search, catalogue and map read."""
        if path == maps.LAND:
            return _text(path, maps.land(self.library))
        lang, _, name = path.removeprefix(f"{finding.FOLDER}/").partition("/")
        if not path.startswith(finding.FOLDER) or lang not in self.sites:
            return None
        if name in self._tables(lang):
            return _text(path, self._tables(lang)[name])
        file = self.search and self.search.folder / lang / PurePosixPath(name)
        return Answer(file.read_bytes(), _kind(path)) if file and file.is_file() else None

    def _tables(self, lang: str) -> dict[str, str]:
        known = self._known_tables.get(lang)
        if known is None or known[0] is not self.search:
            made = self.search.made[lang] if self.search else index.Index({}, [], [])
            found = {f"{name}.js": script for name, script in tables.tables(self.sites[lang], made)}
            known = self._known_tables[lang] = (self.search, found)
        return known[1]

    def _made(self, path: str) -> Answer | None:
        """Open data, covers, former addresses, the editor."""
        library, settings = self.library, self.site.settings
        if export := (data.FILES | data.feeds(settings.languages)).get(path):
            return _text(path, export(library, settings))
        for lang, site in self.sites.items():
            if path == wayback.script(lang):
                return _text(path, form.script(site))
        folder, _, name = path.rpartition("/")
        if folder == covers.FOLDER and name.removesuffix(".svg") in self._covers:
            return _text(path, covers.draw(name.removesuffix(".svg")))
        if name in data.BESIDE:
            lang, _, owner = folder.partition("/") if folder.partition("/")[0] in self.sites else ("", "", folder)
            if product := library.products.get(owner):
                return _text(path, data.BESIDE[name](product, library, settings, lang or self.site.lang))
        if (former := self._former.get(file_of(path))) is not None:
            return Answer(former.encode(), HTML)
        if path.startswith(f"{editor.FOLDER}/"):
            content = self._editor.get(file_of(path).removeprefix(f"{editor.FOLDER}/"))
            return Answer(content, _kind(file_of(path))) if content is not None else None
        return None

    @cached_property
    def _covers(self) -> frozenset[str]:
        shown = (one for one in self.library.listed if covers.needed(one, self.library.today))
        return frozenset(map(covers.name, shown))

    @cached_property
    def _former(self) -> dict[str, str]:
        return {path: html for site in self.sites.values() for path, html in redirects.pages(site)}

    @cached_property
    def _editor(self) -> dict[str, bytes]:
        store = editor.Store(root=self.bundle.products.name)
        return editor.files(self.library, self.site.settings.languages, store)

    def _static(self, path: str) -> Answer | None:
        """What the site's generator copied: stylesheets, scripts, pictures."""
        file = (self.static / file_of(path)).resolve()
        if path == LOST or not file.is_relative_to(self.static) or not file.is_file():
            return None
        return Answer(file.read_bytes(), _kind(file.name))


def _kind(name: str) -> str:
    """The media type of a file, as a web server would say it."""
    if name.endswith((".js", ".mjs")):
        return "text/javascript; charset=utf-8"
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _text(name: str, text: str) -> Answer:
    return Answer(text.encode(), _kind(name))
