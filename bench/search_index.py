"""What the search index of one language costs: processor, memory, disk; made, given again, and after one edit.

    python bench/search_index.py [--sizes 1000,10000] [--part BYTES]

Prints a Markdown table. Records are those of generated French sheets of about 900 words. Each row is a process of its
own; the engine's is measured apart. A large `--part` makes one index of everything, as Pagefind does by itself.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from make_library import SECTIONS, WORDS_PER_SHEET, Writer

from capitalise.finding import engine, index
from capitalise.finding.records import SUMMARY, TERMS, TITLE, Record
from capitalise.finding.shelf import Shelf

LANG = "fr"


def record(number: int, seed: int = 1) -> Record:
    """A sheet as the engine reads it."""
    write = Writer(LANG, random.Random(f"{seed}/{number}"))
    parts = [
        f'<h2 id="part-{place}">{write.label(3)}</h2><p>{write.paragraph(WORDS_PER_SHEET // len(SECTIONS))}</p>'
        for place in range(len(SECTIONS))
    ]
    title, summary = write.label(9), write.label(28)
    meta = "".join(
        f'<i data-pagefind-meta="{name}:{value}"></i>'
        for name, value in (("title", title), ("kind", "sheet"), ("summary", summary))
    )
    head = f'<h1 data-pagefind-weight="{TITLE}">{title}</h1><p data-pagefind-weight="{SUMMARY}">{summary}</p>'
    head += f'<p data-pagefind-weight="{TERMS}">{write.some(30)}.</p>'
    html = f'<html lang="{LANG}"><body data-pagefind-body>{meta}{head}{"".join(parts)}'
    return Record(f"sheets/sheet-{number:05}/", html)


def measure(pages: Path, out: Path, kept: Path, part: int) -> dict[str, float]:
    """Makes an index, in this process."""
    began, own = time.monotonic(), time.process_time()
    made = index.build(pages, out / "index", packed=out / "packed", shelf=Shelf(kept), part=part)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    files = engine.files(out / "index")
    return {
        "parts": max(1, len(made.vocabularies)),
        "own": time.process_time() - own,
        "engine": children.ru_utime + children.ru_stime,
        "time": time.monotonic() - began,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "engine_memory": children.ru_maxrss / 1024,
        "files": len(files),
        "mb": sum((out / "index" / name).stat().st_size for name in files) / 1e6,
    }


@click.command(help=__doc__.partition("\n")[0])
@click.option("--sizes", default="1000,10000", show_default=True, help="Numbers of records.")
@click.option("--part", default=index.PART, show_default=True, help="Bytes of records in one index.")
@click.option("--one", nargs=3, hidden=True)
def main(sizes: str, part: int, one: tuple[str, str, str] | None) -> None:
    if one:
        click.echo(json.dumps(measure(*map(Path, one), part)))
        return
    click.echo(
        "| records | index | parts | our CPU (s) | engine's CPU (s) | time (s) | our memory (MB) | engine's (MB) ",
        nl=False,
    )
    click.echo(f"| files | MB |\n|{' ---: | --- |'}{' ---: |' * 8}")
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            places = [str(Path(folder, name)) for name in ("pages", "out", "kept")]
            for number in range(size):
                index.add(record(number), Path(places[0]))
            for name in ("made", "unchanged", "one record edited"):
                if name.startswith("one"):
                    index.add(record(0, seed=2), Path(places[0]))
                command = [sys.executable, __file__, "--part", str(part), "--one", *places]
                got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                cells = [size, name, got["parts"], *(f"{got[key]:.1f}" for key in ("own", "engine", "time"))]
                cells += [f"{got[key]:.0f}" for key in ("memory", "engine_memory", "files")] + [f"{got['mb']:.1f}"]
                click.echo(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
