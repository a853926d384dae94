"""The published folder changes when a build has ended well, at one moment; until then it is as it was."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.utils import CountHandler

from capitalise import publishing
from capitalise.commands.common import default_lang
from capitalise.locales import texts

log = get_plugin_logger(__name__)

_process = SimpleNamespace(serving=False, build=None, site=None)
"""MkDocs tells neither of the last two events which build they are about; it makes one at a time."""


def on_startup(command: str, dirty: bool) -> None:
    _process.serving = command == "serve"  # it builds into a folder of its own, which nobody else sees


@event_priority(200)  # before anything knows where the pages go
def on_config(config: MkDocsConfig) -> None:
    if _process.serving or "whole" in config.extra:  # this event comes again for each language
        return
    _process.build, _process.site = None, Path(config.site_dir)
    try:
        build = publishing.Build(_process.site, bool(config.extra.get("capitalise", {}).get("in_place")))
    except publishing.Refused as refused:
        raise PluginError(_said(refused.key, **refused.values)) from None
    _process.build = build
    # Counts as MkDocs does, which looks only after the last event whether a strict build had warnings.
    warnings = CountHandler()
    warnings.setLevel(logging.WARNING)
    _logger().addHandler(warnings)
    config.extra["whole"] = SimpleNamespace(build=build, site_dir=config.site_dir, warnings=warnings)
    config.extra["work"] = str(build.work)
    config.site_dir = str(build.folder)


@event_priority(-1000)  # after all that is written, in every language
def on_post_build(config: MkDocsConfig) -> None:
    if "whole" not in config.extra or config.plugins["i18n"].building:
        return
    whole = config.extra["whole"]
    _logger().removeHandler(whole.warnings)
    if config.strict and whole.warnings.get_counts():
        return  # MkDocs is about to stop
    at_once = whole.build.publish()
    _process.build = _process.site = None
    config.site_dir = whole.site_dir
    log.info(_said("whole.done" if at_once else "whole.done-in-steps", path=config.site_dir))


def on_build_error(error: Exception, **_) -> None:
    build, site = _process.build, _process.site
    if site is None:  # said already, by the build of another language; or the preview
        return
    reason = build.reason(error) if build else publishing.reason(error, site)
    on_shutdown()
    if reason:
        raise Abort(_said(reason[0], **reason[1])) from error
    if site.is_dir():
        log.warning(_said("whole.kept", path=str(site)))


def on_shutdown() -> None:
    """The end of the program, on Ctrl-C too."""
    if _process.build:
        _process.build.close()
    _process.build = _process.site = None


def _logger() -> logging.Logger:
    """The one to which MkDocs, or ProperDocs, says everything."""
    return logging.getLogger(log.logger.name.partition(".")[0])


def _said(key: str, **values: str | int) -> str:
    words = texts(default_lang())
    return words(key, **{name: words.size(one) if isinstance(one, int) else one for name, one in values.items()})
