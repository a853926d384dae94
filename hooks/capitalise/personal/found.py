"""One datum found in a text."""

from __future__ import annotations

from dataclasses import dataclass

from capitalise.locales import fold

PHONE, MESSENGER, EMAIL, BANK, IDENTITY, POSITION = "phone", "messenger", "email", "bank", "identity", "position"
"""Sorts of data; each is a variant of the problem `personal-data`."""

_SHOWN = 2


@dataclass(frozen=True)
class Found:
    """What was found, and where in the text that was searched."""

    sort: str
    start: int
    end: int
    value: str


def hint(value: str) -> str:
    """Enough of a datum to find it on its line: messages are public, and never repeat it whole."""
    return f"{value[:_SHOWN]}…"


def key(value: str) -> str:
    """What two writings of a datum have in common: its letters and digits. `77 123-45.67` is `771234567`."""
    return "".join(char for char in fold(value) if char.isalnum())
