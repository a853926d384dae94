"""The pages of products: sheets, courses with their modules, session summaries; and what remains of a withdrawn one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from capitalise.data import citation, embedded
from capitalise.library import Product
from capitalise.markup import FACILITATOR, LEARNER, Rendered
from capitalise.model import Figure, Status
from capitalise.relations import related
from capitalise.sections import FIELDS
from capitalise.settings import LICENCES
from capitalise.translation import State
from capitalise.views.base import Fact, Link, Notice, Page, Site

COLLECTION = {"sheet": "sheets", "course": "trainings", "module": "trainings", "session": "sessions"}


def pages(site: Site) -> Iterator[Page]:
    """Every page of every product: one each, and for trainings the views to print and to facilitate."""
    for product in site.library.products.values():
        if product.is_withdrawn:
            yield _remains(site, product)
            continue
        name = product.kind.name
        yield _page(site, product, name, lambda p=product: _view(site, p, LEARNER))
        if name == "module":
            yield _other(site, product, "facilitator", "module", lambda p=product: _view(site, p, FACILITATOR))
        elif name == "course" and site.library.modules(product):
            yield _other(site, product, "print", "course-print", lambda p=product: _whole(site, p, LEARNER))
            yield _other(site, product, "facilitator", "course-print", lambda p=product: _whole(site, p, FACILITATOR))


def _page(site: Site, product: Product, template: str, view: Any, **more: Any) -> Page:
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
        source=text.file,
        product=product.id,
        crumbs=crumbs(site, product),
    )


def _remains(site: Site, product: Product) -> Page:
    """That a product was withdrawn, and why: its summary is gone too, and search engines are to forget it."""
    page = _page(site, product, "withdrawn", lambda: _withdrawn(site, product))
    reason = product.text(site.lang).fields.withdrawal_reason
    return replace(page, description=reason or site.texts("notice.withdrawn"), indexed=False)


def _other(site: Site, product: Product, name: str, template: str, view: Any) -> Page:
    """Another view of a product's page: not for search engines."""
    text = product.text(site.lang)
    return Page(
        path=f"{product.id}/{name}",
        lang=site.lang,
        template=f"{template}.html",
        title=f"{text.fields.title} – {site.texts(f'view.{name}')}",
        description=text.fields.summary,
        view=view,
        languages=tuple(product.texts),
        content_lang=text.lang,
        source=text.file,
        indexed=False,
        canonical_path=product.id,
        crumbs=(*crumbs(site, product), site.product_link(product)),
    )


def crumbs(site: Site, product: Product) -> tuple[Link, ...]:
    """The way from the home page to a product."""
    collection = COLLECTION[product.kind.name]
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
        "date": site.texts.date(fields.date),
        "collection": Link(
            site.texts(f"collection.{COLLECTION[product.kind.name]}"), site.url(COLLECTION[product.kind.name])
        ),
    }


def _view(site: Site, product: Product, audience: str) -> dict[str, Any]:
    rendered = site.renderer.render(product, audience)
    view = _common(site, product, rendered)
    if product.kind.name == "course":
        view |= _course(site, product)
    elif product.kind.name == "module":
        view |= _module(site, product, audience)
    return view


def _common(site: Site, product: Product, rendered: Rendered) -> dict[str, Any]:
    text = product.text(site.lang)
    fields, t = text.fields, site.texts
    shown = product.shown_attachments(site.library.today)
    toc = [Link(section.title, f"#{section.anchor}") for section in rendered.sections]
    if rendered.sources:
        toc.append(Link(t("sources.title"), "#sources"))
    return {
        "product": product.id,
        "kind": product.kind.name,
        "kind_label": t(f"kind.{product.kind.name}"),
        "title": fields.title,
        "summary": fields.summary,
        "lang": site.foreign(product),
        "notices": list(_notices(site, product)),
        "byline": _byline(site, product),
        "date": t.date(fields.date),
        "facts": [fact for fact in _facts(site, product) if fact.items],
        "figures": [_figure(site, figure) for figure in getattr(fields, "results", [])],
        "costs": [_figure(site, figure) for figure in getattr(fields, "costs", [])],
        "cover": site.picture(product, fields.cover),
        "photos": [picture for photo in fields.photos if (picture := site.picture(product, photo))],
        "intro": rendered.intro,
        "sections": rendered.sections,
        "sources": rendered.sources,
        "toc": toc,
        "files": [_file(site, product, handout) for handout in fields.files if handout.file in shown],
        "related": site.cards(related(site.library, product)),
        "reuse": [
            {"where": one.where, "by": one.by, "date": t.date(one.date), "what": one.what} for one in fields.reuse
        ],
        "keywords": fields.keywords,
        "citation": _citation(site, product),
        "licence": _licence(site, product),
        "edit_url": site.settings.edit_url(text.file),
        "share": _share(site, product),
        "languages": [
            Link(t.language(lang), site.addresses.page(product.id, lang), site.state_label(product.state(lang)))
            for lang in site.settings.languages
            if lang in product.texts
        ],
        "head": _head(site, product),
    }


