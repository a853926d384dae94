"""Links that hold a datum: `tel:`, messengers, maps. In other web addresses nothing is looked for.

Sources: RFC 3966 (`tel:`), RFC 5724 (`sms:`), RFC 5870 (`geo:`); WhatsApp's "How to use click to chat" (`wa.me`);
Google's "Maps URLs"; OpenStreetMap's wiki, "Browsing" (`#map=zoom/lat/lon`, `mlat`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from capitalise.personal.found import MESSENGER, PHONE, POSITION, Found

ADDRESS = re.compile(r"\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+|\bdoi:\s?10\.\S+|\b10\.\d{4,9}/\S+", re.IGNORECASE)
"""Web addresses and DOIs: their digits are nobody's."""

_PHONE = re.compile(
    r"\b(?:tel|sms|callto|skype):\+?(?=[\d().-]{7})[\d().-]*\d"
    r"|\b(?:wa\.me/|(?:api\.)?whatsapp(?:\.com/|://)send/?\?(?:[\w=%]{1,40}&)?phone=|viber://\w+\?number=|signal\.me/\#p/)"
    r"(?:\+|%2B)?\d{6,15}",
    re.IGNORECASE,
)
_MESSENGER = re.compile(
    r"\b(?:chat\.whatsapp\.com/\w|wa\.me/(?:message|qr)/\w|whatsapp\.com/channel/\w|t\.me/\+?\w|telegram\.me/\w"
    r"|m\.me/\w|signal\.group/|discord\.gg/\w)[\w/-]{0,60}",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"\bmaps\.app\.goo\.gl/[\w-]{1,60}|\bgoo\.gl/maps/[\w-]{1,60}|\bg\.co/maps/[\w-]{1,60}"
    r"|\b(?:maps\.google\.[a-z.]{2,6}|google\.[a-z.]{2,6}/maps)\b[^\s<>\")]{0,200}"
    r"|\bopenstreetmap\.org/[^\s<>\")]{0,60}(?:map=1[3-9]/|mlat=)[^\s<>\")]{0,60}|\bosm\.org/go/\S{1,40}"
    r"|\bmaps\.apple\.com/[^\s<>\")]{0,100}(?:ll|q|address)=[^\s<>\")]{1,100}|\bmaps\.apple/[^\s<>\")]{1,60}"
    r"|\bbing\.com/maps[^\s<>\")]{0,40}cp=[^\s<>\")]{1,60}|\bwaze\.com/ul[^\s<>\")]{0,100}"
    r"|\bgeo:-?\d{1,2}\.\d{3,},-?\d{1,3}\.\d{3,}"
    r"|\b(?:w3w\.co|what3words\.com)/\w+\.\w+\.\w+|(?<![/\w:])///[^\W\d_]{3,20}\.[^\W\d_]{3,20}\.[^\W\d_]{3,20}\b",
    re.IGNORECASE,
)


_SIGNS = (
    "tel: sms: callto: skype: viber: geo: wa.me whatsapp signal. t.me telegram. m.me discord. maps goo.gl "
    "openstreetmap osm.org waze what3words w3w /// ?q=".split()
)
"""One of them is in every such link: a text without them is not searched."""


def find(text: str) -> Iterator[Found]:
    """The links of a plain text that lead to a person or to a place."""
    folded = text.casefold()
    if not any(sign in folded for sign in _SIGNS):
        return
    for sort, pattern in ((PHONE, _PHONE), (MESSENGER, _MESSENGER), (POSITION, _POSITION)):
        for match in pattern.finditer(text):
            yield Found(sort, match.start(), match.end(), match[0])
