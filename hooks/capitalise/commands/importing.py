"""`capitalise import`: a Word or OpenDocument file becomes a product."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from capitalise.commands.common import EXIT_ERRORS, PRODUCTS, default_lang, fail, load, say
from capitalise.importing import SPOKEN
from capitalise.locales import available, texts
from capitalise.problems import plain


@click.command("import", help=say("import"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(list(SPOKEN)), help=say("import.kind"))
@click.option("--slug", default="", help=say("import.slug"))
@click.option("--lang", type=click.Choice(available()), help=say("import.lang"))
@PRODUCTS
def command(file: Path, kind: str | None, slug: str, lang: str | None, products: Path) -> None:
    words = texts(lang or default_lang())
    try:
        from capitalise.importing import product  # with what it needs, which is installed apart
    except ImportError:
        pip = f'"{sys.executable}" -m pip install -r requirements-word.txt'
        fail(words("import.missing-program", command=pip, file=str(file)))
    if not products.is_dir():
        fail(words("cli.no-library", path=str(products)))
    wish = product.Wish(SPOKEN.get(kind or "", ""), lang or "", slug)
    try:
        made, report = product.from_document(file, products, wish, words)
    except product.Refused as error:
        shown = {n: plain(v) if isinstance(v, str) else words.number(round(v, 1)) for n, v in error.values.items()}
        fail(words(f"import.refused.{error.reason}", **shown))
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        fail(words("import.refused.no-file", path=str(file)))
    try:
        path = product.write(made, products)
    except product.Refused as error:
        fail(words(f"import.refused.{error.reason}", **error.values))
    except OSError as error:
        reason = error.strerror or str(error)
        fail(words("cli.new.unwritable", folder=_shown(products / made.folder), reason=reason))
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


def _shown(path: Path) -> str:
    """A path as the person would write it, from where they stand."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on Windows, from one drive to another there is no way
        return str(path)
