"""Make the country outlines of the maps from Natural Earth, as the npm package world-atlas holds it.

    npm pack world-atlas@2.0.2 && pip install pycountry==26.2.16 shapely==2.1.2
    python tools/outlines.py world-atlas-2.0.2.tgz

Writes hooks/capitalise/geo/outlines.json: ISO 3166-1 alpha-2 code → rings, each a flat list of whole numbers: longitude
and latitude of the first point, then the steps to the next ones, in hundredths of a degree. Borders are simplified once
for both neighbours, so that they still meet; small countries keep more of their points than large ones.
Natural Earth is in the public domain (naturalearthdata.com); world-atlas is under the ISC licence.
"""

import json
import sys
import tarfile
from pathlib import Path

import pycountry
from shapely.geometry import LineString

OUT = Path(__file__).parents[1] / "hooks/capitalise/geo/outlines.json"
FINEST, COARSEST = 0.005, 0.08
"""Degrees by which a simplified border may be off: between these, a 250th of the smaller country's extent."""


def main(package):
    with tarfile.open(package) as archive:
        topology = json.load(archive.extractfile("package/countries-50m.json"))
    arcs = [decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    countries = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("type") and (code := alpha_2(geometry)):
            polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            countries.setdefault(code, []).extend(ring for polygon in polygons for ring in polygon)
    tolerance = {}
    for rings in countries.values():
        points = [point for ring in rings for arc in ring for point in arcs[arc if arc >= 0 else ~arc]]
        extent = max(max(p[axis] for p in points) - min(p[axis] for p in points) for axis in (0, 1))
        for arc in (arc if arc >= 0 else ~arc for ring in rings for arc in ring):
            tolerance[arc] = min(tolerance.get(arc, COARSEST), max(FINEST, extent / 250))
    simple = {number: list(LineString(arcs[number]).simplify(off).coords) for number, off in tolerance.items()}
    outlines = {code: drawn(rings, simple) for code, rings in sorted(countries.items())}
    rows = ",\n".join(
        f"{json.dumps(code)}:{json.dumps(rings, separators=(',', ':'))}" for code, rings in outlines.items()
    )
    OUT.write_text(f"{{\n{rows}\n}}\n", encoding="ascii")


def decoded(arc, transform):
    """An arc of a TopoJSON topology as longitudes and latitudes (its steps are added up, then scaled)."""
    (kx, ky), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * kx + tx, y * ky + ty))
    return points


def alpha_2(geometry):
    """The two letters of a country from its ISO number; XK for Kosovo, which has none; None for what is no country."""
    found = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    return found.alpha_2 if found else {"Kosovo": "XK", "Somaliland": "SO"}.get(geometry["properties"]["name"])


def drawn(rings, arcs):
    """The rings of a country in whole hundredths, as steps; specks are left out unless they are all there is."""
    flat = [flattened(ring, arcs) for ring in rings]
    large = [ring for ring in flat if area(ring) >= 1500]  # 0.15 square degrees: some 40 km across
    return [steps(ring) for ring in large or [max(flat, key=area)]]


def flattened(ring, arcs):
    points = []
    for arc in ring:
        way = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += [(round(x * 100), round(y * 100)) for x, y in way]
    return [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]


def area(points):
    """Area of a ring in square hundredths of a degree (the shoelace formula)."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))) / 2


def steps(points):
    flat, (x, y) = [], (0, 0)
    for px, py in points:
        flat += [px - x, py - y]
        x, y = px, py
    return flat


if __name__ == "__main__":
    main(*sys.argv[1:])
