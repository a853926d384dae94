"""MkDocs hook of the bench: how much of a build's CPU time the search takes, ours or Material's.

Says it, in seconds, in the file that the variable `SEARCH_CLOCK` names.
"""

from __future__ import annotations

import atexit
import os
import resource
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

SEARCH = ("finding.py", "material.plugins.search.plugin", "material.plugins.offline.plugin")
"""Ends of the names of the modules that make an index."""

spent = 0.0


def on_config(config: MkDocsConfig) -> None:
    """Puts a clock around each event of these modules; this event itself comes once for each language."""
    for methods in config.plugins.events.values():
        methods[:] = [
            _timed(method) if method.__module__.endswith(SEARCH) and not hasattr(method, "__wrapped__") else method
            for method in methods
        ]


def _timed(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        global spent
        start = _cpu()
        try:
            return method(*arguments, **named)
        finally:
            spent += _cpu() - start

    return call


def _cpu() -> float:
    """Seconds of this process and of the programs that it has run: the indexer is one."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@atexit.register
def _tell() -> None:
    Path(os.environ["SEARCH_CLOCK"]).write_text(str(spent), "ascii")
