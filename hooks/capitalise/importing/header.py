"""Front matter as a text, in the house's way: texts in straight quotes, lists of terms on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z|[A-Z]{2}\Z")
_WORDS = frozenset("y n yes no on off true false null".split())
"""What some reader of YAML takes for something else than a text: `NO` is Norway."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = 100


def front_matter(fields: Mapping[str, Any], remarks: Mapping[str, str], ids: Collection[str] = ()) -> str:
    """The fields in the order given, between two `---`; a remark stands as a comment above its field.

    `ids` names the fields whose texts are ids, written without quotes where YAML takes these for texts.

    Values are texts, numbers, days, lists and groups of these. What is read back is equal, but for characters that
    nobody can see.
    """
    lines = ["---"]
    for name, value in fields.items():
        if name in remarks:
            lines.append(f"# {_visible(remarks[name])}")
        lines += _field(name, value, name in ids)
    return "\n".join([*lines, "---", ""])


def _field(name: str, value: Any, ids: bool) -> list[str]:
    groups = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    if groups or isinstance(value, list) and not ids and len(_flow(value)) > _SHORT:
        return [f"{name}:", *(f"  - {_flow(item)}" for item in value)]
    return [f"{name}: {_flow(value, ids)}"]


def _flow(value: Any, ids: bool = False) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(item, ids) for item in value) + "]"
        case date():
            return value.isoformat()
        case str() if ids and _ID.match(value) and value.lower() not in _WORDS:
            return value
        case str():
            return json.dumps(_visible(value), ensure_ascii=False)
        case _:
            return json.dumps(value)


def _visible(text: str) -> str:
    """A text on one line, less what cannot be seen; a JSON string is then one of YAML too (YAML 1.2, 1.2)."""
    return _UNSEEN.sub("", re.sub(r"[\t\n\r]+", " ", text))
