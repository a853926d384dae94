"""Feeds inputs in, in processes that are watched: what takes too long, too much or the process down is a finding."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from fuzz.targets import Target, made

SECONDS = 2.0
"""Processor time that one file may take."""
MEMORY = 500 * 2**20
"""Memory that one file may take, beside the program's own."""
_GRACE = 2
"""Seconds after which a process that does not let itself be interrupted is killed."""
_ROUND = 50
"""Inputs that a process takes at a time."""


class TooSlow(Exception):
    """An input took more than `SECONDS`."""


@dataclass(frozen=True)
class Finding:
    """An input that the program did not stand."""

    target: str
    number: int
    what: str
    """The end of the traceback, or what became of the process."""
    content: bytes


def run(
    targets: Mapping[str, Target], seed: int, most: int, seconds: float = 1e9, workers: int = 0
) -> tuple[dict[str, int], list[Finding]]:
    """Feeds in `most` inputs, or those for which `seconds` are enough; how many of each target, and what was found.

    The same seed gives the same inputs, on any number of processes.
    """
    until = time.monotonic() + seconds
    rounds, counts = _rounds(targets, most), dict.fromkeys(targets, 0)
    findings: list[Finding] = []
    for target in targets.values():
        target.seeds()  # made once, here: the processes are copies of this one
    working: dict[Connection, _Worker] = {}
    for _ in range(workers or os.cpu_count() or 1):
        worker = _Worker(targets, seed)
        working[worker.pipe] = worker
        worker.take(next(rounds, None))
    while any(worker.busy for worker in working.values()):
        for pipe in wait([*working], timeout=0.2):
            worker = working[pipe]
            if found := worker.told(counts):
                findings += found
            if not worker.busy and time.monotonic() < until and len(findings) < 100:
                worker.take(next(rounds, None))
        for pipe, worker in list(working.items()):
            if not worker.process.is_alive():  # killed by its limits, or crashed
                findings.append(worker.died())
                counts[worker.target] += worker.at.value + 1 - worker.first
                del working[pipe]
                again = _Worker(targets, seed)
                working[again.pipe] = again
                again.take(worker.rest())
    for worker in working.values():
        worker.stop()
    return counts, findings


def _rounds(targets: Mapping[str, Target], most: int) -> Iterator[tuple[str, int, int]]:
    """Target, first number and number after the last, in turn, so that a run cut short has met each target."""
    whole = sum(target.share for target in targets.values())
    left = {name: most * target.share // whole for name, target in targets.items()}
    left[next(iter(left))] += most - sum(left.values())
    next_ = dict.fromkeys(targets, 0)
    while any(left.values()):
        for name, target in targets.items():
            size = min(left[name], max(1, _ROUND * target.share // whole * 2))
            if size:
                yield name, next_[name], next_[name] + size
                next_[name] += size
                left[name] -= size


class _Worker:
    """A process that puts inputs in."""

    def __init__(self, targets: Mapping[str, Target], seed: int) -> None:
        self.targets, self.seed = targets, seed
        self.pipe, theirs = multiprocessing.Pipe()
        self.at = multiprocessing.Value("q", -1, lock=False)  # which input it is at: it may not live to tell
        self.process = _FORK.Process(target=_work, args=(targets, seed, theirs, self.at), daemon=True)
        self.process.start()
        theirs.close()
        self.busy, self.target, self.first, self.end = False, "", 0, 0

    def take(self, task: tuple[str, int, int] | None) -> None:
        if task and task[1] < task[2]:
            self.busy, self.target, self.first, self.end = True, *task
            self.pipe.send(task)

    def told(self, counts: dict[str, int]) -> list[Finding]:
        """What it found in its round; nothing where the process is no more."""
        try:
            done, found = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(5)
            return []
        counts[self.target] += done
        self.busy = False
        return found

    def died(self) -> Finding:
        number = self.at.value
        content = made(self.targets[self.target], self.target, self.seed, number)
        return Finding(self.target, number, f"the process ended with {self.process.exitcode}", content)

    def rest(self) -> tuple[str, int, int]:
        """What is left of its round."""
        return self.target, self.at.value + 1, self.end

    def stop(self) -> None:
        self.pipe.send(None)
        self.process.join(5)


_FORK = multiprocessing.get_context("fork")


def _work(targets: Mapping[str, Target], seed: int, pipe: Connection, at) -> None:
    sys.stdout = sys.stderr = open(os.devnull, "w")  # what a converter says of a broken file
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        limited()
        while True:
            task = pipe.recv()
            if task is None:
                return
            name, first, end = task
            found = []
            for number in range(first, end):
                at.value = number
                content = made(targets[name], name, seed, number)
                if what := fault(targets[name], content, Path(folder, name)):
                    found.append(Finding(name, number, what, content))
            pipe.send((end - first, found))


def limited() -> None:
    """Gives this process the memory that it has, and what one file may take."""
    if os.path.exists("/proc/self/statm"):  # Linux; elsewhere only the time is watched
        with open("/proc/self/statm") as file:
            own = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
    signal.signal(signal.SIGPROF, _interrupt)


def fault(target: Target, content: bytes, folder: Path) -> str:
    """What an input brings about; empty where the program stands it."""
    folder.mkdir(exist_ok=True)
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + SECONDS) + _GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        target.run(content, folder)
    except BaseException as error:  # noqa: B036 a way out of the program is a finding too
        signal.setitimer(signal.ITIMER_PROF, 0)
        return "".join(traceback.format_exception(error, limit=-6))[-3000:]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _interrupt(*_) -> None:
    raise TooSlow


def smaller(target: Target, finding: Finding, seconds: float = 20) -> bytes:
    """The input with all taken away that the finding does not need, as far as `seconds` allow."""
    until = time.monotonic() + seconds
    content, size = finding.content, max(1, len(finding.content) // 2)
    kind = _kind(finding.what)
    while size and time.monotonic() < until:
        at = 0
        while at < len(content) and time.monotonic() < until:
            shorter = content[:at] + content[at + size :]
            if _kind(alone(target, shorter)) == kind:
                content = shorter
            else:
                at += size
        size //= 2
    return content


def _kind(what: str) -> str:
    """What a finding is known by: its last line, without its values."""
    return what.strip().splitlines()[-1].partition(":")[0] if what.strip() else ""


def alone(target: Target, content: bytes) -> str:
    """`fault`, in a process of its own."""
    ours, theirs = multiprocessing.Pipe(duplex=False)

    def work() -> None:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            limited()
            theirs.send(fault(target, content, Path(folder, "one")))

    process = _FORK.Process(target=work, daemon=True)
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        process.join()
        return f"the process ended with {process.exitcode}"
    finally:
        process.join(5)
