"""The preview follows every change: of products wherever they are, and of the program itself.

MkDocs keeps hooks, and what they import, for the life of the process: `mkdocs serve` would go on with the old code.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger

from capitalise import machine
from capitalise.locales import available, texts

log = get_plugin_logger(__name__)

_process = SimpleNamespace(preview=False, code=0)  # of the process, not of a build


def on_startup(command: str, dirty: bool) -> None:
    _process.preview = command == "serve"
    _process.code = _newest()


@event_priority(100)  # before anything is read
def on_config(config: MkDocsConfig) -> None:
    if not _process.preview or "sites" in config.extra:
        return
    config.extra["preview"] = True  # drafts are shown
    if _newest() > _process.code:
        _restart(config)
    options = config.extra.get("capitalise", {})
    library = str((Path(config.config_file_path).parent / options.get("products", "products")).resolve())
    if library not in map(os.path.abspath, config.watch):
        config.watch.append(library)


def _newest() -> int:
    """When the program last changed, in nanoseconds."""
    here = Path(__file__).parent
    files = (path for path in here.rglob("*") if path.suffix in (".py", ".yml"))
    return max(path.stat().st_mtime_ns for path in files)


def _said(key: str) -> str:
    """A text in every language: who develops may speak any of them."""
    return " / ".join(texts(lang)(key) for lang in available())


def _restart(config: MkDocsConfig) -> None:
    """Starts the same command anew in the same process; the browser's page waits for it."""
    if os.name == "nt":
        log.warning(_said("build.restart-needed"))
        _process.code = _newest()
        return
    log.info(_said("build.restart"))
    if Path(config.site_dir).name.startswith("mkdocs_"):  # the temporary folder that MkDocs would have removed
        shutil.rmtree(config.site_dir, ignore_errors=True)
    machine.start_anew()
