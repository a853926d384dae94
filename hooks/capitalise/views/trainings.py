"""What the pages of a course and of its modules show beside their text."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from capitalise.library import Product
from capitalise.markup import BACKREF, FACILITATOR, LEARNER
from capitalise.views.base import Link, Site


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


def course(site: Site, course: Product) -> dict[str, Any]:
    """A course: its objectives, its modules in order, its other views."""
    modules = site.library.modules(course)
    return {
        "objectives": course.text(site.lang).fields.objectives,
        "modules": [_module_row(site, module) for module in modules],
        "print_url": site.url(f"{course.id}/print") if modules else "",
        "facilitator_url": site.url(f"{course.id}/facilitator") if modules else "",
    }


def module(site: Site, module: Product, audience: str) -> dict[str, Any]:
    """A module: its objectives, its place in the course, the way to its neighbours in the same view."""
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


def whole(site: Site, course: Product, audience: str) -> dict[str, Any]:
    """All modules of a course for one page, to print. Anchors are prefixed by the module, notes by its number."""
    chapters = [_chapter(site, module, audience) for module in site.library.modules(course)]
    toc = [Link(f"{chapter['number']}. {chapter['title']}", f"#m{chapter['number']:02}") for chapter in chapters]
    return {"audience": audience, "chapters": chapters, "toc": toc, "course_url": site.url(course.id)}


def _chapter(site: Site, module: Product, audience: str) -> dict[str, Any]:
    rendered = site.renderer.text(module, audience)
    number = module.slug[:2]
    # How a session is run is for who runs it; and a note that it alone cites has no way back there.
    sections = [one for one in rendered.sections if audience != LEARNER or one.anchor != "steps"]
    shown = rendered.intro + Markup("").join(one.html for one in sections)
    sources = Markup(BACKREF.sub(lambda way: way[0] if f'id="{way[1]}"' in shown else "", str(rendered.sources)))
    return _module_row(site, module) | {
        "objectives": module.text(site.lang).fields.objectives,
        "intro": _prefixed(rendered.intro, number),
        "sections": [
            (f"m{number}-{section.anchor}", section.title, _prefixed(section.html, number)) for section in sections
        ],
        "sources": _prefixed(sources, number),
    }


def _prefixed(html: Markup, number: str) -> Markup:
    """HTML whose notes and tabs are numbered apart, so that several modules can share a page."""
    text = str(html)
    for mark in ("fnref", "fn", "__tabbed_"):
        for attribute in ('id="', 'href="#', 'for="', 'name="'):
            text = text.replace(f"{attribute}{mark}", f"{attribute}m{number}-{mark}")
    return Markup(text)
