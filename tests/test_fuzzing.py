"""Twenty thousand spoilt contributions, and properties that hold for any: no traceback, no hang, no flood of memory.

`make fuzz SECONDS=900` runs the same for as long as one likes; what it finds becomes a file of `tests/cases/` or of
`tests/found/`, which is put in again here.
"""

from __future__ import annotations

import hashlib
import string
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from fuzz import running
from fuzz.running import alone, run, smaller
from fuzz.targets import Target, target_of
from hypothesis import given, settings
from hypothesis import strategies as st

from capitalise import frontmatter, safety, sections, shape
from capitalise.importing import header
from capitalise.model import KINDS

ROOT = Path(__file__).parents[1]
SEED = 20261124
MOST = 20_000


def test_twenty_thousand_spoilt_contributions_bring_nothing_down(capsys):
    """In a process of its own: the browsers and threads of other tests must not be copied into the watched ones."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "fuzz", "--seed", str(SEED), "--inputs", str(MOST), "--seconds", "1e9"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    with capsys.disabled():
        print(f" [{' '.join(done.stdout.splitlines()[:2])}; {time.monotonic() - begun:.0f} s] ", end="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"= {MOST} inputs" in done.stdout


FOUND = sorted(path for path in (Path(__file__).parent / "found").glob("*") if path.suffix != ".md")


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_is_mended(path):
    assert alone(target_of(path), path.read_bytes()) == ""


# -------------------------------------------------------------------------------- the watch itself


def _slow(content: bytes, folder: Path) -> None:
    while content == b"slow":
        pass


def _stuck(content: bytes, folder: Path) -> None:
    """A loop in C, which no exception of Python's interrupts."""
    if content == b"stuck":
        hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)


def _greedy(content: bytes, folder: Path) -> None:
    if content.startswith(b"greedy"):
        bytearray(600 * 2**20)


def _broken(content: bytes, folder: Path) -> None:
    if b"x" in content:
        raise KeyError("x")


def _target(function, word: bytes) -> dict[str, Target]:
    return {"one": Target(1, lambda: [b"fine"] * 14 + [word], lambda seed, seeds, chance: seed, function)}


@pytest.mark.parametrize(
    ("function", "word", "what"),
    [
        (_slow, b"slow", "TooSlow"),
        (_stuck, b"stuck", "the process ended with -"),
        (_greedy, b"greedy", "MemoryError"),
        (_broken, b"....x....", "KeyError: 'x'"),
    ],
    ids=["hangs", "hangs in C", "takes memory", "raises"],
)
def test_what_a_program_may_do_wrong_is_seen(function, word, what, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.5)
    counts, findings = run(_target(function, word), seed=3, most=20, workers=1)
    assert counts == {"one": 20}
    assert findings and {finding.content for finding in findings} == {word}
    assert all(what in finding.what for finding in findings)


def test_a_finding_is_made_small():
    targets = _target(_broken, b"....x....")
    _, (finding, *_) = run(targets, seed=3, most=20, workers=1)
    assert smaller(targets["one"], finding) == b"x"


def test_the_same_seed_gives_the_same_inputs_on_any_number_of_processes():
    seen = [run(_target(_broken, b"x"), seed=5, most=60, workers=workers)[1] for workers in (1, 3)]
    one, three = ({(finding.number, finding.content) for finding in findings} for findings in seen)
    assert one == three and one


# -------------------------------------------------------------------------------- properties

for_sure = settings(derandomize=True, deadline=None, max_examples=400)
letters = st.text(st.characters(exclude_categories=()), max_size=60)
visible = st.text(string.printable + "éÀœ’«»\u00a0日ß", max_size=60)
values = st.recursive(
    visible | st.integers(-(10**16), 10**16) | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=12,
)
marks = st.sampled_from(
    [*"#>-*_`[]()!|:{}<&\\\n ", "\n\n", "    ", "```", "[^1]", "](", "![", "<div>", "!!! note\n", "=== "]
)
markdown = st.lists(marks | st.sampled_from(["eau", "sol", "a|b\n-|-\n"]) | letters, max_size=60).map("".join)


@for_sure
@given(letters | markdown)
def test_any_text_is_read_or_refused(text):
    for whole in (text, f"---\n{text}\n---\n", f"---\ntitle: {text}\n---\n{text}"):
        try:
            document = frontmatter.parse(whole, "index.fr.md")
        except frontmatter.Unreadable as error:
            assert error.problem.line >= 1
            continue
        assert whole.endswith(document.body)
        assert whole.split("\n")[document.body_line - 1 :] == document.body.split("\n") or not document.body


@for_sure
@given(st.dictionaries(st.sampled_from(["title", "summary", "places", "costs"]), values, max_size=4))
def test_a_front_matter_that_we_write_is_read_back(fields):
    text = header.front_matter(fields, {})
    assert frontmatter.parse(text, "index.fr.md").meta == _plain(fields)


def _plain(value):
    """What can be read back: dates as texts, texts on one line."""
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case date():
            return value.isoformat()
        case str():
            return header._visible(value)
        case _:
            return value


@for_sure
@given(markdown)
def test_the_sections_of_a_text_are_the_whole_of_it(text):
    if shape.fault(text):
        return
    parts = sections.split(text, KINDS["sheet"], "fr")
    assert len({part.anchor for part in parts}) == len(parts)
    kept = "".join(part.title + part.text for part in parts)
    assert set(kept) <= set(text)
    assert [part.line for part in parts] == sorted(part.line for part in parts)


@for_sure
@given(markdown)
def test_what_is_clean_stays_as_it_is(html):
    once = safety.clean(html, str, str)
    assert safety.clean(once, str, str) == once
