"""SVG drawings that only draw. In a page they can do nothing; opened by themselves, they could run what they hold.

A drawing that holds something else is refused (`fault`), and what is published is never the file itself: it is
written anew from what is known to draw (`cleaned`), without instructions to the browser, comments, and the notes of
drawing programs, which name people and folders. Elements and attributes are those of SVG 1.1 and 2 (W3C) that put
something on the page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, ParseError, register_namespace

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from capitalise import limits

_DRAWS = frozenset(
    "svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern marker switch view".split()
)
"""Without `image`: a photo in a drawing would keep its position, and nobody would have said who is on it."""
_KEPT = frozenset(
    "id class lang role viewBox preserveAspectRatio version x y x1 x2 y1 y2 cx cy r rx ry fx fy fr width height d "
    "points transform gradientTransform gradientUnits patternTransform patternUnits patternContentUnits spreadMethod "
    "clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight refX refY orient offset pathLength "
    "dx dy rotate textLength lengthAdjust startOffset method spacing style systemLanguage requiredFeatures "
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation direction display "
    "dominant-baseline fill fill-opacity fill-rule font-family font-size font-size-adjust font-stretch font-style "
    "font-variant font-weight image-rendering isolation letter-spacing marker-end marker-mid marker-start mask "
    "mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke "
    "stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width "
    "text-anchor text-decoration text-rendering transform-origin unicode-bidi vector-effect visibility word-spacing "
    "writing-mode aria-label aria-labelledby aria-describedby aria-hidden".split()
)
_SAID = frozenset(["id", "class", "lang", "role", "d", "points", "font-family"])
"""Kept attributes whose value names nothing that a browser would fetch, whatever it looks like; `aria-…` too."""
_SVG, _XLINK, _XML = (
    "{http://www.w3.org/2000/svg}",
    "{http://www.w3.org/1999/xlink}",
    "{http://www.w3.org/XML/1998/namespace}",
)
_FUNCTION = re.compile(r"([\w-]*)\(\s*(['\"]?)([^)'\"]?)")
_HARMLESS = frozenset(
    "rgb rgba hsl hsla translate translatex translatey scale scalex scaley rotate skew skewx skewy matrix calc rect"
    "".split()
)
_START = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<(?!\?xml[^>]*?encoding\s*=\s*['"](?!utf-8['"]|us-ascii['"]|iso-8859-1['"]))""",
    re.IGNORECASE,
)
"""An encoding that only some programs know, as UTF-7, would show them another drawing than us."""
_HERE = re.compile(r"#[^\s]+\Z")

register_namespace("", _SVG[1:-1])
register_namespace("xlink", _XLINK[1:-1])


class _Fault(Exception):
    """What a drawing holds beside drawing."""


