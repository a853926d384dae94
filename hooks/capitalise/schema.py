"""Looking into the model: which fields are language, which name a term or a file, which hold groups and choices.

What is made from the model (validation, translation, the reference page, the exports) asks here, and so follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from capitalise.model import Part
from capitalise.values import FileOf, TermOf, Translated


def marks(info: FieldInfo, kind: type) -> Any:
    """The mark of that class on a field, also on the members of a list; None where it has none."""
    found = [mark for mark in info.metadata if isinstance(mark, kind)]
    return found[0] if found else _mark_in(info.annotation, kind)


def _mark_in(annotation: Any, kind: type) -> Any:
    for argument in get_args(annotation):
        if isinstance(argument, kind):
            return argument
        if (found := _mark_in(argument, kind)) is not None:
            return found
    return None


def is_translated(info: FieldInfo) -> bool:
    """Whether the whole field is language."""
    return any(isinstance(mark, Translated) for mark in info.metadata)


def part_of(info: FieldInfo) -> tuple[type[Part] | None, bool]:
    """The group of fields that a field holds, if it holds one, and whether it holds a list of them."""
    many = is_list(info)
    for candidate in _classes(info.annotation):
        if issubclass(candidate, Part):
            return candidate, many
    return None, many


def is_list(info: FieldInfo) -> bool:
    """Whether a field holds a list."""
    return get_origin(info.annotation) is list


def holds(info: FieldInfo, kind: type) -> bool:
    """Whether a field, or a member of its list, is of a Python type: `date`, `int`."""
    return any(issubclass(one, kind) for one in _classes(info.annotation))


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        yield annotation
    for argument in get_args(annotation):
        yield from _classes(argument)


def has_translated_parts(info: FieldInfo) -> bool:
    """Whether some fields of the group that this field holds are language: a photo's `alt`, a figure's `label`."""
    part, _ = part_of(info)
    return part is not None and any(is_translated(inner) for inner in part.model_fields.values())


def choices_of(info: FieldInfo) -> list[str]:
    """The members of the closed list that a field chooses from; none where it is free."""
    return [str(member) for one in _classes(info.annotation) if issubclass(one, StrEnum) for member in one]


def scalars_of(info: FieldInfo) -> set[type]:
    """The plain types of the values that a field, or each member of its list, may have."""
    return {one for one in _classes(info.annotation) if one in (str, int, float, date)}


def bounds_of(info: FieldInfo) -> dict[str, Any]:
    """The least and the greatest number that a field takes, as `min` and `max` where it has them."""
    found: dict[str, Any] = {}
    for mark in _all_marks(info):
        for name, bound in (("min", "ge"), ("max", "le")):
            if (value := getattr(mark, bound, None)) is not None:
                found[name] = value
    return found


def _all_marks(info: FieldInfo) -> Iterator[Any]:
    waiting: list[Any] = [*info.metadata, info.annotation]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [*one.metadata] if isinstance(one, FieldInfo) else get_args(one)


def most_chars_of(info: FieldInfo) -> int | None:
    """The greatest length of a text; None where it has none of its own."""
    if is_list(info):
        return None
    return next((most for mark in _all_marks(info) if (most := getattr(mark, "max_length", None)) is not None), None)


def follows(part: type[Part], name: str) -> str:
    """The field of the same group than which a field may not be earlier; empty where there is none."""
    for validator in part.__pydantic_decorators__.field_validators.values():
        if name in validator.info.fields:
            return getattr(validator.func, "first", "")
    return ""


def is_read_by(info: FieldInfo, validator: Any) -> bool:
    """Whether that function of `values.py` reads the field, or each member of its list."""
    return any(isinstance(mark, BeforeValidator) and mark.func is validator for mark in _all_marks(info))


# ------------------------------------------------------------- what each text asks, found once for each class of fields


class Language(NamedTuple):
    """What of a field is language."""

    whole: bool
    """All of it."""
    group: type[Part] | None
    """The group of fields that it holds."""
    words: tuple[str, ...]
    """The fields of that group that are language."""
    required: bool


@cache
def languages_of(fields: type[Part]) -> Mapping[str, Language]:
    """What of each field is language."""
    found = {}
    for name, info in fields.model_fields.items():
        part, _ = part_of(info)
        inner = part.model_fields if part else {}
        words = tuple(one for one, about in inner.items() if is_translated(about))
        found[name] = Language(is_translated(info), part, words, info.is_required())
    return found


@cache
def terms_in(fields: type[Part]) -> Mapping[str, str]:
    """Field whose values are terms → their vocabulary."""
    found = {name: marks(info, TermOf) for name, info in fields.model_fields.items()}
    return {name: mark.vocabulary for name, mark in found.items() if mark}


@cache
def files_in(fields: type[Part]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Field that holds groups which name files → the fields of a group that do, each with the endings it takes."""
    found = {}
    for name, info in fields.model_fields.items():
        part, _ = part_of(info)
        named = {inner: marks(about, FileOf) for inner, about in part.model_fields.items()} if part else {}
        if types := {inner: mark.types for inner, mark in named.items() if mark}:
            found[name] = types
    return found
