"""Two small makers, looked at by themselves: the photo that is made anew, and the terms that a text explains."""

from __future__ import annotations

import io
import xml.etree.ElementTree as etree

import pytest
from PIL import ExifTags, Image

from capitalise import drawings, photos
from capitalise.glossary import Glossary
from capitalise.vocabularies import Term, Vocabulary


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "P with a hole"])
def test_a_picture_made_anew_looks_as_it_did(mode, tmp_path):
    picture = Image.new("RGBA", (8, 4), (200, 30, 10, 255))
    picture.paste((10, 90, 200, 255), (4, 0, 8, 4))
    if mode.startswith("P"):
        picture = picture.convert("RGB").convert("P", palette=Image.Palette.ADAPTIVE)
        if "hole" in mode:
            picture.info["transparency"] = picture.getpixel((0, 0))
    else:
        picture = picture.convert(mode)
    picture.save(tmp_path / "photo.png")
    with (
        Image.open(tmp_path / "photo.png") as before,
        Image.open(io.BytesIO(photos.written(photos.picture(tmp_path / "photo.png"), "PNG"))) as made,
    ):
        assert made.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
        assert made.info.keys() <= {"dpi"}


def test_a_term_is_explained_where_the_reader_first_meets_it():
    term = Term(id="zai", label={"fr": "Zaï"}, definition={"fr": "Un trou."})
    glossary = Glossary(Vocabulary("glossary", {"zai": term}), "fr")
    root = etree.fromstring("<div><p>Le zaï <b>et encore</b> le zaï, <code>zaï</code>.</p><p>Des zaïs.</p></div>")
    glossary.mark(root, set(), "/glossaire/")
    assert etree.tostring(root, encoding="unicode") == (
        '<div><p>Le <a class="glossary" href="/glossaire/#zai" title="Un trou.">zaï</a> <b>et encore</b> le zaï, '
        "<code>zaï</code>.</p><p>Des zaïs.</p></div>"
    )


def test_a_picture_says_its_size_so_that_the_page_keeps_its_place(tmp_path):
    photo = Image.new("RGB", (30, 20))
    turned = photo.getexif()
    turned[ExifTags.Base.Orientation] = 6  # held upright: shown 20 wide and 30 high
    photo.save(tmp_path / "flat.jpg")
    photo.save(tmp_path / "upright.jpg", exif=turned)
    assert photos.size(tmp_path / "flat.jpg") == (30, 20)
    assert photos.size(tmp_path / "upright.jpg") == (20, 30)
    with Image.open(io.BytesIO(photos.written(photos.picture(tmp_path / "upright.jpg"), "JPEG"))) as made:
        assert made.size == (20, 30)
    drawing = tmp_path / "drawing.svg"
    for box, size in (("0 0 960 540", (960, 540)), ("0,0,9.6,5", (10, 5)), ("0 0 0 5", None), ("", None)):
        drawing.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"/>')
        assert drawings.size(drawing) == size
