"""Two small makers, looked at by themselves: the photo that is made anew, and the terms that a text explains."""

from __future__ import annotations

import io
import xml.etree.ElementTree as etree

import pytest
from PIL import Image

from capitalise import photos
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
        Image.open(io.BytesIO(photos.cleaned(tmp_path / "photo.png"))) as made,
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
