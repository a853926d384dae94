"""A person's plain text as Markdown that says the same: nothing in it is taken for a heading, a table or HTML.

Three conventions, which the form tells: a blank line parts paragraphs, a line that begins with a dash or a number is
of a list, `[1]` cites the first source. Web addresses become links.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_ITEM = re.compile(r"[-–—•*]\s+(?=\S)")
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_ENDS = re.compile(r"[.!?…:;»”\"')\]]\Z")
_TOKEN = re.compile(
    r"(?P<url>https?://(?:(?!&#?\w{1,31};)[^\s<>\"'()\[\]{}\\`])*(?!&#?\w{1,31};)[\w/#=&%-])"
    r"|\[(?P<cited>\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]"
)
_MARKS = re.compile(r"[\\`*_{}\[\]|]")
_ENTITY = re.compile(r"&(?=#|\w{1,31};)")
_FIRST = re.compile(r"[#>+!-]")
_FIRST_UNESCAPABLE = re.compile(r"[=:~?]")
_LIKE_A_NUMBER = re.compile(r"(\d+)([.)])(?=\s)")


def markdown(text: str, sources: int = 0) -> str:
    """The text as Markdown; `[n]` cites source n where there are as many `sources`."""
    return "\n\n".join(_written(block, sources) for block in _blocks(text))


def visible(text: str) -> str:
    """A text less what nobody can see, in Unicode's composed form, with `\\n` line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _blocks(text: str) -> Iterator[list[str]]:
    """Paragraphs and lists, each as its lines. A line that does not end a sentence goes on in the next one: it was
    pasted from where lines are short."""
    block: list[str] = []
    for line in [*(" ".join(line.split()) for line in visible(text).split("\n")), ""]:
        kind, held = _kind(line), _kind(block[0]) if block else ""
        if block and (not line or _begins(line, kind, held, block[-1])):
            yield block
            block = []
        if line and held and not kind and block:
            block[-1] += f" {line}"
        elif line:
            block.append(line)


def _begins(line: str, kind: str, held: str, before: str) -> bool:
    """Whether a line begins a block: it is of another kind than the one before, or comes after its end."""
    if kind or held:
        return kind != held and (bool(kind) or line[0].isupper())
    return bool(_ENDS.search(before))


def _kind(line: str) -> str:
    """`-` or `1` for a line of a list, else empty."""
    return "-" if _ITEM.match(line) else "1" if _NUMBERED.match(line) else ""


def _written(block: list[str], sources: int) -> str:
    match _kind(block[0]):
        case "-":
            return "\n".join(f"- {_line(_ITEM.sub('', line, count=1), sources)}" for line in block)
        case "1":
            items = [_NUMBERED.match(line) for line in block]
            texts = [line[item.end() :] for line, item in zip(block, items, strict=True) if item]
            first = int(items[0][1]) if items[0] else 1
            return "\n".join(f"{number}. {_line(text, sources)}" for number, text in enumerate(texts, first))
        case _:
            return "\n".join(_line(line, sources) for line in block)


def _line(line: str, sources: int) -> str:
    """One line, what Markdown would obey in it escaped."""
    out, end = [], 0
    for token in _TOKEN.finditer(line):
        out.append(_escaped(line[end : token.start()]))
        if token["url"]:
            out.append(f"<{token['url']}>")
        else:
            cited = [int(number) for number in re.findall(r"\d+", token["cited"])]
            known = all(1 <= number <= sources for number in cited)
            out.append("".join(f"[^{number}]" for number in cited) if known else _escaped(token[0]))
        end = token.end()
    made = "".join([*out, _escaped(line[end:])])
    if _FIRST.match(made):
        return f"\\{made}"
    if _FIRST_UNESCAPABLE.match(made):
        return f"&#{ord(made[0])};{made[1:]}"
    return _LIKE_A_NUMBER.sub(r"\1\\\2", made, count=1) if _LIKE_A_NUMBER.match(made) else made


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")
