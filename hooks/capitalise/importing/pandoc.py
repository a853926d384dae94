"""The converter: pandoc, which reads Word and OpenDocument into a tree, and writes a tree as Markdown.

It gets a file made anew by `guard`, writes nothing but its answer, runs no filter and asks for nothing
(`--sandbox`: pandoc's manual, "A note on security"), in bounded time and memory.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from functools import cache

import pypandoc

from capitalise import limits
from capitalise.importing.guard import Refused
from capitalise.importing.tree import Node

_VERSION = [1, 23, 1]
_MARKDOWN = "markdown_strict+pipe_tables+four_space_rule"
"""What Python-Markdown reads: items of lists are indented by four spaces, tables by pipes."""
_PADDED = re.compile(r"^((?:    )*(?:-|\d+\.)) {1,3}(?=\S)", re.MULTILINE)


def read(data: bytes, form: str) -> tuple[Node, list[Node]]:
    """Metadata and blocks of a document. Tracked changes are accepted, so that nobody's name comes with them.

    Raises `Refused`.
    """
    tree = json.loads(_run(data, "--from", form, "--to", "json", "--track-changes=accept"))
    return tree["meta"], tree["blocks"]


def write(texts: list[list[Node]]) -> list[str]:
    """Texts made of blocks as Markdown, without the line breaks of a typewriter. One run writes them all: on an old
    computer, to start the converter takes longer than to write.

    Raises `Refused`.
    """
    cut = f"<!--{secrets.token_hex(16)}-->"
    parted: list[Node] = []
    for blocks in texts:
        parted += [*blocks, {"t": "RawBlock", "c": ["markdown", cut]}]
    tree = {"pandoc-api-version": _VERSION, "meta": {}, "blocks": parted}
    command = ("--from", "json", "--to", _MARKDOWN, "--wrap=none", "--columns=100000")
    text = _run(json.dumps(tree).encode(), *command).decode()
    # The marks of a list are padded to the next tab; one space is enough where the next level is indented by four.
    return [part.strip("\n") for part in _PADDED.sub(r"\1 ", text).split(cut)[:-1]]


@cache
def _program() -> str:
    return pypandoc.get_pandoc_path()


def _run(data: bytes, *options: str) -> bytes:
    command = [_program(), *options, "--sandbox", "+RTS", f"-M{limits.MAX_OFFICE_MEMORY}", "-RTS"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=limits.MAX_OFFICE_SECONDS)
    except subprocess.TimeoutExpired:
        raise Refused("too-slow", limit=limits.MAX_OFFICE_SECONDS) from None
    if done.returncode == 251:  # GHC's "heap exhausted"
        raise Refused("too-slow", limit=limits.MAX_OFFICE_SECONDS)
    if done.returncode:
        raise Refused("damaged")
    return done.stdout
