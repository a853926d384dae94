"""A PDF that only shows pages: no script, nothing that starts by itself, no file in it, no form that is sent.

qpdf (by pikepdf) reads it, in a process of its own that is stopped after a time: a document made to be slow, huge or
to bring its reader down takes nothing else with it. Every object is looked at, those in compressed streams too, and
those of former revisions in the file's own bytes. Names: ISO 32000-2, 7.7, 12.6 (actions), 12.5 (annotations).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from capitalise import limits

_ACTIONS = frozenset(
    "JavaScript Launch SubmitForm ImportData GoToR GoToE Rendition Movie Sound RichMediaExecute Trans3D".split()
)
_KEYS = frozenset("JS JavaScript AA XFA RichMediaContent RichMediaSettings EmbeddedFiles EF Collection".split())
_LONG = {"JS": "JavaScript", "EF": "EmbeddedFiles"}
_ANNOTATIONS = frozenset("RichMedia Screen Movie Sound FileAttachment 3D".split())
_NAMED_BY_AUTHOR = frozenset("Font XObject ExtGState ColorSpace Pattern Shading Properties Dests".split())
"""Dictionaries whose keys are names that the document gives, and mean nothing to a reader."""
_SOME = re.compile(
    rb"/(?:JS|AA|XFA|EF|OpenAction|Collection|"
    + b"|".join(sorted(name.encode() for name in _ACTIONS | _ANNOTATIONS))
    + rb"|JavaScript|RichMedia\w*|EmbeddedFiles)(?![\w.-])|/URI (?:[<\d]|\((?!(?:https?|mailto|tel|ftp):))"
)
_RAW = re.compile(
    rb"/S\s*/(?:"
    + b"|".join(sorted(name.encode() for name in _ACTIONS))
    + rb")(?![\w.-])|/JS\s*[(<]|/(?:XFA|EmbeddedFiles)\s*[\[<]"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FOLLOWED = re.compile(rb"(?:https?|mailto|tel|ftp):|[^:\\]*\Z", re.IGNORECASE)
_MOST_DEEP = 50


class Told(NamedTuple):
    """What a PDF holds."""

    found: str = ""
    """What could do something; `password` and `damaged` for what can't be looked into; empty for nothing."""
    names_people: bool = False


def look(path: Path) -> Told:
    """What a PDF holds. Raises `TimeoutError` where that could not be found out in time."""
    # No bytecode: where the disk is full, Python keeps the part that it could write, and no program starts any more.
    command = [sys.executable, "-I", "-B", "-c", _CALL, str(Path(__file__).parents[2]), str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=limits.MAX_PDF_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
        return Told(*json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    except (ValueError, TypeError):  # it brought its reader down
        return Told("damaged")


_CALL = "import sys; sys.path.insert(0, sys.argv[1]); from capitalise.attachments import pdf; pdf.main(sys.argv[2])"


def main(name: str) -> None:
    """Looks into one PDF and prints what it holds: the process of `look`."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_PDF_MEMORY, limits.MAX_PDF_MEMORY))
    except (ImportError, ValueError, OSError):  # Windows has none: there the time alone is limited
        pass
    print(json.dumps(_look(Path(name))))


def _look(path: Path) -> Told:
    import pikepdf

    if found := _RAW.search(_ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), path.read_bytes())):
        name = re.sub(rb"/S\s*/|\W", b"", found[0]).decode()
        return Told(_LONG.get(name, name))
    try:
        with pikepdf.open(path) as document:
            if document.is_encrypted:
                return Told("password")
            if not len(document.pages):
                return Told("damaged")
            for thing in document.objects:
                if found := _active(thing, 0):
                    return Told(found)
            written = document.docinfo if "/Info" in document.trailer else {}
            return Told("", bool(str(written.get("/Author", "")).strip()))
    except pikepdf.PasswordError:
        return Told("password")
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, MemoryError, RecursionError):
        return Told("damaged")


def _active(thing: Any, deep: int) -> str:
    """The first thing in an indirect object that could do something; empty for nothing."""
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Array)):
        return ""
    if not deep and not _SOME.search(thing.unparse(resolved=True)):  # most of them, in a hundredth of the time
        return ""
    if deep > _MOST_DEEP:
        raise ValueError("too deep")
    if isinstance(thing, pikepdf.Array):
        parts = list(thing)
    else:
        parts = []
        for key, value in thing.items():
            name = key[1:]
            if found := _means(name, value):
                return found
            if name in _NAMED_BY_AUTHOR and isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
                parts += [inner for _, inner in value.items()]
            else:
                parts.append(value)
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect and (found := _active(part, deep + 1)):
            return found
    return ""


def _means(name: str, value: Any) -> str:
    """What a key of a dictionary makes a reader do; empty for nothing."""
    import pikepdf

    if name in _KEYS:
        return _LONG.get(name, name)
    if isinstance(value, pikepdf.Name):
        word = str(value)[1:]
        if name == "S" and word in _ACTIONS or name == "Subtype" and word in _ANNOTATIONS:
            return word
    if name == "OpenAction" and isinstance(value, pikepdf.Dictionary) and value.get("/S") not in ("/GoTo", "/Named"):
        kind = str(value.get("/S", ""))[1:]
        return kind if kind in _ACTIONS else name
    if name == "URI" and isinstance(value, pikepdf.String) and not _FOLLOWED.match(bytes(value).strip()):
        return bytes(value)[:60].decode("latin-1")
    return ""
