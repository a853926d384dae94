"""The vocabularies as SKOS (W3C Recommendation, 2009), in JSON-LD with its context inside: no look-up needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from capitalise.data.identifiers import scheme_uri, term_uri
from capitalise.data.selection import licence_url
from capitalise.library import Library
from capitalise.locales import texts
from capitalise.settings import Settings
from capitalise.vocabularies import Term, Vocabulary

_BY_LANGUAGE = ("prefLabel", "altLabel", "definition")
_LINKS = "broader narrower exactMatch closeMatch broadMatch inScheme topConceptOf hasTopConcept".split()

CONTEXT: dict[str, Any] = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "ConceptScheme": "skos:ConceptScheme",
    "Concept": "skos:Concept",
    "notation": "skos:notation",
    "source": "dcterms:source",
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "license": {"@id": "dcterms:license", "@type": "@id"},
    "seeAlso": {"@id": "rdfs:seeAlso", "@type": "@id"},
    **{name: {"@id": f"skos:{name}", "@container": "@language"} for name in _BY_LANGUAGE},
    **{name: {"@id": f"skos:{name}", "@type": "@id"} for name in _LINKS},
}


def vocabularies_jsonld(library: Library, settings: Settings) -> str:
    """`vocabularies.jsonld`: a concept scheme for each vocabulary, the glossary among them, and its concepts."""
    graph = [node for vocabulary in library.vocabularies.values() for node in _nodes(vocabulary, settings)]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _nodes(vocabulary: Vocabulary, settings: Settings) -> Iterator[dict[str, Any]]:
    tops = [term_uri(settings, vocabulary.name, term.id) for term in vocabulary if not term.broader]
    scheme = {
        "@id": scheme_uri(settings, vocabulary.name),
        "@type": "ConceptScheme",
        "title": {lang: texts(lang)(f"collection.{vocabulary.name}") for lang in settings.languages},
        "license": licence_url(settings.licence),
        "hasTopConcept": tops,
    }
    yield _filled(scheme)
    for term in vocabulary:
        yield _filled(_concept(term, vocabulary, settings))


def _concept(term: Term, vocabulary: Vocabulary, settings: Settings) -> dict[str, Any]:
    def uri(term_id: str) -> str:
        return term_uri(settings, vocabulary.name, term_id)

    scheme = scheme_uri(settings, vocabulary.name)
    return {
        "@id": uri(term.id),
        "@type": "Concept",
        "notation": term.id,
        "inScheme": scheme,
        "topConceptOf": None if term.broader else scheme,
        "prefLabel": term.label,
        "altLabel": _other_labels(term),
        "definition": term.definition,
        "broader": term.broader and uri(term.broader),
        "narrower": [uri(child) for child in vocabulary.narrower.get(term.id, ())],
        "exactMatch": term.exact_match,
        "closeMatch": term.close_match,
        "broadMatch": term.broad_match if term.broad_match != term.exact_match else None,  # SKOS S46
        "seeAlso": term.url,
        "source": term.source,
    }


def _other_labels(term: Term) -> dict[str, list[str]]:
    """Synonyms, each once, less the label itself (SKOS S13: the two are disjoint)."""
    return {
        lang: kept
        for lang, words in term.synonyms.items()
        if (kept := [word for word in dict.fromkeys(words) if word != term.label.get(lang)])
    }


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value}
