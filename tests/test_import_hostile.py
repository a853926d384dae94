"""A document may be made to harm: it is refused before anything unpacks it, or what could harm is left out and told."""

from __future__ import annotations

import io
import random
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import documents
import markdown
import pytest
import samples
from docx import Document
from test_cli import run
from test_import import as_opendocument, bring

from capitalise import limits, reading, safety, sections
from capitalise.importing import guard, pandoc
from capitalise.importing.guard import Refused
from capitalise.importing.prepare import prepare
from capitalise.model import KINDS


@pytest.fixture
def library(tmp_path) -> Path:
    """A folder with a small library in it."""
    samples.write(tmp_path / "library/products", {})
    return tmp_path / "library"


def good(path: Path, text: str = "Une vallée.") -> Path:
    document = Document()
    document.add_heading("Contexte", 1)
    document.add_paragraph(text)
    return documents.save(document, path)


def with_parts(*more: tuple[str, bytes]) -> Callable[[Path], object]:
    return lambda path: documents.repacked(good(path), {}, more)


def with_change(part: str, old: str, new: str) -> Callable[[Path], object]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return lambda path: documents.repacked(good(path), {part: change})


def bomb_in_the_text(path: Path) -> None:
    """A document of 100 kB whose text is a hundred million letters."""
    spaces = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 3_000_000
    documents.repacked(good(path), {"word/document.xml": lambda xml: xml.replace(b"<w:body>", b"<w:body>" + spaces)})


def declares_200_mb(path: Path) -> None:
    """A small part that says of itself that it is 250 MB."""
    good(path)
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, start + 24, 250_000_000)
    path.write_bytes(data)


def lies_about_its_size(path: Path) -> None:
    """A part of 60 MB that says of itself that it is 1 kB."""
    with_parts(("word/media/image9.png", b"\0" * 60_000_000))(path)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 1_000)))


def locked(path: Path) -> None:
    """A zip whose parts are encrypted."""
    data = bytearray(good(path).read_bytes())
    for found in re.finditer(rb"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    path.write_bytes(data)


def compound(name: str) -> Callable[[Path], object]:
    """How Word's old files begin, and those with a password."""
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + name.encode("utf-16-le") + b"\0" * 4000
    return lambda path: path.write_bytes(content)


def cut(path: Path) -> None:
    data = good(path).read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def flipped(path: Path) -> None:
    """A byte of the text changed on the way: the checksum tells."""
    data = bytearray(good(path).read_bytes())
    data[data.index(b"word/document.xml") + 200] ^= 0xFF
    path.write_bytes(data)


def a_million_parts(path: Path) -> None:
    """A list of parts that takes a gigabyte of memory to be read; the parts are not there."""
    data = good(path).read_bytes()
    end = data.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", data, end + 16)
    entry = b"PK\x01\x02" + struct.pack("<24xHHHHHII", 6, 0, 0, 0, 0, 0, 0)
    entries = data[start:end] + b"".join(entry + b"%06x" % number for number in range(1_000_000))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 60_000, 60_000, len(entries), start, 0)
    path.write_bytes(data[:start] + entries + tail)


def packed_otherwise(path: Path) -> None:
    """A zip packed with LZMA, whose unpacking asks for the memory that its header names."""
    parts = zipfile.ZipFile(good(path))
    contents = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as made:
        for name, content in contents.items():
            made.writestr(name, content)


def parts_of_elements(path: Path) -> None:
    """Twelve texts, each within its limit, that together take two gigabytes when they are parsed."""
    chance = random.Random(1)
    text = "".join(f"<{chance.randbytes(3).hex().translate(_LETTERS)}/>" for _ in range(490_000))
    with_parts(*((f"word/p{number}.xml", f"<a>{text}</a>".encode()) for number in range(12)))(path)


_LETTERS = str.maketrans("0123456789", "ghijklmnop")
ENTITIES = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
XML = '<?xml version="1.0"?>'
WIDE = "<w:tbl><w:tblGrid>{}</w:tblGrid>{}</w:tbl>".format(
    "<w:gridCol/>" * 100, ("<w:tr>" + "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>" * 100 + "</w:tr>") * 300
)

