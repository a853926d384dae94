"""Telephone numbers of the countries of the library, in any way of writing them.

Which digits are a number is what `phonenumbers` knows (Google's libphonenumber, from the ITU's and the regulators'
plans); which rows of digits are an amount, a range, a date or a reference is told by how they are grouped and by what
stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberType

from capitalise.locales import available, fold, texts
from capitalise.personal.found import PHONE, Found
from capitalise.personal.plain import near

REGIONS = ("BJ", "BF", "BI", "CD", "GN", "HT", "RW", "SN", "BE")
"""The eight countries of the library, and Belgium: their numbers are found without their prefix too."""

_GAP = r"(?: ?\(0\) ?| ?\) ?| ?\(|[ ./-])"
_ROW = re.compile(
    rf"(?<![\w+])(?<!\d[.,/-])(?<![A-Za-z]-)[(+]{{0,2}}\d++(?:{_GAP}\d++){{0,59}}+\)?(?![\w%°])(?![.,]\d)"
)
"""A row of at most sixty groups of digits: fifteen numbers side by side."""
_DENSE = re.compile(r"\d(?:[ ./()-]{0,3}\d){6}")
_MOST_DIGITS = 15
_UNIT = re.compile(
    r" ?(?:F ?CFA|FCFA|CFA|XOF|XAF|FBu|BIF|FRW|RWF|GNF|FG|HTG|CDF|FC|USD|EUR|F|€|\$|£"
    r"|kg|g|t|ha|m|km|mm|cm|l|m[²³23]|kWh|W|kW)(?!\w)",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(?:F ?CFA|FCFA|XOF|XAF|FBU|BIF|FRW|RWF|GNF|HTG|CDF|USD|EUR|US\$|[€$£])[ :]?\Z", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:n ?°|\bn[ºo]s?\.?|#|\bp\.|\bpp\.|\bpages?|\br[ée]f(?:[ée]rence|\.)?|\bcodes?|\bproje(?:c?t|ts)|\bid|\bgrants?"
    r"|\bcontra[ct]t?|\blots?|\barr[êe]t[ée]|\bd[ée]cret|\bloi|\blaw|\bversion|\b[A-Z]{2,}[/-])[ :.]{0,3}\Z",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(
    r"[1-9]\d{0,2}(?:[ .]\d{3})+(?:[ ]?-[ ]?\d{1,3}(?:[ .]\d{3})*)?|[1-9]\d{0,2}-\d{1,3}(?:[ .]\d{3})+"
)
_DECIMALS = re.compile(r"\d+\.\d+[ -]\d+\.\d+|\d{1,3}\.\d{4,}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[ /-](?:19|20)?\d\d)+")
_HOURS = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d-(?:[01]?\d|2[0-4])[.:][0-5]\d")
_BEFORE, _AFTER = 40, 20


def find(text: str, countries: Iterable[str] = ()) -> Iterator[Found]:
    """The numbers of a plain text. `countries` are those of which it speaks, beside the library's own."""
    regions = tuple(dict.fromkeys((*REGIONS, *countries)))
    for begin, stop in near(text, _DENSE, 20, 40):
        yield from _between(text, begin, stop, regions)


def _between(text: str, begin: int, stop: int, regions: tuple[str, ...]) -> Iterator[Found]:
    for match in _ROW.finditer(text, begin, stop):
        if 7 <= sum(map(str.isdigit, match[0])):
            row, start = match[0], match.start()
            if ")" not in row.rstrip(")"):  # brackets around it, and not around its prefix
                row = row.lstrip("(")
                start, row = match.end() - len(row), row.rstrip(")")
            yield from _in_row(text, row, start, regions)


def _in_row(text: str, row: str, start: int, regions: tuple[str, ...]) -> Iterator[Found]:
    """The numbers of one row: most often the row itself, sometimes two side by side, or one beside a figure."""
    end = start + len(row)
    said = _is_announced(text, start, end)
    measured = _UNIT.match(text, end) or _CURRENCY.search(text[max(0, start - 8) : start])
    if measured and not row.startswith(("+", "(+", "00")) and (not said or _THOUSANDS.fullmatch(row)):
        return
    if is_number(row, regions, said=said, referred=bool(_REFERENCE.search(text[max(0, start - 16) : start]))):
        yield Found(PHONE, start, end, row)
        return
    groups = [(found.start(), found.end()) for found in re.finditer(r"\+?\d+", row)]
    for parts in _parted(groups, beside=said):
        pieces = [(first, last, row[first:last]) for first, last in parts]
        if all(is_number(piece, regions, said=said) for _, _, piece in pieces):
            for first, last, piece in pieces:
                yield Found(PHONE, start + first, start + last, piece)
            return


