"""What stands around each page: its head, the menu, the language switch that keeps the reader's place, the foot."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from capitalise import addresses, data
from capitalise.views import home
from capitalise.views.base import Link, Place, Site

_OURS = ("capitalise/", "main.html", "home.html", "open-data.html", "privacy.html", "404.html")


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    # The theme's templates print HTML that MkDocs made; ours print what people wrote.
    env.autoescape = lambda name: bool(name) and name.startswith(_OURS)
    env.filters["rebased"] = _rebased
    env.trim_blocks = env.lstrip_blocks = True  # a fifth of a page was blanks
    env.auto_reload = False  # templates do not change during a build
    # The sitemap is ours (exports.py), and one 404 serves all languages: it is made with the default one.
    config.theme.static_templates.discard("sitemap.xml")
    if not config.plugins["i18n"].is_default_language_build:
        config.theme.static_templates.discard("404.html")
    return env


@event_priority(0)  # i18n is at 50, and sets a switch that a stick can't follow
def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    site: Site = config.extra["sites"][config.plugins["i18n"].current_language]
    spec = getattr(page, "spec", None)
    context |= _shared(site, config)
    context |= _of_document(site, page) if spec is None else {"spec": spec, "view": spec.view(), "crumbs": spec.crumbs}
    if "problems" in config.extra:  # in a preview alone
        context["preview"] = config.extra["problems"].around(site, spec.path if spec else "")
    place = _place_of_file(site, page) if spec is None else spec.place(site)
    sites: dict[str, Site] = config.extra["sites"]
    context["content_lang"] = place.content_lang
    context["indexed"] = place.indexed
    context["hreflang"] = [(lang, site.addresses.absolute(place.here[lang])) for lang in place.alternates]
    context["switch"] = [(lang, one.texts("language.name"), place.here[lang]) for lang, one in sites.items()]
    page.canonical_url = site.addresses.absolute(place.canonical) if config.site_url else None
    return context


def _of_document(site: Site, page: Page) -> dict[str, Any]:
    """What a page written by hand shows beside its text."""
    return {
        "view": home.home(site) if page.meta.get("template") == "home.html" else {},
        "edit_url": site.settings.edit_url(f"docs/{page.file.src_uri}"),
        "data_files": [*data.FILES, *data.feeds(site.settings.languages), "sitemap.xml"],
    }


def _place_of_file(site: Site, page: Page) -> Place:
    """Where a page written by hand stands, in the languages that have it."""
    files = page.file.alternates
    content_lang = page.file.locale
    return Place(
        here={lang: files[lang].url if lang in files else site.addresses.page("", lang) for lang in site.languages},
        alternates=tuple(lang for lang in site.languages if lang in files and files[lang].locale == lang),
        canonical=files[content_lang].url if content_lang in files else page.file.url,
        content_lang=content_lang,
        indexed=content_lang == site.lang,
    )


def on_template_context(context: dict[str, Any], template_name: str, config: MkDocsConfig) -> dict[str, Any]:
    """The 404 page, which is found at any depth and speaks all languages."""
    sites: dict[str, Site] = config.extra["sites"]
    site = sites[config.plugins["i18n"].current_language]
    context |= _shared(site, config)
    context["sites"] = [
        (lang, one.texts, Link(one.texts("page.home"), one.url("").removeprefix("./"))) for lang, one in sites.items()
    ]
    context["switch"] = [(lang, one.texts("language.name"), one.url("")) for lang, one in sites.items()]
    return context


def _shared(site: Site, config: MkDocsConfig) -> dict[str, Any]:
    """What every page of a language has in common; made once."""
    made = config.extra.setdefault("around", {})
    if site.lang not in made:
        made[site.lang] = home.around(site)
    return {"t": site.texts, "site": made[site.lang], "lang_code": site.lang, "settings": site.settings}


@pass_context
def _rebased(context: Context, html: str) -> Markup:
    """Safe HTML with its links fit for the page that shows it."""
    return Markup(addresses.rebase(html, context["page"].url))
