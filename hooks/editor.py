"""The web editor under `admin/`, on the web alone: a copy to be opened as files has nowhere to keep what is written."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

from capitalise import editor, whole
from capitalise.views.base import Site


@event_priority(-200)  # once, after i18n (at -100) has built every language
def on_post_build(config: MkDocsConfig) -> None:
    if config.plugins["i18n"].building or not config.use_directory_urls or "bundle" in config.extra:
        return
    site: Site = next(iter(config.extra["sites"].values()))
    options = config.extra.get("capitalise", {})
    store = editor.Store(
        repository=site.settings.repository,
        branch=site.settings.branch,
        sign_in=options.get("sign_in") or "",
        root=editor.root_of(Path(config.config_file_path).parent, options.get("products", "products")),
    )
    for name, content in editor.files(site.library, site.settings.languages, store).items():
        whole.write(Path(config.site_dir, editor.FOLDER, name), content)
