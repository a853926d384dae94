"""Search, catalogue and map: what they read is gathered while pages are made, and written at the end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from capitalise import finding, whole
from capitalise.finding import index, records, tables
from capitalise.finding.shelf import Shelf
from capitalise.views import maps
from capitalise.views.base import Site


class Gathered:
    """What the search engine is to read, as it waits in a folder that goes with the build, even a failed one."""

    def __init__(self, folder: str | None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="capitalise-", dir=folder)

    def add(self, lang: str, record: records.Record) -> None:
        """Keeps the words of a page for the index of its language."""
        index.add(record, self.folder(lang))

    def folder(self, lang: str) -> Path:
        """Where the records of a language wait."""
        return Path(self._folder.name, lang)

    def forget(self) -> None:
        """Removes the records."""
        self._folder.cleanup()


def on_config(config: MkDocsConfig) -> None:
    if "records" not in config.extra:
        config.extra["records"] = Gathered(config.extra.get("work"))


@event_priority(-100)  # after chrome.py
def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Keeps the words of a page written by hand; products.py hands over those of the library's."""
    lang = config.plugins["i18n"].current_language
    if context["content_lang"] == lang and not page.is_homepage:
        site: Site = config.extra["sites"][lang]
        config.extra["records"].add(lang, records.of_document(site, page.url, page.title or "", page.content or ""))
    return context


@event_priority(-200)  # once, after i18n (at -100) has built every language
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building or "bundle" in config.extra:
        return
    sites: dict[str, Site] = config.extra["sites"]
    gathered: Gathered = config.extra["records"]
    cache = config.extra["cache"]  # products.py
    shelf = Shelf(cache / finding.KEPT) if cache else None
    part = _part(config, next(iter(sites.values())))
    for lang, site in sites.items():
        folder = Path(config.site_dir, finding.FOLDER, lang)
        packed = None if config.use_directory_urls else folder / "packed"  # a copy to be opened as files
        try:
            made = index.build(gathered.folder(lang), folder / "index", packed=packed, shelf=shelf, part=part)
        except index.Changed as error:
            raise PluginError(site.texts("build.search", reason=str(error))) from None
        for name, script in tables.tables(site, made):
            whole.write(folder / f"{name}.js", script)
    whole.write(Path(config.site_dir, maps.LAND), maps.land(site.library))
    gathered.forget()


def _part(config: MkDocsConfig, site: Site) -> int:
    """Bytes of records in one index."""
    value = str(config.extra.get("capitalise", {}).get("search_part") or index.PART)
    if not value.isdecimal() or int(value) < index.LEAST_PART:
        raise PluginError(site.texts("build.search-part", value=value, least=index.LEAST_PART))
    return int(value)
