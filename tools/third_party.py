"""What others made and we use: their licences, from what is installed, in `THIRD-PARTY.md`; and what a site or a stick
holds of it, with the texts that these licences want to see beside it, in `hooks/capitalise/third-party.txt`.

    python tools/third_party.py         # after `make lock`; in an environment with all packages (make .venv/test.stamp)

A licence that is not in `ALLOWED` stops it: somebody has to read it first.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTICES = Path(__file__).parent / "notices"
LIST, SHIPPED = ROOT / "THIRD-PARTY.md", ROOT / "hooks/capitalise/third-party.txt"
LOCKS = {
    "requirements.txt": "Build the site and the copies",
    "requirements-word.txt": "Read Word and OpenDocument files",
    "requirements-test.txt": "Tests and tools",
}
"""Lock → what its packages do; each package is told once, with the first that holds it."""

ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0"),
    "CC-BY-SA-3.0",  # the vocabulary of schema.org, which tests alone read
    *("LGPL-2.1-or-later", "LGPL-3.0-only"),  # python-stdnum, fpdf2: libraries used as they are, and not shipped
}
"""SPDX identifiers. None of them asks anything of a site or a copy made with the program."""

_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "LGPL": "LGPL-2.1-or-later",  # python-stdnum: its COPYING and the head of each file
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What older packages call a licence → its identifier."""

_MORE = {
    "pypandoc_binary": "MIT; holds pandoc, a program under GPL-2.0-or-later, which we start and do not ship",
    "jactionlint": "MIT; holds actionlint and zizmor, both MIT",
}
"""What the licence of a package does not say of what is packed in it."""


class Unknown(Exception):
    """A package whose licence nobody has allowed."""


@dataclass(frozen=True)
class Part:
    """Something of somebody else's that a site or a copy holds."""

    name: str
    version: str
    licence: str
    what: str
    notice: str
    """The text that its licence wants to be seen; empty where it wants none."""
    on_sticks: bool = True


