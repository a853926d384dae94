"""What a product is: its kinds, fields and sections. The single source.

Validation, the contributors' reference page, the templates of new products, the JSON Schema and the exports are
all made from these classes: a field is added here and nowhere else (its label and its help stand in `locale/`).

Sources: Dublin Core and schema.org for the common fields; FAO's good-practice template, WOCAT's questionnaires and
PANORAMA's solutions for the sheet; FAO (2013) for the four stages of `evidence`; ISO 3166-1 for countries; SPDX for
licences. The forms of single values are in `values.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from capitalise.values import (
    HANDOUT_TYPES,
    IMAGE_TYPES,
    VIDEO_TYPES,
    Amount,
    Contact,
    Country,
    Day,
    FileName,
    FileOf,
    Minutes,
    Number,
    Orcid,
    Point,
    Summary,
    TermOf,
    Text,
    Title,
    Translated,
    Unpublished,
    Url,
    Whole,
    Words,
    in_order,
    wrong,
)

# -------------------------------------------------------------------------------- groups of fields


class Part(BaseModel):
    """A group of fields: nothing unknown in it, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _not_before(first: str) -> Any:
    """A validator: the field is not earlier than the field `first`; a year is as early as its first day."""

    def check(value: int | date | None, info: ValidationInfo) -> Any:
        start = info.data.get(first)
        if value is not None and start is not None:
            pair = [moment.year if isinstance(moment, date) else moment for moment in (start, value)]
            if pair[1] < pair[0] or (isinstance(start, date) and isinstance(value, date) and value < start):
                raise wrong("order", first=first)
        return value

    check.first = first  # for who looks into the model (`schema.follows`)
    return check


class Status(StrEnum):
    """How far a product has come."""

    PUBLISHED = "published"
    DRAFT = "draft"
    ARCHIVED = "archived"
    EXAMPLE = "example"
    WITHDRAWN = "withdrawn"


class Evidence(StrEnum):
    """FAO's four stages of a practice."""

    POTENTIAL = "potential"
    PROMISING = "promising"
    GOOD = "good"
    INSTITUTIONALISED = "institutionalised"


class Climate(StrEnum):
    """The two answers to climate change (OECD-DAC Rio markers)."""

    ADAPTATION = "adaptation"
    MITIGATION = "mitigation"


class Format(StrEnum):
    """How a session was held."""

    ONLINE = "online"
    FACE_TO_FACE = "face-to-face"
    HYBRID = "hybrid"


class Acknowledgeable(StrEnum):
    """The problems that an editor may accept, knowing why. A missing consent is none of them."""

    PERSONAL_DATA = "personal-data"
    PRECISE_PLACE = "precise-place"


class Author(Part):
    name: Text
    organisation: Text | None = None
    orcid: Orcid | None = None


class Person(Part):
    name: Text
    organisation: Text | None = None


class Translator(Part):
    name: Text


class Consent(Part):
    """Consent of the people who can be recognised on a photo; never their names."""

    given: Day
    until: Day | None = None
    scope: Text | None = None

    _in_order = field_validator("until")(_not_before("given"))

    def holds(self, today: date) -> bool:
        """Whether the photo may be shown on that day."""
        return self.given <= today and (self.until is None or today <= self.until)


def _a_consent(value: Any) -> Any:
    if isinstance(value, str) and value != "not-needed":
        raise wrong("consent")
    return value


_Consent = Annotated[
    Annotated[Consent, Tag("group")] | Annotated[Literal["not-needed"], Tag("word")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "group"),  # or each fault is told of both
    BeforeValidator(_a_consent),
]


def _consented(consent: Consent | str | None, today: date) -> bool:
    return consent == "not-needed" or (isinstance(consent, Consent) and consent.holds(today))


class Image(Part):
    file: Annotated[FileName, FileOf(IMAGE_TYPES)]
    alt: Annotated[Text | None, Translated()] = None
    caption: Annotated[Text | None, Translated()] = None
    credit: Text
    licence: Text | None = None
    consent: _Consent | None = None

    def may_be_shown(self, today: date) -> bool:
        """A photo without consent, or whose consent is past, is kept out."""
        return _consented(self.consent, today)


class Video(Part):
    """A film: its page on the web, its file, or both. The poster stands for it where it can't be played."""

    title: Annotated[Text, Translated()]
    url: Url | None = None
    file: Annotated[FileName, FileOf(VIDEO_TYPES)] | None = None
    poster: Annotated[FileName, FileOf(IMAGE_TYPES)]
    credit: Text
    licence: Text | None = None
    consent: _Consent | None = None

    def may_be_shown(self, today: date) -> bool:
        """Whoever can be recognised in it, or on its poster, agreed."""
        return _consented(self.consent, today)


class Handout(Part):
    file: Annotated[FileName, FileOf(HANDOUT_TYPES)]
    label: Annotated[Text, Translated()]


class Source(Part):
    title: Text
    publisher: Text | None = None
    year: Annotated[Whole, Field(ge=1500, le=2100)] | None = None
    url: Url | None = None


class Reuse(Part):
    where: Text
    by: Text
    date: Day
    what: Annotated[Text, Translated()]


class Acknowledgement(Part):
    """That an editor accepts one value that a check points out, as it is written, and why."""

    code: Annotated[Acknowledgeable, Words("acknowledged")]
    value: Text
    reason: Text
    by: Text
    date: Day


class TranslationOf(Part):
    language: Text
    revision: Text | None = None
    sections: dict[str, Text] = {}


