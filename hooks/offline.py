"""The build of an offline copy: the languages that it holds, and what it tells the command of itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

from capitalise import __version__, whole
from capitalise.locales import DEFAULT, texts
from capitalise.stick import about, downloads, selection
from capitalise.views.base import Site

if TYPE_CHECKING:
    from mkdocs_static_i18n.plugin import I18n


@event_priority(50)  # before products.py reads the library
def on_config(config: MkDocsConfig) -> None:
    options = config.extra.get("capitalise", {})
    request = about.Request.of(options.get("copy") or "")
    if request is None:
        _offer(config, options.get("downloads") or "")
        return
    if "copy" in config.extra:
        return
    i18n = cast("I18n", config.plugins["i18n"])
    web = (i18n.default_language, *(lang for lang in i18n.build_languages if lang != i18n.default_language))
    try:
        chosen = selection.languages(request, web)
    except selection.Unknown as error:
        choices = ", ".join(error.choices)
        raise PluginError(texts(web[0])("copy.unknown", name=error.name, choices=choices)) from None
    for language in i18n.config.languages:
        language.build = language.locale in chosen
        language.default = language.locale == chosen[0]
    config.extra["copy"] = {"request": request, "web": web}


def _offer(config: MkDocsConfig, name: str) -> None:
    """Finds what the site offers for download, where it offers something."""
    if not name or "downloads" in config.extra:
        return
    folder = Path(config.config_file_path).parent / name
    try:
        config.extra["downloads"] = downloads.read(folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PluginError(texts(DEFAULT)("downloads.none", path=str(folder), reason=str(error))) from None
    config.extra["downloads-folder"] = folder


@event_priority(-200)  # i18n is at -100, and rebuilds every file it finds
def on_files(files: Files, config: MkDocsConfig) -> Files:
    i18n = cast("I18n", config.plugins["i18n"])
    if i18n.is_default_language_build:
        for one in config.extra.get("downloads", ()):
            path = config.extra["downloads-folder"] / one.file
            files.append(File.generated(config, f"{downloads.FOLDER}/{one.file}", abs_src_path=str(path)))
    return files


@event_priority(-300)  # once, after i18n (at -100) has built every language and the other hooks have written theirs
def on_post_build(config: MkDocsConfig) -> None:
    if "copy" not in config.extra or config.plugins["i18n"].building:
        return
    site: Site = next(iter(config.extra["sites"].values()))
    told = about.About(
        name=site.settings.name,
        address=site.addresses.site_url,
        built=site.library.today,
        languages=site.settings.languages,
        products=len(site.library.listed),
        contact=site.settings.contact,
        phone=site.settings.phone,
        version=__version__,
    )
    whole.write(Path(config.site_dir, about.NAME), told.text)
