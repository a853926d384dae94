"""The published folder is the old site or the new one, whole, whatever fails and whenever a build is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import samples
import trees
from conftest import LIBRARY, ROOT, environment

from capitalise import exchange, publishing, whole
from capitalise.locales import texts

posix = pytest.mark.skipif(os.name != "posix", reason="signals and rights are those of POSIX")
KILLS = 20


def command(site: Path, *options: str, program: str = "mkdocs") -> list[str]:
    return [sys.executable, "-m", program, "build", "-f", "mkdocs.yml", "--site-dir", str(site), *options]


def build(site: Path, products: Path, *options: str, env=None, before=(), **more) -> SimpleNamespace:
    """Exit code and what was said, in English."""
    env = environment(products, **({"LC_ALL": "en_GB.UTF-8"} | (env or {})))
    whole = [*before, *command(site, *options)]
    done = subprocess.run(whole, cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8", **more)
    return SimpleNamespace(code=done.returncode, log=done.stdout + done.stderr)


def said(key: str, lang: str = "en") -> str:
    """The longest part of a text that is the same whatever its values."""
    values = dict.fromkeys(("path", "folder", "reason", "files", "free", "needed"), "{")
    return max(texts(lang)(key, **values).split("{"), key=len)


def left(site: Path) -> list[str]:
    """What builds left beside a site and in it."""
    return [path.name for path in (*site.parent.iterdir(), *site.iterdir()) if path.name.startswith(f".{site.name}.")]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory) -> dict[str, Path]:
    """Two that differ in what a page says, in the pages that there are, in data and search."""
    other = tmp_path_factory.mktemp("other") / "library"
    shutil.copytree(LIBRARY, other)
    extra = {name: text for name, text in samples.GOOD.items() if name.startswith("sheets/")}
    text = extra["sheets/bonne-fiche/index.fr.md"].replace("{sections}\n", samples.SECTIONS["fr"])
    theme = min((LIBRARY / "vocabularies/themes.yml").read_text("utf-8").split("- id: ")[1:]).split()[0]
    (other / "sheets/une-de-plus").mkdir()
    (other / "sheets/une-de-plus/index.fr.md").write_text(text.replace("[eau]", f"[{theme}]"), "utf-8")
    return {"one": LIBRARY, "other": other}


@pytest.fixture(scope="module")
def sites(libraries, fixture_site, tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """What is published for each of the two, byte by byte."""
    folder = tmp_path_factory.mktemp("sites") / "other"
    done = build(folder, libraries["other"])
    assert done.code == 0, done.log
    found = {"one": trees.read(fixture_site), "other": trees.read(folder)}
    assert trees.difference(found["one"], found["other"])
    return found


@pytest.fixture
def site(sites, fixture_site, tmp_path) -> Path:
    """A published folder with the first of the two sites."""
    shutil.copytree(fixture_site, tmp_path / "site")
    return tmp_path / "site"


def is_now(site: Path, sites: dict[str, dict[str, bytes]]) -> str:
    """Which of the two sites is published, whole."""
    found = trees.read(site)
    for name, files in sites.items():
        if found == files:
            return name
    raise AssertionError(" | ".join(f"{name}: {trees.difference(files, found)}" for name, files in sites.items()))


# ---------------------------------------------------------------------------- killed


@posix
def test_a_build_killed_at_any_moment_leaves_one_site_or_the_other_whole(site, sites, libraries):
    start = time.monotonic()
    assert build(site, libraries["one"]).code == 0
    length = time.monotonic() - start
    chance = random.Random(20)
    now, seen = "one", set()
    for number in range(KILLS):
        wanted = "other" if now == "one" else "one"
        folder = site.stat().st_ino
        process = subprocess.Popen(
            command(site, "-q"),
            cwd=ROOT,
            env=environment(libraries[wanted]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        if number % 5 == 4:  # the very moment at which the folder changes
            while site.stat().st_ino == folder and process.poll() is None:
                pass
        else:
            time.sleep(length * (number + chance.random()) / KILLS)
        # All of it, or the first process alone, as a system does that is short of memory.
        (os.killpg if number % 2 else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        now = is_now(site, sites)
        seen.add(now == wanted)
        process.communicate(timeout=60)  # until none of its processes is left to hold the other end
    assert seen == {True, False}  # some were killed before it was published, some after
    assert build(site, libraries["one"]).code == 0
    assert is_now(site, sites) == "one"
    assert left(site) == []  # the next build removes what a killed one left


@posix
def test_ctrl_c_leaves_the_site_and_nothing_beside_it(site, sites, libraries):
    process = subprocess.Popen(
        command(site, "-q"),
        cwd=ROOT,
        env=environment(libraries["other"]),
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background inherit it ignored
    )
    while not left(site):
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    process.wait()
    assert (is_now(site, sites), left(site)) == ("one", [])


# ---------------------------------------------------------------------------- at once


def test_two_builds_at_once_do_not_mix_and_a_reader_never_misses_a_page(site, sites, libraries):
    ends, missed = threading.Event(), []

    def read() -> None:
        pages = ("index.html", "en/index.html", "catalogue.json", "assets/capitalise.css")
        while not ends.wait(0.001):
            for page in pages:
                try:
                    if (site / page).read_bytes() not in (sites["one"][page], sites["other"][page]):
                        missed.append(f"{page} is half of one")
                except FileNotFoundError:
                    missed.append(page)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        processes = [
            subprocess.Popen(command(site, "-q"), cwd=ROOT, env=environment(products), stderr=subprocess.DEVNULL)
            for products in libraries.values()
        ]
        assert [process.wait() for process in processes] == [0, 0]
    finally:
        ends.set()
        reader.join()
    assert missed == []
    assert is_now(site, sites) in ("one", "other")
    assert left(site) == []


# ---------------------------------------------------------------------------- failing


def test_a_strict_build_that_fails_does_not_publish(site, sites, tmp_path):
    text = samples.GOOD["sheets/bonne-fiche/index.fr.md"].replace("[eau]", "[inconnu]")
    products = samples.write(tmp_path / "products", {"sheets/autre/index.fr.md": text})
    done = build(site, products, "--strict")
    assert done.code == 1 and "strict" in done.log
    assert said("whole.kept") in done.log
    assert (is_now(site, sites), left(site)) == ("one", [])
    assert build(site, products).code == 0  # not strict: what is whole is published
    assert "bonne-fiche" in (site / "catalogue.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("event", "program"),
    [("on_config", "mkdocs"), ("on_page_context", "mkdocs"), ("on_post_build", "mkdocs"), ("on_env", "properdocs")],
)
def test_a_build_that_breaks_does_not_publish(event, program, site, sites, tmp_path):
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    hook = tmp_path / "breaks.py"
    hook.write_text(f"def {event}(*_, **__):\n    raise RuntimeError('broken on purpose')\n", "utf-8")
    name = f".breaks-{os.getpid()}.yml"
    config = config.replace("  - hooks/editor.py\n", f"  - hooks/editor.py\n  - {hook}\n")
    (ROOT / name).write_text(config, "utf-8")
    try:
        done = subprocess.run(
            [name if part == "mkdocs.yml" else part for part in command(site, program=program)],
            cwd=ROOT,
            env=environment(LIBRARY, LC_ALL="fr_FR.UTF-8"),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    finally:
        (ROOT / name).unlink()
    assert done.returncode != 0 and "broken on purpose" in done.stderr
    assert said("whole.kept", "fr") in done.stderr
    assert (is_now(site, sites), left(site)) == ("one", [])


# ---------------------------------------------------------------------------- disks and rights


@pytest.fixture(scope="session")
def small_disk() -> Callable[..., list[str]]:
    """The start of a command that sees a new disk of some bytes at a folder; skips where the system forbids it."""
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no disk can be made here: {tried.stderr.strip()}")

    def start(folder: Path, size: int, script: str) -> list[str]:
        mount = f'mount -t tmpfs -o size={size} x "{folder}" && cp -a "{folder}.before/." "{folder}" && '
        return ["unshare", "-rm", "sh", "-c", mount + script]

    return start


@pytest.fixture
def disk(small_disk, sites, fixture_site, tmp_path) -> Callable[..., SimpleNamespace]:
    """Builds into `site/` of a disk; gives exit code, what was said, and what is then on the disk."""

    def run(size: int, site: str, lang: str, products: Path, **env: str) -> SimpleNamespace:
        folder, after = tmp_path / "disk", tmp_path / "after"
        folder.mkdir()
        shutil.copytree(fixture_site, Path(f"{folder}.before", site))
        words = " ".join(f"'{part}'" for part in command(folder / site))
        script = f'{{ {words}; code=$?; cp -a "{folder}/." "{after}"; exit $code; }}'
        env = environment(products, LC_ALL=f"{lang}.UTF-8", **env)
        done = subprocess.run(
            small_disk(folder, size, script), cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8"
        )
        return SimpleNamespace(code=done.returncode, log=done.stdout + done.stderr, folder=after)

    return run


@pytest.mark.parametrize(("lang", "share"), [("fr", 0.1), ("en", 0.9)])  # as pages are written; as the engine writes
def test_a_full_disk_is_said_in_words_and_leaves_the_site(lang, share, disk, sites, libraries):
    pages = sum((len(data) + 4095) // 4096 * 4096 for data in sites["one"].values())
    done = disk(int(pages * (1 + share)) + 300_000, "site", lang, libraries["other"])
    assert done.code == 1
    assert said("whole.full", lang) in done.log
    assert "Traceback" not in done.log
    assert (is_now(done.folder / "site", sites), left(done.folder / "site")) == ("one", [])


@posix
def test_a_limit_on_the_size_of_files_is_said_as_a_full_disk_is(site, sites, libraries):
    import resource

    limit = 60_000
    done = build(site, libraries["other"], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.code == 1 and said("whole.full") in done.log and "Traceback" not in done.log
    assert (is_now(site, sites), left(site)) == ("one", [])


def test_a_folder_that_is_a_disk_of_its_own_gets_the_files_one_by_one(disk, sites, libraries):
    done = disk(64_000_000, ".", "en", libraries["other"])
    assert done.code == 0, done.log
    assert said("whole.done-in-steps") in done.log
    assert is_now(done.folder, sites) == "other"


@pytest.fixture
def bound(site) -> list[str]:
    """The start of a command that rights stop, as they do not stop root."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root runs the tests, and there is no setpriv to take its powers away")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@posix
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_folder_that_may_not_be_written_is_said_in_words(lang, bound, site, sites, libraries):
    for folder, path in ((site, site), (site.parent, site.parent / "new" / "site")):
        folder.chmod(0o555)
        done = build(path, libraries["other"], env={"LC_ALL": f"{lang}.UTF-8"}, before=bound)
        folder.chmod(0o755)
        assert done.code == 1
        assert said("whole.forbidden", lang) in done.log and str(path) in done.log and "Traceback" not in done.log
    assert (is_now(site, sites), left(site)) == ("one", [])


