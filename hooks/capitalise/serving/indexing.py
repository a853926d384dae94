"""The search index of the preview, made by another process when nobody waits for it.

python -m capitalise.serving.indexing BUNDLE FOLDER CACHE
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

from capitalise import making, reading, whole
from capitalise.finding import index, records
from capitalise.finding.spelling import Words
from capitalise.press import Press
from capitalise.serving import bundle
from capitalise.serving.shown import Index
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
    waiting, words = folder / "records", defaultdict(Words)
    press = Press(sites, about.templates)
    for made in making.write(press, making.listed(press), folder / "pages", store, jobs=1):
        if made.record:
            index.add(made.record, waiting / made.lang)
            words[made.lang].add(made.record)
    for document in about.documents.values():
        if document.title and document.place.indexed:
            record = records.of_document(sites[document.lang], document.url, document.title, document.content)
            index.add(record, waiting / document.lang)
            words[document.lang].add(record)
    store.close()
    results = {lang: index.build(waiting / lang, folder / lang / "index") for lang in sites}
    frequent = {lang: words[lang].frequent() for lang in sites}
    whole.write(folder / RESULTS, json.dumps({"results": results, "words": frequent}))


def read(folder: Path) -> Index | None:
    """What `make` left in a folder; None where it did not come to the end."""
    try:
        content = json.loads((folder / RESULTS).read_text("utf-8"))
        return Index(folder, content["results"], content["words"])
    except (OSError, ValueError, KeyError):
        return None


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
