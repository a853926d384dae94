"""What the commands share: their language, their options, how they stop. No traceback reaches a contributor."""

from __future__ import annotations

import locale
import os
import sys
from pathlib import Path
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


PRODUCTS = click.option(
    "--products",
    type=click.Path(path_type=Path, resolve_path=True),  # of `.` neither the name nor the parent is known
    default=lambda: os.environ.get("CAPITALISE_PRODUCTS", "products"),
    help=say("products"),
)
LANG = click.option("--lang", type=click.Choice(available()), default=default_lang, help=", ".join(available()))