@posix
def test_a_folder_whose_parent_may_not_be_written_is_published_all_the_same(bound, site, sites, libraries):
    site.parent.chmod(0o555)
    done = build(site, libraries["other"], before=bound)
    site.parent.chmod(0o755)
    assert done.code == 0, done.log
    assert (is_now(site, sites), left(site)) == ("other", [])


# ---------------------------------------------------------------------------- what else is there


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def small(tmp_path) -> Path:
    """A published folder with two pages, and what only its publisher put there."""
    site = tmp_path / "site"
    write(site, **{"index.html": "old", "gone__index.html": "old", "assets__style.css": "old", "CNAME": "kb.example"})
    write(site, **{".well-known__security.txt": "Contact: …", ".nojekyll": ""})
    return site


WAYS = {
    "at once": [],
    "by two renames": ["at_once"],
    "file by file": ["at_once", "one_after_the_other"],
}


@pytest.mark.parametrize("way", WAYS)
def test_what_begins_with_a_dot_stays_and_the_rest_goes_as_with_mkdocs(way, small, monkeypatch):
    def unable(*_):
        if "one_after_the_other" in WAYS[way]:
            raise OSError("unable")
        return False

    for name in WAYS[way]:
        if name == "at_once":
            monkeypatch.setattr(exchange, name, lambda *_: False)
        else:
            monkeypatch.setattr(exchange, name, unable)
    if os.name == "posix":
        small.chmod(0o750)
        (small / ".well-known").chmod(0o711)
    making = publishing.Build(small)
    write(making.folder, **{"index.html": "new", "more__index.html": "new", "gone": "a file now"})
    assert making.publish() == (way == "at once")
    assert trees.read(small) == {
        "index.html": b"new",
        "more/index.html": b"new",
        "gone": b"a file now",
        ".well-known/security.txt": "Contact: …".encode(),
        ".nojekyll": b"",
    }
    assert not (small / "assets").exists() and left(small) == []
    if os.name == "posix":
        assert (small.stat().st_mode & 0o777, (small / ".well-known").stat().st_mode & 0o777) == (0o750, 0o711)


