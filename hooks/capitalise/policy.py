"""What a browser may do with our pages, whatever got into them: Content Security Policy (W3C, level 3) and its kin.

No page of ours holds a script or a style of its own, so the policy is the same for all and known before any is made:
`unsafe-inline` is never needed, and no hash either but for the pages that stand alone (`alone`). It goes into the page
itself, for a copy on a stick has no server and GitHub Pages sends no header of ours; what a page can't say of itself,
and the same once more, goes into headers for the hosts that read a `_headers` file.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable

HEADERS: dict[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(
        f"{one}=()"
        for one in (
            "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope magnetometer "
            "microphone midi payment publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking"
        ).split()
    ),
}
"""For every file of the site. Clipboard, full screen and sharing stay: pages offer to copy an address, films fill the
screen."""

FRAMED = "frame-ancestors 'self'"
"""Only our own comparison may hold a page in a frame; a policy in the page can't say so."""


def page(*, files: bool) -> str:
    """The policy of a page of the site; `files` tells that it will be opened as a file.

    `file:` stands beside `'self'` for browsers that give each file an origin of its own, and for a copy on a network
    share. From files, search runs from memory (`search-files.js`): hence `blob:`. `data:` is for the small drawings
    of the stylesheets, `blob:` for a picture that a reader has just chosen, `wasm-unsafe-eval` for the search engine,
    which may compile WebAssembly and can't evaluate text.
    """
    own = "'self' file:" if files else "'self'"
    rules = {
        "default-src": "'none'",
        "script-src": f"{own} 'wasm-unsafe-eval'{' blob:' if files else ''}",
        "style-src": own,
        "img-src": f"{own} data: blob:",
        "media-src": own,
        "connect-src": own,
        "worker-src": f"{own} blob:" if files else own,
        "frame-src": own,
        "form-action": own,
        "base-uri": "'none'",
    }
    return _line(rules)


def alone(style: str = "") -> str:
    """The policy of a page that asks for nothing but its icon: it may have this style, and no script at all."""
    rules = {
        "default-src": "'none'",
        "style-src": _hash(style.encode()) if style else "'none'",
        "img-src": "'self' file:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return _line(rules)


def headers_file(folders: Iterable[str], apart: str) -> str:
    """`_headers`, as Netlify, Cloudflare Pages and others read it.

    `folders` are those at the site's root that hold pages. The editor stands `apart`: its policy is in its page, and a
    wider rule would forbid what it needs, since of several policies each must allow.
    """
    lines = ["/*", *(f"  {name}: {value}" for name, value in HEADERS.items())]
    lines.append(f"  Content-Security-Policy: {FRAMED}")
    for path in ("/", "/index.html", "/404.html", *(f"/{name}/*" for name in sorted(set(folders) - {apart}))):
        lines += [path, f"  Content-Security-Policy: {page(files=False)}; {FRAMED}"]
    return "\n".join(lines) + "\n"


_LAST_SCRIPT = re.compile(rb".*<script>(.*?)</script>", re.DOTALL)
_SCRIPTS = b"script-src 'self'"


def admit_last_script(html: bytes) -> bytes:
    """The page with its policy allowing its last script by its hash: the one with which a preview reloads itself."""
    found = _LAST_SCRIPT.match(html)
    return html.replace(_SCRIPTS, _SCRIPTS + b" " + _hash(found[1]).encode(), 1) if found else html


def _hash(content: bytes) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content).digest()).decode()}'"


def _line(rules: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in rules.items())
