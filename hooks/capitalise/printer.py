"""The program that prints the pages, in a process of its own: so that ours imports none of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(arguments: list[str], products: Path, **environment: str) -> int:
    """Runs MkDocs on the library in `products`, with these variables too; gives its exit code."""
    variables = {"CAPITALISE_PRODUCTS": str(products.resolve())} | environment
    return subprocess.run([sys.executable, "-m", "mkdocs", *arguments], env=os.environ | variables).returncode
