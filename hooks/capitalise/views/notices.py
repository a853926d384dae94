"""What a reader must know before reading: what the product is not, or is no longer."""

from __future__ import annotations

from collections.abc import Iterator

from capitalise.library import Product
from capitalise.model import Status
from capitalise.sections import FIELDS
from capitalise.translation import State
from capitalise.views.base import Link, Notice, Site


def notices(site: Site, product: Product) -> Iterator[Notice]:
    text, t = product.text(site.lang), site.texts
    fields = text.fields
    if fields.status in (Status.EXAMPLE, Status.ARCHIVED, Status.DRAFT):
        yield Notice(str(fields.status), t(f"notice.{fields.status}"))
    if text.lang != site.lang:
        language = t.language(text.lang)
        folder = product.original.file.rpartition("/")[0]
        start = site.settings.new_url(folder, f"index.{site.lang}.md")
        links = (Link(t("notice.missing.action"), start),) if start else ()
        yield Notice("missing", t("notice.missing", language=language), links)
    elif text.state is State.OUTDATED:
        yield _outdated(site, product)
    if fields.draft_by == "machine":
        yield Notice("machine", t("notice.machine"))
    if fields.review_by and fields.review_by < site.library.today:
        yield Notice("review", t("notice.review", date=t.date(fields.review_by)))


def _outdated(site: Site, product: Product) -> Notice:
    """Says which sections changed in the original, with the way to them."""
    text, original = product.text(site.lang), product.original
    titles = {part.anchor: part.title for part in (*original.parts, *text.parts)}
    for section in product.kind.sections:  # one that the translation lacks is named in its language all the same
        titles[section.anchor] = site.texts(f"section.{product.kind.name}.{section.anchor}")
    where = site.addresses.page if original.lang in site.languages else site.addresses.on_the_web
    url = where(product.id, original.lang)
    links = tuple(
        Link(
            site.texts("notice.outdated.fields") if anchor == FIELDS else titles.get(anchor) or anchor,
            f"{url}#{anchor}" if url and anchor not in (FIELDS, "intro") else url,
        )
        for anchor in text.changed
    )
    language = site.texts.language(original.lang)
    return Notice("outdated", site.texts("notice.outdated", language=language), links or (Link(language, url),))
