"""Asks for the value of a field in a terminal, until it is good or left for later.

The questions, the choices and what is wrong with an answer come from the model, the vocabularies and the texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from capitalise.locales import Texts
from capitalise.model import Fields
from capitalise.problems import Problem
from capitalise.schema import choices_of, holds, is_list, marks, part_of
from capitalise.validation import faults
from capitalise.values import TermOf, Words
from capitalise.vocabularies import Vocabulary


def ask(
    name: str, fields: type[Fields], words: Texts, vocabularies: Mapping[str, Vocabulary], default: Any = None
) -> Any:
    """The value of the field `name`, fit for it; None where the person leaves it for later.

    An answer at fault is told, with the words probably meant as the next default. Raises `click.Abort` on Ctrl-C.
    """
    info = fields.model_fields[name]
    part, many = part_of(info)
    mark = marks(info, TermOf)
    vocabulary = vocabularies[mark.vocabulary] if mark else None
    click.echo()
    click.echo(_question(name, info, words, vocabulary))
    if part is not None:
        needed = [inner for inner, one in part.model_fields.items() if one.is_required()]
        # One item is enough to begin with; the file has room for more.
        item = {inner: answer for inner in needed if (answer := _prompt(f"{name}.{inner}", ""))}
        return ([item] if many else item) if item else None
    proposed = "" if default is None else str(default)
    while True:
        answer = _prompt(name, proposed)
        if not answer:
            return None
        if answer == "?" and vocabulary:
            for term in vocabulary:
                click.echo(f"  {term.id:30} {term.name(words.lang)}")
            continue
        given = [item.strip() for item in answer.split(",") if item.strip()] if is_list(info) else [answer]
        if not is_list(info) and holds(info, int) and answer.isdecimal():
            given = [int(answer)]
        elif not is_list(info) and holds(info, date):
            given = [_day(answer)]
        meant = []
        for item in given:
            problem = _fault(name, [item] if is_list(info) else item, fields, vocabulary, item)
            if problem:
                click.echo(f"  {problem.message(words)} {problem.hint(words)}")
            meant.append(problem.suggestion if problem else item)
        if meant == given:
            return given if is_list(info) else given[0]
        proposed = ", ".join(str(item) for item in meant if item)


def _question(name: str, info: Any, words: Texts, vocabulary: Vocabulary | None) -> str:
    """What the field is for, and what it chooses from."""
    said = [f"{words(f'field.{name}')}. {words(f'field.{name}.help')}"]
    if shown := marks(info, Words):
        choices = ", ".join(f"{one} ({words(f'{shown.prefix}.{one}')})" for one in choices_of(info))
        said.append(words("new.choices", choices=choices))
    if is_list(info) and part_of(info)[0] is None:
        said.append(words("cli.new.ask.list"))
    if vocabulary:
        said.append(words("cli.new.ask.terms"))
    return " ".join(said)


def _day(answer: str) -> date | str:
    """The day, or what was answered where it is none: the check says what is wrong with it."""
    try:
        return date.fromisoformat(answer) if len(answer) == 10 else answer
    except ValueError:
        return answer


def _prompt(label: str, default: str) -> str:
    return click.prompt(f"  {label}", default=default, show_default=bool(default)).strip()


def _fault(name: str, value: Any, fields: type[Fields], vocabulary: Vocabulary | None, item: Any) -> Problem | None:
    if found := faults(name, value, fields):
        return found[0]
    if vocabulary and not vocabulary.knows(item):
        values = {"term": item, "vocabulary": vocabulary.name}
        return Problem("", 1, "unknown-term", "", values, vocabulary.suggest(item))
    return None
