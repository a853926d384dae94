"""The command `capitalise`: it turns options into calls, and prints."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from capitalise import __version__, printer, problems
from capitalise.commands import editor, importing, new, packs, review, schema, serve, status, translate, usb
from capitalise.commands.common import (
    AUTO,
    EXIT_ERRORS,
    PRODUCTS,
    default_lang,
    lang_option,
    load,
    say,
    wanted_files,
)
from capitalise.locales import texts


@click.group(help=texts(default_lang())("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not be in UTF-8
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command(help=say("check"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@PRODUCTS
@click.option("--format", "form", type=click.Choice(list(problems.FORMATS)), default="text")
@lang_option()
def check(paths: tuple[Path, ...], products: Path, form: str, lang: str) -> None:
    words = texts(default_lang() if lang == AUTO else lang)
    found = load(products, words).problems
    if paths:
        is_wanted = wanted_files(paths, products, words)
        found = tuple(problem for problem in found if is_wanted(problem.file))
    click.echo(problems.FORMATS[form](found, None if lang == AUTO else words), nl=False)
    sys.exit(EXIT_ERRORS if any(problem.is_error for problem in found) else 0)


@main.command(help=say("build"))
@PRODUCTS
@click.option("--site", type=click.Path(path_type=Path), help=say("site"))
@click.option("--strict", is_flag=True, help=say("strict"))
@click.option("--jobs", type=click.IntRange(1), help=say("jobs"))
def build(products: Path, site: Path | None, strict: bool, jobs: int | None) -> None:
    arguments = ["build", *(["--site-dir", str(site.resolve())] if site else []), *(["--strict"] if strict else [])]
    sys.exit(printer.run(arguments, products, **({"CAPITALISE_JOBS": str(jobs)} if jobs else {})))


for command in (
    new.new,
    serve.serve,
    importing.command,
    editor.command,
    review.review,
    translate.translate,
    status.status,
    schema.schema,
    usb.usb,
    packs.packs,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
