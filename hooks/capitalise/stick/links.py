"""The links of a page as a copy needs them: files stand elsewhere, and what leaves the stick says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import quote, unquote

_TAG = re.compile(r"""<([a-z][a-z0-9]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)+)\s*/?>""")
_ADDRESS = re.compile(r'(?<=\s)(href|src|poster|data-src)="([^"]*)"')
_FILM = re.compile(r"<video\s[^>]*></video>")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_LANG = re.compile(r'<html[^>]*? lang="([a-z-]+)"')
_TABLE = re.compile(r'"((?:[a-z0-9-]+/)+[^"\\/]+)"')
_DOWNLOAD = re.compile(r'\sdownload(?:="[^"]*")?')


@dataclass(frozen=True)
class Links:
    """Where the files of a site went."""

    moved: Mapping[str, str] = field(default_factory=dict)
    """Address of a file in the site → its place, from the folder of the pages."""
    absent: frozenset[str] = frozenset()
    """Files of the site that the copy leaves out."""
    inlined: Mapping[str, str] = field(default_factory=dict)
    """Address of a small file → a `data:` address that holds it."""
    web: str = ""
    """The site's address, to which a link to an absent file leads; empty where it is not known."""
    internet: Callable[[str], str] = lambda lang: ""
    """Language → what a link that needs internet is called."""

    def page(self, html: str, address: str) -> str:
        """The page at that address of the site, its links made fit."""
        lang = _LANG.search(html)
        words = escape(self.internet(lang[1] if lang else ""))

        def tag(found: re.Match[str]) -> str:
            if "=" not in found[2]:
                return found[0]
            whole = _ADDRESS.sub(lambda link: f'{link[1]}="{self._link(link[2], address)}"', found[0])
            if found[1] != "a":
                return whole
            link = _ADDRESS.search(whole)
            if link and link[2].startswith("data:"):
                name = posixpath.basename(posixpath.dirname(self._target(_ADDRESS.search(found[0])[2], address)))
                return _DOWNLOAD.sub(f' download="{name}{_suffix(found[0])}"', whole, count=1)
            if link and _WEB.match(unescape(link[2])):
                title = "" if " title=" in whole else f' title="{words}"'
                return _DOWNLOAD.sub("", f"<a data-internet{title}{whole[2:]}", count=1)
            return whole

        return _TAG.sub(tag, _FILM.sub(lambda film: self._film(film, address), html))

    def _film(self, film: re.Match[str], page: str) -> str:
        """A film that the copy leaves out is its poster: the player would ask the web for it."""
        known = dict(_ADDRESS.findall(film[0]))
        if self._target(known.get("src", ""), page) not in self.absent:
            return film[0]
        label = re.search(r'aria-label="([^"]*)"', film[0])
        return f'<img src="{known.get("poster", "")}" alt="{label[1] if label else ""}" loading="lazy">'

    def table(self, script: str) -> str:
        """A table of the browser's (finding/tables.py), its addresses of files made fit."""
        return _TABLE.sub(lambda text: f'"{self.moved.get(unquote(text[1]), text[1])}"', script)

    def _link(self, link: str, page: str) -> str:
        target = self._target(link, page)
        if target in self.moved:
            return escape(quote(posixpath.relpath(self.moved[target], posixpath.dirname(page) or ".")))
        if target in self.inlined:
            return self.inlined[target]
        if target in self.absent:
            return escape(self.web + quote(target)) if self.web else "#"
        return link

    @staticmethod
    def _target(link: str, page: str) -> str:
        """The file of the site to which a link leads; empty for what leaves it."""
        address = unescape(link)
        if _ELSEWHERE.match(address) or address.startswith("#"):
            return ""
        path = unquote(re.split(r"[?#]", address, maxsplit=1)[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else ""


def _suffix(tag: str) -> str:
    return posixpath.splitext(re.split(r"[?#]", _ADDRESS.search(tag)[2])[0])[1]
