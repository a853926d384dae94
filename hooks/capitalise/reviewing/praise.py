"""What is good in a text. Each word of it is earned: a rule says what it saw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capitalise.locales import fold, texts
from capitalise.model import Consent
from capitalise.problems import Problem
from capitalise.reviewing import figures
from capitalise.reviewing.readability import Reading, count_words
from capitalise.reviewing.remark import Key, Language, Remark
from capitalise.reviewing.subject import Subject

FRANK_WORDS = 40
"""From so many words the difficulties are told, and not only named."""


def praise(subject: Subject, problems: Sequence[Problem], summary: Reading | None) -> Iterator[Remark]:
    """Everything that is good in a text; `problems` are the checks', `summary` its summary measured."""
    rules = _TRANSLATION if subject.is_translation else _ORIGINAL
    for rule in rules:
        yield from rule(subject)
    if summary is not None and summary.level in ("very-easy", "easy"):
        yield _good("summary", lix=summary.lix)
    if not problems:
        yield _good("form")


def _good(name: str, line: int = 0, **values) -> Remark:
    return Remark("good", name, line, values)


def _difficulties(subject: Subject) -> Iterator[Remark]:
    part = subject.part("difficulties")
    if part is not None and (words := count_words(part.text)) >= FRANK_WORDS:
        yield _good("difficulties", part.line, n=words)


def _cited(subject: Subject) -> Iterator[Remark]:
    part = subject.part("results")
    found = list(figures.passages(part.text)) if part is not None and subject.kind.name == "sheet" else []
    if found and all(passage.is_cited for passage in found):
        yield _good("cited", part.line)
    keys = [figure for name in ("results", "costs") for figure in getattr(subject.fields, name, [])]
    if keys and all(figure.source for figure in keys):
        yield _good("key-figures", n=len(keys))


def _unknown(subject: Subject) -> Iterator[Remark]:
    """The author says what is not known: it takes courage, and saves others a search."""
    phrases = texts(subject.lang)("review.words.unknown").split(",")
    pattern = re.compile("|".join(re.escape(fold(phrase)) for phrase in phrases))
    for number, line in enumerate(subject.document.body.split("\n")):
        if pattern.search(fold(line)):
            yield _good("unknown", subject.document.body_line + number)
            return


def _women(subject: Subject) -> Iterator[Remark]:
    participants = getattr(subject.fields, "participants", None)
    if participants is not None and participants.women is not None:
        yield _good("women")


def _places(subject: Subject) -> Iterator[Remark]:
    places = getattr(subject.fields, "places", [])
    if places and all(place.lat == round(place.lat, 1) and place.lon == round(place.lon, 1) for place in places):
        yield _good("places", subject.document.line("places"), n=len(places))


def _photos(subject: Subject) -> Iterator[Remark]:
    images = [image for image in (subject.fields.cover, *subject.fields.photos) if image is not None]
    dated = [image for image in images if isinstance(image.consent, Consent)]
    if dated and all(image.consent is not None for image in images):
        yield _good("consent", n=len(dated))
    if images and all(image.alt for image in images):
        yield _good("alt", n=len(images))


def _more_sections(subject: Subject) -> Iterator[Remark]:
    more = [
        Key(f"section.{subject.kind.name}.{section.anchor}")
        for section in subject.kind.sections
        if not section.required and (part := subject.part(section.anchor)) is not None and not part.is_blank
    ]
    if more:
        yield _good("sections", sections=more)


def _languages(subject: Subject) -> Iterator[Remark]:
    if len(subject.languages) > 1:
        yield _good("languages", languages=[Language(lang) for lang in subject.languages])


def _whole_translation(subject: Subject) -> Iterator[Remark]:
    theirs = {part.anchor for part in subject.original_parts if part.known and not part.is_blank}
    if theirs and theirs <= {part.anchor for part in subject.parts if not part.is_blank}:
        yield _good("whole", n=len(theirs))


def _machine(subject: Subject) -> Iterator[Remark]:
    if subject.fields.draft_by:
        yield _good("machine", subject.document.line("draft_by"))


_ORIGINAL = (_difficulties, _cited, _unknown, _women, _places, _photos, _more_sections, _languages)
_TRANSLATION = (_whole_translation, _machine, _languages)
