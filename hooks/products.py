"""The library is read once a build, and every product and every list of them has its page in each language.

MkDocs prints the pages of `docs/`; those of the library are the package's, written beside when it has done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files

from capitalise import kept, making, photos, pictures, published, reading, whole
from capitalise.addresses import Addresses
from capitalise.library import Library
from capitalise.locales import DEFAULT, available, missing, texts
from capitalise.model import Status
from capitalise.press import LOST, Press
from capitalise.serving import bundle
from capitalise.settings import Settings
from capitalise.stick import selection
from capitalise.store import Store
from capitalise.views.base import Site
from capitalise.views.preview import Preview

if TYPE_CHECKING:
    from mkdocs_static_i18n.plugin import I18n

log = get_plugin_logger(__name__)

_STYLES = "assets/stylesheets/main."
"""How the name of the theme's stylesheet begins."""
_UNUSED = ("assets/javascripts/", "assets/stylesheets/palette.", "assets/images/favicon.png")
"""Files of the theme that no page of ours loads: 2 MB on each stick."""


class AttachedFile(File):
    """A file that is made when it is written: of a thousand photos not all are in memory at once."""

    made: Callable[[], bytes]
    failed: Callable[[str], None]

    def copy_file(self, dirty: bool = False) -> None:
        try:
            whole.write(Path(self.abs_dest_path), self.made())
        except (photos.Unsafe, ValueError, OSError) as error:  # it was whole when it was checked
            self.failed(str(error))


def on_config(config: MkDocsConfig) -> None:
    """Reads the library once a build; every later event finds it in `config.extra`."""
    if "sites" in config.extra:  # this event comes again for each language
        return
    i18n = cast("I18n", config.plugins["i18n"])
    languages = (i18n.default_language, *(lang for lang in i18n.build_languages if lang != i18n.default_language))
    for lang in languages:
        if lang not in available():
            raise PluginError(texts(DEFAULT)("build.no-texts", lang=lang))
        if lacking := missing(lang):
            log.warning(texts(lang)("build.missing-texts", lang=lang, keys=", ".join(lacking)))
    options = config.extra.get("capitalise", {})
    root = (Path(config.config_file_path).parent / options.get("products", "products")).resolve()
    copy = config.extra.get("copy")  # offline.py
    if options.get("bundle"):  # the preview reads the library by itself
        config.extra["bundle"] = Path(options["bundle"])
        lib = Library.empty(languages, reading.today())
    else:
        try:
            lib = reading.load(root, copy["web"] if copy else languages, drafts="preview" in config.extra)
        except NotADirectoryError:
            raise PluginError(texts(languages[0])("cli.no-library", path=str(root))) from None
        _report(lib, languages[0])
    addresses = Addresses(languages[0], config.use_directory_urls, config.site_url or "")
    if copy:
        try:
            lib = replace(selection.select(lib, copy["request"]), languages=languages)
        except selection.Unknown as error:
            choices = ", ".join(error.choices)
            raise PluginError(texts(languages[0])("copy.unknown", name=error.name, choices=choices)) from None
        folders = tuple(f"{lang}/" for lang in languages[1:])
        addresses = replace(addresses, flat=True, web_lang=copy["web"][0], folders=folders)
    settings = Settings(
        name=config.site_name,
        addresses=addresses,
        languages=languages,
        publisher=config.site_author or "",
        licence=options.get("licence", "CC-BY-SA-4.0"),
        repository=(options.get("repository") or "").rstrip("/"),
        branch=options.get("branch", "main"),
        contact=options.get("contact") or "",
        phone=str(options.get("phone") or ""),
        description={lang: texts(lang)("site.description") for lang in languages},
        built=lib.today,
        downloads=config.extra.get("downloads", ()),
        stylesheets=_stylesheets(config.theme.dirs),
        is_copy=bool(copy),
    )
    # What the preview is told keeps nothing: no page of the library is printed for it.
    folder = "" if "bundle" in config.extra else options.get("cache") or ""
    cache = config.extra["cache"] = kept.place(Path(config.config_file_path).parent, folder)
    store = Store(cache / making.KEPT if cache else None)
    config.extra["store"] = store
    version = making.version()
    sites = config.extra["sites"] = {lang: Site(lib, settings, lang, store, version) for lang in languages}
    preview = Preview(lib) if "preview" in config.extra else None
    config.extra["press"] = Press(sites, Path(config.theme.custom_dir), preview)
    config.extra["products"] = root
    config.extra["pages"] = {} if "bundle" in config.extra else making.listed(config.extra["press"])


def _stylesheets(folders: Sequence[str]) -> tuple[str, ...]:
    """The theme's own; its name changes with each version."""
    found = (path for folder in folders for path in Path(folder).glob(f"{_STYLES}*.css"))
    return tuple(f"assets/stylesheets/{path.name}" for path in found)


@event_priority(-200)  # i18n is at -100, and rebuilds every file it finds
def on_files(files: Files, config: MkDocsConfig) -> Files:
    for file in [file for file in files if file.src_uri.startswith(_UNUSED)]:
        files.remove(file)
    i18n = cast("I18n", config.plugins["i18n"])
    if i18n.is_default_language_build:
        for file in _attachments(next(iter(config.extra["sites"].values())), config):
            files.append(file)
    config.theme.static_templates -= {LOST, "sitemap.xml"}  # ours (exports.py)
    return files


def _attachments(site: Site, config: MkDocsConfig) -> list[File]:
    """The files that may be published, as they are published: photos and drawings are made anew."""
    darkroom = pictures.Darkroom(kept.of(config.extra["cache"]))
    found = []
    for one in published.files(site.library, site.addresses, darkroom):
        file = cast(AttachedFile, AttachedFile.generated(config, one.address, content=b""))
        file.made = one.made
        file.failed = lambda reason, one=one: log.error(site.texts("build.unsafe-file", file=one.name, reason=reason))
        found.append(file)
    return found


@event_priority(-150)  # once, after i18n (at -100) has built every language, and before what needs the pages
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building:
        return
    if "bundle" in config.extra:
        press, documents = config.extra["press"], config.extra["documents"]
        settings = next(iter(press.sites.values())).settings
        templates = Path(config.theme.custom_dir)
        bundle.write(bundle.Bundle(settings, config.extra["products"], templates, documents), config.extra["bundle"])
        return
    jobs = config.extra.get("capitalise", {}).get("jobs")
    store: Store = config.extra["store"]
    press, pages, out = config.extra["press"], config.extra["pages"], Path(config.site_dir)
    for made in making.write(press, pages, out, store, int(jobs) if jobs else None):
        if made.record:
            config.extra["records"].add(made.lang, made.record)
    store.close()


def _report(lib: Library, lang: str) -> None:
    """Every problem in the build's output: an error leaves a product out, and fails a strict build."""
    words = texts(lang)
    for problem in lib.problems:
        line = problem.in_log(words)
        if problem.is_error:
            log.error(line)
        elif problem.code == "outdated-translation":
            log.info(line)  # the site says so to its readers; an original may be mended before its translations
        else:
            log.warning(line)
    for file in lib.left_out:
        log.error(words("build.left-out", file=file))
    drafts = sum(product.fields.status is Status.DRAFT for product in lib.products.values())
    log.info(words("build.read", products=words.count("count.products", len(lib.products) - drafts)))
