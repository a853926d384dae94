"""What is spared changes nothing: texts held compressed, values held once, Markdown's parts that are not asked."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
import samples
from markdown.treeprocessors import InlineProcessor

from capitalise import frontmatter, parsing, reading, sections
from capitalise.addresses import Addresses
from capitalise.markup import FACILITATOR, LEARNER, Renderer
from capitalise.model import Climate

ROOT = Path(__file__).parents[1]
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module")
def library():
    return reading.load(ROOT / "products", LANGUAGES)


# ------------------------------------------------------------------------------------------------ what is read


def test_a_text_is_held_as_its_file_has_it(library):
    for product in library.products.values():
        for lang, text in product.texts.items():
            document = frontmatter.read(product.folder / f"index.{lang}.md", text.file)
            assert (text.document, text.body) == (document, document.body)
            assert text.parts == sections.split(document.body, product.kind, lang, document.body_line)


def test_what_products_have_alike_is_held_once(library):
    texts = [text for product in library.products.values() for text in product.texts.values()]
    given = [text.fields.model_fields_set for text in texts]
    assert len({id(one) for one in given}) == len({frozenset(one) for one in given})
    for product in library.products.values():
        for text in product.texts.values():
            assert text.fields.sources is product.fields.sources


def test_what_is_equal_but_not_the_same_stays_what_it_is(tmp_path):
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace(
        "themes:", "keywords: [adaptation]\nclimate: [adaptation]\nthemes:"
    )
    products = samples.write(tmp_path / "products", {"sheets/bonne-fiche/index.fr.md": text})
    fields = reading.load(products).products["sheets/bonne-fiche"].fields
    assert [type(one) for one in (*fields.keywords, *fields.climate)] == [str, Climate]


def test_a_library_takes_little_memory():
    """All that is known of the texts takes little more than twice their files; it was seven times."""
    reading.load(ROOT / "tests/library", LANGUAGES)
    tracemalloc.start()
    library = reading.load(ROOT / "products", LANGUAGES)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    files = [product.folder / f"index.{lang}.md" for product in library.products.values() for lang in product.texts]
    assert held < 3 * sum(path.stat().st_size for path in files)


# ------------------------------------------------------------------------------------------------ what is shown

CASES = (
    "- [ ] à faire\n- [x] fait\n- [X]  fait aussi",
    "| a | b |\n|---|:-:|\n| c | d {: .note } |",
    "- a\n\n    | x | y |\n    |---|---|\n    | 1 | 2 |",
    '!!! note\n    Un *mot*.\n\n    !!! tip "T"\n        - [ ] c',
    '??? answer "Question ?"\n    Réponse.\n\n???+ tip\n    Ouvert.',
    '!!! facilitator "Pour l’animateur"\n    Dix minutes.',
    '=== "Un"\n    a\n\n=== "Deux"\n    | b |\n    |---|\n    | c |',
    "```python\n# [^1] *x* | {y}\n```\n\nAprès.",
    "~~~ { .python #a }\n<b>\n~~~",
    "Terme\n:   Définition\n:   Autre {: .note }\n\nTerme 2\n\n: Loin",
    "- Terme\n    : Définition",
    "*[CAP]: Communauté *d’apprentissage* \\* {x}\n\nLe CAP et CAP.",
    "Une note[^n], la même[^n], une source[^1] et une autre[^1].\n\n[^n]: Elle dit *ceci*.\n\n    Et cela `{x}` \\_.",
    "Une note[^ailleurs] et [un lien][loin], [loin], ![image][loin].",
    "Paragraphe\n{: .note }\n\n# Titre {#id .note} #\n\n### Autre ###",
    "Titre\n===\n\nAutre\n---\n\n***\n\n---",
    "> citation\n> - liste\n>\n> !!! note\n>     Dedans.\n\n>sans blanc",
    "ligne  \ncoupée, tabulation\t\ncoupée",
    "a\\*b\\* \\{x} \\[y] \\\\ `\\` `` ` `` \\`",
    "<b>gras</b> <div>bloc *a*</div> &amp; &#8203; &nope; <https://example.org> <a@example.org> a < b",
    "<div>\n\n*a* | b\n\n</div>\n\n<!-- [^1] *x* -->\n\n<details><summary>x</summary>y</details>",
    '![alt](photo.jpg "titre"){ .note } ![](x.png)',
    "*a* **b** ***c*** _d_ __e__ a_b_c *a **b* c** 2 * 3 * 4 _ _",
    "1. un\n    - deux\n\n        code {x}\n\n    trois\n2. quatre\n* cinq",
    "!\x02!! note\n    x\n\n[a\x03]\x02: https://example.org\n\n[a] \x02klzzwxh:0001\x03 wzxhzdk:0",
    "[lien](<https://example.org/a b> 'titre') [vide]() [crochets [dedans]](x) [a](javascript:alert) ![a][",
    "Le zaï, les demi-lunes, zaï, **zaï**, [zaï](x), `zaï` et `compost`, compost.",
    "=====\n\n||\n\n???\n\n!!!\n\n]:\n\n[^]:\n\n*[]:\n\n#\n\n>\n\n{}\n\n\\",
    "Texte sans rien.",
)
ELSEWHERE = """Le CAP et HTML, [loin], une note[^n] \\* {x} &amp; zaï.

