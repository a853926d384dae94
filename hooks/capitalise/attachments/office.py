"""Word, Excel, PowerPoint and OpenDocument files that only tell: no macro, no object of another program, nothing that
is fetched from elsewhere when they are opened.

Parts and relations: ECMA-376 part 2 (Open Packaging Conventions), OpenDocument 1.3 part 2. Names of what is
refused: [MS-OFFMACRO2], [MS-OE376]; fields: ECMA-376 part 1, 17.16.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree

from capitalise import limits
from capitalise.importing import guard
from capitalise.importing.guard import Refused

_MAIN = {
    ".docx": "wordprocessingml.document.main+xml",
    ".xlsx": "spreadsheetml.sheet.main+xml",
    ".pptx": "presentationml.presentation.main+xml",
}
_MIMETYPES = {
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
}
TYPES = (*_MAIN, *_MIMETYPES)

_PARTS = (
    ("macros", re.compile(r"vbaproject|vbadata|macrosheets/|dialogsheets/|^basic/|^scripts/|attachedtoolbars")),
    ("ActiveX", re.compile(r"(?:^|/)activex/|(?:^|/)ctrlprops/")),
    ("customUI", re.compile(r"^customui/")),
    ("externalLink", re.compile(r"^xl/(?:externallinks/|connections\.xml|querytables/)")),
)
_TYPES = (
    ("macros", re.compile(r"macroenabled|vbaproject|ms-excel\.intlmacrosheet|ms-excel\.macrosheet", re.IGNORECASE)),
    ("ActiveX", re.compile(r"activex", re.IGNORECASE)),
    ("OLE", re.compile(r"oleobject|vnd\.sun\.star\.oleobject", re.IGNORECASE)),
)
_EMBEDDED = re.compile(r"(?:^|/)embeddings/")
_FIELD = re.compile(
    r"(?<![a-z])(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|DATABASE|QUOTE)(?![a-z])", re.I
)
_FOLLOWED = re.compile(r"(?:https?|mailto|tel|ftp):|#|[^:\\]*\Z", re.IGNORECASE)
"""Where a link that a reader clicks may lead: not to a file of a computer, nor to a program."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_DEEP = 2
_ODF_ACTIVE = frozenset(
    "event-listener script dde-source dde-connection dde-connection-decl floating-frame plugin applet "
    "connection-resource database-row-select cell-range-source table-source section-source".split()
)


class Other(Exception):
    """It is not what its name says."""


class Told(NamedTuple):
    """What a document holds."""

    found: str = ""
    """What could do something; empty for nothing."""
    names_people: bool = False


def look(data: bytes, suffix: str, deep: int = 0) -> Told:
    """What a document holds. Raises `Other` for what is not of that type, `Refused` for what can't be opened safely."""
    if not data.startswith(b"PK"):
        if guard.has_password(data):
            raise Refused("password")
        raise Other
    try:
        with guard.archive_of(data) as archive:
            return _Document(archive, suffix, deep).look()
    except (*guard.DAMAGED, etree.XMLSyntaxError):
        raise Refused("damaged") from None


