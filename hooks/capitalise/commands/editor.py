"""`capitalise editor`: writing in a form, in the browser, without internet."""

from __future__ import annotations

import contextlib
import webbrowser
from pathlib import Path

import click

from capitalise import editor, reading
from capitalise.commands.common import LANG, PRODUCTS, fail, load, say
from capitalise.editor import Store, local
from capitalise.locales import available, texts

PORT = 8081


@click.command(name="editor", help=say("editor"))
@PRODUCTS
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help=say("editor.port"))
@click.option("--open/--no-open", "open_it", default=True, help=say("editor.open"))
@LANG
def command(products: Path, port: int, open_it: bool, lang: str) -> None:
    words = texts(lang)
    load(products, words)  # says so now if there is no library
    languages = available()
    store = Store(root=products.name, local=True)

    def pages() -> dict[str, bytes]:
        return editor.files(reading.load(products, drafts=True), languages, store)

    try:
        httpd = local.server(local.Desk(products, languages, words), pages, port)
    except OSError:
        fail(words("editor.local.port", port=port))
    address = f"http://127.0.0.1:{httpd.server_port}/{editor.FOLDER}/?lang={lang}"
    click.echo(words("editor.local.running", address=address))
    if open_it:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt), httpd:
        httpd.serve_forever()
