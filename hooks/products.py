"""Every product, and every list of them, has its page in each language.

This file alone knows how mkdocs-static-i18n wants its files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from capitalise import photos, pictures, published, reading, store, whole
from capitalise.addresses import Addresses
from capitalise.library import Library
from capitalise.locales import DEFAULT, available, missing, texts
from capitalise.model import Status
from capitalise.pages import pages
from capitalise.settings import Settings
from capitalise.stick import selection
from capitalise.views import base
from capitalise.views.base import Site
from capitalise.views.preview import Preview

if TYPE_CHECKING:
    from mkdocs_static_i18n.plugin import I18n

log = get_plugin_logger(__name__)

_UNUSED = ("assets/javascripts/", "assets/stylesheets/palette.", "assets/images/favicon.png")
"""Files of the theme that no page of ours loads: 2 MB on each stick."""


class ProductFile(File):
    """A page that is in no folder of `docs/`, with what mkdocs-static-i18n gives its own."""

    locale: str
    locale_alternate_of: str
    localization: str
    norm_src_uri: str
    alternates: dict[str, File]


class AttachedFile(File):
    """A file that is made when it is written: of a thousand photos not all are in memory at once."""

    made: Callable[[], bytes]
    failed: Callable[[str], None]

    def copy_file(self, dirty: bool = False) -> None:
        try:
            whole.write(Path(self.abs_dest_path), self.made())
        except (photos.Unsafe, ValueError, OSError) as error:  # it was whole when it was checked
            self.failed(str(error))


class ProductPage(Page):
    """A page whose text and facts the library holds."""

    def __init__(self, spec: base.Page, file: ProductFile, config: MkDocsConfig) -> None:
        super().__init__(None, file, config)
        self.spec = spec

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        # MkDocs and Material print these as they are: they are escaped here.
        self.meta = {
            "template": f"capitalise/{self.spec.template}",
            "title": str(escape(self.spec.title)),
            "description": str(escape(self.spec.description)),
        }

    def render(self, config: MkDocsConfig, files: Files) -> None:
        self.content = ""
        self.toc = TableOfContents([])


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
        is_copy=bool(copy),
    )
    config.extra["sites"] = {lang: Site(lib, settings, lang) for lang in languages}
    if "preview" in config.extra:
        config.extra["problems"] = Preview(lib)


@event_priority(-200)  # i18n is at -100, and rebuilds every file it finds
def on_files(files: Files, config: MkDocsConfig) -> Files:
    i18n = cast("I18n", config.plugins["i18n"])
    lang = i18n.current_language
    site: Site = config.extra["sites"][lang]
    told = config.extra["problems"].pages(site) if "problems" in config.extra else ()
    for spec in (*pages(site), *told):
        file = _file(spec.path, lang, config, i18n)
        file.alternates = {
            other: _file(spec.path, other, config, i18n)
            for other in spec.languages
            if other != lang and other in site.languages
        }
        file.alternates[lang] = file
        files.append(file)
        ProductPage(spec, file, config)
    for file in [file for file in files if file.src_uri.startswith(_UNUSED)]:
        files.remove(file)
    if lang == i18n.default_language:
        for file in _attachments(site, config):
            files.append(file)
    return files


def _file(path: str, lang: str, config: MkDocsConfig, i18n: I18n) -> ProductFile:
    file = cast(
        ProductFile,
        ProductFile.generated(config, f"{lang}/{path}/index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV),
    )
    site: Site = config.extra["sites"][lang]
    if site.addresses.flat:
        file.dest_uri = site.addresses.page(path, lang)
    elif lang == i18n.default_language:
        file.dest_uri = f"{path}/index.html"
    file.norm_src_uri = f"{path}/index.md"
    file.locale = file.locale_alternate_of = file.localization = lang
    return file


def _attachments(site: Site, config: MkDocsConfig) -> list[File]:
    """The files that may be published, as they are published: photos and drawings are made anew."""
    press = pictures.Press(store.near(Path(config.config_file_path).parent))
    found = []
    for one in published.files(site.library, site.addresses, press):
        file = cast(AttachedFile, AttachedFile.generated(config, one.address, content=b""))
        file.made = one.made
        file.failed = lambda reason, one=one: log.error(site.texts("build.unsafe-file", file=one.name, reason=reason))
        found.append(file)
    return found


def _report(lib: Library, lang: str) -> None:
    """Every problem in the build's output: an error leaves a product out, and fails a strict build."""
    words = texts(lang)
    for problem in lib.problems:
        line = f"{problem.file}:{problem.line}: [{problem.code}] {problem.message(words)} {problem.hint(words)}"
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
