"""What the preview shows beside the site: each problem in the page that it is about, and where it is in it.

A product that is left out has a page all the same, which lists what keeps it out; `problems/` lists everything.
None of this is in a site that is published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from capitalise.library import Library, Product
from capitalise.locales import slug
from capitalise.model import kind_of
from capitalise.problems import Problem, counted, plain
from capitalise.views.base import Link, Page, Site

PATH = "problems"


@dataclass(frozen=True)
class Told:
    """A problem in words."""

    severity: str
    severity_label: str
    where: str
    """File and line."""
    code: str
    message: str
    hint: str
    section: Link | None = None
    """The section of the page that it is in."""


class Preview:
    """The problems of a library by what they are about; made once for all languages and pages of a build."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.by_product: Mapping[str, Sequence[Problem]] = defaultdict(list)
        self.others: list[Problem] = []
        self.errors = sum(problem.is_error for problem in library.problems)
        for problem in library.problems:
            product_id = _product_of(problem.file)
            (self.by_product[product_id] if product_id else self.others).append(problem)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Ids of the folders that have a problem and no product in the library."""
        return tuple(sorted(self.by_product.keys() - self.library.products.keys()))

    def pages(self, site: Site) -> Iterator[Page]:
        """The list of problems, and a page for each product that is left out."""
        yield self._page(site, PATH, lambda: self._all(site))
        for product_id in self.left_out:
            yield self._page(site, product_id, lambda one=product_id: self._left_out(site, one))

    def _page(self, site: Site, path: str, view: Any) -> Page:
        words = site.texts
        if path == PATH:
            title, crumbs = words("preview.title"), ()
        else:
            title, crumbs = path, (Link(words("preview.title"), site.url(PATH)),)
        return Page(
            path, site.lang, "problems.html", title, words("preview.description"), view, site.languages, site.lang,
            indexed=False, crumbs=crumbs,
        )  # fmt: skip

    def _all(self, site: Site) -> dict[str, Any]:
        groups = [
            {"link": self._link(site, product_id), "problems": self._told(site, problems)}
            for product_id, problems in sorted(self.by_product.items())
        ]
        if self.others:
            groups.append({"link": Link(site.texts("preview.others")), "problems": self._told(site, self.others)})
        return {
            "title": site.texts("preview.title"),
            "description": self.counted(site) or site.texts("problem.none"),
            "groups": groups,
        }

    def _left_out(self, site: Site, product_id: str) -> dict[str, Any]:
        problems = self.by_product[product_id]
        return {
            "title": product_id,
            "description": site.texts("preview.left-out"),
            "groups": [{"link": None, "problems": self._told(site, problems)}],
        }

    def _link(self, site: Site, product_id: str) -> Link:
        product = self.library.products.get(product_id)
        return site.product_link(product) if product else Link(product_id, site.url(product_id))

    def counted(self, site: Site) -> str:
        """How many errors and warnings the library has; empty where it has none."""
        if not self.library.problems:
            return ""
        return counted(self.errors, len(self.library.problems) - self.errors, site.texts)

    def around(self, site: Site, path: str) -> dict[str, Any]:
        """What the page at `path` shows of problems: the way to all, those of its product, those of its sections."""
        product = self.library.products.get(path)
        found = self._told(site, self.by_product.get(path, ()), product) if product else []
        sections: dict[str, list[Told]] = defaultdict(list)
        for told in found:
            if told.section:
                sections[told.section.url.removeprefix("#")].append(told)
        return {
            "all": Link(self.counted(site) or site.texts("problem.none"), site.url(PATH)),
            "problems": found,
            "sections": sections,
        }

    def _told(self, site: Site, problems: Sequence[Problem], product: Product | None = None) -> list[Told]:
        words = site.texts
        return [
            Told(
                severity=problem.severity,
                severity_label=words(f"problem.{problem.severity}"),
                where=f"{plain(problem.file)}:{problem.line}",
                code=problem.code,
                message=problem.message(words),
                hint=problem.hint(words),
                section=_section(product, problem, site.lang) if product else None,
            )
            for problem in sorted(problems, key=lambda one: (not one.is_error, one))
        ]


def _product_of(file: str) -> str:
    """The id of the product that a file, or a folder, belongs to; empty where it belongs to none."""
    parts = tuple(file.split("/")[1:])  # the first is the library's own name
    for owner in (parts, parts[:-1]):
        # A name that can't be an address has no page.
        if owner and kind_of(owner) and all(part == slug(part) for part in owner):
            return "/".join(owner)
    return ""


def _section(product: Product, problem: Problem, lang: str) -> Link | None:
    """The section in which a problem of the text that the page shows is; None for its front matter."""
    text = product.text(lang)
    if problem.file != text.file:
        return None
    before = [part for part in text.parts if part.line <= problem.line]
    shown = bool(before) and bool(before[-1].title) and not before[-1].is_blank
    return Link(before[-1].title, f"#{before[-1].anchor}") if shown else None
