"""What the converter would lose or fetch is mended in the file's own XML before it gets it.

Measured with pandoc 3.9: a text box takes the place of the paragraph that holds it, and in OpenDocument is lost;
"List Bullet 2" becomes a list of its own; OpenDocument's title is a paragraph like others.
Names: ECMA-376 part 1 (WordprocessingML), OASIS OpenDocument 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from capitalise import limits
from capitalise.importing.guard import WORD, Package, Refused

_NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_W = f"{{{_NS['w']}}}"
_TEXT = f"{{{_NS['text']}}}"
_LIST_LEVEL = re.compile(r"List (Bullet|Number) ([2-5])", re.IGNORECASE)
_LOOSELY = 2
"""A document's text holds more letters than are brought in: tables of contents, blanks that lay out its XML."""
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
_SIZE = re.compile(r"[0-9]{1,4}")
"""A size of letters, in half-points."""
_MOST_HEADING = 90
GUIDANCE = "595959"
"""Colour of the italics in which our forms guide: what somebody types in their place is not meant as italics."""
_LARGER = 6
"""Half-points above the body's size from which a short paragraph is meant as a heading."""


_LARGE = 14
"""Points from which OpenDocument's letters are large."""


@dataclass
class Prepared:
    """A file that the converter can be given, and what it would not have told."""

    package: Package
    title: str = ""
    """OpenDocument's title paragraph; Word's comes from the converter."""
    properties: dict[str, str] = field(default_factory=dict)
    """`title`, `creator`, `modified`, `category` from the file's properties, which programs fill by themselves."""
    remote: list[str] = field(default_factory=list)
    """Addresses of pictures that are not in the file: not fetched."""
    comments: int = 0
    margins: list[str] = field(default_factory=list)
    """What stands in the headers and footers of pages."""


def prepare(package: Package) -> Prepared:
    """The file with its XML mended; its parts are replaced in `package`. Raises `Refused`."""
    texts = {name: data for name, data in package.parts.items() if name.endswith((".xml", ".rels"))}
    _must_be_bearable(texts.values())
    trees = {name: _parse(data) for name, data in texts.items()}
    made = Prepared(package)
    (_word if package.form == WORD else _opendocument)(trees, made)
    for name, tree in trees.items():
        package.parts[name] = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return made


