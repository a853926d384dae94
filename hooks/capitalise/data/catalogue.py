"""The catalogue: every product, every field, every language, as JSON for programs and as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from capitalise.data.identifiers import file_url, page_url
from capitalise.data.selection import coordinates, is_published, licence, licence_url, line, published
from capitalise.library import Library, Product, Text
from capitalise.locales import texts
from capitalise.model import OWN_OF_TRANSLATION
from capitalise.schema import has_translated_parts, is_translated, marks
from capitalise.settings import Settings
from capitalise.values import Unpublished

SCHEMA_VERSION = 1
"""Raised when a name is taken away or changes its meaning; a new field does not raise it."""


# ------------------------------------------------------------------------------------------------ JSON


def catalogue_json(library: Library, settings: Settings) -> str:
    """`catalogue.json`: a head, then one product a line, so that a difference between two builds can be read.

    The fields are those of the model, less those for editors alone. What does not depend on the language stands once
    in the product; what is language, and every group of fields with a part that is (results, photos…), stands whole
    under `texts` and its language. `absolute_url` is null where the site does not know its address.
    """
    products = published(library)
    head = {
        "schema_version": SCHEMA_VERSION,
        "name": settings.name,
        "url": settings.addresses.site_url or None,
        "licence": settings.licence,
        "licence_url": licence_url(settings.licence) or None,
        "generated": (settings.built or library.today).isoformat(),
        "languages": list(settings.languages),
        "count": len(products),
    }
    rows = ",\n".join(_json(_entry(product, library, settings)) for product in products)
    return f'{_json(head)[:-1]}, "products": [\n{rows}\n]}}\n'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _entry(product: Product, library: Library, settings: Settings) -> dict[str, Any]:
    fields = product.fields.model_dump(mode="json")
    neutral, of_language = _split(product)
    entry = {
        "id": product.id,
        "kind": product.kind.name,
        "original_language": product.original_lang,
        "revision": product.revision,
        "languages": {lang: str(product.state(lang)) for lang in settings.languages},
        **{name: fields[name] for name in neutral},
        "licence": licence(product, settings),
        "related": [other for other in product.fields.related if is_published(library.products.get(other))],
    }
    if "duration" in fields:
        entry["duration"] = library.duration(product)
    if product.kind.name == "course":
        entry["modules"] = [module.id for module in library.modules(product) if is_published(module)]
    shown = product.shown_attachments(library.today)
    entry["texts"] = {
        lang: _text_entry(product, text, of_language, shown, settings) for lang, text in product.texts.items()
    }
    return entry


def _split(product: Product) -> tuple[list[str], list[str]]:
    """Names of the fields that stand once, and of those that stand in each language."""
    neutral, of_language = [], []
    for name, info in product.kind.fields.model_fields.items():
        if marks(info, Unpublished):
            continue
        each = is_translated(info) or has_translated_parts(info) or name in OWN_OF_TRANSLATION
        (of_language if each else neutral).append(name)
    return neutral, of_language


def _text_entry(
    product: Product, text: Text, names: Sequence[str], shown: frozenset[str], settings: Settings
) -> dict[str, Any]:
    fields = text.fields.model_dump(mode="json", include=set(names))

    def with_address(item: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """A photo or handout with its addresses; None where it must not be published."""
        if item is None or item["file"] not in shown:
            return None
        address = settings.addresses.file(product.id, item["file"])
        return {**item, "url": address, "absolute_url": file_url(settings, address) or None}

    fields["cover"] = with_address(fields["cover"])
    for name in ("photos", "files"):
        fields[name] = [found for item in fields[name] if (found := with_address(item))]
    fields["videos"] = [_video(product, item, shown, settings) for item in fields["videos"] if item["poster"] in shown]
    if places := getattr(text.fields, "places", None):
        fields["places"] = [dict(zip(("name", "lat", "lon"), (p.name, *coordinates(p)), strict=True)) for p in places]
    return {
        "url": settings.addresses.page(product.id, text.lang),
        "absolute_url": page_url(settings, product.id, text.lang) or None,
        "state": str(text.state),
        "changed": list(text.changed),
        **{name: fields[name] for name in names},
        "sections": [
            {"anchor": part.anchor, "title": _title(product, text, part)}
            for part in text.parts
            if part.title and not part.is_blank
        ],
    }


def _video(product: Product, item: dict[str, Any], shown: frozenset[str], settings: Settings) -> dict[str, Any]:
    """A video with the addresses of its file and poster beside that of its page on the web."""
    found = dict(item)
    for name in ("file", "poster"):
        address = settings.addresses.file(product.id, item[name]) if item[name] in shown else None
        found[name] = item[name] if address else None
        found[f"{name}_url"] = address
        found[f"{name}_absolute_url"] = file_url(settings, address) or None if address else None
    return found


def _title(product: Product, text: Text, part: Any) -> str:
    """The heading's label in the text's language, or the author's words where the model does not know it."""
    return texts(text.lang)(f"section.{product.kind.name}.{part.anchor}") if part.known else line(part.title)


