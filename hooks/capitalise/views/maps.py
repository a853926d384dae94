"""Maps: the small one that shows where an experience took place."""

from __future__ import annotations

from typing import Any

from capitalise import geo
from capitalise.data.selection import coordinates
from capitalise.library import Product
from capitalise.views.base import Site

LOCATOR = (240, 150)
"""Width and height of the small map, in its own units."""
MOST_COUNTRIES = 4
"""Above these, a small map of all the countries of a product would show nothing."""


def locator(site: Site, product: Product) -> dict[str, Any] | None:
    """The outline of a sheet's countries with its places on it; None where there is none to draw.

    Places are rounded as they are everywhere (`coordinates`): a point is a region, never a field.
    """
    fields = product.text(site.lang).fields
    places = getattr(fields, "places", ())
    drawable = [code for code in fields.countries if code in geo.outlines()]
    if not places or not drawable or len(fields.countries) > MOST_COUNTRIES:
        return None
    points = [(longitude, latitude) for latitude, longitude in map(coordinates, places)]
    land = [point for code in drawable for point in geo.main_land(code)]
    frame = geo.Frame.around([*land, *points], *LOCATOR)
    assert frame is not None
    names = site.texts.listing([place.name for place in places])
    return {
        "width": LOCATOR[0],
        "height": LOCATOR[1],
        "land": [path for code in drawable if (path := frame.path(code))],
        "places": [(*frame.place(point), place.name) for point, place in zip(points, places, strict=True)],
        "label": site.texts(
            "map.locator", places=names, countries=site.texts.listing([*map(site.texts.country, fields.countries)])
        ),
    }
