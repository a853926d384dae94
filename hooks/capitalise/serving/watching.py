"""Which files change while the preview runs."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterable, Iterator
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

QUIET = 0.04
"""Seconds without a change after which a save is taken to be over: programs write a file in several goes."""
_CHANGES = [
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
    *(FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent),
]
"""What is asked of the system: were it to tell of each file that is read, it could not tell of ten thousand."""


class Watch(FileSystemEventHandler):
    """Tells of changes in some files and folders, several at a time."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._changes: queue.SimpleQueue[set[Path] | None] = queue.SimpleQueue()
        paths = [path for path in paths if path.exists()]
        try:
            self._observer = self._started(Observer(), paths)
        except OSError:  # so many folders that the system can't tell of each (inotify(7), max_user_watches)
            self._observer = self._started(PollingObserver(timeout=2), paths)

    def _started(self, observer, paths: list[Path]):
        for path in paths:
            observer.schedule(self, str(path), recursive=path.is_dir(), event_filter=_CHANGES)
        observer.start()
        return observer

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by the observer's thread."""
        self._changes.put({Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path})

    def batches(self) -> Iterator[set[Path]]:
        """The paths that changed together, each time some did; ends with `stop`."""
        while (changed := self._changes.get()) is not None:
            try:
                while (more := self._changes.get(timeout=QUIET)) is not None:
                    changed |= more
                yield changed
                return
            except queue.Empty:
                yield changed

    def stop(self) -> None:
        """Ends `batches`."""
        self._observer.stop()
        self._changes.put(None)
