"""`capitalise usb`: the offline copy, written into a folder or a zip, or checked."""

from __future__ import annotations

import errno
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from capitalise.commands.common import EXIT_ERRORS, LANG, PRODUCTS, fail, say
from capitalise.locales import Texts, texts
from capitalise.stick import (
    about,
    archive,
    building,
    contents,
    copying,
    manifest,
    names,
    selection,
    start_files,
    updates,
)
from capitalise.stick.contents import Contents

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


@click.command(help=say("usb"))
@click.argument("dest", required=False, type=click.Path(path_type=Path))
@click.option("--zip", "as_zip", is_flag=True, help=say("usb.zip"))
@click.option("--verify", is_flag=True, help=say("usb.verify"))
@click.option("--since", type=click.Path(path_type=Path), help=say("usb.since"))
@click.option("--apply", "update", type=click.Path(path_type=Path), help=say("usb.apply"))
@click.option("--languages", default="", help=say("usb.languages"))
@click.option("--collections", default="", help=say("usb.collections"))
@click.option("--only", multiple=True, help=say("usb.only"))
@click.option("--files/--no-files", default=True, help=say("usb.files"))
@click.option("--max-size", default="", help=say("usb.max-size"))
@click.option("--site", type=click.Path(path_type=Path), help=say("usb.site"))
@PRODUCTS
@LANG
def usb(
    dest: Path | None,
    as_zip: bool,
    verify: bool,
    since: Path | None,
    update: Path | None,
    languages: str,
    collections: str,
    only: tuple[str, ...],
    files: bool,
    max_size: str,
    site: Path | None,
    products: Path,
    lang: str,
) -> None:
    words = texts(lang)
    if dest is None:
        fail(words("copy.needs-dest"))
    if verify:
        sys.exit(_verify(dest, words))
    if update is not None:
        with told(dest, words):
            _copy(_updated(update, dest, words), dest, words)
        return
    most = _bytes(max_size, words)
    request = about.Request(_split(languages), _split(collections), only)
    check(request, words)
    with _built(site, request, products, words) as folder, told(dest, words):
        made = assembled(folder, site, files, most, words)
        _describe(made, words)
        if since is not None:
            write_update(made, since, dest, words)
        elif as_zip:
            size = archive.write(made, dest)
            click.echo(words("copy.zip", path=str(dest), size=words.size(size)))
        else:
            _copy(made, dest, words)


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def _bytes(text: str, words: Texts) -> int:
    """« 700M » → bytes; 0 for no limit."""
    if not text:
        return 0
    found = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([KMG]?)i?[BO]?", text.strip(), re.IGNORECASE)
    number = float(found[1].replace(",", ".")) if found else 0
    if not found or not number:
        fail(words("copy.bad-size", size=text))
    return int(number * _UNITS[found[2].upper()])


def check(request: about.Request, words: Texts) -> None:
    """Stops at a wish that no library can fulfil."""
    try:
        selection.check(request)
    except selection.Unknown as error:
        fail(words("copy.unknown", name=error.name, choices=", ".join(error.choices)))


@contextmanager
def _built(site: Path | None, request: about.Request, products: Path, words: Texts) -> Iterator[Path]:
    """The site of a copy: the one given, or one that the program that prints pages makes in a process of its own."""
    if site is not None:
        yield site
        return
    with tempfile.TemporaryDirectory(prefix="capitalise-") as made_in:
        folder = Path(made_in, "site")
        click.echo(words("copy.building"), err=True)
        try:
            building.build(products, request, folder)
        except building.Failed as error:
            sys.exit(error.code)
        yield folder


def assembled(folder: Path, site: Path | None, files: bool, most: int, words: Texts) -> Contents:
    """The copy of a built site; stops, with words, where there can be none."""
    try:
        return contents.assemble(folder, files=files, max_size=most)
    except contents.TooLarge as error:
        fail(words("copy.too-large", size=words.size(error.size), max=words.size(most)))
    except contents.Unfit as error:
        lines = [words(f"copy.fault.{fault.code}", path=fault.path, other=fault.other) for fault in error.faults]
        fail("\n".join([words("copy.unfit"), *lines]))
    except FileNotFoundError:
        fail(words("copy.built-none", path=str(site or folder)))


