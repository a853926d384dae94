"""The editor's form, made from the model: one field, one way to fill it in; labels and hints in each language.

Two things come out of it: the configuration that Decap CMS reads (decapcms.org/docs/configuration-options), and the
`model` that `codec.js` needs to turn a file into a form and back.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from capitalise import schema
from capitalise.library import Library
from capitalise.locales import Texts, countries, texts
from capitalise.model import KINDS, OWN_OF_TRANSLATION, Consent, Kind
from capitalise.sections import labels_of
from capitalise.values import IMAGE_TYPES, FileOf, TermOf, Words, a_country

_SLUG = "[a-z0-9][a-z0-9-]*"
PATTERNS = {
    "sheet": f"^sheets/{_SLUG}$",
    "course": f"^trainings/{_SLUG}$",
    "module": f"^trainings/{_SLUG}/[0-9][0-9]-{_SLUG}$",
    "session": f"^sessions/{_SLUG}/[0-9][0-9]-{_SLUG}$",
}
"""Folders of each kind below the library's: `model.kind_of` as the editor's script can read it."""

_GROUPS = {"module": "course", "session": "group"}
"""Kinds whose folder stands in another one, and what the form calls it. Their folders begin with a number."""


def form(library: Library, languages: tuple[str, ...], lang: str, root: str) -> dict[str, Any]:
    """The collections of the editor, and the model of its codec, in the language `lang` of its user.

    `languages` are those of the site, `root` the folder of the library in the repository. Each kind comes once for
    each language in which an original may be written; the other languages stand beside it.
    """
    builder = _Builder(library, languages, texts(lang), root)
    return {
        "collections": [builder.collection(kind, original) for kind in KINDS.values() for original in languages],
        "model": {
            "root": root,
            "languages": list(languages),
            "kinds": {kind.name: builder.kind(kind) for kind in KINDS.values()},
            "originals": {_name(kind, original): original for kind in KINDS.values() for original in languages},
        },
    }


def _name(kind: Kind, original: str) -> str:
    return f"{kind.name}-{original}"


def in_form(kind: Kind) -> dict[str, FieldInfo]:
    """The fields that a person fills in; a translation's stamp is written by the command `translate`."""
    return {name: info for name, info in kind.fields.model_fields.items() if name not in OWN_OF_TRANSLATION}


def choices(name: str, info: FieldInfo, library: Library, words: Texts) -> list[dict[str, Any]]:
    """The closed list that a field chooses from, in the order of its labels; none where it is free."""
    if term := schema.marks(info, TermOf):
        found = [{"label": one.name(words.lang), "value": one.id} for one in library.vocabularies[term.vocabulary]]
    elif shown := schema.marks(info, Words):
        return [{"label": words(f"{shown.prefix}.{choice}"), "value": choice} for choice in schema.choices_of(info)]
    elif schema.is_read_by(info, a_country):
        found = [{"label": words.country(code), "value": code} for code in countries()]
    elif name == "sdgs":
        return [{"label": f"{number}. {words(f'sdg.{number}')}", "value": number} for number in range(1, 18)]
    elif name == "related":
        found = [{"label": p.text(words.lang).fields.title, "value": p.id} for p in library.listed]
    else:
        return []
    return sorted(found, key=lambda option: words.sort_key(option["label"]))


