"""The converter's tree made as plain as a sheet is: paragraphs, headings, lists, simple tables, pictures, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from capitalise import limits
from capitalise.importing.guard import Refused

Node = dict[str, Any]
"""A block or an inline of pandoc's tree: `{"t": "Para", "c": […]}` (Text.Pandoc.Definition)."""

WRAPPERS = {"Span": 1, "Link": 1, "Cite": 1, "Quoted": 1}
"""Inlines that hold others beside attributes: where these stand in their content."""
_STYLED = {"Strong", "Emph", "Underline", "SmallCaps", "Strikeout", "Superscript", "Subscript"}
_LINKS = re.compile(r"(?:https?://|mailto:)\S+\Z", re.IGNORECASE)
BREAK = {"t": "RawInline", "c": ["html", "<br>"]}
SPACE = {"t": "Space"}


def para(inlines: list[Node]) -> Node:
    return {"t": "Para", "c": inlines}


def words(text: str) -> list[Node]:
    """A text as inlines."""
    nodes: list[Node] = []
    for word in text.split(" "):
        nodes += [SPACE, {"t": "Str", "c": word}]
    return nodes[1:]


def heading(level: int, inlines: list[Node]) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], inlines]}


def verbatim(markdown: str) -> Node:
    """An inline written as it is."""
    return {"t": "RawInline", "c": ["markdown", markdown]}


def inner(node: Node) -> list[Node]:
    """The inlines that an inline holds; none for a word or a picture."""
    kind = node["t"]
    if kind in _STYLED:
        return node["c"]
    return node["c"][WRAPPERS[kind]] if kind in WRAPPERS else []


def text_of(node: Any, notes: bool = False) -> str:
    """The words of inlines or blocks, on one line; those of footnotes only where they are asked for."""
    return re.sub(" +", " ", "".join(_pieces(node, notes))).strip()


def _pieces(node: Any, notes: bool) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _pieces(one, notes)
        return
    if not isinstance(node, dict):
        return
    match node["t"]:
        case "Str":
            yield node["c"]
        case "Space" | "SoftBreak" | "LineBreak":
            yield " "
        case "Code" | "Math" | "CodeBlock" | "RawInline" | "RawBlock":
            yield node["c"][1]
        case "Image":
            return
        case "Note":
            if notes:
                yield from _pieces(node["c"], notes)
        case "Para" | "Plain" | "Header":
            yield from _pieces(node["c"], notes)
            yield " "
        case _:
            yield from _pieces(node.get("c"), notes)


def lines_of(blocks: Iterable[Node]) -> list[str]:
    """The paragraphs and items of blocks, each as a text, footnotes where they stand."""
    lines: list[str] = []
    for block in blocks:
        match block["t"]:
            case "BulletList":
                for item in block["c"]:
                    lines += lines_of(item)
            case "OrderedList":
                for item in block["c"][1]:
                    lines += lines_of(item)
            case "Para" | "Plain":
                part: list[Node] = []
                for node in [*block["c"], {"t": "LineBreak"}]:
                    if node["t"] == "LineBreak":
                        lines.append(text_of(part, notes=True))
                        part = []
                    else:
                        part.append(node)
            case "Table":
                lines += [
                    " – ".join(filter(None, (text_of(cell, notes=True) for cell in row))) for row in rows_of(block)[0]
                ]
            case _:
                lines.append(text_of(block, notes=True))
    return [line for line in lines if line]


def is_bold(inlines: list[Node]) -> bool:
    """Whether all that can be read of a paragraph is bold."""
    seen = False
    for node in inlines:
        if node["t"] == "Strong":
            seen = True
        elif node["t"] in ("Emph", "Underline", "SmallCaps", "Span", "Link"):
            if not is_bold(inner(node)):
                return False
            seen = True
        elif text_of([node]).strip(" :.") and node["t"] != "Image" or node["t"] == "Image":
            return False
    return seen


# -------------------------------------------------------------------------------- blocks


def plain(blocks: list[Node]) -> list[Node]:
    """Blocks without wrappers: no divisions, no tables that are only frames, lists of one kind that follow as one."""
    out: list[Node] = []
    for block in blocks:
        match block["t"]:
            case "Div":
                found = plain(block["c"][1])
            case "Figure":
                caption = block["c"][1][1]
                said = text_of(caption)
                found = plain(block["c"][2])
                if said and said not in text_of(found):
                    found += plain(caption)
            case "LineBlock":
                found = [para(line) for line in block["c"] if line]
            case "DefinitionList":
                found = []
                for term, meanings in block["c"]:
                    found.append(para([{"t": "Strong", "c": term}]))
                    found += plain([each for meaning in meanings for each in meaning])
            case "BulletList":
                found = [{"t": "BulletList", "c": _nested(map(_item, block["c"]))}]
            case "OrderedList":
                found = [{"t": "OrderedList", "c": [block["c"][0], _nested(map(_item, block["c"][1]))]}]
            case "BlockQuote":
                found = [{"t": "BlockQuote", "c": plain(block["c"])}]
            case "Table":
                found = _unframed(block)
            case "Para" | "Plain":
                found = [para(block["c"])] if _says(block["c"]) else []
            case "Header":
                found = [block] if text_of(block["c"][2]) else []
            case "RawBlock" | "Null":
                found = []
            case _:
                found = [block]
        for one in found:
            if out and one["t"] == out[-1]["t"] == "BulletList":
                out[-1] = {"t": "BulletList", "c": _nested(out[-1]["c"] + one["c"])}
            else:
                out.append(one)
    return out


