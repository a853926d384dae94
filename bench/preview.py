"""How long a writer waits for the preview: from the write of a file to the reloaded page in Chromium.

    python bench/preview.py [--sizes 1000,10000] [--edits 20]

Prints a Markdown table of medians and of the longest. The browser shows the sheet that is edited, and, for a product
that is added or deleted, its address. The search index is being made for the first time meanwhile, as for a writer who
begins at once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click
from make_library import LANGUAGES, ORIGINAL
from measuring import peak
from peers import EDITED, ROOT
from playwright.sync_api import Page, sync_playwright
from run import library_of

MOST = 60_000
"""Milliseconds after which a page that does not come is a failure."""
REST = 0.3
"""Seconds between two edits: saved files of one moment are taken together."""
ADDED = "sheets/a-product-more"
PAGE = "() => document.body && document.body.innerText.includes('{text}')"
NO_PAGE = "() => document.body && !document.body.innerText.includes('{text}')"


@contextmanager
def served(library: Path, cache: Path) -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """The preview of a library: its process, its address, and the seconds until it was there."""
    environment = {"CAPITALISE_CACHE": str(cache), "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "capitalise.cli", "serve", "--products", str(library), "--port", "0"]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://[\d.:]+/", line):
                yield process, found[0], time.perf_counter() - start
                return
        raise click.ClickException("the preview did not start")
    finally:
        process.terminate()
        process.wait()


def timed(page: Page, act: Callable[[], object], condition: str) -> float:
    """Seconds from an act until the open page is as it should be."""
    time.sleep(REST)
    start = time.perf_counter()
    act()
    page.wait_for_function(condition, timeout=MOST, polling=20)
    return time.perf_counter() - start


def edits(page: Page, address: str, library: Path, number: int) -> list[float]:
    """A sentence more in an open sheet, again and again."""
    path = library / EDITED
    page.goto(f"{address}{Path(EDITED).parent.as_posix()}/")
    before, _, after = path.read_text("utf-8").partition("[^1][^2]")
    took = []
    for one in range(number):
        sentence = f"Une phrase de plus, la {one} de toutes."
        text = f"{before}[^1][^2] {sentence}{after}"
        took.append(timed(page, lambda text=text: path.write_text(text, "utf-8"), PAGE.format(text=sentence)))
    return took


def adds(page: Page, address: str, library: Path, number: int) -> tuple[list[float], list[float]]:
    """A product comes and goes: seconds until its page is there, and until it is not."""
    texts = {lang: (library / EDITED).with_name(f"index.{lang}.md").read_text("utf-8") for lang in LANGUAGES}
    sentence = "Une fiche que personne ne connaissait."
    texts[ORIGINAL] = texts[ORIGINAL].replace("[^1][^2]", f"[^1][^2] {sentence}", 1)
    folder = library / ADDED
    page.goto(f"{address}{ADDED}/")

    def add() -> None:
        folder.mkdir()
        for lang, text in texts.items():
            (folder / f"index.{lang}.md").write_text(text, "utf-8")

    added, deleted = [], []
    for _ in range(number):
        added.append(timed(page, add, PAGE.format(text=sentence)))
        deleted.append(timed(page, lambda: shutil.rmtree(folder), NO_PAGE.format(text=sentence)))
    return added, deleted


@click.command(help=__doc__.partition("\n")[0])
@click.option("--sizes", default="1000", show_default=True, help="Numbers of sheets.")
@click.option("--edits", "number", default=20, show_default=True, help="Edits; a quarter as many come and go.")
def main(sizes: str, number: int) -> None:
    click.echo("| sheets | start (s) | edit (s) | longest | add (s) | longest | delete (s) | longest | memory (MB) |")
    click.echo("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(os.environ.get("CHROMIUM", "chromium")), args=["--no-sandbox", "--disable-gpu"]
        )
        for size in map(int, sizes.split(",")):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                library = library_of(size, Path(folder) / "library")
                with served(library, Path(folder) / "cache") as (process, address, start):
                    page = browser.new_context(bypass_csp=True).new_page()  # the site forbids code made of text
                    times = edits(page, address, library, number)
                    added, deleted = adds(page, address, library, max(1, number // 4))
                    memory = peak(process.pid)
                    page.close()
            cells = [f"{size:,}", f"{start:.1f}"]
            for several in (times, added, deleted):
                cells += [f"{median(several):.2f}", f"{max(several):.2f}"]
            click.echo(f"| {' | '.join([*cells, f'{memory:.0f}'])} |")
        browser.close()


if __name__ == "__main__":
    main()
