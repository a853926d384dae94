"""From a file that is well made to one that nobody expects: bytes, words and structures, spoilt at random."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

BYTES = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\x85",
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\x1b[",
]
"""What no text in UTF-8 holds, or what only some programs take for the end of a line."""

YAML = """
--- | ... | ? | : | - | , | [ | ] | { | } | & | &a | * | *a | ! | !!int | !!python/object/apply:os.system | !!binary
!!timestamp | << | <<: *a | | | > | |+ | >- | %YAML 1.1 | %TAG ! tag:x,2000: | # | " | ' | \\ | "\\ud800" | "\\x00"
~ | null | true | NO | yes | 12:30:45 | 0o17 | 0x1F | 1e999 | -.inf | .nan | 1_000 | 9999-99-99 | 0000-00-00
2026-02-30 | 10000-01-01 | 2026-03-01T00:00:00Z | title: | translation_of: | {language: fr, revision: 0} | sources: []
withdrawn | draft | archived | -1 | 0 | 99999999999999999999 | [[]] | {a: {b: {c: {d: e}}}} | ''
""".replace("\n", " | ").strip(" |")

MARKDOWN = """
# | ## | ###### | == | -- | *** | ___ | * | ** | _ | __ | ` | ``` | ~~~ | [ | ]( | ![ | [^1] | [^1]:
[^99999999999999999999] | *[A]: | [a]: b | {: | {: #id .class } | {:.x style=a} | !!! note | ??? tip "x" | ???+
=== "x" | - [ ] | - [x] | 1. | 999999999. | > | >> | | |-| | |:-:| | : a | <!-- | --> | <div> | </div>
<div markdown="1"> | <script> | <?php | <![CDATA[ | ]]> | <a b=" | &amp; | &#0; | &#x110000; | \\ | \\[
javascript: | data:text/html, | //host | ../ | ../../x/index.fr.md | C:\\ | index.fr.md#a | ## Contexte
## Problème à résoudre | ## Résultats | Capitalisation | \x02 | \x03 | \x02klzzwxh:0\x03 | \x02wzxhzdk:0\x03
""".replace("\n", " | ").strip(" |")

XML = """
<w:p> | </w:p> | <w:tbl> | <w:tc> | <w:txbxContent> | <w:sdt> | <text:list> | <text:p>
<table:table-cell table:number-columns-repeated="999999999"> | <!DOCTYPE a [<!ENTITY b "c">]> | &b; | <!-- | ]]>
<![CDATA[ | <?xml  | &#0; | xmlns="" | w:val="-1" | w:val="99999999999" | TargetMode="External"
encoding="UTF-16" | xml:space="preserve" | <w:gridSpan w:val="9999"/> | <w:vMerge/>
<text:h text:outline-level="99"> | \ufffe | \u0000
""".replace("\n", " | ").strip(" |")

_MOST = 2_000_000
"""Bytes of an input: what is larger is refused by its size."""

LETTERS = [
    "\u0000",
    "\u00a0",
    "\u200b",
    "\u202e",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "𝔸",
    "👩\u200d🌾",
    "e\u0301",
    "İ",
    "ß",
    "ﬁ",
    "٣",
    "½",
    "²",
]
"""Letters that change their length or their meaning when they are folded, lowered or counted."""


def words(text: str) -> list[str]:
    """The words of a dictionary above: what stands between ` | `; the bar itself is one of them."""
    return [*filter(None, text.split(" | ")), "|"]


def mutate(seed: bytes, others: Sequence[bytes], dictionary: Sequence[str], chance: Random) -> bytes:
    """The file with one to six things spoilt."""
    data = seed
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
        data = chance.choice(_ALL)(data, others, dictionary, chance)[:_MOST]
    return data


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytes, others, dictionary, chance: Random) -> bytes:
    if not data:
        return b"\x00"
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _cut(data: bytes, others, dictionary, chance: Random) -> bytes:
    start, end = sorted((_place(data, chance), _place(data, chance)))
    return data[:start] + data[end:]


def _splice(data: bytes, others, dictionary, chance: Random) -> bytes:
    """A piece of another file."""
    other = chance.choice(others)
    start = _place(other, chance)
    at = _place(data, chance)
    return data[:at] + other[start : start + chance.choice((5, 40, 400))] + data[at:]


def _word(data: bytes, others, dictionary, chance: Random) -> bytes:
    """A word that means something, where it means something else; now and then many times."""
    word = chance.choice(dictionary).encode("utf-8", "surrogatepass")
    if chance.random() < 0.1:
        word = chance.choice((b"", b" ", b"\n")).join([word] * chance.choice((2, 10, 300, 3000)))
    at = _place(data, chance)
    end = at if chance.random() < 0.5 else min(len(data), at + chance.randrange(1, 20))
    return data[:at] + word + data[end:]


def _odd(data: bytes, others, dictionary, chance: Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.choice([*BYTES, *(letter.encode() for letter in LETTERS)]) + data[at:]


def _nest(data: bytes, others, dictionary, chance: Random) -> bytes:
    """Something opened many times, and perhaps closed."""
    opened, closed = chance.choice(
        [("[", "]"), ("{", "}"), ("(", ")"), ("> ", ""), ("- ", ""), ("*a _b ", "_ *"), ("<b>", "</b>"), ("    ", "")]
    )
    times, at = chance.choice((3, 12, 60, 2000)), _place(data, chance)
    return data[:at] + opened.encode() * times + b"a" + closed.encode() * chance.choice((0, times)) + data[at:]


def _by_lines(change: Callable[[list[bytes], Random], None]):
    def mutation(data: bytes, others, dictionary, chance: Random) -> bytes:
        lines = data.split(b"\n")
        change(lines, chance)
        return b"\n".join(lines)

    return mutation


def _double(lines: list[bytes], chance: Random) -> None:
    at = chance.randrange(len(lines))
    lines[at:at] = [lines[at]] * min(chance.choice((1, 1, 5, 200)), 1 + 1_000_000 // (1 + len(lines[at])))


def _drop(lines: list[bytes], chance: Random) -> None:
    del lines[chance.randrange(len(lines))]


def _swap(lines: list[bytes], chance: Random) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(lines: list[bytes], chance: Random) -> None:
    start = chance.randrange(len(lines))
    mark = chance.choice([b"    ", b"\t", b"  ", b"> ", b"- ", b"  - ", b"# ", b": ", b"| "])
    for at in range(start, min(len(lines), start + chance.choice((1, 3, 50)))):
        lines[at] = mark + lines[at]


def _long(lines: list[bytes], chance: Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] *= min(chance.choice((2, 20, 500)), 1 + 1_000_000 // (1 + len(lines[at])))


_SCALAR = re.compile(rb"(?<=[:\[,] )[^\[\]{},\n]+|^[\w-]+(?=:)", re.MULTILINE)


def _value(data: bytes, others, dictionary, chance: Random) -> bytes:
    """Another value, or another name, in the front matter: of this file, of another, or of the dictionary."""
    found = list(_SCALAR.finditer(data[:4000]))
    if not found:
        return data
    at = chance.choice(found)
    theirs = _SCALAR.findall(chance.choice(others)[:4000])
    new = chance.choice([*(theirs or [b"~"]), chance.choice(dictionary).encode("utf-8", "surrogatepass")])
    return data[: at.start()] + new + data[at.end() :]


_ALL = [
    _flip,
    _cut,
    _splice,
    _word,
    _word,
    _word,
    _odd,
    _nest,
    _value,
    _value,
    _value,
    *map(_by_lines, (_double, _drop, _swap, _indent, _long)),
]


def spoil_tree(blocks: list, dictionary: Sequence[str], chance: Random) -> list:
    """A tree of pandoc's, still one that pandoc could give: blocks moved, doubled, put in one another, other words."""
    blocks = list(blocks)
    for _ in range(chance.choice((1, 2, 3, 8))):
        at = chance.randrange(len(blocks) + 1)
        block = blocks[at] if at < len(blocks) else {"t": "Para", "c": []}
        match chance.randrange(8):
            case 0:
                blocks[at:at] = [block] * chance.choice((1, 5, 40))
            case 1:
                del blocks[at : at + chance.randrange(4)]
            case 2:
                blocks[at : at + 3] = [{"t": "BlockQuote", "c": blocks[at : at + 3]}]
            case 3:
                blocks[at : at + 2] = [{"t": "BulletList", "c": [[one] for one in blocks[at : at + 2]]}]
            case 4:
                text = [{"t": "Str", "c": chance.choice(dictionary)} for _ in range(chance.choice((1, 3, 30)))]
                kind = chance.choice(("Para", "Plain", "Header"))
                blocks.insert(
                    at, {"t": kind, "c": [chance.randrange(1, 9), ["", [], []], text] if kind == "Header" else text}
                )
            case 5:
                for _ in range(chance.choice((2, 20, 400))):
                    block = {"t": "BlockQuote", "c": [block]}
                blocks.insert(at, block)
            case 6:
                chance.shuffle(blocks)
            case _:
                inline = chance.choice(("Strong", "Emph", "Underline", "Strikeout", "SmallCaps"))
                node = {"t": "Str", "c": chance.choice(dictionary)}
                for _ in range(chance.choice((1, 3, 200))):
                    node = {"t": inline, "c": [node]}
                blocks.insert(at, {"t": "Para", "c": [node, {"t": "LineBreak"}, node]})
    return blocks