REFUSED = {
    "a bomb in the text": (bomb_in_the_text, "devient trop grand quand on l’ouvre"),
    "a bomb beside the text": (with_parts(("word/media/a.png", b"\0" * 90_000_000)), "devient trop grand"),
    "a text packed too small": (with_change("word/document.xml", "Une vallée", "a" * 4_000_000), "fois plus grand"),
    "200 MB declared": (declares_200_mb, "devient trop grand quand on l’ouvre (250"),
    "a lie about the size": (lies_about_its_size, "abîmé ou incomplet"),
    "many parts": (with_parts(*((f"word/media/{n}.png", b"") for n in range(2_100))), "plus de 2 000 parties"),
    "too large": (with_parts(("a.bin", random.Random(1).randbytes(61_000_000))), "la limite est de 60 Mo"),
    "a way out": (with_parts(("word/media/../../../evil.png", b"a")), "nom anormal (« word/media/../../../evil.png »)"),
    "a way out of Windows": (with_parts(("word\\..\\..\\evil.png", b"a")), "nom anormal"),
    "a name that gives orders": (
        with_parts(("word/media/\x1b[2Jz.png", b"a")),
        "nom anormal (« word/media/�[2Jz.png »)",
    ),
    "a name from the root": (with_parts(("/etc/cron.d/evil", b"a")), "nom anormal"),
    "a drive": (with_parts(("C:/evil.png", b"a")), "nom anormal"),
    "one name twice": (with_parts(("word/Document.xml", b"<a/>")), "nom anormal (« word/Document.xml »)"),
    "entities": (with_change("word/document.xml", "<w:document", ENTITIES + "<w:document"), "définitions"),
    "entities in a footnote": (with_parts(("word/footnotes.xml", (XML + ENTITIES + "<w/>").encode())), "définitions"),
    "entities in other letters": (
        with_parts(
            ("word/comments.xml", ('<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES + "<w/>").encode("utf-16"))
        ),
        "définitions",
    ),
    "attributes by default": (
        with_change("word/document.xml", "<w:document", '<!DOCTYPE w [<!ATTLIST w:p a CDATA "b">]><w:document'),
        "définitions",
    ),
    "letters that hide them": (
        with_parts(("word/comments.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE w+AD4APA-w/+AD4-')),
        "abîmé ou incomplet",
    ),
    "a million parts": (a_million_parts, "plus de 2 000 parties"),
    "packed otherwise": (packed_otherwise, "abîmé ou incomplet"),
    "elements without end": (parts_of_elements, "trop long"),
    "a text without end": (with_change("word/document.xml", "Une vallée", "Une vallée " * 120_000), "trop long"),
    "a table without end": (with_change("word/document.xml", "<w:body>", f"<w:body>{WIDE}"), "plus de 20 000 cellules"),
    "not XML": (with_change("word/document.xml", "</w:body>", ""), "abîmé ou incomplet"),
    "a thousand in one another": (
        with_change("word/document.xml", "<w:p>", "<w:sdt><w:sdtContent>" * 400 + "<w:p>"),
        "abîmé ou incomplet",
    ),
    "a password": (compound("EncryptedPackage"), "protégé par un mot de passe"),
    "a password on the zip": (locked, "protégé par un mot de passe"),
    "Word 2003": (compound("WordDocument"), "l’ancien format de Word (.doc)"),
    "a PDF": (lambda path: path.write_bytes(b"%PDF-1.7\n"), "C’est un fichier PDF"),
    "rich text": (lambda path: path.write_bytes(b"{\\rtf1 Bonjour}"), "ni un document Word"),
    "another zip": (lambda path: zipfile.ZipFile(path, "w").writestr("a.txt", "a"), "ni un document Word"),
    "empty": (lambda path: path.write_bytes(b""), "ni un document Word"),
    "cut short": (cut, "abîmé ou incomplet"),
    "changed on the way": (flipped, "abîmé ou incomplet"),
    "a folder": (lambda path: path.mkdir(), "n’existe pas ou n’est pas un fichier"),
    "nothing": (lambda path: None, "n’existe pas ou n’est pas un fichier"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=list(REFUSED))
def test_what_could_harm_is_refused_in_plain_words(make, words, library, tmp_path):
    path = tmp_path / "f.docx"
    make(path)
    begun = time.monotonic()
    done = run(library, "import", str(path))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert words in done.stderr.replace("\u00a0", " ").replace("\u202f", " ")
    assert time.monotonic() - begun < 30
    assert sorted(path.name for path in (library / "products/sheets").iterdir()) == ["bonne-fiche", "good-sheet"]


def test_the_guard_measures_before_anything_is_unpacked(tmp_path):
    """The bomb that took pandoc 5 GB: it is refused having unpacked no more than the limit."""
    import tracemalloc

    bomb_in_the_text(tmp_path / "f.docx")
    assert (tmp_path / "f.docx").stat().st_size < 2_000_000
    tracemalloc.start()
    with pytest.raises(Refused):
        guard.opened(tmp_path / "f.docx")
    assert tracemalloc.get_traced_memory()[1] < 5 * limits.MAX_OFFICE_XML_BYTES
    tracemalloc.stop()


def test_a_picture_elsewhere_is_not_fetched_and_is_told(library, tmp_path):
    document = Document()
    document.add_heading("Contexte", 1)
    documents.picture(document, alt="Un espion")
    path = documents.save(document, tmp_path / "espion.docx")

    def elsewhere(xml: bytes) -> bytes:
        image = re.search(rb'Target="media/[^"]+"', xml)[0]
        return xml.replace(image, b'Target="http://127.0.0.1:9/pixel.png?who=you" TargetMode="External"')

    told = bring(library, documents.repacked(path, {"word/_rels/document.xml.rels": elsewhere}), "--slug", "a", code=1)
    assert "http://127.0.0.1:9/pixel.png?who=you" in told
    text = (library / "products/sheets/a/index.fr.md").read_text("utf-8")
    assert "127.0.0.1" not in text

    # What the converter is given mentions it no more.
    package = guard.opened(path)
    prepare(package)
    with zipfile.ZipFile(io.BytesIO(package.zipped())) as given:
        assert not [name for name in given.namelist() if b"127.0.0.1" in given.read(name)]


def test_what_libreoffice_keeps_beside_the_text_stays_there(library, tmp_path):
    """A picture elsewhere, a comment with the name of who made it."""
    path = as_opendocument(good(tmp_path / "f.docx"))
    more = (
        '<text:p>Avant<draw:frame><draw:image xlink:href="http://127.0.0.1:9/x.png"/></draw:frame>'
        "<office:annotation><dc:creator>Awa Secrète</dc:creator><text:p>À revoir</text:p></office:annotation>"
        "après</text:p>"
        '<text:p><draw:frame><draw:image xlink:href="../../../etc/passwd"/></draw:frame></text:p></office:text>'
    )
    changed = {"content.xml": lambda xml: xml.replace(b"</office:text>", more.encode())}
    told = bring(library, documents.repacked(path, changed), "--slug", "e", code=1)
    text = (library / "products/sheets/e/index.fr.md").read_text("utf-8")
    assert "Avantaprès" in text
    assert not re.search("127.0.0.1|passwd|Secrète|revoir", text)
    assert "http://127.0.0.1:9/x.png" in told and "Secrète" not in told
    assert "Commentaires de relecture laissés de côté\u00a0: 1." in told


def test_a_file_of_the_computer_is_not_read(library, tmp_path):
    """A picture, a template or an object that names a file outside the document."""
    secret = tmp_path / "secret.txt"
    secret.write_text("LE SECRET", "utf-8")
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="x{n}" Type="{kinds}/{kind}" Target="{secret.as_uri()}" TargetMode="External"/>'
        for n, kind in enumerate(("image", "attachedTemplate", "oleObject", "aFChunk", "subDocument"))
    )
    path = with_change("word/_rels/document.xml.rels", "</Relationships>", f"{more}</Relationships>")(
        tmp_path / "f.docx"
    )
    bring(library, path, "--slug", "b", code=1)
    assert "LE SECRET" not in (library / "products/sheets/b/index.fr.md").read_text("utf-8")


def test_macros_are_left_out_of_a_document_that_hides_them(library, tmp_path):
    path = with_parts(("word/vbaProject.bin", b"\xd0\xcf\x11\xe0 AutoOpen"))(tmp_path / "f.docx")
    told = bring(library, path, "--slug", "c", code=1)
    assert "contient des macros" in told
    assert guard.opened(path).zipped().count(b"vba") == 0


def test_what_is_written_in_a_document_runs_nothing_in_a_page(library, tmp_path):
    text = (
        "<script>alert(1)</script> [a](javascript:alert(1)) ![x](http://e.example/a.png) <!-- -->\n---\n# x\n!!! note"
    )
    document = Document()
    document.add_heading("Contexte", 1)
    document.add_paragraph(text)
    documents.link(document.add_paragraph(), "ici", "javascript:alert(1)")
    document.core_properties.title = ""
    told = bring(library, documents.save(document, tmp_path / "f.docx"), "--slug", "d", "--lang", "fr", code=1)
    made = (library / "products/sheets/d/index.fr.md").read_text("utf-8")
    assert "javascript:alert(1) ne mène pas à une page web" in told
    document = reading.load(library / "products").left_out
    assert document == ("products/sheets/d/index.fr.md",)  # its other sections are still to be written
    parts = sections.split(made.partition("\n---\n")[2], KINDS["sheet"], "fr")
    assert [part.anchor for part in parts] == [anchor for anchor in KINDS["sheet"].required_sections()]
    made = markdown.markdown(parts[0].text, extensions=["admonition", "attr_list", "sane_lists"])
    html = safety.clean(made, str, str)
    assert not re.search(r"<(?:script|img|h\d|hr|div)|href", html)
    assert re.sub(r"<br ?/?>|\s+", " ", html).replace("  ", " ").strip() == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; [a](javascript:alert(1)) ![x](http://e.example/a.png) &lt;!-- --&gt; "
        "--- # x !!! note</p> <p>ici</p>"
    )


def test_a_converter_that_takes_too_long_or_too_much_is_stopped(monkeypatch):
    data = guard.Package(guard.WORD, {}, {}).zipped()
    with pytest.raises(Refused, match="damaged"):
        pandoc.read(data, guard.WORD)
    monkeypatch.setattr(limits, "MAX_OFFICE_SECONDS", 0.001)
    with pytest.raises(Refused, match="too-slow"):
        pandoc.write([[]])
    monkeypatch.setattr(limits, "MAX_OFFICE_SECONDS", 60)
    monkeypatch.setattr(limits, "MAX_OFFICE_MEMORY", "4m")
    words = [{"t": "Para", "c": [{"t": "Str", "c": "mot"}]}] * 20_000
    with pytest.raises(Refused, match="too-slow"):
        pandoc.write([words])


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_no_document_however_broken_ends_in_a_traceback(form, tmp_path):
    """Elements taken out, doubled and renamed at random: each is brought in or refused, and nothing else happens."""
    from capitalise.importing import product
    from capitalise.locales import texts

    path = documents.messy(tmp_path / "f.docx")
    if form == "odt":
        path = as_opendocument(path)
    part = {"docx": "word/document.xml", "odt": "content.xml"}[form]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    samples.write(tmp_path / "products", {})
    chance, brought = random.Random(form), 0
    pieces = re.split(rb"(?=<)", parts[part])
    for _ in range(25):
        broken = list(pieces)
        for _ in range(3):
            at = chance.randrange(1, len(broken))
            tag = broken[at]
            if tag.endswith(b"/>"):
                broken[at] = chance.choice([b"", tag * 3, re.sub(rb'="[^"]*"', b'="-1"', tag)])
            else:
                broken[at] = re.sub(rb'="[^"]*"', b'="99999999999"', tag)
        with zipfile.ZipFile(tmp_path / "broken", "w") as archive:
            for name, data in (parts | {part: b"".join(broken)}).items():
                archive.writestr(name, data)
        try:
            made, _ = product.from_document(tmp_path / "broken", tmp_path / "products", product.Wish(), texts("fr"))
            assert "## " in made.text
            brought += 1
        except Refused:
            pass
    assert brought >= 5


def test_a_header_that_nothing_could_read_again_is_not_written(library, tmp_path):
    """A page of text in the place of the keywords: found by the mutation run, which could not read what was written."""
    document = Document()
    document.add_paragraph("Mots-clés : " + "; ".join(f"mot {number}" for number in range(8_000)))
    document.add_heading("Contexte", 1)
    document.add_paragraph("Une vallée sèche.")
    done = run(library, "import", str(documents.save(document, tmp_path / "f.docx")), "--kind", "sheet")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "trop long" in done.stderr
    assert sorted(path.name for path in (library / "products/sheets").iterdir()) == ["bonne-fiche", "good-sheet"]
