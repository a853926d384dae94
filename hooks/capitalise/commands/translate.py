"""`capitalise translate`: starts a translation, says what changed in its original since, stamps it as up to date."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from capitalise import changes, stamp, translating
from capitalise.changes import Piece
from capitalise.commands.common import LANG, PRODUCTS, fail, load, say
from capitalise.library import Library, Product
from capitalise.locales import Texts, texts
from capitalise.problems import plain
from capitalise.sections import FIELDS

_COLOURS = {"-": "red", "+": "green"}
_MARKS = {"-": "[-{}-]", "+": "{{+{}+}}", "=": "{}"}
"""As `git diff --word-diff` marks words: they are told apart without colours too."""


@click.command(help=say("translate"))
@click.argument("product_id")
@click.argument("to")
@click.option("--done", is_flag=True, help=say("done"))
@click.option("--diff", is_flag=True, help=say("diff"))
@PRODUCTS
@LANG
def translate(product_id: str, to: str, done: bool, diff: bool, products: Path, lang: str) -> None:
    words = texts(lang)
    if done and diff:
        fail(words("cli.translate.either"))
    lib = load(products, words)
    product = _product(lib, product_id, products, words)
    if to not in lib.languages:
        fail(words("cli.translate.language", lang=to, languages=", ".join(lib.languages)))
    if to == product.original_lang:
        fail(words("cli.translate.original", id=product.id, lang=to))
    if not (done or diff):
        _start(product, to, products, words)
        return
    if to not in product.texts:
        at_fault = (product.folder / f"index.{to}.md").exists()
        key = "cli.translate.at-fault" if at_fault else "cli.translate.none"
        folder = product.original.file.rpartition("/")[0]
        fail(words(key, id=product.id, lang=to, folder=folder))
    (_tell if diff else _stamp)(product, to, products, words)


def _product(lib: Library, given: str, products: Path, words: Texts) -> Product:
    """The product of an id; its folder's path and a text's are names for it too, as a shell completes them."""
    wanted = given.replace("\\", "/").removeprefix("./").removeprefix(f"{products.name}/").strip("/")
    wanted = re.sub(r"/index\.[a-z]+\.md$", "", wanted)
    if product := lib.products.get(wanted):
        return product
    folder = f"{products.name}/{wanted}"
    if any(file.startswith(f"{folder}/") for file in lib.left_out):
        fail(words("cli.translate.left-out", id=wanted, folder=folder))
    fail(words("cli.translate.unknown", id=wanted))


def _start(product: Product, to: str, products: Path, words: Texts) -> None:
    file = product.folder / f"index.{to}.md"
    shown = f"{product.original.file.rpartition('/')[0]}/{file.name}"
    if os.path.lexists(file):
        fail(words("cli.translate.exists", file=shown, id=product.id, lang=to))
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(translating.text(product, texts(to)))
        beside.rename(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        fail(words("cli.new.unwritable", folder=shown, reason=error.strerror or str(error)))
    click.echo(words("cli.translate.started", file=shown))
    left = sum(problem.file == shown for problem in load(products, words).problems)
    click.echo(words.count("cli.new.left", left))
    click.echo(words("cli.translate.then", id=product.id, lang=to, folder=shown.rpartition("/")[0]))


def _stamp(product: Product, to: str, products: Path, words: Texts) -> None:
    try:
        stamp.stamp(product, to, products.parent)
    except stamp.Unstampable:
        fail(words("cli.translate.by-hand", file=product.texts[to].file))
    except OSError as error:
        reason = error.strerror or str(error)
        fail(words("cli.new.unwritable", folder=product.texts[to].file, reason=reason))
    click.echo(words("cli.translate.stamped", file=product.texts[to].file, revision=product.revision))
    if lacking := translating.lacking(product, to):
        click.echo(words("cli.translate.lacking", sections=", ".join(lacking)))


def _tell(product: Product, to: str, products: Path, words: Texts) -> None:
    """What changed, section by section; exit code 0 whatever it is."""
    text = product.texts[to]
    known = text.fields.translation_of
    if known is None or known.revision is None:
        click.echo(words("cli.translate.unstamped", file=text.file, id=product.id, lang=to))
        return
    found = changes.since(product, to)
    if not found:
        up_to_date = known.revision == product.revision
        key = "cli.translate.current" if up_to_date else "cli.translate.untold"
        click.echo(words(key, file=text.file, original=product.original.file))
        return
    click.echo(words("cli.translate.changed", original=product.original.file, revision=known.revision))
    for change in found:
        title = words("notice.outdated.fields") if change.anchor == FIELDS else change.title
        click.echo()
        click.secho(plain(title) or words("cli.translate.intro"), bold=True)
        click.echo(f"  → {text.file}:{change.place}")
        for line in change.lines or ():
            click.echo("  " + "".join(map(_shown, line)))
    if any(change.lines is None for change in found):
        click.echo()
        click.echo(words("cli.translate.no-history"))
    click.echo()
    click.echo(words("cli.translate.after", id=product.id, lang=to))


def _shown(piece: Piece) -> str:
    text = plain(piece.text)
    kept = text.rstrip()
    marked = _MARKS[piece.mark].format(kept) + text[len(kept) :]
    return click.style(marked, fg=_COLOURS[piece.mark]) if piece.mark in _COLOURS else marked
