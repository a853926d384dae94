"""What the commands share: their language, their options, how they stop. No traceback reaches a contributor."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import NoReturn

import click

from capitalise import reading
from capitalise.library import Library
from capitalise.locales import DEFAULT, Texts, available, texts

EXIT_ERRORS, EXIT_MISUSE = 1, 2


def default_lang() -> str:
    """The computer's language where we speak it; French otherwise."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not name and os.name == "nt":  # Windows has no such variables: "French_France", "English_United Kingdom"
        name = (locale.getlocale()[0] or "")[:2]
    code = name.partition("_")[0].partition(".")[0].lower()
    return code if code in available() and code not in ("c", "posix") else DEFAULT


def say(name: str) -> str:
    """What a command or an option does, in the computer's language."""
    return texts(default_lang())(f"cli.help.{name}")


def fail(message: str) -> NoReturn:
    """Says what is wrong, and stops as a misuse."""
    click.echo(message, err=True)
    sys.exit(EXIT_MISUSE)


def load(products: Path, words: Texts, drafts: bool = True) -> Library:
    """The library of a folder; stops where there is none."""
    try:
        return reading.load(products, drafts=drafts)
    except NotADirectoryError:
        fail(words("cli.no-library", path=str(products)))


def wanted_files(paths: Iterable[Path], products: Path, words: Texts) -> Callable[[str], bool]:
    """Whether a file is one of those that a person named, or in one of the folders; stops at a path that is not there.

    Paths are meant from where the person stands, files from the folder that holds the library's.
    """
    base = products.resolve().parent
    wanted = set()
    for path in paths:
        resolved = path.resolve()
        if not resolved.exists() or not resolved.is_relative_to(base):
            fail(words("cli.no-path", path=str(path)))
        wanted.add(resolved.relative_to(base).as_posix())
    return lambda file: not wanted.isdisjoint((file, *(parent.as_posix() for parent in PurePosixPath(file).parents)))


PRODUCTS = click.option(
    "--products",
    type=click.Path(path_type=Path, resolve_path=True),  # of `.` neither the name nor the parent is known
    default=lambda: os.environ.get("CAPITALISE_PRODUCTS", "products"),
    help=say("products"),
)
LANG = click.option("--lang", type=click.Choice(available()), default=default_lang, help=", ".join(available()))
AUTO = "auto"
"""For `--lang`: each text is spoken of in its own language."""


def lang_option(default: Callable[[], str] = default_lang):
    """`--lang`, for a command that can also answer each text in its own language."""
    return click.option("--lang", type=click.Choice([AUTO, *available()]), default=default, help=say("lang-auto"))