def test_a_link_to_the_published_folder_stays_a_link(small, tmp_path):
    link = tmp_path / "www"
    link.symlink_to("site")
    making = publishing.Build(link)
    write(making.folder, **{"index.html": "new"})
    making.publish()
    assert link.is_symlink() and (small / "index.html").read_text("utf-8") == "new"


def test_the_folder_itself_can_be_kept_for_who_holds_on_to_it(site, sites, libraries):
    folder = site.stat().st_ino
    assert build(site, libraries["other"], env={"CAPITALISE_IN_PLACE": "true"}).code == 0
    assert (site.stat().st_ino, is_now(site, sites), left(site)) == (folder, "other", [])


def test_one_by_one_no_page_ever_leads_to_what_is_missing(small, monkeypatch):
    """A page names the pages and pictures that it needs; looked at after each step."""
    shutil.rmtree(small / "gone")
    write(small, **{"index.html": "a.html p1.png", "a.html": "p1.png", "p1.png": "", "list.js": "a.html"})
    making = publishing.Build(small, in_place=True)
    write(making.folder, **{"index.html": "b.html p2.png", "b.html": "p2.png index.html", "p2.png": ""})
    write(making.folder, **{"list.js": "b.html"})
    steps = []

    def looked_at(step: Callable) -> Callable:
        def done(*given, **more):
            step(*given, **more)
            steps.append(given)
            for name in ("index.html", "a.html", "b.html", "list.js"):
                page = small / name
                wanted = page.read_text("utf-8").split() if page.exists() else []
                assert all((small / one).exists() for one in wanted), (name, given)

        return done

    monkeypatch.setattr(os, "replace", looked_at(os.replace))
    monkeypatch.setattr(Path, "unlink", looked_at(Path.unlink))
    making.publish()
    assert len(steps) > 6 and not (small / "a.html").exists() and not (small / "p1.png").exists()


