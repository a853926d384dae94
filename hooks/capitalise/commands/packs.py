"""`capitalise packs`: the copies that the site offers for download."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from capitalise import whole
from capitalise.commands.common import LANG, PRODUCTS, fail, say
from capitalise.commands.usb import assembled, check, told, update_from, write_update
from capitalise.locales import Texts, slug, texts
from capitalise.stick import about, archive, building, downloads, label, manifest, names
from capitalise.stick.contents import Contents
from capitalise.stick.downloads import Download


@click.command(help=say("packs"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, help=say("packs.only"))
@click.option("--since", multiple=True, type=click.Path(path_type=Path), help=say("packs.since"))
@PRODUCTS
@LANG
def packs(folder: Path, only: tuple[str, ...], since: tuple[Path, ...], products: Path, lang: str) -> None:
    words = texts(lang)
    check(about.Request(only=only), words)
    with told(folder, words):
        folder.mkdir(parents=True, exist_ok=True)
        before = _files(folder)
        made = list(_made(folder, only, since, products, words))
        downloads.write(folder, made)
        for name in before - {one.file for one in made}:
            (folder / name).unlink(missing_ok=True)


def _made(
    folder: Path, only: tuple[str, ...], since: tuple[Path, ...], products: Path, words: Texts
) -> Iterator[Download]:
    """Everything, with documents and without; updates; each language where there are several; what was asked for."""
    requests = [about.Request(), *(about.Request(only=(name,)) for name in only)]
    for request in requests:
        with tempfile.TemporaryDirectory(prefix="capitalise-") as made_in:
            site = Path(made_in, "site")
            try:
                building.build(products, request, site)
            except building.Failed as error:
                sys.exit(error.code)
            whole = assembled(site, None, True, 0, words)
            if request == about.Request():
                yield _label(folder, whole, words)
            yield _zipped(folder, whole, request, True, words)
            if request.only or request.languages:
                continue
            light = assembled(site, None, False, 0, words)
            if light.left_out:
                yield _zipped(folder, light, request, False, words)
            for old in since:
                yield _update(folder, whole, old, words)
            if len(whole.about.languages) > 1:
                requests += [about.Request(languages=(lang,)) for lang in whole.about.languages]


def _zipped(folder: Path, made: Contents, request: about.Request, documents: bool, words: Texts) -> Download:
    parts = [*request.languages, *request.only, *([] if documents else ["light"])]
    target = folder / ("-".join(["capitalise", *map(slug, parts)]) + ".zip")
    size = archive.write(made, target)
    click.echo(words("copy.zip", path=str(target), size=words.size(size)))
    return _download(made, target, request.only, documents)


def _update(folder: Path, made: Contents, old: Path, words: Texts) -> Download:
    number = update_from(old, words)
    target = folder / f"capitalise-update-{number}.zip"
    write_update(made, old, target, words)
    return _download(made, target, (), True, number)


def _label(folder: Path, made: Contents, words: Texts) -> Download:
    target = folder / downloads.LABEL
    try:
        sheet = label.draw(made.about)
    except label.Unprintable as error:
        fail(words("label.unprintable", letter=error.letter))
    whole.write(target, sheet)
    click.echo(words("copy.zip", path=str(target), size=words.size(len(sheet))))
    return _download(made, target, (), True)


def _download(made: Contents, target: Path, only: tuple[str, ...], documents: bool, since: str = "") -> Download:
    return Download(
        file=target.name,
        languages=made.about.languages,
        only=only,
        documents=documents,
        products=made.about.products,
        size=target.stat().st_size,
        stick=names.on_stick(made.sizes.items()),
        sha256=manifest.digest(target),
        built=made.about.built,
        number=made.manifest.number,
        since=since,
    )


def _files(folder: Path) -> set[str]:
    """The files that an earlier run made there."""
    try:
        return {one.file for one in downloads.read(folder)}
    except (OSError, ValueError):
        return set()
