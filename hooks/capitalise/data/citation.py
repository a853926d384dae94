"""How to cite a product: BibTeX, RIS (Research Information Systems' format of 2011), and one line to copy.

Each cites the product in the language asked for, or its original where that is not translated.
"""

from __future__ import annotations

from collections.abc import Iterator

from capitalise.data.identifiers import page_url
from capitalise.data.people import family_first, is_group
from capitalise.data.selection import licence, line
from capitalise.library import Library, Product
from capitalise.locales import texts
from capitalise.settings import Settings

# ------------------------------------------------------------------------------------------------ BibTeX

_BIBTEX_TYPE = {"Report": "techreport"}  # schema.org's type → BibTeX's; the rest are `misc`

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Not `\{` and `\}`: BibTeX counts braces without looking at the backslash before them.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "\u00a0": " ",
        "\u202f": " ",
    }
)


def bibtex(product: Product, library: Library, settings: Settings, lang: str) -> str:
    """`citation.bib`. The key is the product's id and language, so it stays; accents stay UTF-8."""
    text = product.text(lang)
    fields = text.fields
    kind = _BIBTEX_TYPE.get(product.kind.schema_type, "misc")
    publisher = _latex(settings.publisher or settings.name)
    rows = {
        "author": " and ".join(_bibtex_name(author.name) for author in fields.authors),
        "title": f"{{{_latex(fields.title)}}}",  # in double braces its capitals are kept
        "year": str(fields.date.year),
        "month": str(fields.date.month),
        "date": fields.date.isoformat(),
        "institution" if kind == "techreport" else "publisher": publisher,
        "howpublished": _latex(settings.name),
        "url": page_url(settings, product.id, text.lang),
        "language": text.lang,
        "keywords": _latex(", ".join(fields.keywords)),
        "copyright": _latex(licence(product, settings)),
        "abstract": _latex(fields.summary),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in rows.items() if value)
    return f"@{kind}{{{product.id.replace('/', ':')}:{text.lang},\n{body}}}\n"


def _latex(text: str) -> str:
    return line(text.translate(_LATEX))


def _bibtex_name(name: str) -> str:
    """An institution, or a name that BibTeX would cut in two, stands in braces of its own."""
    words = line(name).split(" ")
    if is_group(name) or "and" in map(str.lower, words) or name.count(",") > 1:
        return f"{{{_latex(name)}}}"
    return _latex(family_first(line(name)))


# ------------------------------------------------------------------------------------------------ RIS

_RIS_TYPE = {"Report": "RPRT"}


def ris(product: Product, library: Library, settings: Settings, lang: str) -> str:
    """`citation.ris`, one tag a line, with CR LF as the format asks."""
    rows = ((tag, line(value)) for tag, value in _ris_rows(product, settings, lang))
    return "".join(f"{tag}  - {value}\r\n" for tag, value in rows if value) + "ER  - \r\n"


def _ris_rows(product: Product, settings: Settings, lang: str) -> Iterator[tuple[str, str]]:
    text = product.text(lang)
    fields = text.fields
    yield "TY", _RIS_TYPE.get(product.kind.schema_type, "GEN")
    yield "ID", f"{product.id.replace('/', ':')}:{text.lang}"
    yield "TI", fields.title
    for author in fields.authors:
        # A comma at the end says that it is an institution's whole name.
        yield "AU", f"{author.name}," if is_group(author.name) else family_first(author.name)
    yield "PY", str(fields.date.year)
    yield "DA", fields.date.strftime("%Y/%m/%d")
    yield "PB", settings.publisher or settings.name
    yield "T2", settings.name
    yield "AB", fields.summary
    for keyword in fields.keywords:
        yield "KW", keyword
    yield "LA", text.lang
    yield "UR", page_url(settings, product.id, text.lang)
    yield "C1", licence(product, settings)


# ------------------------------------------------------------------------------------------------ one line


def reference(product: Product, library: Library, settings: Settings, lang: str) -> str:
    """« Awa Exemple et Jean Essai (2026). Titre. CAPitalise. https://… », the names joined as `lang` joins them."""
    text = product.text(lang)
    fields = text.fields
    authors = texts(lang).listing([author.name for author in fields.authors])
    title = fields.title if fields.title.endswith((".", "?", "!", "…")) else f"{fields.title}."
    url = page_url(settings, product.id, text.lang)
    return line(" ".join(filter(None, (f"{authors} ({fields.date.year}).", title, f"{settings.name}.", url))))