class _Document:
    """An open package."""

    def __init__(self, archive: zipfile.ZipFile, suffix: str, deep: int) -> None:
        self.archive, self.suffix, self.deep = archive, suffix, deep
        self.entries = {entry.filename: entry for entry in guard.entries_of(archive) if not entry.is_dir()}

    def look(self) -> Told:
        self._must_be_one()
        rules: tuple[Callable[[], Iterator[str]], ...] = (self._parts, self._types)
        rules += (self._relations, self._fields) if self.suffix in _MAIN else (self._opendocument,)
        rules += (self._embedded,)
        for rule in rules:
            for found in rule():
                return Told(found)
        for entry in self.entries.values():  # bombs among what nothing above has read
            guard.unpacked(self.archive, entry, limits.MAX_OFFICE_UNPACKED_BYTES)
        return Told("", self._names_people())

    def _must_be_one(self) -> None:
        if self.suffix in _MAIN:
            told = self._bytes("[Content_Types].xml") if "[Content_Types].xml" in self.entries else b""
            if not re.search(rf"{re.escape(_MAIN[self.suffix])}|macroEnabled\.main\+xml".encode(), told):
                raise Other
        elif (
            "mimetype" not in self.entries
            or self._bytes("mimetype").strip().decode("latin-1") != _MIMETYPES[self.suffix]
        ):
            raise Other

    def _bytes(self, name: str) -> bytes:
        return guard.unpacked(self.archive, self.entries[name], limits.MAX_OFFICE_XML_BYTES)

    def _tree(self, name: str) -> etree._Element:
        """A part as a tree; entities and definitions of types are none of a document's business."""
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        root = etree.fromstring(self._bytes(name), parser)
        if root.getroottree().docinfo.doctype:
            raise Refused("damaged")
        return root

    def _parts(self) -> Iterator[str]:
        for name in self.entries:
            for what, pattern in _PARTS:
                if pattern.search(name.lower()):
                    yield what

    def _types(self) -> Iterator[str]:
        name = "[Content_Types].xml" if self.suffix in _MAIN else "META-INF/manifest.xml"
        if name not in self.entries:
            return
        told = self._bytes(name).decode("utf-8", "replace")
        if "encryption-data" in told:
            raise Refused("password")
        for what, pattern in _TYPES:
            if pattern.search(told):
                yield what

    def _relations(self) -> Iterator[str]:
        for name in self.entries:
            if name.endswith(".rels"):
                for relation in self._tree(name).iter("{*}Relationship"):
                    kind = posixpath.basename(relation.get("Type", ""))
                    target = relation.get("Target", "")
                    if relation.get("TargetMode", "").lower() == "external":
                        if kind != "hyperlink":
                            yield f"{kind}: {target[:60]}"
                        elif not _FOLLOWED.match(target.strip()):
                            yield target[:60]
                    elif kind in ("oleObject", "control", "vbaProject", "attachedTemplate", "aFChunk", "subDocument"):
                        if not (kind == "oleObject" and _is_package(target)):
                            yield kind

    def _fields(self) -> Iterator[str]:
        """Fields that fetch or start something; their instruction may be cut into many pieces."""
        for name in self.entries:
            if self.suffix == ".docx" and re.fullmatch(r"word/[\w-]+\.xml", name):
                root = self._tree(name)
                told = ["".join(root.itertext(f"{_W}instrText", f"{_W}delInstrText"))]
                told += [field.get(f"{_W}instr", "") for field in root.iter(f"{_W}fldSimple")]
                for instruction in told:
                    if found := _FIELD.search(instruction):
                        yield found[1].upper()

    def _opendocument(self) -> Iterator[str]:
        for name in self.entries:
            if posixpath.basename(name) not in ("content.xml", "styles.xml"):
                continue
            for element in self._tree(name).iter(etree.Element):
                local = etree.QName(element).localname
                if local in _ODF_ACTIVE and not (local == "script" and not len(element) and not element.text):
                    yield local
                target = element.get("{http://www.w3.org/1999/xlink}href", "").strip()
                if not target:
                    continue
                if local == "a":
                    if not _FOLLOWED.match(target):
                        yield target[:60]
                elif ":" in target.partition("/")[0] or target.startswith(("/", "\\", "..")):
                    yield f"{local}: {target[:60]}"

    def _embedded(self) -> Iterator[str]:
        """What a chart was made from is a workbook: it is looked into as the document is. Anything else is refused."""
        for name, entry in self.entries.items():
            if not _EMBEDDED.search(name.lower()):
                continue
            suffix = posixpath.splitext(name)[1].lower()
            if suffix not in _MAIN or self.deep >= _MOST_DEEP:
                yield "OLE"
                continue
            try:
                inner = look(guard.unpacked(self.archive, entry, limits.MAX_ATTACHMENT_BYTES), suffix, self.deep + 1)
            except Other:
                yield "OLE"
                continue
            if inner.found:
                yield inner.found

    def _names_people(self) -> bool:
        name = "docProps/core.xml" if self.suffix in _MAIN else "meta.xml"
        if name not in self.entries:
            return False
        wanted = ("{*}creator", "{*}lastModifiedBy", "{*}initial-creator", "{*}printed-by")
        programs = ("python-docx", "openpyxl", "")
        return any((element.text or "").strip() not in programs for element in self._tree(name).iter(*wanted))


def _is_package(target: str) -> bool:
    return posixpath.splitext(target)[1].lower() in _MAIN
