"""The values that fields are made of: how a date, a country, a file name or an ORCID must be written.

A value at fault raises a `PydanticCustomError` whose kind names its message: `problem.bad-value.<kind>` in the texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from capitalise import limits
from capitalise.locales import countries


@dataclass(frozen=True)
class Translated:
    """Marks a field that is language: each translation has its own."""


@dataclass(frozen=True)
class TermOf:
    """Marks the id of a term in a vocabulary."""

    vocabulary: str

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return handler(core) | {VOCABULARY: self.vocabulary}


@dataclass(frozen=True)
class FileOf:
    """Marks the name of a file in the product's own folder."""

    types: tuple[str, ...]


@dataclass(frozen=True)
class Unpublished:
    """Marks a field for editors alone: neither the pages nor the open data give it."""


@dataclass(frozen=True)
class Words:
    """Marks a closed list whose members are shown through the texts `<prefix>.<member>`."""

    prefix: str


@dataclass(frozen=True, eq=False)
class Form:
    """What JSON Schema says of a value, where its Python type says too little: a function here checks the rest."""

    schema: Mapping[str, Any]

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema) if "anyOf" in self.schema else handler(core) | dict(self.schema)


VOCABULARY = "x-vocabulary"
"""The keyword under which a JSON Schema names the vocabulary of a value, until the terms themselves stand there."""

IMAGE_TYPES = (".jpg", ".jpeg", ".png", ".webp", ".svg")
VIDEO_TYPES = (".mp4", ".webm")
"""What every browser plays by itself."""
HANDOUT_TYPES = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".csv", ".txt", *IMAGE_TYPES)


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of a text: nobody means them, XML refuses some."""


def wrong(kind: str, **values: Any) -> PydanticCustomError:
    """A refusal with a message of ours: `problem.bad-value.<kind>` in the texts."""
    return PydanticCustomError("capitalise", "{kind}", {"kind": kind, **values})


def a_text(value: Any) -> Any:
    """Text, or a number written without quotes; YAML's `true` is more often a mistake than a title."""
    if value is None:
        raise wrong("blank")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise wrong("text")
    if type(value) is str and value.isprintable() and "  " not in value and (text := value.strip(" ")):
        return text  # as nearly all are: there is nothing below to take away
    text = re.sub(r"[ \t\r\n\u2028\u2029]+", " ", str(value)).strip(" ")  # non-breaking spaces are meant
    text = _UNSEEN.sub("", text)
    if not text.strip():
        raise wrong("blank")
    return text


def a_date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    text = str(value)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
        day_first = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
        if parts:
            meant = f"{int(parts[1]):04}-{int(parts[2]):02}-{int(parts[3]):02}"
        elif day_first:
            meant = f"{int(day_first[3]):04}-{int(day_first[2]):02}-{int(day_first[1]):02}"
        else:
            raise wrong("date")
        raise wrong("date", suggestion=meant)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong("no-such-day") from None


def a_period_point(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        if 1900 <= value <= 2100:
            return value
        raise wrong("year")
    try:
        return a_date(value)
    except PydanticCustomError as error:
        if error.context and error.context["kind"] == "date" and not error.context.get("suggestion"):
            raise wrong("year") from None
        raise


def a_country(value: Any) -> Any:
    code = str(value)
    if code not in countries():
        raise wrong("country", suggestion=code.upper() if code.upper() in countries() else "")
    return code


_URL = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#][^\s<>\"']*)?")


def a_url(value: Any) -> Any:
    text = str(value).strip()
    if not _URL.fullmatch(text):
        raise wrong("url")
    return text


_E_MAIL = re.compile(r"[^@\s<>\"':]+@[^@\s<>\"']+\.[a-z]{2,}")


def a_contact(value: Any) -> Any:
    text = str(value).strip()
    if _E_MAIL.fullmatch(text):
        return text
    if not _URL.fullmatch(text):
        raise wrong("contact")
    return text


def an_orcid(value: Any) -> Any:
    text = str(value).removeprefix("https://orcid.org/")
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", text):
        raise wrong("orcid")
    digits = text.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise wrong("orcid-digit")
    return text


_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def a_file_name(value: Any) -> Any:
    """A plain name, so that nothing outside the product's own folder can be meant."""
    if not _FILE_NAME.fullmatch(str(value)):
        raise wrong("file-name")
    return str(value)


def a_whole_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("whole-number")
    return value


def an_amount(value: Any) -> Any:
    """A number or a text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise wrong("text")
    return a_text(value) if isinstance(value, str) else value


def in_order(values: list[Any]) -> list[Any]:
    """Each value once, as first given."""
    return list(dict.fromkeys(values))


_TEXT = Form({"type": ["string", "number"], "pattern": r"\S"})
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_WHOLE = {"type": "integer"}

Text = Annotated[str, BeforeValidator(a_text), _TEXT]
Title = Annotated[Text, Field(max_length=limits.MAX_TITLE_CHARS)]
Summary = Annotated[Text, Field(max_length=limits.MAX_SUMMARY_CHARS)]
Day = Annotated[date, BeforeValidator(a_date), Form(_DAY)]
Country = Annotated[str, BeforeValidator(a_country), Form({"enum": sorted(countries())})]
Url = Annotated[str, BeforeValidator(a_url), Form({"pattern": f"^\\s*{_URL.pattern}\\s*$"})]
Contact = Annotated[
    str, BeforeValidator(a_contact), Form({"pattern": f"^\\s*(?:{_E_MAIL.pattern}|{_URL.pattern})\\s*$"})
]
Orcid = Annotated[
    str, BeforeValidator(an_orcid), Form({"pattern": r"^(?:https://orcid\.org/)?(?:\d{4}-){3}\d{3}[\dX]$"})
]
FileName = Annotated[str, BeforeValidator(a_file_name), Form({"pattern": f"^{_FILE_NAME.pattern}$"})]
Whole = Annotated[int, BeforeValidator(a_whole_number), Form(_WHOLE)]
Minutes = Annotated[Whole, Field(ge=1, le=100_000)]
Number = Annotated[Whole, Field(ge=0)]
Point = Annotated[
    int | date, BeforeValidator(a_period_point), Form({"anyOf": [_WHOLE | {"minimum": 1900, "maximum": 2100}, _DAY]})
]
"""A year or a day."""
Amount = Annotated[
    int | float | str,
    BeforeValidator(an_amount),
    Form({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"\S"}]}),
]
"""The value of a key figure: a number, or a text such as `25–100`."""
