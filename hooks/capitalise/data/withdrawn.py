"""What was withdrawn, and why, so that an older copy of the library learns of it at its next update."""

from __future__ import annotations

import json

from capitalise.library import Library
from capitalise.settings import Settings


def withdrawn_json(library: Library, settings: Settings) -> str:
    """`withdrawn.json`: the withdrawn products by id, with their former ids; nothing of their text is left."""
    rows = [
        {
            "id": product.id,
            "aliases": list(product.fields.aliases),
            "date": product.fields.date.isoformat(),
            "title": {lang: text.fields.title for lang, text in product.texts.items()},
            "reason": {lang: text.fields.withdrawal_reason for lang, text in product.texts.items()},
        }
        for product in sorted(library.withdrawn, key=lambda product: product.id)
    ]
    head = {"name": settings.name, "generated": (settings.built or library.today).isoformat(), "count": len(rows)}
    return json.dumps({**head, "withdrawn": rows}, ensure_ascii=False, indent=1) + "\n"
