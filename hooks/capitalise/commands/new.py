"""`capitalise new`: a folder with the text to fill in. In a terminal it asks for what a product needs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from capitalise import limits, template, whole
from capitalise.commands.asking import ask
from capitalise.commands.common import PRODUCTS, default_lang, fail, load, say
from capitalise.library import Library
from capitalise.locales import Texts, available, slug, texts
from capitalise.model import KINDS, Kind
from capitalise.validation import faults
from capitalise.vocabularies import nearest

NAMES: Mapping[str, Kind] = {"training" if name == "course" else name: kind for name, kind in KINDS.items()}
"""What a person calls each kind: a course is a training of its own."""


@click.command(help=say("new"))
@click.argument("kind", type=click.Choice(list(NAMES)))
@click.argument("title")
@click.option("--lang", type=click.Choice(available()), default=default_lang, help=say("new.lang"))
@click.option("--slug", "name", help=say("new.slug"))
@click.option("--course", help=say("new.course"))
@click.option("--community", help=say("new.community"))
@PRODUCTS
def new(
    kind: str, title: str, lang: str, name: str | None, course: str | None, community: str | None, products: Path
) -> None:
    words = texts(lang)
    try:
        _start(NAMES[kind], title, name, course, community, products, words)
    except click.Abort:  # Ctrl-C, or the end of what is typed
        click.echo()
        fail(words("cli.new.stopped"))


def _start(
    one: Kind, title: str, name: str | None, course: str | None, community: str | None, products: Path, words: Texts
) -> None:
    lib = load(products, words)
    for option, given, owner in (("--course", course, "module"), ("--community", community, "session")):
        if given is not None and one.name != owner:
            fail(words("cli.new.useless", option=option, kind=owner))
    if wrong := faults("title", title, one.fields):
        fail(words("cli.new.title", problem=f"{wrong[0].message(words)} {wrong[0].hint(words)}"))
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    if one.name == "module":
        parent = products / one.collection / _chosen("course", course, _courses(products), words, asking)
    elif one.name == "session":
        ids = {term.id: term.name(words.lang) for term in lib.vocabularies["communities"]}
        community = _chosen("community", community, ids, words, asking)
        parent = products / one.collection / community
    else:
        parent = products / one.collection
    number = _next_number(parent, words) if one.name in ("module", "session") else 0
    folder = _free(parent, title, name, number, words)

    known = {"title": title, "community": community, "number": number, "date": lib.today}
    values = {field: value for field, value in known.items() if field in one.fields.model_fields and value}
    if asking:
        values |= _answers(one, values, words, lib)
    file = folder / f"index.{words.lang}.md"
    _write(file, template.text(one, words, values, lib.vocabularies), words)

    shown = file.relative_to(products.parent).as_posix()
    left = sum(problem.file == shown for problem in load(products, words).problems)
    click.echo(words("cli.new.made", file=_from_here(file)))
    click.echo(words.count("cli.new.left", left))
    click.echo(words("cli.new.next", folder=_from_here(folder)))


def _courses(products: Path) -> dict[str, str]:
    """The folders of courses: also of one that is not finished, and therefore not in the library yet."""
    folder = products / "trainings"
    found = sorted(folder.glob("*/index.*.md")) if folder.is_dir() else []
    return {path.parent.name: path.parent.name for path in found}


def _chosen(option: str, given: str | None, ids: Mapping[str, str], words: Texts, asking: bool) -> str:
    """The id that an option names, among `ids` (id → label); asked for in a terminal."""
    if not ids:
        fail(words("cli.new.no-courses" if option == "course" else "cli.new.no-communities"))
    shown = ", ".join(one if one == label else f"{one} ({label})" for one, label in ids.items())
    question = words(f"cli.new.no-{option}", choices=shown)
    if given is None:
        if not asking:
            fail(question)
        click.echo(question)
        given = click.prompt(option, default=next(iter(ids)) if len(ids) == 1 else None)
    # The folder's whole path is a name for it too, as the shell completes it.
    wanted = given.strip().replace("\\", "/").rstrip("/").rpartition("/")[2]
    if wanted not in ids:
        meant = nearest(wanted, {one: one for one in ids} | {slug(label): one for one, label in ids.items()})
        hint = words("problem.did-you-mean", suggestion=meant) if meant else question
        fail(f"{words('cli.new.unknown', got=given)} {hint}")
    return wanted


def _next_number(parent: Path, words: Texts) -> int:
    names = [entry.name for entry in parent.iterdir()] if parent.is_dir() else []
    number = max((int(name[:2]) for name in names if re.match(r"[0-9]{2}-", name)), default=0) + 1
    if number > 99:
        fail(words("cli.new.full", folder=_from_here(parent)))
    return number


def _free(parent: Path, title: str, name: str | None, number: int, words: Texts) -> Path:
    """A folder that is not there yet; a name that was made from the title gets a number where it is taken."""
    order = f"{number:02}-" if number else ""
    room = limits.MAX_SLUG_CHARS - len(order)
    if name is not None:
        if not name or name != slug(name) or len(name) > room:
            fail(words("cli.new.bad-slug", slug=name, limit=room))
        if (parent / (order + name)).exists():
            fail(words("cli.new.exists", folder=_from_here(parent / (order + name))))
        return parent / (order + name)
    wanted = slug(title)
    if not wanted:
        fail(words("cli.new.bad-slug", slug=title, limit=room))
    for attempt in range(1, 100):
        mark = f"-{attempt}" if attempt > 1 else ""
        folder = parent / (order + _shortened(wanted, room - len(mark)) + mark)
        if not folder.exists():
            return folder
    fail(words("cli.new.exists", folder=_from_here(folder)))


def _shortened(name: str, room: int) -> str:
    """As many whole words of a name as there is room for."""
    if len(name) <= room:
        return name
    return name[:room].rpartition("-")[0] if name[room] != "-" and "-" in name[:room] else name[:room].rstrip("-")


def _answers(kind: Kind, known: Mapping[str, Any], words: Texts, lib: Library) -> Iterator[tuple[str, Any]]:
    """What the person knows of the fields that a product needs."""
    click.echo(words("cli.new.ask"))
    for field, info in kind.fields.model_fields.items():
        if info.is_required() and field not in ("title", "community"):
            answer = ask(field, kind.fields, words, lib.vocabularies, known.get(field))
            if answer is not None:
                yield field, answer


def _write(file: Path, text: str, words: Texts) -> None:
    """The folder with its file: there whole, or not at all."""
    folder = file.parent
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        whole.folder(folder, {file.name: text.encode()})
    except OSError as error:
        fail(words("cli.new.unwritable", folder=_from_here(folder), reason=error.strerror or str(error)))


def _from_here(path: Path) -> str:
    """A path as the person would write it."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
