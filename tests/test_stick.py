"""The offline copy: what it holds, the command that writes and checks it, and what it opens without a network."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import LIBRARY, ROOT, environment
from lxml import html
from reader import Site

from capitalise.stick import contents, copying, links, manifest, names, start_files

STARTS = {"fr": "LISEZ-MOI.html", "en": "README.html"}


def usb(*arguments: str | Path, lang: str = "en", **env: str) -> subprocess.CompletedProcess:
    """The command as a person runs it; it never ends in a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "capitalise.cli", "usb", *map(str, arguments), "--lang", lang],
        cwd=ROOT,
        env=environment(LIBRARY, **env),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def stick(copy_site, tmp_path_factory) -> Path:
    """A folder with a copy, which the tests only read."""
    folder = tmp_path_factory.mktemp("stick")
    copying.copy(contents.assemble(copy_site), folder)
    return folder


@pytest.fixture
def own_stick(stick, tmp_path) -> Path:
    """One that a test may spoil."""
    return shutil.copytree(stick, tmp_path / "stick")


def pages(folder: Path) -> Path:
    """The folder of the pages of a copy."""
    (number,) = manifest.numbers(folder)
    return folder / "capitalise" / number


def page(folder: Path, path: str, lang: str = "fr") -> html.HtmlElement:
    prefix = "" if lang == "fr" else f"{lang}/"
    return html.document_fromstring((pages(folder) / f"{prefix}{path}.html").read_bytes())


# ------------------------------------------------------------------------------------------------ what a copy holds


def test_the_command_builds_and_writes_a_whole_copy(tmp_path):
    dest = tmp_path / "stick"
    done = usb(dest)
    assert (done.returncode, done.stderr) == (0, "Building the site…\n")
    assert re.search(
        r"Offline copy of 20 November 2026: 1\d products\.\nCopy no\. [0-9a-f]{12} · program 0", done.stdout
    )
    assert re.search(r"\d+ files, [\d.]+ MB; [\d.]+ MB on a USB stick \(clusters of 32 KiB\)\.", done.stdout)
    assert f"Open: {dest / 'README.html'}" in done.stdout
    assert {path.name for path in dest.iterdir()} == {
        *STARTS.values(),
        "MANIFEST.sha256",
        "VERIFIER.bat",
        "verify.sh",
        "capitalise",
    }
    done = usb("--verify", dest, lang="fr")
    assert done.returncode == 0
    assert re.fullmatch(r"Les \d+ fichiers sont comme au premier jour\.\n", done.stdout)


def test_every_link_leads_to_a_file_of_the_copy(stick):
    site = Site(stick, directory_urls=False)
    assert len(site.pages) > 100
    assert list(site.broken()) == []
    for one in site.pages.values():
        for link in one.all("//a/@href | //img/@src | //script/@src | //link[@rel='stylesheet']/@href"):
            # To a file by its name, and neither to a folder nor to the root of a disk.
            assert re.match(r"https?:|mailto:|data:", link) or not re.search(r"^/|/(?:#|$)", link), (one, link)


def test_what_only_a_server_needs_is_not_there_and_files_are_few(stick, copy_site):
    files = Site(stick, directory_urls=False).files
    # `demi-lunes` is an alias: a page that redirects.
    unwanted = re.compile(r".*(?:/(?:fr|en)/index/.*|404\.html|\.map|\.bib|\.ris|demi-lunes.*)")
    assert [name for name in files if unwanted.fullmatch(name)] == []
    # A page has no folder of its own: each would take a cluster.
    assert [name for name in files if name.endswith("/index.html")] == [
        name for name in files if re.fullmatch(r"capitalise/[0-9a-f]{12}/(?:en/)?index\.html", name)
    ]
    before = {path: path.stat().st_size for path in copy_site.rglob("*") if path.is_file()}
    now = names.on_stick((name, (stick / name).stat().st_size) for name in files)
    assert now < 0.8 * names.on_stick((path.as_posix(), size) for path, size in before.items())


def test_a_start_in_each_language_opens_the_pages_and_says_where_a_newer_copy_is(stick):
    number = pages(stick).name
    for lang, home, day in (("fr", "index.html", "20 novembre 2026"), ("en", "en/index.html", "20 November 2026")):
        start = html.parse(stick / STARTS[lang]).getroot()
        assert start.get("lang") == lang
        assert start.xpath("//a[@class='open']/@href") == [f"capitalise/{number}/{home}"]
        text = " ".join(start.text_content().split())
        for words in (day, number, "0.1.0", "https://kb.example.org/"):
            assert words in text
        assert set(start.xpath("//body//a[not(@class)]/@href")) == {
            "https://kb.example.org/",
            STARTS["en" if lang == "fr" else "fr"],
        }
        assert len(start.xpath("//svg//path")) == 1
        foot = " ".join(page(stick, "sheets/half-moons", lang).find_class("c-foot")[0].text_content().split())
        assert day in foot and "https://kb.example.org/" in foot


