"""Files that contributors attach: good ones, and ones made to harm whoever opens them. Each is made by what makes
such files: pikepdf, python-docx, openpyxl, Pillow, zipfile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl
import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

Change = Callable[[pikepdf.Pdf], object]


def pdf(path: Path, change: Change | None = None, **saved: object) -> Path:
    """A PDF of one page, changed, and saved as told."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    document.save(path, **saved)
    document.close()
    return path


def _root(**keys: object) -> Change:
    return lambda document: [document.Root.__setitem__(f"/{name}", value) for name, value in keys.items()]


def _action(kind: str, **keys: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **keys)


def _annotation(**keys: object) -> Change:
    def change(document: pikepdf.Pdf) -> None:
        one = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **{"Subtype": Name.Link} | keys)
        document.pages[0].Annots = Array([document.make_indirect(one)])

    return change


def _link(url: str) -> Change:
    return _annotation(A=_action("URI", URI=String(url)))


def _attached(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


_SCRIPT = _action("JavaScript", JS=String("app.alert(1)"))

PDFS: Mapping[str, tuple[str, Change]] = {
    "a script on opening": ("JavaScript", _root(OpenAction=_SCRIPT)),
    "a named script": (
        "JavaScript",
        _root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary()])))),
    ),
    "a script as a stream": (
        "JavaScript",
        lambda document: document.Root.__setitem__(
            "/OpenAction", Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))
        ),
    ),
    "a script for closing": ("AA", _root(AA=Dictionary(WC=_SCRIPT))),
    "a script on a page": (
        "AA",
        lambda document: document.pages[0].obj.__setitem__("/AA", Dictionary(O=_action("Named", N=Name.NextPage))),
    ),
    "a program": ("Launch", _annotation(A=_action("Launch", F=String("cmd.exe")))),
    "a program in what follows": (
        "Launch",
        _annotation(A=_action("GoTo", D=Array([0]), Next=Array([_action("Launch", F=String("cmd.exe"))]))),
    ),
    "a page of another site on opening": (
        "OpenAction",
        _root(OpenAction=_action("URI", URI=String("https://a.example"))),
    ),
    "a form that is sent": ("SubmitForm", _annotation(A=_action("SubmitForm", F=String("https://a.example")))),
    "data that is fetched": ("ImportData", _annotation(A=_action("ImportData", F=String("a.fdf")))),
    "another document": (
        "GoToR",
        _annotation(A=_action("GoToR", F=String("\\\\a.example\\share\\x.pdf"), D=Array([0]))),
    ),
    "a document in it": ("GoToE", _annotation(A=_action("GoToE", D=Array([0])))),
    "a file in it": ("EmbeddedFiles", _attached),
    "a film": ("RichMedia", _annotation(Subtype=Name.RichMedia)),
    "a three-dimensional scene": ("3D", _annotation(Subtype=Name("/3D"))),
    "a pinned file": ("FileAttachment", _annotation(Subtype=Name.FileAttachment)),
    "a form in XML": ("XFA", _root(AcroForm=Dictionary(XFA=Array([]), Fields=Array([])))),
    "a link that is a script": ("javascript:alert(1)", _link("javascript:alert(1)")),
    "a link to a file": ("file:///etc/passwd", _link("file:///etc/passwd")),
    "a portfolio": ("Collection", _root(Collection=Dictionary(Type=Name.Collection))),
}
"""What each holds, as it is named, and how it is made."""

_CORE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(path: Path, author: str = "") -> Path:
    """A Word document as a person writes it: a heading, a link to a site, a table."""
    document = docx.Document()
    document.core_properties.author = author
    document.add_heading("Guide")
    document.add_paragraph("https://exemple.org")
    document.part.relate_to("https://exemple.org", f"{_CORE}/hyperlink", is_external=True)
    document.add_table(2, 2)
    document.save(path)
    return path


def workbook(path: Path) -> Path:
    """An Excel workbook with numbers and a formula."""
    book = openpyxl.Workbook()
    book.active.append([1, 2, "=A1+B1"])
    book.save(path)
    return path


_ODT = "application/vnd.oasis.opendocument.text"
_CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0">{}</office:document-content>'
)


def opendocument(path: Path, body: str = "<office:body/>", **more: str) -> Path:
    """An OpenDocument text with a body, and other parts by name."""
    parts = {"mimetype": _ODT, "content.xml": _CONTENT.format(body)} | more
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(path: Path, parts: Mapping[str, str | bytes] | None = None, **replaced: tuple[str, str]) -> Path:
    """A document with parts added, and words of its own parts replaced: `document=("<w:body>", "<w:body>…")`."""
    with zipfile.ZipFile(path) as archive:
        old = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    for stem, (before, after) in replaced.items():
        name = next(name for name in old if name.rpartition("/")[2] == f"{stem}.xml")
        assert before.encode() in old[name], name
        old[name] = old[name].replace(before.encode(), after.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (old | dict(parts or {})).items():
            archive.writestr(name, content)
    return path


def _relations(kind: str, target: str, mode: str = "External") -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="x1" Type="{_CORE}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


def _field(*pieces: str) -> tuple[str, str]:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return "<w:body>", f"<w:body><w:p>{runs}</w:p>"


_MACRO_TYPE = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
)
_TEMPLATE = "word/_rels/settings.xml.rels"

