"""Make the handouts of the courses: Word and Excel files to fill in, in French and English.

    python tools/handouts.py [PRODUCTS]

What there is to make, and its texts, are in handouts.yml. Two runs give the same bytes: dates come from
SOURCE_DATE_EPOCH.
Needs python-docx, openpyxl and PyYAML.
"""

import io
import os
import re
import sys
import zipfile
from copy import copy
from datetime import UTC, datetime
from pathlib import Path

import yaml
from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

TEXTS = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
WHEN = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "1795478400")), UTC)  # 2026-11-24

FONT, GREEN, PALE, GREY = "Calibri", "1F5F4A", "E4EFEA", "595959"

# --- Word -----------------------------------------------------------------------------------------------------------


def make_word(handout, lang):
    """A form as a Word document, A4 portrait."""
    document = Document()
    lay_out(document, handout, lang)
    for block in handout["blocks"]:
        for kind, content in block.items():
            DRAW[kind](document, lang, content)
    return document


def lay_out(document, handout, lang):
    """Page, styles, language, footer and properties."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size, bold in (("Normal", 10.5, False), ("Title", 24, True), ("Heading 1", 14, True)):
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # the template's theme fonts would win over ours
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string(GREEN)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(16)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(4)
    document.styles.element.find(".//" + qn("w:lang")).set(qn("w:val"), LOCALES[lang])

    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    grey(footer.add_run(say(handout["footer"], lang) + " · "))
    page_number = OxmlElement("w:fldSimple")
    page_number.set(qn("w:instr"), "PAGE")
    footer._p.append(page_number)

    properties = document.core_properties
    properties.title, properties.author = say(handout["blocks"][0]["title"], lang), say(TEXTS["author"], lang)
    properties.language, properties.comments = lang, ""


def draw_title(document, lang, text):
    document.add_heading(say(text, lang), level=0)


def draw_heading(document, lang, text):
    document.add_heading(say(text, lang), level=1)


def draw_hint(document, lang, text):
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    grey(paragraph.add_run(say(text, lang)))


def draw_form(document, lang, fields):
    """Two columns: the label, and guidance to be replaced."""
    table = new_table(document, (5, 12))
    for field in fields:
        cells = new_row(table)
        fill(cells[0], say(field["label"], lang), bold=True, shade=PALE)
        fill(cells[1], say(field["hint"], lang), guidance=True)
    document.add_paragraph()


def draw_table(document, lang, content):
    """A header that comes back on each page, the rows already begun, and empty rows."""
    columns = content["columns"]
    table = new_table(document, [column["width"] for column in columns])
    header = new_row(table)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, column in zip(header, columns, strict=True):
        fill(cell, say(column["label"], lang), bold=True, shade=GREEN)
    for row in content["rows"] + [[]] * content["empty"]:
        for cell, text in zip(new_row(table), row, strict=False):
            if text:
                fill(cell, say(text, lang))
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True  # the whole table on one page
    document.add_paragraph()


def draw_checks(document, lang, texts):
    for text in texts:
        paragraph = document.add_paragraph("☐ " + say(text, lang))
        paragraph.paragraph_format.keep_with_next = text is not texts[-1]


DRAW = {
    "title": draw_title,
    "heading": draw_heading,
    "hint": draw_hint,
    "form": draw_form,
    "table": draw_table,
    "checks": draw_checks,
}


def new_table(document, widths):
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def new_row(table):
    """A row of at least 0.8 cm that no page break splits."""
    row = table.add_row()
    row.height = Cm(0.8)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width, cell.vertical_alignment = column.width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return row.cells


def fill(cell, text, bold=False, shade=None, guidance=False):
    run = cell.paragraphs[0].add_run(text)
    run.bold = bold
    if guidance:
        grey(run)
    if shade:
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            shading.set(qn("w:" + name), value)
        cell._tc.get_or_add_tcPr().insert_element_before(shading, "w:vAlign")  # the order Word expects
    if shade == GREEN:
        run.font.color.rgb = RGBColor(255, 255, 255)


def grey(run):
    run.italic, run.font.size, run.font.color.rgb = True, Pt(9.5), RGBColor.from_string(GREY)


# --- Excel ----------------------------------------------------------------------------------------------------------


def make_excel(handout, lang):
    """A workbook, A4 landscape."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = say(handout["title"], lang), say(TEXTS["author"], lang)
    for content in handout["sheets"]:
        add_sheet(book, lang, content, handout["footer"])
    return book


