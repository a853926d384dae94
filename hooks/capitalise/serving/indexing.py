"""The search index of the preview, made by another process when nobody waits for it.

python -m capitalise.serving.indexing BUNDLE FOLDER CACHE
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from capitalise import finding, making, pages, reading, whole
from capitalise.finding import index, records
from capitalise.finding.shelf import Shelf
from capitalise.serving import bundle
from capitalise.serving.shown import Search
from capitalise.store import Store
from capitalise.views.base import Site

RESULTS = "results.json"


def make(bundle_file: Path, folder: Path, cache: Path | None) -> None:
    """Indexes the library of a bundle into a folder: one for each language, and what is found at which address."""
    if hasattr(os, "nice"):
        os.nice(19)
    about = bundle.read(bundle_file, "")
    library = reading.load(about.products, about.settings.languages, drafts=True)
    store = Store(cache)
    sites = {lang: Site(library, about.settings, lang, store, making.version()) for lang in about.settings.languages}
    waiting = folder / "records"
    for lang, site in sites.items():
        for page in pages.pages(site):
            if record := records.of_page(site, page):
                index.add(record, waiting / lang)
    for document in about.documents.values():
        if document.title and document.place.indexed:
            record = records.of_document(sites[document.lang], document.url, document.title, document.content)
            index.add(record, waiting / document.lang)
    store.close()
    shelf = Shelf(cache.parent / finding.KEPT) if cache else None
    found = {lang: index.build(waiting / lang, folder / lang / "index", shelf=shelf)._asdict() for lang in sites}
    whole.write(folder / RESULTS, json.dumps(found))


def read(folder: Path) -> Search | None:
    """What `make` left in a folder; None where it did not come to the end."""
    try:
        content = json.loads((folder / RESULTS).read_text("utf-8"))
        return Search(folder, {lang: index.Index(**made) for lang, made in content.items()})
    except (OSError, ValueError, TypeError):
        return None


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
