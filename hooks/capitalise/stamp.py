"""Writes in a translation which revision of its original it translates, and touches nothing else in the file."""

from __future__ import annotations

import re
from pathlib import Path

from capitalise import whole
from capitalise.library import Product

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")
_OURS = re.compile(r"""(["']?)translation_of\1[ \t]*:""")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*[\r\n]")


class Unstampable(Exception):
    """The field does not begin a line."""


def stamp(product: Product, lang: str, base: Path) -> None:
    """Stamps the translation `lang` of a product; `base` is the folder that holds the library's.

    The file is written whole beside the old one, then put in its place. Raises `Unstampable`.
    """
    document = product.texts[lang].document
    path = base / document.file
    lines = _LINE.findall(text := path.read_bytes().decode("utf-8"))
    rest = text[sum(map(len, lines)) :]
    start = document.line("translation_of") - 1
    if not _OURS.match(lines[start]):
        raise Unstampable(document.file)
    fields = {line - 1 for where, line in document.lines.items() if len(where) == 1}
    after = range(start + 1, len(lines))
    end = next((n for n in after if n in fields or _CLOSING.match(lines[n])), len(lines))
    while lines[end - 1].startswith("#") or not lines[end - 1].strip():  # what stands before the next field is its own
        end -= 1
    newline = lines[start][len(lines[start].rstrip("\r\n")) :]
    block = ["translation_of:", f"  language: {product.original_lang}", f"  revision: {product.revision!r}"]
    block.append("  sections:")
    block += [f"    {anchor}: {digest!r}" for anchor, digest in product.hashes.items()]
    lines[start:end] = [line + newline for line in block]
    whole.write(path, "".join(lines) + rest)
