"""What the program draws: country outlines, small maps, covers."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from capitalise import covers, geo

OURS = {"BJ", "BF", "BI", "CD", "GN", "HT", "RW", "SN"}


def test_every_country_of_the_programme_and_of_the_world_has_its_outline():
    outlines = geo.outlines()
    assert outlines.keys() >= OURS | {"FR", "BE", "IN", "BR", "FJ", "MU"}
    assert len(outlines) > 230
    for code, rings in outlines.items():
        assert rings, code
        for ring in rings:
            assert len(ring) > 3, code
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring), code


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ("SN", (-16.9, 14.8)),  # Thiès
        ("BF", (-2.4, 13.6)),  # Ouahigouya
        ("HT", (-72.3, 18.9)),
        ("RW", (30.0, -1.9)),
        ("CD", (23.0, -3.0)),
    ],
)
def test_an_outline_is_where_its_country_is(code, inside):
    assert any(_holds(ring, inside) for ring in geo.outlines()[code])
    assert not any(_holds(ring, (0.0, 0.0)) for ring in geo.outlines()[code])


def _holds(ring, point) -> bool:
    """Whether a point is within a ring: a line from it crosses the ring an odd number of times."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def test_a_frame_holds_its_points_and_keeps_the_shape():
    frame = geo.Frame.around([(10, 50), (20, 60)], 300, 200, 0.1)
    for point in ((10, 50), (20, 60), (10, 60), (20, 50)):
        x, y = frame.place(point)
        assert 0 <= x <= 300 and 20 <= y <= 180
    # At 55 degrees north a degree of longitude is 0.57 of a degree of latitude.
    (x0, y0), (x1, y1) = frame.place((14.5, 55)), frame.place((15.5, 56))
    assert (x1 - x0) / (y0 - y1) == pytest.approx(0.5736, abs=0.02)
    assert geo.Frame.around([], 300, 200) is None
    assert geo.Frame.around([(2, 9)], 300, 200).place((2, 9)) == (150, 100)


def test_an_overseas_part_does_not_make_its_country_a_speck():
    assert all(y > 40 for _, y in geo.main_land("FR"))


@pytest.mark.parametrize("name", ["country-sn", "country-rw", "theme-soil", "kind-course", "country-zz"])
def test_a_cover_is_a_small_drawing_that_is_always_the_same(name):
    svg = covers.draw(name)
    assert svg == covers.draw(name)
    assert len(svg) < 4000
    tree = etree.fromstring(svg.encode())
    assert tree.get("viewBox") == f"0 0 {covers.WIDTH} {covers.HEIGHT}"
    assert {etree.QName(one).localname for one in tree.iter()} <= {"svg", "rect", "g", "path"}
    assert all(re.fullmatch(r"[MmLlCSqz\d .-]+", path.get("d")) for path in tree.iter("{*}path"))


def test_each_product_without_a_picture_gets_a_cover(site):
    page = site.page("sheets")
    covers_shown = [page.target(src) for src in page.all("//.c-card__cover//img/@src")]
    assert len(covers_shown) == len(page.all("//.c-card"))
    drawn = [src for src in covers_shown if src.startswith(covers.FOLDER)]
    assert drawn and set(drawn) <= site.files
    # Only those that some product needs are written.
    used = {page.target(src) for page in site.content for src in page.all("//.c-card__cover//img/@src")}
    assert {name for name in site.files if name.startswith(covers.FOLDER)} >= {n for n in used if "covers/" in n}


def test_a_sheet_shows_where_it_took_place(site):
    for page, words in zip(site.both("sheets/half-moons"), ("Carte", "Map"), strict=True):
        svg = page.one("//.c-locator")
        assert svg.get("aria-label").startswith(words)
        assert len(page.all("//.c-locator/path")) == 2  # its two countries
        assert page.all("//.c-locator/circle")
        for circle in page.all("//.c-locator/circle"):
            assert 0 < float(circle.get("cx")) < 240 and 0 < float(circle.get("cy")) < 150
            assert circle.xpath("string(title)")
