"""The way back: what a reader of an offline copy writes in its form, brought into the library.

`form` (what the form asks, made from the model) → one file → `opened` (what may be read of it) → `product` or
`remark` (what an editor gets), with `plain` (a person's plain text as Markdown).

The file is JSON in UTF-8, at most `limits.MAX_FORM_BYTES` long:

    {"format": "capitalise", "version": 1,
     "type": "product" or "remark", "kind": "sheet", "lang": "fr",
     "finished": true,                          whether the form found nothing left to mend
     "copy": {"built": "2026-11-20", "number": "0123456789ab", "program": "0.1.0"},
     "fields": {"title": "…", "photos": [{"file": "photo-1", "alt": "…", …}]},      as in the front matter
     "sections": {"context": "…"},              of a product: plain text by anchor
     "course": "learn-by-doing",                of a module: the folder of its course
     "about": {"product": "sheets/…", "title": "…", "lang": "fr", "revision": "…"}, of a remark
     "photos": {"photo-1": "…"}}                base64 of a JPEG

An unfinished one is a draft, which the form opens again. What is added later is left out by an older program and told;
`version` goes up when it could be misread.
"""

FORMAT, VERSION = "capitalise", 1
SUFFIX = ".capitalise.json"
REMARK = "remark"
"""The type of file, and the form, that is not about a new product."""
PATH = "contribute-offline"
"""Of the form's page."""


def script(lang: str) -> str:
    """Address of what the form asks in a language: a script, which a page opened as a file may load."""
    return f"assets/contribute/{lang}.js"
