"""A small library without a fault, for tests that put faults beside it; and the files that no text can describe."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import attached
import yaml
from PIL import Image

Builder = Callable[[Path], object]
"""Makes a file that is more than a text in UTF-8."""

SECTIONS = {
    "fr": """\
## Contexte

Une vallée sèche.

## Problème à résoudre

L’eau manque.

## Démarche

Creuser ensemble.

## Résultats

Un puits.

## Difficultés rencontrées

Le temps.

## Leçons apprises

Écouter d’abord.

## Conditions de réplication

Une nappe peu profonde.
""",
    "en": """\
## Context

A dry valley.

## Problem to solve

Water is short.

## Approach

Dig together.

## Results

A well.

## Difficulties

Time.

## Lessons learned

Listen first.

## Conditions for replication

Shallow groundwater.
""",
}
"""What a sheet must tell, in the least words."""

FIELDS = """\
summary: Ce qu’elle raconte.
date: 2026-03-01
authors: [{name: Awa Exemple}]
countries: [SN]
themes: [eau]
sources: [{title: Rapport}]
"""
"""What the header of a sheet must say beside its title, in French."""

GOOD: dict[str, str] = {
    "vocabularies/themes.yml": """\
- id: eau
  label: {fr: Eau, en: Water}
  synonyms: {fr: [Hydraulique]}
- id: sols
  label: {fr: Sols, en: Soils}
""",
    "vocabularies/communities.yml": """\
- id: agroecologie
  label: {fr: CAP Agroécologie, en: Agroecology CAP}
""",
    "sheets/bonne-fiche/index.fr.md": """\
---
title: Une bonne fiche
summary: Elle n’a aucun défaut.
date: 2026-03-01
authors: [{name: Awa Exemple}]
countries: [SN]
themes: [eau]
sources: [{title: Rapport de campagne}]
---
{sections}
""",
    "sheets/good-sheet/index.en.md": """\
---
title: A good sheet
summary: Nothing is wrong with it.
date: 2026-03-02
authors: [{name: Awa Example}]
countries: [BJ]
themes: [sols]
sources: [{title: Field report}]
---
{sections}
""",
}
GOOD_PRODUCTS = ("sheets/bonne-fiche", "sheets/good-sheet")


def write(products: Path, files: Mapping[str, str | Builder]) -> Path:
    """The library `products`: the good products and vocabularies, then `files`, which may replace them.

    `{sections}` in a text stands for the sections that a sheet must have, `{fields}` for what its header must say.
    """
    for name, content in (GOOD | dict(files)).items():
        path = products / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            lang = "en" if name.endswith(".en.md") else "fr"
            path.write_text(
                content.replace("{fields}\n", FIELDS).replace("{sections}\n", SECTIONS[lang]), "utf-8", newline=""
            )
        else:
            content(path)
    return products


class CaseLoader(yaml.SafeLoader):
    """YAML with a tag for each kind of file that a YAML text can't hold."""


def _tag(name: str, make: Callable[[Path, str], object]) -> None:
    def construct(loader: CaseLoader, node: yaml.ScalarNode) -> Builder:
        value = loader.construct_scalar(node)
        return lambda path: make(path, value)

    CaseLoader.add_constructor(name, construct)


_tag("!latin-1", lambda path, text: path.write_bytes(text.encode("latin-1")))
_tag("!utf-16", lambda path, text: path.write_bytes(text.encode("utf-16")))
_tag("!megabytes", lambda path, number: path.write_bytes(b"Une longue ligne.\n" * (int(number) * 1_000_000 // 18 + 1)))
_tag("!front-matter", lambda path, kb: path.write_text(f"---\ntitle: {'long ' * (int(kb) * 205)}\n---\n", "utf-8"))
_tag("!link-to", lambda path, target: path.symlink_to(target))
_tag("!photo", lambda path, size: Image.new("RGB", tuple(map(int, size.split("x"))), "tan").save(path))
_tag("!made", lambda path, name: attached.FILES[name](path))
_tag("!pipe", lambda path, _: os.mkfifo(path))
_tag("!film", lambda path, _: path.write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08mdat"))
_tag("!empty-folder", lambda path, _: path.mkdir())


def load_case(path: Path) -> dict:
    """A file of `cases/`."""
    return yaml.load(path.read_text("utf-8"), CaseLoader)
