"""Maps: the small one that shows where an experience took place, and the one of all places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from capitalise import geo
from capitalise.data.selection import coordinates
from capitalise.library import Library, Product
from capitalise.views.base import Link, Page, Site, named_page

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


# -------------------------------------------------------------------------------- the map of all places

WORLD = (960, 460)
LAND = "assets/find/land.svg"
POINTS_DRAWN = 400
"""Above these, the page draws countries alone; a script gathers the places into groups."""
PLACES_A_PAGE = 150


class _Spot(NamedTuple):
    product: Product
    name: str
    point: geo.Point
    country: str


def pages(site: Site) -> Iterator[Page]:
    """The map, and the list of its places on as many pages as it takes."""
    spots = sorted(_spots(site), key=lambda spot: (site.texts.sort_key(site.texts.country(spot.country)), spot.name))
    for path, some, pager in site.paged("map", spots, PLACES_A_PAGE):

        def view(some: Sequence[_Spot] = some, pager: Any = pager) -> dict[str, Any]:
            view = {"groups": _groups(site, some), "pager": pager}
            view["count"] = site.texts.count("find.places", len(spots))
            return view | ({"map": _map(site, spots)} if pager.number == 1 else {})

        yield named_page(site, path, "map.html", view, suffix=pager.suffix)


def _spots(site: Site) -> Iterator[_Spot]:
    for product in site.library.of_kind("sheet"):
        fields = product.text(site.lang).fields
        for place in fields.places:
            latitude, longitude = coordinates(place)
            yield _Spot(product, place.name, (longitude, latitude), (fields.countries or [""])[0])


def _groups(site: Site, spots: Sequence[_Spot]) -> list[dict[str, Any]]:
    """The places by country, each leading to its sheet."""
    groups: dict[str, list[tuple[str, Link]]] = {}
    for spot in spots:
        groups.setdefault(spot.country, []).append((spot.name, site.product_link(spot.product)))
    return [{"link": site.term_link("countries", code), "places": places} for code, places in groups.items()]


def _map(site: Site, spots: Sequence[_Spot]) -> dict[str, Any] | None:
    """The library's countries as links, and the places; None where there is nothing to show."""
    frame = _frame(site.library)
    if frame is None:
        return None
    return {
        "width": WORLD[0],
        "height": WORLD[1],
        "frame": (frame.west, frame.south, frame.east, frame.north),
        "land": LAND,
        "countries": [
            {
                "link": site.term_link("countries", code),
                "path": frame.path(code, 0.8),
                "count": site.texts.count("count.products", len(site.library.with_term("countries", code))),
            }
            for code in _drawable(site.library)
        ],
        "points": [
            {"x": x, "y": y, "name": spot.name, "link": site.product_link(spot.product)}
            for spot in spots[:POINTS_DRAWN]
            for x, y in (frame.place(spot.point),)
        ]
        if len(spots) <= POINTS_DRAWN
        else [],
    }


def _drawable(library: Library) -> list[str]:
    return [code for code in library.countries if code in geo.outlines()]


def _frame(library: Library) -> geo.Frame | None:
    """The part of the world that holds every place and country of the library."""
    places = (place for sheet in library.of_kind("sheet") for place in sheet.fields.places)
    points = [(longitude, latitude) for latitude, longitude in map(coordinates, places)]
    points += [point for code in _drawable(library) for point in geo.main_land(code)]
    return geo.Frame.around(points, *WORLD, margin=0.03)


def land(library: Library) -> str:
    """The other countries, as the drawing that lies under the map of every language; readable in light and dark."""
    frame = _frame(library)
    paths = [frame.path(code, 1.2) for code in geo.outlines() if code not in library.countries] if frame else []
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WORLD[0]} {WORLD[1]}">'
        f'<path fill="#8a8a76" fill-opacity=".28" stroke="#8a8a76" stroke-width=".35" d="{"".join(paths)}"/></svg>\n'
    )
