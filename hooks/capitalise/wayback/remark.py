"""A remark that was written in the offline form becomes what an editor acts on: a text to publish as an issue, or not.

Issues are public. What is written about a product goes into one file, who wrote it into another; and of what should be
taken down, nothing is made ready to be published.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from capitalise import whole
from capitalise.frontmatter import Document
from capitalise.importing.guard import Refused
from capitalise.importing.report import Report
from capitalise.library import Library, Product, Text
from capitalise.locales import Texts
from capitalise.model import Image, kind_of
from capitalise.problems import plain as on_one_line
from capitalise.validation import validate
from capitalise.vocabularies import nearest
from capitalise.wayback import SUFFIX, plain
from capitalise.wayback.form import Reason, RemarkFields, place_label
from capitalise.wayback.opened import Returned
from capitalise.wayback.product import pictures, tell_copy

PUBLIC, PRIVATE = "remark.md", "who.txt"
_MOST_ADDRESS = 6000
"""Characters of an address that GitHub and browsers take; a longer remark is copied from its file."""
_QUESTIONS = ("wrong", "right", "source")
_WIDTH = 100


@dataclass(frozen=True)
class Remark:
    """A remark, before anything is written."""

    folder: Path
    title: str
    """Of the product."""
    private: bool
    """Whether it asks to take something down."""
    text: str
    who: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    issue: str = ""
    """Address where it can be published as an issue; empty where it must not, or can't."""


def made(returned: Returned, path: Path, library: Library, repository: str, words: Texts) -> tuple[Remark, Report]:
    """The remark and what an editor must know of it. Raises `Refused` for one that is about nothing."""
    report = Report(words)
    product_id = returned.about.get("product", "")
    kind = kind_of(tuple(product_id.split("/")))
    if kind is None or not re.fullmatch(r"[a-z0-9/-]{1,200}", product_id):
        raise Refused("form-about")
    product = _found(product_id, library, report)
    tell_copy(returned, report)
    for problem in _problems(returned.values, path):
        report.todo("form", message=problem.message(words))
    values, reason = returned.values, str(returned.values.get("reason", ""))
    files, named = pictures(returned, report)
    title = product.text(words.lang).fields.title if product else returned.about.get("title", "") or product_id
    place = place_label(kind, values["place"], words) if isinstance(values.get("place"), str) else ""
    page = _page(product, product_id, returned, words)
    about = {
        words("wayback.remark.page"): page,
        words("wayback.remark.reason"): _reason(reason, words),
        words("wayback.remark.place"): place,
    }
    private = reason == Reason.REMOVAL
    text = _text(words("wayback.remark.on", title=_line(title)), about, values, named, words)
    who = "\n".join(f"{label}{words('colon')} {one}" for label, one in _who(values, words))
    folder = path.with_name(path.name.removesuffix(SUFFIX).partition(".json")[0] or "remark")
    if folder == path:
        folder = path.with_name(f"{path.name}-remark")
    issue = "" if private or not repository else _issue(repository, returned.lang, title, page, place, values)
    return Remark(folder, title, private, text, f"{who}\n", files, issue), report


def write(remark: Remark) -> Path:
    """Writes the remark in a folder beside its file, whole or not at all.

    Raises `Refused` where that folder exists, and `OSError`.
    """
    try:
        whole.folder(remark.folder, {**remark.files, PUBLIC: remark.text.encode(), PRIVATE: remark.who.encode()})
    except FileExistsError:
        raise Refused("form-remark-exists", folder=str(remark.folder)) from None
    return remark.folder


# -------------------------------------------------------------------------------- about what


def _found(product_id: str, library: Library, report: Report) -> Product | None:
    """The product under its id or a former one; where there is none, that is told."""
    if product := library.products.get(product_id):
        return product
    if now := library.aliases.get(product_id):
        report.noted("form-alias", former=product_id, now=now)
        return library.products[now]
    meant = nearest(product_id, {one: one for one in library.products})
    report.noted("form-no-product", product=product_id, suggestion=meant or "–")
    return None


def _page(product: Product | None, product_id: str, returned: Returned, words: Texts) -> str:
    """The product, its language, and whether its text is still the one that was read."""
    lang, read = returned.about.get("lang", ""), returned.about.get("revision", "")
    version = product.texts.get(lang) if product else None
    if product is None or version is None:
        return product_id
    return f"{product.id} ({lang}, {words('wayback.same' if revision(version) == read else 'wayback.changed')})"


def revision(text: Text) -> str:
    """Tells the words that a page shows from those of another day, be they a translation's."""
    said = "\0".join((text.fields.title, text.fields.summary or "", text.body))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _problems(values: Mapping[str, Any], path: Path) -> list[Any]:
    _, found = validate(values, RemarkFields, Document(path.name, {}, ""))
    return found


# -------------------------------------------------------------------------------- as text


def _reason(reason: str, words: Texts) -> str:
    return words(f"wayback.reason.{reason}") if reason in set(Reason) else ""


def _text(
    heading: str, about: Mapping[str, str], values: Mapping[str, Any], named: Mapping[str, str], words: Texts
) -> str:
    """Markdown in which what the person wrote stands as it is: nobody is called by an @, nothing is drawn."""
    parts = [f"# {plain.markdown(heading)}"]
    facts = [f"- {label}{words('colon')} {plain.markdown(_line(one))}" for label, one in about.items() if one]
    parts.append("\n".join(facts))
    for name in _QUESTIONS:
        if written := plain.visible(str(values.get(name, ""))).strip():
            parts += [f"## {words(f'wayback.remark.{name}')}", _quoted(written)]
    shown = list(_photos(values, named, words))
    if shown:
        parts += [f"## {words('field.photos')}", "\n".join(shown)]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """A text in a fence that nothing in it can close, its lines as wide as a screen."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = [piece for line in text.split("\n") for piece in textwrap.wrap(line, _WIDTH) or [""]]
    return "\n".join([f"{fence}text", *lines, fence])


def _photos(values: Mapping[str, Any], named: Mapping[str, str], words: Texts) -> Iterator[str]:
    for image in values.get("photos", []):
        if file := named.get(str(image.get("file"))):
            told = [
                f"{words(f'editor.part.{name}')}{words('colon')} {_line(_shown(image[name]))}" for name in _told(image)
            ]
            yield f"- {file} · {plain.markdown(' · '.join(told))}"


def _told(image: Mapping[str, Any]) -> list[str]:
    return [name for name in Image.model_fields if name in image and name != "file"]


def _shown(value: Any) -> str:
    return ", ".join(f"{name}: {one}" for name, one in value.items()) if isinstance(value, dict) else str(value)


def _who(values: Mapping[str, Any], words: Texts) -> Iterator[tuple[str, str]]:
    yield "", words("wayback.private")
    for name in ("name", "organisation", "reach"):
        if name in values:
            yield words(f"wayback.remark.{name}"), _line(str(values[name]))


def _line(text: str) -> str:
    return on_one_line(" ".join(text.split()))


def _issue(repository: str, lang: str, title: str, page: str, place: str, values: Mapping[str, Any]) -> str:
    """Where the issue form opens already filled in (GitHub Docs, "Creating an issue from a URL query")."""
    asked = {"template": f"mistake.{lang}.yml", "title": _line(title), "page": page, "place": place}
    asked |= {name: plain.visible(str(values.get(name, ""))) for name in _QUESTIONS}
    address = f"{repository}/issues/new?{urlencode({name: one for name, one in asked.items() if one})}"
    return address if len(address) <= _MOST_ADDRESS else ""
