"""Files made to harm whoever opens them: each is refused by what it holds; what people really send is not."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
import time
from pathlib import Path

import attached
import pikepdf
import pytest
import samples
from PIL import Image

from capitalise import attachments, drawings, kept, reading
from capitalise.attachments import films, pdf, tables

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
DTD = '<!DOCTYPE svg [<!ENTITY a "{}">]>'

DRAWINGS: dict[str, tuple[str | bytes, str]] = {
    "script": (SVG.format("<script>alert(1)</script>"), "script"),
    "script from elsewhere": (SVG.format('<script x:href="https://a.example/a.js"/>'), "script"),
    "event": (SVG.format('<rect onclick="alert(1)"/>'), "onclick"),
    "event of the root": ('<svg xmlns="http://www.w3.org/2000/svg" ONLOAD="alert(1)"/>', "onload"),
    "event in a namespace": (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:s="http://www.w3.org/2000/svg" s:onload="alert(1)"/>',
        "onload",
    ),
    "foreign object": (SVG.format("<foreignObject/>"), "foreignObject"),
    "web page": (SVG.format('<g><iframe xmlns="http://www.w3.org/1999/xhtml"/></g>'), "iframe"),
    "web page in the notes": (SVG.format('<metadata><p xmlns="http://www.w3.org/1999/xhtml"/></metadata>'), "p"),
    "script in the notes": (SVG.format("<metadata><script/></metadata>"), "script"),
    "link": (SVG.format('<a x:href="javascript:alert(1)"><rect/></a>'), "a"),
    "link in notes": (SVG.format('<n:n xmlns:n="urn:n" x:href=" java&#10;script:alert(1)"/>'), "href"),
    "use of a data address": (SVG.format('<use x:href="data:image/svg+xml,&lt;svg/>#a"/>'), "href"),
    "use of another site": (SVG.format('<use href="//a.example/b.svg#c"/>'), "href"),
    "use with both": (SVG.format('<use href="#a" x:href="https://a.example/b.svg#c"/>'), "href"),
    "picture of another site": (SVG.format('<image href="https://a.example/b.png"/>'), "image"),
    "photo in it": (SVG.format('<image href="data:image/jpeg;base64,/9j/"/>'), "image"),
    "filter picture": (SVG.format('<filter><feImage href="https://a.example"/></filter>'), "filter"),
    "set": (SVG.format('<use href="#a"><set attributeName="href" to="javascript:alert(1)"/></use>'), "set"),
    "animate": (SVG.format('<animate attributeName="href" values="javascript:alert(1)"/>'), "animate"),
    "handler": (SVG.format('<handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load"/>'), "handler"),
    "style sheet": (SVG.format("<style>@import url(https://a.example)</style>"), "style"),
    "style url": (SVG.format('<rect style="fill:url(https://a.example/a)"/>'), "style"),
    "style url quoted": (SVG.format("<rect style=\"fill: URL( 'https://a.example/a')\"/>"), "style"),
    "style url escaped": (SVG.format(r'<rect style="fill:\75rl(https://a.example/a)"/>'), "style"),
    "style url with a comment": (SVG.format('<rect style="fill:ur/**/l(https://a.example/a)"/>'), "style"),
    "style image-set": (SVG.format("<rect style=\"background:image-set('https://a.example' 1x)\"/>"), "style"),
    "style import": (SVG.format("<rect style=\"@import 'https://a.example'\"/>"), "style"),
    "style expression": (SVG.format('<rect style="width:expression(alert(1))"/>'), "style"),
    "fill": (SVG.format('<rect fill="url(https://a.example/a#b)"/>'), "fill"),
    "clip path": (SVG.format('<rect clip-path="url(//a.example#b)"/>'), "clip-path"),
    "mask": (SVG.format('<rect mask="url(data:image/svg+xml,x#b)"/>'), "mask"),
    "entity": (DTD.format("b") + SVG.format("<text>&a;</text>"), "DOCTYPE"),
    "a thousand million laughs": (
        "<!DOCTYPE svg ["
        + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        + '<!ENTITY a0 "ha">]>'
        + SVG.format("<text>&a9;</text>"),
        "DOCTYPE",
    ),
    "file as an entity": (
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&a;</text>"),
        "DOCTYPE",
    ),
    "definition elsewhere": ('<!DOCTYPE svg SYSTEM "https://a.example/a.dtd">' + SVG.format(""), "DOCTYPE"),
    "doctype of old programs": (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + SVG.format(""),
        "DOCTYPE",
    ),
    "UTF-16": (SVG.format("<script/>").encode("utf-16"), "UTF-8"),
    "UTF-16 without its mark": (SVG.format("<script/>").encode("utf-16-le"), "UTF-8"),
    "UTF-7": ('<?xml version="1.0" encoding="UTF-7"?>' + SVG.format("+ADw-script/+AD4-"), "UTF-8"),
    "UTF-32": (SVG.format("<script/>").encode("utf-32"), "UTF-8"),
    "EBCDIC": ('<?xml version="1.0" encoding="cp037"?>' + SVG.format(""), "UTF-8"),
    "no namespace": ("<svg><rect/></svg>", "svg"),
    "HTML": ("<html><script>alert(1)</script></html>", "svg"),
    "not closed": (SVG.format("<g>"), "XML"),
    "a circle of uses": (SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "use"),
    "a thousand million uses": (
        SVG.format(
            '<rect id="u0"/>'
            + "".join(f'<g id="u{n + 1}">{f"<use href={chr(34)}#u{n}{chr(34)}/>" * 10}</g>' for n in range(9))
        ),
        "use",
    ),
    "groups one in another": (SVG.format("<g>" * 5_000 + "</g>" * 5_000), "> 50000 <…>"),
    "many elements": (SVG.format("<g/>" * 60_000), "> 50000 <…>"),
}
"""A drawing made to harm, and what it is refused for."""


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_that_could_do_something_is_refused(name, tmp_path):
    content, found = DRAWINGS[name]
    path = tmp_path / "a.svg"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    start = time.process_time()
    assert drawings.fault(path) == found
    assert time.process_time() - start < 2
    with pytest.raises(ValueError):
        drawings.cleaned(path)


def test_a_drawing_is_published_without_instructions_and_notes(tmp_path):
    path = tmp_path / "a.svg"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="https://a.example/a.css"?><!-- Awa -->'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/namespaces/inkscape" '
        'xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" i:export-filename="/home/awa/plan.png" '
        'xml:base="https://a.example/" data-owner="Awa"><metadata><who xmlns="urn:x">Awa</who></metadata>'
        '<i:view i:user="Awa"/><title>Un plan &amp; son échelle</title><linearGradient id="g"/>'
        '<g transform="rotate(5) translate(1 2)"><use href="#r"/><rect id="r" style="fill:url(#g);opacity:.5"/></g>'
        "</svg>",
        "utf-8",
    )
    assert drawings.fault(path) == ""
    made = drawings.cleaned(path).decode()
    for gone in ("Awa", "awa", "stylesheet", "a.example", "inkscape", "<!--", "<?"):
        assert gone not in made
    for stays in (
        "Un plan &amp; son échelle",
        'xlink:href="#r"',
        "fill:url(#g);opacity:.5",
        "rotate(5) translate(1 2)",
    ):
        assert stays in made
    (tmp_path / "b.svg").write_text(made, "utf-8")
    assert drawings.cleaned(tmp_path / "b.svg").decode() == made


@pytest.mark.parametrize("form", ["plain", "compressed", "as a former revision"])
def test_a_pdf_that_could_do_something_is_refused(form, tmp_path):
    wrong = {}
    for number, (name, (found, change)) in enumerate(attached.PDFS.items()):
        path = tmp_path / f"{number}.pdf"
        if form == "compressed":  # the actions are in streams of objects, where no search of the bytes finds them
            streams = pikepdf.ObjectStreamMode.generate
            attached.pdf(path, change, object_stream_mode=streams, compress_streams=True)
        else:
            attached.pdf(path, change)
        if form == "as a former revision":  # the last table of the file no longer knows them
            if name == "a named script" or found not in ("JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR"):
                continue
            path.write_bytes(path.read_bytes() + attached.pdf(tmp_path / "good.pdf").read_bytes())
        told = pdf._look(path).found
        if told != found and not (form == "plain" and found in ("AA", "OpenAction") and told):
            wrong[name] = told
    assert wrong == {}


def test_a_pdf_that_only_shows_pages_is_taken(tmp_path):
    def change(document: pikepdf.Pdf) -> None:
        first = document.pages[0]
        document.Root.OpenAction = pikepdf.Array([first.obj, pikepdf.Name.Fit])
        one = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://exemple.org/?a=javascript:")),
        )
        first.Annots = pikepdf.Array([one])
        first.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(AA=pikepdf.Dictionary(Type=pikepdf.Name.Font)))
        document.docinfo["/Title"] = "Sur /JavaScript et /AA"
        document.docinfo["/Author"] = "Awa Exemple"

    assert pdf.look(attached.pdf(tmp_path / "a.pdf", change)) == ("", True)
    assert pdf.look(attached.pdf(tmp_path / "b.pdf")) == ("", False)


def test_a_pdf_that_can_not_be_looked_into_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    for content in (b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"):
        path.write_bytes(content)
        assert pdf.look(path).found == "damaged"
    attached.pdf(path, encryption=pikepdf.Encryption(owner="x", user="", R=6))  # opens, and keeps from copying
    assert pdf.look(path).found == "password"
    monkeypatch.setattr(pdf, "_CALL", "import time; time.sleep(60)")
    monkeypatch.setattr("capitalise.limits.MAX_PDF_SECONDS", 1)
    start = time.perf_counter()
    assert attachments.look(path).fault.variant == "damaged"
    assert time.perf_counter() - start < 10
    monkeypatch.undo()
    assert attachments.look(path).fault.variant == "password"  # what took too long is tried again


def test_an_office_file_that_could_do_something_is_refused(tmp_path):
    wrong = {}
    for number, (case, (name, found, make)) in enumerate(attached.OFFICE.items()):
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        make(path)
        fault = attachments.look(path).fault
        if fault is None or (fault.variant, fault.values.get("found")) != ("active", found):
            wrong[case] = fault
    assert wrong == {}


def test_an_office_file_as_people_write_them_is_taken(tmp_path):
    assert attachments.look(attached.word(tmp_path / "a.docx", "Awa Exemple")) == (None, True)
    assert attachments.look(attached.word(tmp_path / "b.docx")) == (None, False)
    page_number = "<w:body>", "<w:body><w:p><w:r><w:instrText> PAGE \\* MERGEFORMAT </w:instrText></w:r></w:p>"
    assert attachments.look(attached.changed(attached.word(tmp_path / "c.docx"), document=page_number)).fault is None
    chart = {"word/embeddings/Microsoft_Excel_Sheet.xlsx": attached.workbook(tmp_path / "d.xlsx").read_bytes()}
    assert attachments.look(attached.changed(attached.word(tmp_path / "d.docx"), chart)).fault is None
    assert attachments.look(tmp_path / "d.xlsx").fault is None
    body = '<office:scripts/><office:body><text:a xlink:href="https://exemple.org">x</text:a></office:body>'
    assert attachments.look(attached.opendocument(tmp_path / "e.odt", body)).fault is None
    for name in ("a.xlsx", "a.odt", "a.pdf"):  # what it is, under another name
        (tmp_path / name).write_bytes((tmp_path / "a.docx").read_bytes())
        assert attachments.look(tmp_path / name).fault.variant == "other-content"


def test_a_packed_bomb_is_refused_wherever_it_hides(tmp_path):
    for number, name in enumerate(("xl/worksheets/sheet2.xml", "xl/media/image1.png", "custom/item.bin")):
        path = attached.changed(attached.workbook(tmp_path / f"{number}.xlsx"), {name: b" " * 40_000_000})
        assert path.stat().st_size < 100_000
        start = time.process_time()
        assert attachments.look(path).fault.variant == "bomb"
        assert time.process_time() - start < 5
    crowded = attached.changed(attached.word(tmp_path / "a.docx"), {f"word/{n}.xml": "<x/>" for n in range(2_100)})
    assert attachments.look(crowded).fault.variant == "bomb"
    outside = attached.changed(attached.word(tmp_path / "b.docx"), {"../../x.xml": "<x/>"})
    assert attachments.look(outside).fault.variant == "bomb"


def test_many_files_are_looked_into_at_once(tmp_path, monkeypatch):
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"{number}")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    meeting = threading.Barrier(2, timeout=20)  # each waits for another
    seen = []

    def slowly(path: Path, data: bytes) -> attachments.Found:
        meeting.wait()
        seen.append(path.name)
        return attachments.Found()

    monkeypatch.setattr("capitalise.machine.cores", lambda: 2)
    monkeypatch.setattr(attachments, "_LOOKS", {".txt": slowly})
    monkeypatch.setattr(attachments.kept, "near", lambda _: kept.Kept(None))
    attachments.ahead(tmp_path)
    assert sorted(seen) == ["0.txt", "1.txt", "2.txt", "3.txt"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("lieu,valeur\nThiès,5\nDakar,-3.5\n", ""),
        ("téléphone;+221 33\n@\n", ""),
        ("a,=1+1", "=1+1"),
        ('a;"=HYPERLINK(""https://a.example"")"', '=HYPERLINK(""https://a.example"'),
        ("-2+3+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1:A9)", "@SUM(A1:A9)"),
        ("  \t=1", "=1"),
        ("a\x00b", "content"),
        ("<html><script>", "content"),
        ("\n<!DOCTYPE html>", "content"),
    ],
)
def test_a_table_asks_nothing_of_a_spreadsheet(content, found):
    for encoding in ("utf-8", "utf-8-sig", "utf-16") if "\x00" not in content else ("utf-8",):
        assert tables.fault(content.encode(encoding), formulas=True) == found
    if not found:
        assert tables.fault(content.encode("cp1252"), formulas=True) == ""
    if found != "content":
        assert tables.fault(content.encode(), formulas=False) == ""


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


def test_a_film_of_a_telephone_no_longer_tells_where_it_was():
    place = b"+14.7912-016.9256/"
    track = _box(b"trak", _box(b"tkhd", b"t" * 20) + _box(b"udta", _box(b"\xa9xyz", place)))
    head = _box(b"ftyp", b"isom\0\0\0\0")
    film = head + _box(b"moov", _box(b"mvhd", b"m" * 20) + track + _box(b"meta", place)) + _box(b"mdat", b"film")
    made = films.cleaned(film)
    assert place in film and place not in made
    assert len(made) == len(film) and made.endswith(_box(b"mdat", b"film")) and b"t" * 20 in made
    for broken in (
        film[:60],
        head + b"\0\0\0\0moov",
        head + b"\xff\xff\xff\xffmoov",
        head + _box(b"moov", b"\0\0\0\1"),
    ):
        assert len(films.cleaned(broken)) == len(broken)
    assert [films.form(one) for one in (film, b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", b"RIFF", b"")] == [
        ".mp4", ".webm", "", "",
    ]  # fmt: skip


NAMES = {
    "a file": ("lien.jpg", lambda folder: (folder / "lien.jpg").symlink_to("/etc/hostname")),
    "a folder": ("dossier", lambda folder: (folder / "dossier").symlink_to("/etc")),
    "nothing": ("vide.jpg", lambda folder: (folder / "vide.jpg").symlink_to("nulle-part.jpg")),
    "a circle": ("rond.jpg", lambda folder: (folder / "rond.jpg").symlink_to("rond.jpg")),
    "a neighbour": ("voisin.md", lambda folder: (folder / "voisin.md").symlink_to("../good-sheet/index.en.md")),
    "a pipe": ("tuyau.jpg", lambda folder: os.mkfifo(folder / "tuyau.jpg")),
    "a socket": ("prise.jpg", lambda folder: _socket(folder / "prise.jpg")),
}


def _socket(path: Path) -> None:
    here = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(f"/proc/self/fd/{here}/{path.name}")  # its own path may be too long for a socket
    os.close(here)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_not_a_file_of_the_folder_is_never_read(tmp_path):
    products = samples.write(tmp_path / "products", {})
    folder = products / "sheets/bonne-fiche"
    for _, make in NAMES.values():
        make(folder)
    library = reading.load(products)
    assert {Path(problem.file).name for problem in library.problems} == {name for name, _ in NAMES.values()}
    assert {problem.code for problem in library.problems} == {"unsafe-file"}
    assert not library.products["sheets/bonne-fiche"].attachments


OUTSIDE = (
    "../good-sheet/photo.jpg /etc/hostname C:\\Windows\\win.ini \\\\a.example\\x.jpg ..\\x.jpg %2e%2e/x.jpg "
    "photo.jpg:x photo.jpg::$DATA photo.jpg. .photo.jpg photo\\u0000.jpg été.jpg e\\u0301te.jpg ｐhoto.jpg "
    "photo.jpg%00.png ~/x.jpg $HOME/x.jpg file:///etc/passwd https://a.example/x.jpg "
    "photo\\u202egpj.exe CON.jpg nul.jpg COM1.png aux.svg"
).split()


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_the_folder(name, tmp_path):
    cover = (
        f'cover: {{file: "{name.replace(chr(92), chr(92) * 2) if "u0" not in name and "u2" not in name else name}", '
    )
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace(
        "themes:", cover + "alt: Un puits, credit: Awa, consent: not-needed}\nthemes:"
    )
    linked = text.replace("{sections}\n", "{sections}\n" + f"![x]({name}) [y]({name})\n")
    products = samples.write(tmp_path / "products", {"sheets/mauvaise/index.fr.md": linked})
    Image.new("RGB", (9, 9)).save(products / "sheets/good-sheet/photo.jpg")
    Image.new("RGB", (9, 9)).save(products / "sheets/mauvaise/photo.jpg")
    library = reading.load(products)
    told = [problem for problem in library.problems if problem.file.endswith("mauvaise/index.fr.md")]
    assert {"bad-value", "bad-yaml", "missing-file", "unsafe-file"} & {problem.code for problem in told}
    assert "sheets/mauvaise" not in library.products


def test_each_case_of_the_tables_is_one_of_its_own():
    assert len(DRAWINGS) + len(attached.PDFS) + len(attached.OFFICE) + len(NAMES) + len(OUTSIDE) > 110
    assert re.fullmatch(r"[0-9a-f]{64}", attachments._RECIPE)  # what was found is forgotten when the rules change
