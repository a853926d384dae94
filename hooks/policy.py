"""What a browser may do with the pages: headers for the hosts that send them; in a preview, the script that reloads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority

from capitalise import editor, policy, whole


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]) -> LiveReloadServer:
    # MkDocs puts a script into each page that it serves, another one each time: the page's policy must know it.
    inject = server._inject_js_into_html
    server._inject_js_into_html = lambda content, epoch: policy.admit_last_script(inject(content, epoch))  # type: ignore[method-assign]
    return server


@event_priority(-300)  # once, after i18n (at -100) has built every language and the other hooks have written theirs
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building or not config.use_directory_urls:
        return
    site = Path(config.site_dir)
    folders = [page.parent.name for page in site.glob("*/index.html")]
    whole.write(site / "_headers", policy.headers_file(folders, editor.FOLDER))
