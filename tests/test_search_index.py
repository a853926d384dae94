"""The search index of a language: the same from the same records, kept, divided, and made behind a preview's back."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from capitalise.finding import engine, index
from capitalise.finding.records import Record
from capitalise.finding.shelf import Shelf
from capitalise.finding.spelling import every_word

WORDS = "eau sol compost semis zaï demi-lunes fourrage verger puits haie abeille mangrove".split()
NUMBER = 24
SMALL = 1000
"""Bytes of records in a part, which makes three of these."""


def record(number: int, more: str = "") -> Record:
    words = " ".join(WORDS[number % 5 :: 2])
    html = f'<html lang="fr"><body data-pagefind-body><h1>Fiche {number}</h1><p>{words} mot{number}q {more}</p>'
    return Record(f"sheets/{number}/", html)


def waiting(folder: Path, order=range(NUMBER)) -> Path:
    """A folder of records that were put into it in this order."""
    for number in order:
        index.add(record(number), folder)
    return folder


def content(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in engine.files(folder)}


@pytest.fixture
def pages(tmp_path) -> Path:
    return waiting(tmp_path / "pages")


@pytest.fixture
def idle(monkeypatch):
    """From when it is called, whoever runs the engine is at fault."""

    def forbid():
        def run(*_):
            raise AssertionError("the engine was run")

        monkeypatch.setattr(engine, "make", run)

    return forbid


# ------------------------------------------------------------------------------------------------ the same bytes


@pytest.mark.parametrize("part", [index.PART, SMALL], ids=["one", "parts"])
def test_the_same_records_make_the_same_bytes_in_whatever_order_a_disk_lists_them(tmp_path, part):
    shm = Path("/dev/shm")  # a disk in memory lists its files in the order in which they came
    elsewhere = (shm if os.access(shm, os.W_OK) else tmp_path) / f"capitalise-test-{os.getpid()}"
    try:
        made = []
        for number, order in enumerate((range(NUMBER), reversed(range(NUMBER)))):
            folder = waiting(elsewhere / str(number), order)
            out = tmp_path / str(number)
            made.append((index.build(folder, out / "index", packed=out / "packed", part=part), content(out)))
        assert made[0] == made[1]
    finally:
        shutil.rmtree(elsewhere)


# ------------------------------------------------------------------------------------------------ what is kept


def test_an_unchanged_language_is_not_indexed_again(pages, tmp_path, idle):
    def build(name: str, shelf: Shelf | None) -> tuple[index.Index, dict[str, str]]:
        out = tmp_path / name
        return index.build(pages, out / "index", packed=out / "packed", shelf=shelf), content(out)

    shelf = Shelf(tmp_path / "shelf")
    without, cold = build("without", None), build("cold", shelf)
    edited = tmp_path / "cold/index/pagefind.js"
    edited.write_text("by hand")  # what was given is a copy
    idle()
    assert build("warm", shelf) == cold == without


def test_what_an_index_depends_on_makes_it_anew(pages, tmp_path, monkeypatch):
    shelf, runs = Shelf(tmp_path / "shelf"), []
    make = engine.make
    monkeypatch.setattr(engine, "make", lambda *arguments: (runs.append(1), make(*arguments))[1])

    def is_made_anew() -> bool:
        before = len(runs)
        index.build(pages, tmp_path / "index", shelf=shelf)
        return len(runs) > before

    assert is_made_anew() and not is_made_anew()
    index.add(record(3, "paillage"), pages)
    assert is_made_anew() and not is_made_anew()
    (pages / "sheets/4/index.html").rename(pages / "sheets/4/other.html")
    assert is_made_anew() and not is_made_anew()
    (pages / "sheets/5/index.html").unlink()
    assert is_made_anew() and not is_made_anew()
    monkeypatch.setattr(engine, "identity", lambda: "another program")
    assert is_made_anew() and not is_made_anew()
    monkeypatch.setattr(index, "_LAYOUT", 99)
    assert is_made_anew() and not is_made_anew()


SPOILT = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "changed": lambda path: path.write_bytes(path.read_bytes().replace(b"pagefind", b"Pagefind", 1)),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "noise": lambda path: path.write_bytes(os.urandom(200)),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("name", ["files/pagefind.js", "manifest.json"])
def test_a_damaged_index_is_never_given(pages, tmp_path, name, spoil):
    shelf = Shelf(tmp_path / "shelf")
    first = index.build(pages, tmp_path / "first", shelf=shelf)
    (place,) = shelf.folder.iterdir()
    spoil(place / name)
    assert index.build(pages, tmp_path / "again", shelf=shelf) == first
    assert content(tmp_path / "again") == content(tmp_path / "first")
    assert shelf.give(place.name, tmp_path / "mended") is not None  # and what was made is kept in its place


def test_the_last_ones_used_are_kept_and_what_was_left_half_written_goes(tmp_path):
    shelf, made = Shelf(tmp_path / "shelf", kept=2), tmp_path / "made"
    made.mkdir()
    (made / "file").write_text("x")
    left = shelf.folder / "new-left"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    for day, key in enumerate(("a", "b", "c"), 1):
        shelf.keep(key, made, {"said": key})
        os.utime(shelf.folder / key / "manifest.json", (day, day))
        if key == "b":
            assert shelf.give("a", tmp_path / "given") == {"said": "a"}
    assert sorted(path.name for path in shelf.folder.iterdir()) == ["a", "c"]


def test_a_disk_that_takes_nothing_costs_nothing_but_time(pages, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    index.build(pages, tmp_path / "index", shelf=Shelf(tmp_path / "file"))
    assert (tmp_path / "index/pagefind.js").exists()


def test_builds_at_once_share_what_is_kept(pages, tmp_path):
    program = (
        "import sys; from pathlib import Path; from capitalise.finding import index; from capitalise.finding.shelf"
        " import Shelf; index.build(Path(sys.argv[1]), Path(sys.argv[2]), shelf=Shelf(Path(sys.argv[3]), 1))"
    )
    shelf = tmp_path / "shelf"
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(pages), str(tmp_path / f"out-{number}"), str(shelf)])
        for number in range(4)
    ]
    assert [process.wait(60) for process in running] == [0] * 4
    assert len({str(content(tmp_path / f"out-{number}")) for number in range(4)}) == 1
    assert len(list(shelf.iterdir())) == 1


# ------------------------------------------------------------------------------------------------ parts


def test_a_divided_language_has_each_record_once_and_every_name_once(pages, tmp_path):
    whole, parts = (
        index.build(pages, tmp_path / name, packed=tmp_path / f"{name}-packed", part=part)
        for name, part in (("whole", index.PART), ("parts", SMALL))
    )
    assert whole.vocabularies == [] and len(parts.vocabularies) >= 3
    assert parts.names.keys() == whole.names.keys() and parts.spelling == whole.spelling
    names = [*parts.names.values(), *parts.vocabularies]
    assert len(set(names)) == len(names) == len(list((tmp_path / "parts").rglob("*.pf_fragment")))
    # The first part's programs serve all.
    assert not list((tmp_path / "parts/2").rglob("*.js")) and not list((tmp_path / "parts/2").glob("wasm*"))
    with pytest.raises(index.Changed, match="2/new"):
        (tmp_path / "parts/2/new").write_text("x")
        index.pack(tmp_path / "parts", tmp_path / "never")


def test_two_parts_never_give_one_name_to_two_records(pages, tmp_path):
    records = index._Waiting.of(pages)
    group = list(records.digests)[:3]
    names = index._make_part(records, group, "", 2, tmp_path / "part", set())
    taken = {names[group[1]]}
    again = index._make_part(records, group, "", 2, tmp_path / "part", taken)
    assert not taken & set(again.values())
    assert again[group[0]] == names[group[0]] and again.keys() == names.keys()


def test_all_words_are_told_as_the_engine_reads_them():
    said = every_word(["<p>L'eau, l'Eau (eau) &amp; <b>PowerPoint,</b> ONG 1 250 M&amp;E</p>", "<p>eau.</p>"])
    # Within « PowerPoint, » it finds two words, within « PowerPoint » one: what has capitals inside stands as it was.
    assert set(said) == {"l'eau", "l'Eau", "eau", "&amp;", "PowerPoint", "PowerPoint,", "ong", "1", "250", "m&amp;e"}
