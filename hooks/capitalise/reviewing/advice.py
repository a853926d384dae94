"""What would make a text more useful to another team. Advice, never a condition: what must be mended is in `checks`.

One function per matter, in the order in which a friend would raise them.
"""

from __future__ import annotations

from collections.abc import Iterator

from capitalise.locales import fold, texts
from capitalise.reviewing import figures
from capitalise.reviewing.readability import count_words
from capitalise.reviewing.remark import Key, Remark
from capitalise.reviewing.subject import Subject
from capitalise.schema import is_translated

SHORT_WORDS = 20
"""Under so many words a section that must be there says little to who was not."""
MOST_ONE_BY_ONE = 2
"""How many short sections are told one by one: of more, the same would be said again and again."""
MOST_LINES = 5


def advise(subject: Subject) -> Iterator[Remark]:
    """Everything that could be better in a text, what matters most first."""
    for rule in _TRANSLATION if subject.is_translation else _ORIGINAL:
        yield from rule(subject)


def _better(name: str, line: int = 0, **values) -> Remark:
    return Remark("better", name, line, values)


def _section(subject: Subject, anchor: str) -> Key:
    return Key(f"section.{subject.kind.name}.{anchor}")


def _why(subject: Subject, anchor: str) -> Key:
    """Why a section matters; of a section of which nothing is said, why any does."""
    name = f"review.why.section.{anchor}"
    return Key(name if name in texts(subject.lang).table else "review.why.section")


# -------------------------------------------------------------------------------- an original


def _short_sections(subject: Subject) -> Iterator[Remark]:
    short = [
        (part, words)
        for anchor in subject.kind.required_sections()
        if (part := subject.part(anchor)) is not None and not part.is_blank
        if (words := count_words(part.text)) < SHORT_WORDS
    ]
    if len(short) > MOST_ONE_BY_ONE:
        yield _better("short-sections", sections=[_section(subject, part.anchor) for part, _ in short])
        return
    for part, words in short:
        values = {"section": _section(subject, part.anchor), "why": _why(subject, part.anchor), "n": words}
        yield _better("short", part.line, **values)


def _uncited(subject: Subject) -> Iterator[Remark]:
    part = subject.part("results")
    if subject.kind.name != "sheet" or part is None or part.is_blank:
        return
    found = list(figures.passages(part.text))
    lines = [str(part.text_line + passage.line) for passage in found if not passage.is_cited]
    if lines:
        yield _better("uncited", lines=lines[:MOST_LINES], n=len(lines))
    elif not found and not subject.fields.results:
        yield _better("no-figures", part.line)


def _unsourced_key_figures(subject: Subject) -> Iterator[Remark]:
    for name in ("results", "costs"):
        labels = [figure.label for figure in getattr(subject.fields, name, []) if not figure.source]
        if labels:
            line = subject.document.line(name)
            yield _better("figure-source", line, field=name, figures=labels[:MOST_LINES], n=len(labels))


def _women(subject: Subject) -> Iterator[Remark]:
    if subject.kind.name != "sheet":
        return
    told = set(fold(subject.document.text).replace("'", " ").split())  # « l’agricultrice »
    words = texts(subject.lang)("review.words.women").split()
    if not any(word.strip('.,;:()!?«»"*·') in words for word in told):
        yield _better("women")


def _fields(subject: Subject) -> Iterator[Remark]:
    """The optional fields of which the texts say why they matter."""
    table = texts(subject.lang).table
    for name in subject.kind.fields.model_fields:
        if name == "duration" and subject.kind.name == "course":
            continue  # it is the sum of its modules'
        if f"review.why.field.{name}" in table and getattr(subject.fields, name) in (None, []):
            if name in subject.document.meta and subject.document.meta[name]:
                continue  # it is filled in, and at fault: the checks tell
            yield _better(
                "field",
                field=name,
                label=Key(f"field.{name}"),
                why=Key(f"review.why.field.{name}"),
                help=Key(f"field.{name}.help"),
            )


def _optional_sections(subject: Subject) -> Iterator[Remark]:
    if subject.kind.name == "course":
        return  # its modules have them
    table = texts(subject.lang).table
    for section in subject.kind.sections:
        part = subject.part(section.anchor)
        if section.required or f"review.why.section.{section.anchor}" not in table or (part and not part.is_blank):
            continue
        values = {"section": _section(subject, section.anchor), "why": _why(subject, section.anchor)}
        yield _better("optional-section", **values)


# -------------------------------------------------------------------------------- a translation


def _untranslated_sections(subject: Subject) -> Iterator[Remark]:
    """Optional sections that the original has (the checks tell the required ones)."""
    required = subject.kind.required_sections()
    left = [
        _section(subject, part.anchor)
        for part in subject.original_parts
        if part.known and part.anchor not in required and not part.is_blank and subject.part(part.anchor) is None
    ]
    if left:
        yield _better("untranslated", sections=left, n=len(left))


def _unstamped(subject: Subject) -> Iterator[Remark]:
    stamp = subject.fields.translation_of
    if subject.original is not None and stamp is not None and not stamp.revision:
        product = subject.file.split("/", 1)[1].rpartition("/")[0]
        line = subject.document.line("translation_of")
        yield _better("unstamped", line, command=f"capitalise translate {product} {subject.lang} --done")


def _same_as_original(subject: Subject) -> Iterator[Remark]:
    """Fields that were copied as they are: left in the other language, or names that are the same in both."""
    if subject.original is None:
        return
    same = [
        Key(f"field.{name}")
        for name, info in subject.kind.fields.model_fields.items()
        if is_translated(info) and (own := subject.document.meta.get(name)) and own == subject.original.meta.get(name)
    ]
    if same:
        yield _better("same", fields=same, n=len(same))


_ORIGINAL = (_short_sections, _uncited, _unsourced_key_figures, _women, _fields, _optional_sections)
_TRANSLATION = (_untranslated_sections, _same_as_original, _unstamped)
