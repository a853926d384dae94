"""Writes in a translation which revision of its original it translates, and touches nothing else in the file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from capitalise.library import Product

_BLOCK = re.compile(r"^translation_of:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)


def stamp(product: Product, lang: str, base: Path) -> None:
    """Stamps the translation `lang` of a product; `base` is the folder that holds the library's.

    The file is written whole beside the old one, then put in its place.
    """
    path = base / product.texts[lang].file
    text = path.read_bytes().decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    sections = "".join(f"\n    {anchor}: {digest!r}" for anchor, digest in product.hashes.items())
    block = (
        f"translation_of:\n  language: {product.original_lang}\n  revision: {product.revision!r}\n  sections:{sections}\n"
    )
    stamped, count = _BLOCK.subn(lambda _: block, text, count=1)
    if not count:
        raise ValueError(f"{path}: no translation_of")
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(stamped.replace("\n", newline).encode())
    os.replace(beside, path)
