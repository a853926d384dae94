"""The search index of a preview: made anew in the background, once what changes has settled, so that nobody waits."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from capitalise.finding import engine, index
from capitalise.finding.shelf import Shelf

SETTLED = 2.0
"""Seconds without another request after which an index is made: who writes saves often."""


class Later:
    """Makes indexes at the lowest cost to others: one at a time, the last state of the records alone, yielding.

    `done` is told, in the thread that makes them, the language and its index, which then stands in the site: it writes
    the tables that say what the results are. `failed` is told why there is none; the last one stays.
    """

    def __init__(
        self,
        site: Callable[[str], Path],
        *,
        done: Callable[[str, index.Index], None],
        failed: Callable[[str, Exception], None],
        shelf: Shelf | None = None,
        part: int = index.PART,
        settled: float = SETTLED,
    ) -> None:
        """`site` says where the index of a language stands."""
        self._site, self._done, self._failed = site, done, failed
        self._shelf, self._part, self._settled = shelf, part, settled
        self._wanted: dict[str, tuple[float, Path]] = {}
        self._now: tuple[str, engine.Run] | None = None
        self._last: dict[str, set[str]] = {}
        self._change = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="search-index", daemon=True)
        self._thread.start()

    def request(self, lang: str, records: Path) -> None:
        """The records of a language have changed: returns at once. An index that is being made of the old ones is left.

        Whoever changes records asks after the change; what was read of a half-made change is not used.
        """
        with self._change:
            self._wanted[lang] = (time.monotonic() + self._settled, records)
            if self._now and self._now[0] == lang:
                self._now[1].stop()
            self._change.notify_all()

    def wait(self, seconds: float) -> bool:
        """Whether, within that time, nothing is left to make."""
        with self._change:
            return self._change.wait_for(lambda: not self._wanted and self._now is None, seconds)

    def close(self) -> None:
        """Ends what is being made, and the thread."""
        with self._change:
            self._closed = True
            self._wanted.clear()
            if self._now:
                self._now[1].stop()
            self._change.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while task := self._next():
            lang, records, run = task
            try:
                self._make(lang, records, run)
            except engine.Stopped:
                pass  # it is asked for again, or the preview ends
            except Exception as error:  # whatever it is, the next save gets its index
                self._failed(lang, error)
            with self._change:
                self._now = None
                self._change.notify_all()

    def _next(self) -> tuple[str, Path, engine.Run] | None:
        """The next language whose requests have settled; None at the end."""
        with self._change:
            while not self._closed:
                due = min(((at, lang) for lang, (at, _) in self._wanted.items()), default=None)
                if due and due[0] <= time.monotonic():
                    lang = due[1]
                    _, records = self._wanted.pop(lang)
                    self._now = (lang, engine.Run(patient=True))
                    return lang, records, self._now[1]
                self._change.wait(due[0] - time.monotonic() if due else None)
        return None

    def _make(self, lang: str, records: Path, run: engine.Run) -> None:
        live = self._site(lang)
        new = live.with_name(f".{live.name}.{os.getpid()}.later")
        try:
            made = index.build(records, new, shelf=self._shelf, part=self._part, run=run)
            run.check()
            self._last[lang] = swap(new, live, self._last.get(lang))
        finally:
            shutil.rmtree(new, ignore_errors=True)
        self._done(lang, made)


def swap(new: Path, live: Path, current: set[str] | None) -> set[str]:
    """Puts an index in the place of the one that is being read, and says which files it has.

    Files are named by their content, but for the one that says where to begin: it comes last. Those of the `current`
    index (None: all that is there) stay for a page that has begun to read it; older ones go.
    """
    names = sorted(engine.files(new), key=lambda name: name.endswith(engine.SCRIPTS[0]))
    there = set(engine.files(live)) if live.is_dir() else set()
    for name in names:
        path = live / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(new / name, path)
    for name in there - set(names) - (there if current is None else current):
        (live / name).unlink()
    return set(names)
