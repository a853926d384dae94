"""What the site's generator knows and the preview needs: how the site is set, and the pages written by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from capitalise import reading, whole
from capitalise.addresses import Addresses
from capitalise.press import Document
from capitalise.settings import Settings
from capitalise.views.base import Place


@dataclass(frozen=True)
class Bundle:
    """All of it."""

    settings: Settings
    products: Path
    templates: Path
    documents: Mapping[str, Document]
    """Address → page."""


def write(bundle: Bundle, path: Path) -> None:
    """Writes a bundle as JSON, whole or not at all."""
    settings = asdict(bundle.settings) | {"downloads": (), "built": None}
    content: dict[str, Any] = {
        "settings": settings,
        "products": str(bundle.products),
        "templates": str(bundle.templates),
        "documents": [asdict(document) for document in bundle.documents.values()],
    }
    whole.write(path, json.dumps(content, ensure_ascii=False))


def read(path: Path, address: str) -> Bundle:
    """Reads it, for a site that is served at `address`. Raises `OSError`, `ValueError`, `KeyError`, `TypeError`."""
    content = json.loads(path.read_text("utf-8"))
    settings = content["settings"]
    addresses = settings["addresses"] | {"site_url": address, "folders": tuple(settings["addresses"]["folders"])}
    settings |= {
        "addresses": Addresses(**addresses),
        "languages": tuple(settings["languages"]),
        "stylesheets": tuple(settings["stylesheets"]),
        "downloads": (),
        "built": reading.today(),
    }
    documents = [_document(values) for values in content["documents"]]
    return Bundle(
        Settings(**settings),
        Path(content["products"]),
        Path(content["templates"]),
        {document.url.removeprefix("./"): document for document in documents},
    )


def _document(values: dict[str, Any]) -> Document:
    place = values["place"] | {"alternates": tuple(values["place"]["alternates"])}
    return Document(**values | {"place": Place(**place)})
