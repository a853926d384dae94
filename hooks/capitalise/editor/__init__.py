"""The web editor under `admin/`: its page, its form and the scripts that it needs, and nothing from another host.

Decap CMS and js-yaml stand in `vendor/` (`tools/editor.py` brings them there and writes down their versions and
hashes); what is ours stands here. The same files serve the site, where GitHub keeps the texts, and `capitalise
editor`, where the contributor's own disk does.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from capitalise.editor.form import form as form_of
from capitalise.library import Library
from capitalise.locales import Texts, texts

FOLDER = "admin"
API = "/admin/api/v1"
"""Where the local editor asks for files and hands them over."""

_HERE = Path(__file__).parent
_SCRIPTS = ("admin.js", "codec.js")
_TEXTS = ("title", "loading", "once", "choose", "unreadable", "unwritten")


@dataclass(frozen=True)
class Store:
    """Where the texts are kept."""

    repository: str = ""
    """Web address of the repository on GitHub; empty for the contributor's own disk."""
    branch: str = "main"
    sign_in: str = ""
    """Web address of the service through which people sign in with their GitHub account."""
    root: str = "products"
    """The folder of the library in the repository."""
    local: bool = False

    @property
    def name(self) -> str:
        """`owner/name` of the repository on GitHub; empty where it is elsewhere."""
        found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", self.repository)
        return found[1] if found else ""

    @property
    def is_ready(self) -> bool:
        """Whether the editor can keep anything there."""
        return self.local or bool(self.name and self.sign_in and self.root)


def root_of(repository: Path, products: str) -> str:
    """The folder of the library in the repository, as the editor must name it; empty where it is elsewhere."""
    folder = (repository / products).resolve()
    return folder.relative_to(repository.resolve()).as_posix() if folder.is_relative_to(repository.resolve()) else ""


def files(library: Library, languages: tuple[str, ...], store: Store) -> dict[str, bytes]:
    """Every file of the editor by its name in `admin/`.

    Without a place to keep texts, the page says what is missing, and the heavy scripts stay away.
    """
    found = {"index.html": _page(texts(languages[0]), languages, store), "admin.js": (_HERE / "admin.js").read_bytes()}
    for lang in languages:
        found[f"editor.{lang}.json"] = _json(_editor(library, languages, lang, store))
    if store.is_ready:
        found["codec.js"] = (_HERE / "codec.js").read_bytes()
        for path in sorted((_HERE / "vendor").glob("*.js.gz")):
            found[path.name.removesuffix(".gz")] = gzip.decompress(path.read_bytes())
        for path in sorted((_HERE / "vendor").glob("*.txt")):
            found[path.name] = path.read_bytes()
    return found


def _page(words: Texts, languages: tuple[str, ...], store: Store) -> bytes:
    page = Template((_HERE / "admin.html").read_text("utf-8"))
    values = {
        "lang": words.lang,
        "title": words("editor.title"),
        "noscript": " ".join(texts(lang)("editor.no-script") for lang in languages),
        "languages": " ".join(languages),
        "policy": _policy(store),
        "icon": "data:," if store.local else "../assets/favicon.svg",
    }
    return page.substitute({name: escape(value) for name, value in values.items()}).encode()


def _policy(store: Store) -> str:
    """What the page may load: its own scripts, and the repository; a script inside a text never runs.

    Decap compiles the description of its configuration into functions (Ajv): hence `unsafe-eval`.
    """
    github = "https://api.github.com https://*.githubusercontent.com" if store.name and not store.local else ""
    rules = {
        "default-src": "'none'",
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' blob: data: {github}",
        "connect-src": f"'self' blob: {github}",
        "font-src": "data:",
        "frame-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in rules.items())


def _editor(library: Library, languages: tuple[str, ...], lang: str, store: Store) -> dict[str, Any]:
    """What the page's script reads, in the language of its user."""
    words = texts(lang)
    said = {name: words(f"editor.{name}") for name in _TEXTS}
    if not store.is_ready:
        return {"texts": said, "message": words("editor.not-ready")}
    made = form_of(library, languages, lang, store.root)
    config = {
        "backend": _backend(store),
        "locale": lang,
        "media_folder": store.root,
        "public_folder": "",
        **({} if store.local else {"publish_mode": "editorial_workflow"}),
        "show_preview_links": False,
        "search": True,
        "slug": {"encoding": "ascii", "clean_accents": True},
        "i18n": {"structure": "multiple_files", "locales": list(languages), "default_locale": languages[0]},
        "collections": made["collections"],
    }
    return {
        "texts": said,
        "phrases": _phrases(words, store),
        "config": config,
        "model": made["model"],
        "style": (_HERE / "preview.css").read_text("utf-8"),
    }


def _phrases(words: Texts, store: Store) -> dict[str, Any]:
    """Words of Decap's own that we say otherwise: what it leaves in English, and on one's own disk "save"."""
    pane = {
        name: words(f"editor.pane.{name}").replace("{", "%{") for name in ("copyFromLocale", "copyFromLocaleConfirm")
    }
    saving = ("publish", "publishing", "published", "publishNow", "publishAndCreateNew", "publishAndDuplicate")
    toolbar = {name: words(f"editor.toolbar.{name}") for name in saving} if store.local else {}
    return {"editorControlPane": {"i18n": pane}, "editorToolbar": toolbar}


def _backend(store: Store) -> dict[str, Any]:
    if store.local:
        return {"name": "proxy", "proxy_url": API, "branch": store.branch}
    address = urlsplit(store.sign_in)
    return {
        "name": "github",
        "repo": store.name,
        "branch": store.branch,
        "open_authoring": True,  # who may not write here writes in a fork of their own
        "base_url": f"{address.scheme}://{address.netloc}",
        "auth_endpoint": address.path.strip("/") or "auth",
        "site_domain": "",
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
