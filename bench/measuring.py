"""What a build costs and what it leaves: processor, clock and memory of its processes, and the weight of the site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click

LIMIT = 1800.0
"""Seconds after which a build is stopped."""
INDEXER = "pagefind"
"""Begins the name of the program that makes our search index and Starlight's."""
_LOOKED = 0.2


class Cost(NamedTuple):
    """What one build took."""

    cpu: float
    """Seconds, user and system, of the process and all its children."""
    wall: float
    memory: float
    """Megabytes, at the peak of its largest process."""
    without_indexer: float
    """Megabytes, at the peak of the largest process that is not the search index's; 0 where it can't be looked at."""


class Weight(NamedTuple):
    """What a site is made of."""

    sheets: int
    """Pages of sheets, each in a language."""
    sheet_bytes: int
    pages: int
    files: int
    bytes: int


class TooLong(Exception):
    """A build was stopped at its limit."""


def run(commands: Sequence[Sequence[str]], folder: Path, limit: float = LIMIT, **environment: str) -> Cost:
    """Runs commands one after the other and measures them together; one that fails ends everything.

    Raises `TooLong` where they take more seconds than the limit.
    """
    costs: list[Cost] = []
    for command in commands:
        costs.append(_one(command, folder, limit - sum(cost.wall for cost in costs), environment))
    return Cost(
        sum(cost.cpu for cost in costs),
        sum(cost.wall for cost in costs),
        max(cost.memory for cost in costs),
        max(cost.without_indexer for cost in costs),
    )


def _one(command: Sequence[str], folder: Path, limit: float, environment: dict[str, str]) -> Cost:
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"} | environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        looking = _Looking(process.pid)
        stop = threading.Timer(limit, _end, [process.pid])
        stop.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            stop.cancel()
            looking.done.set()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if wall > limit:
            raise TooLong
        if process.returncode:
            said.seek(0)
            raise click.ClickException(f"{' '.join(map(str, command))}\n{said.read()}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(usage.ru_utime + usage.ru_stime, wall, kilobytes / 1024, looking.megabytes)


def _end(session: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)  # its workers too


class _Looking(threading.Thread):
    """Looks now and then at the peak of each process of a session: the system tells the largest of all at the end,
    and not whose it was. A peak of the last moment is missed."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.megabytes, self.done = session, 0.0, threading.Event()
        if Path("/proc/self/status").exists():
            self.start()

    def run(self) -> None:
        while not self.done.wait(_LOOKED):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError, ValueError, IndexError):
                    name, _, rest = (process / "stat").read_text("utf-8").partition("(")[2].rpartition(")")
                    if int(rest.split()[3]) == self.session and not name.startswith(INDEXER):
                        self.megabytes = max(self.megabytes, peak(int(process.name)))


def peak(process: int) -> float:
    """Megabytes that a running process has held at most (Linux)."""
    return int(Path(f"/proc/{process}/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024


def weigh(sites: Sequence[Path]) -> Weight:
    """Pages and files of a site, which may lie in several folders."""
    sheets = sheet_bytes = pages = files = size = 0
    for site in sites:
        for path in site.rglob("*"):
            if path.is_file():
                bytes_ = path.stat().st_size
                files, size = files + 1, size + bytes_
                if path.suffix == ".html":
                    pages += 1
                    if path.parent.name.startswith("sheet-") and path.parent.parent.name == "sheets":
                        sheets, sheet_bytes = sheets + 1, sheet_bytes + bytes_
    return Weight(sheets, sheet_bytes, pages, files, size)
