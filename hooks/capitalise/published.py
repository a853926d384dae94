"""The files of products as the site publishes them: never a photo or a drawing as it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from capitalise import drawings, pictures
from capitalise.addresses import Addresses
from capitalise.attachments import films
from capitalise.library import Library, Product


class Published(NamedTuple):
    """A file of the site."""

    name: str
    """The product's file of which it was made, as a contributor knows it."""
    address: str
    made: Callable[[], bytes]
    """Its content. May raise `photos.Unsafe`, `ValueError`, `OSError` where the file was changed meanwhile."""


def files(library: Library, addresses: Addresses, darkroom: pictures.Darkroom) -> Iterator[Published]:
    """Every file that may be published; of photos all pictures, which are made ready here on all cores."""
    every, photos = [], []
    for product in library.products.values():
        for one, photo in _of(product, library.today, addresses, darkroom):
            every.append(one)
            if photo and (not photos or photos[-1] is not photo):
                photos.append(photo)
    darkroom.prepare(photos)
    yield from every


def of_product(product: Product, day: date, addresses: Addresses, darkroom: pictures.Darkroom) -> Iterator[Published]:
    """Those of one product, on a day; nothing is made before it is asked for."""
    for one, _ in _of(product, day, addresses, darkroom):
        yield one


def _of(
    product: Product, day: date, addresses: Addresses, darkroom: pictures.Darkroom
) -> Iterator[tuple[Published, pictures.Photo | None]]:
    for name in sorted(product.shown_attachments(day)):
        path, shown = product.attachments[name], f"{product.id}/{name}"
        if made := pictures.renditions(product.id, name, path, addresses):
            photo = pictures.Photo(path, made)
            for one in made:
                yield Published(shown, one.address, partial(darkroom.made, photo, one)), photo
        else:
            yield Published(shown, addresses.file(product.id, name), partial(_content, path)), None


def _content(path: Path) -> bytes:
    match path.suffix.lower():
        case ".svg":
            return drawings.cleaned(path)
        case ".mp4":
            return films.cleaned(path.read_bytes())
    return path.read_bytes()