def test_the_drawn_code_is_the_address():
    import segno

    drawn = str(start_files.qr("https://kb.example.org/"))
    modules = {(int(x), int(float(y) - 0.5)) for y, row in _rows(re.search(r' d="([^"]+)"', drawn)[1]) for x in row}
    matrix = segno.make("https://kb.example.org/", error="m", micro=False).matrix
    assert modules == {(x + 4, y + 4) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert 'viewBox="0 0' in drawn and "http" not in drawn


def _rows(path: str):
    """The dark modules of the only path of a code: `M4 4.5h7m2 0h1…`: right by h, onward by m."""
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "M":
            x, y = float(first), float(second)
        elif command == "m":
            x, y = x + float(first), y + float(second)
        else:
            yield y, range(int(x), int(x + float(first)))
            x += float(first)


def test_a_link_that_leaves_the_stick_says_so(stick):
    for lang, words in (("fr", "Demande internet"), ("en", "Needs internet")):
        links_out = page(stick, "sheets/half-moons", lang).xpath("//a[starts-with(@href, 'http')]")
        assert len(links_out) >= 4
        assert {(link.get("data-internet"), link.get("title")) for link in links_out} == {("", words)}
        inside = page(stick, "sheets/half-moons", lang).xpath("//a[@data-internet and not(starts-with(@href, 'http'))]")
        assert inside == []


def test_a_reference_comes_with_the_page(stick):
    link = page(stick, "sheets/half-moons").xpath("//a[@download='half-moons.bib']/@href")
    assert link and link[0].startswith(
        "data:application/x-bibtex;charset=utf-8;base64,QHRlY2hyZXBvcnR7c2hlZXRzOmhhbGYtbW9vbnM"
    )


def test_links_are_made_fit_whatever_stands_around_them():
    fit = links.Links(
        moved={"sheets/a/guide one.pdf": "../files/guide-1.pdf"},
        absent=frozenset({"sheets/a/film.pdf"}),
        web="https://kb.example.org/",
        internet=lambda lang: f'internet "{lang}"',
    )
    given = """<html lang="en"><p title="a > b"><a href="a/guide%20one.pdf?x#p2" download>one</a>
<a href="a/film.pdf" download>two</a> <a title="Theirs" href="//other.example/">three</a> <a name=x>four</a>
href="a/film.pdf" <a href="a/b.html">
<script type="application/ld+json">{"a": "\\u003ca href=\\"a/film.pdf\\">"}</script>
"""
    made = """<html lang="en"><p title="a > b"><a href="../../files/guide-1.pdf" download>one</a>
<a data-internet title="internet &quot;en&quot;" href="https://kb.example.org/sheets/a/film.pdf">two</a> \
<a data-internet title="Theirs" href="//other.example/">three</a> <a name=x>four</a>
href="a/film.pdf" <a href="a/b.html">
<script type="application/ld+json">{"a": "\\u003ca href=\\"a/film.pdf\\">"}</script>
"""
    assert fit.page(given, "sheets/a.html") == made


# ------------------------------------------------------------------------------------------------ options


def test_a_copy_in_one_language_of_one_collection(tmp_path):
    done = usb(tmp_path / "en", "--languages", "en", "--collections", "trainings", "--max-size", "50M")
    assert done.returncode == 0, done.stderr
    files = {path.relative_to(pages(tmp_path / "en")).as_posix() for path in pages(tmp_path / "en").rglob("*.html")}
    assert "trainings/learn-by-doing.html" in files
    assert not [name for name in files if name.startswith(("fr/", "en/", "sheets/", "sessions/"))]
    assert (tmp_path / "en/README.html").exists() and not (tmp_path / "en/LISEZ-MOI.html").exists()
    site = Site(tmp_path / "en", directory_urls=False)
    assert list(site.broken()) == []
    (form,) = (pages(tmp_path / "en") / "assets/contribute").iterdir()  # it asks with all terms, in the copy's language
    assert form.name == "en.js" and '"label":"Water","value":"water"' in form.read_text("utf-8")
    head = page(tmp_path / "en", "trainings/learn-by-doing")
    assert head.get("lang") == "en"
    # On the web English has a folder, and that is where the page is known.
    assert head.xpath("//link[@rel='canonical']/@href") == ["https://kb.example.org/en/trainings/learn-by-doing/"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--languages", "pt"], "«\u00a0pt\u00a0» n’est pas un choix possible\u00a0: fr, en."),  # the build says it
        (["--collections", "films"], "“films” is not a possible choice: sheets, trainings, sessions."),
        (["--max-size", "much"], "“much” is not a size. Write for example 700M or 4G."),
    ],
)
def test_a_wrong_option_is_told(tmp_path, arguments, said):
    done = usb(tmp_path / "x", *arguments)
    assert done.returncode != 0 and said in done.stderr
    assert not (tmp_path / "x").exists()


