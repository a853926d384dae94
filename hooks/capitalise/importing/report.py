"""What was done with each thing in a document: told to the person who brought it, in their language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from capitalise.locales import Texts
from capitalise.problems import plain

_MOST = 25
"""Lines of a group: more would not be read."""


@dataclass
class Report:
    """Filled while a document is taken apart; `text` prints it."""

    words: Texts
    groups: dict[str, list[str]] = field(default_factory=dict)
    """`mapped`, `guessed`, `noted`, `todo` → lines, in the order in which they are printed."""

    def _add(self, group: str, key: str, **values: Any) -> None:
        shown = {name: _shown(value, self.words) for name, value in values.items()}
        line = self.words(f"import.{group}.{key}", **shown)
        lines = self.groups.setdefault(group, [])
        if line not in lines:
            lines.append(line)

    def mapped(self, heading: str, label: str) -> None:
        """A heading whose place was certain."""
        self._add("mapped", "heading", heading=heading, label=label)

    def guessed(self, key: str, **values: Any) -> None:
        """What a person must confirm."""
        self._add("guessed", key, **values)

    def unplaced(self, heading: str) -> None:
        """A heading that no section has."""
        self._add("noted", "unplaced", heading=heading)

    def noted(self, key: str, **values: Any) -> None:
        """What was changed or left out on the way."""
        self._add("noted", key, **values)

    def todo(self, key: str, **values: Any) -> None:
        """What the person has to do."""
        self._add("todo", key, **values)

    def is_clean(self) -> bool:
        """Whether nothing had to be guessed, changed, left out or asked for."""
        return not any(self.groups.get(name) for name in ("guessed", "noted", "todo"))

    def text(self) -> str:
        """The report, a group after the other; groups with nothing to say are left out."""
        out = []
        for group in ("mapped", "guessed", "noted", "todo"):
            if lines := self.groups.get(group):
                out += [self.words(f"import.{group}"), *(f"  - {line}" for line in lines[:_MOST])]
                out += [f"  - {self.words('import.more', number=len(lines) - _MOST)}"] if len(lines) > _MOST else []
                out.append("")
        return "\n".join(out)


def _shown(value: Any, words: Texts) -> str:
    """A value fit for a terminal and for one line; a long one cut."""
    if isinstance(value, (int, float)):
        return words.number(round(value, 1))
    text = plain(str(value))
    return text if len(text) <= 120 else f"{text[:119]}…"