def _head(site: Site, product: Product) -> dict[str, Any]:
    """What machines read in the page's head."""
    library, settings, lang = site.library, site.settings, site.lang
    return {
        "dublin_core": embedded.dublin_core(product, library, settings, lang),
        "highwire": embedded.highwire(product, library, settings, lang),
        "json_ld": Markup(embedded.json_ld(product, library, settings, lang)),
    }


# -------------------------------------------------------------------------------- notices


def _notices(site: Site, product: Product) -> Iterator[Notice]:
    text, t = product.text(site.lang), site.texts
    fields = text.fields
    if fields.status in (Status.EXAMPLE, Status.ARCHIVED, Status.DRAFT):
        yield Notice(str(fields.status), t(f"notice.{fields.status}"))
    if text.lang != site.lang:
        language = t.language(text.lang)
        folder = product.original.file.rpartition("/")[0]
        start = site.settings.new_url(folder, f"index.{site.lang}.md")
        links = (Link(t("notice.missing.action"), start),) if start else ()
        yield Notice("missing", t("notice.missing", language=language), links)
    elif text.state is State.OUTDATED:
        yield _outdated(site, product)
    if fields.draft_by == "machine":
        yield Notice("machine", t("notice.machine"))
    if fields.review_by and fields.review_by < site.library.today:
        yield Notice("review", t("notice.review", date=t.date(fields.review_by)))


def _outdated(site: Site, product: Product) -> Notice:
    """Says which sections changed in the original, with the way to them."""
    text, original = product.text(site.lang), product.original
    titles = {part.anchor: part.title for part in (*original.parts, *text.parts)}
    for section in product.kind.sections:  # one that the translation lacks is named in its language all the same
        titles[section.anchor] = site.texts(f"section.{product.kind.name}.{section.anchor}")
    url = site.addresses.page(product.id, original.lang)
    links = tuple(
        Link(
            site.texts("notice.outdated.fields") if anchor == FIELDS else titles.get(anchor) or anchor,
            url if anchor in (FIELDS, "intro") else f"{url}#{anchor}",
        )
        for anchor in text.changed
    )
    language = site.texts.language(original.lang)
    return Notice("outdated", site.texts("notice.outdated", language=language), links or (Link(language, url),))


# -------------------------------------------------------------------------------- facts


def _facts(site: Site, product: Product) -> Iterator[Fact]:
    """The facts box, in the order in which a reader asks."""
    fields, t = product.text(site.lang).fields, site.texts

    def fact(name: str, *items: Link) -> Fact:
        return Fact(name, t(f"fact.{name}"), items)

    def words(values: Any) -> tuple[Link, ...]:
        return tuple(Link(value) for value in values)

    def get(name: str) -> Any:
        return getattr(fields, name, None)

    minutes = site.library.duration(product)
    yield fact("countries", *site.term_links("countries", fields.countries))
    yield fact("places", *words(place.name for place in get("places") or ()))
    if get("place"):
        yield fact("place", Link(fields.place))
    if period := get("period"):
        yield fact("period", Link(_period(site, period)))
    if get("number"):
        yield fact("session-number", Link(t.number(fields.number)))
        yield fact("session-date", Link(t.date(fields.date)))
        yield fact("format", Link(t(f"format.{fields.format}")))
    if community := get("community"):
        yield fact("community", site.term_link("communities", community))
    if minutes:
        yield fact("duration", Link(t.duration(minutes)))
    yield fact("audience", *words(get("audience") or ()))
    yield fact("prerequisites", *words(get("prerequisites") or ()))
    if people := get("participants"):
        yield fact("participants", *words(_participants(site, people)))
    yield fact("facilitators", *words(get("facilitators") or ()))
    yield fact("themes", *site.term_links("themes", fields.themes))
    yield fact("practices", *site.term_links("practices", get("practices") or ()))
    yield fact("hazards", *site.term_links("hazards", get("hazards") or ()))
    yield fact("climate", *words(t(f"climate.{one}") for one in get("climate") or ()))
    yield fact("target-groups", *words(get("target_groups") or ()))
    if evidence := get("evidence"):
        yield fact("evidence", Link(t(f"evidence.{evidence}"), "", t(f"evidence.{evidence}.help")))
    if validation := get("validation"):
        yield fact("validation", Link(f"{validation.by}, {t.date(validation.date)}"))
    yield fact("organisations", *site.term_links("organisations", fields.organisations))
    yield fact("communities", *site.term_links("communities", get("communities") or ()))
    if fields.contact:
        url = fields.contact if fields.contact.startswith("http") else f"mailto:{fields.contact}"
        yield fact("contact", Link(fields.contact.removeprefix("https://"), url))
    yield fact("sdgs", *words(f"{number}. {t(f'sdg.{number}')}" for number in fields.sdgs))
    yield fact("reviewers", *words(_person(person) for person in fields.reviewers))
    yield fact("translators", *words(person.name for person in fields.translators))
    if fields.review_by:
        yield fact("review-by", Link(t.date(fields.review_by)))


