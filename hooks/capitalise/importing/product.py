"""A document becomes the files of a product, in a folder that was not there before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from capitalise import frontmatter, limits, reading, vocabularies
from capitalise.glossary import Glossary
from capitalise.importing import SPOKEN, guard, header, mapping, pandoc, tree
from capitalise.importing import fields as read_fields
from capitalise.importing.body import Body
from capitalise.importing.guard import Refused
from capitalise.importing.placing import Imported, Wish, where
from capitalise.importing.prepare import Prepared, prepare
from capitalise.importing.report import Report
from capitalise.locales import Texts, available, texts
from capitalise.model import KINDS, Kind
from capitalise.schema import is_list, marks
from capitalise.values import TermOf
from capitalise.vocabularies import Vocabulary

_FEWEST_SUMMARY = 40
_FIRST_SENTENCES = re.compile(rf".{{40,{limits.MAX_SUMMARY_CHARS - 1}}}[.!?…](?=\s)", re.DOTALL)


def from_document(path: Path, products: Path, wish: Wish, words: Texts) -> tuple[Imported, Report]:
    """A document as a product of the library `products`, and what was done with each thing in it.

    Raises `Refused`, and `OSError` where there is no such file.
    """
    try:
        return _made(path, products, wish, words)
    except RecursionError:  # a thousand things one in another: nobody wrote that
        raise Refused("damaged") from None


def _made(path: Path, products: Path, wish: Wish, words: Texts) -> tuple[Imported, Report]:
    prepared = prepare(guard.opened(path))
    meta, blocks = pandoc.read(prepared.package.zipped(), prepared.package.form)
    if prepared.title:
        meta = {"title": {"t": "MetaInlines", "c": tree.words(prepared.title)}} | meta
    kind, lang = _kind_and_lang(blocks, prepared, wish, words)
    report = Report(words)
    known, _ = vocabularies.load(products / "vocabularies", "vocabularies", available())
    context = read_fields.Context(lang, known)

    sorted_ = mapping.arrange(meta, blocks, kind, report)
    if not sorted_.title and (first := _first_line(sorted_)):
        sorted_.title = first
        report.guessed("title", title=first)
    if not sorted_.title:
        own = "" if _form(prepared) else prepared.properties.get("title", "")  # a form's own is that of its kind
        sorted_.title = own or " ".join(re.split(r"[\W_]+", path.stem)).strip() or path.stem
        report.guessed("title", title=sorted_.title)
    body = Body(prepared.package, report)
    said = {name: list(lines) for name, lines in sorted_.fields.items()}
    _take_summary(said, sorted_, report)
    markdown = _markdown(sorted_, kind, lang, body)
    for line in said.pop("sources", []):
        body.cite(line)
    values, remarks = _values(sorted_, said, kind, context, prepared, body, report)
    product_id = where(kind, sorted_.title, values, wish, products, known)
    _tell(prepared, report)
    head = header.front_matter(values, remarks, read_fields.ids(kind))
    _must_be_readable(head)
    text = f"{head}\n{markdown}"
    files = {photo.file: photo.data for photo in body.photos.values() if photo}
    return Imported(product_id, sorted_.title, lang, text, files), report


def _must_be_readable(head: str) -> None:
    """A header that nothing could read again, for its length, is not written. Raises `Refused`."""
    try:
        frontmatter.parse(head, "")
    except frontmatter.Unreadable:
        raise Refused("too-long", limit=limits.MAX_FRONT_MATTER_CHARS // 1000) from None


# -------------------------------------------------------------------------------- which product


def _kind_and_lang(blocks: list[tree.Node], prepared: Prepared, wish: Wish, words: Texts) -> tuple[Kind, str]:
    """What was asked for, what our form says of itself, or what the document's headings look like."""
    form = _form(prepared)
    kinds, langs = mapping.likely(blocks, KINDS)
    if wish.kind:
        kind = wish.kind
    elif form:
        kind = form[0]
    elif len(kinds) == 1 or "sheet" in kinds:
        kind = "sheet" if "sheet" in kinds else kinds[0]
    else:
        options = [f"--kind {said}" for said, name in SPOKEN.items() if name in kinds]
        raise Refused("which-kind", kinds=" / ".join(options))
    if wish.lang:
        lang = wish.lang
    elif form:
        lang = form[1]
    else:
        lang = langs[0] if len(langs) == 1 else words.lang
    return KINDS[kind], lang


def _form(prepared: Prepared) -> tuple[str, str] | None:
    """Kind and language of one of our forms, which says them of itself: « sheet/fr »."""
    kind, _, lang = prepared.properties.get("category", "").partition("/")
    return (kind, lang) if kind in KINDS and lang in available() else None


# -------------------------------------------------------------------------------- front matter


def _first_line(sorted_: mapping.Sorted) -> str:
    """A short line at the top of the document, with no full stop: its title, taken from there; else empty."""
    if not sorted_.intro or sorted_.intro[0]["t"] != "Para":
        return ""
    text = tree.text_of(sorted_.intro[0]["c"])
    if not text or len(text) > limits.MAX_TITLE_CHARS or text.endswith((".", ":", ";", ",")):
        return ""
    if any(True for kind in ("Image", "Note") for _ in tree.find(sorted_.intro[0], kind)):
        return ""
    del sorted_.intro[0]
    return text


