"""The map's data: where the experiences took place (GeoJSON, RFC 7946)."""

from __future__ import annotations

import json
from typing import Any

from capitalise.data.identifiers import page_url
from capitalise.data.selection import coordinates, licence, published
from capitalise.library import Library, Product
from capitalise.settings import Settings


def places_geojson(library: Library, settings: Settings) -> str:
    """`places.geojson`: one point for each place of each product, to a tenth of a degree.

    What is language stands under `texts` and its language: the title, the place's name and the page's address.
    """
    features = [
        json.dumps(_feature(product, number, settings), ensure_ascii=False)
        for product in published(library)
        for number in range(len(getattr(product.fields, "places", ())))
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _feature(product: Product, number: int, settings: Settings) -> dict[str, Any]:
    latitude, longitude = coordinates(product.fields.places[number])
    return {
        "type": "Feature",
        "id": f"{product.id}#{number + 1}",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "product": product.id,
            "kind": product.kind.name,
            "status": str(product.fields.status),
            "countries": product.fields.countries,
            "themes": product.fields.themes,
            "licence": licence(product, settings),
            "texts": {
                lang: {
                    "title": text.fields.title,
                    "place": text.fields.places[number].name,
                    "url": settings.addresses.page(product.id, lang),
                    "absolute_url": page_url(settings, product.id, lang) or None,
                }
                for lang, text in product.texts.items()
            },
        },
    }
