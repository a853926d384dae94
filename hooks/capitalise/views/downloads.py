"""The page of the offline copies: what each holds, its size, its day, how to see that it came whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capitalise.stick import selection
from capitalise.stick.downloads import FOLDER, LABEL, Download
from capitalise.views.base import Page, Site, named_page


def pages(site: Site) -> Iterator[Page]:
    """The page, where there is something to download."""
    if site.settings.downloads:
        yield named_page(site, FOLDER, "downloads.html", lambda: _view(site))


def _view(site: Site) -> dict[str, Any]:
    t = site.texts
    return {
        "downloads": [_one(site, one) for one in site.settings.downloads],
        "steps": [t(f"downloads.step.{name}") for name in ("save", "unpack", "open", "verify", "again")],
    }


def _one(site: Site, one: Download) -> dict[str, Any]:
    t = site.texts
    languages = t.listing([t.language(lang) for lang in one.languages])
    if one.file == LABEL:
        facts = {"title": t("downloads.label"), "about": t("downloads.label.about")}
        return _facts(site, one) | facts | {"products": "", "stick": ""}
    if one.since:
        return _facts(site, one) | {
            "title": t("downloads.update", number=one.since),
            "about": t("downloads.update.about", file=one.file),
        }
    what = t.listing([selection.label(site.library, name, t) for name in one.only]) or t("downloads.whole")
    documents = t("downloads.with" if one.documents else "downloads.without")
    return _facts(site, one) | {
        "title": what,
        "about": t("downloads.about", languages=languages, documents=documents),
    }


def _facts(site: Site, one: Download) -> dict[str, Any]:
    t = site.texts
    return {
        "url": f"{FOLDER}/{one.file}",
        "products": t.count("count.products", one.products),
        "size": t.size(one.size),
        "stick": t.size(one.stick),
        "date": t.date(one.built),
        "sha256": one.sha256,
        "file": one.file,
        "type": one.file.rpartition(".")[2].upper(),
    }
