"""What the links of a body point at."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from capitalise.sections import outside_code

_LINK = re.compile(r"(!?)\[([^\]\[]*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\))?)>?(?:\s+[\"'][^)]*)?\s*\)")
_CITATION = re.compile(r"\[\^(\d{1,9})\](?!:)")  # Python refuses to make a number of five thousand digits
_CODE = re.compile(r"(?<!`)(`{1,9})(?!`).+?(?<!`)\1(?!`)")  # bounded: of a thousand marks in a row it would never end
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_TEXT = re.compile(r"(.*?)/?index\.([a-z]{2,3})\.md\Z")


@dataclass(frozen=True)
class Link:
    """A link or an image of a body."""

    target: str
    text: str
    line: int
    """Counted from the first line of the body, from 0."""
    is_image: bool


def find(body: str) -> Iterator[Link]:
    """The links and images of a body, in order; not those shown as code."""
    for number, line in _lines(body, "]("):
        for image, text, target in _LINK.findall(line):
            yield Link(target, text.strip(), number, bool(image))


def citations(body: str) -> Iterator[tuple[int, int]]:
    """Each `[^n]`: the line (from 0) and n."""
    for number, line in _lines(body, "[^"):
        for cited in _CITATION.findall(line):
            yield number, int(cited)


def _lines(body: str, mark: str) -> list[tuple[int, str]]:
    """The lines of a body that hold a mark, those shown as code and what is code in them left out."""
    if "`" not in body:
        return [(number, line) for number, line in outside_code(body) if mark in line]
    return [(number, without_code(line) if "`" in line else line) for number, line in outside_code(body)]


def without_code(line: str) -> str:
    """A line without what it shows as code."""
    return _CODE.sub("", line)


def is_elsewhere(target: str) -> bool:
    """Whether a link leaves the site: it has a scheme, or a host."""
    return bool(_ELSEWHERE.match(target))


def is_on_the_web(target: str) -> bool:
    """Whether it leads to another site, rather than to a program or to what it holds itself."""
    return target.lower().startswith(("http:", "https:", "//"))


@dataclass(frozen=True)
class Local:
    """Where a relative link leads, inside the library."""

    product: str
    """Id of a product; empty where it leads out of the library or nowhere."""
    file: str
    """Name of a file in that product's folder; empty for the product itself."""
    fragment: str


def resolve(target: str, product_id: str) -> Local:
    """What a relative link in a product's text means. `../zai/index.fr.md#results` is the product `sheets/zai`."""
    path, _, fragment = target.partition("#")
    if not path:
        return Local(product_id, "", fragment)
    if path.startswith("/"):
        return Local("", "", fragment)
    joined = posixpath.normpath(posixpath.join(product_id, unquote(path)))
    if joined.startswith("..") or "\\" in joined or "\x00" in joined:
        return Local("", "", fragment)
    if text := _TEXT.match(joined):
        return Local(text[1], "", fragment)
    if path.endswith("/"):
        return Local(joined, "", fragment)
    folder, _, name = joined.rpartition("/")
    return Local(folder, name, fragment)
