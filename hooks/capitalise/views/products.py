"""The pages of products: sheets, courses with their modules, session summaries; and what remains of a withdrawn one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from capitalise.data import citation, embedded, selection
from capitalise.fragments import Text
from capitalise.library import Product, terms_of
from capitalise.markup import FACILITATOR, LEARNER
from capitalise.model import Figure, Video
from capitalise.relations import Related, related
from capitalise.settings import LICENCES
from capitalise.views import trainings
from capitalise.views.base import Card, Link, Page, Picture, Site
from capitalise.views.facts import credited, facts
from capitalise.views.maps import locator
from capitalise.views.notices import notices
from capitalise.views.wayback import remark_link


def pages(site: Site) -> Iterator[Page]:
    """Every page of every product."""
    for product in site.library.products.values():
        yield from of_product(site, product)


def of_product(site: Site, product: Product) -> Iterator[Page]:
    """The pages of a product: one, and for trainings the views to print and to facilitate."""
    if product.is_withdrawn:
        yield _remains(site, product)
        return
    name = product.kind.name
    yield _page(site, product, name, lambda: _view(site, product, LEARNER))
    if name == "module":
        yield _other(site, product, "facilitator", "module", lambda: _view(site, product, FACILITATOR))
    elif name == "course" and site.library.modules(product):
        yield _other(site, product, "print", "course-print", lambda: _whole(site, product, LEARNER))
        yield _other(site, product, "facilitator", "course-print", lambda: _whole(site, product, FACILITATOR))


def _page(site: Site, product: Product, template: str, view: Any) -> Page:
    text = product.text(site.lang)
    return Page(
        path=product.id,
        lang=site.lang,
        template=f"{template}.html",
        title=text.fields.title,
        description=text.fields.summary,
        view=view,
        languages=tuple(product.texts),
        content_lang=text.lang,
        crumbs=crumbs(site, product),
    )


def _remains(site: Site, product: Product) -> Page:
    """That a product was withdrawn, and why: its summary is gone too, and search engines are to forget it."""
    page = _page(site, product, "withdrawn", lambda: _withdrawn(site, product))
    reason = product.text(site.lang).fields.withdrawal_reason
    return replace(page, description=reason or site.texts("notice.withdrawn"), indexed=False)


def _other(site: Site, product: Product, name: str, template: str, view: Any) -> Page:
    """Another view of a product's page: not for search engines."""
    page = _page(site, product, template, view)
    return replace(
        page,
        path=f"{product.id}/{name}",
        title=f"{page.title} – {site.texts(f'view.{name}')}",
        indexed=False,
        canonical_path=product.id,
        crumbs=(*page.crumbs, site.product_link(product)),
    )


def crumbs(site: Site, product: Product) -> tuple[Link, ...]:
    """The way from the home page to a product."""
    collection = product.kind.collection
    way = [Link(site.texts(f"collection.{collection}"), site.url(collection))]
    if product.kind.name == "module" and (course := site.library.course_of(product)):
        way.append(site.product_link(course))
    if product.kind.name == "session":
        way.append(site.term_link("communities", product.fields.community))
    return tuple(way)


def _withdrawn(site: Site, product: Product) -> dict[str, Any]:
    fields = product.text(site.lang).fields
    return {
        "title": fields.title,
        "reason": fields.withdrawal_reason,
        "lang": site.foreign(product),
        "collection": Link(site.texts(f"collection.{product.kind.collection}"), site.url(product.kind.collection)),
    }


def _view(site: Site, product: Product, audience: str) -> dict[str, Any]:
    view = _common(site, product, site.renderer.text(product, audience))
    if product.kind.name == "sheet":
        view["locator"] = locator(site, product)
        view["compare"] = Link(product.slug, site.url("compare"))
    elif product.kind.name == "course":
        view |= trainings.course(site, product)
    elif product.kind.name == "module":
        view |= trainings.module(site, product, audience)
    return view


def _whole(site: Site, course: Product, audience: str) -> dict[str, Any]:
    """A course with all its modules on one page."""
    view = _common(site, course, site.renderer.text(course, audience))
    return view | trainings.course(site, course) | trainings.whole(site, course, audience)