def _period(site: Site, period: Any) -> str:
    def point(value: int | date) -> str:
        return str(value) if isinstance(value, int) else site.texts.date(value)

    if period.end is None:
        return site.texts("period.since", start=point(period.start))
    if period.end == period.start:
        return point(period.start)
    return site.texts("period.range", start=point(period.start), end=point(period.end))


def _participants(site: Site, people: Any) -> Iterator[str]:
    t = site.texts
    if people.total is not None:
        yield t.count("count.participants", people.total)
    if people.women is not None:
        yield t.count("count.women", people.women)
    if people.men is not None:
        yield t.count("count.men", people.men)
    if people.countries:
        yield t.listing([t.country(code) for code in people.countries])


def _person(person: Any) -> str:
    return f"{person.name} ({person.organisation})" if person.organisation else person.name


def _byline(site: Site, product: Product) -> str:
    return site.texts.listing([_person(author) for author in product.fields.authors])


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
        "size": site.texts.count("size.kb", max(1, round(size / 1000)))
        if size < 1e6
        else site.texts("size.mb", n=site.texts.number(round(size / 1e6, 1))),
    }


def _citation(site: Site, product: Product) -> dict[str, str]:
    return {
        "text": citation.reference(product, site.library, site.settings, site.lang),
        "bib": f"{site.url(product.id).rpartition('/')[0]}/citation.bib",
        "ris": f"{site.url(product.id).rpartition('/')[0]}/citation.ris",
    }


def _licence(site: Site, product: Product) -> Link:
    licence = product.fields.licence or site.settings.licence
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


# -------------------------------------------------------------------------------- trainings


def _module_row(site: Site, module: Product) -> dict[str, Any]:
    fields = module.text(site.lang).fields
    minutes = site.library.duration(module)
    return {
        "number": int(module.slug[:2]),
        "title": fields.title,
        "summary": fields.summary,
        "lang": site.foreign(module),
        "duration": site.texts.duration(minutes) if minutes else "",
        "url": site.url(module.id),
    }


def _course(site: Site, course: Product) -> dict[str, Any]:
    modules = site.library.modules(course)
    return {
        "objectives": course.text(site.lang).fields.objectives,
        "modules": [_module_row(site, module) for module in modules],
        "print_url": site.url(f"{course.id}/print") if modules else "",
        "facilitator_url": site.url(f"{course.id}/facilitator") if modules else "",
    }


def _module(site: Site, module: Product, audience: str) -> dict[str, Any]:
    course = site.library.course_of(module)
    modules = site.library.modules(course) if course else (module,)
    place = modules.index(module)
    suffix = "/facilitator" if audience == FACILITATOR else ""

    def link(position: int) -> Link | None:
        if not 0 <= position < len(modules):
            return None
        other = modules[position]
        return Link(other.text(site.lang).fields.title, site.url(other.id + suffix))

    return {
        "objectives": module.text(site.lang).fields.objectives,
        "audience": audience,
        "learner_url": site.url(module.id),
        "facilitator_url": site.url(f"{module.id}/facilitator"),
        "course": site.product_link(course) if course else None,
        "position": site.texts("module.position", number=place + 1, total=len(modules)),
        "previous": link(place - 1),
        "next": link(place + 1),
    }


def _whole(site: Site, course: Product, audience: str) -> dict[str, Any]:
    """The whole course on one page, to print. Anchors are prefixed by the module, notes by its number."""
    view = _common(site, course, site.renderer.render(course, audience))
    view |= _course(site, course)
    chapters = []
    for module in site.library.modules(course):
        rendered = site.renderer.render(module, audience)
        number = module.slug[:2]
        chapters.append(
            _module_row(site, module)
            | {
                "objectives": module.text(site.lang).fields.objectives,
                "intro": _prefixed(rendered.intro, number),
                "sections": [
                    (f"m{number}-{section.anchor}", section.title, _prefixed(section.html, number), section.anchor)
                    for section in rendered.sections
                ],
                "sources": _prefixed(rendered.sources, number),
                "lang": site.foreign(module),
            }
        )
    toc = [Link(f"{chapter['number']}. {chapter['title']}", f"#m{chapter['number']:02}") for chapter in chapters]
    return view | {"audience": audience, "chapters": chapters, "toc": toc, "course_url": site.url(course.id)}


def _prefixed(html: Markup, number: str) -> Markup:
    """HTML whose notes and tabs are numbered apart, so that several modules can share a page."""
    text = str(html)
    for mark in ("fnref", "fn", "__tabbed_"):
        for attribute in ('id="', 'href="#', 'for="', 'name="'):
            text = text.replace(f"{attribute}{mark}", f"{attribute}m{number}-{mark}")
    return Markup(text)
