"""People's data: what tells of a person is found and what looks like it is not; a photo without consent is nowhere."""

from __future__ import annotations

import gzip
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import samples
import yaml
from conftest import EPOCH
from PIL import Image

from capitalise import checks, reading
from capitalise.personal import emails
from capitalise.personal.finding import find
from capitalise.personal.plain import plain
from capitalise.stick import about, contents, copying, updates

CASES = yaml.safe_load((Path(__file__).parent / "personal_data.yml").read_text("utf-8"))
FOUND = [(sort, text) for sort, texts in CASES["find"].items() for text in texts]


@pytest.mark.parametrize(("sort", "text"), FOUND, ids=lambda value: value)
def test_what_tells_of_a_person_is_found_whole(sort, text):
    written, _, value = text.partition(" => ")
    told = [(found.sort, found.value) for _, found in find(f"Avant.\n\n{written}\n\nAprès.")]
    assert told and told[0] == (sort, value or plain(written))
    assert {other for other, _ in told} == {sort}


@pytest.mark.parametrize("text", CASES["pass"])
def test_what_only_looks_like_it_is_left(text):
    assert list(find(text)) == []
    assert list(find(f"Avant {text}, après ({text}) et « {text} ».")) == []


def test_several_data_are_each_found_at_their_line():
    text = "77 123 45 67 / 70 12 34 56\n\nawa@ong.example, 14.79123,\n-16.92567\n77 123 45\n67\n1. 12\n2. 34"
    assert [(line, found.sort, found.value) for line, found in find(text)] == [
        (0, "phone", "77 123 45 67"),
        (0, "phone", "70 12 34 56"),
        (2, "email", "awa@ong.example"),
        (2, "position", "14.79123, -16.92567"),  # a line may end in the middle of it
        (4, "phone", "77 123 45 67"),
    ]
    side_by_side = " ".join(f"77 100 00 {number:02}" for number in range(40))
    assert len(list(find(side_by_side))) == 40


def test_numbers_and_places_of_the_countries_of_a_product_are_found_too():
    assert list(find("06 12 34 56 78")) == [] and list(find("45.123, 5.678")) == []
    found = [one.sort for _, one in find("06 12 34 56 78 ; 45.123, 5.678", ["FR"])]
    assert found == ["phone", "position"]


