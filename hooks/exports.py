"""The open data beside the pages: catalogue, places, vocabularies, feeds, citations, sitemap; former addresses."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

import capitalise
from capitalise import covers, data, redirects, wayback, whole
from capitalise.data import sitemap
from capitalise.views.base import Site
from capitalise.wayback import form

log = get_plugin_logger(__name__)

_NOTICES = "third-party.txt"


@event_priority(-300)  # when every page written by hand has its languages
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Notes which pages there are beside the library's, for the sitemap, and adds the notices of what others made."""
    notices = Path(capitalise.__file__).parent / _NOTICES
    files.append(File.generated(config, _NOTICES, abs_src_path=str(notices)))
    lang = config.plugins["i18n"].current_language
    entries = config.extra.setdefault("sitemap", {})
    for file in files.documentation_pages():
        if file.locale == lang and file.inclusion.is_included():
            entries.setdefault(file.norm_src_uri, {})[lang] = file.url
    return files


@event_priority(-200)  # once, after i18n (at -100) has built every language
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building or "bundle" in config.extra:
        return
    sites: dict[str, Site] = config.extra["sites"]
    site = next(iter(sites.values()))
    library, settings = site.library, site.settings
    root = Path(config.site_dir)
    for name, export in (data.FILES | data.feeds(settings.languages)).items():
        whole.write(root / name, export(library, settings))
    for lang, one in sites.items():
        for product in library.listed:
            for name, export in data.BESIDE.items():
                whole.write(
                    root / settings.addresses.beside(product.id, lang, name), export(product, library, settings, lang)
                )
        whole.write(root / wayback.script(lang), form.script(one))
        for path, html in redirects.pages(one):
            whole.write(root / path, html)
    for name in {covers.name(product) for product in library.listed if covers.needed(product, library.today)}:
        whole.write(root / covers.FOLDER / f"{name}.svg", covers.draw(name))
    entries = sitemap.entries(sites, config.extra["pages"], config.extra["sitemap"].values())
    whole.write(root / "sitemap.xml", sitemap.sitemap(entries))
    log.info(site.texts("build.exported", number=len(data.FILES)))
