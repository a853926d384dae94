"""What may leave the library, and in which shape: the same answer for every export."""

from __future__ import annotations

import re

from capitalise.library import Library, Product
from capitalise.model import Place, Status
from capitalise.settings import LICENCES, Settings

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("[ \t-\r\x85\u2028\u2029]+")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\Z")


def published(library: Library) -> tuple[Product, ...]:
    """The products that the exports hold, by id: no withdrawn one, and no draft even in a preview."""
    return tuple(sorted(filter(is_published, library.listed), key=lambda product: product.id))


def is_published(product: Product | None) -> bool:
    """Whether the exports may name this product."""
    return product is not None and product.fields.status not in (Status.WITHDRAWN, Status.DRAFT)


def coordinates(place: Place) -> tuple[float, float]:
    """Latitude and longitude to a tenth of a degree, about 10 km: never a household, whatever the file says."""
    return round(place.lat, 1) + 0.0, round(place.lon, 1) + 0.0  # + 0.0: no "-0.0"


def licence(product: Product, settings: Settings) -> str:
    """SPDX id of the product's licence: its own, or the site's."""
    return product.fields.licence or settings.licence


def licence_url(spdx: str) -> str:
    """Web address of a licence: its author's, or SPDX's page on it; empty where the id can't be one of SPDX."""
    return LICENCES.get(spdx) or (f"https://spdx.org/licenses/{spdx}.html" if _SPDX.match(spdx) else "")


def line(text: str) -> str:
    """A text on one line, without the characters that XML 1.0 (section 2.2) can't hold; no-break spaces stay."""
    return _BREAKS.sub(" ", _NOT_XML.sub("", text)).strip(" ")
