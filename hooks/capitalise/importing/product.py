"""A document becomes the files of a product, in a folder that was not there before."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from capitalise import frontmatter, limits, reading, vocabularies
from capitalise.glossary import Glossary
from capitalise.importing import SPOKEN, guard, header, mapping, pandoc, tree
from capitalise.importing import fields as read_fields
from capitalise.importing.body import Body
from capitalise.importing.guard import Refused
from capitalise.importing.prepare import Prepared, prepare
from capitalise.importing.report import Report
from capitalise.locales import Texts, available, slug, texts
from capitalise.model import KINDS, Kind, kind_of
from capitalise.schema import marks
from capitalise.values import TermOf
from capitalise.vocabularies import Vocabulary

_NUMBERED = re.compile(r"(\d\d)-")
_MOST_WORDS = 5
_FEWEST_SUMMARY = 40
_FIRST_SENTENCES = re.compile(rf".{{40,{limits.MAX_SUMMARY_CHARS - 1}}}[.!?…](?=\s)", re.DOTALL)


@dataclass
class Imported:
    """What a document became, before anything is written."""

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
    product_id = _where(kind, sorted_.title, values, wish, products, known)
    _tell(prepared, sorted_, body, report)
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


def write(imported: Imported, products: Path) -> Path:
    """Writes the product, whole or not at all; returns its text's path. Raises `Refused` where its folder exists."""
    folder = products / imported.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".import-", dir=folder.parent))  # what begins with a dot is not read
    try:
        os.chmod(beside, 0o755)  # mkdtemp's folder is its owner's alone
        for name, data in imported.files.items():
            (beside / name).write_bytes(data)
        (beside / f"index.{imported.lang}.md").write_text(imported.text, "utf-8", newline="\n")
        if folder.exists():
            raise Refused("exists", folder=f"{products.name}/{imported.folder}")
        os.rename(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder / f"index.{imported.lang}.md"


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


def _where(
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
    parts = [kind.collection, *_holder(kind, asked, values, products, known)]
    last = asked[-1] if asked else _slug(title, products / "/".join(parts))
    if kind_of((*parts, last)) is not kind:
        last = f"{_number(products / '/'.join(parts), values):02}-{last}"[: limits.MAX_SLUG_CHARS].rstrip("-")
    product_id = "/".join([*parts, last])
    if (products / product_id).exists():
        raise Refused("exists", folder=f"{products.name}/{product_id}")
    return product_id


def _holder(
    kind: Kind, asked: list[str], values: Mapping[str, Any], products: Path, known: Mapping[str, Vocabulary]
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
    community = values.get("community")
    if community and community == slug(community):
        return [community]
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
                values[name] = [] if _is_list(info) else ""
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


def _is_list(info: Any) -> bool:
    return getattr(info.annotation, "__origin__", None) is list


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


def _tell(prepared: Prepared, sorted_: mapping.Sorted, body: Body, report: Report) -> None:
    """What was not brought in."""
    for what, number in sorted(prepared.package.left_out.items()):
        report.noted(what, number=number)
    for address in prepared.remote:
        report.noted("remote", target=address)
    if prepared.comments:
        report.noted("comments", number=prepared.comments)
    for words in dict.fromkeys(prepared.margins):
        report.noted("margin", text=words)
