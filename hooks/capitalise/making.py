"""Every page of the library, written into a site's folder: taken from those that were kept, or printed.

A page is known by the hash of all that it is made from: what its template is given, the template, the program. What it
is given is made for each build, and says all that the page depends on; so nothing has to be declared, or forgotten.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from multiprocessing.process import BaseProcess
from pathlib import Path

from capitalise import addresses, machine, pages, whole
from capitalise.finding import records
from capitalise.finding.records import Record
from capitalise.press import LOST, Press
from capitalise.store import Store, digest
from capitalise.views.base import Page

KEPT = "pages.sqlite3"
"""The file in which pages are kept."""
SOME = 40
"""Pages that a process makes in one go."""
FEW = 4 * SOME
"""So many pages take less time than starting processes."""

_LIBRARIES = ("Babel", "Jinja2", "Markdown", "MarkupSafe", "nh3", "Pillow", "pymdown-extensions")
"""What a page is made with, beside the program."""


@dataclass(frozen=True)
class Made:
    """A page that was written."""

    lang: str
    path: str
    record: Record | None
    """What the search engine is to read of it."""
    kept: bool
    """Whether it was there from a build before."""


@cache
def version() -> str:
    """Tells this program, and what it prints with, from any other."""
    here = Path(__file__).parent
    files = sorted(path for path in here.rglob("*") if path.suffix in (".py", ".yml", ".json", ".gz"))
    libraries = (f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return digest(sys.version, *libraries, *(path.read_bytes() for path in files)).hex()


def listed(press: Press) -> Mapping[str, Sequence[Page]]:
    """The pages of each language, in their order."""
    return {
        lang: (*pages.pages(site), *(press.preview.pages(site) if press.preview else ()))
        for lang, site in press.sites.items()
    }


def write(
    press: Press, found: Mapping[str, Sequence[Page]], out: Path, store: Store, jobs: int | None = None
) -> Iterator[Made]:
    """Writes these pages under the folder `out`, and the one for what is not there; tells of each as it goes, in order.

    `jobs` is the most processes that work at once, by default one for each core; where the system can't fork a
    process, there is one. What a page raises is raised here.
    """
    # The products first: what they say is kept, and lists show parts of it.
    products = [(lang, page) for lang, some in found.items() for page in some if _is_product(press, page)]
    others = [(lang, page) for lang, some in found.items() for page in some if not _is_product(press, page)]
    work = _Work(press, out, store)
    jobs = min(jobs or machine.cores(), 1 + (len(products) + len(others)) // FEW)
    if jobs > 1 and "fork" in multiprocessing.get_all_start_methods():
        yield from _shared_out(work, products, jobs)
        yield from _shared_out(work, others, jobs)
    else:
        for lang, page in (*products, *others):
            yield work.one(lang, page)
        store.flush()
    whole.write(out / LOST, press.lost(next(iter(press.sites.values()))))


def _is_product(press: Press, page: Page) -> bool:
    return page.path in press.sites[page.lang].library.products


class _Work:
    """Makes one page after the other."""

    def __init__(self, press: Press, out: Path, store: Store) -> None:
        self.press, self.out, self.store = press, out, store

    def one(self, lang: str, page: Page) -> Made:
        """Writes a page."""
        site = self.press.sites[lang]
        own = self.press.own(site, page)
        said = records.said(site, page)
        key = digest(site.version, self.press.key(site, page, own), repr(said))
        kept = self.store.get(key)
        if kept is not None:
            html, words = json.loads(kept)
        else:
            html = self.press.print(site, page, own)
            words = records.of_product(site, said, own["view"]["text"]).html if said else ""
            self.store.put(key, json.dumps([html, words], ensure_ascii=False).encode("utf-8", "surrogatepass"))
        path = self.out / addresses.file_of(site.url(page.path))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.press.dated(site, html), "utf-8", errors="xmlcharrefreplace", newline="\n")
        record = Record(said.address, words) if said else None
        if page.path == records.GLOSSARY:
            record = records.of_glossary(site, page)
        return Made(lang, page.path, record, kept is not None)


# -------------------------------------------------------------------------------- several processes

_working: _Work | None = None
"""Of a process that was forked: what it works on."""
_todo: Sequence[tuple[str, Page]] = ()


def _begin() -> None:
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    _working.store.again()


def _end_with(parent: BaseProcess) -> None:
    """Ends this process when the one that it works for is killed: it would wait for ever for something to do."""
    parent.join()
    os._exit(1)


def _some(first: int) -> list[Made]:
    made = [_working.one(lang, page) for lang, page in _todo[first : first + SOME]]
    _working.store.flush()
    return made


def _shared_out(work: _Work, todo: Sequence[tuple[str, Page]], jobs: int) -> Iterator[Made]:
    """Makes pages in several processes, which have all that is in memory by being forked from this one."""
    global _working, _todo
    _working, _todo = work, todo
    waiting: deque[Future[list[Made]]] = deque()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _begin) as pool:
        for first in range(0, len(todo), SOME):
            waiting.append(pool.submit(_some, first))
            if len(waiting) > 4 * jobs:  # what is made waits in memory for who takes it
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    _working, _todo = None, ()
