"""The label of a stick, as a printer gets it: what it says, where, and a code that a telephone would read."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import date

import pytest
import segno

from capitalise.stick import label
from capitalise.stick.about import About

ABOUT = About(
    name="La bibliothèque d’Awa",
    address="https://kb.example.org/",
    built=date(2026, 11, 20),
    languages=("fr", "en"),
    products=12,
    contact="info@example.org",
    phone="+221 33 000 00 00",
)
POINT = 72 / 25.4


def drawn(pdf: bytes) -> str:
    """The drawing of the only page."""
    assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") == 1 and b"/MediaBox [0 0 595.28 841.89]" in pdf
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return zlib.decompress(streams[0]).decode("latin-1")


def test_each_sticker_says_what_the_stick_is_and_whom_to_call():
    sheet = drawn(label.draw(ABOUT))
    for words in (
        "La bibliothèque d'Awa",
        "Copie hors connexion du 20 novembre 2026",
        "Offline copy of 20 November 2026",
        "kb.example.org",
        "Téléphone, WhatsApp / Telephone, WhatsApp",
        "+221 33 000 00 00",
    ):
        assert sheet.count(f"({words})") == label.COLUMNS * label.ROWS, words
    assert "info@example.org" not in sheet  # a number is what people use; where there is none, the address stands
    assert "(info@example.org)" in drawn(label.draw(replace(ABOUT, phone="")))
    assert label.draw(ABOUT) == label.draw(ABOUT)


def test_the_code_on_each_sticker_is_the_address():
    squares = [
        tuple(map(float, found))
        for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", drawn(label.draw(ABOUT)))
    ]
    matrix = segno.make(ABOUT.address, error="m", micro=False).matrix
    dark = {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert len(squares) == len(dark) * label.COLUMNS * label.ROWS
    first = squares[: len(dark)]
    side = first[0][2]
    left, top = min(x for x, *_ in first), max(y for _, y, *_ in first)
    assert {(round((x - left) / side), round((top - y) / side)) for x, y, *_ in first} == dark
    assert side / POINT > 0.7  # millimetres: what a cheap camera tells apart


@pytest.mark.parametrize("changes", [{}, {"address": "https://a-very-long-name.of-a-library.example.org/knowledge/"}])
def test_nothing_crosses_the_edge_of_a_sticker(changes):
    sheet = drawn(label.draw(replace(ABOUT, **changes, name="Une bibliothèque dont le nom est plus long que large")))
    size = None
    for command in re.finditer(r"/F\d+ ([\d.]+) Tf|([\d.]+) ([\d.]+) Td \(", sheet):
        if command[1]:
            size = float(command[1])
        else:
            x, y = float(command[2]) / POINT, 297 - float(command[3]) / POINT
            assert 3.9 < x % 70 < 4.1
            within = (y - 0.5) % 37
            assert size * 0.3 < within < 37 - 1
    # As wide as the room beside the code, and no wider.
    assert min(map(float, re.findall(r"/F\d+ ([\d.]+) Tf", sheet))) < 8


def test_a_letter_that_no_font_has_is_told():
    with pytest.raises(label.Unprintable) as error:
        label.draw(replace(ABOUT, name="Bibliothèque ወርቅ"))
    assert error.value.letter == "ወ"
