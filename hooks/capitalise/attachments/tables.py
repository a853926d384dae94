"""Plain texts and tables: they are text, and a table asks the program that opens it to do nothing.

A cell that begins with `=` or `@` is a formula to a spreadsheet, whoever wrote the file; one with `|` starts another
program (OWASP, "CSV Injection").
"""

from __future__ import annotations

import re

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)
_FORMULA = re.compile(
    r"""(?:^|[,;\t])\s*['"]?\s*(=[^,;\n]{0,30}|@[A-Za-z][^,;\n]{0,30}|[+-][^,;\n"]{0,200}[|(][^,;\n]{0,30})""", re.M
)


def fault(data: bytes, *, formulas: bool) -> str:
    """`content` for what is not a text, the cell for a formula, empty for what may be published."""
    text = _text(data)
    if text is None or _NOT_TEXT.search(text) or _PAGE.match(text):
        return "content"
    found = _FORMULA.search(text) if formulas else None
    return found[1].strip()[:40] if found else ""


def _text(data: bytes) -> str | None:
    """In UTF-8, in UTF-16 as spreadsheets save "Unicode text", or in Windows' own for western Europe."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
