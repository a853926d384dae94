"""E-mail addresses that may be a person's: at a provider of private mailboxes, or with a name before the `@`.

An organisation's own address is good: `info@…`, `contact@…`, `groupement@groupement.example`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from capitalise.locales import available, fold, texts
from capitalise.personal.found import EMAIL, Found

_AT = r"(?:@| ?[\[({] ?(?:@|at|arobase|chez|aro) ?[\])}] ?)"
_DOT = r"(?:\.| ?[\[({] ?(?:\.|dot|point) ?[\])}] ?)"
_ADDRESS = re.compile(
    rf"(?<![\w.+%-])(?P<box>\w[\w.+%-]{{0,63}}){_AT}(?P<host>(?:\w[\w-]{{0,62}}{_DOT}){{1,6}}[A-Za-z]{{2,24}})",
    re.IGNORECASE,
)
_PROVIDERS = frozenset(
    "gmail googlemail yahoo ymail rocketmail hotmail outlook live msn icloud me mac aol gmx mail email zoho proton "
    "protonmail pm tutanota tutamail yandex laposte wanadoo free sfr neuf orange bbox skynet telenet voo proximus "
    "belgacom scarlet caramail voila fastmail hushmail inbox".split()
)
"""Names, before the ending, of providers of private mailboxes in the countries that the library speaks of."""


def find(text: str) -> Iterator[Found]:
    """The addresses of a plain text that are not an organisation's."""
    for match in _ADDRESS.finditer(text) if "@" in text or _written(text) else ():
        box, host = match["box"], re.sub(rf" ?{_DOT} ?", ".", match["host"], flags=re.IGNORECASE)
        if is_private(box, host):
            yield Found(EMAIL, match.start(), match.end(), match[0])


def is_private(box: str, host: str) -> bool:
    """Whether an address, parted at its `@`, may be a person's."""
    box, labels = fold(box), fold(host).split(".")
    if len(labels) <= 3 and labels[0] in _PROVIDERS:
        return True
    words = re.split(r"[.+_-]", box)
    return words[0] not in generic() and box not in labels and "".join(words) not in "".join(labels)


@cache
def generic() -> frozenset[str]:
    """The first words of mailboxes that belong to an office, in every language that has texts."""
    return frozenset(word for lang in available() for word in texts(lang)("personal.mailboxes").split())


def _written(text: str) -> bool:
    return bool(re.search(r"[\[({] ?(?:at|arobase|chez|aro) ?[\])}]", text, re.IGNORECASE))
