"""A text as a person reads it: whatever spaces, dashes, digits, entities and line ends it was written with."""

from __future__ import annotations

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\uff10-\uff19]")
"""Of Arabic, Persian, N’Ko, Devanagari, and as wide as a Chinese sign."""
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGNS = {"’": "'", "′": "'", "‘": "'", "”": '"', "″": '"', "“": '"', "º": "°", "˚": "°", "＋": "+", "＠": "@"}
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")
_WRAPPED = re.compile(r"(?<=[\d,;(+])\n(?= ?[-+(]?\d)(?! ?\d{1,3}[.)] )")
"""A line end within a number; not before the item of a numbered list."""


def plain(text: str) -> str:
    """The text with entities decoded, unseen characters gone, one sort of space, dash and digit. Its lines stay."""
    text = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\n", " "), text)
    text = _SPACES.sub(" ", _DASHES.sub("-", _UNSEEN.sub("", text)))
    text = _DIGITS.sub(lambda found: str(unicodedata.decimal(found[0])), text)
    return _ESCAPED.sub(r"\1", _SIGN.sub(lambda found: _SIGNS[found[0]], text))


def unwrapped(text: str) -> str:
    """A plain text, of the same length, in which a number that goes on in the next line stands in one."""
    return _WRAPPED.sub(" ", text)


def near(text: str, around: re.Pattern[str], before: int, after: int) -> list[tuple[int, int]]:
    """Where slow patterns are worth their time: the stretches of a text around each match of a quick one.

    Stretches do not overlap, so that all of them together are no longer than the text; each
    ends at a blank where one is near.
    """
    stretches: list[tuple[int, int]] = []
    for match in around.finditer(text):
        first, last = max(0, match.start() - before), match.end() + after
        if stretches and last <= stretches[-1][1]:
            continue
        blank = _BLANK.search(text, last, last + after)
        end = blank.start() if blank else min(last + after, len(text))
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, end))
    return stretches


_BLANK = re.compile(r"\s")
