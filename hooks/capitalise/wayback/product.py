"""A sheet, a training or a summary that was written in the offline form becomes a product, as a Word document does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from capitalise import photos, reading, schema, vocabularies
from capitalise.importing import SPOKEN, header
from capitalise.importing import fields as read_fields
from capitalise.importing.guard import Refused
from capitalise.importing.placing import Imported, Wish, where
from capitalise.importing.report import Report
from capitalise.locales import Texts, available, texts
from capitalise.model import KINDS, Image, Kind
from capitalise.wayback import plain
from capitalise.wayback.form import asked
from capitalise.wayback.opened import Returned

_NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?")


def made(returned: Returned, path: Path, products: Path, wish: Wish, words: Texts) -> tuple[Imported, Report]:
    """The product of the library `products`, and what a person must know of it. Raises `Refused`."""
    kind, lang = KINDS[returned.kind], returned.lang
    if wish.kind and wish.kind != kind.name:
        spoken = next(said for said, name in SPOKEN.items() if name == kind.name)
        raise Refused("form-kind", kind=words(f"kind.{kind.name}"), spoken=spoken)
    report = Report(words)
    tell_copy(returned, report)
    files, named = pictures(returned, report)
    values = _values(returned, kind, named, path, report)
    known, _ = vocabularies.load(products / "vocabularies", "vocabularies", available())
    wish = replace(wish, holder=returned.course if kind.name == "module" else "")
    product_id = where(kind, values["title"], values, wish, products, known)
    body = _body(returned, kind, texts(lang), len(values.get("sources") or ()), report)
    text = header.front_matter(values, {}, read_fields.ids(kind)) + "\n" + body
    return Imported(product_id, values["title"], lang, text, files), report


def tell_copy(returned: Returned, report: Report) -> None:
    """Where it comes from, and what this program does not know."""
    try:
        built = report.words.date(date.fromisoformat(returned.copy.get("built", "")))
    except ValueError:
        built = "–"
    report.noted("form-copy", date=built, number=returned.copy.get("number") or "–")
    if returned.left_out:
        report.noted("form-unknown", names=", ".join(returned.left_out))


def pictures(returned: Returned, report: Report) -> tuple[dict[str, bytes], dict[str, str]]:
    """The photos made anew (`photos.remade`) by their new name, and key → new name; one that is none is told."""
    files: dict[str, bytes] = {}
    named: dict[str, str] = {}
    for key, data in returned.photos.items():
        try:
            picture, suffix = photos.remade(data)
        except photos.Unsafe:
            report.noted("form-photo", name=key)
            continue
        named[key] = f"photo-{len(files) + 1}{suffix}"
        files[named[key]] = picture
    return files, named


# -------------------------------------------------------------------------------- front matter


def _values(returned: Returned, kind: Kind, named: Mapping[str, str], path: Path, report: Report) -> dict[str, Any]:
    """The front matter in the model's order: what was written, and what must be there, empty."""
    given = {name: _fit(info, returned.values[name]) for name, info in asked(kind).items() if name in returned.values}
    _settle_photos(given, kind, named, report)
    if not given.get("title"):
        given["title"] = " ".join(re.split(r"[\W_]+", path.name.partition(".")[0])).strip() or "–"
        report.guessed("title", title=given["title"])
    if not given.get("date"):
        given["date"] = reading.today()
        report.guessed("today", date=report.words.date(given["date"]))
    values, missing = {}, []
    for name, info in kind.fields.model_fields.items():
        if name in given:
            values[name] = given[name]
        elif info.is_required():
            values[name] = [] if schema.is_list(info) else ""
            missing.append(f"{name} ({report.words(f'field.{name}')})")
    if missing:
        report.todo("fields", fields=", ".join(missing))
    return values


def _fit(info: Any, value: Any) -> Any:
    """A value as the model has it: a key figure that is a number is one, a year is one."""
    part, many = schema.part_of(info)
    if part and many:
        return [_fit_group(part, one) for one in value]
    if part and isinstance(value, dict):
        return _fit_group(part, value)
    scalars = schema.scalars_of(info)
    if len(scalars) > 1 and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        number = float(value.strip().replace(",", "."))
        return int(number) if number.is_integer() else number
    return value


def _fit_group(part: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _fit(part.model_fields[name], one) for name, one in value.items()}


def _settle_photos(given: dict[str, Any], kind: Kind, named: Mapping[str, str], report: Report) -> None:
    """Each picture under its new name; one without a file goes, and a file that nothing names is told."""
    used: set[str] = set()
    for name in [name for name in given if schema.part_of(kind.fields.model_fields[name])[0] is Image]:
        held = given[name] if isinstance(given[name], list) else [given[name]]
        kept = list(_kept(held, named, used))
        if isinstance(given[name], list) and kept:
            given[name] = kept
        elif kept:
            given[name] = kept[0]
        else:
            del given[name]
    for key in named.keys() - used:
        report.noted("form-photo-unused", name=named[key])


def _kept(images: list[dict[str, Any]], named: Mapping[str, str], used: set[str]) -> Iterator[dict[str, Any]]:
    for image in images:
        if (file := named.get(str(image.get("file")))) is not None:
            used.add(str(image["file"]))
            yield image | {"file": file}


# -------------------------------------------------------------------------------- text


def _body(returned: Returned, kind: Kind, words: Texts, sources: int, report: Report) -> str:
    """The sections in the model's order, under their labels."""
    parts, missing = [], []
    for section in kind.sections:
        label = words(f"section.{kind.name}.{section.anchor}")
        text = plain.markdown(returned.sections.get(section.anchor, ""), sources)
        if text:
            parts.append(f"## {label}\n\n{text}\n")
        elif section.required:
            parts.append(f"## {label}\n")
            missing.append(label)
    if missing:
        report.todo("sections", sections=", ".join(missing))
    return "\n".join(parts)
