"""The one place where contributed text becomes HTML that a browser may read.

An allow-list that holds what our Markdown makes and nothing else (nh3, the Python binding of ammonia). Identifiers
and classes are limited too, so that no contribution can imitate or hide a part of the page around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

_TAGS = {
    *"a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h3 h4 h5 h6 hr".split(),
    *"i img input kbd label li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th".split(),
    *"thead tr u ul".split(),
}
_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
"""Taken away with all that they hold."""
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"type", "checked", "disabled", "name"},
    "label": {"for"},
    "ol": {"start", "type", "reversed"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "div": {"data-tabs"},
}
_SCHEMES = {"http", "https", "mailto"}
_TAB = r"__tabbed_\d+(?:_\d+)?"
_CLASSES = re.compile(
    r"(?:admonition(?:-title)?|note|abstract|info|tip|success|question|warning|failure|danger|bug|example|quote"
    r"|answer|facilitator|glossary|tabbed-[a-z]+|task-list(?:-[a-z]+)?|footnote(?:-[a-z]+)?|figure|language-[\w-]+)\Z"
)
_VALUES = {
    "id": re.compile(rf"(?:fn|fnref\d*):[\w-]+\Z|{_TAB}\Z"),
    "for": re.compile(rf"{_TAB}\Z"),
    "name": re.compile(rf"{_TAB}\Z"),
    "align": re.compile(r"(?:left|center|right)\Z"),
    "width": re.compile(r"\d{1,4}\Z"),
    "height": re.compile(r"\d{1,4}\Z"),
}
"""What these attributes may say; the others say what they want."""
_INPUTS = {"checkbox", "radio"}
_FIELD = re.compile(r'<input(?![^>]* type="(?:checkbox|radio)")(?: [a-z-]+="[^"]*")*>')
"""A field in which a reader could type: nothing of ours makes one."""

_IMAGE = r'<img(?: (?!src=)[a-z-]+="[^"]*")*>'
_CAPTION = r"(?:<figcaption>(?:(?!</figcaption>).)*</figcaption>\s*)?"
_UNSHOWN = re.compile(rf'<figure(?: [a-z-]+="[^"]*")*>\s*{_IMAGE}\s*{_CAPTION}</figure>|{_IMAGE}', re.DOTALL)
"""A picture that may not be shown: its description may name who is on it, and so it goes with its caption."""

Link = Callable[[str], str | None]
"""Turns the target of a link or image into what is written; None takes it away."""


def clean(html: str, link: Link, image: Link) -> str:
    """HTML that can run nothing, load nothing from elsewhere, and touch nothing around it."""
    return cleaner(link, image)(html)


def cleaner(link: Link, image: Link) -> Callable[[str], str]:
    """What makes HTML clean, for several pieces whose links are treated alike: making it costs as much as using it."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return link(value)
        if name == "src":
            return image(value)
        return _kept(tag, name, value)

    made = nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=_SCHEMES,
        link_rel=None,  # no link of ours opens a new window, and the host sends Referrer-Policy
    )

    def clean_one(html: str) -> str:
        cleaned = made.clean(html)
        return _UNSHOWN.sub("", _FIELD.sub("", cleaned) if "<input" in cleaned else cleaned)

    return clean_one


def _kept(tag: str, name: str, value: str) -> str | None:
    """What is left of the value of an attribute that is allowed and is no address."""
    if name == "class":
        return " ".join(filter(_CLASSES.match, value.split())) or None
    if name == "type" and tag == "input":
        return value if value in _INPUTS else None
    return value if name not in _VALUES or _VALUES[name].match(value) else None


class Removed(NamedTuple):
    """Something that `clean` takes away."""

    kind: str
    """`tag`, `attribute`, `link` or `image`."""
    name: str
    """Of the tag or attribute; of a link or image, its address."""


def is_refused(tag: str) -> bool:
    """Whether a tag is taken away, whatever its attributes."""
    return tag not in _TAGS


def is_published(address: str) -> bool:
    """Whether a link may lead there: nowhere else than to the web, to a mailbox or into the library."""
    return scheme_of(address) in _SCHEMES | {"//", ""}


def removed(html: str) -> Iterator[Removed]:
    """What `clean` takes away from it for what it is, in order; comments aside, which are the author's own.

    It is read by another parser than nh3's, which tells nothing: what it says is for a person, and protects nobody.
    """
    reader = _Removals()
    reader.feed(html)
    reader.close()
    yield from reader.found


class _Removals(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Removed] = []

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TAGS and Removed("tag", tag) not in self.found:  # otherwise its beginning has been told
            self.found.append(Removed("tag", tag))

    def handle_decl(self, decl: str) -> None:
        self.found.append(Removed("tag", "!"))

    def unknown_decl(self, data: str) -> None:
        self.found.append(Removed("tag", "!"))

    def handle_pi(self, data: str) -> None:
        self.found.append(Removed("tag", "?"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS or (tag == "input" and dict(attrs).get("type") not in _INPUTS):
            self.found.append(Removed("tag", tag))
            return
        for name, value in attrs:
            if name not in _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, set()):
                self.found.append(Removed("attribute", name))
            elif name in ("href", "src"):
                if name == "src" and scheme_of(value or ""):
                    self.found.append(Removed("image", value or ""))
                elif name == "href" and not is_published(value or ""):
                    self.found.append(Removed("link", value or ""))
            elif value and _kept(tag, name, value) != (" ".join(value.split()) if name == "class" else value):
                self.found.append(Removed("attribute", name))


_IGNORED = re.compile(r"\A[\x00-\x20]+|[\t\n\r]")
"""What a browser does not read of an address (WHATWG, URL, 4.4)."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):|[/\\]{2}", re.IGNORECASE)


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser reads it, `//` where it has but a host, empty where it is relative."""
    found = _SCHEME.match(_IGNORED.sub("", address))
    return (found[1] or "//").lower() if found else ""


_KNOWN = (
    "a abbr acronym address applet area article aside audio b base big blink blockquote body br button canvas center "
    "cite code col dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form frame "
    "frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins isindex kbd label legend li link main map "
    "mark marquee math menu meta nav noscript object ol option p param pre q s script section select small source "
    "span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title tr tt u ul "
    "var video"
)
_WRITTEN = re.compile(rf"</?({'|'.join(_KNOWN.split())})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def tags_in(text: str) -> list[str]:
    """Names of the HTML tags written in a text that is shown as it is: nobody writes them to have them read."""
    return [name.lower() for name in _WRITTEN.findall(text)]
