"""Make the Word forms that the site offers: one for each kind of product, in each language, from the model.

    python tools/word_templates.py [DOCS]

A form comes back through `capitalise import`, which drops the grey guidance and files the rest. Two runs give the same
bytes: dates come from SOURCE_DATE_EPOCH. Needs python-docx.
"""

from __future__ import annotations

import sys
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from handouts import FONT, GREEN, LOCALES, PALE, fill, grey, new_row, new_table, save

from capitalise.importing import forms
from capitalise.locales import available, texts
from capitalise.model import KINDS


def make(kind, lang):
    """The form of a kind in a language."""
    words = texts(lang)
    document = Document()
    lay_out(document, lang)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = words(f"kind.{kind.name}"), "", ""
    properties.language, properties.category = lang, f"{kind.name}/{lang}"  # the import reads the category

    document.add_heading(words("import.form.title"), level=0)
    grey(document.add_paragraph().add_run(words("import.form.use")))
    table = new_table(document, (5, 12))
    for name in forms.asked(kind):
        cells = new_row(table)
        fill(cells[0], words(f"field.{name}"), bold=True, shade=PALE)
        fill(cells[1], forms.hint(kind, name, lang), guidance=True)
    document.add_paragraph()
    for section in kind.sections:
        document.add_heading(words(f"section.{kind.name}.{section.anchor}"), level=1)
        grey(document.add_paragraph().add_run(forms.guide(kind, section.anchor, lang)))
    return document


def lay_out(document, lang):
    """Page, styles and language."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Title", 22), ("Heading 1", 14), ("Heading 2", 12)):
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().attrib.clear()  # the theme's fonts would win over ours
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), name != "Normal"
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(GREEN)
    document.styles.element.find(".//" + qn("w:lang")).set(qn("w:val"), LOCALES.get(lang, lang))


def main():
    docs = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs"
    for lang in available():
        folder = docs / lang / "templates"
        folder.mkdir(parents=True, exist_ok=True)
        for kind in KINDS.values():
            path = folder / forms.file_name(kind)
            save(make(kind, lang), path)
            print(path)


if __name__ == "__main__":
    main()
