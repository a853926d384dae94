"""`capitalise status`: every product with the state of its languages and what it still lacks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from capitalise import completeness
from capitalise.commands.common import LANG, PRODUCTS, load, say
from capitalise.completeness import Matter, Row
from capitalise.locales import Texts, texts
from capitalise.problems import plain


@click.command(help=say("status"))
@PRODUCTS
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@LANG
def status(products: Path, form: str, lang: str) -> None:
    words = texts(lang)
    rows = completeness.rows(load(products, words))
    if form == "json":
        click.echo(json.dumps([_plain(row) for row in rows], ensure_ascii=False, indent=2))
        return
    width = max((len(row.id) for row in rows), default=0)
    for row in rows:
        states = "  ".join(f"{code}: {words(f'state.{state}')}" for code, state in row.states.items())
        click.echo(f"{plain(row.id):{width}}  {states}")
        if row.files:
            errors = words.count("count.errors", row.errors)
            click.echo(f"    {words('status.matter.errors', errors=errors, folder=row.files[0].rpartition('/')[0])}")
        for matter in row.matters:
            click.echo(f"    {_told(matter, words)}")


def _plain(row: Row) -> dict:
    return {
        "id": row.id,
        "revision": row.revision,
        "languages": dict(row.states),
        "sections": {"written": row.written, "all": row.sections},
        "matters": [matter.to_dict() for matter in row.matters],
        "errors": row.errors,
        "left_out": list(row.files),
    }


def _told(matter: Matter, words: Texts) -> str:
    """« en : Images sans texte de remplacement : photo.jpg »."""
    key = f"status.matter.{matter.name}"
    title = words(key if key in words.table else f"health.{matter.name}")
    items = f"{words('colon')} {', '.join(map(plain, matter.items))}" if matter.items else ""
    return f"{matter.lang}{words('colon')} {title}{items}"
