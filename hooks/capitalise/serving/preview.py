"""The preview as a whole: what is shown, and what is done when a file changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from capitalise import kept, machine, making, printer, problems, reading
from capitalise.locales import Texts
from capitalise.pictures import Darkroom
from capitalise.serving import bundle, indexing
from capitalise.serving.server import Server
from capitalise.serving.shown import Answer, Search, Shown
from capitalise.serving.watching import Watch
from capitalise.store import Store

_WATCHED = ("docs", "overrides", "mkdocs.yml", "hooks")
SETTLED = 3.0
"""Seconds without a change before the search index is made again."""


class Failed(Exception):
    """The site's generator can't make the pages written by hand; it has said why."""


class Preview:
    """A library and its site, shown on this computer.

    `root` is the folder of the project, `folder` one for what is made meanwhile, `say` prints a line.
    """

    def __init__(self, root: Path, products: Path, folder: Path, port: int, words: Texts, say: Callable) -> None:
        self.root, self.products, self.folder, self.words, self.say = root, products, folder, words, say
        self.version = making.version()
        cache = kept.place(root)
        self.cache = (cache or folder) / making.KEPT
        self.store = Store(self.cache)
        self.darkroom = Darkroom(kept.of(cache))
        self.server = Server(port, self.answer)
        self.lock = threading.Lock()
        self.search: Search | None = None
        self._builds = 0
        self._indexer: subprocess.Popen | None = None
        self._stop = threading.Event()
        self._changed = time.monotonic()
        try:
            self._bundle()
            self._begin()
        except BaseException:
            self.server.server_close()
            raise

    def answer(self, path: str) -> Answer:
        """What the site has at a path."""
        with self.lock:  # one parser, one store
            return self.shown.answer(path)

    def run(self) -> None:
        """Shows the site until it is stopped."""
        threads = [threading.Thread(target=work, daemon=True) for work in (self.server.serve_forever, self._index)]
        self.watch = Watch((self.products, *(self.root / name for name in _WATCHED)))
        for thread in threads:
            thread.start()
        try:
            for changed in self.watch.batches():
                self.take(changed)
        finally:
            self._stop.set()
            self._leave_index()
            self.watch.stop()
            self.server.shutdown()
            self.server.server_close()
            self.store.close()

    # ---------------------------------------------------------------------------- changes

    def take(self, changed: set[Path]) -> None:
        """Reads what changed, and has the browser show it."""
        changed = {path for path in changed if not _is_passing(path)}
        if any(path.is_relative_to(self.root / "hooks") and path.suffix in (".py", ".yml") for path in changed):
            self._restart()
        ours = {path for path in changed if path.is_relative_to(self.products)}
        if ours:
            self.library = self.reader.again(ours)
            self._show()
        if changed - ours:
            with suppress(Failed):
                self._bundle()
                self._begin() if self.reader.languages != self.bundle.settings.languages else self._show()
        if changed:
            self._changed = time.monotonic()
            self.server.changed()
            self._leave_index()

    def _bundle(self) -> None:
        """Has the pages of `docs/` read, and the stylesheets and scripts copied. Raises `Failed`."""
        self._builds += 1
        made = self.folder / f"docs-{self._builds}"
        file = made / "bundle.json"
        arguments = ["build", "--quiet", "--site-dir", str(made / "site")]
        if printer.run(arguments, self.products, CAPITALISE_BUNDLE=str(file)) or not file.exists():
            raise Failed
        self.bundle, self.static = bundle.read(file, self.server.address), made / "site"
        self.bundle_file = file
        shutil.rmtree(self.folder / f"docs-{self._builds - 1}", ignore_errors=True)

    def _begin(self) -> None:
        """Reads the whole library, in the languages that the site has."""
        self.reader = reading.Reader(self.products, self.bundle.settings.languages, drafts=True)
        self.library = self.reader.load()
        self._show()

    def _show(self) -> None:
        shown = Shown(self.library, self.bundle, self.static.resolve(), self.store, self.version, self.darkroom)
        shown.search = self.search
        with self.lock:
            self.shown = shown
        errors = shown.problems.errors
        counted = problems.counted(errors, len(self.library.problems) - errors, self.words)
        self.say(self.words("serve.read", problems=counted))

    def _restart(self) -> None:
        """The program changed: the same command is started anew, and the browser's page waits for it."""
        if os.name == "nt":
            self.say(self.words("build.restart-needed"))
            return
        self.say(self.words("build.restart"))
        self.server.server_close()
        self.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        machine.start_anew()

    # ---------------------------------------------------------------------------- search

    def _leave_index(self) -> None:
        """Stops the making of an index that is no longer wanted."""
        if self._indexer:
            self._indexer.terminate()

    def _index(self) -> None:
        """Makes the search index whenever changes have settled, in a process that yields to all others."""
        done, number = 0.0, 0
        while not self._stop.wait(0.5):
            if done >= self._changed or time.monotonic() - self._changed < SETTLED and number:
                continue
            started, number = time.monotonic(), number + 1
            folder = self.folder / f"index-{number}"
            command = [sys.executable, "-m", "capitalise.serving.indexing", self.bundle_file, folder, self.cache]
            environment = os.environ | {"PYTHONPATH": str(Path(making.__file__).parents[1])}
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self._indexer = subprocess.Popen(command, env=environment, **quiet)
            self._indexer.wait()
            done = started
            if (search := indexing.read(folder)) is None:
                continue
            with self.lock:
                self.search = self.shown.search = search
            shutil.rmtree(self.folder / f"index-{number - 1}", ignore_errors=True)


def _is_passing(path: Path) -> bool:
    """Whether a file is one that programs write for themselves while they save another."""
    return (
        path.name.startswith((".", "~"))
        or path.name.endswith(("~", ".pyc", ".swp", ".tmp"))
        or "__pycache__" in path.parts
    )