def test_without_a_destination_the_command_asks_for_one():
    done = usb(lang="fr")
    assert (done.returncode, done.stderr) == (2, "Dites où écrire la copie\u00a0: capitalise usb DOSSIER.\n")


def test_documents_are_left_out_the_largest_first_and_read_online_instead(copy_site, tmp_path):
    site = shutil.copytree(copy_site, tmp_path / "site")
    (site / "sheets/half-moons/guide.pdf").write_bytes(os.urandom(900_000))
    whole = contents.assemble(site)
    size = names.on_stick(whole.sizes.items())
    smaller = contents.assemble(site, max_size=size - 500_000)
    assert smaller.left_out == ("sheets/half-moons/guide.pdf",)
    assert names.on_stick(smaller.sizes.items()) <= size - 500_000
    none = contents.assemble(site, files=False)
    assert "sheets/half-moons/yields.csv" in none.left_out
    # Photos are what a sheet shows, not what it gives to take away.
    assert not [path for path in none.left_out if path.endswith((".jpg", ".png", ".svg"))]
    folder = tmp_path / "stick"
    copying.copy(smaller, folder)
    (link,) = page(folder, "sheets/half-moons").xpath("//li/a[contains(@href, 'guide')]")
    assert link.get("href") == "https://kb.example.org/sheets/half-moons/guide.pdf"
    assert link.get("title") == "Demande internet" and "download" not in link.attrib
    done = usb(tmp_path / "tiny", "--site", site, "--max-size", "1M")
    assert done.returncode == 2
    assert re.search(r"Even without documents the copy takes [\d.]+ MB on a stick; you asked for 1 MB", done.stderr)
    assert not (tmp_path / "tiny").exists()


def test_a_zip_is_the_same_byte_for_byte_and_unpacks_to_a_whole_copy(copy_site, tmp_path):
    digests = set()
    for name in ("one.zip", "two.zip"):
        for path in copy_site.rglob("*"):
            os.utime(path, (1, len(digests)))
        done = usb("--zip", tmp_path / name, "--site", copy_site)
        assert done.returncode == 0, done.stderr
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        archive.extractall(tmp_path / "stick")
    assert manifest.verify(tmp_path / "stick").is_whole
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".new"]


# ------------------------------------------------------------------------------------------------ trust


