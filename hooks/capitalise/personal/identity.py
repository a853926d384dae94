"""Numbers that name one person: of identity cards, registers, passports, bank accounts.

A form that nothing else has is found by itself; a plain row of digits only where a word beside it says what it is.

Sources. Senegal: thirteen digits, 1 or 2 first, as cards show them (no public text of the rule was found). Rwanda:
sixteen digits in six groups (ickjournalism.com, "Understanding the 16 digits on Rwanda's national ID card"; KT Press,
June 2025). Haiti: ten digits, the NINU as the NIF before it (decree of 11 March 2020; lereliefhaiti.com). Benin: the
NPI, a random number of the ANIP, and so a row of digits that its name must announce (24haubenin.info, March 2025).
Burkina Faso: `B` and digits, as cards show them (no public text of the rule was found). Belgium: the national
register number and its check digits (`stdnum.be.nn`, which names its sources). The other countries' cards have no
form that was found in public: by their names alone. Passports: ICAO Doc 9303, part 4 (machine-readable lines).
Accounts: ISO 13616 (IBAN) by its check digits alone, since its registry lacks the countries of the BCEAO, whose banks
write their numbers as IBANs too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from stdnum.be import bis, nn
from stdnum.iso7064 import mod_97_10

from capitalise.locales import available, texts
from capitalise.personal.found import BANK, IDENTITY, Found
from capitalise.personal.plain import near

_START, _END = r"(?<![\w.,/+-])", r"(?![\w])(?![.,/-]\w)"
_IBAN = re.compile(rf"(?<![\w])[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]{{4}}){{2,7}}(?:[ -]?[A-Z0-9]{{1,3}})?{_END}")
_BELGIAN = re.compile(rf"{_START}\d\d[. /]?\d\d[. /]?\d\d[ -]{{0,3}}\d{{3}}[. -]?\d\d{_END}")
_SHAPES = re.compile(
    "|".join(
        f"(?:{_START}(?:{shape}){_END})"
        for shape in (
            r"[12][ -]?\d{3}[ -]?(?:19|20)\d\d[ -]?\d{5}|[12]\d{12}",  # Senegal
            r"[123][ -]?(?:19|20)\d\d[ -]?[78][ -]?\d{7}[ -]?\d[ -]?\d\d",  # Rwanda
            r"\d{3}-\d{3}-\d{3}-\d",  # Haiti: NIF, NINU
            r"\d\d-\d\d-\d\d-(?:19|20)\d\d-\d\d-\d{5}",  # Haiti: the card before 2020
            r"B ?\d{7,9}",  # Burkina Faso
        )
    )
)
_MACHINE = re.compile(r"(?<![A-Z0-9<])[A-Z0-9<]{28,44}(?![A-Z0-9<])")
_NUMBER = r"(?P<number>(?=[A-Z]{0,3}[ -]?\d)[A-Z]{0,3}[ -]?\d(?:[ ./-]?\d){5,23}(?:[A-Z]\b)?)"


_LONG = re.compile(r"\d(?:[ ./-]{0,2}[A-Z]?\d){5}")


def find(text: str) -> Iterator[Found]:
    """The numbers of persons and of accounts in a plain text."""
    for start, end in near(text, _LONG, 70, 60):
        yield from _between(text, start, end)


def _between(text: str, start: int, end: int) -> Iterator[Found]:
    for match in _IBAN.finditer(text, start, end):
        if (account := _account(match[0])) is not None:
            yield Found(BANK, match.start(), match.start() + len(account), account)
    for match in _BELGIAN.finditer(text, start, end):
        digits = re.sub(r"\D", "", match[0])
        if nn.is_valid(digits) or bis.is_valid(digits):
            yield Found(IDENTITY, match.start(), match.end(), match[0])
    for match in _SHAPES.finditer(text, start, end):
        yield Found(IDENTITY, match.start(), match.end(), match[0])
    for match in _MACHINE.finditer(text, start, end):
        if "<<" in match[0]:
            yield Found(IDENTITY, match.start(), match.end(), match[0])
    for match in _named().finditer(text, start, end):
        yield Found(IDENTITY, match.start("number"), match.end("number"), match["number"])
    for match in _named_account().finditer(text, start, end):
        yield Found(BANK, match.start("number"), match.end("number"), match["number"])


def _account(written: str) -> str | None:
    """The longest beginning that is an IBAN: a word in capitals may follow it."""
    words = re.split(r"(?=[ -])", written)
    for many in range(len(words), 0, -1):
        tried = "".join(words[:many])
        number = re.sub(r"[ -]", "", tried)
        if 15 <= len(number) <= 34 and mod_97_10.is_valid(number[4:] + number[:4]):
            return tried
    return None


@cache
def _named() -> re.Pattern[str]:
    """A number after the name of what it is."""
    return _after("personal.identity-words", _NUMBER)


@cache
def _named_account() -> re.Pattern[str]:
    return _after("personal.account-words", r"(?P<number>[A-Z]{0,2}\d(?:[ ./-]?[A-Z0-9]){9,29})\b")


def _after(key: str, number: str) -> re.Pattern[str]:
    words = {word for lang in available() for word in texts(lang)(key).replace("’", "'").split(",")}
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"(?<!\w)(?i:{named})(?!\w)[^\w\n]{{0,6}}(?i:(?:n ?°|no|num[ée]ro|number|nr|est|is)?)[^\w\n]{{0,4}}{number}"
    )
