"""Photos without what they carry unseen: the place, the camera, the names that its owner wrote into it.

What is published of a photo is never its file: its points are copied into a new picture, in the colours of the web
(sRGB), the right way up. Of a file that moves, the first picture.
"""

from __future__ import annotations

import io
import threading
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from PIL import ExifTags, Image, ImageCms

from capitalise import limits

FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_PASTED = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]
"""What word processors hold; a GIF gives its first picture."""
MAX_SIDE = 1600
"""Pixels of the longer side: sharp on a laptop, bearable on a phone."""
_HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 80, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 76, "method": 4},
}
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""EXIF's orientation (Exif 2.32, 4.6.4) → what turns the picture the right way up."""
warnings.filterwarnings("ignore", module=r"PIL\.")  # of odd metadata, which is not kept; sizes are measured here

_MANY = 16_000_000
_large = threading.Lock()
"""Of pictures with so many pixels one is decoded at a time: a hundred threads would fill the memory."""


class Unsafe(Exception):
    """The file is not an image that can be published.

    `reason` is `content` (it is something else: `found`), `pixels` (too many: `found`) or `damaged`.
    """

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(f"{reason} {found}".strip())
        self.reason, self.found = reason, found


class Head(NamedTuple):
    """What the first bytes of an image tell."""

    form: str
    """As Pillow names it: `JPEG`, `PNG`, `WEBP`."""
    size: tuple[int, int]
    """Width and height of the picture as it is shown."""
    moves: bool
    """Whether it holds several pictures shown one after the other."""


def head(source: Path | io.BytesIO, formats: list[str] | None = None) -> Head:
    """What an image is, without decoding it. Raises `Unsafe`."""
    with _open(source, formats) as image:
        size = image.size[::-1] if _orientation(image) >= 5 else image.size
        form = "JPEG" if image.format == "MPO" else image.format or ""  # some phones put two sizes into one JPEG
        return Head(form, size, form != "JPEG" and bool(getattr(image, "is_animated", False)))


def size(path: Path) -> tuple[int, int] | None:
    """Width and height of a photo as it is shown, in pixels; None for what can't be read as one."""
    try:
        return head(path).size
    except Unsafe:
        return None


def remade(data: bytes) -> tuple[bytes, str]:
    """A picture pasted into a document, made anew, nothing but the picture kept; the suffix of the form that suits it.

    A drawing or a screenshot stays sharp (PNG), a photo becomes a JPEG; of either, at most `limits.MAX_PHOTO_BYTES`.
    Raises `Unsafe`.
    """
    made = picture(io.BytesIO(data), _PASTED)
    seen_through = made.mode == "RGBA"
    while True:
        forms = {".png": written(made, "PNG")} | ({} if seen_through else {".jpg": written(made, "JPEG")})
        suffix, content = min(forms.items(), key=lambda form: len(form[1]))
        if len(content) <= limits.MAX_PHOTO_BYTES or max(made.size) < MAX_SIDE // 4:
            return content, suffix
        made = resized(made, made.width * 4 // 5)


def picture(source: Path | io.BytesIO, formats: list[str] | None = None, side: int = MAX_SIDE) -> Image.Image:
    """The picture alone (grey, RGB or RGBA), the right way up, its longer side at most `side`. Raises `Unsafe`."""
    with _open(source, formats) as image, _one_at_a_time(image.width * image.height > _MANY):
        try:
            turns = _TURNS.get(_orientation(image), ())
            profile = image.info.get("icc_profile")
            wanted = within(image.size, side)
            image.draft(None, wanted)  # a JPEG is decoded smaller in a quarter of the time
            made = _plain(image)
            if made.size != wanted:
                made = made.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=3.0)
            if made.mode == "RGBA" and made.getextrema()[-1][0] == 255:
                made = made.convert("RGB")
            made = _in_srgb(made, profile)
            for turn in turns:
                made = made.transpose(turn)
            made.load()
            return made.copy()
        except (OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, MemoryError, OverflowError) as error:
            raise Unsafe("damaged", type(error).__name__) from None


def resized(made: Image.Image, width: int) -> Image.Image:
    """The picture in another width, its form kept."""
    return made.resize(of_width(made.size, width), Image.Resampling.LANCZOS)


def written(made: Image.Image, form: str) -> bytes:
    """The picture in a form, with nothing of what its file carried. Raises `Unsafe`."""
    try:
        if form == "JPEG" and made.mode == "RGBA":  # what could be seen through becomes paper
            paper = Image.new("RGB", made.size, "white")
            paper.paste(made, mask=made.getchannel("A"))
            made = paper
        plain = Image.new(made.mode, made.size)
        plain.paste(made)
        out = io.BytesIO()
        plain.save(out, form, **_HOW[form])
        return out.getvalue()
    except (OSError, ValueError) as error:
        raise Unsafe("damaged", type(error).__name__) from None


def of_width(size: tuple[int, int], width: int) -> tuple[int, int]:
    """The size of the same form that is so wide."""
    return max(1, width), max(1, round(size[1] * width / size[0]))


def within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of the same form whose longer side is `side`; the size itself where it is smaller."""
    share = min(1, side / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


# -------------------------------------------------------------------------------- reading


@contextmanager
def _open(source: Path | io.BytesIO, formats: list[str] | None):
    """An image whose first bytes were read, and no more. Raises `Unsafe`."""
    try:
        image = Image.open(source, formats=formats or sorted(set(FORMATS.values())))
    except Image.DecompressionBombError:
        raise Unsafe("pixels") from None
    except FileNotFoundError:
        raise Unsafe("damaged") from None
    except Exception:  # each plugin has its own way to find a header faulty
        raise Unsafe("content") from None
    with image:
        if image.width * image.height > limits.MAX_PHOTO_PIXELS:
            raise Unsafe("pixels", f"{image.width} × {image.height}")
        yield image


@contextmanager
def _one_at_a_time(wanted: bool):
    if wanted:
        with _large:
            yield
    else:
        yield


def _orientation(image: Image.Image) -> int:
    try:
        told = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # what a camera or an attacker wrote there is not worth the photo
        return 1
    return told if isinstance(told, int) and told in _TURNS else 1


def _plain(image: Image.Image) -> Image.Image:
    """The decoded points, as grey, RGB, RGBA or CMYK."""
    image.load()
    if image.mode.startswith("I;16"):  # 16 bits of grey: Pillow itself would make white of all but the darkest
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("I", "F"):
        low, high = image.getextrema()
        share = 255 / (high - low) if high > low else 1
        return image.point(lambda value: value * share - low * share).convert("L")
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(made: Image.Image, profile: Any) -> Image.Image:
    """The same colours without the profile that named them; one that can't be read is left aside."""
    if profile and made.mode != "L":
        mode = "RGBA" if made.mode == "RGBA" else "RGB"
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(own):
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(made, own, srgb, outputMode=mode) or made
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return made.convert("RGB") if made.mode == "CMYK" else made
