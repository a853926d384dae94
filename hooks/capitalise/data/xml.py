"""XML documents: built as trees, never from templates, so that no title can break out of its element."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import Any

from capitalise.data.selection import line


def add(parent: etree.Element, tag: str, text: str = "", **attributes: str) -> etree.Element:
    """A new child. Attributes that are empty are left out; `_` after a name that Python keeps for itself is dropped."""
    kept = {name.rstrip("_"): line(value) for name, value in attributes.items() if value}
    element = etree.SubElement(parent, tag, kept)
    if text:
        element.text = line(text)
    return element


def document(root: etree.Element) -> str:
    """The whole document, indented, with its declaration."""
    etree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def root(tag: str, **attributes: Any) -> etree.Element:
    """The outermost element; `xmlns` and `xml_lang` are written `xmlns` and `xml:lang`."""
    return etree.Element(tag, {name.replace("_", ":"): value for name, value in attributes.items()})
