"""The label of a stick: an A4 sheet of 24 stickers of 70 × 37 mm, the commonest in stationers' shops, as a PDF.

A stick that is handed on answers no letter; a telephone number and a code to photograph are what people use.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

import segno
from fpdf import FPDF

from capitalise.locales import texts
from capitalise.stick.about import About

COLUMNS, ROWS = 3, 8
_WIDTH, _HEIGHT = 70, 37
_EDGE = 4
"""Millimetres that no printer of people's homes reaches, and no text."""
_TOP = (297 - ROWS * _HEIGHT) / 2
_CODE = 27
"""Millimetres of the side of the code, with its white edge: it is read at arm's length by a cheap telephone."""


class Unprintable(ValueError):
    """A text has a letter that the fonts of every PDF reader lack."""

    def __init__(self, letter: str) -> None:
        super().__init__(letter)
        self.letter = letter


def draw(about: About) -> bytes:
    """The sheet, the same bytes for the same copy. Raises `Unprintable`."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime.combine(about.built, time(), UTC))
    pdf.set_title(_plain(about.name))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_page()
    for row in range(ROWS):
        for column in range(COLUMNS):
            _sticker(pdf, column * _WIDTH, _TOP + row * _HEIGHT, about)
    return bytes(pdf.output())


def lines(about: About) -> list[tuple[str, int, bool]]:
    """What a sticker says: text, size in points, whether it is bold."""
    spoken = [texts(lang) for lang in about.languages]
    told = [(about.name, 13, True)]
    told += [(t("label.copy", date=t.date(about.built)), 8, False) for t in spoken]
    if about.address:
        told.append((about.address.removeprefix("https://").rstrip("/"), 8, True))
    if about.phone:
        told += [(" / ".join(t("label.phone") for t in spoken), 7, False), (about.phone, 11, True)]
    elif about.contact:
        told.append((about.contact, 8, False))
    return [(_plain(text), size, bold) for text, size, bold in told]


def _sticker(pdf: FPDF, left: float, top: float, about: About) -> None:
    room = _WIDTH - 2 * _EDGE
    if about.address:
        room -= _CODE
        _code(pdf, left + _EDGE + room, top + (_HEIGHT - _CODE) / 2, about.address)
    told = lines(about)
    at = top + (_HEIGHT - sum(size * 0.45 for _, size, _ in told)) / 2
    for text, size, bold in told:
        pdf.set_font("Helvetica", "B" if bold else "", size)
        if (width := pdf.get_string_width(text)) > room:
            pdf.set_font_size(size * room / width)
        at += size * 0.45
        pdf.text(left + _EDGE, at - size * 0.1, text)


def _code(pdf: FPDF, left: float, top: float, address: str) -> None:
    """The address as a QR code, each dark module a square: sharp whatever the printer."""
    matrix = segno.make(address, error="m", micro=False).matrix
    module = _CODE / (len(matrix) + 8)  # four white modules around, as ISO/IEC 18004 asks
    for y, line in enumerate(matrix):
        for x, dark in enumerate(line):
            if dark:
                pdf.rect(left + (x + 4) * module, top + (y + 4) * module, module, module, "F")


def _plain(text: str) -> str:
    """A text in the letters that the fonts of every PDF reader have (ISO 8859-1)."""
    text = text.translate({0x2019: "'", 0xA0: " ", 0x202F: " ", 0x2013: "-", 0x2026: "..."})
    for letter in text:
        if ord(letter) > 255:
            raise Unprintable(letter)
    return text