class Place(Part):
    name: Annotated[Text, Translated()]
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Period(Part):
    start: Point
    end: Point | None = None

    _in_order = field_validator("end")(_not_before("start"))


class Figure(Part):
    """A key figure: results and costs."""

    label: Annotated[Text, Translated()]
    value: Annotated[Amount, Translated()]
    unit: Annotated[Text | None, Translated()] = None
    source: Annotated[Whole, Field(ge=1)] | None = None


class Validation(Part):
    by: Text
    date: Day


class Participants(Part):
    total: Number | None = None
    women: Number | None = None
    men: Number | None = None
    countries: list[Country] = []


def _terms(vocabulary: str) -> Any:
    return Annotated[list[Annotated[Text, TermOf(vocabulary)]], AfterValidator(in_order)]


def _texts() -> Any:
    return Annotated[list[Text], Translated()]


# -------------------------------------------------------------------------------- kinds


class Fields(Part):
    """What every product carries, in the order in which a contributor meets it."""

    title: Annotated[Title, Translated()]
    summary: Annotated[Summary, Translated()]
    status: Annotated[Status, Words("status")] = Status.PUBLISHED
    withdrawal_reason: Annotated[Text | None, Translated()] = None
    date: Day
    authors: Annotated[list[Author], Field(min_length=1)]
    organisations: _terms("organisations") = []
    contact: Contact | None = None
    countries: Annotated[list[Country], AfterValidator(in_order)] = []
    themes: Annotated[_terms("themes"), Field(min_length=1)]
    keywords: _texts() = []
    sdgs: Annotated[list[Annotated[Whole, Field(ge=1, le=17)]], AfterValidator(in_order)] = []
    licence: Text | None = None
    cover: Image | None = None
    photos: list[Image] = []
    videos: list[Video] = []
    files: list[Handout] = []
    related: list[Text] = []
    sources: list[Source] = []
    aliases: list[Text] = []
    reviewers: list[Person] = []
    review_by: Day | None = None
    reuse: list[Reuse] = []
    acknowledged: Annotated[list[Acknowledgement], Unpublished()] = []
    translation_of: TranslationOf | None = None
    draft_by: Literal["machine"] | None = None
    translators: list[Translator] = []


class SheetFields(Fields):
    """Fiche de capitalisation."""

    countries: Annotated[list[Country], AfterValidator(in_order), Field(min_length=1)]
    places: list[Place] = []
    period: Period | None = None
    practices: _terms("practices") = []
    climate: Annotated[list[Climate], AfterValidator(in_order), Words("climate")] = []
    communities: _terms("communities") = []
    target_groups: _texts() = []
    results: list[Figure] = []
    costs: list[Figure] = []
    evidence: Annotated[Evidence | None, Words("evidence")] = None
    hazards: _terms("hazards") = []
    validation: Validation | None = None
    sources: Annotated[list[Source], Field(min_length=1)]


class CourseFields(Fields):
    """A course: its modules are the folders in its folder, in the order of their two digits."""

    audience: _texts() = []
    objectives: _texts() = []
    duration: Minutes | None = None
    prerequisites: _texts() = []


class ModuleFields(Fields):
    """One module of a course."""

    objectives: _texts() = []
    duration: Minutes | None = None


class SessionFields(Fields):
    """Summary of one session of a learning and practice community (CAP)."""

    community: Annotated[Text, TermOf("communities")]
    number: Annotated[Whole, Field(ge=1)]
    format: Annotated[Format, Words("format")]
    duration: Minutes | None = None
    place: Annotated[Text | None, Translated()] = None
    facilitators: _texts() = []
    participants: Participants | None = None


@dataclass(frozen=True)
class Section:
    """A heading that the model knows: the same anchor in every language, so that switching keeps the place."""

    anchor: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of product."""

    name: str
    fields: type[Fields]
    sections: tuple[Section, ...]
    collection: str
    """The folder of `products/` that holds it."""
    schema_type: str
    """Its type in schema.org."""

    def required_sections(self) -> tuple[str, ...]:
        """Anchors of the sections that must be there."""
        return tuple(section.anchor for section in self.sections if section.required)


def _sections(names: str) -> tuple[Section, ...]:
    """Sections from their anchors; a star marks a required one."""
    return tuple(Section(name.rstrip("*"), name.endswith("*")) for name in names.split())


_TRAINING = "objectives key-points{} steps{} exercise tools self-check resources"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "sheet",
            SheetFields,
            _sections(
                "context* problem* approach* actors results* success-factors difficulties* lessons* "
                "sustainability replication* voices resources"
            ),
            "sheets",
            "Report",
        ),
        Kind("course", CourseFields, _sections(_TRAINING.format("", "")), "trainings", "Course"),
        Kind("module", ModuleFields, _sections(_TRAINING.format("*", "*")), "trainings", "LearningResource"),
        Kind(
            "session",
            SessionFields,
            _sections("purpose* situations learnings* decisions next resources"),
            "sessions",
            "Report",
        ),
    )
}
"""The kinds by name."""

OWN_OF_TRANSLATION = frozenset({"translation_of", "draft_by", "translators"})
"""Fields that a translation has for itself beside the translated ones."""


def kind_of(parts: tuple[str, ...]) -> Kind | None:
    """The kind of the product in the folder `parts` of the library; None where no product can be."""
    match parts:
        case ("sheets", _):
            return KINDS["sheet"]
        case ("trainings", _):
            return KINDS["course"]
        case ("trainings", _, module) if re.match(r"\d\d-", module):
            return KINDS["module"]
        case ("sessions", _, session) if re.match(r"\d\d-", session):
            return KINDS["session"]
    return None
