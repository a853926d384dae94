"""Positions exact enough to lead to a house: decimal degrees, degrees and minutes, plus codes, UTM, MGRS.

Exact is what a place of a sheet may not be: three decimals of a degree are a hundred metres. Degrees and whole minutes
(2 km) are left, and so is a pair of plain numbers that lies in none of the countries concerned: it is a result.

Sources: ISO 6709 (the forms of a position); Open Location Code specification (alphabet and length of plus codes);
NGA.STND.0037 (UTM and MGRS).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from capitalise.geo import outlines
from capitalise.personal.found import POSITION, Found
from capitalise.personal.phones import REGIONS
from capitalise.personal.plain import near

_SIDE = r"[NSEWOnsewo]"
_DECIMAL = r"[-+]?\d{1,3}(?:\.\d{3,15}|,\d{4,15})"
_MARK = rf"(?: ?°)?(?: ?{_SIDE}\b)?"
_LABEL = r"(?:lat|latitude|lon|long|lng|longitude)\b\.?[ :=]{0,4}"
_PAIR = re.compile(
    rf"(?<![\d.,\w])(?i:{_LABEL})?(?:{_SIDE} ?)?(?P<a>{_DECIMAL})(?P<am>{_MARK})"
    rf"(?:[ ,;/|]{{1,4}}|[ ,;]{{0,2}}(?:et|and|by)? )(?P<label>(?i:{_LABEL}))?"
    rf"(?:{_SIDE} ?)?(?P<b>{_DECIMAL})(?P<bm>{_MARK})(?![\d%])"
)
_LABELLED = re.compile(rf"(?<!\w)(?i:{_LABEL})(?:{_SIDE} ?)?{_DECIMAL}(?![\d%])")
_SIDED = re.compile(
    rf"(?<![\d.,\w])\d{{1,3}}[.,]\d{{3,15}} ?°? ?{_SIDE}\b|(?<![\d.,\w])\d{{1,3}}[.,]\d{{3,15}} ?°(?! ?[CF]\b)"
)
_MINUTES = re.compile(
    r"(?<![\d.,\w])\d{1,3} ?[°dD] ?\d{1,2} ?(?:'|m(?:in)?\b)? ?"
    r"(?:\d{1,2}(?:[.,]\d{1,6})? ?(?:\"|''|s(?:ec)?\b)|(?<=['\d ])\d{0,2}[.,]\d{2,6} ?')"
    r"|(?<![\d.,\w])\d{1,3} ?° ?\d{1,2}[.,]\d{2,6} ?'"
)
_PLUS = re.compile(
    r"(?<![\w+])(?:[23456789CFGHJMPQRVWX]{8}|[23456789CFGHJMPQRVWX]{4})\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])"
)
_UTM = re.compile(
    r"(?<![\w.,])(?:[1-9]|[1-5]\d|60) ?[C-HJ-NP-X],? ?\d{6}(?:[.,]\d+)? ?(?:m ?E?)?[ ,;/]{1,3}\d{6,7}(?:[.,]\d+)?(?!\d)"
    r"|\bUTM\b[^\n\d]{0,20}(?:\d{1,2} ?[A-Z]\b)?[^\n\d]{0,12}\b0?\d{6}(?:[.,]\d+)?\D{1,12}\d{6,7}(?!\d)"
    r"|(?<![\w.,])(?:[1-9]|[1-5]\d|60)[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?\d{4,5} ?\d{4,5}(?!\w)"
)

_EXACT = re.compile(r"\d(?:[.,]\d{3}| ?[dD] ?\d\d|\d{4}|\d{3} \d{4})|[°+](?:(?<=°)|[23456789CFGHJMPQRVWX]{2})")


def find(text: str, countries: Iterable[str] = ()) -> Iterator[Found]:
    """The exact positions of a plain text. `countries` are those of which it speaks, beside the library's own."""
    where = frozenset((*REGIONS, *countries))
    for start, end in near(text, _EXACT, 60, 60):
        yield from _between(text, start, end, where)


def _between(text: str, start: int, end: int, countries: frozenset[str]) -> Iterator[Found]:
    for match in _PAIR.finditer(text, start, end):
        marked = match["label"] or match["am"].strip() or match["bm"].strip()
        if marked or _is_somewhere(_degrees(match["a"]), _degrees(match["b"]), countries):
            yield _found(match)
    for pattern in (_LABELLED, _SIDED, _MINUTES, _PLUS, _UTM):
        for match in pattern.finditer(text, start, end):
            if pattern is not _PLUS or re.search(r"\d", match[0]):
                yield _found(match)


def _found(match: re.Match[str]) -> Found:
    return Found(POSITION, match.start(), match.end(), match[0].strip())


def _degrees(written: str) -> float:
    return float(written.replace(",", "."))


def _is_somewhere(a: float, b: float, countries: frozenset[str]) -> bool:
    """Whether two numbers, in one order or the other, are a point in one of the countries, or beside it."""
    for code in countries:
        west, south, east, north = _box(code)
        if (south <= a <= north and west <= b <= east) or (south <= b <= north and west <= a <= east):
            return True
    return False


@cache
def _box(code: str) -> tuple[float, float, float, float]:
    points = [point for ring in outlines().get(code, ()) for point in ring]
    if not points:
        return (0, 0, 0, 0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
