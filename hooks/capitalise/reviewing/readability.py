"""How hard a text is to read: a measure told to the author, never a mark.

LIX (C.-H. Björnsson, *Läsbarhet*, 1968): the mean number of words in a sentence, plus the percentage of words of
more than six letters. It needs no list of syllables, and was compared across eleven languages, French and English
among them (Björnsson, « Readability of Newspapers in 11 Languages », Reading Research Quarterly 18, 1983). The levels
are those in use since: below 30 very easy, 40 easy, 50 medium, 60 hard, above very hard.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from capitalise.sections import outside_code

LEVELS = ("very-easy", "easy", "medium", "hard", "very-hard")
_BOUNDS = (30, 40, 50, 60)
FEWEST_WORDS = 12
"""Of fewer words the measure says nothing."""

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:…](?=[\s»”\"')*]|\Z)")
_NOT_PROSE = re.compile(r"\[\^[^\]\s]{1,40}\]|(?<=\])\([^()\s]*\)|[`*_>#]|https?://\S+")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")


@dataclass(frozen=True)
class Reading:
    """A text measured."""

    lix: int
    words: int
    words_a_sentence: int

    @property
    def level(self) -> str:
        """One of `LEVELS`."""
        return LEVELS[bisect_right(_BOUNDS, self.lix)]

    @property
    def is_hard(self) -> bool:
        """Whether shorter sentences would help."""
        return self.level in LEVELS[3:]


def measure(text: str) -> Reading | None:
    """The measure of a text in Markdown, tables and code left out; None where it is too short for one."""
    words, long_words, sentences, open_words = 0, 0, 0, 0
    for _, line in [*outside_code(text), (0, "")]:
        if open_words and (not line.strip() or _ITEM.match(line)):  # a paragraph or an item ends a sentence
            sentences, open_words = sentences + 1, 0
        if line.lstrip().startswith(("|", "#", "!!!")):
            continue
        prose = _NOT_PROSE.sub("", line)
        found = _WORD.findall(prose)
        words += len(found)
        long_words += sum(len(word) > 6 for word in found)
        ends = list(_SENTENCE_END.finditer(prose))
        sentences += len(ends)
        open_words = len(_WORD.findall(prose[ends[-1].end() :])) if ends else open_words + len(found)
    if words < FEWEST_WORDS:
        return None
    per_sentence = words / max(1, sentences)
    return Reading(round(per_sentence + 100 * long_words / words), words, round(per_sentence))


def count_words(text: str) -> int:
    """How many words a person wrote in a text, comments and code left out."""
    return sum(len(_WORD.findall(_NOT_PROSE.sub("", line))) for _, line in outside_code(text))
