"""Every page of the library, written into a site's folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from capitalise import addresses, pages, whole
from capitalise.finding import records
from capitalise.finding.records import Record
from capitalise.press import LOST, Press
from capitalise.views.base import Page, Site


@dataclass(frozen=True)
class Made:
    """A page that was written."""

    lang: str
    record: Record | None
    """What the search engine is to read of it."""


def listed(press: Press) -> Mapping[str, Sequence[Page]]:
    """The pages of each language, in their order."""
    return {
        lang: (*pages.pages(site), *(press.preview.pages(site) if press.preview else ()))
        for lang, site in press.sites.items()
    }


def write(press: Press, found: Mapping[str, Sequence[Page]], out: Path) -> Iterator[Made]:
    """Writes these pages under the folder `out`, and the one for what is not there; tells of each as it goes."""
    for lang, some in found.items():
        site = press.sites[lang]
        for page in some:
            yield Made(lang, _write(press, site, page, out))
    whole.write(out / LOST, press.lost(next(iter(press.sites.values()))))


def _write(press: Press, site: Site, page: Page, out: Path) -> Record | None:
    context = press.context(site, page)
    whole.write(out / addresses.file_of(site.url(page.path)), press.print(page, context))
    return records.of_page(site, page, context["view"])
