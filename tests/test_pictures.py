"""Photos: whatever a camera or a program wrote, what is published is the picture and nothing else, in the width and
form that a reader needs; made once, and the same with or without what was kept."""

from __future__ import annotations

import io
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import samples
from browsers import PHONE, served
from PIL import ExifTags, Image, ImageCms, ImageFilter, PngImagePlugin
from reader import Site

from capitalise import kept, limits, photos, pictures
from capitalise.addresses import Addresses
from capitalise.stick import about

WEB, COPY = Addresses("fr"), Addresses("fr", directories=False, flat=True)
SECRET = b"Awa Secret"
TEXT = """\
---
title: Une fiche
{fields}
cover: {file: cover.jpg, alt: "Une haie \\"vive\\"", credit: Awa Exemple, consent: not-needed}
photos:
  - {file: plan.png, alt: Un plan, credit: Awa Exemple, consent: not-needed}
  - {file: champ.webp, alt: Un champ > un autre, credit: Awa Exemple, consent: not-needed}
---
{sections}

![Une haie vive](cover.jpg "Avant les pluies")

![Un champ](champ.webp){ width=120 }
"""


def scene(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Something like a landscape: soft, with the grain of a small camera."""
    soft = Image.effect_noise((size[0] // 40 + 2, size[1] // 40 + 2), 90).resize(size, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(size, 14).filter(ImageFilter.GaussianBlur(1))
    sky = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (Image.blend(soft, sky, 0.4), Image.blend(soft, grain, 0.3), sky)).convert(mode)


# -------------------------------------------------------------------------------- what a camera wrote


def test_nothing_of_what_a_file_carries_is_published(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = SECRET.decode()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({ExifTags.GPS.GPSLatitude: (14.0, 47.0, 28.0)})
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET.decode()}</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = scene((64, 40))
    xmp = f"<x>{SECRET.decode()}</x>".encode()
    picture.save(tmp_path / "a.jpg", exif=exif, xmp=xmp, comment=SECRET, icc_profile=profile, dpi=(72, 72))
    picture.save(tmp_path / "a.png", exif=exif, pnginfo=notes, icc_profile=profile)
    picture.save(tmp_path / "a.webp", exif=exif, xmp=xmp, icc_profile=profile)
    with (tmp_path / "a.jpg").open("r+b") as file:  # IPTC, as darkroom agencies and Photoshop write it
        data = file.read()
        iptc = b"Photoshop 3.0\0" + SECRET
        file.seek(2)
        file.write(b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:])
    for name in ("a.jpg", "a.png", "a.webp"):
        path = tmp_path / name
        assert SECRET in path.read_bytes()
        made = photos.picture(path)
        assert made.size == (40, 64)  # the right way up
        for form in ("JPEG", "PNG", "WEBP"):
            data = photos.written(made, form)
            with Image.open(io.BytesIO(data)) as again:
                again.load()
                assert not again.getexif() and not again.info.keys() & {"icc_profile", "xmp", "comment", "exif"}
            for mark in (SECRET, b"Exif", b"http://ns.adobe.com", b"Photoshop", b"tEXt", b"iTXt", b"eXIf", b"iCCP"):
                assert mark not in data


def test_every_way_of_holding_a_camera_is_put_right(tmp_path):
    picture = Image.new("RGB", (30, 20), "white")
    picture.paste("red", (0, 0, 10, 10))  # the corner at the top left, once it is right
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    for orientation, turn in undo.items():
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        picture.transpose(Image.Transpose(turn)).save(tmp_path / "a.png", exif=exif)
        made = photos.picture(tmp_path / "a.png")
        assert (made.size, made.getpixel((3, 3)), made.getpixel((25, 15))) == ((30, 20), (255, 0, 0), (255, 255, 255))
        assert photos.head(tmp_path / "a.png").size == (30, 20)


def test_colours_stay_what_they_are(tmp_path):
    def seen(image: Image.Image, **saved) -> tuple[int, ...]:
        path = tmp_path / f"a.{saved.pop('form', 'png')}"
        image.save(path, **saved)
        return photos.picture(path).convert("RGB").getpixel((5, 5))

    def near(one, other, by=6):
        return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))

    assert seen(Image.new("I;16", (20, 20), 0x8000)) == (128, 128, 128)  # 16 bits of grey are not all white
    assert seen(Image.new("I;16", (20, 20), 0xFFFF)) == (255, 255, 255)
    assert seen(Image.new("1", (20, 20), 1)) == (255, 255, 255)
    assert seen(Image.new("LA", (20, 20), (90, 255))) == (90, 90, 90)
    palette = Image.new("RGB", (20, 20), (200, 30, 10)).quantize(4)
    assert near(seen(palette), (200, 30, 10))
    assert near(seen(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), form="jpg"), (255, 0, 0))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert near(seen(Image.new("RGB", (20, 20), (200, 30, 10)), icc_profile=lab.tobytes()), (200, 30, 10))  # nonsense
    assert near(seen(Image.new("RGB", (20, 20), (200, 30, 10)), icc_profile=b"x" * 200), (200, 30, 10))

    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))
    for one, other in ((b"rXYZ", b"bXYZ"),):  # a profile that calls red what is blue: it must be heard
        swapped = swapped.replace(one, b"tmp!").replace(other, one).replace(b"tmp!", other)
    heard = seen(Image.new("RGB", (20, 20), (250, 20, 20)), icc_profile=bytes(swapped))
    assert heard[2] > 200 > 100 > heard[0]

    clear = Image.new("RGBA", (20, 20), (200, 30, 10, 0))
    clear.save(tmp_path / "clear.webp", lossless=True)
    made = photos.picture(tmp_path / "clear.webp")
    assert made.mode == "RGBA"
    with Image.open(io.BytesIO(photos.written(made, "JPEG"))) as paper:
        assert near(paper.getpixel((5, 5)), (255, 255, 255))


def test_what_is_not_a_photo_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    def reason(name: str, data: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(data)
        for look in (photos.head, photos.picture):
            try:
                look(path)
            except photos.Unsafe as error:
                return f"{look.__name__} {error.reason}"
        return ""

    def saved(image: Image.Image, form: str, **more) -> bytes:
        out = io.BytesIO()
        image.save(out, form, **more)
        return out.getvalue()

    small = Image.new("RGB", (40, 30))
    png = bytearray(saved(small, "PNG"))
    png[16:24] = struct.pack(">II", 60_000, 60_000)
    with monkeypatch.context() as decoding:
        decoding.setattr(
            Image.core, "new", lambda *_: pytest.fail("memory was asked for a picture of 3,600 million points")
        )
        assert reason("a.png", bytes(png)) in ("head pixels", "head content")
        struct.pack_into(">I", png, 29, zlib.crc32(png[12:29]))
        assert reason("a.png", bytes(png)) == "head pixels"
    jpeg = saved(scene((300, 200)), "JPEG")
    size = jpeg.index(b"\xff\xc0") + 5
    assert reason("a.jpg", jpeg[:size] + struct.pack(">HH", 60_000, 60_000) + jpeg[size + 4 :]) == "head pixels"
    assert reason("a.jpg", jpeg[: len(jpeg) // 2]) == "picture damaged"
    assert reason("a.webp", saved(scene((300, 200)), "WEBP")[:900]) in ("head content", "picture damaged")
    assert reason("a.png", saved(scene((300, 200)), "PNG")[:900]) == "picture damaged"
    for form, data in (("GIF", saved(small, "GIF")), ("BMP", saved(small, "BMP")), ("TIFF", saved(small, "TIFF"))):
        assert reason("a.jpg", data) == "head content", form
    for data in (b"", b"\xff\xd8\xff", b"<svg/>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, os.urandom(2_000)):
        assert reason("a.jpg", data) == "head content"
    two = saved(small, "MPO", save_all=True, append_images=[small])  # a phone's photo with its small copy
    assert reason("a.jpg", two) == "" and not photos.head(tmp_path / "a.jpg").moves
    assert photos.head(tmp_path / "a.jpg").form == "JPEG"


# -------------------------------------------------------------------------------- widths


@pytest.mark.parametrize(
    ("name", "size", "webp", "plain"),
    [
        ("a.jpg", (2400, 1800), [400, 800, 1600], [400, 800, 1600]),
        ("a.png", (1000, 500), [400, 800, 1000], [400, 800, 1000]),
        ("a.jpg", (900, 500), [400, 900], [400, 900]),  # 800 would be one more file for nothing
        ("a.webp", (300, 200), [300], [300]),
        ("a.jpg", (1500, 3000), [400, 800], [400, 800]),  # upright: its height is limited too
    ],
)
def test_widths_are_three_and_never_larger_than_the_photo(name, size, webp, plain, tmp_path):
    Image.new("RGB", size, "tan").save(tmp_path / name)
    found = pictures.renditions("sheets/x", name, tmp_path / name, WEB)
    assert [one.width for one in found if one.form == "WEBP"] == webp
    assert [one.width for one in found if one.form != "WEBP"] == plain
    assert found[-1].address == "sheets/x/" + name + (".jpg" if name.endswith("webp") else "")
    assert len({one.address for one in found}) == len(found)
    darkroom = pictures.Darkroom(kept.Kept(None))
    photo = pictures.Photo(tmp_path / name, found)
    for one in found:
        with Image.open(io.BytesIO(darkroom.made(photo, one))) as made:
            assert (made.size, made.format) == ((one.width, one.height), one.form)
    (alone,) = pictures.renditions("sheets/x", name, tmp_path / name, COPY)
    assert max(alone.width, alone.height) == min(max(size), pictures.COPY_SIDE) and alone.form != "WEBP"


# -------------------------------------------------------------------------------- made once


@pytest.fixture
def found(tmp_path) -> list[pictures.Photo]:
    """Three photos, of which two are the same."""
    made = []
    for name, shade in (("a.jpg", 40), ("b.jpg", 90), ("same.jpg", 90)):
        path = tmp_path / name
        if name == "same.jpg":
            path.write_bytes((tmp_path / "b.jpg").read_bytes())
        else:
            scene((900, 600)).point(lambda value, shade=shade: value // 2 + shade).save(path)
        made.append(pictures.Photo(path, pictures.renditions("sheets/x", name, path, WEB)))
    return made


def bytes_of(darkroom: pictures.Darkroom, found: list[pictures.Photo]) -> list[bytes]:
    return [darkroom.made(photo, one) for photo in found for one in photo.renditions]


def test_pictures_are_made_once_and_are_the_same_without_what_was_kept(found, tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    without = bytes_of(pictures.Darkroom(kept.Kept(None)), found)
    made = []
    real = photos.picture
    monkeypatch.setattr(photos, "picture", lambda *args, **more: made.append(1) or real(*args, **more))
    darkroom = pictures.Darkroom(kept.Kept(folder))
    darkroom.prepare(found)
    assert bytes_of(darkroom, found) == without
    assert len(made) == 2  # the third has the content of the second
    again = pictures.Darkroom(kept.Kept(folder))
    again.prepare(found)
    assert bytes_of(again, found) == without and len(made) == 2

    for number, path in enumerate(sorted(folder.glob("??/*"))):  # spoilt in every way
        data = path.read_bytes()
        changed = (data[: len(data) // 2], data[:-1] + bytes([data[-1] ^ 1]), b"", data[32:], b"x" * 32 + data[32:])
        path.write_bytes(changed[number % 5])
    assert bytes_of(pictures.Darkroom(kept.Kept(folder)), found) == without
    monkeypatch.setattr(pictures, "RECIPE", "another")
    bytes_of(pictures.Darkroom(kept.Kept(folder)), found)
    assert len(made) > 4  # nothing of another version is taken


def test_two_builds_at_once_and_a_folder_deleted_or_read_only_do_no_harm(found, tmp_path):
    folder = tmp_path / "kept"
    without = bytes_of(pictures.Darkroom(kept.Kept(None)), found)
    darkrooms = [pictures.Darkroom(kept.Kept(folder)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda darkroom: darkroom.prepare(found), darkrooms))
    assert [bytes_of(darkroom, found) for darkroom in darkrooms] == [without] * 4
    assert not [path for path in folder.glob("??/*") if path.name.startswith(".")]
    shutil.rmtree(folder)
    assert bytes_of(darkrooms[0], found) == without
    shutil.rmtree(folder)
    folder.write_text("a file stands in its place")
    darkrooms[1].prepare(found)
    assert bytes_of(darkrooms[1], found) == without


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    some = kept.Kept(tmp_path / "kept", most=3_000)
    for number in range(5):
        some.put(kept.key("r", str(number)), bytes(1_000))
    paths = {number: some._path(kept.key("r", str(number))) for number in range(5)}
    for number, path in paths.items():
        os.utime(path, (number + 1, number + 1))
    left = paths[0].with_name(f".{paths[0].name}.1.new")
    left.write_bytes(b"of a program that was stopped")
    os.utime(left, (1, 1))
    assert some.get(kept.key("r", "0")) is not None  # used now
    some.prune()
    assert [number for number, path in paths.items() if path.exists()] == [0, 4]
    assert not left.exists()


def test_nothing_is_kept_where_a_contribution_could_have_put_it(tmp_path, monkeypatch):
    monkeypatch.setenv("CAPITALISE_CACHE", ".cache")
    kept._place.cache_clear()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "mkdocs.yml").touch()
    assert kept.near(tmp_path).folder == tmp_path / ".cache/pictures"
    assert kept.near(tmp_path, "").folder is None  # as the tests' builds ask
    assert kept.near(tmp_path / "..").folder is None  # no site there: no folder appears
    kept._place.cache_clear()
    forged = tmp_path / ".cache/pictures/ab/ab"
    forged.parent.mkdir(parents=True)
    forged.touch()
    subprocess.run(["git", "-C", tmp_path, "add", "-f", ".cache"], check=True)
    assert kept.near(tmp_path).folder is None
    assert kept.place(tmp_path) is None  # nor pages, nor a search index


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells how much was used")
def test_a_photo_as_large_as_allowed_stays_within_the_memory(tmp_path):
    """Fifty million points that can be seen through, the worst: in a process of its own, measured by the system."""
    side = int(limits.MAX_PHOTO_PIXELS**0.5)
    Image.new("RGBA", (side, side), (9, 9, 9, 99)).save(tmp_path / "a.png", compress_level=1)
    code = (
        "import re, sys; from pathlib import Path; from capitalise import photos;"
        "photos.picture(Path(sys.argv[1]));"
        "print(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "a.png"], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 500_000  # kB


# -------------------------------------------------------------------------------- in the pages


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """A sheet with a cover as a phone takes it, a plan and a photo in WebP."""
    return samples.write(
        tmp_path_factory.mktemp("pictures") / "products",
        {
            "sheets/images/index.fr.md": TEXT,
            "sheets/images/cover.jpg": lambda path: scene((4000, 3000)).save(path, quality=92),
            "sheets/images/plan.png": lambda path: scene((700, 500)).quantize(16).save(path),
            "sheets/images/champ.webp": lambda path: scene((1200, 800)).save(path),
        },
    )


@pytest.fixture(scope="module")
def shown(library, build) -> Site:
    result = build(library, strict=True)
    assert result.code == 0, result.log
    return Site(result.path)


def test_each_photo_of_a_page_has_widths_forms_and_its_place(shown):
    page = shown.page("sheets/images")
    named = [image for image in page.all("//img") if page.target(image.get("src")).startswith("sheets/images/")]
    assert len(named) == 5  # cover, two photos, two in the text
    for number, image in enumerate(named):
        source = next(image.iterancestors("picture")).find(".//source")
        assert source.get("type") == "image/webp"
        assert image.get("alt") and int(image.get("width")) > 0
        assert image.get("loading") == (None if number == 0 else "lazy")
        listed = [source.get("srcset"), image.get("srcset") or f"{image.get('src')} 0w"]
        for entry in ", ".join(listed).split(", "):
            address, width = entry.split(" ")
            with Image.open(shown.folder / page.target(address)) as made:
                assert made.format == ("WEBP" if address.endswith(".webp") else made.format)
                assert int(width[:-1]) in (made.width, 0)
        assert source.get("sizes") and (not image.get("srcset") or image.get("sizes"))
    cover, first, second, _, field = named
    assert [entry.split(" ")[1] for entry in cover.get("srcset").split(", ")] == ["400w", "800w", "1600w"]
    assert (cover.get("width"), cover.get("height")) == ("1600", "1200")
    assert next(first.iterancestors("figure")).find("figcaption") is not None
    assert (
        second.get("sizes") == "120px" and second.get("width") == "120" and second.get("height") is None
    )  # as the author wished
    assert field.get("alt") == "Un champ > un autre"

    english = shown.page("sheets/images", "en")
    assert {english.target(src) for src in english.all("//picture//img/@src")} <= {
        page.target(src) for src in page.all("//picture//img/@src")
    }
    (card,) = [image for image in shown.page("sheets").all("//li//img") if "images/" in image.get("src")]
    assert card.get("src").endswith("pictures/400-cover.jpg.jpg") and "1600" not in card.get("srcset")
    table = (shown.folder / "assets/find/fr/cards-0.js").read_text("utf-8")
    assert "sheets/images/pictures/400-cover.jpg.jpg" in table


def test_a_phone_fetches_less_than_half(shown, library, reader):
    """What a page with photos costs, beside the one picture of 1,600 points that it used to load of each."""
    asked: dict[str, int] = {}
    with served(shown.folder) as address, reader(PHONE, device_scale_factor=2) as page:
        page.on("response", lambda answer: asked.update({answer.url: len(answer.body())}))
        page.goto(f"{address}sheets/images/")
        page.wait_for_function("document.querySelector('.c-cover img').complete")
        page.wait_for_timeout(300)
        used = page.evaluate("document.querySelector('.c-cover img').currentSrc")
    assert used.endswith("pictures/800-cover.jpg.webp")
    fetched = sum(size for url, size in asked.items() if "/pictures/" in url or url.endswith((".jpg", ".png")))
    before = len(photos.written(photos.picture(library / "sheets/images/cover.jpg"), "JPEG"))
    print(f"\nphotos of the page at 360 points: {fetched} bytes; one picture of 1,600: {before}")
    assert fetched < before / 2
    assert not [url for url in asked if re.search(r"/cover\.jpg$|plan|champ", url)]  # the rest waits to be scrolled to


def test_a_copy_holds_one_picture_of_each_photo(library, build):
    result = build(library, directory_urls=False, env={about.VARIABLE: about.Request().text})
    assert result.code == 0, result.log
    folder = result.path / "sheets/images"
    photos_there = sorted(path.name for path in folder.iterdir() if path.suffix in (".jpg", ".png", ".webp"))
    assert photos_there == ["champ.webp.jpg", "cover.jpg", "plan.png"]
    assert not list(result.path.rglob("*.webp")) and not list(result.path.rglob("pictures"))
    page = (result.path / "sheets/images.html").read_text("utf-8")
    assert "srcset" not in page and "<picture" not in page and 'src="images/cover.jpg"' in page
    with Image.open(folder / "cover.jpg") as made:
        assert max(made.size) == pictures.COPY_SIDE


def test_pictures_are_made_in_parallel(found, tmp_path, monkeypatch):
    """As many at once as there are cores: each of these waits for another."""
    meeting = threading.Barrier(2, timeout=20)
    real = photos.picture
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 2, raising=False)
    monkeypatch.setattr(photos, "picture", lambda *args, **more: (meeting.wait(), real(*args, **more))[1])
    start = time.perf_counter()
    pictures.Darkroom(kept.Kept(tmp_path / "kept")).prepare(found)
    assert time.perf_counter() - start < 20 and len(list((tmp_path / "kept").glob("??/*"))) == 8
