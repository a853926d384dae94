"""The fields and sections as snippets of Visual Studio Code: completion in front matter, without an extension.

Its YAML extension reads files that are YAML as a whole, and not the front matter of Markdown. Snippets work in any
Markdown file: a field begins by its name or its label in any language, and chooses from the terms there are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

from pydantic.fields import FieldInfo

from capitalise.data.schemas import in_every_language
from capitalise.locales import available, texts
from capitalise.model import KINDS, OWN_OF_TRANSLATION
from capitalise.schema import choices_of, holds, is_list, marks, part_of
from capitalise.values import TermOf
from capitalise.vocabularies import Vocabulary


def code_snippets(vocabularies: Mapping[str, Vocabulary]) -> str:
    """The text of a file `*.code-snippets`: every field and section of every kind, each once."""
    snippets: dict[str, Any] = {}
    for kind in KINDS.values():
        for name, info in kind.fields.model_fields.items():
            labels = [texts(lang)(f"field.{name}") for lang in available()]
            snippets[name] = {
                "scope": "markdown",
                "prefix": list(dict.fromkeys([name, *labels])),
                "body": list(_field(name, info, vocabularies)),
                "description": in_every_language(f"field.{name}.help"),
            }
        for lang in available():
            for section in kind.sections:
                label = texts(lang)(f"section.{kind.name}.{section.anchor}")
                snippets[f"## {label}"] = {
                    "scope": "markdown",
                    "prefix": [f"## {label}", label],
                    "body": [f"## {label}", "", "$0"],
                    "description": texts(lang)(f"kind.{kind.name}"),
                }
    return json.dumps(snippets, ensure_ascii=False, indent=2) + "\n"


def _field(name: str, info: FieldInfo, vocabularies: Mapping[str, Vocabulary]) -> Iterator[str]:
    numbers = count(1)
    part, many = part_of(info)
    if part is None:
        yield f"{name}: {_stop(info, vocabularies, numbers)}"
        return
    yield f"{name}:"
    # The rest of `translation_of` is written by `capitalise translate --done`.
    shown = {k: one for k, one in part.model_fields.items() if one.is_required() or name not in OWN_OF_TRANSLATION}
    for number, (inner, one) in enumerate(shown.items()):
        indent = ("  - " if number == 0 else "    ") if many else "  "
        yield f"{indent}{inner}: {_stop(one, vocabularies, numbers)}"


def _stop(info: FieldInfo, vocabularies: Mapping[str, Vocabulary], numbers: Iterator[int]) -> str:
    """Where the cursor stops for a value: with the choices where the field has some."""
    number = next(numbers)
    mark = marks(info, TermOf)
    choices = sorted(vocabularies[mark.vocabulary].terms) if mark else choices_of(info)
    if choices:
        stop = f"${{{number}|{','.join(choices)}|}}"
    elif (part := part_of(info)[0]) is not None:  # a group in a group, as consent is
        needed = ", ".join(f"{inner}: " for inner, one in part.model_fields.items() if one.is_required())
        stop = f"${{{number}:{{{needed}\\}}}}"
    elif holds(info, date):
        stop = f"${{{number}:{date(2026, 7, 4)}}}"
    elif holds(info, int) or holds(info, float):
        stop = f"${{{number}:0}}"
    else:
        stop = f'"${number}"'
    return f"[{stop}]" if is_list(info) else stop
