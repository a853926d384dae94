"""What people write for a field, in words, becomes the field's value: « Sénégal » is SN, « 3 mars 2024 » 2024-03-03.

How a field is read follows from its form in the model. What can't be read stays as it was written: `check` then says
what is wrong with it, and what was probably meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from capitalise import values
from capitalise.locales import available, countries, fold, texts
from capitalise.model import OWN_OF_TRANSLATION, Author, Kind, Period, Source
from capitalise.schema import choices_of, marks, part_of
from capitalise.vocabularies import Vocabulary

NOT_ASKED = frozenset({"status", "withdrawal_reason", "licence", "related", "aliases", "review_by", "acknowledged"})
"""Fields that are the editor's business, not the author's."""
_URL = re.compile(r"<?(https?://[^\s<>\"']+?)>?(?=[.,;)]*(?:\s|$))")
_MOST_REFERENCE = 2000
"""Characters of a reference among which its address is looked for."""
_YEAR = re.compile(r"(?<![\d/.-])(1[5-9]\d\d|20\d\d)(?![\d/])")


@dataclass(frozen=True)
class Context:
    """What a reader needs to know."""

    lang: str
    vocabularies: Mapping[str, Vocabulary]


Reader = Callable[[list[str], FieldInfo, Context], Any]
"""Lines → value; None where they say nothing."""


@cache
def readers(kind: Kind) -> Mapping[str, Reader]:
    """The fields of a kind that can be written in a document in words, in the model's order, and how each is read."""
    found = {}
    for name, info in kind.fields.model_fields.items():
        reader = None if name in NOT_ASKED | OWN_OF_TRANSLATION else _reader(info)
        if reader:
            found[name] = reader
    return found


@cache
def ids(kind: Kind) -> frozenset[str]:
    """The fields whose values are ids: of terms, of choices, of countries."""
    named = {_terms, _term, _choices, _choice, _countries}
    return frozenset(name for name, reader in readers(kind).items() if reader in named)


def _reader(info: FieldInfo) -> Reader | None:
    part, many = part_of(info)
    if part:
        return {Author: _authors, Source: _sources, Period: _period}.get(part)
    if marks(info, values.TermOf):
        return _terms if many else _term
    if choices_of(info):
        return _choices if many else _choice
    form = getattr(marks(info, BeforeValidator), "func", None)
    if form is values.a_text:
        return _texts if many else _text
    if form is values.a_whole_number:
        return _wholes if many else _minutes if _most(info) > 1000 else _whole
    return {values.a_country: _countries, values.a_date: _day, values.a_contact: _text}.get(form)


def _most(info: FieldInfo) -> float:
    """The largest number that a field takes: of minutes, more than of anything else."""
    held = [*info.metadata, *(m for one in get_args(info.annotation) for m in getattr(one, "__metadata__", ()))]
    held += [m for one in held if isinstance(one, FieldInfo) for m in one.metadata]
    return max((getattr(mark, "le", None) or 0 for mark in held), default=0)


@cache
def spoken(name: str) -> str:
    """The words that people use for something, in every language, as a choice of a regular expression."""
    words = {word.strip() for lang in available() for word in texts(lang)(f"import.words.{name}").split("|")}
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _split(lines: list[str], marks_: str) -> list[str]:
    """Lines cut at some marks, and at « et »."""
    parts = [part for line in lines for part in re.split(f"[{marks_}]|\\s(?:{spoken('and')})\\s", line)]
    return [part for part in (part.strip(" \u00a0•–-\t") for part in parts) if part]


def _text(lines: list[str], info: FieldInfo, context: Context) -> str | None:
    return " ".join(lines) or None


