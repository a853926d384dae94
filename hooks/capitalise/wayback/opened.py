"""A file that the offline form saved, opened with care: it comes from anybody, and any program may have written it.

What the form never writes (another type of value, a name that leads elsewhere, too much of anything) refuses the file;
what a newer form may ask is left out and told. Whether the values are right, `check` says.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from capitalise import limits, schema
from capitalise.importing.guard import Refused
from capitalise.locales import available
from capitalise.model import KINDS, Consent, Part
from capitalise.wayback import FORMAT, REMARK, VERSION
from capitalise.wayback.form import RemarkFields, asked

_KEY = re.compile(r"[a-z0-9-]{1,40}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_NUMBER = 1e15
_MOST_SHORT = 300
"""Characters of what the file says of itself."""


@dataclass(frozen=True)
class Returned:
    """What may be read of a file."""

    kind: str
    """A kind of the model, or `remark`."""
    lang: str
    values: dict[str, Any]
    sections: dict[str, str]
    photos: dict[str, bytes]
    """Key under which the values name it → bytes that claim to be a picture."""
    copy: dict[str, str] = field(default_factory=dict)
    """The copy in which it was written: `built`, `number`, `program`; each may be missing."""
    about: dict[str, str] = field(default_factory=dict)
    """Of a remark: `product`, `title`, `lang`, `revision`; each may be missing."""
    course: str = ""
    left_out: tuple[str, ...] = ()
    """Names of what this program does not know."""


def is_one(path: Path) -> bool:
    """Whether a file is more likely the form's than a document: it begins as JSON, and not as RTF. Raises `OSError`."""
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and not start.startswith(b"{\\rtf")


def opened(path: Path) -> Returned:
    """What may be read of a file. Raises `Refused`, and `OSError` where there is no such file."""
    if (size := path.stat().st_size) > limits.MAX_FORM_BYTES:
        raise Refused("form-too-large", size=size / 1e6, limit=limits.MAX_FORM_BYTES / 1e6)
    given = _json(path.read_bytes())
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise Refused("form-not")
    if given.get("version") != VERSION or isinstance(given["version"], bool):
        raise Refused("form-newer" if _is_newer(given.get("version")) else "form-damaged", part="version")
    return _Reader().read(given)


def _is_newer(version: Any) -> bool:
    return isinstance(version, int) and version > VERSION


def _json(data: bytes) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(made := dict(pairs)) != len(pairs):
            raise ValueError
        return made

    def never(_: str) -> Any:
        raise ValueError  # NaN, Infinity: no JSON (RFC 8259, 6)

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=never)
    except (ValueError, RecursionError):  # of a number of a million digits too
        raise Refused("form-broken") from None


class _Reader:
    def __init__(self) -> None:
        self.left_out: list[str] = []

    def read(self, given: Mapping[str, Any]) -> Returned:
        kind = given.get("kind") if given.get("type") == "product" else given.get("type")
        if not isinstance(kind, str) or kind not in (*KINDS, REMARK):
            raise Refused("form-damaged", part="kind")
        if given.get("lang") not in available():
            raise Refused("form-damaged", part="lang")
        self._tell(given, {"format", "version", "type", "kind", "lang", "finished", "copy", "fields", "sections"})
        known = asked(KINDS[kind]) if kind in KINDS else RemarkFields.model_fields
        values = {}
        for name, value in self._dict(given, "fields").items():
            if name not in known:
                self._leave(name)
            elif (read := self._value(known[name], value, name)) not in (None, "", [], {}):
                values[name] = read
        anchors = {section.anchor for section in KINDS[kind].sections} if kind in KINDS else set()
        sections = {}
        for anchor, text in self._dict(given, "sections").items():
            if anchor not in anchors:
                self._leave(anchor)
            elif self._text(text, f"sections.{anchor}").strip():
                sections[anchor] = text
        return Returned(
            kind=kind,
            lang=given["lang"],
            values=values,
            sections=sections,
            photos=self._photos(self._dict(given, "photos")),
            copy=self._shorts(given, "copy"),
            about=self._shorts(given, "about"),
            course=self._short(given.get("course", ""), "course"),
            left_out=tuple(self.left_out),
        )

    def _tell(self, given: Mapping[str, Any], known: set[str]) -> None:
        for name in given.keys() - known - {"photos", "about", "course"}:
            self._leave(name)

    def _leave(self, name: str) -> None:
        if len(self.left_out) < limits.MAX_FORM_ITEMS:
            self.left_out.append(name[:60])

    # ---------------------------------------------------------------- values

    def _value(self, info: Any, value: Any, where: str) -> Any:
        """A value in the form that the model gives it. Raises `Refused`."""
        part, many = schema.part_of(info)
        if value is None:
            return None
        if part is Consent and isinstance(value, str):
            return self._short(value, where)

        def one(given: Any) -> Any:
            return self._group(part, given, where) if part else self._scalar(info, given, where)

        if not many:
            return one(value)
        if not isinstance(value, list) or len(value) > limits.MAX_FORM_ITEMS:
            raise Refused("form-damaged", part=where)
        return [made for made in map(one, value) if made not in ("", {})]

    def _group(self, part: type[Part], value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Refused("form-damaged", part=where)
        for name in value.keys() - part.model_fields.keys():
            self._leave(f"{where}.{name}")
        found = {
            name: self._value(info, value[name], f"{where}.{name}")
            for name, info in part.model_fields.items()
            if name in value
        }
        return {name: one for name, one in found.items() if one not in (None, "", [], {})}

    def _scalar(self, info: Any, value: Any, where: str) -> str | int | float | date:
        if isinstance(value, str):
            text = self._text(value, where)
            return _day(text) if schema.holds(info, date) and _DAY.fullmatch(text) else text
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Refused("form-damaged", part=where)
        if not math.isfinite(value) or abs(value) > _MOST_NUMBER or not schema.scalars_of(info) & {int, float}:
            raise Refused("form-damaged", part=where)
        return value

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise Refused("form-damaged", part=where)
        if len(value) > limits.MAX_FORM_TEXT_CHARS:
            raise Refused("form-long-text", part=where, limit=limits.MAX_FORM_TEXT_CHARS)
        return value

    # ---------------------------------------------------------------- the rest

    @staticmethod
    def _dict(given: Mapping[str, Any], name: str) -> dict[str, Any]:
        value = given.get(name, {})
        if not isinstance(value, dict):
            raise Refused("form-damaged", part=name)
        return value

    def _shorts(self, given: Mapping[str, Any], name: str) -> dict[str, str]:
        return {key[:60]: self._short(value, f"{name}.{key}") for key, value in self._dict(given, name).items()}

    def _short(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or len(value) > _MOST_SHORT:
            raise Refused("form-damaged", part=where)
        return value

    def _photos(self, given: dict[str, Any]) -> dict[str, bytes]:
        """Decoded one by one, its size known before."""
        if len(given) > limits.MAX_FORM_PHOTOS:
            raise Refused("form-many-photos", limit=limits.MAX_FORM_PHOTOS)
        photos = {}
        for key, value in given.items():
            if not _KEY.fullmatch(key) or not isinstance(value, str):
                raise Refused("form-damaged", part="photos")
            if len(value) > limits.MAX_FORM_PHOTO_BYTES * 4 // 3 + 4:
                raise Refused("form-large-photo", limit=limits.MAX_FORM_PHOTO_BYTES / 1e6)
            try:
                photos[key] = base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                raise Refused("form-damaged", part=f"photos.{key}") from None
        return photos


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text  # `check` says that there is no such day