def spoil(folder: Path) -> dict[str, str]:
    """Flips a bit, cuts a file, takes one away; path → what it is then called."""
    number = pages(folder).name
    altered, cut, gone = (f"capitalise/{number}/{name}" for name in ("en/index.html", "catalogue.csv", "map.html"))
    flipped = bytearray((folder / altered).read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (folder / altered).write_bytes(flipped)
    os.truncate(folder / cut, 10)
    (folder / gone).unlink()
    return {altered: "ALTERED", cut: "ALTERED", gone: "MISSING"}


def test_a_flipped_bit_a_cut_file_and_a_missing_one_are_named(own_stick):
    spoilt = spoil(own_stick)
    done = usb("--verify", own_stick)
    assert done.returncode == 1
    told = dict(reversed(line.split("  ")) for line in done.stdout.splitlines()[:-1])
    assert told == spoilt
    assert done.stdout.endswith("This copy is not whole. Copy it again.\n")


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_shell_script_names_them_too(own_stick, shell):
    def check() -> tuple[int, list[str]]:
        # From another folder, as a file manager may start it.
        done = subprocess.run([shell, str(own_stick / "verify.sh")], cwd="/", capture_output=True, text=True)
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()

    code, lines = check()
    assert code == 0 and "files are as they were on the first day" in lines[-1]
    spoilt = spoil(own_stick)
    code, lines = check()
    assert code == 1
    assert {line.rpartition("  ")[2]: line.split("  ")[0].split(" / ")[1] for line in lines[:-1]} == spoilt


def test_the_windows_script_is_whole_and_counts_the_same_files(stick):
    """It can't be run here: that it is well formed, and of which files it speaks, is all that is checked."""
    raw = (stick / "VERIFIER.bat").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf")
    batch, program = raw.decode().split("\r\n#BEGIN#\r\n")
    assert batch.startswith("@echo off") and batch.endswith("exit /b %CODE%")
    assert all(line.isascii() and len(line) < 1000 for line in batch.splitlines())  # cmd reads no UTF-8
    listed = len(manifest.read(stick / "MANIFEST.sha256").hashes)
    assert f"$seen -ne {listed}" in program
    for opening, closing in ("{}", "()"):
        bare = re.sub(r"'(?:[^']|'')*'", "''", program)
        assert bare.count(opening) == bare.count(closing)
    assert "’" not in program  # PowerShell takes it for the end of a text


@pytest.mark.parametrize("spoilt", [b"", b"cut"], ids=["empty", "cut"])
def test_a_list_that_was_cut_is_not_believed(own_stick, spoilt):
    path = own_stick / "MANIFEST.sha256"
    text = path.read_bytes()
    path.write_bytes(text[: text.rindex(b"\n", 0, len(text) // 2) + 1] if spoilt else b"")
    done = usb("--verify", own_stick)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        1,
        "The list MANIFEST.sha256 is cut or altered. Copy the library again.",
    )
    ran = subprocess.run(["sh", str(own_stick / "verify.sh")], capture_output=True, text=True)
    assert ran.returncode == 1 and "does not name the" in ran.stdout
    path.unlink()
    assert (
        usb("--verify", own_stick).stdout
        == "There is no list MANIFEST.sha256: copying was interrupted. Copy it again.\n"
    )
    ran = subprocess.run(["sh", str(own_stick / "verify.sh")], capture_output=True, text=True)
    assert ran.returncode == 1 and "copying was interrupted" in ran.stdout


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../b", "C:\\x", "a//b", "./a"])
def test_a_list_leads_nowhere_out_of_the_copy(stick, path):
    text = (stick / "MANIFEST.sha256").read_text("utf-8")
    with pytest.raises(manifest.NotAManifest):
        manifest.parse(f"{'0' * 64}  {path}\n{text}")


def test_where_there_is_no_copy_that_is_said(tmp_path):
    assert usb("--verify", tmp_path).stdout == f"There is no copy in “{tmp_path}”.\n"
    done = usb("--verify", tmp_path / "none")
    assert (done.returncode, done.stderr) == (2, f"There is no copy in “{tmp_path / 'none'}”.\n")


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a/CON", "reserved"),
        ("aux.html", "reserved"),
        ("com1.tar.gz", "reserved"),
        ("LPT³.txt", "reserved"),
        ("nul .txt", "reserved"),
        ("a/fin.", "ending"),
        ("a/fin ", "ending"),
        (" debut", "ending"),
        ("a/what?.html", "character"),
        ("a:b", "character"),
        ("a\\b", "character"),
        ("x" * 121, "name-length"),
        ("/".join(["x" * 60] * 3), "path-length"),
        ("e\u0301te\u0301.html", "form"),
    ],
)
def test_a_name_that_a_stick_refuses_or_alters_is_found(path, code):
    assert [fault.code for fault in names.faults([(path, 1)])] == [code]


def test_names_that_differ_by_case_alone_and_files_too_large_are_found():
    sizes = [("a/Sol.html", 1), ("a/sol.html", 1), ("B/x", 1), ("b/y", 1), ("c/x", 1), ("big.mp4", 2**32)]
    assert [tuple(fault) for fault in names.faults(sizes)] == [
        ("a/sol.html", "case", "a/Sol.html"),
        ("b/y", "case", "B"),
        ("big.mp4", "size", ""),
    ]
    assert list(names.faults([("console.html", 1), ("a/.lock", 0), ("été.html", 2**32 - 1)])) == []


def test_a_sheet_called_like_a_port_is_named_so_that_windows_opens_it(tmp_path, build):
    from capitalise.addresses import Addresses

    addresses = Addresses("fr", directories=False, site_url="https://kb.example.org/", flat=True, web_lang="fr")
    assert addresses.page("sheets/aux", "en") == "en/sheets/aux-.html"
    assert addresses.absolute("en/sheets/aux-.html") == "https://kb.example.org/en/sheets/aux/"


def test_a_site_with_a_name_that_no_stick_can_hold_is_refused(copy_site, tmp_path):
    site = shutil.copytree(copy_site, tmp_path / "site")
    (site / "assets/Nul.css").write_text("")
    (site / "assets/CAPITALISE.css").write_text("")
    done = usb(tmp_path / "x", "--site", site)
    assert done.returncode == 2
    assert "/assets/Nul.css: Windows keeps this name for itself. Rename it." in done.stderr
    assert "assets/capitalise.css: a stick confuses it with capitalise/" in done.stderr
    assert not (tmp_path / "x").exists()
    done = usb(tmp_path / "x", "--site", tmp_path)
    assert (done.returncode, done.stderr) == (2, f"“{tmp_path}” is not a site built for a copy.\n")


def test_the_copy_tells_a_program_what_it_is(copy_site):
    told = json.loads((copy_site / "about-this-copy.json").read_text("utf-8"))
    assert (told["address"], told["built"], told["languages"]) == (
        "https://kb.example.org/",
        "2026-11-20",
        ["fr", "en"],
    )