class _Builder:
    def __init__(self, library: Library, languages: tuple[str, ...], words: Texts, root: str) -> None:
        self.library, self.languages, self.t, self.root = library, languages, words, root

    # ---------------------------------------------------------------- for the codec

    def kind(self, kind: Kind) -> dict[str, Any]:
        """What the codec knows of a kind."""
        return {
            "pattern": PATTERNS[kind.name],
            "fields": {name: _shape(info) for name, info in in_form(kind).items()},
            "sections": [
                {
                    "anchor": section.anchor,
                    "titles": {lang: texts(lang)(f"section.{kind.name}.{section.anchor}") for lang in self.languages},
                }
                for section in kind.sections
            ],
            "labels": {lang: dict(labels_of(kind.name, lang)) for lang in self.languages},
        }

    # ---------------------------------------------------------------- for Decap

    def collection(self, kind: Kind, original: str) -> dict[str, Any]:
        """The products of a kind that were written in the language `original`."""
        group = _GROUPS.get(kind.name)
        place = [self._group(kind, group), self._rank()] if group else []
        languages = [original, *(lang for lang in self.languages if lang != original)]
        return {
            "name": _name(kind, original),
            "label": self.t(
                "editor.collection", kind=self.t(f"editor.kinds.{kind.name}"), lang=self.t.language(original)
            ),
            "label_singular": self.t(f"kind.{kind.name}"),
            "description": self.t("editor.collection.help", lang=self.t.language(original)),
            "folder": f"{self.root}/{kind.collection}",
            "path": "{{_group}}/{{slug}}/index" if group else "{{slug}}/index",
            "slug": "{{fields._rank}}-{{slug}}" if group else "{{slug}}",
            "extension": "md",
            "format": "json",  # admin.js hands forms over as JSON, and turns them into files on the way out
            "create": True,
            "delete": False,  # a published address lives on: `status: withdrawn` says why its text is gone
            "identifier_field": "title",
            "summary": "{{title}}",
            "sortable_fields": ["title", "date"],
            "filter": {"field": "_original", "value": original},
            "media_folder": "",
            "public_folder": "",
            "i18n": {"structure": "multiple_files", "locales": languages, "default_locale": original},
            "editor": {"preview": True},
            "fields": [*place, *self._fields(kind)],
        }

    def _fields(self, kind: Kind) -> list[dict[str, Any]]:
        """What must be filled in first, then the text, then whatever else can be said."""
        fields = [self.field(name, info) for name, info in in_form(kind).items()]
        titles = {section: self.t(f"section.{kind.name}.{section.anchor}") for section in kind.sections}
        return [
            *(field for field in fields if field["required"]),
            *(self._section(section.anchor, title, section.required) for section, title in titles.items()),
            *(field for field in fields if not field["required"]),
            self._section("intro", self.t("editor.intro"), False),
        ]

    def _group(self, kind: Kind, group: str) -> dict[str, Any]:
        """The folder in which a new module or session goes."""
        known = {product.parent_id.rpartition("/")[2] for product in self.library.of_kind(kind.name)}
        if group == "course":
            known = {product.slug for product in self.library.of_kind("course")}
        else:
            known |= {term.id for term in self.library.vocabularies["communities"]}
        return {
            "name": "_group",
            "label": self.t(f"editor.{group}"),
            "hint": self.t(f"editor.{group}.help"),
            "widget": "capitalise-once",
            "required": False,  # the widget asks for it where the product is new
            "options": sorted(known) or [""],
        }

    def _rank(self) -> dict[str, Any]:
        return {
            "name": "_rank",
            "label": self.t("editor.rank"),
            "hint": self.t("editor.rank.help"),
            "widget": "capitalise-once",
            "required": False,  # the widget asks for it where the product is new
            "options": [f"{number:02}" for number in range(1, 100)],
        }

    def _section(self, anchor: str, label: str, required: bool) -> dict[str, Any]:
        return {
            "name": f"section-{anchor}",
            "label": label,
            "widget": "capitalise-text",
            "required": required,
            "i18n": True,
        }

    def field(self, name: str, info: FieldInfo, part: str = "") -> dict[str, Any]:
        """One field of the form; `part` is the field that holds it, if one does."""
        label = self.t(f"editor.part.{name}") if part else self.t(f"field.{name}")
        base: dict[str, Any] = {"name": name, "label": label, "required": info.is_required()}
        if not part:
            base["hint"] = self.t(f"field.{name}.help")
        if schema.is_translated(info) or schema.has_translated_parts(info):
            base["i18n"] = True
        return base | self._widget(name, info)

    def _widget(self, name: str, info: FieldInfo) -> dict[str, Any]:
        group, many = schema.part_of(info)
        if group is Consent:
            return self._consent()
        if group is not None:
            fields = [self.field(inner, inner_info, name) for inner, inner_info in group.model_fields.items()]
            if not many:  # Decap would ask for the credit of a cover that is not there; `check` asks where it is
                fields = [field | {"required": False} for field in fields]
            first = next(iter(group.model_fields))
            shown = next((inner for inner in ("label", "title", "name", "file") if inner in group.model_fields), first)
            return {
                "widget": "list" if many else "object",
                "fields": fields,
                "collapsed": not info.is_required(),
                "summary": f"{{{{fields.{shown}}}}}",
            } | ({"label_singular": self.t(f"field.{name}")} if many else {})
        if options := choices(name, info, self.library, self.t):
            return {"widget": "select", "options": options} | ({"multiple": True} if many else {})
        if many:
            inner = {"name": "text", "label": self.t(f"field.{name}"), "widget": "string"}
            if schema.is_translated(info):
                inner["i18n"] = True
            return {"widget": "list", "field": inner, "collapsed": False}
        if mark := schema.marks(info, FileOf):
            return {
                "widget": "image" if mark.types == IMAGE_TYPES else "file",
                "choose_url": False,
                "allow_multiple": False,
            }
        scalars = schema.scalars_of(info)
        if scalars == {date}:
            return {"widget": "capitalise-day"}
        if scalars == {int}:
            return {"widget": "number", "value_type": "int"} | schema.bounds_of(info)
        if scalars == {float}:
            return {"widget": "number", "value_type": "float", "step": 0.1} | schema.bounds_of(info)
        return {"widget": "text" if name == "summary" else "string"}

    def _consent(self) -> dict[str, Any]:
        """Whether the people on a photo agreed: no one can be recognised, or a date."""
        answers = [{"label": self.t(f"editor.consent.{one}"), "value": one} for one in ("given", "not-needed")]
        answer = {
            "name": "answer",
            "label": self.t("editor.consent"),
            "hint": self.t("editor.consent.help"),
            "widget": "select",
            "options": answers,
            "required": False,
        }
        fields = [
            self.field(name, info, "consent") | {"required": False} for name, info in Consent.model_fields.items()
        ]
        return {"widget": "object", "fields": [answer, *fields], "collapsed": False}


def _shape(info: FieldInfo) -> dict[str, Any]:
    """What the codec must know of a field to keep its values' types, and to leave out of a translation what is not
    language."""
    group, many = schema.part_of(info)
    scalars = schema.scalars_of(info) if group is None else set()
    shape: dict[str, Any] = {
        "many": many,
        "translated": schema.is_translated(info),
        "partly": schema.has_translated_parts(info),
        "text": len(scalars) > 1 or scalars == {date},  # a year or a day, a number or a word: one line of text
        "number": len(scalars) > 1,
        "word": group is Consent,
    }
    if group is not None:
        shape["fields"] = {name: _shape(inner) for name, inner in group.model_fields.items()}
    return {name: value for name, value in shape.items() if value}
