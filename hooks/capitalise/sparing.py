"""What many products have alike is held once: a library of ten thousand sheets must fit in an old computer.

Fields are never changed after reading, so that what is equal can be the same.
"""

from __future__ import annotations

from typing import Any

from capitalise.frontmatter import Document, Packed
from capitalise.model import OWN_OF_TRANSLATION, Author, Fields, Part
from capitalise.schema import languages_of

_ALIKE = 8_000
"""Bytes of a text beside which the others are compressed: more would cost more time than it saves place."""

_SHORT = 40
"""Characters of a text that others are likely to have too."""


def inherited(original: Fields) -> dict[str, Any]:
    """The fields of an original that its translations have from it as they are: nothing in them is language."""
    return {
        name: getattr(original, name)
        for name, language in languages_of(type(original)).items()
        if not language.whole and not language.words and name not in OWN_OF_TRANSLATION
    }


class Sparing:
    """Makes what is read light; one for each reading."""

    def __init__(self) -> None:
        self._once: dict[Any, Any] = {}
        self._nothing: list[Any] = []
        self._first: dict[str, bytes] = {}

    def packed(self, document: Document, lang: str) -> Packed:
        """A document compressed beside the first one in that language."""
        like = self._first.get(lang, b"")
        if not like:
            self._first[lang] = document.text.encode()[-_ALIKE:]
        return Packed.of(document, like)

    def lighten(self, fields: Part, same: dict[str, Any] | None = None) -> None:
        """Replaces what is held already by what holds it; `same` are fields whose values are those of an original."""
        once, values = self._once, fields.__dict__
        for name, value in values.items():
            kind = type(value)
            if kind is str:
                if len(value) <= _SHORT:
                    values[name] = once.setdefault(value, value)
            elif kind is list:
                values[name] = self._list(value)
            elif Part in kind.__mro__:  # `isinstance` asks pydantic, which takes its time
                self.lighten(value)
        if same:
            values |= same
        # Pydantic notes in a set which fields were given: for most, the same few.
        given = fields.model_fields_set
        object.__setattr__(fields, "__pydantic_fields_set__", once.setdefault(frozenset(given), given))

    def _list(self, values: list[Any]) -> list[Any]:
        if not values:
            return self._nothing
        kind = type(values[0])
        grouped = Part in kind.__mro__
        for index, value in enumerate(values):
            if grouped:
                self.lighten(value)
            if kind is str:  # and not an enumeration, which may be equal to a text
                values[index] = self._once.setdefault(value, value)
            elif kind is Author:
                values[index] = self._once.setdefault((value.name, value.organisation, value.orcid), value)
        return values
