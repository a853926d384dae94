"""The command `capitalise`: it turns options into calls, and prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from capitalise import __version__, problems, stamp
from capitalise.commands import packs, usb
from capitalise.commands.common import EXIT_ERRORS, LANG, PRODUCTS, default_lang, fail, load, say
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
@LANG
def check(paths: tuple[Path, ...], products: Path, form: str, lang: str) -> None:
    words = texts(lang)
    found = load(products, words).problems
    if paths:
        base = products.resolve().parent
        wanted = []
        for path in paths:
            resolved = path.resolve()
            if not resolved.exists() or not resolved.is_relative_to(base):
                fail(words("cli.no-path", path=str(path)))
            wanted.append(resolved.relative_to(base).as_posix())
        found = tuple(p for p in found if any(p.file == w or p.file.startswith(f"{w}/") or w == "." for w in wanted))
    click.echo(problems.FORMATS[form](found, words), nl=False)
    sys.exit(EXIT_ERRORS if any(problem.is_error for problem in found) else 0)


@main.command(help=say("status"))
@PRODUCTS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@LANG
def status(products: Path, form: str, lang: str) -> None:
    words = texts(lang)
    lib = load(products, words)
    rows = [
        {"id": product.id, "revision": product.revision}
        | {"languages": {code: str(product.state(code)) for code in lib.languages}}
        for product in lib.products.values()
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        states = "  ".join(f"{code}: {words(f'state.{state}')}" for code, state in row["languages"].items())
        click.echo(f"{row['id']:{width}}  {states}")


@main.command(help=say("translate"))
@click.argument("product_id")
@click.argument("to")
@click.option("--done", is_flag=True, help=say("done"))
@PRODUCTS
@LANG
def translate(product_id: str, to: str, done: bool, products: Path, lang: str) -> None:
    words = texts(lang)
    lib = load(products, words)
    product = lib.products.get(product_id.removeprefix(f"{products.name}/").strip("/"))
    if not done:
        fail(words("cli.translate.done"))
    if product is None or to not in product.texts or to == product.original_lang:
        fail(words("cli.translate.none", id=product_id, lang=to))
        return
    try:
        stamp.stamp(product, to, products.parent)
    except stamp.Unstampable:
        fail(words("cli.translate.by-hand", file=product.texts[to].file))
    click.echo(words("cli.translate.stamped", file=product.texts[to].file, revision=product.revision))


@main.command(help=say("build"))
@PRODUCTS
@click.option("--site", type=click.Path(path_type=Path), help=say("site"))
@click.option("--strict", is_flag=True, help=say("strict"))
def build(products: Path, site: Path | None, strict: bool) -> None:
    arguments = ["build", *(["--site-dir", str(site.resolve())] if site else []), *(["--strict"] if strict else [])]
    _mkdocs(arguments, products)


@main.command(help=say("serve"))
@PRODUCTS
def serve(products: Path) -> None:
    _mkdocs(["serve", "--livereload"], products)


main.add_command(usb.usb)
main.add_command(packs.packs)


def _mkdocs(arguments: list[str], products: Path) -> None:
    """Hands over to the program that prints the pages; it is a command of its own, so that we import none of it."""
    environment = os.environ | {"CAPITALISE_PRODUCTS": str(products.resolve())}
    sys.exit(subprocess.run([sys.executable, "-m", "mkdocs", *arguments], env=environment).returncode)


if __name__ == "__main__":
    main()
