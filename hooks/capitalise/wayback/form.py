"""What the offline form asks, made from the model: one field of the model, one question, in the reader's language.

Beside the fields of each kind: a remark on a product that is there already (`RemarkFields`), asked in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from capitalise import __version__, limits, photos, schema, values
from capitalise.editor.form import choices, in_form
from capitalise.finding import tables
from capitalise.importing import forms
from capitalise.importing.fields import NOT_ASKED
from capitalise.locales import available
from capitalise.model import KINDS, Consent, Image, Kind, Part
from capitalise.values import IMAGE_TYPES, FileOf, Form, Text, Words
from capitalise.views.base import Site
from capitalise.wayback import FORMAT, REMARK, SUFFIX, VERSION

_SAID_LATER = frozenset({"reviewers", "reuse", "validation"})
"""Fields that others than the author fill in."""
_WARNED = frozenset({"alt", "consent"})
"""Fields of a photo without which it is not published, or not read by all: the form asks for them."""
_FORMS: Mapping[Any, str] = {
    values.a_url: "url",
    values.a_contact: "contact",
    values.an_orcid: "orcid",
}
"""What reads a text of a certain form → the message where it has another one."""

MESSAGES = (
    *(f"bad-value.{name}" for name in "date no-such-day year url contact orcid orcid-digit whole-number".split()),
    *(f"bad-value.{name}" for name in "number too-long too-small too-large order".split()),
    "missing-field.empty",
    "missing-section.empty",
    "missing-alt",
    "missing-consent",
)
"""The program's own messages that the form shows beside a field."""
_NO_HINT = frozenset({"missing-field.empty"})
"""Those beside which a form need not say what to do."""


# -------------------------------------------------------------------------------- a remark


class Reason(StrEnum):
    """Why somebody writes."""

    MISTAKE = "mistake"
    ADDITION = "addition"
    QUESTION = "question"
    REMOVAL = "removal"


def a_long_text(value: Any) -> Any:
    """A text of several lines."""
    if not isinstance(value, str):
        raise values.wrong("text")
    if not value.strip():
        raise values.wrong("blank")
    return value


Long = Annotated[str, BeforeValidator(a_long_text)]


class RemarkFields(Part):
    """A remark on a product; who says it is for the team alone."""

    reason: Annotated[Reason, Words("wayback.reason")]
    place: Text | None = None
    """Anchor of a section, name of a field, or `elsewhere`."""
    wrong: Long
    right: Long | None = None
    source: Long | None = None
    photos: list[Image] = []
    name: Text
    organisation: Text | None = None
    reach: Text | None = None
    """How to answer."""


# -------------------------------------------------------------------------------- which fields


def asked(kind: Kind) -> dict[str, FieldInfo]:
    """The fields of a kind that the form asks: not the editor's business, nor what needs a file other than a photo."""
    left_out = NOT_ASKED | _SAID_LATER
    return {name: info for name, info in in_form(kind).items() if name not in left_out and _fits(info)}


def _fits(info: FieldInfo) -> bool:
    part, _ = schema.part_of(info)
    marks = [schema.marks(one, FileOf) for one in part.model_fields.values()] if part else []
    return all(mark.types == IMAGE_TYPES for mark in marks if mark)


def places(kind: Kind) -> tuple[str, ...]:
    """Where on a product a remark may be: the fields that it must have, its sections, elsewhere."""
    needed = [name for name, info in kind.fields.model_fields.items() if info.is_required()]
    anchors = [section.anchor for section in kind.sections if section.anchor not in needed]
    return (*needed, *anchors, "elsewhere")


def place_label(kind: Kind, place: str, words: Any) -> str:
    """What such a place is called; the place itself where the model does not know it."""
    if place == "elsewhere":
        return words("form.elsewhere")
    return words.table.get(f"section.{kind.name}.{place}") or words.table.get(f"field.{place}", place)


# -------------------------------------------------------------------------------- as data


