"""Word documents as people write them, made for the tests: python-docx, and XML where it has no word for something."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Pt
from PIL import ExifTags, Image

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def save(document, path: Path) -> Path:
    document.save(path)
    return path


def bold(document, text: str):
    """A paragraph all in bold: what many take for a heading."""
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    return paragraph


def large(document, text: str):
    """A paragraph in large letters that is not even bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(text).font.size = Pt(18)
    return paragraph


def link(paragraph, text: str, target: str) -> None:
    relation = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {_W} {space} r:id="{relation}"><w:r><w:t>{text}</w:t></w:r></w:hyperlink>')
    )


def tracked(paragraph, added: str, removed: str) -> None:
    """A change that somebody followed: it carries their name."""
    who = 'w:author="Awa Secrète" w:date="2024-01-01T00:00:00Z"'
    paragraph._p.append(parse_xml(f'<w:ins {_W} w:id="1" {who}><w:r><w:t>{added}</w:t></w:r></w:ins>'))
    paragraph._p.append(parse_xml(f'<w:del {_W} w:id="2" {who}><w:r><w:delText>{removed}</w:delText></w:r></w:del>'))


def text_box(paragraph, text: str) -> None:
    """A text box as Word 2010 and later write it: once for itself, once for older programs."""
    content = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    paragraph._p.append(
        parse_xml(
            f'<w:r {_W} {_MORE}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
            '<wp:extent cx="900000" cy="900000"/><wp:docPr id="9" name="Zone"/><a:graphic>'
            '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>'
            f"{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}"
            "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    )


def picture(
    document, color: str = "red", alt: str = "", size: tuple[int, int] = (60, 40), form: str = "PNG", **options
):
    """A picture; a JPEG knows where and by whom it was taken, as a phone's does."""
    data = io.BytesIO()
    image = Image.new("RGB", size, color)
    if form == "JPEG":
        exif = image.getexif()
        exif[ExifTags.Base.Artist] = "Awa Secrète"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
        options |= {"exif": exif}
    image.save(data, form, **options)
    data.seek(0)
    shape = document.add_picture(data)
    shape._inline.docPr.set("descr", alt)
    return shape


def with_notes(path: Path, notes: Iterable[str]) -> Path:
    """Gives a document footnotes: « {1} » in its text becomes the mark of the first."""
    space = f"<w:footnotes {_W}>{{}}</w:footnotes>"
    made = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t xml:space="preserve">{note}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, 2)
    )

    def mark(xml: bytes) -> bytes:
        text = xml.decode()
        for number in range(1, made.count("<w:footnote ") + 1):
            new = f'</w:t></w:r><w:r><w:footnoteReference w:id="{number + 1}"/></w:r><w:r><w:t xml:space="preserve">'
            assert f"{{{number}}}" in text
            text = text.replace(f"{{{number}}}", new)
        return text.encode()

    def relate(xml: bytes) -> bytes:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        return xml.replace(
            b"</Relationships>",
            f'<Relationship Id="n1" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
        )

    def declare(xml: bytes) -> bytes:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        entry = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
        return xml.replace(b"</Types>", entry.encode())

    changes = {
        "word/document.xml": mark,
        "word/_rels/document.xml.rels": relate,
        "[Content_Types].xml": declare,
        "word/footnotes.xml": lambda _: space.format(made).encode(),
    }
    return repacked(path, changes)


def repacked(path: Path, changes: dict[str, Callable[[bytes], bytes]], more: Iterable[tuple[str, bytes]] = ()) -> Path:
    """The file with some of its parts changed or added, as anyone with a zip program can."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in [*parts.items(), *more]:
            new.writestr(name, data)
    return path


def sections(document, headings: Iterable[str], add: Callable) -> None:
    """Each heading made by `add`, with a sentence of its own."""
    for heading in headings:
        add(heading)
        document.add_paragraph(f"Texte de « {heading} ».")


def messy(path: Path) -> Path:
    """A sheet as it comes from the field: no styles, everything by hand."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "Awa Secrète", "Document1", ""
    large(document, "Des haies vives à Sinthiou")
    document.add_paragraph("Auteurs : Équipe Exemple (Association Exemple)")
    document.add_paragraph("Pays : Sénégal, Bénin")
    document.add_paragraph("Thèmes : Eau ; sols")
    document.add_paragraph("Date : 3 mars 2024")
    document.add_paragraph(
        "Des haies d’épineux protègent les jardins ; elles ont coûté du temps, et tiennent depuis six ans."
    )
    bold(document, "I) CONTEXTE ET JUSTIFICATION")
    document.add_paragraph("Le village a 5 < 6 puits & des « champs » d’arachide *sans* arbres{1}.")
    bold(document, "2. Probleme a resoudre :")
    document.add_paragraph("Le bétail divague.")
    bold(document, "Démarche")
    document.add_paragraph("Réunir le village", "List Number")
    document.add_paragraph("Planter", "List Number")
    document.add_paragraph("Choisir les plants", "List Bullet")
    document.add_paragraph("épineux d’abord", "List Bullet 2")
    document.add_paragraph("Arroser", "List Bullet")
    bold(document, "Former les familles")
    box = document.add_paragraph("Une règle a été écrite.")
    text_box(box, "Personne ne coupe sans accord.")
    followed = document.add_paragraph("Les haies ont ")
    tracked(followed, "trois", "deux")
    followed.add_run(" étages.")
    picture(document, "green", size=(2400, 1800), form="JPEG")
    bold(document, "Résultats obtenus en 2023")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "Culture"
    table.cell(0, 2).text = "kg | sac"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Mil"
    table.cell(1, 1).text = "avec"
    table.cell(1, 1).add_paragraph("haies")
    table.cell(1, 2).text = "900"
    table.cell(2, 1).text, table.cell(2, 2).text = "sans", "600"
    document.add_paragraph("Mesuré deux fois{2}, voir{3} et ")
    link(document.paragraphs[-1], "la carte", "https://example.org/carte?a=1&b=2")
    document.paragraphs[-1].add_run(". Les chiffres sont dans ")
    link(document.paragraphs[-1], "le tableur", "file:///C:/Users/Awa/carte.xlsx")
    paragraph = document.add_paragraph()
    paragraph.add_run("Difficultés.").bold = True
    paragraph.add_run(" L’eau a manqué.")
    bold(document, "LECONS")
    document.add_paragraph("Commencer par le bas-fond.")
    bold(document, "Budget détaillé")
    document.add_paragraph("Voir le tableur.")
    return with_notes(
        save(document, path),
        [
            "Rapport annuel, Association Exemple, 2022, https://example.org/rapport.pdf",
            "Par le comité, à la main.",
            "Rapport annuel, Association Exemple, 2022, https://example.org/rapport.pdf",
        ],
    )


def filled(form: Path, path: Path, values: dict[str, str], title: str) -> Path:
    """One of our forms as somebody fills it in: the guidance replaced in some places, followed by text in others."""
    document = Document(form)
    document.paragraphs[0].text = title
    for row in document.tables[0].rows:
        label = row.cells[0].text
        if label in values:
            row.cells[1].paragraphs[0].runs[0].text = values[label]
    for index, paragraph in enumerate(document.paragraphs):
        if paragraph.style.name != "Heading 1":
            continue
        guidance = document.paragraphs[index + 1]
        if index % 2:
            guidance.runs[0].text = f"Ce que nous disons de « {paragraph.text} »."
        else:
            guidance.add_run(f" Ce que nous disons de « {paragraph.text} ».")
    return save(document, path)
