"""Country outlines, and how they become drawings. `outlines.json` is made by `tools/outlines.py`, which says its form.

Source: Natural Earth, in the public domain, from the npm package world-atlas.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

Point = tuple[float, float]
"""Longitude and latitude in degrees, or x and y of a drawing."""


@cache
def outlines() -> Mapping[str, tuple[tuple[Point, ...], ...]]:
    """ISO 3166-1 alpha-2 code → rings of longitudes and latitudes in degrees."""
    table = json.loads(Path(__file__).with_name("outlines.json").read_text("ascii"))
    return {code: tuple(map(_points, rings)) for code, rings in table.items()}


def _points(steps: list[int]) -> tuple[Point, ...]:
    x = y = 0
    points = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 100, y / 100))
    return tuple(points)


@dataclass(frozen=True)
class Frame:
    """A part of the world as a drawing: degrees become units, and a circle near its middle stays a circle.

    The projection is equirectangular, with its standard parallel in the middle (Snyder, Map Projections, 1987, p. 90).
    """

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Iterable[Point], width: float, height: float, margin: float = 0.08) -> Frame | None:
        """The smallest frame of that size that holds the points, `margin` of its size free on each side."""
        found = list(points)
        if not found:
            return None
        west, east = min(x for x, _ in found), max(x for x, _ in found)
        south, north = min(y for _, y in found), max(y for _, y in found)
        squeeze = math.cos(math.radians((south + north) / 2))
        free = 1 - 2 * margin
        degrees = max((east - west) * squeeze / (width * free), (north - south) / (height * free), 1e-3)
        wide, high = degrees * width / squeeze / 2, degrees * height / 2
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - wide, y - high, x + wide, y + high, width, height)

    def place(self, point: Point) -> Point:
        """Where a longitude and latitude stand in the drawing, to a tenth of a unit."""
        x = (point[0] - self.west) / (self.east - self.west) * self.width
        y = (self.north - point[1]) / (self.north - self.south) * self.height
        return round(x, 1), round(y, 1)

    @lru_cache(maxsize=1024)  # noqa: B019 (a frame is a value; sheets of one region have the same)
    def path(self, code: str, finest: float = 1) -> str:
        """The `d` of an SVG path that draws a country, without steps under `finest` units and what is out of sight."""
        drawn = []
        for ring in outlines().get(code, ()):
            if not self._shows(ring):
                continue
            points = _thinned([self.place(point) for point in ring], finest)
            if len(points) > 2:
                drawn.append(_steps(points))
        return "".join(drawn)

    def _shows(self, ring: tuple[Point, ...]) -> bool:
        return (
            max(x for x, _ in ring) > self.west
            and min(x for x, _ in ring) < self.east
            and max(y for _, y in ring) > self.south
            and min(y for _, y in ring) < self.north
        )


@cache
def main_land(code: str) -> tuple[Point, ...]:
    """The points of a country that a frame should hold: its longest ring, and the large ones nearby.

    So that an island across an ocean does not make the country a speck.
    """
    rings = sorted(outlines().get(code, ()), key=_extent, reverse=True)
    if not rings:
        return ()
    reach = _extent(rings[0])
    x, y = rings[0][0]
    near = [ring for ring in rings[1:] if _extent(ring) > reach / 10 and _away(ring[0], (x, y)) < reach]
    return tuple(point for ring in (rings[0], *near) for point in ring)


def _away(a: Point, b: Point) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _extent(ring: tuple[Point, ...]) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(xs) - min(xs) + max(ys) - min(ys)


def _thinned(points: list[Point], finest: float) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not kept or _away(point, kept[-1]) >= finest:
            kept.append(point)
    return kept


def _steps(points: list[Point]) -> str:
    """A closed path in relative steps of tenths, the shortest way that SVG has."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    (x, y), out = tenths[0], []
    for px, py in tenths[1:]:
        out.append(f"{_short(px - x)} {_short(py - y)}")
        x, y = px, py
    return f"M{_short(tenths[0][0])} {_short(tenths[0][1])}l{' '.join(out)}z".replace(" -", "-")


def _short(tenths: int) -> str:
    text = f"{tenths / 10:.1f}".removesuffix(".0")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