def _says(inlines: list[Node]) -> bool:
    return bool(text_of(inlines)) or any(True for kind in ("Image", "Note") for _ in find(inlines, kind))


def _nested(given: Iterable[list[Node]]) -> list[list[Node]]:
    """The items of a list; one that is nothing but a list belongs to the item above it."""
    items: list[list[Node]] = []
    for item in given:
        if items and item and all(block["t"] in ("BulletList", "OrderedList") for block in item):
            items[-1] = items[-1] + item
        else:
            items.append(item)
    return items


def _item(blocks: list[Node]) -> list[Node]:
    """An item of a list; of one paragraph, so that no blank line parts it from the next."""
    found = plain(blocks)
    if sum(block["t"] == "Para" for block in found) == 1:
        return [{"t": "Plain", "c": block["c"]} if block["t"] == "Para" else block for block in found]
    return found or [{"t": "Plain", "c": []}]


def find(node: Any, kind: str) -> Iterator[Node]:
    """Every node of that kind, in order."""
    if isinstance(node, list):
        for one in node:
            yield from find(one, kind)
    elif isinstance(node, dict):
        if node.get("t") == kind:
            yield node
        if isinstance(node.get("c"), list):
            yield from find(node["c"], kind)


def _unframed(table: Node) -> list[Node]:
    """The blocks of a table of one column, which only draws a frame; else the table."""
    rows, _ = rows_of(table)
    if not any(cell for row in rows for cell in row):
        return []
    caption = plain(table["c"][1][1])
    if max(map(len, rows)) == 1:
        return caption + plain([block for row in rows for cell in row for block in cell])
    return [*caption, table]


# -------------------------------------------------------------------------------- tables


def rows_of(table: Node) -> tuple[list[list[list[Node]]], int]:
    """The rows of a table, each cell as blocks, and how many cells were merged.

    What stands in cells merged downwards is repeated, so that each row can be read by itself; cells merged sideways
    are blank but the first.
    """
    _, _, columns, head, bodies, foot = table["c"]
    merged = 0
    given = [*head[1], *(row for body in bodies for row in body[2] + body[3]), *foot[1]]
    drawn = max(len(columns), 1)
    width = max([drawn, *(sum(min(cell[3], drawn) for cell in row[1]) for row in given)])
    if width * len(given) > limits.MAX_OFFICE_CELLS:
        raise Refused("large-table", limit=limits.MAX_OFFICE_CELLS)
    hanging: dict[int, tuple[int, list[Node]]] = {}  # column → rows still to come, content
    rows = []
    for row in given:
        cells: dict[int, list[Node]] = {}
        for column, (left, content) in list(hanging.items()):
            cells[column] = content
            hanging[column] = (left - 1, content)
            if left == 1:
                del hanging[column]
        column = 0
        for _, _, down, across, content in row[1]:
            while column in cells:
                column += 1
            if column >= width:
                break
            across = min(across, width - column)
            for offset in range(across):
                one = content if not offset else []
                cells[column + offset] = one
                if down > 1:
                    hanging[column + offset] = (min(down, 1000) - 1, one)
            merged += down > 1 or across > 1
            column += across
        rows.append([cells.get(column, []) for column in range(width)])
    return rows, merged


def simple_table(rows: list[list[list[Node]]], inline: Callable[[list[Node]], list[Node]]) -> Node:
    """A table that pipes can draw: its first row the header, each cell one line."""

    def row(cells: list[list[Node]]) -> list[Any]:
        lines = [[{"t": "Plain", "c": _line(cell, inline)}] for cell in cells]
        return [nothing, [[nothing, {"t": "AlignDefault"}, 1, 1, line] for line in lines]]

    nothing: list[Any] = ["", [], []]
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in rows[0]]
    head, body = [nothing, [row(rows[0])]], [[nothing, 0, [], [row(cells) for cells in rows[1:]]]]
    return {"t": "Table", "c": [nothing, [None, []], columns, head, body, [nothing, []]]}


def _line(blocks: list[Node], inline: Callable[[list[Node]], list[Node]], mark: str = "") -> list[Node]:
    """The blocks of a cell in one line, parted by `<br>`."""
    line: list[Node] = []

    def add(inlines: list[Node]) -> None:
        if inlines:
            line.extend([BREAK] * bool(line) + inlines)

    for block in blocks:
        match block["t"]:
            case "Para" | "Plain":
                start = words(mark) + [SPACE] if mark else []
                add(start + [BREAK if node["t"] == "LineBreak" else node for node in inline(block["c"])])
            case "Header":
                add([{"t": "Strong", "c": inline(block["c"][2])}])
            case "BulletList":
                for item in block["c"]:
                    add(_line(item, inline, "–"))
            case "OrderedList":
                for number, item in enumerate(block["c"][1], block["c"][0][0]):
                    add(_line(item, inline, f"{number})"))
            case "BlockQuote":
                add(_line(block["c"], inline))
            case "Table":
                for cells in rows_of(block)[0]:
                    parts = [part for part in (_line(plain(cell), inline) for cell in cells) if part]
                    add(
                        [
                            node
                            for index, part in enumerate(parts)
                            for node in ([SPACE, *words("/"), SPACE] if index else []) + part
                        ]
                    )
            case _:
                add(words(text_of(block)))
    return line


def is_followed(target: str) -> bool:
    """Whether a link leads where a reader can go."""
    return bool(_LINKS.match(target))