def script(site: Site) -> str:
    """The form as a script: it hands over what `contribute.js` shows."""
    return tables.script(site, "contribute", described(site))


def described(site: Site) -> dict[str, Any]:
    """Everything that the form's page must know in one language."""
    return _Builder(site).whole()


class _Builder:
    def __init__(self, site: Site) -> None:
        self.site, self.t = site, site.texts
        self.options: dict[str, list[dict[str, Any]]] = {}

    def whole(self) -> dict[str, Any]:
        t = self.t
        courses = self.site.library.of_kind("course")  # a copy may hold none, and a module needs one
        kinds = [self._kind(kind) for kind in KINDS.values() if kind.name != "module" or courses]
        remark = {
            "name": REMARK,
            "label": t("wayback.remark"),
            "steps": [
                self._step("remark", self._remark("reason", "place", "wrong", "right", "source")),
                self._step("photos", self._remark("photos")),
                self._step("who", self._remark("name", "organisation", "reach")),
            ],
        }
        return {
            "format": FORMAT,
            "version": VERSION,
            "suffix": SUFFIX,
            "copy": {
                "program": __version__,
                "built": self.site.settings.built.isoformat() if self.site.settings.built else "",
            },
            "limits": {
                "bytes": limits.MAX_FORM_BYTES,
                "photos": limits.MAX_FORM_PHOTOS,
                "photo": limits.MAX_PHOTO_BYTES,
                "side": photos.MAX_SIDE,
                "items": limits.MAX_FORM_ITEMS,
            },
            "kinds": [*kinds, remark],
            "places": {
                kind.name: [{"value": one, "label": place_label(kind, one, t)} for one in places(kind)]
                for kind in KINDS.values()
            },
            "options": self.options,
            "texts": {key.removeprefix("wayback."): text for key, text in t.table.items() if _is_shown(key)},
            "messages": {name: self._message(name) for name in MESSAGES},
        }

    def _message(self, name: str) -> list[str]:
        """What is wrong, and how to mend it in a form."""
        own = self.t.table.get(f"wayback.hint.{name}")
        hint = "" if name in _NO_HINT else own or self.t(f"problem.{name}.hint")
        return [self.t(f"problem.{name}.message"), hint]

    # ---------------------------------------------------------------- products

    def _kind(self, kind: Kind) -> dict[str, Any]:
        fields = {name: self.field(name, info) for name, info in asked(kind).items()}
        needed = [one for one in fields.values() if one["required"] and one["name"] != "sources"]
        pictures = [fields[name] for name in ("cover", "photos")]
        first = [fields["sources"]] if "sources" in fields else []
        told = [id(one) for one in (*needed, *pictures, *first)]
        sections = [
            {
                "name": section.anchor,
                "in": "sections",
                "type": "long",
                "label": self.t(f"section.{kind.name}.{section.anchor}"),
                "help": forms.guide(kind, section.anchor, self.t.lang),
                "required": section.required,
                "rows": 4,
                "max": limits.MAX_FORM_TEXT_CHARS,
            }
            for section in kind.sections
        ]
        return {
            "name": kind.name,
            "label": self.t(f"kind.{kind.name}"),
            "help": self.t(f"wayback.kind.{kind.name}"),
            "steps": [
                self._step("essentials", [*self._own(kind), *needed]),
                self._step("text", sections),
                self._step("sources", first),
                self._step("photos", pictures),
                self._step("more", [one for one in fields.values() if id(one) not in told]),
            ],
        }

    def _own(self, kind: Kind) -> Iterator[dict[str, Any]]:
        """What the file says beside the fields: its language, the course of a module."""
        languages = [{"value": lang, "label": self.t.language(lang)} for lang in available()]
        yield self._plain("lang", "choice", options=self._shared("languages", languages))
        if kind.name == "module":
            courses = [
                {"value": course.slug, "label": course.text(self.t.lang).fields.title}
                for course in self.site.library.of_kind("course")
            ]
            yield self._plain("course", "choice", options=self._shared("courses", courses))

    def _plain(self, name: str, kind: str, **more: Any) -> dict[str, Any]:
        words = {"label": self.t(f"wayback.{name}"), "help": self.t(f"wayback.{name}.help")}
        return {"name": name, "in": "", "type": kind, "required": True} | words | more

    def _step(self, name: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "name": name,
            "title": self.t(f"wayback.step.{name}"),
            "about": self.t.table.get(f"wayback.step.{name}.help", ""),
            "fields": fields,
        }

    # ---------------------------------------------------------------- fields

    def _remark(self, *names: str) -> list[dict[str, Any]]:
        made = []
        for name in names:
            one = self.field(name, RemarkFields.model_fields[name])
            help_text = self.t.table.get(f"wayback.remark.{name}.help", "")
            one |= {"label": self.t(f"wayback.remark.{name}"), "help": help_text}
            made.append(one | ({"type": "choice", "options": "places"} if name == "place" else {}))
        return made

    def field(self, name: str, info: FieldInfo, inside: type[Part] | None = None) -> dict[str, Any]:
        """One question; `inside` is the group that holds the field, if one does."""
        made: dict[str, Any] = {"name": name, "required": info.is_required()}
        if inside:
            made["label"] = self.t.table.get(f"editor.part.{name}", name)
            made["help"] = self.t.table.get(f"wayback.help.{inside.__name__.lower()}.{name}", "")
            made["required"] |= inside is Image and name in _WARNED
            if first := schema.follows(inside, name):
                made["after"] = first
        else:
            made |= {"in": "fields", "label": self.t.table.get(f"field.{name}", name)}
            made["help"] = self.t.table.get(f"wayback.help.{name}") or self.t.table.get(f"field.{name}.help", "")
        return made | self._type(name, info)

    def _type(self, name: str, info: FieldInfo) -> dict[str, Any]:
        part, many = schema.part_of(info)
        if part is not None:
            fields = [self.field(inner, one, part) for inner, one in part.model_fields.items()]
            if part is Consent:
                return {"type": "consent", "fields": fields}
            if part is Image:  # its licence is the library's
                fields = [one for one in fields if one["name"] != "licence"]
            return {"type": "groups" if many else "group", "fields": fields, "picture": part is Image}
        if options := choices(name, info, self.site.library, self.t):
            mark = schema.marks(info, values.TermOf)
            shared = mark.vocabulary if mark else name
            return {"type": "choices" if many else "choice", "options": self._shared(shared, options)}
        if many:
            return {"type": "lines"}
        if schema.marks(info, FileOf):
            return {"type": "photo"}
        scalars = schema.scalars_of(info)
        if len(scalars) > 1:
            return {"type": "point" if date in scalars else "amount"}
        if scalars == {date}:
            return {"type": "day"}
        if scalars & {int, float}:
            kind = {"type": "whole"} if int in scalars else {"type": "number", "step": 0.1}
            return kind | schema.bounds_of(info)
        return self._text(name, info)

    def _text(self, name: str, info: FieldInfo) -> dict[str, Any]:
        most = schema.most_chars_of(info)
        long = schema.is_read_by(info, a_long_text)
        made: dict[str, Any] = {"type": "long" if long or name == "summary" else "text", "rows": 4 if long else 3}
        made["max"] = most or (limits.MAX_FORM_TEXT_CHARS if long else 500)
        for reader, message in _FORMS.items():
            if schema.is_read_by(info, reader):
                made |= {"pattern": schema.marks(info, Form).schema["pattern"], "message": message}
        return made

    def _shared(self, name: str, options: list[dict[str, Any]]) -> str:
        """The options under their name: those of a vocabulary serve several fields."""
        self.options[name] = options
        return name


def _is_shown(key: str) -> bool:
    return key.startswith(("wayback.say.", "wayback.do.", "editor.consent."))
