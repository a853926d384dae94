"""What a first search costs the reader and the build, beside Material's own search over the same sheets.

    python bench/search.py [--sizes 1000,5000] [--runs 5] [--query "gestion eau"] [--shim FILE]

Prints Markdown tables of medians. Each search is made by a new browser, in French, on the home page, as soon as that is
loaded; the sites take turns. They are built once and kept in `bench/out/search/`: `--again` builds them anew.

Material's search needs, in a page opened as a file, a script that the page has from another host: `shim/index.js` of
the package iframe-worker. `--shim` says where it is; it is then given as if that host had answered.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from statistics import median
from typing import NamedTuple

import click
from make_library import LANGUAGES
from search_reader import SLOWDOWN, Server, Visit, search
from search_sites import Built, sites

OUT = Path(__file__).resolve().parent / "out/search"
LANG = LANGUAGES[0]


class Asked(NamedTuple):
    """A site, and how its pages are opened."""

    name: str
    way: str
    shim: Path | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, with the script" if self.shim else self.name


def visit(
    places: Sequence[Asked], built: dict[tuple[str, str], Built], runs: int, limit: float, query: str
) -> dict[Asked, list[Visit]]:
    """The visits to each site. Where one brought no result, there is no other."""
    homes = {asked: Path(built[asked.name, asked.way].folders[LANG], "index.html") for asked in places}
    servers = {asked: Server(homes[asked].parent) for asked in places if asked.way == "http"}
    visits: dict[Asked, list[Visit]] = {asked: [] for asked in places}
    for run in range(runs):
        for asked, made in visits.items():
            if made and made[-1].seconds is None:
                continue
            server = servers.get(asked)
            home = server.address if server else homes[asked].as_uri()
            made.append(search(asked.name, home, query, limit, asked.shim, server))
            click.echo(f"  {run + 1}. {asked.label}, {asked.way}: {made[-1].seconds} s", err=True)
    for server in servers.values():
        server.shutdown()
    return visits


def answers(size: int, visits: dict[Asked, list[Visit]], limit: float) -> Iterable[str]:
    """Rows: what the first answer costs a reader."""
    for asked, made in visits.items():
        if made[-1].seconds is None:
            yield _row(size, asked.way, asked.label, "", "", made[-1].why or f"none in {limit:.0f} s", "")
            continue
        own = visits.get(Asked("ours", asked.way), [])
        yield _row(
            size,
            asked.way,
            asked.label,
            _beside(made, own, lambda one: sum(one.fetched.values()) / 1000, ".0f"),
            f"{median(one.counted for one in made) / 1000:.0f}",
            _beside(made, own, lambda one: one.seconds or 0, ".2f"),
            _beside(made, own, lambda one: one.heap, ".0f"),
        )


def _beside(made: list[Visit], own: list[Visit], number: Callable[[Visit], float], form: str) -> str:
    """A median, and for Material how many times ours it is."""
    value = median(map(number, made))
    if made is own or not own or own[-1].seconds is None:
        return f"{value:{form}}"
    return f"{value:{form}} ({value / median(map(number, own)):.1f} ×)"


def others(queries: list[str], built: dict[int, dict[tuple[str, str], Built]], limit: float) -> Iterable[str]:
    """Rows: what our search fetches over http for the first answer to other queries, at each size."""
    for query in queries:
        fetched = []
        for of_size in built.values():
            made = visit([Asked("ours", "http")], of_size, 1, limit, query)[Asked("ours", "http")][0]
            index = sum(size for path, size in made.fetched.items() if path.endswith(".pf_index"))
            total = sum(made.fetched.values())
            fetched.append("none" if made.seconds is None else f"{total / 1000:.0f} ({index / 1000:.0f})")
        yield _row(query, *fetched)


def files(visits: dict[int, dict[Asked, list[Visit]]]) -> Iterable[str]:
    """Rows: the bytes of the first answer over http by kind of file, at each size."""
    for name in ("ours", "Material"):
        kinds: dict[str, dict[int, list[int]]] = {}
        for size, of_size in visits.items():
            made = of_size.get(Asked(name, "http"), [])
            for path, weight in made[-1].fetched.items() if made else ():
                kinds.setdefault(_kind(path), {}).setdefault(size, []).append(weight)
        for kind, weights in sorted(kinds.items(), key=lambda item: -max(map(sum, item[1].values()))):
            cells = [
                f"{sum(found) / 1000:.1f}" + (f" ({len(found)} files)" if len(found) > 1 else "")
                for found in (weights.get(size, []) for size in visits)
            ]
            yield _row(name, f"`{kind}`", *cells)


def _kind(path: str) -> str:
    """The name of a file; of those that have a hash for a name, what they end with."""
    return re.sub(r"^.*[._][0-9a-f]{7,}(?=\.)", "…", PurePosixPath(path).name)


def costs(size: int, built: dict[tuple[str, str], Built]) -> Iterable[str]:
    """Rows: what the search takes of a build, and of a disk."""
    for (name, way), one in built.items():
        if one.stopped:
            yield _row(size, way, name, one.stopped, "", "", "", "", "")
            continue
        yield _row(
            size,
            way,
            name,
            f"{one.index_cpu:.1f}",
            f"{one.cpu:.1f}",
            f"{one.memory:.0f}",
            one.files,
            f"{one.bytes / 1e6:.1f}",
            f"{one.clusters / 1e6:.1f}",
        )


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _table(head: str, rows: Iterable[str]) -> None:
    titles = [title.strip() for title in head.split("|")]
    click.echo(f"\n{_row(*titles)}\n{_row(*(['---'] * len(titles)))}")
    for row in rows:
        click.echo(row)


@click.command(help=__doc__.partition("\n")[0])
@click.option("--sizes", default="1000,5000", show_default=True, help="Numbers of sheets, each in both languages.")
@click.option("--runs", default=5, show_default=True, help="Searches of each site; their median is shown.")
@click.option("--query", default="gestion eau", show_default=True)
@click.option("--also", default="compost,mangroves,étang,récolte du sel", show_default=True, help="Other queries.")
@click.option("--shim", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="See the top of the file.")
@click.option("--limit", default=150.0, show_default=True, help="Seconds after which no more result is awaited.")
@click.option("--build-limit", default=900.0, show_default=True, help="Seconds after which a build is stopped.")
@click.option("--again", is_flag=True, help="Build the sites anew.")
def main(
    sizes: str, runs: int, query: str, also: str, shim: Path | None, limit: float, build_limit: float, again: bool
) -> None:
    if again:
        shutil.rmtree(OUT, ignore_errors=True)
    built: dict[int, dict[tuple[str, str], Built]] = {}
    visits: dict[int, dict[Asked, list[Visit]]] = {}
    numbers = [int(size) for size in sizes.split(",")]
    for size in numbers:
        built[size] = sites(size, OUT / str(size), build_limit)
        click.echo(f"{size} sheets", err=True)
        places = [Asked(*key) for key, one in built[size].items() if not one.stopped]
        if shim and Asked("Material", "file") in places:
            places.append(Asked("Material", "file", shim))
        visits[size] = visit(places, built[size], runs, limit, query)
    click.echo(f"“{query}”, Chromium with the page's processor slowed down {SLOWDOWN} times; medians of {runs}.")
    _table(
        "sheets | opened from | search | fetched (kB) | by Chromium's count | first result (s) | heap (MB)",
        (row for size in visits for row in answers(size, visits[size], limit)),
    )
    _table(
        f"search | file | {' | '.join(f'kB at {size:,} sheets' for size in visits)}",
        files(visits),
    )
    _table(
        f"query | {' | '.join(f'kB at {size:,} sheets (of which index)' for size in visits)}",
        others([one for one in also.split(",") if one], built, limit),
    )
    _table(
        "sheets | for | search | index, CPU (s) | build, CPU (s) | memory (MB) | files | MB | MB in 32 KiB clusters",
        (row for size in built for row in costs(size, built[size])),
    )


if __name__ == "__main__":
    main()
