"""What a build costs, beside others: the same sheets through plain MkDocs with its search, Zensical, Hugo and more.

    python bench/make_library.py 10000 bench/out/library   # optional: the sizes below take their sheets from it
    python bench/run.py [--sizes 50,250,1000] [--runs 3,3,1] [--only ours,Hugo] [--node] [--one-process]

Prints a Markdown table of medians. The builds take turns, so that a machine that slows down slows all of them. "Cold"
starts with nothing kept, "one edit" builds again after a sentence was added to one sheet in one language.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click
from make_library import LANGUAGES, make_library
from measuring import LIMIT, Cost, TooLong, Weight, run, weigh
from peers import EDITED, NODE, OUT, PEERS, ROOT, Project

OURS = "ours"


@dataclass
class Measured:
    """One way to build a library of one size."""

    costs: list[Cost] = field(default_factory=list)
    weight: Weight | None = None
    stopped: str = ""

    @property
    def cost(self) -> Cost:
        """The median of each figure."""
        return Cost(*map(median, zip(*self.costs, strict=True)))


def library_of(size: int, folder: Path) -> Path:
    """A generated library in a folder of its own; its sheets come from a larger one that is kept, if there is one."""
    kept = sorted((OUT / "library/sheets").glob("sheet-*"))
    if len(kept) >= size:
        shutil.copytree(OUT / "library/vocabularies", folder / "vocabularies")
        for sheet in kept[:size]:
            shutil.copytree(sheet, folder / "sheets" / sheet.name)
    else:
        make_library(size, folder)
    return folder


class Corpus:
    """A generated library of one size, and every way to build it."""

    def __init__(self, size: int, folder: Path, limit: float) -> None:
        self.folder, self.limit = folder, limit
        self.library = library_of(size, folder / "library")
        self.found: dict[str, Measured] = defaultdict(Measured)
        self.edits = 0

    def take(self, name: str, build: Callable[[], Cost], sites: Callable[[], list[Path]]) -> None:
        """Measures one build, unless it has been stopped before."""
        measured = self.found[name]
        if measured.stopped:
            return
        try:
            measured.costs.append(build())
        except TooLong:
            measured.stopped = f"stopped after {self.limit:.0f} s"
            return
        measured.weight = measured.weight or weigh(sites())
        cost = measured.costs[-1]
        click.echo(f"  {name}: {cost.cpu:.1f} s CPU, {cost.wall:.1f} s, load {os.getloadavg()[0]:.1f}", err=True)

    def edit(self, path: Path) -> None:
        """Adds a sentence to a sheet."""
        self.edits += 1
        before, _, after = path.read_text("utf-8").partition("[^1][^2]")  # every sheet cites both in a line of its own
        path.write_text(f"{before}[^1][^2] Une phrase de plus, la {self.edits}.{after}", "utf-8")

    def ours(self, one_process: bool) -> None:
        """Cold, after an edit, and in one process."""
        for jobs, name in (("", OURS), *[("1", f"{OURS}, one process")] * one_process):
            site, cache = self.folder / "site-ours", self.folder / "cache"
            for path in (site, cache):
                shutil.rmtree(path, ignore_errors=True)

            def build(jobs: str = jobs, site: Path = site, cache: Path = cache) -> Cost:
                return run(
                    [[sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)]],
                    ROOT,
                    self.limit,
                    CAPITALISE_PRODUCTS=str(self.library),
                    CAPITALISE_CACHE=str(cache),
                    CAPITALISE_JOBS=jobs,
                )

            self.take(f"{name}, cold", build, lambda site=site: [site])
            if not jobs and not self.found[f"{name}, cold"].stopped:
                self.edit(self.library / EDITED)
                self.take(f"{name}, one edit", build, lambda site=site: [site])

    def peer(self, name: str, project: Project) -> None:
        """Cold, and after an edit where it keeps what it has done."""
        for path in (*project.sites, *project.kept):
            shutil.rmtree(path, ignore_errors=True)

        def build() -> Cost:
            return run(project.commands, project.folder, self.limit)

        self.take(f"{name}, cold" if project.edited else name, build, lambda: project.sites)
        if project.edited and not self.found[f"{name}, cold"].stopped:
            self.edit(project.edited)
            self.take(f"{name}, one edit", build, lambda: project.sites)


def measure(size: int, runs: int, names: Iterable[str], folder: Path, limit: float, one: bool) -> dict[str, Measured]:
    """What each way to build a library of that size takes."""
    corpus = Corpus(size, folder, limit)
    makers = PEERS | NODE
    projects = {name: makers[name](corpus.library, folder / name.lower()) for name in names if name != OURS}
    for number in range(runs):
        click.echo(f"{size} sheets, run {number + 1}", err=True)
        if OURS in names:
            corpus.ours(one)
        for name, project in projects.items():
            corpus.peer(name, project)
    return corpus.found


def growth(before: tuple[int, float] | None, size: int, cpu: float) -> str:
    """The power of the number of sheets by which the cost has grown since the size before; 1 is in proportion."""
    return f"{math.log(cpu / before[1]) / math.log(size / before[0]):.2f}" if before else ""


HEADS = (
    "sheets",
    "build",
    "CPU (s)",
    "time (s)",
    "memory (MB)",
    "without the indexer (MB)",
    "sheet pages/s",
    "growth",
    "kB a sheet",
    "pages",
    "files",
    "MB",
    "CPU ÷ ours cold",
)


@click.command(help=__doc__.partition("\n")[0])
@click.option("--sizes", default="50,250,1000", show_default=True, help="Numbers of sheets.")
@click.option("--runs", default="3", show_default=True, help="Builds of each kind, or for each size: 3,3,1.")
@click.option("--only", default="", help=f"Some of: {', '.join([OURS, *PEERS, *NODE])}.")
@click.option("--node", is_flag=True, help="With Starlight and Docusaurus, which npm installs.")
@click.option("--one-process", is_flag=True, help="Ours in one process too.")
@click.option("--limit", default=LIMIT, show_default=True, help="Seconds after which a build is stopped.")
def main(sizes: str, runs: str, only: str, node: bool, one_process: bool, limit: float) -> None:
    names = only.split(",") if only else [OURS, *PEERS, *(NODE if node else ())]
    click.echo(f"| {' | '.join(HEADS)} |\n| ---: | --- |{' ---: |' * (len(HEADS) - 2)}")
    before: dict[str, tuple[int, float]] = {}
    numbers = [int(number) for number in sizes.split(",")]
    turns = [int(number) for number in runs.split(",")]
    for size, number in zip(numbers, turns if len(turns) > 1 else turns * len(numbers), strict=True):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            found = measure(size, number, names, Path(folder), limit, one_process)
        cold = found.get(f"{OURS}, cold")
        for name, measured in found.items():
            if not measured.costs:
                click.echo(f"| {size:,} | {name} | {measured.stopped} |{' |' * (len(HEADS) - 3)}")
                continue
            cost, weight = measured.cost, measured.weight
            assert weight is not None
            cells = (
                f"{size:,}",
                name,
                f"{cost.cpu:.1f}",
                f"{cost.wall:.1f}",
                f"{cost.memory:.0f}",
                f"{cost.without_indexer:.0f}" if name.startswith(OURS) else "",
                f"{size * len(LANGUAGES) / cost.wall:.0f}",
                growth(before.get(name), size, cost.cpu),
                f"{weight.sheet_bytes / weight.sheets / 1000:.1f}",
                f"{weight.pages:,}",
                f"{weight.files:,}",
                f"{weight.bytes / 1e6:.1f}",
                f"{cost.cpu / cold.cost.cpu:.2f}" if cold and cold.costs else "",
            )
            click.echo(f"| {' | '.join(cells)} |")
            before[name] = size, cost.cpu


if __name__ == "__main__":
    main()