def size(path: Path) -> tuple[int, int] | None:
    """Width and height of a drawing, from its `viewBox`; None where it says none."""
    try:
        box = _parsed(path.read_bytes()).get("viewBox", "").replace(",", " ").split()
        width, height = (round(float(number)) for number in box[2:4])
    except (_Fault, OSError, ValueError, OverflowError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def fault(path: Path) -> str:
    """What a drawing holds beside drawing: the name of an element or attribute; empty where there is nothing."""
    try:
        _clean(_parsed(path.read_bytes()))
    except _Fault as found:
        return str(found)
    return ""


def cleaned(path: Path) -> bytes:
    """The drawing written anew from what draws, in UTF-8. Raises `ValueError` for one that `fault` finds at fault."""
    try:
        root = _clean(_parsed(path.read_bytes()))
    except _Fault as found:
        raise ValueError(str(found)) from None
    out = io.BytesIO()
    ElementTree(root).write(out, "utf-8", xml_declaration=False)
    return out.getvalue() + b"\n"


def _parsed(data: bytes) -> Element:
    if len(data) > limits.MAX_DRAWING_BYTES:
        raise _Fault(f"> {limits.MAX_DRAWING_BYTES // 1_000_000} MB")
    try:
        if b"\0" in data or not _START.match(data):
            raise _Fault("UTF-8")
        root = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise _Fault("DOCTYPE") from None
    except (ParseError, ValueError, LookupError):
        raise _Fault("XML") from None
    if root.tag != f"{_SVG}svg":
        raise _Fault("svg")
    return root


def _clean(root: Element) -> Element:
    """A new tree of what draws. Raises `_Fault` for what could do something else."""
    made = Element(f"{_SVG}svg")
    todo, number = [(root, made, 1)], 0
    while todo:  # not by recursion: a thousand groups one in another would exhaust it
        old, new, depth = todo.pop()
        number += 1
        if number > limits.MAX_DRAWING_ELEMENTS or depth > limits.MAX_DRAWING_DEPTH:
            raise _Fault(f"> {limits.MAX_DRAWING_ELEMENTS} <…>")
        for name, value in _attributes(old):
            new.set(name, value)
        new.text, new.tail = old.text, old.tail
        for child in old:
            if not isinstance(child.tag, str):
                continue
            space, _, name = child.tag.rpartition("}")
            if not space or "xhtml" in space.lower() or (f"{space}}}" == _SVG and name not in _DRAWS):
                raise _Fault(name or child.tag)
            if f"{space}}}" != _SVG or name == "metadata":
                _must_be_notes(child)
                continue  # the notes of a drawing program: nothing reads these, and they name people
            kept = Element(child.tag)
            new.append(kept)
            todo.append((child, kept, depth + 1))
    if _drawn(made) > limits.MAX_DRAWING_ELEMENTS:
        raise _Fault("use")
    return made


def _must_be_notes(notes: Element) -> None:
    """What is left out is refused all the same where somebody tried to have something done by it."""
    for element in notes.iter():
        space, _, name = str(element.tag).rpartition("}")
        if "xhtml" in space.lower() or (f"{space}}}" == _SVG and name not in _DRAWS):
            raise _Fault(name)
        for _ in _attributes(element):
            pass


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    """What is kept of an element's attributes. Raises `_Fault`."""
    for key, value in element.attrib.items():
        space, _, name = key.rpartition("}")
        local = name.lower()
        if local.startswith("on") and f"{space}}}" != _XML:
            raise _Fault(local)
        if local in ("href", "src"):
            drawn = element.tag.startswith(_SVG)
            if drawn and not _HERE.match(value.strip()):
                raise _Fault(local)
            if re.sub(r"[\x00-\x20]", "", value).lower().startswith(("javascript:", "vbscript:", "data:")):
                raise _Fault(local)
            if drawn and local == "href":
                yield f"{_XLINK}href", value.strip()  # the one form that old browsers know
            continue
        if f"{space}}}" == _XML and name in ("space", "lang"):
            yield key, value
        if space or (name not in _KEPT):
            if not space and local == "style":
                raise _Fault(local)
            continue
        if name not in _SAID and not name.startswith("aria-"):
            _must_be_here(name, value)
        yield name, value


def _must_be_here(name: str, value: str) -> None:
    """A value that makes a browser fetch something: an address in CSS, however it is written."""
    if "\\" in value or "@" in value or "/*" in value:  # ways to hide one
        raise _Fault(name)
    for function, _, first in _FUNCTION.findall(value):
        lower = function.lower()
        if lower == "url" and first == "#" or lower in _HARMLESS or (not lower and name != "style"):
            continue
        raise _Fault(name)


def _drawn(root: Element) -> int:
    """How many elements a browser draws, what `use` repeats counted each time; more than allowed for a circle."""
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    counted: dict[int, int] = {}
    waiting: list[tuple[Element, bool]] = [(root, False)]
    open_now: set[int] = set()
    too_many = limits.MAX_DRAWING_ELEMENTS + 1
    while waiting:
        element, ready = waiting.pop()
        me = id(element)
        parts = list(element)
        used = by_id.get((element.get(f"{_XLINK}href") or "").removeprefix("#"))
        if element.tag == f"{_SVG}use" and used is not None:
            parts.append(used)
        if ready:
            open_now.discard(me)
            counted[me] = min(too_many, 1 + sum(counted[id(part)] for part in parts))
        elif me in open_now:
            return too_many
        elif me not in counted:
            open_now.add(me)
            waiting.append((element, True))
            waiting += [(part, False) for part in parts if id(part) not in counted]
    return counted[id(root)]