OFFICE: Mapping[str, tuple[str, str, Callable[[Path], object]]] = {
    "macros": ("a.docx", "macros", lambda p: changed(word(p), {"word/vbaProject.bin": b"x"})),
    "macros under another name": ("a.docx", "macros", lambda p: changed(word(p), {"WORD/VBAPROJECT.BIN": b"x"})),
    "a type for macros": ("a.docx", "macros", lambda p: _typed(word(p))),
    "ActiveX": ("a.docx", "ActiveX", lambda p: changed(word(p), {"word/activeX/activeX1.xml": "<x/>"})),
    "an object of another program": ("a.docx", "OLE", lambda p: changed(word(p), {"word/embeddings/o.bin": b"x"})),
    "a workbook with macros in it": (
        "a.docx",
        "macros",
        lambda p: changed(word(p), {"word/embeddings/b.xlsx": _inner(p)}),
    ),
    "a template elsewhere": (
        "a.docx",
        "attachedTemplate: https://a.example/t.dotm",
        lambda p: changed(word(p), {_TEMPLATE: _relations("attachedTemplate", "https://a.example/t.dotm")}),
    ),
    "a picture elsewhere": (
        "a.docx",
        "image: https://a.example/i.png",
        lambda p: changed(word(p), {"word/_rels/footer9.xml.rels": _relations("image", "https://a.example/i.png")}),
    ),
    "a link to a share": (
        "a.docx",
        "\\\\a.example\\x",
        lambda p: changed(word(p), {"word/_rels/footer9.xml.rels": _relations("hyperlink", "\\\\a.example\\x")}),
    ),
    "a web page in it": (
        "a.docx",
        "aFChunk",
        lambda p: changed(word(p), {"word/_rels/footer9.xml.rels": _relations("aFChunk", "/a.html", "Internal")}),
    ),
    "DDE": ("a.docx", "DDEAUTO", lambda p: changed(word(p), document=_field(r'DDEAUTO c:\\cmd.exe "/k calc"'))),
    "DDE in pieces": ("a.docx", "DDE", lambda p: changed(word(p), document=_field("D", "D", "E", " c:\\x"))),
    "DDE as numbers": ("a.docx", "QUOTE", lambda p: changed(word(p), document=_field("QUOTE 68 68 69"))),
    "a fetched text": (
        "a.docx",
        "INCLUDETEXT",
        lambda p: changed(word(p), document=_field(' includetext "https://a"')),
    ),
    "macros of Excel 4": ("a.xlsx", "macros", lambda p: changed(workbook(p), {"xl/macrosheets/sheet1.xml": "<x/>"})),
    "another workbook": (
        "a.xlsx",
        "externalLink",
        lambda p: changed(workbook(p), {"xl/externalLinks/externalLink1.xml": "<x/>"}),
    ),
    "a database": ("a.xlsx", "externalLink", lambda p: changed(workbook(p), {"xl/connections.xml": "<x/>"})),
    "Basic": ("a.odt", "macros", lambda p: opendocument(p, **{"Basic/Standard/Module1.xml": "<x/>"})),
    "Python": ("a.odt", "macros", lambda p: opendocument(p, **{"Scripts/python/a.py": "import os"})),
    "a listener": (
        "a.odt",
        "event-listener",
        lambda p: opendocument(
            p, '<office:scripts><script:event-listener xlink:href="vnd.sun.star.script:a"/></office:scripts>'
        ),
    ),
    "a script as a link": (
        "a.odt",
        "vnd.sun.star.script:a$b",
        lambda p: opendocument(p, '<office:body><text:a xlink:href="vnd.sun.star.script:a$b">x</text:a></office:body>'),
    ),
    "a picture of another site": (
        "a.odt",
        "image: https://a.example/i.png",
        lambda p: opendocument(p, '<office:body><draw:image xlink:href="https://a.example/i.png"/></office:body>'),
    ),
    "a section of another text": (
        "a.odt",
        "section-source",
        lambda p: opendocument(p, '<office:body><text:section-source xlink:href="../b.odt"/></office:body>'),
    ),
    "an OLE object": (
        "a.odt",
        "OLE",
        lambda p: opendocument(p, **{"META-INF/manifest.xml": '<m a="application/vnd.sun.star.oleobject"/>'}),
    ),
}
"""Name of the file, what it holds, and how it is made."""


def _typed(path: Path) -> Path:
    return changed(path, **{"[Content_Types]": _MACRO_TYPE})


def _inner(path: Path) -> bytes:
    inner = path.with_suffix(".xlsx")
    data = changed(workbook(inner), {"xl/vbaProject.bin": b"x"}).read_bytes()
    inner.unlink()
    return data


def bomb(path: Path) -> Path:
    """A Word document of some kilobytes whose text is a thousand times larger than it says."""
    with zipfile.ZipFile(word(path), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/footnotes.xml", b"<w/>" + b" " * 30_000_000)
    return path


def many_points(path: Path) -> Path:
    """A picture of some kilobytes that takes a quarter of a gigabyte of memory."""
    Image.new("1", (8_000, 8_000)).save(path)
    return path


def moving(path: Path) -> Path:
    """A picture that moves."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=200)
    return path


def cut_short(path: Path) -> Path:
    """A photo whose upload stopped halfway."""
    out = io.BytesIO()
    Image.effect_noise((300, 200), 80).save(out, "JPEG")
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    return path


FILES: Mapping[str, Callable[[Path], object]] = {
    "pdf": pdf,
    "script": lambda path: pdf(path, PDFS["a script on opening"][1]),
    "locked": lambda path: pdf(path, encryption=pikepdf.Encryption(owner="x", user="y", R=6)),
    "word": word,
    "bomb": bomb,
    "many-points": many_points,
    "moving": moving,
    "cut-short": cut_short,
}
"""Files by the name that a case of `cases/` gives them."""
