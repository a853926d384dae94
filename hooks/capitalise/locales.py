"""Every text that the program says, and how each language writes numbers, dates and countries.

A language is one file, `locale/<code>.yml`: a flat table of texts. Dates, numbers, plurals and country names
come from the Unicode CLDR through Babel; nothing else has to be written for a third language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent / "locale"
DEFAULT = "fr"
NBSP = "\u00a0"


def available() -> tuple[str, ...]:
    """Codes of the languages that have a table; French first, it is the default."""
    codes = sorted(path.stem for path in FOLDER.glob("*.yml"))
    return (DEFAULT, *(code for code in codes if code != DEFAULT))


class Texts:
    """The texts of one language: `texts("nav.home")`, `texts.count("count.sheets", 3)`."""

    def __init__(self, lang: str, table: Mapping[str, Any]) -> None:
        self.lang = lang
        self.table = table
        self.locale = Locale.parse(lang)

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text of `key`, its `{names}` replaced. Raises `KeyError` for a key that is not in the table."""
        text = self.table[key]
        return text.format(**values) if values else text

    def count(self, key: str, number: int, /, **values: Any) -> str:
        """The text of `key` in the plural form that `number` asks for in this language (CLDR's rules)."""
        forms = self.table[key]
        form = forms.get(self.locale.plural_form(number), forms["other"])
        return form.format(n=self.number(number), **values)

    def number(self, value: float | str) -> str:
        """A number as this language writes it; a text is left as it is."""
        return value if isinstance(value, str) else format_decimal(value, locale=self.locale)

    def date(self, day: date) -> str:
        """A date in full: « 14 juillet 2023 », "14 July 2023" (day first in English: our readers' use)."""
        if self.lang == "en":
            return format_date(day, "d MMMM y", locale=self.locale)
        text = format_date(day, "long", locale=self.locale)
        return re.sub(r"^1\b", "1er", text) if self.lang == "fr" and day.day == 1 else text  # CLDR has no form for it

    def month(self, day: date) -> str:
        """Month and year."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def size(self, number: int) -> str:
        """Bytes as kilobytes or megabytes, as large as a person thinks of them."""
        if number < 1e6:
            return self.count("size.kb", max(1, round(number / 1000)))
        return self("size.mb", n=self.number(round(number / 1e6, 1)))

    def duration(self, minutes: int) -> str:
        """Minutes as hours and minutes: « 1 h 30 », "1 h 30"."""
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest}{NBSP}min"
        return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")

    def listing(self, items: Sequence[str]) -> str:
        """« a, b et c »."""
        return format_list(list(items), locale=self.locale)

    def country(self, code: str) -> str:
        """Name of a country from its ISO 3166-1 alpha-2 code: CLDR's, unless the texts have a better known one."""
        return self.table.get(f"country.{code}") or self.locale.territories.get(code, code)

    def language(self, code: str) -> str:
        """Name of a language, in this one."""
        return self.locale.languages.get(code, code)

    def sort_key(self, text: str) -> tuple[str, str]:
        """Key of an alphabetical order in which accents and capitals do not count first."""
        return fold(text), text


@cache
def texts(lang: str) -> Texts:
    """The texts of a language; those that its table lacks are in the default language (`missing` names them).

    Raises `FileNotFoundError` where `locale/` has no such table.
    """
    own = _table(lang)
    default = {key: text for key, text in _table(DEFAULT).items() if key not in _OPTIONAL or lang == DEFAULT}
    return Texts(lang, default | own)


def missing(lang: str) -> tuple[str, ...]:
    """The texts that a language's table lacks."""
    return tuple(sorted(_table(DEFAULT).keys() - _table(lang).keys() - _OPTIONAL))


_OPTIONAL = {"country.CD", "find.elided"}
"""Texts that a language may do without."""


@cache
def _table(lang: str) -> dict[str, Any]:
    return yaml.load((FOLDER / f"{lang}.yml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def countries() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes, as CLDR lists them, less its groups and reserved codes."""
    not_countries = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}
    return frozenset(
        code for code in Locale("en").territories if len(code) == 2 and code.isalpha() and code not in not_countries
    )


def slug(text: str) -> str:
    """A text as a part of an address: `[a-z0-9-]`; empty where nothing of it can be kept."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def fold(text: str) -> str:
    """A text reduced to what must be equal when two people mean the same word: no accent, case, or apostrophe style."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'").replace("œ", "oe").replace("æ", "ae")
    return (plain if plain.isascii() else "".join([c for c in plain if not unicodedata.combining(c)])).strip()