def _texts(lines: list[str], info: FieldInfo, context: Context) -> list[str]:
    """One a line, or parted by semicolons; a line of a few words parted by commas is a list of words."""
    if len(lines) == 1 and ";" not in lines[0]:
        words = [word.strip(" \u00a0.") for word in lines[0].split(",")]
        if len(words) > 1 and all(word and len(word.split()) <= 3 for word in words):
            return words
    return [part for part in (p.strip(" \u00a0•–-\t") for line in lines for p in line.split(";")) if part]


def _whole(lines: list[str], info: FieldInfo, context: Context) -> int | str | None:
    text = " ".join(lines)
    found = re.search(r"\d+", text)
    return int(found[0]) if found and len(found[0]) < 10 else text or None


def _wholes(lines: list[str], info: FieldInfo, context: Context) -> list[int]:
    return [int(number) for number in re.findall(r"\b\d{1,9}\b", " ".join(lines))]


def _minutes(lines: list[str], info: FieldInfo, context: Context) -> int | str | None:
    text = fold(" ".join(lines))
    hours = re.search(rf"(?<!\d)(\d{{1,6}}(?:[.,]\d{{1,3}})?)\s?(?:h\b|h(?=\d)|{spoken('hours')})\s?(\d{{1,2}})?", text)
    if hours:
        return round(float(hours[1].replace(",", ".")) * 60) + int(hours[2] or 0)
    return _whole(lines, info, context)


def _day(lines: list[str], info: FieldInfo, context: Context) -> date | str | None:
    text = " ".join(lines)
    return day(text) or text or None