def _take_summary(said: dict[str, list[str]], sorted_: mapping.Sorted, report: Report) -> None:
    """The summary where it is named, or the paragraph that opens the document; a long one is cut, and kept."""
    written = " ".join(said.pop("summary", []))
    if not written and sorted_.intro and sorted_.intro[0]["t"] == "Para":
        text, held = tree.text_of(first := sorted_.intro[0]["c"]), ("Image", "Note")
        fits = len(text) <= limits.MAX_SUMMARY_CHARS or len(sorted_.intro) == 1
        if len(text) >= _FEWEST_SUMMARY and fits and not any(True for kind in held for _ in tree.find(first, kind)):
            written = text
            del sorted_.intro[0]
            report.guessed("summary")
    if len(written) > limits.MAX_SUMMARY_CHARS:
        sorted_.unplaced.insert(0, tree.para(tree.words(written)))
        cut = _FIRST_SENTENCES.match(written)
        written = cut[0] if cut else written[: limits.MAX_SUMMARY_CHARS - 1].rpartition(" ")[0] + "…"
        report.noted("summary", limit=limits.MAX_SUMMARY_CHARS)
    if written:
        said["summary"] = [written]


def _values(
    sorted_: mapping.Sorted,
    said: Mapping[str, list[str]],
    kind: Kind,
    context: read_fields.Context,
    prepared: Prepared,
    body: Body,
    report: Report,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The front matter's values and remarks: what was written, what must be there, suggestions beside what is empty."""
    found: dict[str, Any] = {"title": sorted_.title}
    for name, reader in read_fields.readers(kind).items():
        if lines := said.get(name):
            found[name] = reader(lines, kind.fields.model_fields[name], context)
    if not found.get("date"):
        saved = read_fields.day(prepared.properties.get("modified", "")[:10])
        found["date"] = saved or reading.today(None)
        report.guessed("date" if saved else "today", date=report.words.date(found["date"]))
    found["photos"] = [_photo(photo) for photo in body.photos.values() if photo]
    found["sources"] = body.sources
    remarks: dict[str, str] = {}
    whole = " ".join(tree.text_of(blocks) for blocks in (*sorted_.sections.values(), sorted_.intro, sorted_.unplaced))
    whole = f"{sorted_.title} {' '.join(said.get('summary', []))} {whole}"
    values: dict[str, Any] = {}
    missing: list[str] = []
    words = texts(context.lang)
    for name, info in kind.fields.model_fields.items():
        value = found.get(name)
        if value in (None, "", []):
            if not info.is_required() and name not in ("practices",):
                continue
            hints = _suggestions(name, whole, kind, context)
            if not info.is_required() and not hints:
                continue
            if info.is_required():
                missing.append(f"{name} ({report.words(f'field.{name}')})")
                values[name] = [] if is_list(info) else ""
            if hints:
                shown = ", ".join(hints)
                report.guessed("suggestion", field=name, label=report.words(f"field.{name}"), suggestions=shown)
                if info.is_required():
                    remarks[name] = words("import.remark.suggestions", suggestions=shown)
            continue
        values[name] = value
    if missing:
        report.todo("fields", fields=", ".join(missing))
    creator = prepared.properties.get("creator", "")
    if "authors" in values and not values["authors"] and creator:
        report.guessed("creator", name=creator)
    if values.get("photos"):
        remarks["photos"] = words("import.remark.photos")
        report.todo("photos", number=len(values["photos"]))
        if blind := [photo["file"] for photo in values["photos"] if "alt" not in photo]:
            report.todo("alt", files=", ".join(blind))
    return values, remarks


def _photo(photo: Any) -> dict[str, str]:
    """A photo's fields; no consent, which nobody but the people on it can give, and no credit, which we can't know."""
    return {"file": photo.file} | ({"alt": photo.alt} if photo.alt else {}) | {"credit": ""}


def _suggestions(name: str, text: str, kind: Kind, context: read_fields.Context) -> list[str]:
    """Terms, or countries, that the text names."""
    if name == "countries":
        return read_fields.mentioned_countries(text, context.lang)[:5]
    mark = marks(kind.fields.model_fields[name], TermOf)
    if mark is None:
        return []
    vocabulary: Vocabulary = context.vocabularies[mark.vocabulary]
    return [term.id for _, _, term in Glossary(vocabulary, context.lang).find(text, set())]


# -------------------------------------------------------------------------------- text


def _markdown(sorted_: mapping.Sorted, kind: Kind, lang: str, body: Body) -> str:
    """The sections in the model's order, under their labels; what has no place, under a heading of its own."""
    words, missing = texts(lang), []
    parts: list[tuple[str, list[tree.Node]]] = []
    for section in kind.sections:
        blocks = sorted_.sections.get(section.anchor, [])
        label = words(f"section.{kind.name}.{section.anchor}")
        if blocks:
            parts.append((label, body.section(blocks)))
        elif section.anchor in kind.required_sections():
            parts.append((label, []))
            missing.append(label)
    if missing:
        body.report.todo("sections", sections=", ".join(missing))
    unplaced = body.section(sorted_.intro + sorted_.unplaced)
    unplaced += body.unused()
    if unplaced:
        parts.append((words("import.unplaced"), unplaced))
        body.report.todo("unplaced", heading=words("import.unplaced"))
    written = pandoc.write([blocks for _, blocks in parts])
    return "\n".join(
        f"## {label}\n" + (f"\n{text}\n" if text else "") for (label, _), text in zip(parts, written, strict=True)
    )


def _tell(prepared: Prepared, report: Report) -> None:
    """What was not brought in."""
    for what, number in sorted(prepared.package.left_out.items()):
        report.noted(what, number=number)
    for address in prepared.remote:
        report.noted("remote", target=address)
    if prepared.comments:
        report.noted("comments", number=prepared.comments)
    for words in dict.fromkeys(prepared.margins):
        report.noted("margin", text=words)