def _common(site: Site, product: Product, words: Text) -> dict[str, Any]:
    text = product.text(site.lang)
    fields, t = text.fields, site.texts
    shown = product.shown_attachments(site.library.today)
    return {
        "kind": product.kind.name,
        "kind_label": t(f"kind.{product.kind.name}"),
        "title": fields.title,
        "summary": fields.summary,
        "lang": site.foreign(product),
        "notices": list(notices(site, product)),
        "byline": _byline(site, product),
        "date": t.date(fields.date),
        "facts": [fact for fact in facts(site, product) if fact.items],
        "figures": [_figure(site, figure) for figure in getattr(fields, "results", [])],
        "costs": [_figure(site, figure) for figure in getattr(fields, "costs", [])],
        "cover": site.picture(product, fields.cover),
        "photos": [picture for photo in fields.photos if (picture := site.picture(product, photo))],
        "videos": [found for video in fields.videos if (found := _video(site, product, video))],
        "text": words,
        "files": [_file(site, product, handout) for handout in fields.files if handout.file in shown],
        "related": [_related(site, one) for one in related(site.library, product)],
        "more": list(_more(site, product)),
        "reuse": [
            {"where": one.where, "by": one.by, "date": t.date(one.date), "what": one.what} for one in fields.reuse
        ],
        "keywords": fields.keywords,
        "citation": _citation(site, product),
        "licence": _licence(site, product),
        "edit_url": site.settings.edit_url(text.file),
        "remark": remark_link(site, product),
        "share": _share(site, product),
        "languages": [
            Link(t.language(lang), site.addresses.page(product.id, lang), site.state_label(product.state(lang)))
            for lang in site.settings.languages
            if lang in product.texts
        ],
        "head": _head(site, product),
    }


def _related(site: Site, one: Related) -> Card:
    """A related product, with what both share; where they share nothing, that its authors named it."""
    names = [site.term_link(vocabulary, term).text for vocabulary, term in one.shared[:3]]
    why = site.texts("related.shared", terms=", ".join(names)) if names else site.texts("related.declared")
    return replace(site.card(one.product), why=why)


def _more(site: Site, product: Product) -> Iterator[Link]:
    """Where the other products of its course, community and organisations are, with their number."""
    if product.kind.name == "module" and (course := site.library.course_of(product)):
        link, number = site.product_link(course), len(site.library.modules(course)) - 1
        if number > 0:
            yield link._replace(note=site.texts.number(number))
    for vocabulary, term in terms_of(product.fields):
        if vocabulary not in ("communities", "organisations"):
            continue
        number = len(site.library.with_term(vocabulary, term)) - 1
        if number > 0:
            yield site.term_link(vocabulary, term)._replace(note=site.texts.number(number))


def _head(site: Site, product: Product) -> dict[str, Any]:
    """What machines read in the page's head."""
    library, settings, lang = site.library, site.settings, site.lang
    return {
        "dublin_core": embedded.dublin_core(product, library, settings, lang),
        "highwire": embedded.highwire(product, library, settings, lang),
        "json_ld": Markup(embedded.json_ld(product, library, settings, lang)),
    }


def _byline(site: Site, product: Product) -> str:
    return site.texts.listing([credited(author) for author in product.fields.authors])


def _figure(site: Site, figure: Figure) -> dict[str, Any]:
    return {
        "value": site.texts.number(figure.value),
        "unit": figure.unit or "",
        "label": figure.label,
        "source": figure.source,
    }


def _file(site: Site, product: Product, handout: Any) -> dict[str, Any]:
    path = product.attachments[handout.file]
    size = path.stat().st_size
    return {
        "url": site.addresses.file(product.id, handout.file),
        "label": handout.label,
        "type": path.suffix.lstrip(".").upper(),
        "size": site.texts.size(size),
    }


def _video(site: Site, product: Product, video: Video) -> dict[str, Any] | None:
    """A video with its poster; None where it may not be shown. The film itself where we hold it."""
    if video.poster not in product.shown_attachments(site.library.today):
        return None
    file, save = "", ""
    if video.file:
        path = product.attachments[video.file]
        kind, size = path.suffix.lstrip(".").upper(), site.texts.size(path.stat().st_size)
        file = site.addresses.file(product.id, video.file)
        save = site.texts("product.video.save", type=kind, size=size)
    return {
        "title": video.title,
        "poster": site.shown(product, video.poster, Picture("", "", "", video.credit, video.licence or "")),
        "file": file,
        "save": save,
        "url": video.url or "",
    }


def _citation(site: Site, product: Product) -> dict[str, str]:
    return {
        "text": citation.reference(product, site.library, site.settings, site.lang),
        "bib": site.addresses.beside(product.id, site.lang, "citation.bib"),
        "ris": site.addresses.beside(product.id, site.lang, "citation.ris"),
    }


def _licence(site: Site, product: Product) -> Link:
    licence = selection.licence(product, site.settings)
    return Link(site.texts.table.get(f"licence.{licence}", licence), LICENCES.get(licence, ""))


def _share(site: Site, product: Product) -> dict[str, str]:
    """Addresses that hand the page on; on a stick without a known site there is nothing to hand on."""
    if not site.settings.addresses.site_url:
        return {}
    url = site.addresses.absolute(site.url(product.id))
    title = product.text(site.lang).fields.title
    words = quote(f"{title} {url}")
    return {
        "url": url,
        "whatsapp": f"https://wa.me/?text={words}",
        "email": f"mailto:?subject={quote(title)}&body={words}",
    }
