"""A product in the words of schema.org: a sheet is a `Report`, a course a `Course` whose parts are
`LearningResource`s, a session's summary a `Report` about an `Event`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capitalise.data import people
from capitalise.data.identifiers import file_url, page_url, product_uri, scheme_uri, site_uri, term_uri
from capitalise.data.selection import coordinates, is_published, licence, licence_url
from capitalise.library import Library, Product, Text
from capitalise.locales import texts
from capitalise.model import Author, Format, Period, Person, Source, Status
from capitalise.settings import Settings

Node = dict[str, Any]


def product(product: Product, library: Library, settings: Settings, lang: str) -> Node:
    """The product in that language, or its original."""
    return _Description(product, library, settings, product.text(lang)).node()


def breadcrumbs(product: Product, library: Library, settings: Settings, lang: str) -> Node:
    """The way from the home page to the product, for a site that knows its address."""
    text, collection = product.text(lang), product.kind.collection
    way = [("", settings.name), (collection, texts(lang)(f"collection.{collection}"))]
    course = library.course_of(product)
    if product.kind.name == "module" and is_published(course):
        way.append((course.id, course.text(lang).fields.title))
    elif product.kind.name == "session" and (term := library.term("communities", product.fields.community)):
        way.append((f"communities/{term.id}", term.name(lang)))
    items = [(page_url(settings, path, lang), name) for path, name in way]
    items.append((page_url(settings, product.id, text.lang), text.fields.title))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": {"@type": "WebPage", "@id": url}}
            for position, (url, name) in enumerate(items, 1)
        ],
    }


class _Description:
    """One product in one language, and what its properties are made from."""

    def __init__(self, product: Product, library: Library, settings: Settings, text: Text) -> None:
        self.product, self.library, self.settings, self.text = product, library, settings, text
        self.fields, self.lang = text.fields, text.lang
        self.shown = product.shown_attachments(library.today)

    def node(self) -> Node:
        """Every property that has a value."""
        own = {"course": self._course, "module": self._learning, "session": self._session}
        more = own.get(self.product.kind.name, dict)()
        about = [*self._terms(), *more.pop("about", ())]
        return _filled(self._common() | more | {"about": about})

    def _common(self) -> Node:
        fields, settings = self.fields, self.settings
        url = page_url(settings, self.product.id, self.lang)
        return {
            "@type": self.product.kind.schema_type,
            "@id": product_uri(settings, self.product, self.lang),
            "url": url,
            "mainEntityOfPage": url,
            "name": fields.title,
            "description": fields.summary,
            "inLanguage": self.lang,
            "datePublished": fields.date.isoformat(),
            "creativeWorkStatus": str(fields.status),
            "isAccessibleForFree": True,
            "license": licence_url(licence(self.product, settings)),
            "author": [_author(author) for author in fields.authors],
            "contributor": [_person(person) for person in fields.reviewers],
            "translator": [{"@type": "Person", "name": person.name} for person in fields.translators],
            "publisher": self._publisher(),
            "keywords": fields.keywords,
            "mentions": self._organisations(),
            "spatialCoverage": list(self._where()),
            "temporalCoverage": _interval(getattr(fields, "period", None)),
            "citation": [_source(source) for source in fields.sources],
            "image": self._image(),
            "associatedMedia": list(self._files()),
            "isPartOf": self._whole(),
            "translationOfWork": None if self._is_original() else self._translation(self.product.original_lang),
            "workTranslation": [
                self._translation(lang) for lang in self.product.texts if self._is_original() and lang != self.lang
            ],
        }

    # -------------------------------------------------------------------------------- of a kind

    def _learning(self) -> Node:
        minutes = self.library.duration(self.product)
        return {"teaches": self.fields.objectives, "timeRequired": f"PT{minutes}M" if minutes else None}

    def _course(self) -> Node:
        fields = self.fields
        return self._learning() | {
            "provider": self._publisher(),
            "coursePrerequisites": fields.prerequisites,
            "audience": [{"@type": "Audience", "audienceType": one} for one in fields.audience],
            "hasPart": [self._link(module) for module in self.library.modules(self.product) if is_published(module)],
        }

    def _session(self) -> Node:
        fields = self.fields
        if fields.status is Status.EXAMPLE:
            return {}  # a model's session never took place: machines are told of no event
        term = self.library.term("communities", fields.community)
        community = _filled(
            {
                "@type": "Organization",
                "@id": term_uri(self.settings, "communities", fields.community),
                "name": term.name(self.lang) if term else fields.community,
                "sameAs": term.url if term else None,
            }
        )
        event = {
            "@type": "Event",
            "name": fields.title,
            "startDate": fields.date.isoformat(),
            "duration": f"PT{fields.duration}M" if fields.duration else None,
            "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[fields.format]}",
            "location": self._location(),
            "organizer": [community, *self._organisations()],
        }
        return {"about": [_filled(event)]}

    def _location(self) -> Node | None:
        if self.fields.format is Format.ONLINE:
            return _filled({"@type": "VirtualLocation", "url": page_url(self.settings, self.product.id, self.lang)})
        return {"@type": "Place", "name": self.fields.place} if self.fields.place else None

    # -------------------------------------------------------------------------------- of every kind

    def _terms(self) -> Iterator[Node]:
        for vocabulary in ("themes", "practices", "hazards"):
            for term_id in getattr(self.fields, vocabulary, ()):
                term = self.library.term(vocabulary, term_id)
                yield {
                    "@type": "DefinedTerm",
                    "@id": term_uri(self.settings, vocabulary, term_id),
                    "termCode": term_id,
                    "name": term.name(self.lang) if term else term_id,
                    "inDefinedTermSet": scheme_uri(self.settings, vocabulary),
                }

    def _organisations(self) -> list[Node]:
        found = []
        for term_id in self.fields.organisations:
            term = self.library.term("organisations", term_id)
            node = {"@type": "Organization", "@id": term_uri(self.settings, "organisations", term_id)}
            found.append(_filled(node | {"name": term.name(self.lang), "sameAs": term.url} if term else node))
        return found

    def _publisher(self) -> Node:
        return {"@type": "Organization", "name": self.settings.publisher or self.settings.name}

    def _where(self) -> Iterator[Node]:
        for code in self.fields.countries:
            yield {"@type": "Country", "name": texts(self.lang).country(code), "identifier": code}
        for place in getattr(self.fields, "places", ()):
            latitude, longitude = coordinates(place)
            geo = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
            yield {"@type": "Place", "name": place.name, "geo": geo}

    def _address(self, name: str) -> str:
        return file_url(self.settings, self.settings.addresses.file(self.product.id, name))

    def _image(self) -> Node | None:
        cover = self.fields.cover
        if cover is None or cover.file not in self.shown or not (url := self._address(cover.file)):
            return None
        return _filled(
            {
                "@type": "ImageObject",
                "contentUrl": url,
                "description": cover.alt,
                "caption": cover.caption,
                "creditText": cover.credit,
                "license": licence_url(cover.licence) if cover.licence else None,
            }
        )

    def _files(self) -> Iterator[Node]:
        for handout in self.fields.files:
            if handout.file in self.shown and (url := self._address(handout.file)):
                yield {"@type": "MediaObject", "name": handout.label, "contentUrl": url}

    def _whole(self) -> Node:
        """What the product is a part of: its course, or the site."""
        course = self.library.course_of(self.product)
        if self.product.kind.name == "module" and is_published(course):
            return self._link(course)
        site = {"@type": "WebSite", "@id": site_uri(self.settings), "name": self.settings.name}
        return _filled(site | {"url": self.settings.addresses.site_url})

    def _link(self, other: Product) -> Node:
        text = other.text(self.lang)
        return _filled(
            {
                "@type": other.kind.schema_type,
                "@id": product_uri(self.settings, other, text.lang),
                "url": page_url(self.settings, other.id, text.lang),
                "name": text.fields.title,
                "description": text.fields.summary,
                "inLanguage": text.lang,
            }
        )

    def _is_original(self) -> bool:
        return self.lang == self.product.original_lang

    def _translation(self, lang: str) -> Node:
        return {
            "@type": self.product.kind.schema_type,
            "@id": product_uri(self.settings, self.product, lang),
            "inLanguage": lang,
        }


_ATTENDANCE = {
    Format.ONLINE: "OnlineEventAttendanceMode",
    Format.FACE_TO_FACE: "OfflineEventAttendanceMode",
    Format.HYBRID: "MixedEventAttendanceMode",
}


def _author(author: Author) -> Node:
    if people.is_group(author.name):
        return {"@type": "Organization", "name": author.name}
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else None
    return _filled({"@id": orcid} | _person(author))


def _person(person: Author | Person) -> Node:
    affiliation = {"@type": "Organization", "name": person.organisation} if person.organisation else None
    return _filled({"@type": "Person", "name": person.name, "affiliation": affiliation})


def _source(source: Source) -> Node:
    publisher = {"@type": "Organization", "name": source.publisher} if source.publisher else None
    return _filled(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "publisher": publisher,
            "datePublished": str(source.year) if source.year else None,
            "url": source.url,
        }
    )


def _interval(period: Period | None) -> str | None:
    """An ISO 8601 interval; `..` where it has no end yet."""
    return f"{period.start}/{period.end or '..'}" if period else None


def _filled(node: Node) -> Node:
    """The properties that have a value."""
    return {name: value for name, value in node.items() if value}
