"""The one place where contributed text becomes HTML that a browser may read.

An allow-list that holds what our Markdown makes and nothing else (nh3, the Python binding of ammonia). Identifiers
and classes are limited too, so that no contribution can imitate or hide a part of the page around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

_TAGS = {
    *"a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h3 h4 h5 h6 hr".split(),
    *"i img input kbd label li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th".split(),
    *"thead tr u ul".split(),
}
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"type", "checked", "disabled", "name"},
    "label": {"for"},
    "ol": {"start", "type", "reversed"},
    "td": {"style", "colspan", "rowspan", "headers"},
    "th": {"style", "colspan", "rowspan", "scope"},
    "div": {"data-tabs"},
}
_IDS = re.compile(r"(?:fn|fnref\d*):[\w-]+\Z|__tabbed_\d+(?:_\d+)?\Z")
_CLASSES = re.compile(
    r"(?:admonition(?:-title)?|note|abstract|info|tip|success|question|warning|failure|danger|bug|example|quote"
    r"|answer|facilitator|glossary|tabbed-[a-z]+|task-list(?:-[a-z]+)?|footnote(?:-[a-z]+)?|figure|language-[\w-]+)\Z"
)
_ALIGN = re.compile(r"text-align: (?:left|center|right);?\Z")
_INPUTS = {"checkbox", "radio"}
_FIELD = re.compile(r'<input(?![^>]* type="(?:checkbox|radio)")(?: [a-z-]+="[^"]*")*>')
"""A field in which a reader could type: nothing of ours makes one."""

_IMAGE = r'<img(?: (?!src=)[a-z-]+="[^"]*")*>'
_CAPTION = r"(?:<figcaption>(?:(?!</figcaption>).)*</figcaption>\s*)?"
_UNSHOWN = re.compile(rf'<figure(?: [a-z-]+="[^"]*")*>\s*{_IMAGE}\s*{_CAPTION}</figure>|{_IMAGE}', re.DOTALL)
"""A picture that may not be shown: its description may name who is on it, and so it goes with its caption."""

Link = Callable[[str], str | None]
"""Turns the target of a link or image into what is written; None takes it away."""


def clean(html: str, link: Link | None = None, image: Link | None = None) -> str:
    """HTML that can run nothing, load nothing from elsewhere, and touch nothing around it."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "id" or name == "for":
            return value if _IDS.match(value) else None
        if name == "class":
            return " ".join(filter(_CLASSES.match, value.split())) or None
        if name == "style":
            return value if _ALIGN.match(value) else None
        if name == "type" and tag == "input":
            return value if value in _INPUTS else None
        if name == "href" and link:
            return link(value)
        if name == "src" and image:
            return image(value)
        return value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,  # no link of ours opens a new window, and the host sends Referrer-Policy
    )
    return _UNSHOWN.sub("", _FIELD.sub("", cleaned))
