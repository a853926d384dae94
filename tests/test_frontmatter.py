"""The front matter as its author wrote it, and nothing that a YAML file could do to the machine that reads it."""

from __future__ import annotations

import pytest

from capitalise import frontmatter, limits


def read(text: str):
    """Values, lines and problems of a YAML text that begins on line 2, as a front matter does."""
    return frontmatter.parse_yaml(text, "index.fr.md", first_line=2)


def refusal(text: str) -> tuple[str, str, int]:
    """Code, variant and line of the one problem for which a text can't be read."""
    with pytest.raises(frontmatter.Unreadable) as caught:
        read(text)
    problem = caught.value.problem
    assert problem.file == "index.fr.md"
    return problem.code, problem.variant, problem.line


ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ALIAS_BOMB, ("bad-yaml", "alias", 2)),
        ("title: x\nsummary: *title", ("bad-yaml", "alias", 3)),
        ("title: !!python/object/apply:os.system [ls]", ("bad-yaml", "tag", 2)),
        ("title: !!str x", ("bad-yaml", "tag", 2)),
        # libyaml's composer would crash the interpreter on these; the constructor would exhaust the stack.
        ("[" * 30_000, ("bad-yaml", "depth", 2)),
        ("{a: " * 15_000, ("bad-yaml", "depth", 2)),
        ("- " * 30_000, ("bad-yaml", "depth", 2)),
        ("title: a\n---\ntitle: b", ("bad-yaml", "syntax", 3)),
        ("title: a\n...\ntitle: b", ("bad-yaml", "syntax", 4)),
        ("? [a, b]\n: c", ("bad-yaml", "syntax", 2)),
        ("title: x\nauthors:\n\t- name: Awa", ("bad-yaml", "tab", 4)),
        ("title: Le zaï : récupérer", ("bad-yaml", "colon", 2)),
        ("title: x\nsummary: Une phrase:", ("bad-yaml", "colon", 3)),
        # Told where the mark was opened, not at the end of the header where it is missed.
        ('title: x\nsummary: "ouvert\ndate: 2026-01-01\nthemes: []\n', ("bad-yaml", "syntax", 3)),
        ("title: x\nthemes: [eau\ndate: 2026-01-01\n", ("bad-yaml", "syntax", 3)),
        ("title: " + "x" * limits.MAX_FRONT_MATTER_CHARS, ("file-too-large", "front-matter", 2)),
    ],
    ids=lambda value: value[:20].strip() if isinstance(value, str) else value[1],
)
def test_what_can_not_be_read_is_told_by_its_kind_and_line(text, told):
    assert refusal(text) == told


@pytest.mark.parametrize(
    "word",
    "NO no yes on off y True TRUE Null 12:30 010 0x1F 0o17 1_000 1.10 1e5 .5 +.inf .nan 2026-07-04 2026-7-4 "
    "2026-07-04T10:00:00Z = << 1.0e999".split(),
)
def test_a_word_that_yaml_would_change_stays_text(word):
    values, _, problems = read(f"title: {word}\nlist: [{word}]\n")
    assert values == {"title": word, "list": [word]}
    assert type(values["title"]) is str
    assert not problems


def test_what_is_meant_as_a_number_or_a_truth_is_one():
    values, _, _ = read("a: 12\nb: -3\nc: 13.6\nd: true\ne: null\nf: ~\ng:\nh: '12'\ni: \"true\"\n")
    expected = {"a": 12, "b": -3, "c": 13.6, "d": True, "e": None, "f": None, "g": None, "h": "12", "i": "true"}
    assert values == expected
    assert [type(value) for value in values.values()] == [type(value) for value in expected.values()]


def test_a_number_of_a_million_digits_stays_text():
    digits = "9" * 60_000  # `int` refuses more than 4300, and takes long over them
    assert read(f"a: {digits}")[0] == {"a": digits}


