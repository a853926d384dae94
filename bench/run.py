"""What a build costs, beside plain MkDocs: the same sheets through Material, mkdocs-static-i18n and its search.

    python bench/run.py [--sizes 50,250,1000] [--runs 3] [--only ours|stock]

Prints a Markdown table of medians. The builds take turns, so that a machine that slows down slows all of them.
"cold" starts without `.cache/`, "again" builds what has just been built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import yaml
from make_library import LANGUAGES, make_library

ROOT = Path(__file__).resolve().parents[1]

STOCK_CONFIG = """
site_name: Stock
site_url: https://example.org/
theme: {name: material, font: false}
nav: [index.md]
not_in_nav: /sheets/
plugins:
  - search
  - i18n:
      docs_structure: suffix
      languages:
        - {locale: fr, name: Français, default: true}
        - {locale: en, name: English}
markdown_extensions: [admonition, attr_list, footnotes, tables, {toc: {permalink: true}}]
"""


class Cost(NamedTuple):
    """What one build took."""

    cpu: float
    """Seconds, user and system, of the process and all its children."""
    wall: float
    memory: float
    """Megabytes, at the peak of its largest process."""


class TooLong(Exception):
    """A build was stopped at its limit."""


def build(project: Path, site: Path, limit: float = 3600, **environment: str) -> Cost:
    """Runs `mkdocs build` and measures it; a build that fails ends everything.

    Raises `TooLong` where it takes more seconds than the limit.
    """
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "-q", "-d", site],
            cwd=project,
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"} | environment,
            stdout=said,
            stderr=said,
        )
        stop = threading.Timer(limit, process.kill)
        stop.start()
        _, status, usage = os.wait4(process.pid, 0)
        stop.cancel()
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if wall > limit:
            raise TooLong
        if process.returncode:
            said.seek(0)
            raise click.ClickException(said.read())
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(usage.ru_utime + usage.ru_stime, wall, kilobytes / 1024)


def stock_project(library: Path, project: Path) -> None:
    """The same sheets as plain MkDocs wants them: footnotes written out, a home page, nothing of ours."""
    shutil.copytree(library / "sheets", project / "docs/sheets")
    for lang in LANGUAGES:
        (project / f"docs/index.{lang}.md").write_text("# Stock\n", "utf-8")
    for sheet in (project / "docs/sheets").iterdir():
        original = (sheet / f"index.{LANGUAGES[0]}.md").read_text("utf-8")
        sources = yaml.safe_load(original.split("---\n")[1])["sources"]
        notes = "\n".join(
            f"[^{number}]: {source['title']}, {source['publisher']}, {source['year']}, <{source['url']}>"
            for number, source in enumerate(sources, 1)
        )
        for file in sheet.glob("index.*.md"):
            file.write_text(f"{file.read_text('utf-8')}\n{notes}\n", "utf-8")
    (project / "mkdocs.yml").write_text(STOCK_CONFIG, "utf-8")


def measure(size: int, runs: int, only: str | None, folder: Path) -> dict[str, Cost]:
    """Median cost of each way to build a library of that size."""
    make_library(size, folder / "library")
    stock_project(folder / "library", folder / "stock")

    def ours() -> Cost:
        return build(ROOT, folder / "site-ours", CAPITALISE_PRODUCTS=str(folder / "library"))

    costs: dict[str, list[Cost]] = defaultdict(list)
    for _ in range(runs):
        if only != "stock":
            shutil.rmtree(ROOT / ".cache", ignore_errors=True)
            costs["ours, cold"].append(ours())
            costs["ours, again"].append(ours())
        if only != "ours":
            costs["stock"].append(build(folder / "stock", folder / "site-stock"))
    return {name: Cost(*map(median, zip(*several, strict=True))) for name, several in costs.items()}


@click.command(help=__doc__.partition("\n")[0])
@click.option("--sizes", default="50,250,1000", show_default=True, help="Numbers of sheets.")
@click.option("--runs", default=3, show_default=True, help="Builds of each kind; their median is shown.")
@click.option("--only", type=click.Choice(["ours", "stock"]))
def main(sizes: str, runs: int, only: str | None) -> None:
    click.echo("| sheets | build | CPU (s) | time (s) | memory (MB) | pages/s | stock's CPU ÷ this |")
    click.echo("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            costs = measure(size, runs, only, Path(folder))
        for name, cost in costs.items():
            pages = size * len(LANGUAGES) / cost.wall
            ratio = f"{costs['stock'].cpu / cost.cpu:.2f}" if "stock" in costs else ""
            row = (size, name, f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{cost.memory:.0f}", f"{pages:.1f}", ratio)
            click.echo(f"| {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
