"""Where a build's time goes: a cold build of generated sheets in one process, under Python's profiler.

    python bench/costliest.py [250]

Names the ten functions that take most themselves, the ten of ours that take most with all that they call, and what each
library takes. Seconds are of CPU; the profiler makes small functions look dearer than they are.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click
from make_library import make_library
from mkdocs.__main__ import cli

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "hooks"
MOST = 10

Function = tuple[str, int, str]
"""File, line and name, as the profiler has them."""


def profiled(size: int, folder: Path) -> tuple[pstats.Stats, float]:
    """A build of that many sheets, looked at; and the seconds of the programs that it ran, the indexer above all."""
    make_library(size, folder / "library")
    os.environ |= {
        "CAPITALISE_PRODUCTS": str(folder / "library"),
        "CAPITALISE_CACHE": str(folder / "cache"),
        "CAPITALISE_JOBS": "1",
        "NO_MKDOCS_2_WARNING": "1",
    }
    os.chdir(ROOT)
    profile = cProfile.Profile(time.process_time)
    profile.runcall(cli, ["build", "-q", "-d", str(folder / "site")], standalone_mode=False)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return pstats.Stats(profile), children.ru_utime + children.ru_stime


def owner(function: Function) -> str:
    """The library that a function belongs to; of ours, the module."""
    path = Path(function[0])
    if path.is_relative_to(PROGRAM):
        return f"capitalise: {path.relative_to(PROGRAM / 'capitalise' if 'capitalise' in path.parts else PROGRAM)}"
    if "site-packages" in path.parts:
        return path.parts[path.parts.index("site-packages") + 1].removesuffix(".py")
    if path.is_relative_to(ROOT / "overrides"):
        return "templates"
    for built_in in ("nh3", "yaml", "pydantic", "Cleaner"):
        if built_in in function[2]:
            return built_in.replace("Cleaner", "nh3")
    return "Python's own" if function[1] else "Python's own, in C"


def shown(function: Function) -> str:
    """A function as a reader finds it."""
    file, line, name = function
    path = Path(file)
    if path.is_relative_to(PROGRAM):
        return f"{path.relative_to(ROOT)}:{line} {name}"
    return f"{'/'.join(path.parts[-2:])}:{line} {name}" if line else name


def table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Prints a Markdown table whose first columns are numbers."""
    click.echo(f"\n| {' | '.join(heads)} |\n|{' ---: |' * (len(heads) - 1)} --- |")
    for row in rows:
        cells = [f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row]
        click.echo(f"| {' | '.join(cells)} |")


@click.command(help=__doc__.partition("\n")[0])
@click.argument("size", type=click.IntRange(1), default=250)
def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stats, children = profiled(size, Path(folder))
    found = {key: (calls, own, whole) for key, (_, calls, own, whole, _) in stats.stats.items()}
    total = sum(own for _, own, _ in found.values())
    click.echo(
        f"{size} sheets: {total:.1f} s in this process under the profiler, {children:.1f} s in those that it ran."
    )

    owners: Counter[str] = Counter()
    for key, (_, own, _) in found.items():
        owners[owner(key)] += own
    table(("s", "%", "whose"), ((own, round(100 * own / total), name) for name, own in owners.most_common(2 * MOST)))

    dearest = sorted(found, key=lambda key: -found[key][1])[:MOST]
    table(("s by itself", "calls", "function"), ((found[key][1], found[key][0], shown(key)) for key in dearest))

    ours = [key for key in found if Path(key[0]).is_relative_to(PROGRAM) and not key[2].startswith("<")]
    dearest = sorted(ours, key=lambda key: -found[key][2])[:MOST]
    table(("s in all", "calls", "function of ours"), ((found[key][2], found[key][0], shown(key)) for key in dearest))


if __name__ == "__main__":
    sys.exit(main())
