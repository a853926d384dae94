"""From what the model refuses to what a contributor understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from capitalise.frontmatter import Document
from capitalise.locales import available, fold, texts
from capitalise.model import Fields
from capitalise.problems import Problem
from capitalise.vocabularies import nearest

F = TypeVar("F", bound=Fields)


def validate(meta: Mapping[str, Any], fields: type[F], document: Document) -> tuple[F | None, list[Problem]]:
    """The front matter as typed fields, or None with everything that is wrong in it."""
    try:
        # A field without a value is a field that is not there: templates have them all.
        return fields.model_validate({name: value for name, value in meta.items() if value is not None}), []
    except ValidationError as error:
        problems: dict[tuple[int, str], Problem] = {}
        for fault in error.errors():
            problem = _problem(fault, meta, fields, document)
            # A value that fits none of several forms is told once.
            problems.setdefault((problem.line, problem.values.get("field", "")), problem)
        return None, list(problems.values())


def _problem(fault: ErrorDetails, meta: Mapping[str, Any], fields: type[Fields], document: Document) -> Problem:
    path = _path_in(meta, fault["loc"])
    name = _dotted(path)
    line = document.line(*path)
    got = _short(fault.get("input"))
    context = fault.get("ctx", {})

    def bad(variant: str, suggestion: str = "", **values: Any) -> Problem:
        values = {"field": name, "got": got, **values}
        return Problem(document.file, line, "bad-value", variant, values, str(suggestion))

    match fault["type"]:
        case "missing":
            return Problem(document.file, line, "missing-field", "empty" if name in meta else "", {"field": name})
        case "extra_forbidden":
            return Problem(document.file, line, "unknown-field", values={"field": name}, suggestion=_meant(name, fields))
        case "capitalise":
            kind = context["kind"]
            suggestion = context.get("suggestion", "")
            if kind == "country":
                suggestion = suggestion or nearest(got, _countries())
            return bad(kind, suggestion)
        case "too_short":
            return Problem(document.file, line, "missing-field", "empty", {"field": name})
        case "string_too_long" | "too_long":
            return bad("too-long", max=context["max_length"], length=len(str(fault["input"])))
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return bad("range")
        case "enum" | "literal_error":
            choices = [choice.strip(" '") for choice in context["expected"].replace(" or ", ", ").split(",")]
            return bad("choice", nearest(got, _labelled(path, choices, fields)), choices=", ".join(choices))
        case "list_type":
            return bad("list")
        case "model_type" | "dict_type" | "model_attributes_type":
            return bad("group")
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


def _dotted(path: tuple[Any, ...]) -> str:
    """`sources[2].year`, counted from 1 as people do."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


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


def _labelled(path: tuple[Any, ...], choices: list[str], fields: type[BaseModel]) -> dict[str, str]:
    """The choices by themselves and by their labels in every language: « publié » means `published`."""
    words = {fold(choice): choice for choice in choices}
    for lang in available():
        for choice in choices:
            label = texts(lang).table.get(f"{path[0]}.{choice}")
            if label:
                words.setdefault(fold(label), choice)
    return words


def _countries() -> dict[str, str]:
    """Country names in every language → code."""
    from capitalise.locales import countries

    return {fold(texts(lang).country(code)): code for lang in available() for code in countries()}


