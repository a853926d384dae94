"""The place of a new product in the library: a folder that was not there before, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capitalise import limits, whole
from capitalise.importing.guard import Refused
from capitalise.locales import available, slug, texts
from capitalise.model import Kind, kind_of
from capitalise.vocabularies import Vocabulary

_NUMBERED = re.compile(r"(\d\d)-")
_MOST_WORDS = 5


@dataclass
class Imported:
    """What a document, or a form, became before anything is written."""

    folder: str
    """Of the product, relative to the library: its id."""
    title: str
    lang: str
    text: str
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Wish:
    """What the person asked for; empty where they left it to us."""

    kind: str = ""
    lang: str = ""
    slug: str = ""
    holder: str = ""
    """Folder of the course that the contribution itself names."""


def where(
    kind: Kind, title: str, values: Mapping[str, Any], wish: Wish, products: Path, known: Mapping[str, Vocabulary]
) -> str:
    """The folder of the product: what was asked for, the number before it found. Raises `Refused`."""
    asked = [part for part in wish.slug.strip("/").split("/") if part]
    if asked and asked[0] == kind.collection:
        asked = asked[1:]
    for part in asked:
        if part != slug(part) or len(part) > limits.MAX_SLUG_CHARS:
            meant = slug(part)[: limits.MAX_SLUG_CHARS].strip("-") or _slug(title, products)
            raise Refused("bad-slug", slug=part, suggestion=meant)
    parts = [kind.collection, *_holder(kind, asked, wish.holder, values, products, known)]
    last = asked[-1] if asked else _slug(title, products / "/".join(parts))
    if kind_of((*parts, last)) is not kind:
        last = f"{_number(products / '/'.join(parts), values):02}-{last}"[: limits.MAX_SLUG_CHARS].rstrip("-")
    product_id = "/".join([*parts, last])
    if (products / product_id).exists():
        raise Refused("exists", folder=f"{products.name}/{product_id}")
    return product_id


def _holder(
    kind: Kind,
    asked: list[str],
    named: str,
    values: Mapping[str, Any],
    products: Path,
    known: Mapping[str, Vocabulary],
) -> list[str]:
    """The course of a module, the community of a session; nothing for what stands by itself."""
    if kind_of((kind.collection, "a")) is kind:
        if len(asked) > 1:
            raise Refused("bad-slug", slug="/".join(asked), suggestion="-".join(asked))
        return []
    if len(asked) > 2:
        raise Refused("bad-slug", slug="/".join(asked), suggestion="/".join(asked[-2:]))
    if len(asked) == 2:
        return asked[:1]
    for holder in (named, values.get("community")):
        if holder and holder == slug(holder):
            return [holder]
    there = sorted(path.name for path in (products / kind.collection).glob("[!.]*") if path.is_dir())
    there = there or (list(known["communities"].terms) if kind.name == "session" else [])
    raise Refused(f"which-{kind.name}", known=", ".join(there) or "–", first=there[0] if there else "…")


def _number(folder: Path, values: Mapping[str, Any]) -> int:
    """The number of a session where it says it, else the next that is free."""
    taken = {int(found[1]) for path in folder.glob("*") if (found := _NUMBERED.match(path.name))}
    own = values.get("number")
    if isinstance(own, int) and 0 < own < 100:
        return own
    return min(max(taken, default=0) + 1, 99)


def _slug(title: str, folder: Path) -> str:
    """A few words of a title as an address, and a free one."""
    silent = {word for lang in available() for word in texts(lang)("find.silent").split()}
    spoken = [word for word in re.split(r"[^\w]+", title) if word]
    telling = [word for word in spoken if word.lower() not in silent and len(word) > 1] or spoken
    wanted = slug(" ".join(telling[:_MOST_WORDS]))[: limits.MAX_SLUG_CHARS - 4].strip("-") or "document"
    candidate, number = wanted, 1
    while (folder / candidate).exists():
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def write(imported: Imported, products: Path) -> Path:
    """Writes the product, whole or not at all; returns its text's path.

    Raises `Refused` where its folder exists, and `OSError`.
    """
    folder = products / imported.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    name = f"index.{imported.lang}.md"
    try:
        whole.folder(folder, {**imported.files, name: imported.text.encode()})
    except FileExistsError:
        raise Refused("exists", folder=f"{products.name}/{imported.folder}") from None
    return folder / name
