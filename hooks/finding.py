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
from capitalise.finding.spelling import Words
from capitalise.views import maps
from capitalise.views.base import Site


def on_config(config: MkDocsConfig) -> None:
    if "records" not in config.extra:
        config.extra["records"] = tempfile.TemporaryDirectory(
            prefix="capitalise-", dir=config.extra.get("work")
        )  # goes with the build, even a failed one


@event_priority(-100)  # after chrome.py has made the view
def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Keeps the words of a page for the index of its language: of pages that say something of their own."""
    lang = config.plugins["i18n"].current_language
    site: Site = config.extra["sites"][lang]
    record = _record(site, page, context)
    if record:
        index.add(record, _folder(config, lang))
        config.extra.setdefault("spelling", {}).setdefault(lang, Words()).add(record)
    return context


def _record(site: Site, page: Page, context: dict[str, Any]) -> records.Record | None:
    if context["content_lang"] != site.lang or not context["indexed"]:
        return None
    spec = getattr(page, "spec", None)
    if spec is None:
        return None if page.is_homepage else records.of_document(site, page.url, page.title or "", page.content or "")
    if spec.path == "glossary":
        return records.of_glossary(site, spec)
    product = site.library.products.get(spec.path)
    return records.of_product(site, product, context["view"]) if product else None


@event_priority(-200)  # once, after i18n (at -100) has built every language
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building:
        return
    sites: dict[str, Site] = config.extra["sites"]
    for lang, site in sites.items():
        folder = Path(config.site_dir, finding.FOLDER, lang)
        try:
            results = index.build(_folder(config, lang), folder / "index")
            if not config.use_directory_urls:  # a copy to be opened as files
                index.pack(folder / "index", folder / "packed")
        except index.Changed as error:
            raise PluginError(site.texts("build.search", reason=str(error))) from None
        for name, script in tables.tables(site, results, config.extra["spelling"][lang].frequent()):
            whole.write(folder / f"{name}.js", script)
    whole.write(Path(config.site_dir, maps.LAND), maps.land(site.library))
    config.extra["records"].cleanup()


def _folder(config: MkDocsConfig, lang: str) -> Path:
    """Where the records of a language wait for the engine."""
    return Path(config.extra["records"].name, lang)