def _describe(made: Contents, words: Texts) -> None:
    told, sizes = made.about, made.sizes
    products = words.count("count.products", told.products)
    click.echo(words("copy.built", date=words.date(told.built), products=products))
    click.echo(words("copy.identity", number=made.manifest.number, version=told.version))
    files = words.count("copy.count", len(sizes))
    stick = words.size(names.on_stick(sizes.items()))
    click.echo(words("copy.size", files=files, size=words.size(sum(sizes.values())), stick=stick))
    for path in made.left_out:
        click.echo(words("copy.left-out", path=path))
    if not told.address:
        click.echo(words("copy.no-address"), err=True)


def update_from(old: Path, words: Texts) -> str:
    """The number of the copy in a folder; stops, with words, where there is none."""
    try:
        return updates.of(old).number
    except updates.NoCopy:
        fail(words("copy.none", path=str(old)))


def write_update(made: Contents, old: Path, target: Path, words: Texts) -> None:
    """Writes the update from the copy in `old`."""
    try:
        size, gone = updates.write(made, old, target)
    except updates.NoCopy:
        fail(words("copy.none", path=str(old)))
    except updates.Spoilt as error:
        fail(words("copy.spoilt", path=error.path, dest=str(old)))
    for path in gone:
        click.echo(words("copy.taken-away", path=path))
    click.echo(words("copy.zip", path=str(target), size=words.size(size)))


def _updated(update: Path, dest: Path, words: Texts) -> Contents:
    """The copy that an update makes of the one in `dest`."""
    if not update.is_file():
        fail(words("copy.no-update", path=str(update)))
    try:
        return updates.read(update, dest)
    except updates.NoCopy:
        fail(words("copy.none", path=str(dest)))
    except updates.Damaged:
        fail(words("copy.damaged", path=str(update)))
    except updates.Another as error:
        fail(words("copy.another", wanted=error.wanted, found=error.found))
    except updates.Spoilt as error:
        fail(words("copy.spoilt", path=error.path, dest=str(dest)))


def _copy(made: Contents, dest: Path, words: Texts) -> None:
    try:
        with click.progressbar(length=100, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            report = copying.copy(made, dest, lambda done, total: bar.update(100 * done // max(total, 1) - bar.pos))
    except copying.Occupied as error:
        fail(words("copy.occupied", path=error.path, dest=str(dest)))
    except copying.Busy:
        fail(words("copy.busy", dest=str(dest)))
    except copying.NoRoom as error:
        needed, free = words.size(error.needed), words.size(error.free)
        fail(words("copy.no-room", dest=str(dest), needed=needed, free=free))
    if not report.changed:
        click.echo(words("copy.unchanged"))
        return
    numbers = {name: words.number(getattr(report, name)) for name in ("written", "kept", "deleted")}
    click.echo(words("copy.done", size=words.size(report.written_bytes), **numbers))
    starts = start_files.start_names(made.about.languages)
    click.echo(words("copy.start-here", path=str(dest / starts.get(words.lang, next(iter(starts.values()))))))


@contextmanager
def told(dest: Path, words: Texts) -> Iterator[None]:
    """What a system refuses, in words."""
    try:
        yield
    except OSError as error:
        _refused(error, dest, words)


def _refused(error: OSError, dest: Path, words: Texts) -> NoReturn:
    if error.errno in _FULL:
        fail(words("copy.full", dest=str(dest)))
    if error.errno in _READ_ONLY:
        fail(words("copy.read-only", dest=str(dest)))
    if error.errno in (errno.ENOENT, errno.ENOTDIR) and not dest.exists():
        fail(words("copy.no-folder", dest=str(dest)))
    fail(words("copy.failed", dest=str(dest), reason=error.strerror or str(error)))


def _verify(dest: Path, words: Texts) -> int:
    """Names every file that is not as it was. Gives the exit code."""
    if not dest.is_dir():
        fail(words("copy.none", path=str(dest)))
    with told(dest, words):
        verdict = manifest.verify(dest)
    for name in ("missing", "altered", "unreadable"):
        for path in getattr(verdict, name):
            click.echo(f"{words(f'copy.{name}')}  {path}")
    if verdict.broken_list:
        click.echo(words("copy.broken-list"))
    elif verdict.manifest is None:
        click.echo(words("copy.no-list") if verdict.unfinished else words("copy.none", path=str(dest)))
        return EXIT_ERRORS
    for number in verdict.unfinished:
        click.echo(words("copy.unfinished", number=number))
    if not verdict.is_whole:
        click.echo(words("copy.bad"))
        return EXIT_ERRORS
    assert verdict.manifest is not None
    click.echo(words("copy.good", total=words.number(len(verdict.manifest.hashes))))
    return 0
