"""JSON Schema (draft 2020-12) of the front matter of each kind and of the vocabularies' files, made from the model.

It says of a file's form what validation says: the fields, their values, the terms there are. What takes more than
one value, or another file, to tell (the order of dates, whether a photo is there) stays with `capitalise check`.
Titles and descriptions are in every language that has texts, so that one schema serves all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from capitalise.library import Library
from capitalise.locales import available, texts
from capitalise.model import KINDS, Kind
from capitalise.schema import is_translated, part_of
from capitalise.settings import Settings
from capitalise.values import VOCABULARY
from capitalise.vocabularies import Term, Vocabulary

FOLDER = "schemas"
_BOUNDS = {"ge": "minimum", "le": "maximum", "max_length": "maxLength", "min_length": "minItems"}
"""What pydantic leaves of a bound on a value that a function reads first → the schema's own word."""


def in_every_language(key: str) -> str:
    """A text in each language, for a file that serves all of them."""
    return " / ".join(dict.fromkeys(texts(lang)(key) for lang in available()))


def front_matter(kind: Kind, vocabularies: Mapping[str, Vocabulary]) -> dict[str, Any]:
    """The schema of the front matter of a kind: of originals, and of translations, which say less."""
    _, made = models_json_schema([(kind.fields, "validation")], ref_template="#/$defs/{model}")
    defs = {name: _tidy(one, vocabularies) for name, one in made["$defs"].items()}
    whole = defs.pop(kind.fields.__name__)
    required, of_translation, partial_groups = [], [], {}
    properties: dict[str, Any] = {}
    for name, info in kind.fields.model_fields.items():
        words = {"title": in_every_language(f"field.{name}"), "description": in_every_language(f"field.{name}.help")}
        value = whole["properties"][name]
        if info.is_required():
            required.append(name)
            if is_translated(info):
                of_translation.append(name)
        else:
            value = _or_nothing(value)
        properties[name] = words | value
        part, many = part_of(info)
        if part and any(map(is_translated, part.model_fields.values())):
            # A translation gives the words of a photo or a figure, and not its file or its source.
            defs[part.__name__].pop("required", None)
            needed = {"required": [inner for inner, one in part.model_fields.items() if one.is_required()]}
            partial_groups[name] = {"items": needed} if many else needed
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": in_every_language(f"kind.{kind.name}"),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "if": {"required": ["translation_of"], "properties": {"translation_of": {"type": "object"}}},
        "then": {"required": of_translation},
        "else": {"required": required, "properties": partial_groups},
        "$defs": dict(sorted(defs.items())),
    }


def vocabulary() -> dict[str, Any]:
    """The schema of a file of `vocabularies/`."""
    terms = TypeAdapter(list[Term]).json_schema(ref_template="#/$defs/{model}")
    term = _tidy(terms.pop("$defs")["Term"], {})
    for name, value in term["properties"].items():
        term["properties"][name] = {"description": in_every_language(f"schema.term.{name}")} | value
    words = {"$schema": GenerateJsonSchema.schema_dialect, "title": in_every_language("schema.vocabulary")}
    return words | {"type": "array", "items": term}


def _tidy(schema: Any, vocabularies: Mapping[str, Vocabulary]) -> Any:
    """A schema of pydantic's with the terms of the vocabularies, and without what is said in one language alone."""
    if isinstance(schema, list):
        return [_tidy(one, vocabularies) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: _tidy(one, vocabularies) for name, one in value.items()}
        elif key == VOCABULARY:
            if (terms := vocabularies.get(value)) and terms.readable:
                made |= _terms(terms)
        elif key not in ("title", "description", "default"):
            made[_BOUNDS.get(key, key)] = _tidy(value, vocabularies)
    return made


def _terms(vocabulary: Vocabulary) -> dict[str, Any]:
    """The terms as a closed list; an editor that knows `enumDescriptions` shows their labels too."""
    ids = sorted({*vocabulary.terms, *vocabulary.faulty})
    labels = [vocabulary.get(one) for one in ids]
    shown = [" / ".join(dict.fromkeys(term.label.values())) if term else "" for term in labels]
    return {"type": "string", "enum": ids, "enumDescriptions": shown}


def _or_nothing(value: dict[str, Any]) -> dict[str, Any]:
    """The same, or a field without a value: it counts as one that is not there."""
    if "anyOf" in value:
        return value if {"type": "null"} in value["anyOf"] else value | {"anyOf": [*value["anyOf"], {"type": "null"}]}
    return {"anyOf": [value, {"type": "null"}]}


def to_text(schema: Mapping[str, Any]) -> str:
    """A schema as it is written to a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _export(library: Library, settings: Settings, kind: Kind | None) -> str:
    return to_text(front_matter(kind, library.vocabularies) if kind else vocabulary())


FILES: dict[str, Callable[[Library, Settings], str]] = {
    f"{FOLDER}/{name}.json": partial(_export, kind=kind) for name, kind in (*KINDS.items(), ("vocabulary", None))
}
"""File of the site → what makes it."""
