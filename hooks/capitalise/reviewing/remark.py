"""One thing that a reviewer says; its words stand in `locale/`, so that it is said in any language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from capitalise.locales import Texts
from capitalise.problems import plain


@dataclass(frozen=True)
class Key:
    """A value that is itself a text of `locale/`: the name of a section, of a field, of a language."""

    name: str


@dataclass(frozen=True)
class Language:
    """A value that is a language, named in the language of the remark."""

    code: str


@dataclass(frozen=True)
class Remark:
    """A remark: `review.<group>.<name>` in the texts, with `.what`, `.why` and `.how` where the group has them."""

    group: str
    name: str
    line: int = 0
    """Line of the file; 0 where it is about the whole."""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def said(self, texts: Texts, part: str = "") -> str:
        """The remark, or its part `what`, `why` or `how`, in one paragraph."""
        key = ".".join(filter(None, ("review", self.group, self.name, part)))
        values = {name: _said(value, texts) for name, value in self.values.items()}
        entry = texts.table[key]
        if isinstance(entry, Mapping):  # a text in several plural forms counts `n`
            return texts.count(key, self.values["n"], **{name: value for name, value in values.items() if name != "n"})
        return texts(key, **values)


def _said(value: Any, texts: Texts) -> str:
    if isinstance(value, Key):
        return texts(value.name)
    if isinstance(value, Language):
        return texts.language(value.code)
    if isinstance(value, (list, tuple)):
        return texts.listing([_said(item, texts) for item in value])
    if isinstance(value, (int, float)):
        return texts.number(value)
    return plain(value)


GROUPS_WITH_PARTS: Sequence[str] = ("better", "people")
"""Groups whose remarks say what, why it matters, and how to mend it; the others are one sentence."""
