"""`capitalise review`: the first review of a contribution, a friend's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from capitalise.commands.common import AUTO, EXIT_ERRORS, PRODUCTS, default_lang, fail, lang_option, load, say
from capitalise.commands.common import wanted_files as wanted
from capitalise.locales import texts
from capitalise.reviewing import changes, report
from capitalise.reviewing import review as reviewing


@click.command(help=say("review"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REF", help=say("base"))
@click.option("--format", "form", type=click.Choice(list(report.FORMATS)), default="text")
@PRODUCTS
@lang_option(lambda: AUTO)
def review(paths: tuple[Path, ...], base: str | None, form: str, products: Path, lang: str) -> None:
    words = texts(default_lang() if lang == AUTO else lang)
    is_wanted = wanted(paths, products, words) if paths else lambda file: True
    library = load(products, words)
    history = None
    if base or not paths:
        try:
            history = changes.since(products.parent, base)
        except changes.NoHistory as error:
            fail(words(f"cli.review.{error.reason}", base=base or ", ".join(changes.USUAL_BASES)))
    found = history.changes() if history else _all(products)
    said = reviewing.review(
        products, library, [change for change in found if is_wanted(change.file)], history.text if history else None
    )
    click.echo(report.FORMATS[form](said, None if lang == AUTO else lang), nl=False)
    sys.exit(EXIT_ERRORS if any(problem.is_error for text in said.texts for problem in text.problems) else 0)


def _all(products: Path) -> Iterator[changes.Change]:
    for path in sorted(products.rglob("*")):
        if path.is_file():
            yield changes.Change(path.relative_to(products.parent).as_posix())
