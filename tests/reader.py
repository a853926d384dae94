"""A built site as its reader meets it: pages by their address, and where each link leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import html

LANGUAGES = ("fr", "en")
_HOST = "https://reader.example/"  # any host: relative links are resolved from it


class Page:
    """One HTML page. Paths are XPath in which `.name` stands for an element of that class."""

    def __init__(self, address: str, source: str) -> None:
        self.address, self.source = address, source
        self.tree = html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8"))

    def __repr__(self) -> str:
        return self.address or "(home)"

    def all(self, path: str) -> list:
        """What the path finds: elements, or the values of attributes."""
        by_class = r"*[contains(concat(' ', normalize-space(@class), ' '), ' \1 ')]"
        return self.tree.xpath(re.sub(r"(?<=/)\.([a-z][\w-]*)", by_class, path))

    def one(self, path: str):
        """The only thing that the path finds."""
        found = self.all(path)
        assert len(found) == 1, f"{self!r}: {len(found)} × {path}"
        return found[0]

    def texts(self, path: str) -> list[str]:
        """The words of each element found."""
        return [words(element) for element in self.all(path)]

    def text(self, path: str) -> str:
        """The words of the only element found."""
        return words(self.one(path))

    def links(self, path: str) -> list[tuple[str, str]]:
        """Words and address in the site of each link found."""
        return [(words(link), self.target(link.get("href"))) for link in self.all(path)]

    def target(self, link: str) -> str:
        """The address in the site to which a link of this page leads; the link itself where it leaves the site."""
        there = urljoin(_HOST + self.address, link)
        return there.removeprefix(_HOST) if there.startswith(_HOST) else link

    @cached_property
    def ids(self) -> set[str]:
        return set(self.tree.xpath("//@id"))

    @property
    def lang(self) -> str:
        return self.tree.get("lang")

    @property
    def is_redirect(self) -> bool:
        return bool(self.all("//meta[@http-equiv='refresh']"))

    @property
    def noindex(self) -> bool:
        return any("noindex" in content for content in self.all("//meta[@name='robots']/@content"))


class Site:
    """A folder that `mkdocs build` made."""

    def __init__(self, folder: Path, directory_urls: bool = True) -> None:
        self.folder, self.directory_urls = folder, directory_urls

    @cached_property
    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every HTML file by its address, those that only lead elsewhere too."""
        found = {}
        for name in sorted(self.files):
            if name.endswith(".html"):
                address = re.sub(r"(^|/)index\.html$", r"\1", name) if self.directory_urls else name
                found[address] = Page(address, (self.folder / name).read_text("utf-8"))
        return found

    @cached_property
    def content(self) -> list[Page]:
        """The pages that a person reads: no redirects, nor the page for lost visitors, nor the editor."""
        apart = ("404.html", "admin/")
        return [page for page in self.pages.values() if not page.is_redirect and page.address not in apart]

    def page(self, path: str, lang: str = "fr") -> Page:
        """A page by its path and language: `page("sheets/half-moons", "en")`."""
        folder = "/".join(filter(None, ("" if lang == "fr" else lang, path)))
        address = f"{folder}/" if folder else ""
        return self.pages[address if self.directory_urls else f"{address}index.html"]

    def both(self, path: str) -> list[Page]:
        return [self.page(path, lang) for lang in LANGUAGES]

    def broken(self) -> Iterator[str]:
        """Each link, picture, script or fragment of any page that leads nowhere in the site."""
        for page in self.pages.values():
            for link in page.all("//@href | //@src | //@data-src"):
                if re.match(r"(?:https?|mailto|data):", link):
                    continue
                where, fragment = urldefrag(page.target(link))
                where = unquote(urlsplit(where).path)
                name = where if where and not where.endswith("/") else f"{where}index.html"
                if name not in self.files:
                    yield f"{page!r}: {link} → {name}"
                elif fragment and fragment not in self.pages[where].ids:
                    yield f"{page!r}: {link}: no #{fragment}"


def words(element) -> str:
    """What an element says, its blanks made one, no-break ones plain."""
    return " ".join(element.text_content().split())
