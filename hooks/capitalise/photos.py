"""Photos without what they carry unseen: the place, the camera, the names that its owner wrote into it."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

from capitalise import limits

FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_PASTED = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]
"""What word processors hold; a GIF gives its first picture."""
MAX_PIXELS = 40_000_000
"""Above any phone's photo in use; a decompression bomb is refused before it is decoded."""
MAX_SIDE = 1600
"""Pixels of the longer side: sharp on a laptop, bearable on a phone."""


class Unsafe(Exception):
    """The file is not the image that it says it is, or is too large to open."""


def size(path: Path) -> tuple[int, int] | None:
    """Width and height of a photo as it is shown, in pixels; None for what can't be read as one."""
    try:
        with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
            return image.size[::-1] if turned else image.size
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def cleaned(path: Path) -> bytes | None:
    """The image made anew: its orientation applied, nothing but the picture kept. None for what is not a photo.

    Raises `Unsafe`.
    """
    form = FORMATS.get(path.suffix.lower())
    return _written(_opened(path, sorted(set(FORMATS.values()))), form) if form else None


def remade(data: bytes) -> tuple[bytes, str]:
    """A picture pasted into a document, made anew as `cleaned` does, with the suffix of the form that suits it.

    A drawing or a screenshot stays sharp (PNG), a photo becomes a JPEG; of either, at most `limits.MAX_PHOTO_BYTES`.
    Raises `Unsafe`.
    """
    picture = _opened(io.BytesIO(data), _PASTED)
    if picture.mode not in ("RGB", "RGBA", "L", "LA"):
        picture = picture.convert("RGB")
    seen_through = "A" in picture.getbands() and picture.getextrema()[-1][0] < 255
    while True:
        forms = {".png": _written(picture, "PNG")} | ({} if seen_through else {".jpg": _written(picture, "JPEG")})
        suffix, made = min(forms.items(), key=lambda form: len(form[1]))
        if len(made) <= limits.MAX_PHOTO_BYTES or max(picture.size) < MAX_SIDE // 4:
            return made, suffix
        picture.thumbnail((picture.width * 4 // 5, picture.height * 4 // 5))


def _opened(source: Path | io.BytesIO, formats: list[str]) -> Image.Image:
    """The picture alone, the right way up and not larger than a screen shows. Raises `Unsafe`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=formats) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Unsafe(f"{image.width} × {image.height}")
                picture = ImageOps.exif_transpose(image)
                if picture.mode == "P":  # its colours are beside its pixels, and are not pasted with them
                    picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
                picture.thumbnail((MAX_SIDE, MAX_SIDE))
                return picture
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unsafe(type(error).__name__) from None


def _written(picture: Image.Image, form: str) -> bytes:
    """The picture in a form, with nothing of what its file carried. Raises `Unsafe`."""
    try:
        if form == "JPEG" and picture.mode != "RGB":
            picture = picture.convert("RGB")
        plain = Image.new(picture.mode, picture.size)
        plain.paste(picture)
        out = io.BytesIO()
        plain.save(out, form, quality=80, optimize=True)
        return out.getvalue()
    except (OSError, ValueError) as error:
        raise Unsafe(type(error).__name__) from None
