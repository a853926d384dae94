"""The sites that `search.py` compares: the same sheets built by us and by Material, for the web and for files."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
import yaml
from make_library import LANGUAGES, make_library
from measuring import TooLong, run
from mkdocs.utils.yaml import yaml_load
from peers import MKDOCS, ROOT, stock_project

CLUSTER = 32 * 1024
"""Bytes that a file takes at least on a large USB stick."""


@dataclass
class Built:
    """A site, or with Material one for each language, and what it took."""

    folders: dict[str, str] = field(default_factory=dict)
    """Language → folder that holds its home page."""
    cpu: float = 0
    index_cpu: float = 0
    """Seconds, of all and of the search alone."""
    memory: float = 0
    """Megabytes, at the peak of the largest process."""
    files: int = 0
    bytes: int = 0
    clusters: int = 0
    """Of what a reader's search may ask for, in all languages."""
    stopped: str = ""


def ours(library: Path, folder: Path, for_files: bool, limit: float) -> Built:
    """The product's own build: one for all languages."""
    project = folder / "project"
    project.mkdir(parents=True)
    settings = yaml_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    config = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(ROOT / settings["docs_dir"]),
        "theme": {"custom_dir": str(ROOT / settings["theme"]["custom_dir"])},
        "hooks": [*(str(ROOT / hook) for hook in settings["hooks"]), str(Path(__file__).with_name("clock.py"))],
        "watch": [],
        "use_directory_urls": not for_files,
    }
    (project / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
    built, site = Built(), folder / "site"
    with _stops(built, limit):
        _add(built, project, site, limit, CAPITALISE_PRODUCTS=str(library))
        built.folders = {lang: str(site if lang == LANGUAGES[0] else site / lang) for lang in LANGUAGES}
        for lang in LANGUAGES:
            found = site / "assets/find" / lang
            _weigh(built, (found / ("packed" if for_files else "index")).rglob("*"))
            _weigh(built, (found / f"{name}.js" for name in ("words", "catalogue", "results", "spelling")))
        _weigh(built, (site / f"assets/{name}.js" for name in ("find", "search", *["search-files"][:for_files])))
    return built


def material(library: Path, folder: Path, for_files: bool, limit: float) -> Built:
    """Material alone, a build for each language: mkdocs-static-i18n compares every entry of the index with all."""
    built = Built()
    both = folder / "both"
    stock_project(library, both)
    with _stops(built, limit):
        for lang in LANGUAGES:
            project, site = folder / f"project-{lang}", folder / f"site-{lang}"
            _one_language(both / "docs", project / "docs", lang)
            plugins = f"search: {{lang: {lang}}}" + (", offline" if for_files else "")
            clock = Path(__file__).with_name("clock.py")
            config = MKDOCS.format(lang=lang, docs="docs", site=site, plugins=plugins)
            (project / "mkdocs.yml").write_text(f"{config}hooks: [{clock}]\n", "utf-8")
            _add(built, project, site, limit)
            built.folders[lang] = str(site)
            unused = "search_index.json" if for_files else "search_index.js"
            _weigh(built, (path for path in (site / "search").rglob("*") if path.name != unused))
            if lang == LANGUAGES[0]:  # one copy would do for all languages
                _weigh(built, (site / "assets/javascripts/workers").glob("*.js"))
                _weigh(built, (site / "assets/javascripts/lunr").rglob("*.js"))
    return built


def _one_language(both: Path, docs: Path, lang: str) -> None:
    for path in both.rglob(f"index.{lang}.md"):
        page = docs / path.relative_to(both).with_name("index.md")
        page.parent.mkdir(parents=True)
        page.write_text(path.read_text("utf-8").replace(f"index.{lang}.md", "index.md"), "utf-8")


@contextmanager
def _stops(built: Built, limit: float) -> Iterator[None]:
    try:
        yield
    except TooLong:
        built.stopped = f"stopped after {limit:.0f} s"


def _add(built: Built, project: Path, site: Path, limit: float, **environment: str) -> None:
    said = project / "clock.txt"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(site)]
    cost = run([command], project, limit, SEARCH_CLOCK=str(said), **environment)
    built.cpu += cost.cpu
    built.index_cpu += float(said.read_text("ascii"))
    built.memory = max(built.memory, cost.memory)


def _weigh(built: Built, paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_file():
            size = path.stat().st_size
            built.files += 1
            built.bytes += size
            built.clusters += max(1, -(-size // CLUSTER)) * CLUSTER


BUILDERS = {"ours": ours, "Material": material}


def sites(size: int, folder: Path, limit: float) -> dict[tuple[str, str], Built]:
    """Who built it and the way it is read ("http", "file") → the site. What an earlier run has built is kept."""
    library, found = folder / "library", {}
    if not library.exists():
        make_library(size, library)
    for way in ("http", "file"):
        for name, builder in BUILDERS.items():
            place = folder / f"{name.lower()}-{way}"
            known = place / "built.json"
            if known.exists():
                found[name, way] = Built(**json.loads(known.read_text("utf-8")))
                continue
            click.echo(f"{size} sheets: {name} builds the site for {way}", err=True)
            shutil.rmtree(place, ignore_errors=True)
            found[name, way] = builder(library, place, way == "file", limit)
            known.write_text(json.dumps(asdict(found[name, way]), indent=1), "utf-8")
    return found
