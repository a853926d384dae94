"""Where each page stands in the site, and how pages point at each other.

An address is relative to the site's root and has no leading slash: `en/sheets/zai-yatenga/` on the web,
`en/sheets/zai-yatenga/index.html` in files, `en/sheets/zai-yatenga.html` in an offline copy, where a folder for each
page would cost as much room as the page. The default language stands at the root.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from capitalise.stick import names

ROOT = "/__root__/"
"""Stands for the way to the site's root in HTML that may be shown on several pages; see `rebase`."""


@dataclass(frozen=True)
class Addresses:
    """How this site forms its addresses."""

    default_lang: str
    directories: bool = True
    """Whether a page's address ends with `/` (`use_directory_urls`) or with `index.html`."""
    site_url: str = ""
    """The site's address on the web, with its closing slash; empty where it is not known."""
    flat: bool = False
    """Whether pages are files without a folder of their own, as in an offline copy."""
    web_lang: str = ""
    """The language at the root of the site on the web, where this is a copy: it may lack that language."""
    folders: tuple[str, ...] = ()
    """Of a copy: the folders of the languages that are not at its root, `pt/`."""

    def page(self, path: str, lang: str) -> str:
        """Address of a generated page: `page("sheets/zai", "en")`; the home page's path is empty."""
        folder = "/".join(filter(None, ("" if lang == self.default_lang else lang, path)))
        if self.directories:
            return f"{folder}/" if folder else "./"
        if self.flat and path:
            return f"{names.safe(folder)}.html"
        return f"{folder}/index.html" if folder else "index.html"

    def document(self, name: str, lang: str) -> str:
        """Address of a page written by hand in `docs/<lang>/<name>.md`."""
        if name == "index":
            return self.page("", lang)
        if self.directories:
            return self.page(name, lang)
        return f"{'' if lang == self.default_lang else f'{lang}/'}{name}.html"

    def beside(self, path: str, lang: str, name: str) -> str:
        """Address of a file that belongs to one page in one language."""
        page = self.page(path, lang)
        return f"{page.removesuffix('.html') if self.flat else page.rpartition('/')[0]}/{name}"

    def file(self, product_id: str, name: str) -> str:
        """Address of a product's file: the same for all languages."""
        return f"{product_id}/{quote(name)}"

    def absolute(self, address: str) -> str:
        """An address with its host; the address itself where the site's is not known. Of a copy: the one on the web."""
        if self.flat and self.site_url and address.endswith(".html"):
            address = re.sub(r"-?\.html$", "/", re.sub(r"(^|/)index\.html$", r"\1", address))
            if self.default_lang != self.web_lang and not address.startswith(self.folders or ("//",)):
                address = f"{self.default_lang}/{address}"
        return self.site_url + address.removeprefix("./") if self.site_url else address

    def on_the_web(self, path: str, lang: str) -> str:
        """Absolute address of a page in a language that this copy may lack; empty where the site's is not known."""
        folder = "" if lang == (self.web_lang or self.default_lang) else f"{lang}/"
        return f"{self.site_url}{folder}{path}/" if self.site_url else ""


def file_of(address: str) -> str:
    """The file, under the site's folder, that an address leads to."""
    address = address.removeprefix("./")
    return f"{address}index.html" if address.endswith("/") or not address else address


def relative(target: str, page: str) -> str:
    """The link to an address as the page at another address writes it; both from the site's root."""
    path, mark, fragment = target.partition("#")
    parts = path.removeprefix("./").split("/")
    folder = page.removeprefix("./").split("/")[:-1]
    common, most = 0, min(len(folder), len(parts) - 1)
    while common < most and folder[common] == parts[common]:
        common += 1
    link = "../" * (len(folder) - common) + "/".join(parts[common:])
    return (link or "./") + mark + fragment


def rebase(html: str, page: str) -> str:
    """HTML whose links begin with `ROOT`, made fit for the page at that address."""
    html = str(html)  # of a Markup, `replace` would escape the quotes
    if ROOT not in html:
        return html
    return html.replace(f'"{ROOT}', f'"{relative("", page)}')