def test_a_build_killed_between_two_renames_is_mended_by_the_next(small, tmp_path):
    script = f"""if True:
        import os, pathlib
        from capitalise import exchange, publishing
        exchange.at_once = lambda *_: False
        making = publishing.Build(pathlib.Path({str(small)!r}))
        (making.folder / "index.html").write_text("new")
        rename, done = os.rename, []
        def dying(*names):
            if done:
                os._exit(9)  # as killed: nothing is tidied
            if names[0] == making.site:
                done.append(rename(*names))
            else:
                rename(*names)
        os.rename = dying
        making.publish()
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    assert not small.exists()
    publishing.Build(small).close()
    assert (small / "index.html").read_text("utf-8") == "old"
    assert [name for name in left(small) if ".new-" in name] == []


def test_a_folder_that_is_no_site_is_not_emptied(tmp_path):
    write(tmp_path / "Documents", **{"thesis.odt": "three years of work"})
    done = build(tmp_path / "Documents", LIBRARY)
    assert done.code == 1 and said("whole.no-site") in done.log and "thesis.odt" in done.log
    (tmp_path / "file").write_text("a file", "utf-8")
    done = build(tmp_path / "file", LIBRARY)
    assert done.code == 1 and said("whole.no-folder") in done.log
    assert trees.read(tmp_path) == {"Documents/thesis.odt": b"three years of work", "file": b"a file"}


def test_a_living_build_is_left_alone_by_the_next(small):
    one, other = publishing.Build(small), publishing.Build(small)
    write(one.folder, **{"index.html": "one"})
    write(other.folder, **{"index.html": "other"})
    other.publish()
    one.publish()
    assert (small / "index.html").read_text("utf-8") == "one" and left(small) == []


# ---------------------------------------------------------------------------- commands that write


COMMANDS = {
    "new": ["new", "sheet", "Une haie de plus"],
    "import": ["import", "../sheet.docx"],
    "remark": ["import", "remark.capitalise.json"],
    "translate": ["translate", "sheets/fish-pond", "en"],
    "stamp": ["translate", "sheets/compost-pit", "fr", "--done"],
    "schema": ["schema", "--out", "products/.vscode"],
}


@posix
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_has_no_room_says_so_and_leaves_what_was_there(name, tmp_path):
    import resource

    from docx import Document

    folder = tmp_path / "here"
    shutil.copytree(LIBRARY, folder / "products")
    document = Document()
    document.add_heading("Une fiche de Word", 0)
    document.add_heading("Contexte", 1)
    document.add_paragraph("Une vallée sèche. " * 20)
    document.save(tmp_path / "sheet.docx")
    about = {"product": "sheets/half-moons", "title": "Des demi-lunes"}
    remark = {"type": "remark", "lang": "fr", "fields": {"reason": "mistake", "wrong": "Le chiffre."}, "about": about}
    text = json.dumps({"format": "capitalise", "version": 1} | remark)
    (folder / "remark.capitalise.json").write_text(text, "utf-8")
    before = trees.read(folder)
    for lang in ("fr", "en"):
        done = subprocess.run(
            [sys.executable, "-m", "capitalise.cli", *COMMANDS[name]],
            cwd=folder,
            env=environment(folder / "products", LC_ALL=f"{lang}.UTF-8", PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)),
        )
        assert done.returncode == 2, done.stdout + done.stderr
        assert said("cli.new.unwritable", lang) in done.stderr and "Traceback" not in done.stderr
        assert trees.difference(before, trees.read(folder)) == ""
    assert [path for path in (ROOT / "hooks").rglob("*.pyc") if path.stat().st_size <= 64] == []  # cut short


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path):
    file = tmp_path / "sheet.md"
    file.write_text("old", "utf-8")
    file.chmod(0o664)
    whole.write(file, "new")
    assert file.read_text("utf-8") == "new"
    assert os.name != "posix" or file.stat().st_mode & 0o777 == 0o664
