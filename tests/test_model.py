"""What each field takes and refuses, and that everything the program says is said in every language."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import jinja2
import jinja2.nodes
import pytest
import samples

from capitalise import problems, reading
from capitalise.frontmatter import Document
from capitalise.locales import _OPTIONAL, available, texts
from capitalise.model import KINDS, Consent, Image
from capitalise.validation import validate

ROOT = Path(__file__).parents[1]
CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))

# ------------------------------------------------------------------------------------------------ fields

REQUIRED = {
    "title": "Une fiche",
    "summary": "Ce qu’elle raconte.",
    "date": "2026-03-01",
    "authors": [{"name": "Awa Exemple"}],
    "countries": ["SN"],
    "themes": ["eau"],
    "sources": [{"title": "Rapport"}],
    "community": "agroecologie",
    "number": 1,
    "format": "online",
}

IMAGE = {"file": "puits.jpg", "alt": "Un puits", "credit": "Awa Exemple"}
VIDEO = {"title": "Le puits", "file": "a.mp4", "poster": "a.jpg", "credit": "Awa Exemple"}
ACCEPTED = {
    "code": "personal-data",
    "value": "77 123 45 67",
    "reason": "Un standard",
    "by": "La rédaction",
    "date": "2026-01-01",
}
FIGURE = {"label": "Puits", "value": 3}

Bad = list[tuple[object, str]]
"""Values, each with the code and variant of the problem that it gets."""
Values = tuple[list, Bad]
"""What is taken, and what is refused."""


def bad(told: str, *values: object) -> Bad:
    return [(value, told if told.startswith(("missing", "unknown")) else f"bad-value.{told}") for value in values]


def member(name: str, of: Values, /, **others: object) -> Values:
    """Values of one member of a group."""
    good, wrong = of
    return [others | {name: value} for value in good], [(others | {name: value}, told) for value, told in wrong]


def several(*of: Values) -> Values:
    return [value for good, _ in of for value in good], [row for _, wrong in of for row in wrong]


def listed(of: Values, one: object = "Awa") -> Values:
    """Values as the one item of a list; `one` is what people write for a list of one."""
    good, wrong = of
    return [[value] for value in good], [*(([value], told) for value, told in wrong), *bad("list", one)]


def group(*of: Values) -> Values:
    good, wrong = several(*of)
    return good, [*wrong, *bad("group", "Awa")]


TEXT: Values = (["a", "L’eau", 2026, 1.5], [*bad("blank", "", " ", None), *bad("text", True, ["a"], {"a": 1})])
OPTIONAL: Values = (TEXT[0], [row for row in TEXT[1] if row[0] is not None])
TEXTS = several(listed(TEXT, "a"), ([[], ["a", "b"]], []))
DAY: Values = (
    ["2026-07-04", "2024-02-29"],
    [
        *bad("date", "2026-7-4", "04/07/2026", "juillet 2026", 2026, "2026-07-04T10:00", ["2026-07-04"]),
        *bad("no-such-day", "2026-02-29", "2026-13-01"),
    ],
)
MINUTES: Values = (
    [1, 90, 100_000],
    [*bad("too-small", 0), *bad("too-large", 100_001), *bad("whole-number", "90 min", "90", 1.5, True)],
)
ORCID: Values = (
    ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097", "0000-0002-9079-593X"],  # X: its sum makes 10
    # A wrong digit, two digits that changed places, no hyphens, a small x.
    [
        *bad("orcid-digit", "0000-0002-1825-0098", "0000-0002-1852-0097"),
        *bad("orcid", "0000000218250097", "0000-0002-9079-593x"),
    ],
)
PERSON: Values = (
    [{"name": "Awa"}, {"name": "Awa", "organisation": "ONG"}],
    [*bad("blank", {"name": ""}), *bad("missing-field.part", {}), *bad("unknown-field", {"name": "Awa", "nom": "Awa"})],
)
URL: Values = (
    ["https://exemple.org/a?b=c", "http://exemple.org"],
    bad("url", "www.exemple.org", "javascript:alert(1)", "https://a b", 'https://a"onclick="'),
)
CONSENT: Values = (
    ["not-needed", {"given": "2026-01-01"}, {"given": "2026-01-01", "until": "2027-01-01", "scope": "le site"}],
    [
        *bad("consent", "oui"),
        *bad("group", True),
        *bad("date", {"given": "hier"}),
        *bad("no-such-day", {"given": "2026-02-30"}),
        *bad("missing-field.part", {"until": "2027-01-01"}),
        *bad("unknown-field", {"given": "2026-01-01", "name": "Awa"}),  # never who consented
    ],
)
FILE: Values = (
    ["a.jpg", "Photo_1.final.PNG"],
    bad("file-name", "../a.jpg", "a b.jpg", "/a.jpg", "été.jpg", ".a.jpg", "a\\b.jpg", "a/b.jpg"),
)
PICTURE = several(
    ([IMAGE, IMAGE | {"caption": "Le puits", "licence": "CC0-1.0"}], bad("missing-field.part", {"file": "a.jpg"})),
    member("consent", CONSENT, **IMAGE),
    member("file", FILE, alt="Un puits", credit="Awa Exemple"),
)
COUNTRY: Values = (["SN", "NO", "CD"], bad("country", "sn", "Sénégal", "EU", "XX", True))
POINT: Values = ([2019, "2019-03-01"], [*bad("year", 1800, 20190301, "avant"), *bad("date", "2019-3-1")])
FIGURES = listed(
    several(
        ([FIGURE, FIGURE | {"value": "plus de 50 000", "unit": "ha", "source": 1}, FIGURE | {"value": 1.5}], []),
        member("value", ([], bad("text", [1], True, None)), label="Puits"),
        member("source", ([1], [*bad("too-small", 0), *bad("whole-number", "1")]), **FIGURE),
    )
)

FIELDS: dict[str, Values] = {
    "title": several(TEXT, (["a" * 120], bad("too-long", "a" * 121))),
    "summary": several(TEXT, (["a" * 320], bad("too-long", "a" * 321))),
    "status": (["published", "draft", "archived", "example", "withdrawn"], bad("choice", "publié", "Published")),
    "withdrawal_reason": OPTIONAL,
    "date": DAY,
    "authors": several(
        listed(several(PERSON, member("orcid", ORCID, name="Awa"))), ([], bad("missing-field.empty", []))
    ),
    "organisations": TEXTS,
    "contact": (
        ["info@exemple.org", "https://exemple.org/contact"],
        bad("contact", "Awa", "info@exemple", "mailto:info@exemple.org"),
    ),
    "countries": listed(COUNTRY, "SN"),
    "themes": several(listed(TEXT), ([], bad("missing-field.empty", []))),
    "keywords": TEXTS,
    "sdgs": listed(([1, 17], [*bad("too-small", 0), *bad("too-large", 18), *bad("whole-number", "3", True, 1.5)]), 3),
    "licence": OPTIONAL,
    "cover": group(PICTURE),
    "photos": listed(several(PICTURE, ([], bad("group", "Awa")))),
    "files": listed(several(member("label", TEXT, file="plan.pdf"), member("file", FILE, label="Le plan"))),
    "videos": listed(
        several(
            (
                [VIDEO | {"url": "https://exemple.org/film", "licence": "CC0-1.0"}],
                bad("missing-field.part", {"file": "a.mp4"}),
            ),
            member("consent", CONSENT, **VIDEO),
            member("file", FILE, title="Le puits", poster="a.jpg", credit="Awa Exemple"),
            member("poster", FILE, title="Le puits", file="a.mp4", credit="Awa Exemple"),
            member("url", URL, title="Le puits", poster="a.jpg", credit="Awa Exemple"),
        )
    ),
    "related": TEXTS,
    "sources": listed(
        several(
            member("title", TEXT, publisher="Une ONG"),
            member("url", URL, title="Rapport"),
            member("year", ([1500, 2026], [*bad("too-small", 1499), *bad("too-large", 2101)]), title="Rapport"),
            member("year", ([], bad("whole-number", "vers 2020")), title="Rapport"),
        )
    ),
    "aliases": TEXTS,
    "reviewers": listed(PERSON),
    "review_by": DAY,
    "reuse": listed(
        several(
            member("date", DAY, where="Thiès", by="Une ONG", what="À plus petite échelle."),
            ([], bad("missing-field.part", {"where": "Thiès", "by": "Une ONG", "date": "2026-01-01"})),
        )
    ),
    "acknowledged": listed(
        several(
            member("code", (["personal-data", "precise-place"], bad("choice", "missing-consent")), **ACCEPTED),
            member("date", DAY, **ACCEPTED),
            member("value", TEXT, **ACCEPTED),
            ([ACCEPTED], bad("missing-field.part", {"code": "personal-data", "value": "77 123 45 67"})),
        )
    ),
    "translation_of": group(
        ([{"language": "fr"}, {"language": "fr", "revision": "0123456789ab", "sections": {"context": "01234567"}}], []),
        ([], [*bad("missing-field.part", {}), *bad("group", {"language": "fr", "sections": ["context"]})]),
    ),
    "draft_by": (["machine"], bad("choice", "human", "Machine")),
    "translators": listed(([{"name": "Coumba"}], bad("unknown-field", {"name": "Coumba", "organisation": "ONG"}))),
    "places": listed(
        several(
            member(
                "lat",
                ([-90, 14.8, "14.80", 90], [*bad("too-large", 90.1, "nan"), *bad("number", "14,8", None)]),
                name="Thiès",
                lon=-16.9,
            ),
            member("lon", ([-180, 180], [*bad("too-large", 180.5), *bad("number", "ouest")]), name="Thiès", lat=14.8),
            ([], bad("missing-field.part", {"name": "Thiès", "lat": 14.8}, {"lat": 14.8, "lon": -16.9})),
        )
    ),
    "period": group(
        member("start", POINT), member("end", POINT, start=2018), ([], bad("missing-field.part", {"end": 2019}))
    ),
    "practices": TEXTS,
    "climate": listed((["adaptation", "mitigation"], bad("choice", "atténuation")), "adaptation"),
    "communities": TEXTS,
    "target_groups": TEXTS,
    "results": FIGURES,
    "costs": FIGURES,
    "evidence": (["potential", "promising", "good", "institutionalised"], bad("choice", "bonne pratique", "excellent")),
    "hazards": TEXTS,
    "validation": group(member("date", DAY, by="Une commission"), ([], bad("missing-field.part", {"by": "Awa"}))),
    "audience": TEXTS,
    "objectives": TEXTS,
    "duration": MINUTES,
    "prerequisites": TEXTS,
    "community": TEXT,
    "number": ([1, 12], [*bad("too-small", 0), *bad("whole-number", "première")]),
    "format": (["online", "face-to-face", "hybrid"], bad("choice", "en ligne")),
    "place": OPTIONAL,
    "facilitators": TEXTS,
    "participants": group(
        ([{}, {"total": 0}, {"total": 12, "women": 7, "men": 5, "countries": ["SN", "BJ"]}], []),
        ([], [*bad("too-small", {"total": -1}), *bad("whole-number", {"women": "sept"})]),
        ([], bad("unknown-field", {"names": ["Awa"]})),  # numbers, never names
        member("countries", listed(COUNTRY, "SN")),
    ),
}


def told_of(name: str, value) -> set[str]:
    """Codes and variants that a value of a field gets, in every kind that has the field."""
    told = set()
    for kind in KINDS.values():
        if name in kind.fields.model_fields:
            meta = {field: value for field, value in REQUIRED.items() if field in kind.fields.model_fields}
            _, found = validate(meta | {name: value}, kind.fields, Document("x", meta, ""))
            for problem in found:
                assert problem.values["field"].partition(".")[0].partition("[")[0] == name
                told.add(".".join(filter(None, (problem.code, problem.variant))))
    return told


def test_every_field_is_tried():
    assert set(FIELDS) == {name for kind in KINDS.values() for name in kind.fields.model_fields}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_takes_what_is_good(name):
    good, _ = FIELDS[name]
    assert good
    assert [value for value in good if told_of(name, value)] == []


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_refuses_what_is_wrong_and_says_why(name):
    _, wrong = FIELDS[name]
    assert wrong
    # A required text that is null is a field that is not there: `test_a_required_field_is_missed...` looks at those.
    rows = [(value, told) for value, told in wrong if value is not None]
    assert [(value, told_of(name, value)) for value, _ in rows] == [(value, {told}) for value, told in rows]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_required_field_is_missed_and_an_empty_one_is_as_good_as_none(kind):
    required = {name for name, info in kind.fields.model_fields.items() if info.is_required()}
    for meta, variant in (({}, ""), (dict.fromkeys(kind.fields.model_fields), "empty")):
        _, found = validate(meta, kind.fields, Document("x", meta, ""))
        assert {problem.values["field"] for problem in found} == required
        assert {(problem.code, problem.variant) for problem in found} == {("missing-field", variant)}


@pytest.mark.parametrize(
    ("consent", "shown"),
    [
        (None, False),
        ("not-needed", True),
        (Consent(given="2026-07-04"), True),  # on the day itself
        (Consent(given="2026-07-05"), False),
        (Consent(given="2025-01-01", until="2026-07-04"), True),
        (Consent(given="2025-01-01", until="2026-07-03"), False),
    ],
)
def test_a_photo_is_shown_while_its_people_agree(consent, shown):
    assert Image(**IMAGE, consent=consent).may_be_shown(date(2026, 7, 4)) is shown


# ------------------------------------------------------------------------------------------------ words

NEVER_PRODUCED = {"bad-value.other": "what pydantic may refuse in a way that no field has today"}
"""Problems that no case shows, each with the reason."""


def names_in(text) -> set[str]:
    """The {names} of a text, or of all plural forms of one."""
    forms = text.values() if isinstance(text, dict) else [text]
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_every_language_says_the_same_things():
    french, *others = (texts(lang).table for lang in available())
    assert others
    for table in others:
        assert set(table) | _OPTIONAL == set(french) | _OPTIONAL
        assert {key for key in table if names_in(table[key]) != names_in(french[key])} == set()
        assert {key for key in table if isinstance(table[key], dict) != isinstance(french[key], dict)} == set()


@pytest.mark.parametrize("lang", available())
def test_no_text_is_blank_and_each_plural_has_its_forms(lang):
    words = texts(lang)
    for key, text in words.table.items():
        forms = list(text.values()) if isinstance(text, dict) else [text]
        assert all(isinstance(form, str) and form.strip() for form in forms), key
        if isinstance(text, dict):
            assert {words.locale.plural_form(number) for number in (0, 1, 2, 11, 100)} <= set(text), key


def variants() -> dict[str, set[str]]:
    """Code → its variants in the texts; the empty one where the code has a message of its own."""
    found: dict[str, set[str]] = {}
    for key in texts("fr").table:
        if match := re.fullmatch(r"problem\.([a-z-]+)(?:\.([a-z-]+))?\.(?:message|hint)", key):
            found.setdefault(match[1], set()).add(match[2] or "")
    return found


def test_every_problem_has_a_message_and_a_hint():
    assert set(variants()) == set(problems.SEVERITY)
    for code, names in variants().items():
        for name in names:
            stem = ".".join(filter(None, ("problem", code, name)))
            for lang in available():
                assert {f"{stem}.message", f"{stem}.hint"} <= set(texts(lang).table)


def test_every_problem_is_shown_by_a_case(tmp_path):
    shown = {
        ".".join(filter(None, (problem.code, problem.variant)))
        for path in CASES
        for problem in reading.load(samples.write(tmp_path / path.stem, samples.load_case(path)["products"])).problems
    }
    told = {".".join(filter(None, (code, name))) for code, names in variants().items() for name in names}
    endless = {name for name in told - shown if name.startswith("too-complex.") or name == "bad-yaml.values"}
    assert told - shown - endless == set(NEVER_PRODUCED)  # no case can be read of these: test_limits.py makes them
    assert shown - told == set()


def test_every_field_and_section_has_its_words():
    for lang in available():
        table = texts(lang).table
        for kind in KINDS.values():
            for name in kind.fields.model_fields:
                assert {f"field.{name}", f"field.{name}.help"} <= set(table)
            assert {f"section.{kind.name}.{section.anchor}" for section in kind.sections} <= set(table)


SAYING = {"t", "words", "texts", "count"}
"""Names under which code and templates call the texts."""


def keys_in_code() -> set[str]:
    """Keys that the code asks for; `*` stands for what is known only when it runs."""
    found = set()
    for path in sorted((ROOT / "hooks").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SAYING:
                    first = node.args[0]
                    either = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
                    found |= {key for part in either if (key := _literal(part))}
    return found


def _literal(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    return ""


def keys_in_templates() -> set[str]:
    """Keys that the templates ask for."""
    found = set()
    for path in sorted((ROOT / "overrides").rglob("*.html")):
        tree = jinja2.Environment(extensions=["jinja2.ext.do"]).parse(path.read_text("utf-8"))
        for call in tree.find_all(jinja2.nodes.Call):
            name = getattr(call.node, "attr", getattr(call.node, "name", ""))
            if name in SAYING and call.args:
                argument = call.args[0]
                if isinstance(argument, jinja2.nodes.Const):
                    found.add(str(argument.value))
                elif isinstance(argument, (jinja2.nodes.Concat, jinja2.nodes.Add)):
                    joined = isinstance(argument, jinja2.nodes.Concat)
                    parts = argument.nodes if joined else [argument.left, argument.right]
                    found.add("".join(str(p.value) if isinstance(p, jinja2.nodes.Const) else "*" for p in parts))
    return found


def test_every_text_that_is_asked_for_exists():
    asked = {key for key in keys_in_code() | keys_in_templates() if re.fullmatch(r"[a-z-]+\.[\w.*-]+", key)}
    assert len(asked) > 100
    for lang in available():
        keys = list(texts(lang).table)
        missing = {key for key in asked if not any(re.fullmatch(_pattern(key), known) for known in keys)}
        assert missing == set()


def _pattern(key: str) -> str:
    return re.escape(key).replace(r"\*", "[^ ]+")


def test_no_sentence_stands_in_a_template():
    """What a reader sees comes from the texts, so that a third language is one more file."""
    for path in sorted((ROOT / "overrides").rglob("*.html")):
        tree = jinja2.Environment(extensions=["jinja2.ext.do"]).parse(path.read_text("utf-8"))
        data = " ".join(part.data for part in tree.find_all(jinja2.nodes.TemplateData))
        visible = re.sub(r"<(style|script|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>?|^[^<]*>", " ", data, flags=re.DOTALL)
        assert re.findall(r"[A-Za-zÀ-ÿ]{3,}(?:[ ’'][A-Za-zÀ-ÿ]{2,}){2,}", visible) == [], path.name
