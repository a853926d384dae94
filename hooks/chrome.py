"""What stands around each page written by hand: what the library's own pages have (`capitalise/press.py`)."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from capitalise import data
from capitalise.press import FILTERS, frame
from capitalise.views import home
from capitalise.views.base import Place, Site

_OURS = ("capitalise/", "main.html", "home.html", "open-data.html")


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    # The theme's templates print HTML that MkDocs made; ours print what people wrote.
    env.autoescape = lambda name: bool(name) and name.startswith(_OURS)
    env.filters |= FILTERS
    env.trim_blocks = env.lstrip_blocks = True  # a fifth of a page was blanks
    env.auto_reload = False  # templates do not change during a build
    return env


@event_priority(0)  # i18n is at 50, and sets a switch that a stick can't follow
def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    press = config.extra["press"]
    site: Site = press.sites[config.plugins["i18n"].current_language]
    place = _place(site, page)
    context |= press.shared(site) | frame(press.sites, place, page.url)
    context |= {
        # MkDocs gives a title as HTML, and a description as it was written.
        "title": "" if page.is_homepage else Markup(page.title or "").striptags(),
        "description": page.meta.get("description", ""),
        "content": Markup(page.content or ""),
        "view": home.home(site) if page.meta.get("template") == "home.html" else {},
        "edit_url": site.settings.edit_url(f"docs/{page.file.src_uri}"),
        "data_files": [*data.FILES, *data.feeds(site.settings.languages), "sitemap.xml"],
    }
    if press.preview:
        context["preview"] = press.preview.around(site, "")
    page.canonical_url = context["canonical"]
    return context


def _place(site: Site, page: Page) -> Place:
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