def test_an_office_is_told_from_a_person_by_what_stands_before_the_at():
    assert not emails.is_private("info", "ong.example") and emails.is_private("info", "gmail.com")
    assert not emails.is_private("Secrétariat-Thiès", "ong.example") and emails.is_private("awa", "ong.example")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1 " * 200_000,
            "12.345," * 60_000,
            "12-34/" * 60_000,
            "771234567," * 40_000,
            "1" * 400_000,
            "14° " * 100_000,
        ),
        *(
            "70 123 456 FCFA " * 30_000,
            "a@" * 150_000,
            "A<" * 200_000,
            "BE68 5390 0754 7035 " * 10_000,
            "1\n" * 200_000,
        ),
        *("77 123 45 67 " * 20_000, "http://a " * 60_000, "CNI " * 100_000, "&#" * 200_000, "///a.b" * 60_000),
    ],
    ids=lambda text: text[:12],
)
def test_the_time_grows_with_the_length_alone(text):
    def seconds(part: str) -> float:
        started = time.process_time()
        for _ in find(part):
            pass
        return time.process_time() - started

    half, whole = seconds(text[: len(text) // 2]), seconds(text)
    assert whole < 5 * half + 0.2 and whole < 10


# ------------------------------------------------------------------------------------------------ consent

TODAY = date(2026, 11, 20)
assert str(int(EPOCH)) == EPOCH
REFUSED = [f"refused-{why}" for why in "cover never past future handout linked shown poster".split()]
NAME = "Nommée"
"""What only the descriptions of refused photos say."""

SHEET = f"""\
---
title: Le marché
summary: Un marché au village.
date: 2026-03-01
authors: [{{name: Awa Exemple}}]
countries: [SN]
themes: [eau]
cover: {{file: refused-cover.jpg, alt: Mme {NAME}, caption: "{NAME}, au marché", credit: "{NAME}"}}
photos:
  - {{file: puits-du-marche.jpg, alt: Le puits, credit: Awa, consent: {{given: 2026-01-01, until: 2026-11-20}}}}
  - {{file: refused-never.jpg, alt: Mme {NAME}, credit: "{NAME}"}}
  - {{file: refused-past.jpg, alt: Mme {NAME}, credit: "{NAME}", consent: {{given: 2025-01-01, until: 2026-11-19}}}}
  - {{file: refused-future.jpg, alt: Mme {NAME}, credit: "{NAME}", consent: {{given: 2026-11-21}}}}
  - {{file: refused-shown.jpg, alt: Mme {NAME}, credit: "{NAME}", consent: {{given: 2026-01-01}}}}
videos:
  - {{title: "{NAME} raconte", file: refused-film.webm, poster: refused-poster.jpg, credit: "{NAME}"}}
  - {{title: "{NAME} danse", url: "https://video.example.org/danse", poster: refused-shown.jpg, credit: "{NAME}"}}
files:
  - {{file: refused-handout.jpg, label: "Photo de {NAME}"}}
  - {{file: refused-never.jpg, label: "Photo de {NAME}"}}
sources: [{{title: Rapport}}]
---
{{sections}}

![Mme {NAME}](refused-never.jpg "{NAME}, assise")

![Mme {NAME}](refused-linked.jpg)

![Mme {NAME}][photo] et <img src="refused-past.jpg" alt="Mme {NAME}">

Voir [la photo](refused-linked.jpg), [la couverture](refused-cover.jpg) et [le film](refused-film.webm).

[photo]: refused-past.jpg
"""
FILES = {
    "sheets/marche/index.fr.md": SHEET,
    # A translation cannot consent in the original's place.
    "sheets/marche/index.en.md": f"""\
---
title: The market
summary: A market in the village.
translation_of: {{language: fr}}
cover: {{alt: Mrs {NAME}, consent: not-needed}}
photos:
  - {{alt: The well}}
  - {{file: refused-never.jpg, alt: Mrs {NAME}, consent: not-needed}}
---
{{sections}}

![Mrs {NAME}](refused-never.jpg)
""",
    # Another product has it no more than the first.
    "sheets/voisine/index.fr.md": samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace(
        "sources:",
        f"cover: {{file: ../marche/refused-cover.jpg, alt: {NAME}, credit: A, consent: not-needed}}\nsources:",
    ),
    "sheets/autre/index.fr.md": samples.GOOD["sheets/bonne-fiche/index.fr.md"]
    + f"![Mme {NAME}](../marche/refused-cover.jpg)\n\nVoir [là](../marche/refused-never.jpg).\n",
    "trainings/cours/index.fr.md": """\
---
title: Un cours
summary: Un cours.
date: 2026-03-01
authors: [{name: Awa Exemple}]
themes: [eau]
---

Une entrée en matière.
""",
    "trainings/cours/01-module/index.fr.md": f"""\
---
title: Un module
summary: Un module.
date: 2026-03-01
authors: [{{name: Awa Exemple}}]
themes: [eau]
cover: {{file: refused-module.jpg, alt: Mme {NAME}, credit: "{NAME}"}}
---

## L’essentiel

![Mme {NAME}](refused-module.jpg)

## Déroulé

Parler.
""",
}


@pytest.fixture(scope="module")
def market(tmp_path_factory) -> Path:
    """A library that shows people who did not agree, in every way there is; and a well, until 20 November 2026."""
    products = samples.write(tmp_path_factory.mktemp("market") / "products", FILES)
    for name in ("puits-du-marche", *REFUSED):
        Image.new("RGB", (60, 40), (10, 20, 30)).save(products / f"sheets/marche/{name}.jpg")
    Image.new("RGB", (60, 40)).save(products / "trainings/cours/01-module/refused-module.jpg")
    shutil.copy(Path(__file__).parent / "film.webm", products / "sheets/marche/refused-film.webm")
    return products


def everything(folder: Path) -> dict[str, str]:
    """Each file of a site by its name, unpacked where it is packed."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            found[path.relative_to(folder).as_posix()] = data.decode("utf-8", "replace")
    return found


def test_a_photo_without_consent_is_nowhere_in_the_site(market, build):
    result = build(market)
    assert result.code == 0, result.log
    site = everything(result.path)
    assert "sheets/marche/puits-du-marche.jpg" in site  # its last day
    assert "puits-du-marche.jpg" in site["sheets/marche/index.html"] and "puits-du-marche.jpg" in site["catalogue.json"]
    assert [name for name in site if "refused" in name] == []
    assert [name for name, text in site.items() if "refused-" in text] == []
    assert [name for name, text in site.items() if NAME in text and "sheets/voisine" not in name] == []
    pictures = [name for name in site if name.endswith((".jpg", ".webm")) and name.startswith(("sheets", "trainings"))]
    assert pictures == ["sheets/marche/puits-du-marche.jpg"]


def test_an_editors_preview_holds_no_more(market):
    library = reading.load(market, drafts=True, day=TODAY)
    assert library.products["sheets/marche"].shown_attachments(TODAY) == {"puits-du-marche.jpg"}
    assert library.products["trainings/cours/01-module"].shown_attachments(TODAY) == frozenset()
    told = {problem.values["file"] for problem in library.problems if problem.code == "missing-consent"}
    assert told >= {f"{name}.jpg" for name in REFUSED}


def test_a_consent_holds_from_its_first_day_to_its_last(market):
    product = reading.load(market, day=TODAY).products["sheets/marche"]
    shown = {day for day in (date(2025, 12, 31) + timedelta(n) for n in range(326))
             if "puits-du-marche.jpg" in checks.publishable_files(product, day)}  # fmt: skip
    assert (min(shown), max(shown), len(shown)) == (date(2026, 1, 1), TODAY, 324)


def test_a_consent_that_ends_takes_the_photo_from_older_copies(market, build, tmp_path):
    wanted = {about.VARIABLE: about.Request().text}
    today, tomorrow = (
        build(market, directory_urls=False, env=wanted | {"SOURCE_DATE_EPOCH": str(int(EPOCH) + seconds)}).path
        for seconds in (0, 86_400)
    )
    stick, update = tmp_path / "stick", tmp_path / "update.zip"
    copying.copy(contents.assemble(today), stick)
    assert [name for name in everything(stick) if "puits-du-marche" in name]
    updates.write(contents.assemble(tomorrow), stick, update)
    made = updates.read(update, stick)
    copying.copy(made, stick)
    left = everything(stick)
    assert [name for name, text in left.items() if "puits-du-marche" in name + text] == []
    assert [name for name in left if name.endswith("sheets/marche.html")]


# ------------------------------------------------------------------------------------------------ acknowledged


def test_what_is_acknowledged_is_shown_to_no_reader(tmp_path, build):
    case = samples.load_case(Path(__file__).parent / "cases/acknowledged.yml")
    result = build(samples.write(tmp_path / "products", case["products"]))
    assert result.code == 0, result.log
    site = everything(result.path)
    for said in ("ferme-école", "78 765 43 21", "14.79123"):
        assert [name for name, text in site.items() if said in text] == [], said
    assert "acknowledged" not in site["catalogue.json"] + site["sheets/standard/index.html"]
    fields = site["fields/index.html"]
    assert "acknowledged" in fields and "Réservé à la rédaction" in fields
