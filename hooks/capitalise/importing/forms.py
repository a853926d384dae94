"""What our Word forms ask, and in which words: said by the tool that makes them, recognised when one comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from capitalise.importing import SPOKEN, tree
from capitalise.importing import fields as read_fields
from capitalise.importing.tree import Node
from capitalise.locales import available, fold, texts
from capitalise.model import KINDS, Fields, Kind
from capitalise.schema import choices_of, marks
from capitalise.values import Words


def asked(kind: Kind) -> tuple[str, ...]:
    """The fields of a form, in the model's order: those that must be there, and those that are the kind's own."""
    return tuple(
        name
        for name in read_fields.readers(kind)
        if name != "title" and (kind.fields.model_fields[name].is_required() or name not in Fields.model_fields)
    )


def hint(kind: Kind, name: str, lang: str) -> str:
    """What a form says of a field, where its value will stand."""
    words, info = texts(lang), kind.fields.model_fields[name]
    if choices := choices_of(info):
        prefix = marks(info, Words).prefix
        return words("import.form.choices", choices=" / ".join(words(f"{prefix}.{choice}") for choice in choices))
    own = words.table.get(f"import.form.{name}")
    return own or words(f"field.{name}.help")


def guide(kind: Kind, anchor: str, lang: str) -> str:
    """What a form says of a section, where its text will stand."""
    return texts(lang)(f"import.guide.{kind.name}.{anchor}")


def file_name(kind: Kind) -> str:
    """The form's file, the same in every language: a page that is not translated leads to the form of its text."""
    return f"{next(said for said, name in SPOKEN.items() if name == kind.name)}.docx"


@cache
def said() -> frozenset[str]:
    """Everything that our forms say and that is nobody's contribution, in every language."""
    found = set()
    for lang in available():
        found |= {texts(lang)("import.form.title"), texts(lang)("import.form.use")}
        for kind in KINDS.values():
            found |= {hint(kind, name, lang) for name in asked(kind)}
            found |= {guide(kind, section.anchor, lang) for section in kind.sections}
    return frozenset(found)


# -------------------------------------------------------------------------------- a form that comes back


@cache
def _guidance() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """First word → the words of each text that our forms carry, the longest first."""
    starts: dict[str, list[tuple[str, ...]]] = {}
    for text in said():
        words = tuple(fold(text).split())
        starts.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(every, key=len, reverse=True)) for first, every in starts.items()}


def without_guidance(blocks: list[Node]) -> list[Node]:
    """Blocks less the guidance of our forms, also where somebody wrote on after it in the same paragraph."""
    out = []
    for block in blocks:
        if block["t"] in ("Para", "Plain"):
            spoken = fold(tree.text_of(block["c"])).split()
            for told in _guidance().get(spoken[0], ()) if spoken else ():
                if tuple(spoken[: len(told)]) == told:
                    rest = _without_words(block["c"], [len(told)])
                    while rest and rest[0]["t"] in ("Space", "SoftBreak", "LineBreak"):
                        rest.pop(0)
                    if rest:
                        out.append({"t": block["t"], "c": rest})
                    break
            else:
                out.append(block)
        elif block["t"] == "Table":
            out.append(_table_without_guidance(block))
        else:
            out.append(block)
    return out


def _table_without_guidance(table: Node) -> Node:
    attr, caption, columns, head, bodies, foot = table["c"]

    def rows(given: list) -> list:
        return [[a, [[b, c, d, e, without_guidance(cell)] for b, c, d, e, cell in cells]] for a, cells in given]

    bodies = [[attributes, number, rows(top), rows(body)] for attributes, number, top, body in bodies]
    return {"t": "Table", "c": [attr, caption, columns, [head[0], rows(head[1])], bodies, [foot[0], rows(foot[1])]]}


def _without_words(inlines: list[Node], left: list[int]) -> list[Node]:
    """Inlines less their first `left[0]` words."""
    out: list[Node] = []
    for node in inlines:
        if not left[0]:
            out.append(node)
        elif node["t"] == "Str":
            # French writes « mot : » with a no-break space: one word of the tree, several of the text.
            parts = [part for part in re.split(r"([\s\u00a0\u202f]+)", node["c"]) if part]
            while parts and left[0]:
                left[0] -= bool(parts.pop(0).strip("\u00a0\u202f "))
            if "".join(parts).strip():
                out.append({"t": "Str", "c": "".join(parts).lstrip("\u00a0\u202f ")})
        elif held := tree.inner(node):
            kept = _without_words(held, left)
            if kept:
                if node["t"] in tree.WRAPPERS:
                    content = list(node["c"])
                    content[tree.WRAPPERS[node["t"]]] = kept
                else:
                    content = kept
                out.append({"t": node["t"], "c": content})
        elif node["t"] not in ("Space", "SoftBreak"):
            out.append(node)
    return out
