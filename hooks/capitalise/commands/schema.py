"""`capitalise schema`: what editors of text need to know of the front matter and of the vocabularies."""

from __future__ import annotations

from pathlib import Path

import click

from capitalise import whole
from capitalise.commands.common import LANG, PRODUCTS, fail, load, say
from capitalise.data import schemas, snippets
from capitalise.locales import texts
from capitalise.model import KINDS


@click.command(help=say("schema"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(".vscode"), help=say("out"))
@PRODUCTS
@LANG
def schema(out: Path, products: Path, lang: str) -> None:
    words = texts(lang)
    terms = load(products, words).vocabularies
    files = {f"{schemas.FOLDER}/{name}.json": schemas.front_matter(kind, terms) for name, kind in KINDS.items()}
    files[f"{schemas.FOLDER}/vocabulary.json"] = schemas.vocabulary()
    made = {name: schemas.to_text(one) for name, one in files.items()}
    made["capitalise.code-snippets"] = snippets.code_snippets(terms)
    for name, text in made.items():
        path = out / name
        try:
            whole.write(path, text)
        except OSError as error:
            fail(words("cli.new.unwritable", folder=str(path), reason=error.strerror or str(error)))
        click.echo(path.as_posix())
