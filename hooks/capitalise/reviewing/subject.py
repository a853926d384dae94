"""One text under review, read with indulgence: a text at fault is the one that most needs a friend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from capitalise import frontmatter, sections, translation
from capitalise.frontmatter import Document
from capitalise.locales import DEFAULT
from capitalise.model import Fields, Kind, kind_of
from capitalise.sections import Part
from capitalise.validation import what_stands

_TEXT_FILE = re.compile(r"index\.([a-z]{2,3})\.md\Z")


@dataclass(frozen=True)
class Subject:
    """A text with its fields as far as they are well formed."""

    file: str
    lang: str
    kind: Kind
    document: Document
    fields: Fields
    """A translation's hold what it inherits."""
    parts: tuple[Part, ...]
    attachments: Mapping[str, Path]
    languages: tuple[str, ...]
    """Those of the product."""
    original: Document | None
    """What this text translates; None where it is the original, or the original can't be read."""
    original_parts: tuple[Part, ...]
    is_translation: bool

    @property
    def title(self) -> str:
        """Its title, or its folder's name where it has none."""
        title = self.document.meta.get("title")
        return title if isinstance(title, str) and title.strip() else self.file.split("/")[-2]

    def part(self, anchor: str) -> Part | None:
        """A section that the model knows."""
        return next((part for part in self.parts if part.known and part.anchor == anchor), None)


def read(root: Path, file: str, languages: tuple[str, ...]) -> Subject | None:
    """The text `file` (relative to the parent of the library's folder `root`); None where no review can read it.

    What it can't read the checks tell: another name or place, another encoding, no front matter, a symbolic link.
    """
    path = root.parent / file
    inside = path.relative_to(root).parts
    name, kind = _TEXT_FILE.match(path.name), kind_of(inside[:-1])
    if not name or name[1] not in languages or kind is None or not _is_itself(path, root):
        return None
    try:
        document = frontmatter.read(path, file)
    except (frontmatter.Unreadable, OSError):
        return None
    files = {other.name: other for other in sorted(path.parent.iterdir()) if other.is_file() and not other.is_symlink()}
    present = tuple(lang for lang in languages if f"index.{lang}.md" in files)
    is_translation = bool(document.meta.get("translation_of"))
    original_lang, original = _original(files, file, present) if is_translation else (DEFAULT, None)
    meta = translation.inherit(original.meta, document.meta, kind.fields)[0] if original else document.meta
    return Subject(
        file=file,
        lang=name[1],
        kind=kind,
        document=document,
        fields=what_stands(meta, kind.fields),
        parts=sections.split(document.body, kind, name[1], document.body_line),
        attachments={name: path for name, path in files.items() if not name.endswith(".md")},
        languages=present,
        original=original,
        original_parts=sections.split(original.body, kind, original_lang, original.body_line) if original else (),
        is_translation=is_translation,
    )


def _is_itself(path: Path, root: Path) -> bool:
    """Whether no symbolic link leads to it: what it would show may not be the contributor's to show."""
    return path.is_file() and path.resolve() == root.resolve() / path.relative_to(root)


def _original(files: Mapping[str, Path], file: str, present: tuple[str, ...]) -> tuple[str, Document | None]:
    folder = file.rpartition("/")[0]
    for lang in present:
        try:
            document = frontmatter.read(files[f"index.{lang}.md"], f"{folder}/index.{lang}.md")
        except frontmatter.Unreadable:
            continue
        if not document.meta.get("translation_of"):
            return lang, document
    return DEFAULT, None
