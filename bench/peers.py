"""The same sheets as others want them, and the commands that build them: what `run.py` compares us with.

What comes from PyPI stands in `requirements-bench.txt`. Starlight and Docusaurus are pinned below and not locked: their
locks would name over a thousand packages, which nothing but this bench would ever install.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from make_library import LANGUAGES, ORIGINAL

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "bench/out"
HUGO = Path(__file__).parent / "hugo"
"""Hugo has no theme of its own: these templates show what our page of a sheet shows, and lists by theme and country."""
# Astro wants a newer Node.js than many systems have: npm brings one.
STARLIGHT = {"astro": "7.3.5", "@astrojs/starlight": "0.42.4", "sharp": "0.35.5", "node": "22.23.3"}
DOCUSAURUS = {
    "@docusaurus/core": "3.10.2",
    "@docusaurus/preset-classic": "3.10.2",
    "react": "19.2.0",
    "react-dom": "19.2.0",
}
EDITED = "sheets/sheet-0003/index.fr.md"

MKDOCS = """
site_name: Stock
site_url: https://example.org/
theme: {{name: material, font: false, language: {lang}}}
nav: [index.md]
not_in_nav: /sheets/
docs_dir: {docs}
site_dir: {site}
plugins: [{plugins}]
markdown_extensions: [admonition, attr_list, footnotes, tables, {{toc: {{permalink: true}}}}]
"""
_I18N = """i18n: {docs_structure: suffix, languages: [
  {locale: fr, name: Français, default: true}, {locale: en, name: English}]}"""
_TAXONOMIES = ("themes", "practices", "hazards", "countries", "organisations")


@dataclass
class Project:
    """A peer's project, ready to be built."""

    folder: Path
    commands: list[list[str]]
    sites: list[Path]
    """Where it prints its pages."""
    kept: list[Path] = field(default_factory=list)
    """What it keeps from one build to the next, to be deleted for a cold one."""
    edited: Path | None = None
    """A sheet to change, where the peer builds again only what changed."""


@dataclass
class Sheet:
    """A sheet in one language: fields of the original with those of the language above them, and the text."""

    slug: str
    lang: str
    fields: dict[str, Any]
    text: str

    def notes(self) -> str:
        """The sources, as footnotes that the text refers to."""
        return "\n".join(
            f"[^{number}]: {source['title']}, {source['publisher']}, {source['year']}, <{source['url']}>"
            for number, source in enumerate(self.fields["sources"], 1)
        )


