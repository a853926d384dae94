"""Photos without what they carry unseen: the place, the camera, the names that its owner wrote into it."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import ExifTags, Image, ImageOps

FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
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
    if form is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Unsafe(f"{image.width} × {image.height}")
                picture = ImageOps.exif_transpose(image)
                if picture.mode == "P":  # its colours are beside its pixels, and are not pasted with them
                    picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
                picture.thumbnail((MAX_SIDE, MAX_SIDE))
                if form == "JPEG" and picture.mode != "RGB":
                    picture = picture.convert("RGB")
                plain = Image.new(picture.mode, picture.size)
                plain.paste(picture)
                out = io.BytesIO()
                plain.save(out, form, quality=80, optimize=True)
                return out.getvalue()
    except (OSError, ValueError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unsafe(type(error).__name__) from None