def test_of_a_key_given_twice_the_first_counts_and_both_lines_are_told():
    values, _, problems = read("title: un\nplaces:\n  - name: Thiès\n    name: Dakar\ntitle: deux\n")
    assert values == {"title": "un", "places": [{"name": "Thiès"}]}
    assert [(p.code, p.line, p.values["field"], p.values["first"]) for p in problems] == [
        ("duplicate-key", 5, "name", 4),
        ("duplicate-key", 6, "title", 2),
    ]


def test_each_value_knows_its_line(tmp_path):
    path = tmp_path / "index.fr.md"
    path.write_text(
        "---\n"
        "title: x\n"  # 2
        "authors:\n"
        "  - name: Awa\n"  # 4
        "    organisation: ONG\n"
        "  - {name: Binta}\n"  # 6
        "summary: |\n"
        "  Une phrase\n"
        "  sur deux lignes.\n"
        "sources: [{title: A}, {title: B,\n"  # 10
        "  year: 2020}]\n"
        "---\n"
        "Le texte.\n",
        "utf-8",
    )
    document = frontmatter.read(path, "x")
    assert document.meta["summary"] == "Une phrase\nsur deux lignes.\n"
    lines = {
        ("title",): 2,
        ("authors",): 3,
        ("authors", 0): 4,
        ("authors", 0, "organisation"): 5,
        ("authors", 1): 6,
        ("authors", 1, "name"): 6,
        ("summary",): 7,
        ("sources", 1, "title"): 10,
        ("sources", 1, "year"): 11,
        # Of what is not there, the line of the nearest thing that would hold it.
        ("authors", 1, "orcid"): 6,
        ("sources", 7, "url"): 10,
        ("date",): 1,
    }
    assert {where: document.line(*where) for where in lines} == lines
    assert (document.body, document.body_line) == ("Le texte.\n", 13)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "byte-order-mark"])
def test_line_ends_and_a_byte_order_mark_change_nothing(newline, mark, tmp_path):
    path = tmp_path / "index.fr.md"
    text = f"{mark}---\ntitle: Été\ndate: 2026-01-02\n---\n\n## Contexte\n\nIci.\n"
    path.write_bytes(text.replace("\n", newline).encode())
    document = frontmatter.read(path, "x")
    assert document.meta == {"title": "Été", "date": "2026-01-02"}
    assert document.body == "\n## Contexte\n\nIci.\n"
    assert (document.line("date"), document.body_line) == (3, 5)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"---\ntitle: a\n---\nx\x00y\n", ("bad-encoding", "", 4)),
        ("---\ntitle: Été\n---\n".encode("latin-1"), ("bad-encoding", "", 2)),
        ("---\ntitle: a\n---\n".encode("utf-16"), ("bad-encoding", "", 1)),
        (b"", ("empty-file", "", 1)),
        (b" \r\n\t\n", ("empty-file", "", 1)),
        (b"\xef\xbb\xbf", ("empty-file", "", 1)),
        (b"title: a\n", ("bad-yaml", "no-front-matter", 1)),
        (b"---\ntitle: a\n", ("bad-yaml", "not-closed", 1)),
        (b"---\n- a\n---\n", ("bad-yaml", "not-fields", 2)),
        (b"---\njust words\n---\n", ("bad-yaml", "not-fields", 2)),
        (b"x" * (limits.MAX_TEXT_BYTES + 1), ("file-too-large", "text", 1)),
    ],
    ids="nul latin-1 utf-16 empty blanks mark-alone no-header open list words large".split(),
)
def test_a_file_that_can_not_be_read_is_told(data, told, tmp_path):
    path = tmp_path / "index.fr.md"
    path.write_bytes(data)
    with pytest.raises(frontmatter.Unreadable) as caught:
        frontmatter.read(path, "x")
    problem = caught.value.problem
    assert (problem.code, problem.variant, problem.line) == told


def test_a_header_without_a_field_is_a_header(tmp_path):
    path = tmp_path / "index.fr.md"
    path.write_text("---\n---\n", "utf-8")
    document = frontmatter.read(path, "x")
    assert (document.meta, document.body) == ({}, "")