def _must_be_bearable(texts: Iterable[bytes]) -> None:
    """Looks at the bytes before a parser does: each element and attribute takes its memory a hundred times over, and a
    document type could give each element an attribute of a megabyte. Both formats are UTF-8 or UTF-16 and nothing else
    (ECMA-376 part 2, 8.1.4; OpenDocument 1.3 part 2, 2.2.1), which these bytes can't hide in. Raises `Refused`."""
    opened = given = 0
    for data in texts:
        plain = data.replace(b"\0", b"") if data[:4].count(b"\0") or data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
        said = _ENCODING.match(plain[:200].lstrip(b"\xef\xbb\xbf\xff\xfe"))
        if said and said[1].upper() not in (b"UTF-8", b"UTF-16"):
            raise Refused("damaged")
        if b"<!DOCTYPE" in plain:
            raise Refused("entities")
        opened += plain.count(b"<")
        given += plain.count(b"=")
    if opened > 2 * limits.MAX_OFFICE_ELEMENTS or given > 4 * limits.MAX_OFFICE_ELEMENTS:
        raise Refused("too-long", limit=limits.MAX_BODY_CHARS // 1000)


def _parse(data: bytes) -> etree._Element:
    """XML without a document type: entities could make a page a million pages, or read another file."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused("damaged") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("entities")
    written = sum(len(text) for text in root.itertext())
    if written > limits.MAX_BODY_CHARS * _LOOSELY or sum(1 for _ in root.iter()) > limits.MAX_OFFICE_ELEMENTS:
        raise Refused("too-long", limit=limits.MAX_BODY_CHARS // 1000)
    return root


def _find(root: etree._Element, path: str) -> list[etree._Element]:
    return root.xpath(path, namespaces=_NS)


def _remove(element: etree._Element) -> None:
    """Takes an element away, and leaves the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


# -------------------------------------------------------------------------------- Word


def _word(trees: dict[str, etree._Element], made: Prepared) -> None:
    for name, tree in trees.items():
        if name.endswith(".rels"):
            _cut_remote(tree, made)
    core = trees.get("docProps/core.xml")
    if core is not None:
        for path in ("dc:title", "dc:creator", "dcterms:modified", "cp:category"):
            made.properties[path.partition(":")[2]] = "".join(map(_words, _find(core, f"//{path}")))
    for name, tree in trees.items():
        if re.fullmatch(r"word/comments\.xml", name):
            made.comments = len(_find(tree, "//w:comment"))
        elif re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
            made.margins += filter(None, [_written(tree)])
    styles, base = _styles(trees), _base_size(trees)
    numbers = (
        {one.get(f"{_W}numId") for one in _find(trees["word/numbering.xml"], "//w:num")}
        if "word/numbering.xml" in trees
        else set()
    )
    for name, tree in trees.items():
        if not re.fullmatch(r"word/(?:document\d*|footnotes|endnotes)\.xml", name):
            continue
        chunks = len(_find(tree, "//w:altChunk"))
        if chunks:
            made.package.left_out["embedded"] = made.package.left_out.get("embedded", 0) + chunks
        for contents in _find(tree, "//w:sdt[w:sdtPr/w:docPartObj/w:docPartGallery[@w:val='Table of Contents']]"):
            _remove(contents)
        _lift_text_boxes(tree)
        for mark in _find(tree, f"//w:rPr[w:color/@w:val='{GUIDANCE}']/w:i"):
            _remove(mark)
        for paragraph in _find(tree, "//w:p"):
            named = paragraph.find(f"{_W}pPr/{_W}pStyle")
            style = styles.get(named.get(f"{_W}val", ""), "") if named is not None else ""
            if re.match(r"toc \d", style, re.IGNORECASE):
                _remove(paragraph)
                continue
            _level(paragraph, style, trees, numbers)
            _embolden(paragraph, style, base)


def _cut_remote(tree: etree._Element, made: Prepared) -> None:
    """Of what stands outside the file, only links that a reader follows are kept."""
    for relation in _find(tree, "//rel:Relationship[@TargetMode='External']"):
        kind = relation.get("Type", "").rpartition("/")[2]
        if kind == "hyperlink":
            continue
        if kind == "image":
            made.remote.append(relation.get("Target", ""))
        _remove(relation)


def _written(tree: etree._Element) -> str:
    """The words of a header or footer, less those that a field makes, such as the number of the page."""
    words = " ".join("".join(_find(p, ".//w:t/text()")) for p in _find(tree, "//w:p"))
    return " ".join(words.split()) if re.search(r"[^\W\d_]{3}", words) else ""


def _styles(trees: dict[str, etree._Element]) -> dict[str, str]:
    """Id of a style → its name, which is English in Word of any language."""
    tree = trees.get("word/styles.xml")
    if tree is None:
        return {}
    return {s.get(f"{_W}styleId", ""): "".join(_find(s, "string(w:name/@w:val)")) for s in _find(tree, "//w:style")}


def _base_size(trees: dict[str, etree._Element]) -> int:
    """Size of the body's text, in half-points."""
    tree = trees.get("word/styles.xml")
    if tree is None:
        return 22
    normal = "".join(_find(tree, "string(//w:style[@w:default='1' and @w:type='paragraph']/w:rPr/w:sz/@w:val)"))
    default = "".join(_find(tree, "string(//w:docDefaults//w:rPr/w:sz/@w:val)"))
    return next((int(size) for size in (normal, default) if _SIZE.fullmatch(size)), 22)


def _lift_text_boxes(tree: etree._Element) -> None:
    """What stands in a text box follows the paragraph that holds the box."""
    for choice in _find(tree, "//mc:AlternateContent[mc:Choice//w:txbxContent]/mc:Fallback"):
        _remove(choice)  # the same words once more, for older programs
    for box in reversed(_find(tree, "//w:txbxContent")):
        host = next(box.iterancestors(f"{_W}p"), None)
        if host is None:
            continue
        for child in reversed(list(box)):
            host.addnext(child)
        _remove(box)


def _level(paragraph: etree._Element, style: str, trees: dict[str, etree._Element], numbers: set[str | None]) -> None:
    """A paragraph of the style "List Bullet 2" is told to be at the second level, as its look says.

    `numbers` are the ids of the lists that there are; it adds its own.
    """
    match = _LIST_LEVEL.fullmatch(style)
    numbering = trees.get("word/numbering.xml")
    if not match or numbering is None or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return
    kind = match[1].lower()
    number = {"bullet": "9001", "number": "9002"}[kind]
    if number not in numbers:
        numbers.add(number)
        form = {"bullet": "bullet", "number": "decimal"}[kind]
        abstract = etree.SubElement(numbering, f"{_W}abstractNum", {f"{_W}abstractNumId": number})
        for level in range(9):
            definition = etree.SubElement(abstract, f"{_W}lvl", {f"{_W}ilvl": str(level)})
            etree.SubElement(definition, f"{_W}start", {f"{_W}val": "1"})
            etree.SubElement(definition, f"{_W}numFmt", {f"{_W}val": form})
            etree.SubElement(definition, f"{_W}lvlText", {f"{_W}val": f"%{level + 1}."})
        entry = etree.SubElement(numbering, f"{_W}num", {f"{_W}numId": number})
        etree.SubElement(entry, f"{_W}abstractNumId", {f"{_W}val": number})
    (properties,) = _find(paragraph, "w:pPr")
    place = etree.SubElement(properties, f"{_W}numPr")
    etree.SubElement(place, f"{_W}ilvl", {f"{_W}val": str(int(match[2]) - 1)})
    etree.SubElement(place, f"{_W}numId", {f"{_W}val": number})


def _embolden(paragraph: etree._Element, style: str, base: int) -> None:
    """A short paragraph all in large letters is meant as a heading: bold says so, size is lost on the way."""
    if re.match(r"heading|title|list", style, re.IGNORECASE) or paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return
    runs = [run for run in paragraph.iter(f"{_W}r") if run.find(f"{_W}t") is not None]
    if not runs or sum(len(text) for text in paragraph.itertext(f"{_W}t")) > _MOST_HEADING:
        return
    sizes = [size.get(f"{_W}val", "") if size is not None else "" for size in (r.find(f"{_W}rPr/{_W}sz") for r in runs)]
    if all(_SIZE.fullmatch(size) and int(size) >= base + _LARGER for size in sizes):
        for run in runs:
            properties = _find(run, "w:rPr")[0]
            if not _find(properties, "w:b"):
                etree.SubElement(properties, f"{_W}b")


# -------------------------------------------------------------------------------- OpenDocument


def _opendocument(trees: dict[str, etree._Element], made: Prepared) -> None:
    content = trees.get("content.xml")
    if content is None:
        raise Refused("damaged")
    _tell_of(trees, content, made)
    for annotation in _find(content, "//office:annotation"):
        _remove(annotation)  # the converter makes footnotes of them, with their author's name
    for contents in _find(content, "//text:table-of-content"):
        _remove(contents)
    _lift_frames(content)
    for properties in _find(content, "//style:text-properties[@fo:font-size]"):
        size = re.fullmatch(r"(\d+(?:\.\d+)?)pt", properties.get(f"{{{_NS['fo']}}}font-size", ""))
        if size and float(size[1]) >= _LARGE:
            properties.set(f"{{{_NS['fo']}}}font-weight", "bold")
    for properties in _find(content, f"//style:text-properties[@fo:color='#{GUIDANCE}'][@fo:font-style]"):
        del properties.attrib[f"{{{_NS['fo']}}}font-style"]
    parents = {
        style.get(f"{{{_NS['style']}}}name"): style.get(f"{{{_NS['style']}}}parent-style-name", "")
        for style in _find(content, "//style:style")
    }
    _nest(content, parents)
    for paragraph in _find(content, "//office:text//text:p")[:20]:
        style = paragraph.get(f"{_TEXT}style-name", "")
        if "Title" in (style, parents.get(style)):
            made.title = _words(paragraph)
            _remove(paragraph)
            break


def _tell_of(trees: dict[str, etree._Element], content: etree._Element, made: Prepared) -> None:
    """Properties, and what is not brought in; pictures that are elsewhere are cut."""
    meta = trees.get("meta.xml")
    if meta is not None:
        for name, path in (("title", "dc:title"), ("creator", "dc:creator"), ("modified", "dc:date")):
            made.properties[name] = " ".join(_words(element) for element in _find(meta, f"//office:meta/{path}"))
    made.comments = len(_find(content, "//office:annotation"))
    for image in _find(content, "//draw:image[@xlink:href]"):
        target = image.get(f"{{{_NS['xlink']}}}href", "")
        if not target.startswith("Pictures/") or ".." in target:
            if not target.startswith(("./Object", "Object")):
                made.remote.append(target)
            _remove(image)
    for margin in _find(trees["styles.xml"], "//style:header | //style:footer") if "styles.xml" in trees else ():
        made.margins += filter(lambda words: re.search(r"[^\W\d_]{3}", words), [_words(margin)])


def _lift_frames(content: etree._Element) -> None:
    """What stands in a text box or a shape follows the paragraph that holds it."""
    for box in reversed(_find(content, "//draw:*[text:p or text:list or text:h or table:table]")):
        host = next(box.iterancestors(f"{_TEXT}p", f"{_TEXT}h"), None)
        if host is None or _find(box, ".//draw:image"):  # a picture with its caption is such a box too
            continue
        for child in reversed(list(box)):
            if str(child.tag).startswith((_TEXT, f"{{{_NS['table']}}}")):
                host.addnext(child)
        _remove(box)


def _nest(content: etree._Element, parents: dict[str, str]) -> None:
    """A list of the style "List Bullet 2" is told to be at the second level, as its look says."""
    bullets = ""
    for items in _find(content, "//text:list[not(ancestor::text:list)]"):
        first = next(items.iter(f"{_TEXT}p"), None)
        style = first.get(f"{_TEXT}style-name", "") if first is not None else ""
        named = parents.get(style, style).replace("_20_", " ")
        if level := _LIST_LEVEL.fullmatch(named):
            if level[1].lower() == "bullet":
                bullets = bullets or _bullets(content)
                items.set(f"{_TEXT}style-name", bullets)
            for _ in range(int(level[2]) - 1):
                outer = etree.Element(f"{_TEXT}list", dict(items.attrib))
                items.addprevious(outer)
                etree.SubElement(outer, f"{_TEXT}list-item").append(items)


def _bullets(content: etree._Element) -> str:
    """Name of a style of lists that has bullets at every level."""
    name = "capitalise-bullets"
    styles = content.find(f"{{{_NS['office']}}}automatic-styles")
    if styles is not None and not _find(styles, f"text:list-style[@style:name='{name}']"):
        style = etree.SubElement(styles, f"{_TEXT}list-style", {f"{{{_NS['style']}}}name": name})
        for level in range(1, 11):
            marks = {f"{_TEXT}level": str(level), f"{_TEXT}bullet-char": "•"}
            etree.SubElement(style, f"{_TEXT}list-level-style-bullet", marks)
    return name
