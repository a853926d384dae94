"""Has the site of a copy built, by the program that prints pages, in a process of its own."""

from __future__ import annotations

from pathlib import Path

from capitalise import printer
from capitalise.stick import about


class Failed(Exception):
    """The build did not end well; it said why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def build(products: Path, request: about.Request, site: Path) -> None:
    """Builds the library in `products` into the folder `site`. Raises `Failed`."""
    arguments = ["build", "--quiet", "--no-directory-urls", "--site-dir", str(site)]
    environment = {about.VARIABLE: request.text, "NO_MKDOCS_2_WARNING": "1"}
    if code := printer.run(arguments, products, **environment):
        raise Failed(code)