*[HTML]: Langage {.note} \\* <b>

[loin]: https://example.org/a_b_c "Un *titre* \\* {x}"

[^ailleurs]: Note d’ailleurs, [loin], HTML, `code`  \n    *suite* {: .note }

    | a | b |
    |---|---|
    | c | d |
"""


class _AsItIs:
    """Python-Markdown with nothing spared."""

    def __init__(self, md) -> None:
        self._trees = md.treeprocessors

    def everyone(self) -> None:
        pass

    def __setattr__(self, name: str, value) -> None:
        super().__setattr__(name, value)
        if name == "listing":
            self._trees.register(value, "footnote", 50) if value else self._trees.deregister("footnote")


def both_ways(library, lang: str, monkeypatch) -> tuple[Renderer, Renderer]:
    sparing = Renderer(library, lang, Addresses("fr"))
    with monkeypatch.context() as patch:
        patch.setattr(parsing, "install", _AsItIs)
        return sparing, Renderer(library, lang, Addresses("fr"))


def test_markdown_gives_the_same_when_it_asks_those_alone_who_may_answer(tmp_path, monkeypatch):
    good = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace("{sections}\n", samples.SECTIONS["fr"])
    files = {
        f"sheets/cas-{number:02}/index.fr.md": good.replace("Une vallée sèche.", case).replace("Un puits.", ELSEWHERE)
        for number, case in enumerate(CASES)
    }
    glossary = "- id: zai\n  label: {fr: Zaï}\n  definition: {fr: Un trou.}\n"
    library = reading.load(samples.write(tmp_path / "products", files | {"vocabularies/glossary.yml": glossary}))
    assert len(library.products) == len(CASES) + len(samples.GOOD_PRODUCTS)
    sparing, whole = both_ways(library, "fr", monkeypatch)
    for product in library.products.values():
        for view in (LEARNER, FACILITATOR):
            assert sparing.render(product, view) == whole.render(product, view), product.texts["fr"].body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_gives_the_same_for_the_whole_library(lang, library, monkeypatch):
    sparing, whole = both_ways(library, lang, monkeypatch)
    for product in library.products.values():
        for view in (LEARNER, FACILITATOR) if product.kind.name == "module" else (LEARNER,):
            assert sparing.render(product, view) == whole.render(product, view), product.id


def test_the_parts_of_markdown_have_the_names_by_which_they_are_spared(library):
    """Another version may rename one: it would be asked of every text again, and nothing else would tell."""
    md = Renderer(library, "fr", Addresses("fr"))._markdown
    assert set(parsing._BLOCKS) <= {name for name in parsing._BLOCKS if name in md.parser.blockprocessors}
    assert set(parsing._TREES) <= {name for name in parsing._TREES if name in md.treeprocessors}
    assert set(parsing._INLINE) == {name for name in parsing._INLINE if name in md.inlinePatterns}
    assert len(md.inlinePatterns) == len(parsing._INLINE)
    assert hasattr(InlineProcessor, "_InlineProcessor__handleInline")
