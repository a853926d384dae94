"""What a build is asked for when it makes an offline copy, and what it tells of the copy it made.

Both pass as JSON: the request in the variable `CAPITALISE_COPY` of the build, the answer in a file at the site's root.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

VARIABLE = "CAPITALISE_COPY"
NAME = "about-this-copy.json"


@dataclass(frozen=True)
class Request:
    """What a copy is to hold; everything by default."""

    languages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """What a product must have one of: `theme=water`, `country=BF` (selection.py)."""

    @property
    def text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Request | None:
        """The request in the build's configuration; None where the build is no copy."""
        if not text:
            return None
        value = json.loads(text)
        return cls(**{name: tuple(values) for name, values in value.items()})


@dataclass(frozen=True)
class About:
    """What a copy says of itself."""

    name: str
    """The site's."""
    address: str
    """Where newer copies are; empty where the site's address is not known."""
    built: date
    languages: tuple[str, ...]
    """The one at the root of the pages first."""
    products: int
    contact: str = ""
    phone: str = ""
    version: str = ""
    """Of the program."""

    @property
    def text(self) -> str:
        fields = asdict(self) | {"built": self.built.isoformat()}
        return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, path: Path) -> About:
        """Raises `OSError` where the build told nothing."""
        return cls.of(json.loads(path.read_text("utf-8")))

    @classmethod
    def of(cls, fields: dict[str, Any]) -> About:
        """Raises `KeyError`, `TypeError`, `ValueError` for what is no such answer."""
        fields = dict(fields)
        fields |= {"built": date.fromisoformat(fields["built"]), "languages": tuple(fields["languages"])}
        return cls(**fields)