def read(library: Path) -> Iterator[Sheet]:
    """The sheets of a generated library, those of one folder after the other."""
    for folder in sorted((library / "sheets").iterdir()):
        original: dict[str, Any] = {}
        for lang in sorted(LANGUAGES, key=lambda lang: lang != ORIGINAL):
            _, head, text = (folder / f"index.{lang}.md").read_text("utf-8").split("---\n", 2)
            fields = original | yaml.load(head, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            original = original or fields
            yield Sheet(folder.name, lang, fields, text)


def stock_project(library: Path, folder: Path) -> Project:
    """Material, mkdocs-static-i18n and the search: footnotes written out, a home page, nothing of ours."""
    shutil.copytree(library / "sheets", folder / "docs/sheets")
    for sheet in read(library):
        with (folder / f"docs/sheets/{sheet.slug}/index.{sheet.lang}.md").open("a", encoding="utf-8") as file:
            file.write(f"\n{sheet.notes()}\n")
    for lang in LANGUAGES:
        (folder / f"docs/index.{lang}.md").write_text("# Stock\n", "utf-8")
    config = MKDOCS.format(lang=ORIGINAL, docs="docs", site="site", plugins=f"search, {_I18N}")
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    return Project(folder, [[sys.executable, "-m", "mkdocs", "build", "-q"]], [folder / "site"])


def zensical_project(library: Path, folder: Path) -> Project:
    """Zensical has no plugin for languages: a site for each, with its search."""
    for sheet in read(library):
        head = {"title": sheet.fields["title"]}
        text = sheet.text.replace(f"index.{sheet.lang}.md", "index.md")
        _write(folder / f"{sheet.lang}/sheets/{sheet.slug}/index.md", head, f"{text}\n{sheet.notes()}\n")
    commands = []
    for lang in LANGUAGES:
        (folder / lang / "index.md").write_text("# Zensical\n", "utf-8")
        config = MKDOCS.format(lang=lang, docs=lang, site=f"site-{lang}", plugins="search")
        (folder / f"mkdocs-{lang}.yml").write_text(config, "utf-8")
        commands.append([str(_installed("zensical")), "build", "-f", f"mkdocs-{lang}.yml"])
    sites = [folder / f"site-{lang}" for lang in LANGUAGES]
    edited = folder / ORIGINAL / Path(EDITED).with_name("index.md")
    return Project(folder, commands, sites, [folder / ".cache"], edited)


def hugo_project(library: Path, folder: Path) -> Project:
    """Hugo, without a search: it has none."""
    shutil.copytree(HUGO, folder)
    for sheet in read(library):
        fields = sheet.fields | {"date": str(sheet.fields["date"])}
        note = re.compile(r'^!!! note "(.*)"\n    (.*)$', re.MULTILINE)
        text = note.sub(r"> **\1**\n>\n> \2", sheet.text)
        _write(folder / f"content/sheets/{sheet.slug}/index.{sheet.lang}.md", fields, f"{text}\n{sheet.notes()}\n")
    config = {
        "baseURL": "https://example.org/",
        "title": "Hugo",
        "defaultContentLanguage": ORIGINAL,
        "languages": {lang: {"languageName": lang} for lang in LANGUAGES},
        "taxonomies": {name: name for name in _TAXONOMIES},
        "disableKinds": ["RSS"],
        "pagination": {"pagerSize": 50},
    }
    (folder / "hugo.yaml").write_text(yaml.safe_dump(config), "utf-8")
    return Project(folder, [[str(_installed("hugo")), "--quiet"]], [folder / "public"], [folder / "resources"])


def starlight_project(library: Path, folder: Path) -> Project:
    """Astro's Starlight, whose search is Pagefind."""
    for sheet in read(library):
        text = re.sub(rf"\.\./(sheet-\d+)/index\.{sheet.lang}\.md", r"../\1/", sheet.text)
        head = {"title": sheet.fields["title"], "description": sheet.fields["summary"]}
        _write(folder / f"src/content/docs/{sheet.lang}/sheets/{sheet.slug}.md", head, f"{text}\n{sheet.notes()}\n")
    for lang in LANGUAGES:
        _write(folder / f"src/content/docs/{lang}/index.md", {"title": "Starlight"}, "Starlight\n")
    (folder / "src/content.config.mjs").write_text(
        "import { defineCollection } from 'astro:content';\n"
        "import { docsLoader } from '@astrojs/starlight/loaders';\n"
        "import { docsSchema } from '@astrojs/starlight/schema';\n"
        "export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };\n",
        "utf-8",
    )
    options = {
        "title": "Starlight",
        "defaultLocale": ORIGINAL,
        "locales": {lang: {"label": lang, "lang": lang} for lang in LANGUAGES},
        "sidebar": [{"label": "Starlight", "link": "/"}],
    }
    (folder / "astro.config.mjs").write_text(
        "import { defineConfig } from 'astro/config';\nimport starlight from '@astrojs/starlight';\n"
        "export default defineConfig({ site: 'https://example.org', "
        f"integrations: [starlight({json.dumps(options)})] }});\n",
        "utf-8",
    )
    command = _with_npm(folder, "starlight", STARLIGHT, "astro")
    kept = [folder / ".astro", folder / "node_modules/.astro"]
    return Project(folder, [[*command, "build"]], [folder / "dist"], kept)


def docusaurus_project(library: Path, folder: Path) -> Project:
    """Docusaurus, without a search: its own needs a service of another host."""
    plugin = "docusaurus-plugin-content-docs/current"
    for sheet in read(library):
        place = "docs" if sheet.lang == ORIGINAL else f"i18n/{sheet.lang}/{plugin}"
        text = sheet.text.replace(f"index.{sheet.lang}.md", "index.md")
        text = re.sub(r'^!!! note "(.*)"\n    (.*)$', r":::note[\1]\n\n\2\n\n:::", text, flags=re.MULTILINE)
        head = {"title": sheet.fields["title"], "description": sheet.fields["summary"]}
        _write(folder / place / f"sheets/{sheet.slug}/index.md", head, f"{text}\n{sheet.notes()}\n")
    _write(folder / "docs/index.md", {"title": "Docusaurus", "slug": "/"}, "Docusaurus\n")
    (folder / "sidebars.js").write_text("module.exports = { docs: ['index'] };\n", "utf-8")
    docs = {"routeBasePath": "/", "sidebarPath": "./sidebars.js"}
    config = {
        "title": "Docusaurus",
        "url": "https://example.org",
        "baseUrl": "/",
        "onBrokenLinks": "ignore",
        "markdown": {"format": "md"},
        "i18n": {"defaultLocale": ORIGINAL, "locales": LANGUAGES},
        "presets": [["classic", {"docs": docs, "blog": False, "pages": False}]],
    }
    (folder / "docusaurus.config.js").write_text(f"module.exports = {json.dumps(config)};\n", "utf-8")
    command = _with_npm(folder, "docusaurus", DOCUSAURUS, "docusaurus")
    kept = [folder / ".docusaurus", folder / "node_modules/.cache"]
    return Project(folder, [[*command, "build"]], [folder / "build"], kept)


PEERS: dict[str, Callable[[Path, Path], Project]] = {
    "stock": stock_project,
    "Zensical": zensical_project,
    "Hugo": hugo_project,
}
NODE: dict[str, Callable[[Path, Path], Project]] = {"Starlight": starlight_project, "Docusaurus": docusaurus_project}


def _write(path: Path, fields: dict[str, Any], text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    head = yaml.dump(fields, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False)
    path.write_text(f"---\n{head}---\n{text}", "utf-8", newline="\n")


def _installed(program: str) -> Path:
    """A program of `requirements-bench.txt`, in an environment of its own: it may want other versions than we do."""
    folder, lock = OUT / "peers", ROOT / "requirements-bench.txt"
    stamp = folder / "lock.txt"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        options = ["--require-hashes", "--only-binary", ":all:", "-q", "--disable-pip-version-check"]
        subprocess.run([folder / "bin/python", "-m", "pip", "install", *options, "-r", lock], check=True)
        shutil.copy(lock, stamp)
    return folder / "bin" / program


def _with_npm(folder: Path, name: str, packages: dict[str, str], program: str) -> list[str]:
    """Has npm install a peer, once, and begins its command."""
    home, text = OUT / name, json.dumps({"private": True, "dependencies": packages}, indent=1)
    manifest, done = home / "package.json", home / "installed"
    if not done.exists() or manifest.read_text("utf-8") != text:
        home.mkdir(parents=True, exist_ok=True)
        manifest.write_text(text, "utf-8")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=home, check=True)
        done.touch()
    shutil.copy(manifest, folder)
    # A link would lead the program out of its project; hard links cost no space.
    shutil.copytree(home / "node_modules", folder / "node_modules", symlinks=True, copy_function=_link)
    programs = folder / "node_modules/.bin"
    node = programs / "node"
    return [*([str(node)] if node.exists() else []), str(programs / program)]


def _link(source: str, target: str) -> None:
    Path(target).hardlink_to(source)