def add_sheet(book, lang, content, footer):
    """Title, guidance, header, rows: the header stays in sight and comes back on each printed page."""
    columns, rows = content["columns"], content["rows"]
    sheet = book.create_sheet(say(content["name"], lang))
    last = get_column_letter(len(columns))
    heading, guidance = (
        Font(name=FONT, size=16, bold=True, color=GREEN),
        Font(name=FONT, size=10, italic=True, color=GREY),
    )
    for number, text, font in ((1, content["name"], heading), (2, content["hint"], guidance)):
        sheet.merge_cells(f"A{number}:{last}{number}")
        sheet.cell(number, 1, say(text, lang)).font = font
        sheet.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="center")
    for number, height in ((1, 28), (2, content.get("hint_height", 32)), (3, 32)):
        sheet.row_dimensions[number].height = height

    line = Side(style="thin", color="808080")
    end = 3 + len(rows) + content["empty"]
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = column["width"]
        for number in range(3, end + 1):
            cell = sheet.cell(number, index)
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.font = Font(name=FONT, size=11)
        header = sheet.cell(3, index, say(column["label"], lang))
        header.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", fgColor=GREEN)
        if "choices" in column:
            choices = ",".join(say(choice, lang) for choice in TEXTS["choices"][column["choices"]])
            listed = DataValidation("list", formula1=f'"{choices}"')
            listed.add(f"{letter}4:{letter}{end}")
            sheet.add_data_validation(listed)
        for number in range(4, end + 1):
            cell = sheet.cell(number, index)
            cell.number_format = column.get("number", cell.number_format)
            if "formula" in column:
                cell.value = column["formula"].format(n=number)
    for number in range(4, end + 1):
        sheet.row_dimensions[number].height = content.get("height", 32)
    for number, row in enumerate(rows, start=4):
        for index, (text, column) in enumerate(zip(row, columns, strict=False), start=1):
            if not text:
                continue
            cell = sheet.cell(number, index, say(text, lang))
            cell.font = Font(name=FONT, size=11, italic=True, color=GREY)
            if column.get("head"):
                cell.font, cell.fill = Font(name=FONT, size=11, bold=True), PatternFill("solid", fgColor=PALE)
    if "total" in content:
        add_total(sheet, say(content["total"], lang), columns, end)

    sheet.freeze_panes = "A4"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_title_rows = "3:3"
    sheet.oddFooter.center.text = say(footer, lang) + " · &P/&N"


def add_total(sheet, label, columns, end):
    """A last row that sums the computed columns."""
    sheet.row_dimensions[end + 1].height = sheet.row_dimensions[end].height
    for index, column in enumerate(columns, start=1):
        letter, cell = get_column_letter(index), sheet.cell(end + 1, index)
        cell.border, cell.alignment = copy(sheet.cell(end, index).border), Alignment(vertical="center")
        cell.font, cell.fill = Font(name=FONT, size=11, bold=True), PatternFill("solid", fgColor=PALE)
        cell.number_format = column.get("number", cell.number_format)
        if "formula" in column:
            cell.value = f"=SUM({letter}4:{letter}{end})"
    sheet.cell(end + 1, 1, label)


# --- Both -----------------------------------------------------------------------------------------------------------


def say(texts, lang):
    """The text in one language; in French, no line may break before ; : ! ? » nor after «."""
    text = texts[lang]
    return re.sub(r" (?=[;:!?»])|(?<=«) ", "\u00a0", text) if lang == "fr" else text


def save(document, path):
    """Write a Word or Excel file with fixed dates and order, so that two runs give the same bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    stamp = WHEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w") as kept:
        for name in sorted(made.namelist()):
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, date_time=WHEN.timetuple()[:6])
            entry.create_system = 3  # the same on every system
            kept.writestr(entry, data, zipfile.ZIP_DEFLATED)


MAKE = {"word": make_word, "excel": make_excel}


def main():
    products = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "products"
    for handout in TEXTS["handouts"]:
        for lang, name in handout["file"].items():
            path = products / handout["folder"] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            save(MAKE[handout["kind"]](handout, lang), path)
            print(path)


if __name__ == "__main__":
    main()
