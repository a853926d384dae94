"""A review as words: for a terminal, for a comment on a pull request, for a program.

All that is said is first made plain text in the reader's language (`told`); each format only lays it out. In Markdown
every sentence is escaped whole: a contributed title can neither call a person, nor show an image, nor be a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from capitalise.locales import Texts, texts
from capitalise.personal import checking as personal
from capitalise.problems import Problem, common_language, language_of, plain
from capitalise.reviewing.remark import GROUPS_WITH_PARTS, Remark
from capitalise.reviewing.review import Review, Reviewed

MOST = {"good": 8, "mend": 20, "look": 20, "better": 6, "people": 10}
"""How many remarks of a group are shown: a friend does not say everything at once."""
MOST_TEXTS = 20
MOST_FILES = 15
MAX_MARKDOWN_BYTES = 40_000
"""Of the texts in a comment, which GitHub wants shorter than 65,536 characters; the texts after that are only named."""


def told(review: Review, lang: str | None) -> dict[str, Any]:
    """Everything that is said, in plain text. Without `lang`, of each text in its own language."""
    files = [one.file for one in review.texts]
    words = texts(lang or common_language(files))
    shown = review.texts[:MOST_TEXTS]
    return {
        "lang": words.lang,
        "title": words("review.title"),
        "thanks": words("review.thanks" if review.texts else "review.nothing"),
        "about": words("review.about") if review.texts else "",
        "texts": [_text(one, texts(lang or language_of(one.file))) for one in shown],
        "notes": [note for note in _notes(review, words) if note["items"]],
        "names": words("review.names") if any(one.subject for one in shown) else "",
        "closing": " ".join(_closing(review, words)),
    }


def _closing(review: Review, words: Texts) -> Iterable[str]:
    if review.texts:
        yield words("review.closing")
    if any(one.subject and len(one.subject.languages) == 1 for one in review.texts):
        yield words("review.closing.translation")


def _text(one: Reviewed, words: Texts) -> dict[str, Any]:
    errors = [problem for problem in one.problems if problem.is_error]
    exposed = [problem for problem in one.problems if problem.code == personal.CODE]
    warnings = [problem for problem in one.problems if not problem.is_error and problem.code != personal.CODE]
    subject = one.subject
    facts = []
    if subject is not None:
        facts = [words(f"kind.{subject.kind.name}"), words.language(subject.lang)]
    if one.state:
        facts.append(words(f"review.state.{one.state}"))
    groups = [
        _group("good", [_said(remark, words) for remark in one.good], words),
        _group("mend", [_problem(problem, words) for problem in errors], words),
        _group("people", [*(_problem(p, words) for p in exposed), *(_said(r, words) for r in one.people)], words),
        _group("look", [_problem(problem, words) for problem in warnings], words),
        _group("better", [_said(remark, words) for remark in one.better], words),
        _group("reading", list(_reading(one, words)), words),
    ]
    return {
        "file": plain(one.file),
        "lang": words.lang,
        "title": plain(subject.title) if subject else plain(one.file.rpartition("/")[2]),
        "facts": " · ".join(facts),
        "state": one.state,
        "groups": [group for group in groups if group["items"]],
    }


def _group(name: str, items: list[dict[str, Any]], words: Texts) -> dict[str, Any]:
    most = MOST.get(name, len(items))
    left = len(items) - most
    return {
        "name": name,
        "label": words(f"review.group.{name}"),
        "items": items[:most],
        "more": words.count("review.more", left) if left > 0 else "",
    }


def _item(what: str, line: int = 0, why: str = "", how: str = "") -> dict[str, Any]:
    return {"line": line, "what": what, "why": why, "how": how}


def _said(remark: Remark, words: Texts) -> dict[str, Any]:
    if remark.group in GROUPS_WITH_PARTS:
        return _item(*(remark.said(words, "what"), remark.line, remark.said(words, "why"), remark.said(words, "how")))
    return _item(remark.said(words), remark.line)


def _problem(problem: Problem, words: Texts) -> dict[str, Any]:
    return _item(problem.message(words), problem.line, "", problem.hint(words)) | {"code": problem.code}


def _reading(one: Reviewed, words: Texts) -> Iterable[dict[str, Any]]:
    def level(reading) -> str:
        return words(f"review.level.{reading.level}", lix=reading.lix)

    if one.summary:
        yield _item(words("review.reading.summary", level=level(one.summary)))
    ordered = sorted(one.sections, key=lambda pair: pair[1].lix)
    if len(ordered) == 1:
        yield _item(words("review.reading.section", section=plain(ordered[0][0]), level=level(ordered[0][1])))
    elif ordered:
        (easy, low), (hard, high) = ordered[0], ordered[-1]
        yield _item(
            words("review.reading.sections", easy=plain(easy), low=level(low), hard=plain(hard), high=level(high))
        )
    hardest = max((r for r in (one.summary, *(r for _, r in ordered)) if r), key=lambda r: r.lix, default=None)
    if hardest and hardest.is_hard:
        yield _item(words("review.reading.advice", n=hardest.words_a_sentence))


def _notes(review: Review, words: Texts) -> Iterable[dict[str, Any]]:
    old = []
    for one in review.made_old:
        name = "review.old.sections" if one.sections else "review.old.whole"
        values = {"sections": words.listing([plain(title) for title in one.sections])} if one.sections else {}
        old.append(words(name, file=plain(one.file), **values))
    yield _note("old", old, words)
    yield _note("gone", [plain(file) for file in review.gone], words)
    yield _note("elsewhere", [plain(file) for file in review.elsewhere], words)
    yield _note("more-texts", [plain(one.file) for one in review.texts[MOST_TEXTS:]], words)


def _note(name: str, items: Sequence[str], words: Texts) -> dict[str, Any]:
    left = len(items) - MOST_FILES
    more = words.count("review.more", left) if left > 0 else ""
    return {"name": name, "label": words(f"review.note.{name}"), "items": list(items[:MOST_FILES]), "more": more}


# -------------------------------------------------------------------------------- formats


def to_json(review: Review, lang: str | None) -> str:
    """For a program."""
    return json.dumps(told(review, lang), ensure_ascii=False, indent=2) + "\n"


def to_text(review: Review, lang: str | None) -> str:
    """For a person at a terminal."""
    said = told(review, lang)
    out = [said["title"], "", said["thanks"], said["about"]]
    for text in said["texts"]:
        words = texts(text["lang"])
        out += ["", f"== {text['title']}", f"   {text['file']}", *([f"   {text['facts']}"] if text["facts"] else [])]
        for group in text["groups"]:
            out += ["", f"   {group['label']}"]
            for item in group["items"]:
                place = words("review.line", line=item["line"]) + " " if item["line"] else ""
                out.append(f"   {_BULLETS.get(group['name'], '-')} {place}{item['what']}")
                out += [f"     {item['why']}"] if item["why"] else []
                out += [f"     → {item['how']}"] if item["how"] else []
            out += [f"     {group['more']}"] if group["more"] else []
    for note in said["notes"]:
        out += ["", note["label"], *(f"- {item}" for item in note["items"]), *filter(None, [note["more"]])]
    out += ["", *filter(None, (said["names"], said["closing"]))]
    return "\n".join(out).rstrip() + "\n"


def to_markdown(review: Review, lang: str | None) -> str:
    """For a comment on a pull request; empty where the contribution touches nothing of the library."""
    if not (review.texts or review.gone or review.made_old):
        return ""
    said = told(review, lang)
    out = [f"## {escaped(said['title'])}", "", escaped(said["thanks"]), ""]
    out += [escaped(said["about"]), ""] if said["about"] else []
    room = MAX_MARKDOWN_BYTES
    for text in said["texts"]:
        block = "\n".join(_markdown(text, texts(text["lang"])))
        room -= len(block.encode())
        out.append(block if room > 0 else f"- {escaped(text['file'])}")
    for note in said["notes"]:
        out += ["", f"### {escaped(note['label'])}", "", *(f"- {escaped(item)}" for item in note["items"])]
        out += [f"- {escaped(note['more'])}", ""] if note["more"] else [""]
    out += [part for line in filter(None, (said["names"], said["closing"])) for part in (escaped(line), "")]
    return "\n".join(out).rstrip() + "\n"


def _markdown(text: dict[str, Any], words: Texts) -> Iterable[str]:
    facts = [escaped(fact) for fact in (text["facts"], text["file"]) if fact]
    yield from (f"### {escaped(text['title'])}", "", " — ".join(facts), "")
    for group in text["groups"]:
        yield from (f"**{escaped(group['label'])}**", "")
        for item in group["items"]:
            place = f"*{escaped(words('review.line', line=item['line']))}* " if item["line"] else ""
            strong = "**" if item["how"] else ""
            yield f"- {_MARKS.get(group['name'], '')}{place}{strong}{escaped(item['what'])}{strong}"
            if item["why"]:
                yield f"  {escaped(item['why'])}"
            if item["how"]:
                yield f"  → {escaped(item['how'])}"
        if group["more"]:
            yield f"- {escaped(group['more'])}"
        yield ""


_BULLETS = {"good": "+", "mend": "×"}
_MARKS = {"good": "✓ ", "mend": "✗ "}

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#+!|~$&^=:]")
_CALL = re.compile(r"[@#]|://|(?<=www)\.")
_JOINER = "\u2060"


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: no markup, no address, nobody called by `@name`, no issue by `#1`.

    Sources: CommonMark 0.31.2, "Entity and numeric character references" (they are never markup); GitHub turns
    names, numbers and addresses into links after that, in the finished text: an invisible joiner parts them.
    """
    parted = _CALL.sub(lambda found: f"{found[0]}{_JOINER}", " ".join(text.split()))
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", parted)


FORMATS = {"text": to_text, "markdown": to_markdown, "json": to_json}
