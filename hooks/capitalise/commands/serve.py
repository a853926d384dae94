"""`capitalise serve`: the site as it will be, on this computer, while one writes."""

from __future__ import annotations

import errno
import tempfile
import webbrowser
from pathlib import Path

import click

from capitalise.commands.common import LANG, PRODUCTS, fail, say
from capitalise.locales import texts
from capitalise.serving.preview import Failed, Preview

PORT = 8000


@click.command(help=say("serve"))
@PRODUCTS
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help=say("editor.port"))
@click.option("--open/--no-open", "open_it", default=False, help=say("editor.open"))
@LANG
def serve(products: Path, port: int, open_it: bool, lang: str) -> None:
    words = texts(lang)
    if not products.is_dir():
        fail(words("cli.no-library", path=str(products)))
    with tempfile.TemporaryDirectory(prefix="capitalise-", ignore_cleanup_errors=True) as folder:
        try:
            preview = Preview(Path.cwd(), products, Path(folder), port, words, click.echo)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                fail(words("serve.port", port=port))
            fail(words("cli.new.unwritable", folder=folder, reason=error.strerror or str(error)))
        except Failed:
            raise SystemExit(1) from None
        click.echo(words("serve.running", address=preview.server.address))
        if open_it:
            webbrowser.open(preview.server.address)
        try:
            preview.run()
        except KeyboardInterrupt:
            click.echo()
