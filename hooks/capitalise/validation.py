"""From what the model refuses to what a contributor understands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError, create_model
from pydantic_core import ErrorDetails

from capitalise.frontmatter import Document, dotted
from capitalise.locales import available, countries, fold, texts
from capitalise.model import Fields
from capitalise.problems import Problem
from capitalise.schema import is_list, part_of
from capitalise.vocabularies import nearest

F = TypeVar("F", bound=Fields)


def validate(
    meta: Mapping[str, Any], fields: type[F], document: Document, read: Mapping[str, Any] | None = None
) -> tuple[F | None, list[Problem]]:
    """The front matter as typed fields, or None with everything that is wrong in it.

    `read` are values of some of them that were read already, from the same words.
    """
    # A field without a value is a field that is not there: templates have them all.
    given = {name: value for name, value in meta.items() if value is not None}
    for name in given.keys() & read.keys() if read else ():
        given[name] = read[name]
    try:
        return fields.model_validate(given), []
    except ValidationError as error:
        problems: dict[tuple[int, str], Problem] = {}
        for fault in error.errors():
            problem = _problem(fault, meta, fields, document)
            # A value that fits none of several forms is told once.
            problems.setdefault((problem.line, problem.values.get("field", "")), problem)
        return None, list(problems.values())


def faults(name: str, value: Any, fields: type[Fields]) -> list[Problem]:
    """What is wrong with the value of one field, whatever the others are; none where it is good."""
    _, found = validate({name: value}, fields, Document("", {}, ""))
    return [one for one in found if one.values.get("field", "").partition(".")[0].partition("[")[0] == name]


def what_stands(meta: Mapping[str, Any], fields: type[F]) -> F:
    """The fields that are well formed, the others empty: enough to say what else is wrong in the text."""
    given = {name: value for name, value in meta.items() if value is not None and name in fields.model_fields}
    try:
        return _lenient(fields).model_validate(given)
    except ValidationError as error:
        faulty = {fault["loc"][0] for fault in error.errors()}
        return _lenient(fields).model_validate({name: given[name] for name in given if name not in faulty})


@cache
def _lenient(fields: type[F]) -> type[F]:
    """The same fields, none of them required."""
    loose: dict[str, Any] = {}
    for name, info in fields.model_fields.items():
        if info.is_required():
            loose[name] = (info.annotation, []) if is_list(info) else (info.annotation | None, None)
    return create_model(f"Lenient{fields.__name__}", __base__=fields, **loose)


def _problem(fault: ErrorDetails, meta: Mapping[str, Any], fields: type[Fields], document: Document) -> Problem:
    path = _path_in(meta, fault["loc"])
    name = dotted(path)
    line = document.line(*path)
    got = _short(fault.get("input"))
    context = fault.get("ctx", {})

    def bad(variant: str, suggestion: str = "", **values: Any) -> Problem:
        values = {"field": name, "got": got, **values}
        return Problem(document.file, line, "bad-value", variant, values, str(suggestion))

    match fault["type"]:
        case "missing":
            variant = "empty" if name in meta else "part" if len(path) > 1 else ""
            return Problem(document.file, line, "missing-field", variant, {"field": name, "part": path[-1]})
        case "extra_forbidden":
            return Problem(
                document.file, line, "unknown-field", values={"field": name}, suggestion=_meant(name, fields)
            )
        case "capitalise":
            kind = context["kind"]
            suggestion = context.get("suggestion", "")
            if kind == "country":
                suggestion = suggestion or nearest(got, _countries())
            more = {name: value for name, value in context.items() if name not in ("kind", "suggestion")}
            return bad(kind, suggestion, **more)
        case "too_short":
            return Problem(document.file, line, "missing-field", "empty", {"field": name})
        case "string_too_long" | "too_long":
            return bad("too-long", max=context["max_length"], length=len(str(fault["input"])))
        case "greater_than_equal":
            return bad("too-small", bound=context["ge"])
        case "less_than_equal":
            return bad("too-large", bound=context["le"])
        case "enum" | "literal_error":
            choices = [choice.strip(" '") for choice in context["expected"].replace(" or ", ", ").split(",")]
            return bad("choice", nearest(got, _labelled(path, choices)), choices=", ".join(choices))
        case "list_type":
            return bad("list")
        case "model_type" | "dict_type" | "model_attributes_type":
            part, many = part_of(fields.model_fields[path[0]]) if path[0] in fields.model_fields else (None, False)
            names = [inner for inner, info in part.model_fields.items() if info.is_required()] if part else []
            example = ", ".join(f"{inner}: …" for inner in names)
            return bad("group", example=f"- {{{example}}}" if many else f"{{{example}}}")
        case "float_parsing" | "float_type" | "int_parsing" | "int_type":
            return bad("number")
        case _:
            return bad("other")


def _path_in(meta: Any, loc: tuple[int | str, ...]) -> tuple[Any, ...]:
    """The part of pydantic's location that the contributor wrote: the names of union members are left out."""
    path: list[Any] = []
    here = meta
    for index, step in enumerate(loc):
        if isinstance(here, dict) and (step in here or index == len(loc) - 1):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _meant(name: str, fields: type[Fields]) -> str:
    """The field that was probably meant: by its name, or by its label in any language."""
    if "." in name:
        return ""
    words = {fold(field): field for field in fields.model_fields}
    for lang in available():
        for field in fields.model_fields:
            label = texts(lang).table.get(f"field.{field}", field).partition("·")[0]  # « auteurs » means `authors`
            words.setdefault(fold(label), field)
    return nearest(name, words)


def _labelled(path: tuple[Any, ...], choices: list[str]) -> dict[str, str]:
    """The choices by themselves and by their labels in every language: « publié » means `published`."""
    words = {fold(choice): choice for choice in choices}
    for lang in available():
        for choice in choices:
            label = texts(lang).table.get(f"{path[0]}.{choice}")
            if label:
                words.setdefault(fold(label), choice)
    return words


@cache
def _countries() -> dict[str, str]:
    """Country names in every language → code."""
    return {fold(texts(lang).country(code)): code for lang in available() for code in countries()}