def _parted(groups: list[tuple[int, int]], *, beside: bool) -> Iterator[list[tuple[int, int]]]:
    """Ways to part a row: numbers of one length side by side; and `beside` a figure, before or after it, a number."""
    total = sum(last - first for first, last in groups)
    for length in (9, 8, 10, 12, 11, 13):
        if total % length == 0 and total > length:
            parts, seen, begin = [], 0, 0
            for first, last in groups:
                begin = first if seen == 0 else begin
                seen += last - first
                if seen >= length:
                    parts.append((begin, last))
                    if seen > length:
                        break
                    seen = 0
            if seen == 0 and len(parts) == total // length:
                yield parts
    if beside and len(groups) > 3:
        yield [(groups[1][0], groups[-1][1])]
        yield [(groups[0][0], groups[-2][1])]


def is_number(row: str, regions: tuple[str, ...] = REGIONS, *, said: bool = False, referred: bool = False) -> bool:
    """Whether a row of digits is a telephone number.

    `said`: a word beside it says that it is one; `referred`: a word before it says that it is a reference.
    """
    digits = re.sub(r"\D", "", row.replace("(0)", ""))
    if len(digits) > _MOST_DIGITS or len(digits) < 8:
        return False
    if row.startswith(("+", "(+", "00")):
        return _abroad(digits.removeprefix("00"))
    if not said and (referred and re.fullmatch(r"\d+|\d+-\d+", row) or _is_something_else(row, digits)):
        return False
    if digits.startswith(_codes()) and (said or not row.isdigit()) and _abroad(digits):
        return True
    return _at_home(digits, regions, said, alone=row.isdigit())


def _is_something_else(row: str, digits: str) -> bool:
    """An amount, a range, a date, hours, decimal numbers."""
    if any(pattern.fullmatch(row) for pattern in (_THOUSANDS, _DECIMALS, _YEARS, _HOURS)):
        return True
    groups = re.findall(r"\d+", row)
    if len(groups) == 2 and all(len(group) == 4 and group.endswith("0") for group in groups):
        return True  # 3000-4500
    if len(groups) == 1:
        return digits.endswith("000") or _is_day(digits[:4], digits[4:6], digits[6:8])
    if len(groups) == 3:
        return _is_day(*groups) or _is_day(*reversed(groups))
    return all(int(group) % 5 == 0 for group in groups) or max(map(len, groups)) > 7  # 20 25 30 35


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return len(year) == 4 and 1900 <= date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False


def _is_announced(text: str, start: int, end: int) -> bool:
    """Whether a word beside the row says that it is a telephone number."""
    before = text[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    return bool(_words().search(fold(before)) or _words().search(fold(text[end : end + _AFTER].partition("\n")[0])))


@cache
def _words() -> re.Pattern[str]:
    words = {fold(word) for lang in available() for word in texts(lang)("personal.phone-words").split(",")}
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)|[☎☏📞📱]")


# -------------------------------------------------------------------------------- the plans


@cache
def _codes() -> tuple[str, ...]:
    """The countries' prefixes, as they are written without a `+`."""
    return tuple(str(phonenumbers.country_code_for_region(region)) for region in REGIONS)


@lru_cache(4096)
def _abroad(digits: str) -> bool:
    """With its country's prefix; Benin's of eight digits were all given `01` in November 2024 (ARCEP Bénin)."""
    if re.fullmatch(r"229[24-9]\d{7}", digits):
        digits = f"22901{digits[3:]}"
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}"))
    except NumberParseException:
        return False


_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@lru_cache(4096)
def _at_home(digits: str, regions: tuple[str, ...], said: bool, alone: bool) -> bool:
    """Without it, as it is dialled in one of the countries.

    A row without a gap is taken for a number where a word says so, or where it is a mobile's.
    """
    for region in regions:
        prefix, pattern = _plan(region)
        if not pattern.fullmatch(digits.removeprefix(prefix)):
            continue
        if prefix and not digits.startswith(prefix) and not said:
            continue
        number = phonenumbers.parse(digits, region)
        if not phonenumbers.is_valid_number_for_region(number, region):
            continue
        if said or not alone or phonenumbers.number_type(number) in _MOBILE:
            return True
    return said and bool(re.fullmatch(r"[24-9]\d{7}", digits)) and _abroad(f"229{digits}")


@cache
def _plan(region: str) -> tuple[str, re.Pattern[str]]:
    """What is dialled before a number within a country, and the form of the number."""
    found = PhoneMetadata.metadata_for_region(region)
    if found is None:
        return "", re.compile(r"(?!)")
    return found.national_prefix or "", re.compile(found.general_desc.national_number_pattern)
