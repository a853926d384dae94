"""SVG drawings that only draw. In a page they can do nothing; opened by themselves, they could run what they hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from pathlib import Path

_DRAWS = frozenset(
    "svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern marker image switch view".split()
)
"""Elements of SVG 1.1 that put something on the page, or describe it."""
_SVG = "{http://www.w3.org/2000/svg}"
_EMBEDDED = re.compile(r"#|data:image/(?:png|jpeg|webp);base64,")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)


def size(path: Path) -> tuple[int, int] | None:
    """Width and height of a drawing, from its `viewBox`; None where it says none."""
    try:
        box = etree.fromstring(path.read_bytes()).get("viewBox", "").replace(",", " ").split()
        width, height = (round(float(number)) for number in box[2:4])
    except (etree.ParseError, ValueError, LookupError):
        return None
    return (width, height) if width > 0 and height > 0 else None


def fault(path: Path) -> str:
    """What a drawing holds beside drawing: the name of an element or attribute; empty where there is nothing."""
    data = path.read_bytes()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return "DOCTYPE"
    try:
        root = etree.fromstring(data)
    except (etree.ParseError, ValueError, LookupError):
        return "XML"
    if root.tag != f"{_SVG}svg":
        return "svg"
    for element in root.iter():
        space, _, name = str(element.tag).rpartition("}")
        # Drawing programs keep notes of their own, in their own namespaces: nothing reads these.
        if f"{space}}}" == _SVG and name not in _DRAWS or "xhtml" in space.lower() or not space:
            return name or str(element.tag)
        for attribute, value in element.attrib.items():
            local = attribute.rpartition("}")[2].lower()
            if local.startswith("on") or _ELSEWHERE.search(value):
                return local
            if local in ("href", "src") and not _EMBEDDED.match(value.strip()):
                return local
    return ""