def locked(lock: str) -> dict[str, str]:
    """The packages of a lock with their versions."""
    text = (ROOT / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def licence(meta: Mapping[str, str]) -> str:
    """The licence of a package as an SPDX expression. Raises `Unknown`."""
    name = meta["Name"]
    classified = [c.rpartition(" :: ")[2] for c in meta.get_all("Classifier", []) if c.startswith("License ::")]
    for said in (meta.get("License-Expression"), *classified, meta.get("License")):
        said = _SPDX.get((said or "").strip(), (said or "").strip())
        if said and all(one in ALLOWED for one in re.split(r" (?:AND|OR) ", said)):
            return said
    raise Unknown(f"{name}: {meta.get('License-Expression') or meta.get('License') or classified}")


def packages() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """For each lock what it is for, and name, version and licence of each package that the ones before have not."""
    told: set[str] = set()
    for lock, what in LOCKS.items():
        rows = []
        for name, version in sorted(locked(lock).items()):
            if name in told:
                continue
            told.add(name)
            meta = metadata.metadata(name)
            if meta["Version"] != version:
                raise Unknown(f"{name}: {version} is locked, {meta['Version']} installed")
            rows.append((meta["Name"], version, _MORE.get(meta["Name"], licence(meta))))
        yield what, rows


def parts() -> list[Part]:
    """What a site holds of others; an offline copy holds all of it but the editor."""
    vendor = ROOT / "hooks/capitalise/editor/vendor"
    scripts = {one["package"]: one for one in json.loads((vendor / "vendor.json").read_text("utf-8")).values()}
    versions = locked("requirements.txt")
    material = _text(metadata.distribution("mkdocs-material"), "LICENSE")
    decap = (
        (vendor / "decap-cms.MIT.txt").read_text("utf-8") + "\n" + (vendor / "decap-cms.LICENSE.txt").read_text("utf-8")
    )
    return [
        Part(
            "Material for MkDocs",
            versions["mkdocs-material"],
            "MIT",
            "the style sheet of the pages, and parts of their templates",
            material,
        ),
        Part(
            "Material Design Icons (Pictogrammers)",
            "as in Material for MkDocs",
            "Apache-2.0",
            "the signs of admonitions and answers, in that style sheet",
            "Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0\n",
        ),
        Part(
            "Pagefind",
            versions["pagefind-bin"],
            "MIT",
            "the search: its scripts, and its engine as WebAssembly, in which are the Rust libraries wasm-bindgen and "
            "bit-set (MIT or Apache-2.0), minicbor (BlueOak-1.0.0), pagefind_microjson and write-json (MIT)",
            (NOTICES / "pagefind.txt").read_text("utf-8"),
        ),
        Part(
            "Snowball",
            "as in Pagefind",
            "BSD-3-Clause",
            "the stems of words, in that engine",
            (NOTICES / "snowball.txt").read_text("utf-8"),
        ),
        Part("Natural Earth", "world-atlas 2.0.2", "public domain", "the outlines of countries on the maps", ""),
        Part(
            "Unicode CLDR",
            f"as in Babel {versions['babel']}",
            "Unicode-3.0",
            "the names of countries and languages, and how dates and numbers are written",
            "Copyright © 1991-2026 Unicode, Inc. All rights reserved.\n"
            "Distributed under the Terms of Use in https://www.unicode.org/copyright.html\n",
        ),
        Part(
            "Decap CMS",
            scripts["decap-cms"]["version"],
            scripts["decap-cms"]["licence"],
            "the web editor",
            decap,
            False,
        ),
        Part(
            "js-yaml",
            scripts["js-yaml"]["version"],
            scripts["js-yaml"]["licence"],
            "reads front matter in the web editor",
            (vendor / "js-yaml.LICENSE.txt").read_text("utf-8"),
            False,
        ),
    ]


def _text(distribution: metadata.Distribution, name: str) -> str:
    """A licence as the package brings it."""
    found = [path for path in distribution.files or [] if path.name == name and "licenses" in path.parts]
    return found[0].read_text("utf-8")


def listed() -> str:
    """THIRD-PARTY.md."""
    lines = [
        "# What others made",
        "",
        "Made by `make lock` from what is installed; a test compares it. The program is under the "
        "[MIT licence](LICENSE), the contents under [CC BY-SA 4.0](LICENSE-CONTENT.md).",
        "",
        "En français\u00a0: ce que le site et les copies contiennent d’autrui (premier tableau), et les paquets qui "
        "servent à les fabriquer et à les vérifier, avec leurs licences.",
        "",
        "## In the site and in each copy",
        "",
        "Their notices are in [`third-party.txt`](hooks/capitalise/third-party.txt), which each site and copy holds.",
        "",
        *_table(
            ("What", "Version", "Licence", "For", "On sticks"),
            ((one.name, one.version, one.licence, one.what, "yes" if one.on_sticks else "no") for one in parts()),
        ),
    ]
    for what, rows in packages():
        lines += ["", f"## {what}", "", *_table(("Package", "Version", "Licence"), rows)]
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def shipped() -> str:
    """The notices that stand in a site and in a copy."""
    rule = "=" * 78
    lines = [
        "Ce que ce site ou cette copie contient d’autrui, et sous quelles licences.",
        "What this site or copy holds of others, and under which licences.",
    ]
    for one in parts():
        lines += ["", rule, f"{one.name} ({one.version}): {one.licence}", f"    {one.what}"]
        if not one.on_sticks:
            lines.append("    on the web alone, not on an offline copy")
        lines += ["", one.notice.strip().replace("\r\n", "\n")] if one.notice else []
    return "\n".join(lines) + "\n"


def main() -> None:
    try:
        made = {LIST: listed(), SHIPPED: shipped()}
    except Unknown as error:
        sys.exit(f"{error}: not a licence that is allowed in tools/third_party.py")
    for path, text in made.items():
        path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
