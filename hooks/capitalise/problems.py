"""What is wrong in a contribution: where, what, and how to mend it.

A problem is data (a code, a place, a few values); its words live in `locale/`, so that the same problem
is told in any language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from capitalise.locales import DEFAULT, Texts, available
from capitalise.locales import texts as texts_of

ERROR, WARNING = "error", "warning"

SEVERITY: Mapping[str, str] = {
    # The product, or the language of it that is at fault, is left out of the site.
    "bad-encoding": ERROR,
    "bad-slug": ERROR,
    "bad-value": ERROR,
    "bad-yaml": ERROR,
    "duplicate-key": ERROR,
    "empty-file": ERROR,
    "file-too-large": ERROR,
    "misplaced-file": ERROR,
    "missing-field": ERROR,
    "missing-file": ERROR,
    "missing-section": ERROR,
    "missing-text": ERROR,
    "no-original": ERROR,
    "too-complex": ERROR,
    "two-originals": ERROR,
    "unknown-field": ERROR,
    "unknown-language": ERROR,
    "unknown-term": ERROR,
    "unplaced-text": ERROR,
    "unsafe-file": ERROR,
    # Published all the same.
    "broken-link": WARNING,
    "inherited-field": WARNING,
    "missing-alt": WARNING,
    "missing-consent": WARNING,
    "moving-picture": WARNING,
    "outdated-translation": WARNING,
    "personal-data": WARNING,
    "precise-place": WARNING,
    "stale-acknowledgement": WARNING,
    "unknown-section": WARNING,
    "unknown-source": WARNING,
    "unsafe-html": WARNING,
    "untranslated-field": WARNING,
}
"""Severity of each code. Codes are a contract: add, do not rename."""


_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(value: Any) -> Any:
    """A value fit for a terminal or a build's log: on one line, with nothing that a machine would obey or choke on."""
    return _UNSEEN.sub("�", value) if isinstance(value, str) else value


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend."""

    file: str
    """Path as the contributor knows it: relative to the folder that holds `products/`."""
    line: int
    """Line in that file, from 1."""
    code: str
    variant: str = ""
    """Which of the code's messages: `bad-value` says different things of a date and of a country."""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What the message names."""
    suggestion: str = field(default="", compare=False)
    """The word probably meant; empty when there is none."""

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        return SEVERITY[self.code]

    @property
    def is_error(self) -> bool:
        """Whether what it is about is left out of the site."""
        return self.severity == ERROR

    def _key(self, part: str) -> str:
        return ".".join(filter(None, ("problem", self.code, self.variant, part)))

    def _values(self, texts: Texts) -> dict[str, Any]:
        """What the message names, as the language writes it."""
        return {
            name: texts.number(round(value, 1)) if isinstance(value, float) else plain(value)
            for name, value in self.values.items()
        }

    def message(self, texts: Texts) -> str:
        """What is wrong, in one sentence."""
        return texts(self._key("message"), **self._values(texts))

    def hint(self, texts: Texts) -> str:
        """How to mend it."""
        hint = texts(self._key("hint"), **self._values(texts))
        if self.suggestion:
            hint = f"{texts('problem.did-you-mean', suggestion=plain(self.suggestion))} {hint}"
        return hint

    def in_log(self, texts: Texts) -> str:
        """The problem on one line, for the log of a build."""
        return f"{self.file}:{self.line}: [{self.code}] {self.message(texts)} {self.hint(texts)}"

    def to_dict(self, texts: Texts) -> dict[str, Any]:
        """The problem as the content model gives it: file, line, code, severity, message, hint."""
        return {
            "file": self.file,
            "line": self.line,
            "code": self.code,
            "severity": self.severity,
            "message": self.message(texts),
            "hint": self.hint(texts),
        }


_LANGUAGE = re.compile(r"index\.([a-z]{2,3})\.md\Z")


def language_of(file: str) -> str:
    """The language in which to speak of a file: its own where the program speaks it, otherwise the default one."""
    found = _LANGUAGE.search(file)
    return found[1] if found and found[1] in available() else DEFAULT


def language_of_page(file: str) -> str:
    """The language in which to speak of a page of `docs/<lang>/`."""
    lang = file.split("/")[1]
    return lang if lang in available() else DEFAULT


def common_language(files: Iterable[str]) -> str:
    """The language in which to speak of several files at once: theirs where they agree, otherwise the default one."""
    languages = {language_of(file) for file in files}
    return languages.pop() if len(languages) == 1 else DEFAULT


def _words(problem: Problem, texts: Texts | None) -> Texts:
    return texts or texts_of(language_of(problem.file))


def to_text(problems: Iterable[Problem], texts: Texts | None) -> str:
    """For a person at a terminal: two lines a problem, then the count.

    In this format and the others, no `texts` means that each problem is told in the language of its file.
    """
    problems = sorted(problems)
    lines = []
    for problem in problems:
        words = _words(problem, texts)
        severity = words(f"problem.{problem.severity}")
        lines.append(f"{problem.file}:{problem.line}: {severity} [{problem.code}] {problem.message(words)}")
        lines.append(f"    → {problem.hint(words)}")
    texts = texts or texts_of(common_language(problem.file for problem in problems))
    errors = sum(problem.is_error for problem in problems)
    lines.append(counted(errors, len(problems) - errors, texts))
    return "\n".join(lines) + "\n"


def counted(errors: int, warnings: int, texts: Texts) -> str:
    """How many there are of each, in words."""
    if not errors + warnings:
        return texts("problem.none")
    said = {"errors": texts.count("count.errors", errors), "warnings": texts.count("count.warnings", warnings)}
    return texts("problem.count", **said)


def to_json(problems: Iterable[Problem], texts: Texts | None) -> str:
    """For a program: a list of objects."""
    rows = [problem.to_dict(_words(problem, texts)) for problem in sorted(problems)]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def to_github(problems: Iterable[Problem], texts: Texts | None) -> str:
    """For a pull request: workflow commands that GitHub shows on the lines at fault.

    Format and escapes: GitHub Docs, "Workflow commands for GitHub Actions".
    """

    def escaped(text: str, *more: tuple[str, str]) -> str:
        for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), *more):
            text = text.replace(char, code)
        return text

    lines = []
    for problem in sorted(problems):
        where = escaped(problem.file, (":", "%3A"), (",", "%2C"))
        words = _words(problem, texts)
        said = escaped(f"{problem.message(words)}\n{problem.hint(words)}")
        lines.append(f"::{problem.severity} file={where},line={problem.line},title={problem.code}::{said}")
    return "\n".join(lines) + "\n" if lines else ""


FORMATS = {"text": to_text, "json": to_json, "github": to_github}
