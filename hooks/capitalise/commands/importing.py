"""`capitalise import`: a Word or OpenDocument file, or one of the offline form, becomes a product or a remark."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from capitalise import wayback
from capitalise.commands.common import EXIT_ERRORS, PRODUCTS, default_lang, fail, load, say
from capitalise.importing import SPOKEN, placing
from capitalise.importing.guard import Refused
from capitalise.importing.report import Report
from capitalise.locales import Texts, available, texts
from capitalise.problems import plain
from capitalise.wayback import opened, remark
from capitalise.wayback import product as of_form


@click.command("import", help=say("import"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(list(SPOKEN)), help=say("import.kind"))
@click.option("--slug", default="", help=say("import.slug"))
@click.option("--lang", type=click.Choice(available()), help=say("import.lang"))
@PRODUCTS
def command(file: Path, kind: str | None, slug: str, lang: str | None, products: Path) -> None:
    words = texts(lang or default_lang())
    if not products.is_dir():
        fail(words("cli.no-library", path=str(products)))
    wish = placing.Wish(SPOKEN.get(kind or "", ""), lang or "", slug)
    try:
        made, report = _read(file, products, wish, words)
    except Refused as error:
        _refuse(error, words)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        fail(words("import.refused.no-file", path=str(file)))
    try:
        path = placing.write(made, products)
    except Refused as error:
        _refuse(error, words)
    except OSError as error:
        _give_up(products / made.folder, error, words)
    click.echo(words("import.done", title=made.title, file=_shown(path)) + "\n")
    click.echo(report.text())
    own = f"{products.name}/{made.folder}"
    found = [problem for problem in load(products, words).problems if f"{problem.file}/".startswith(f"{own}/")]
    errors = sum(problem.is_error for problem in found)
    counts = [words.count("count.errors", errors), words.count("count.warnings", len(found) - errors)]
    if found:
        click.echo(words("import.check", count=", ".join(counts), folder=_shown(path.parent)))
    else:
        click.echo(words("problem.none"))
    sys.exit(EXIT_ERRORS if errors else 0)


def _read(file: Path, products: Path, wish: placing.Wish, words: Texts) -> tuple[placing.Imported, Report]:
    """The product that a file becomes; of a remark there is none, and the command ends here."""
    if opened.is_one(file):
        returned = opened.opened(file)
        if returned.kind == wayback.REMARK:
            _take_remark(returned, file, products, words)
        return of_form.made(returned, file, products, wish, words)
    try:
        from capitalise.importing import product  # with what it needs, which is installed apart
    except ImportError:
        pip = f'"{sys.executable}" -m pip install -r requirements-word.txt'
        fail(words("import.missing-program", command=pip, file=str(file)))
    return product.from_document(file, products, wish, words)


def _take_remark(returned: opened.Returned, file: Path, products: Path, words: Texts) -> None:
    """Writes a remark beside its file and says what to do with it; ends the command."""
    repository = os.environ.get("CAPITALISE_REPOSITORY", "").rstrip("/")
    made, report = remark.made(returned, file, load(products, words), repository, words)
    try:
        folder = remark.write(made)
    except OSError as error:
        _give_up(made.folder, error, words)
    click.echo(words("wayback.remark-done", title=plain(made.title), folder=_shown(folder)) + "\n")
    click.echo(_lines(made.text))
    click.echo(report.text())
    click.echo(words("wayback.remark-private" if made.private else "wayback.remark-public", folder=_shown(folder)))
    if made.issue:
        click.echo(words("wayback.remark-issue", address=made.issue))
    sys.exit(0)


def _refuse(error: Refused, words: Texts) -> NoReturn:
    shown = {n: plain(v) if isinstance(v, str) else words.number(round(v, 1)) for n, v in error.values.items()}
    fail(words(f"import.refused.{error.reason}", **shown))


def _give_up(folder: Path, error: OSError, words: Texts) -> NoReturn:
    fail(words("cli.new.unwritable", folder=_shown(folder), reason=error.strerror or str(error)))


def _lines(text: str) -> str:
    """A text fit for a terminal, its lines kept."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _shown(path: Path) -> str:
    """A path as the person would write it, from where they stand."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on Windows, from one drive to another there is no way
        return str(path)