def day(text: str) -> date | None:
    """A day written in figures (day first, as our readers do) or in words, in any language; of a month, its first."""
    plain = fold(text)
    try:
        if found := re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", plain):
            return date(*map(int, found.groups()))
        if found := re.search(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", plain):
            return date(int(found[3]), int(found[2]), int(found[1]))
        for name, month in _months().items():
            before, after = r"(?:\b(\d{1,2})(?:er|st|nd|rd|th)?\s+)?\b", r"\s+(?:(\d{1,2}),?\s+)?(\d{4})\b"
            if found := re.search(before + name + after, plain):
                return date(int(found[3]), month, int(found[1] or found[2] or 1))
    except ValueError:
        return None
    return None


@cache
def _months() -> dict[str, int]:
    return {
        fold(name): number
        for lang in available()
        for number, name in texts(lang).locale.months["format"]["wide"].items()
    }


def _period(lines: list[str], info: FieldInfo, context: Context) -> dict[str, int] | None:
    years = [int(year) for year in _YEAR.findall(" ".join(lines).replace("-", " "))]
    if not years:
        return None
    lasting = re.search(rf"\b(?:{spoken('since')})\b", " ".join(lines).casefold()) and len(years) == 1
    return {"start": years[0]} | ({} if lasting else {"end": years[-1]})


def _countries(lines: list[str], info: FieldInfo, context: Context) -> list[str]:
    return [_country_codes().get(fold(part.rstrip(".")), part) for part in _split(lines, ",;/")]


@cache
def _country_codes() -> dict[str, str]:
    codes = {fold(code): code for code in countries()}
    return codes | {fold(texts(lang).country(code)): code for lang in available() for code in countries()}


def _terms(lines: list[str], info: FieldInfo, context: Context) -> list[str]:
    vocabulary = context.vocabularies[marks(info, values.TermOf).vocabulary]
    known = _words(vocabulary)
    found: list[str] = []
    for line in lines:
        whole = known.get(fold(line.strip(" .")))  # a label may hold a comma or an « et »
        found += [whole] if whole else [known.get(fold(part), part) for part in _term_parts(line, known)]
    return found


def _term_parts(line: str, known: Mapping[str, str]) -> list[str]:
    parts: list[str] = []
    for part in (part.strip(" \u00a0.•–-") for part in re.split("[,;]", line)):
        parts += [part] if fold(part) in known else _split([part], "/")
    return parts


def _term(lines: list[str], info: FieldInfo, context: Context) -> str | None:
    text = " ".join(lines)
    return _words(context.vocabularies[marks(info, values.TermOf).vocabulary]).get(fold(text), text) or None


def _words(vocabulary: Vocabulary) -> dict[str, str]:
    """Folded id, label or synonym → id."""
    words: dict[str, str] = {}
    for term in vocabulary:
        for word in (term.id, *term.label.values(), *(one for many in term.synonyms.values() for one in many)):
            words.setdefault(fold(word), term.id)
    return words


def _choice(lines: list[str], info: FieldInfo, context: Context) -> str | None:
    text = " ".join(lines)
    return _labelled(info).get(fold(text.strip(" .")), text) or None


def _choices(lines: list[str], info: FieldInfo, context: Context) -> list[str]:
    known = _labelled(info)
    return [known.get(fold(part.rstrip(".")), part) for part in _split(lines, ",;/")]


def _labelled(info: FieldInfo) -> dict[str, str]:
    """Folded label in any language → choice."""
    prefix = marks(info, values.Words).prefix
    words = {choice: choice for choice in choices_of(info)}
    for lang in available():
        words |= {fold(texts(lang)(f"{prefix}.{choice}")): choice for choice in choices_of(info)}
    return words


def _authors(lines: list[str], info: FieldInfo, context: Context) -> list[dict[str, str]]:
    """« Awa Exemple (Association Exemple) ; Équipe du projet »."""
    people = []
    for part in _split(lines, ";&"):
        name, _, organisation = part.partition("(")
        names = [name] if organisation else name.split(",")
        for one in names:
            if one.strip():
                person = {"name": one.strip(" \u00a0,")}
                if organisation.strip(" )"):
                    person["organisation"] = organisation.strip(" )")
                people.append(person)
    return people


def _sources(lines: list[str], info: FieldInfo, context: Context) -> list[dict[str, Any]]:
    return [source(line) for line in lines]


def source(line: str) -> dict[str, Any]:
    """A reference as a source: its address apart, its year where one is named; the rest is its title."""
    line = re.sub(r"^\s*(?:\[?\d{1,3}[\].)]|[•*–-])\s+", "", line)
    found: dict[str, Any] = {}
    if len(line) > _MOST_REFERENCE:
        return {
            "title": line
        }  # a page pasted in the place of a reference: it is told as too long, and looked at by hand
    address = _URL.search(line, 0, _MOST_REFERENCE)
    title = line
    if address:
        title = (line[: address.start()] + line[address.end() :]).replace("<>", "")
        title = re.sub(rf"\s*\b(?:{spoken('online')})[\s:,.;([-]*$", "", title, flags=re.IGNORECASE)
    title = title.strip(" \u00a0,;.<>")
    years = _YEAR.findall(title)
    if years and not re.match(r"\d{4}$", title):
        found["year"] = int(years[-1])
        # « Titre, 2024 » says its year once more where it is shown.
        title = re.sub(rf"[\s\u00a0,.]*\(?\b{years[-1]}\)?$", "", title) or title
    found = {"title": title or (address[1] if address else line)} | found
    return found | ({"url": address[1].rstrip(".,;)")} if address else {})


def looks_like_source(text: str) -> bool:
    """Whether a footnote names a document: it has an address, or a year among names and commas."""
    named = _YEAR.search(text) and len(text.split()) >= 4 and re.search(r"[,.«“\"(]", text)
    return bool(_URL.search(text, 0, _MOST_REFERENCE) or named)


def mentioned_countries(text: str, lang: str) -> list[str]:
    """Codes of the countries that a text names, the most often named first."""
    names = {fold(texts(lang).country(code)): code for code in countries()}
    pattern = re.compile(rf"(?<!\w)({'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?!\w)")
    counted: dict[str, int] = {}
    for name in pattern.findall(fold(text[:100_000])):  # what a document is about is named early and often
        counted[names[name]] = counted.get(names[name], 0) + 1
    return sorted(counted, key=lambda code: -counted[code])
