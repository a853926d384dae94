"""The facts box of a product, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from capitalise.library import Product
from capitalise.views.base import Fact, Link, Site, contact_url


def facts(site: Site, product: Product) -> Iterator[Fact]:
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
        yield fact(
            "evidence",
            Link(t(f"evidence.{evidence}"), site.url(f"evidence/{evidence}"), t(f"evidence.{evidence}.help")),
        )
    if validation := get("validation"):
        yield fact("validation", Link(f"{validation.by}, {t.date(validation.date)}"))
    yield fact("organisations", *site.term_links("organisations", fields.organisations))
    yield fact("communities", *site.term_links("communities", get("communities") or ()))
    if fields.contact:
        yield fact("contact", Link(fields.contact.removeprefix("https://"), contact_url(fields.contact)))
    yield fact("sdgs", *words(f"{number}. {t(f'sdg.{number}')}" for number in fields.sdgs))
    yield fact("reviewers", *words(credited(person) for person in fields.reviewers))
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


def credited(person: Any) -> str:
    return f"{person.name} ({person.organisation})" if person.organisation else person.name
