"""Names of authors, as citations need them: a team is not a person, and a person has a family name."""

from __future__ import annotations

import re

_TEAM = re.compile(r"(?:équipe|equipe|team)\b", re.IGNORECASE)


def is_group(name: str) -> bool:
    """Whether a name is an institution's: it begins as a team's does, or is one word (FAO, Eclosio)."""
    return " " not in name or bool(_TEAM.match(name))


def family_first(name: str) -> str:
    """« Awa Exemple Ouédraogo » → « Ouédraogo, Awa Exemple »: the last word is taken for the family name, as BibTeX
    and Zotero do; a name that already has a comma is left as it is."""
    if "," in name:
        return name
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family
