"""The text with which a translation begins: what there is to translate, each with the original's words beside it.

The original's words stand in comments, to work from: a text that nobody has translated can't pass for a translation,
because `check` names what is still empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capitalise.library import Product
from capitalise.locales import Texts
from capitalise.problems import plain
from capitalise.schema import part_of
from capitalise.template import comment, field, note, scalar
from capitalise.translation import same_everywhere, translatable


def text(product: Product, words: Texts) -> str:
    """The file `index.<lang>.md` of the translation of a product into the language of `words`."""
    original = product.original
    fields = product.kind.fields
    lines = ["---", *comment(words("translating.fields", language=words.language(original.lang)))]
    lines += ["translation_of:", f"  language: {original.lang}"]
    for name, value in translatable(original.document.meta, fields).items():
        info = fields.model_fields[name]
        found = list(_group(name, value, original.document.meta[name])) if part_of(info)[0] else list(_own(name, value))
        lines += ["", *found] if found else []
    lines += ["", *comment(f"{words('field.translators')}. {words('field.translators.help')}")]
    lines += [f"#{line}" for line in field("translators", fields.model_fields["translators"], {})]
    lines += ["---", "", *note(words("translating.sections"))]
    labels = {s.anchor: words(f"section.{product.kind.name}.{s.anchor}") for s in product.kind.sections}
    for part in original.parts:
        if part.title:
            lines += ["", f"## {labels[part.anchor] if part.known else part.title}"]
        if not part.is_blank:
            lines += ["", f"<!-- {words('translating.original')}", "", _quoted(part.text.strip("\n")), "", "-->"]
    return "\n".join(lines) + "\n"


def lacking(product: Product, lang: str) -> tuple[str, ...]:
    """Titles of the sections of the original that a translation does not have, or has left empty."""
    written = {part.anchor for part in product.texts[lang].parts if not part.is_blank}
    return tuple(
        part.title for part in product.original.parts if part.known and not part.is_blank and part.anchor not in written
    )


def _own(name: str, value: Any) -> Iterator[str]:
    """A field that is language as a whole."""
    if isinstance(value, list):
        yield f"{name}:"
        for item in value:
            yield from _to_translate("  ", "- ", item)
    elif value is not None:
        yield from _to_translate("", f"{name}: ", value)


def _group(name: str, items: list[Mapping[str, Any]], original: Any) -> Iterator[str]:
    """A field that holds groups: of each, what is language, in its place."""
    many = isinstance(original, list)
    wanted = [{key: text for key, text in item.items() if text and not same_everywhere(text)} for item in items]
    if not any(wanted):
        return
    yield f"{name}:"
    for number, item in enumerate(wanted):
        lines = []
        if many and item and (file := original[number].get("file")):  # a photo is known by its file
            lines.append(f"file: {scalar(str(file))}")
        for key, value in item.items():
            lines += _to_translate("", f"{key}: ", value)
        if not many:
            yield from (f"  {line}" for line in lines)
        elif not lines:
            yield "  - {}"  # nothing to translate, but the next one keeps its place
        else:
            # A dash before a comment would make an empty item: the comment stands before it.
            first = next(index for index, line in enumerate(lines) if not line.startswith("#"))
            yield from (f"  {line}" for line in lines[:first])
            yield f"  - {lines[first]}"
            yield from (f"    {line}" for line in lines[first + 1 :])


def _to_translate(indent: str, start: str, value: Any) -> Iterator[str]:
    """A value to be filled in, after the original's."""
    yield f"{indent}# {plain(' '.join(str(value).split()))}"
    yield f'{indent}{start}""'


def _quoted(markdown: str) -> str:
    """A text that stays inside the comment in which it stands."""
    return markdown.replace("<!--", "<! --").replace("-->", "-- >")
