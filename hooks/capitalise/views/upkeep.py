"""The pages that keep a library alive: the state of translations, the health of the content, the fields to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from capitalise import limits, schema
from capitalise.library import Product
from capitalise.model import KINDS, Fields
from capitalise.translation import State
from capitalise.values import TermOf, Words
from capitalise.views.base import Link, Page, Site, named_page

ROWS_A_PAGE = 100
SHOWN = 40
"""How many products one matter of the health page names; it counts them all."""


def pages(site: Site) -> Iterator[Page]:
    """Translation status, content health, and the reference of fields."""
    yield from _status(site)
    yield named_page(site, "health", "health.html", lambda: {"matters": list(_matters(site))}, indexed=False)
    yield named_page(site, "fields", "fields.html", lambda: _reference(site))


# -------------------------------------------------------------------------------- translation status


def _status(site: Site) -> Iterator[Page]:
    products = [product for product in site.library.products.values() if not product.is_withdrawn]
    totals = {
        lang: {state: sum(product.state(lang) is state for product in products) for state in State}
        for lang in site.settings.languages
    }
    for path, some, pager in site.paged("status", products, ROWS_A_PAGE):

        def view(some=some, pager=pager) -> dict[str, Any]:
            return {
                "languages": [(lang, site.texts.language(lang)) for lang in site.settings.languages],
                "states": [(str(state), site.state_label(state)) for state in State],
                "totals": {lang: {str(s): n for s, n in counts.items()} for lang, counts in totals.items()},
                "rows": [_status_row(site, product) for product in some],
                "pager": pager,
            }

        yield named_page(site, path, "status.html", view, suffix=pager.suffix, indexed=False)


def _status_row(site: Site, product: Product) -> dict[str, Any]:
    cells = []
    for lang in site.settings.languages:
        state = product.state(lang)
        url = site.addresses.page(product.id, lang)
        if state is State.MISSING:
            url = site.settings.new_url(product.original.file.rpartition("/")[0], f"index.{lang}.md")
        elif state is State.OUTDATED:
            url = site.settings.edit_url(product.texts[lang].file) or url
        cells.append({"state": str(state), "label": site.state_label(state), "url": url})
    return {"link": site.product_link(product), "id": product.id, "cells": cells, "lang": site.foreign(product)}


# -------------------------------------------------------------------------------- health


def _matters(site: Site) -> Iterator[dict[str, Any]]:
    """Each matter that an editor should look at, with the products it concerns."""
    library = site.library
    alive = library.listed
    coded: dict[str, set[str]] = {}
    for problem in library.problems:
        coded.setdefault(problem.code, set()).add(problem.file)

    def with_code(code: str) -> list[Product]:
        files = coded.get(code, set())
        return [p for p in alive if any(text.file in files for text in p.texts.values())]

    in_any = site.settings.languages
    matters: dict[str, Sequence[Product]] = {
        "review": [p for p in alive if p.fields.review_by and p.fields.review_by < library.today],
        "missing": [p for p in alive if any(p.state(lang) is State.MISSING for lang in in_any)],
        "outdated": [p for p in alive if any(p.state(lang) is State.OUTDATED for lang in in_any)],
        "machine": [p for p in alive if any(text.fields.draft_by for text in p.texts.values())],
        "licence": [p for p in alive if not p.fields.licence],
        "alt": with_code("missing-alt"),
        "consent": with_code("missing-consent"),
        "place": with_code("precise-place"),
        "link": with_code("broken-link"),
        "validation": [p for p in library.of_kind("sheet") if not p.fields.validation],
    }
    for name, products in matters.items():
        yield {
            "name": name,
            "title": site.texts(f"health.{name}"),
            "help": site.texts(f"health.{name}.help"),
            "count": len(products),
            "links": [site.product_link(product) for product in products[:SHOWN]],
            "more": max(0, len(products) - SHOWN),
        }
    yield {
        "name": "left-out",
        "title": site.texts("health.left-out"),
        "help": site.texts("health.left-out.help"),
        "count": len(library.left_out),
        "links": [Link(file, site.settings.edit_url(file)) for file in library.left_out[:SHOWN]],
        "more": max(0, len(library.left_out) - SHOWN),
    }


# -------------------------------------------------------------------------------- fields


def _reference(site: Site) -> dict[str, Any]:
    return {"kinds": [_kind(site, name) for name in KINDS], "limits": list(_limits(site))}


def _limits(site: Site) -> Iterator[str]:
    """What a contribution may hold at most: each limit that the texts have words for, in the order of `limits.py`."""
    t = site.texts
    for name, most in vars(limits).items():
        if f"limit.{name}" in t.table:
            yield t(f"limit.{name}", n=t.size(most) if name.endswith("_BYTES") else t.number(most))


def _kind(site: Site, name: str) -> dict[str, Any]:
    """The reference of a kind, made from the model: its fields and sections."""
    kind, t = KINDS[name], site.texts
    shared = set(Fields.model_fields) if name != "sheet" else set()
    return {
        "name": name,
        "title": t(f"kind.{name}"),
        "fields": [
            _field(site, field, info) for field, info in kind.fields.model_fields.items() if field not in shared
        ],
        "sections": [
            {"label": t(f"section.{name}.{section.anchor}"), "required": section.required} for section in kind.sections
        ],
        "shared": bool(shared),
    }


def _field(site: Site, name: str, info: Any) -> dict[str, Any]:
    t = site.texts
    part, _ = schema.part_of(info)
    terms, words = schema.marks(info, TermOf), schema.marks(info, Words)
    return {
        "name": name,
        "label": t(f"field.{name}"),
        "help": t(f"field.{name}.help"),
        "required": info.is_required(),
        "translated": schema.is_translated(info),
        "partly": schema.has_translated_parts(info),
        "parts": [
            {"name": inner, "required": inner_info.is_required(), "translated": schema.is_translated(inner_info)}
            for inner, inner_info in (part.model_fields.items() if part else ())
        ],
        "vocabulary": site.url(terms.vocabulary) if terms else "",
        "choices": [(choice, t(f"{words.prefix}.{choice}")) for choice in schema.choices_of(info)] if words else [],
    }