# ------------------------------------------------------------------------------------------------ CSV


class _Row(NamedTuple):
    product: Product
    text: Text
    library: Library
    settings: Settings

    def get(self, name: str) -> Any:
        return getattr(self.text.fields, name, None)


def _field(name: str) -> Callable[[_Row], Any]:
    return lambda row: row.get(name)


def _names(vocabulary: str) -> Callable[[_Row], list[str]]:
    """Labels of the terms of a vocabulary, in the language of the row."""

    def labels(row: _Row) -> list[str]:
        terms = row.library.vocabularies[vocabulary]
        return [terms[one].name(row.text.lang) if one in terms else one for one in row.get(vocabulary) or ()]

    return labels


def _period(end: str) -> Callable[[_Row], Any]:
    return lambda row: getattr(row.get("period"), end, None)


COLUMNS: dict[str, Callable[[_Row], Any]] = {
    "id": lambda row: row.product.id,
    "kind": lambda row: row.product.kind.name,
    "lang": lambda row: row.text.lang,
    "state": lambda row: row.text.state,
    "status": _field("status"),
    "title": _field("title"),
    "summary": _field("summary"),
    "date": _field("date"),
    "countries": _field("countries"),
    "country_names": lambda row: [texts(row.text.lang).country(code) for code in row.get("countries")],
    "themes": _field("themes"),
    "theme_names": _names("themes"),
    "practices": _field("practices"),
    "practice_names": _names("practices"),
    "hazards": _field("hazards"),
    "hazard_names": _names("hazards"),
    "organisations": _field("organisations"),
    "organisation_names": _names("organisations"),
    "authors": lambda row: [author.name for author in row.get("authors")],
    "evidence": _field("evidence"),
    "period_start": _period("start"),
    "period_end": _period("end"),
    "community": _field("community"),
    "duration_minutes": lambda row: row.library.duration(row.product),
    "sdgs": _field("sdgs"),
    "keywords": _field("keywords"),
    "licence": lambda row: licence(row.product, row.settings),
    "url": lambda row: row.settings.addresses.page(row.product.id, row.text.lang),
    "absolute_url": lambda row: page_url(row.settings, row.product.id, row.text.lang),
}


def catalogue_csv(library: Library, settings: Settings) -> str:
    """`catalogue.csv`: one row for each product and language in which it exists (RFC 4180).

    The columns are those of `COLUMNS`, in this order; new ones come at the end. Ids and codes stand beside the names
    of their terms in the language of the row; lists are joined with `; `; dates are ISO 8601. The byte order mark
    makes Excel read the accents. A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for product in published(library):
        for text in product.texts.values():
            row = _Row(product, text, library, settings)
            writer.writerow(_cell(value(row)) for value in COLUMNS.values())
    return "\ufeff" + out.getvalue()


_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\Z")
_FORMULA = re.compile(r"(^|;\s*)(?=[=+\-@＝＋－＠])")


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet runs (OWASP, "CSV Injection").

    Where the list separator is `;`, as in French, Excel also cuts the file there: a formula after one is disarmed too.
    """
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = line(text)
    return text if _NUMBER.match(text) else _FORMULA.sub(r"\1'", text)
