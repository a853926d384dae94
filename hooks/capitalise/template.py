"""The text with which a new product begins: every field and section of its kind, each with its explanation.

What is required and not known yet is left empty, so that `check` names it. What is optional stands in comments; so
do the explanations, in the product's language. Comments are neither checked nor published.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from capitalise.locales import Texts
from capitalise.model import OWN_OF_TRANSLATION, Kind
from capitalise.schema import choices_of, is_list, marks, part_of
from capitalise.values import TermOf, Words
from capitalise.vocabularies import Vocabulary

TERMS_SHOWN = 40
"""Terms of a vocabulary that an explanation names; of a longer one it names the file."""

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[A-Z]{2}|[a-z]{6,}")
"""Identifiers and codes that no reader of YAML takes for anything else without quotes."""
_WIDTH = 100


def text(kind: Kind, words: Texts, values: Mapping[str, Any], vocabularies: Mapping[str, Vocabulary]) -> str:
    """The file `index.<lang>.md` of a new product; `values` are the fields that are known already."""
    fields = {name: info for name, info in kind.fields.model_fields.items() if name not in OWN_OF_TRANSLATION}
    needed = [name for name, info in fields.items() if info.is_required() or name in values]
    lines = ["---", *comment(words("new.fields"))]
    for name in needed:
        lines += ["", *_explained(name, fields[name], words, vocabularies), *field(name, fields[name], values)]
    lines += ["", *comment(words("new.optional"))]
    for name in [name for name in fields if name not in needed]:
        lines += ["", *_explained(name, fields[name], words, vocabularies)]
        lines += [f"#{line}" for line in field(name, fields[name], {})]
    lines += ["---", "", *note(words("new.sections"))]
    for section in kind.sections:
        guide = words(f"guide.{_family(kind)}.{section.anchor}")
        lines += ["", f"## {words(f'section.{kind.name}.{section.anchor}')}", ""]
        lines += note(guide if section.required else f"{words('new.optional-section')} {guide}")
    return "\n".join(lines) + "\n"


def _family(kind: Kind) -> str:
    """A course and its modules have the same sections."""
    return "training" if kind.collection == "trainings" else kind.name


def field(name: str, info: FieldInfo, values: Mapping[str, Any]) -> list[str]:
    """The lines of a field: with its value where it has one, otherwise empty, to be filled in."""
    part, many = part_of(info)
    value = values.get(name)
    if part is None:
        return [f"{name}: {_empty(info) if value is None else scalar(value)}"]
    if not many:
        return [f"{name}:", *(f"  {line}" for line in _group(part, value or {}))]
    lines = [f"{name}:"]
    for item in value or [{}]:
        first, *others = _group(part, item)
        lines += [f"  - {first}", *(f"    {line}" for line in others)]
    return lines


def _group(part: Any, values: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a group, what it needs first; what it may do without stands in comments."""
    for name, info in sorted(part.model_fields.items(), key=lambda pair: not pair[1].is_required()):
        line = f"{name}: {scalar(values[name]) if name in values else _empty(info)}"
        yield line if info.is_required() or name in values else f"#{line}"


def _empty(info: FieldInfo) -> str:
    return "[]" if is_list(info) else '""'


def scalar(value: Any) -> str:
    """A value as YAML, quoted wherever a reader could take it for something else."""
    if isinstance(value, list):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)  # YAML reads the strings of JSON
    return str(value)


def _explained(name: str, info: FieldInfo, words: Texts, vocabularies: Mapping[str, Vocabulary]) -> Iterator[str]:
    """What a field is for, and what it chooses from."""
    yield from comment(f"{words(f'field.{name}')}. {words(f'field.{name}.help')}")
    if shown := marks(info, Words):
        choices = [f"{choice} ({words(f'{shown.prefix}.{choice}')})" for choice in choices_of(info)]
        yield from comment(words("new.choices", choices=", ".join(choices)))
    elif named := marks(info, TermOf):
        terms = sorted(vocabularies[named.vocabulary], key=lambda term: term.id)
        if len(terms) > TERMS_SHOWN:
            yield from comment(words("new.vocabulary", vocabulary=named.vocabulary))
        elif terms:
            choices = [f"{term.id} ({term.name(words.lang)})" for term in terms]
            yield from comment(words("new.choices", choices=", ".join(choices)))


def comment(sentence: str) -> list[str]:
    """The lines of a comment of the front matter."""
    return textwrap.wrap(sentence, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def note(sentence: str) -> list[str]:
    """A comment of the body."""
    return textwrap.wrap(f"<!-- {sentence} -->", _WIDTH, break_on_hyphens=False)
