"""How a translation follows its original: what it inherits, and whether it is up to date.

The revision of an original is a hash of what a translator works on, and of nothing else: a new date, country or
source does not make a translation old.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from capitalise.model import OWN_OF_TRANSLATION, Fields
from capitalise.schema import languages_of
from capitalise.sections import FIELDS, Part


class State(StrEnum):
    """State of a language of a product."""

    ORIGINAL = "original"
    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"


def revision(meta: Mapping[str, Any], fields: type[Fields], parts: Iterable[Part]) -> str:
    """The first 12 hexadecimal digits of the SHA-256 over the translatable content of an original."""
    return stamp(meta, fields, parts)[0]


def section_hashes(meta: Mapping[str, Any], fields: type[Fields], parts: Iterable[Part]) -> dict[str, str]:
    """A short hash of each section by its anchor, and of the translated fields under `fields`."""
    return stamp(meta, fields, parts)[1]


def stamp(meta: Mapping[str, Any], fields: type[Fields], parts: Iterable[Part]) -> tuple[str, dict[str, str]]:
    """Both: the revision, and the hash of each section. What is hashed is JSON, each piece written once."""
    own = _JSON.encode(translatable(meta, fields))
    told = [(part.anchor or "intro", _JSON.encode([part.title, _plain(part.text)])) for part in parts]
    whole = f"[{own}, [{', '.join(section for _, section in told)}]]"
    return _digest(whole, 12), {FIELDS: _digest(own, 8)} | {name: _digest(section, 8) for name, section in told}


def translatable(meta: Mapping[str, Any], fields: type[Fields]) -> dict[str, Any]:
    """What is language in the front matter."""
    found = {}
    for name, language in languages_of(fields).items():
        if name not in meta:
            continue
        if language.whole:
            found[name] = meta[name]
        elif language.words:
            items = meta[name] if isinstance(meta[name], list) else [meta[name]]
            kept = [
                {key: value for key, value in item.items() if key in language.words and _is_language(key, value)}
                for item in items
                if isinstance(item, dict)
            ]
            if any(kept):
                found[name] = kept
    return found


def _is_language(key: str, value: Any) -> bool:
    """A figure's value is language where it is a text, and the same everywhere where it is a number."""
    return not (key == "value" and isinstance(value, (int, float)))


def inherit(
    original: Mapping[str, Any], translation: Mapping[str, Any], fields: type[Fields]
) -> tuple[dict[str, Any], list[tuple[Any, ...]], list[str]]:
    """The whole front matter of a translation.

    Returns it with two lists: paths of the texts that had to be taken from the original for want of a translation,
    and names of the fields that the translation gives though the original decides them (they are left out).
    """
    merged: dict[str, Any] = {}
    untranslated: list[tuple[Any, ...]] = []
    for name, language in languages_of(fields).items():
        if name in OWN_OF_TRANSLATION:
            if name in translation:
                merged[name] = translation[name]
            continue
        mine, theirs = translation.get(name), original.get(name)
        words = language.words
        if language.whole:
            if mine is not None:
                merged[name] = mine
            elif theirs is not None and not language.required:
                merged[name] = theirs
                untranslated.append((name,))
        elif theirs is None:
            continue
        elif not words:
            merged[name] = theirs
        elif isinstance(theirs, list):
            mine_list = mine if isinstance(mine, list) else []
            merged[name] = []
            for index, item, own in _pairs(theirs, mine_list):
                merged[name].append(_overlay(item, own, words, (name, index), untranslated))
        else:
            merged[name] = _overlay(theirs, mine, words, (name,), untranslated)
    extra = [name for name in translation if name not in fields.model_fields]
    merged.update({name: translation[name] for name in extra})  # unknown: validation says so
    return merged, untranslated, list(_decided_by_original(translation, fields))


def _pairs(theirs: list[Any], mine: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Items of the original with the translation's: by `file` where it names one, otherwise by position."""
    by_file = {item["file"]: item for item in mine if isinstance(item, dict) and isinstance(item.get("file"), str)}
    for index, item in enumerate(theirs):
        file = item.get("file") if isinstance(item, dict) else None
        own = by_file.get(file) if by_file else (mine[index] if index < len(mine) else None)
        yield index, item, own


def _overlay(theirs: Any, mine: Any, words: tuple[str, ...], path: tuple[Any, ...], untranslated: list) -> Any:
    if not isinstance(theirs, dict):
        return theirs
    own = mine if isinstance(mine, dict) else {}
    merged = dict(theirs)
    for key in words:
        if own.get(key) is not None:
            merged[key] = own[key]
        elif theirs.get(key) is not None and _is_language(key, theirs[key]) and not same_everywhere(theirs[key]):
            untranslated.append((*path, key))
    return merged


def same_everywhere(value: Any) -> bool:
    """Whether a text has nothing to translate: figures, units such as `%`, `t/ha`, `FCFA`."""
    text = str(value)
    return len(text) <= 5 or not any(char.isalpha() for char in text)


def _decided_by_original(translation: Mapping[str, Any], fields: type[Fields]) -> Iterator[str]:
    for name in translation:
        language = languages_of(fields).get(name)
        if language and name not in OWN_OF_TRANSLATION and not language.whole and not language.words:
            yield name


def _plain(text: str) -> str:
    """The text as two editors would agree on it: Unicode NFC, `\\n`, no trailing blanks."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    return "\n".join([line.rstrip() for line in lines]).strip("\n")


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:length]
