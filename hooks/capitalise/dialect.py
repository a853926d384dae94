"""The Markdown in which our texts are written: what Python-Markdown reads of it, the same to show and to check."""

from __future__ import annotations

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension


def parser(footnotes: FootnoteExtension | None = None) -> markdown.Markdown:
    """A parser of its own for whoever asks: it keeps definitions from one text to the next until it is reset.

    No extension here includes a file, runs a template or makes a link from a bare name.
    """
    return markdown.Markdown(
        output_format="html",
        extensions=[
            "abbr",
            "admonition",
            "attr_list",
            "def_list",
            "fenced_code",
            "sane_lists",
            TableExtension(use_align_attribute=True),  # a style in the page would be against its policy
            "pymdownx.details",
            "pymdownx.tabbed",
            "pymdownx.tasklist",
            footnotes or FootnoteExtension(),
        ],
        extension_configs={"pymdownx.tabbed": {"alternate_style": True}},
    )
