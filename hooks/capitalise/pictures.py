"""A photo as pages show it: in three widths, each as WebP and in a form that every browser knows.

Which there are is known from a photo's first bytes (`renditions`); they are made once, by content, on all cores
(`Darkroom`), and kept in the store.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import PIL
from PIL import features

from capitalise import drawings, kept, limits, machine, photos
from capitalise.addresses import Addresses

WIDTHS = (400, 800, 1600)
"""A card or a phone of 360 points; a phone with fine points; a laptop. None is made larger than the photo."""
COPY_SIDE = 1000
"""In an offline copy there is one picture of each photo, this large, in the form that every browser knows."""
RECIPE = kept.recipe(
    __file__,
    photos.__file__,
    limits.__file__,
    using=" ".join(
        map(str, (PIL.__version__, *(features.version(name) for name in ("webp", "libjpeg_turbo", "zlib"))))
    ),
)
_WEBP = ("WEBP", ".webp")
_PLAIN = {".png": ("PNG", ".png")}
_JPEG = ("JPEG", ".jpg")


class Rendition(NamedTuple):
    """One picture that is made of a photo."""

    width: int
    height: int
    form: str
    """`WEBP`, or the form that every browser knows: `JPEG`, `PNG`."""
    address: str
    """Where it stands in the site."""


def renditions(product_id: str, name: str, path: Path, addresses: Addresses) -> tuple[Rendition, ...]:
    """The pictures that are published of a photo, each form from small to large; none of what is not a photo.

    The largest in the plain form stands where the photo itself would: what links to the photo finds it.
    """
    suffix = path.suffix.lower()
    size = measured(path) if suffix in photos.FORMATS else None
    if size is None:
        return ()
    plain = _PLAIN.get(suffix, _JPEG)
    whole_size = photos.within(size, COPY_SIDE if addresses.flat else photos.MAX_SIDE)
    whole = Rendition(*whole_size, plain[0], addresses.file(product_id, name))
    if addresses.flat:
        return (whole,)
    # A width near the whole's would be one more file for nothing.
    widths = [width for width in WIDTHS if width * 5 <= whole.width * 4]
    found = []
    for form, ending in (_WEBP, plain):
        for width in (*widths, whole.width):
            address = addresses.picture(product_id, name, width, ending)
            found.append(Rendition(*photos.of_width(whole_size, width), form, address))
    return (*found[:-1], whole)


def usual(plain: Sequence[tuple[str, int]]) -> str:
    """Of the addresses and widths of a picture, the one for a browser that can't choose; empty where there is none."""
    for address, width in plain:
        if width >= WIDTHS[1]:
            return address
    return plain[-1][0] if plain else ""


def measured(path: Path) -> tuple[int, int] | None:
    """Width and height of a photo or drawing as it is shown; None where they are not known."""
    try:
        told = path.stat()
    except OSError:
        return None
    return _measured(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=20_000)
def _measured(path: Path, *version: int) -> tuple[int, int] | None:
    return drawings.size(path) if path.suffix.lower() == ".svg" else photos.size(path)


@lru_cache(maxsize=20_000)
def _digest(path: Path, *version: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _digest_of(path: Path) -> bytes:
    try:
        told = path.stat()
    except OSError:
        return b""
    return _digest(path, told.st_mtime_ns, told.st_size)


class Photo(NamedTuple):
    """A photo with what is to be made of it."""

    path: Path
    renditions: tuple[Rendition, ...]

    @property
    def side(self) -> int:
        """The longer side of the largest picture, of which the others are made."""
        return max(max(one.width, one.height) for one in self.renditions)


class Darkroom:
    """Makes the pictures of photos, each once for all builds; what is kept is bounded after each."""

    def __init__(self, store: kept.Kept) -> None:
        self.store = store
        self._last: OrderedDict[bytes, dict[str, bytes]] = OrderedDict()

    def prepare(self, found: Iterable[Photo]) -> None:
        """Makes on all cores what is not there yet. What can't be made is told when it is asked for."""
        if self.store.folder is None:
            return
        with ThreadPoolExecutor(machine.cores()) as pool:  # Pillow and the hash let other threads work while they do
            every = list(found)
            keys = pool.map(lambda photo: (_digest_of(photo.path), *map(_shape, photo.renditions)), every)
            once = dict(zip(keys, every, strict=True))  # a photo that stands in two products is made once
            list(pool.map(self._ready, once.values()))
        self.store.prune()

    def _ready(self, photo: Photo) -> None:
        with contextlib.suppress(photos.Unsafe, OSError):
            if not all(self.store.has(self._key(photo, one)) for one in photo.renditions):
                self._make(photo)

    def made(self, photo: Photo, one: Rendition) -> bytes:
        """One picture of a photo. Raises `photos.Unsafe`, and `OSError` where the photo is gone."""
        content = self.store.get(self._key(photo, one))
        if content is not None:
            return content
        digest = _digest_of(photo.path)
        if _shape(one) not in self._last.get(digest, {}):  # nothing is kept: all are made, and wait for their turn
            self._last[digest] = self._make(photo)
            if len(self._last) > 2:
                self._last.popitem(last=False)
        return self._last[digest][_shape(one)]

    def _make(self, photo: Photo) -> dict[str, bytes]:
        picture = photos.picture(io.BytesIO(photo.path.read_bytes()), side=photo.side)
        made = {}
        for one in photo.renditions:
            sized = picture if one.width >= picture.width else photos.resized(picture, one.width)
            made[_shape(one)] = content = photos.written(sized, one.form)
            self.store.put(self._key(photo, one), content)
        return made

    def _key(self, photo: Photo, one: Rendition) -> str:
        # The larger picture from which it was made decides too: of a copy it is another than on the web.
        return kept.key(RECIPE, _digest_of(photo.path), _shape(one), str(photo.side))


def _shape(one: Rendition) -> str:
    return f"{one.form} {one.width}"
