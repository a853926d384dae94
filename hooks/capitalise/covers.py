"""The cover that the program draws for a product that has none: its country's outline, or a pattern of its theme's own.

A drawing is made from its name alone, so the same name is the same drawing in every build; many products share one.
"""

from __future__ import annotations

import hashlib
from datetime import date

from capitalise.geo import Frame, main_land
from capitalise.library import Product

FOLDER = "assets/covers"
WIDTH, HEIGHT = 640, 360

_GROUNDS = (
    ("#e4efea", "#1f5d50", "#b7d3c8"),
    ("#f3ead6", "#8d5735", "#e0cba0"),
    ("#e8eef2", "#3f6379", "#bfd0db"),
    ("#f0ece0", "#6a6b2f", "#d5d3a8"),
    ("#f5e6dc", "#9a4a2f", "#e6c1ac"),
)
"""Background, drawing and pattern, of the site's own palette."""


def name(product: Product) -> str:
    """Name of the cover that a product gets: `country-bf` where it speaks of one country, else `theme-<its first>`."""
    fields = product.fields
    if len(fields.countries) == 1:
        return f"country-{fields.countries[0].lower()}"
    return f"theme-{fields.themes[0]}" if fields.themes else f"kind-{product.kind.name}"


def needed(product: Product, today: date) -> bool:
    """Whether a product has no cover of its own that may be shown."""
    cover = product.fields.cover
    return cover is None or cover.file not in product.shown_attachments(today)


def draw(cover: str) -> str:
    """The SVG of a cover by its name: a country's outline where there is one, over lines of a slope or a field."""
    seed = hashlib.sha256(cover.encode()).digest()
    ground, ink, pale = _GROUNDS[seed[0] % len(_GROUNDS)]
    kind, _, about = cover.partition("-")
    outline = _country(about.upper(), ink) if kind == "country" else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>'
        f'<g fill="none" stroke="{pale}" stroke-width="3">{_contours(seed)}</g>'
        f"{outline or _field(seed, ink)}</svg>\n"
    )


def _country(code: str, ink: str) -> str:
    frame = Frame.around(main_land(code), WIDTH, HEIGHT, 0.12)
    path = frame.path(code, 2) if frame else ""
    return f'<path d="{path}" fill="{ink}" stroke="#fff" stroke-width="3" stroke-linejoin="round"/>' if path else ""


def _contours(seed: bytes) -> str:
    """The contour lines of a slope, as a map draws them."""
    lines = []
    for line in range(9):
        y = 20 + line * 42
        a, b = 10 + seed[1] % 30, 6 + seed[2] % 24
        lines.append(f'<path d="M-10 {y}C120 {y - a} 220 {y + b} 330 {y}S540 {y - b} {WIDTH + 10} {y + a - line}"/>')
    return "".join(lines)


def _field(seed: bytes, ink: str) -> str:
    """Rows of plants, the near ones larger; how many and how they lean is the theme's own."""
    rows, plants, lean = 3 + seed[3] % 2, 5 + seed[4] % 3, seed[5] % 7 - 3
    drawn = []
    for row in range(rows):
        leaf = 16 + 9 * row
        y = round(110 + 210 * row / (rows - 1))
        wide = (WIDTH - 150) * (0.62 + 0.38 * row / (rows - 1))
        for plant in range(plants):
            x = round(WIDTH / 2 + wide * ((plant + 0.5) / plants - 0.5))
            drawn.append(
                f'<path d="M{x} {y}q{-leaf} {-leaf // 2} {-leaf + lean} {-leaf}q{leaf - lean} 0 {leaf - lean} {leaf}'
                f'q0 {-leaf} {leaf + lean} {-leaf - 4}q0 {leaf} {-leaf - lean} {leaf + 4}z"/>'
            )
    return f'<g fill="{ink}">{"".join(drawn)}</g>'
