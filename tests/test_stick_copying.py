"""A copy over an older one, and all that can go wrong meanwhile: what opens is whole, and what is a person's stays."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from conftest import LIBRARY, ROOT, environment

from capitalise.stick import contents, copying, manifest, start_files
from capitalise.stick.about import About
from capitalise.stick.contents import Contents

STARTS = ("LISEZ-MOI.html", "README.html")
# What Python tells of before it asks the system for it: https://docs.python.org/3/library/audit_events.html
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}


def site(folder: Path, day: int, pages: dict[str, bytes], files: dict[str, bytes]) -> Contents:
    """The copy of a very small site of that day."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in (pages | files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    about = About("Small", "https://kb.example.org/", date(2026, 11, day), ("fr", "en"), 2)
    (folder / "about-this-copy.json").write_text(about.text, "utf-8")
    return contents.assemble(folder)


@pytest.fixture(scope="module")
def copies(tmp_path_factory) -> tuple[Contents, Contents]:
    """An old copy and a new one: two pages differ, one goes and one comes; a photo stays, one goes and one comes."""
    folder = tmp_path_factory.mktemp("sites")
    links = b'<html lang="fr"><img src="sheets/a/old.jpg"><img src="sheets/a/same.jpg">'
    old = site(
        folder / "old",
        1,
        {"index.html": links, "en/index.html": b"old", "gone.html": b"gone", "a/b/c.html": b"same"},
        {"sheets/a/same.jpg": b"same" * 99, "sheets/a/old.jpg": b"old" * 99},
    )
    new = site(
        folder / "new",
        2,
        {"index.html": links.replace(b"old", b"new"), "en/index.html": b"new", "more/come.html": b"come"},
        {"sheets/a/same.jpg": b"same" * 99, "sheets/a/new.jpg": b"new" * 999, "sheets/a/guide.pdf": b"%PDF" * 500_000},
    )
    return old, new


def tree(folder: Path) -> dict[str, bytes]:
    """Path → bytes of every file, but for the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def opened(dest: Path) -> set[str]:
    """Numbers of the copies that a reader can open; each of them is whole, whatever happened."""
    found = set()
    for name in STARTS:
        path = dest / name
        if path.exists():
            (number,) = re.findall(r'class="open" href="capitalise/([0-9a-f]{12})/', path.read_text("utf-8"))
            listed = manifest.read(dest / "capitalise" / number / manifest.NAME)
            assert listed and listed.number == number
            faults = {one: manifest.check(dest, one, listed.hashes[one]) for one in (*listed.pages, *listed.files)}
            assert not any(faults.values()), faults
            found.add(number)
    return found


# ------------------------------------------------------------------------------------------------ over an older copy


def test_only_what_changed_is_written_and_what_is_no_longer_used_goes(copies, tmp_path):
    old, new = copies
    copying.copy(old, tmp_path)
    same = tmp_path / next(path for path in old.manifest.files if "same" in path)
    before = same.stat()
    report = copying.copy(new, tmp_path)
    assert (same.stat().st_ino, same.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    # Each page says of which day it is, so all pages are new; of the three files two are.
    # The two checks are as they were, for as many files: with the photo that stays, three are kept.
    assert report.written == len(new.manifest.pages) + 2 + len(STARTS) + 2  # and two lists
    assert report.kept == 3
    fresh = tmp_path / "fresh"
    copying.copy(new, fresh)
    made = tree(fresh)
    shutil.rmtree(fresh)
    assert tree(tmp_path) == made
    assert [path for path in tmp_path.rglob("*") if path.is_dir() and not any(path.iterdir())] == []


def test_the_same_copy_again_writes_nothing(copies, tmp_path):
    _, new = copies
    copying.copy(new, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    report = copying.copy(new, tmp_path)
    assert not report.changed
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_spoilt_file_is_mended_in_its_place(copies, tmp_path):
    _, new = copies
    copying.copy(new, tmp_path)
    whole = tree(tmp_path)
    for path in (new.manifest.pages[0], new.manifest.files[0], "README.html", "MANIFEST.sha256"):
        (tmp_path / path).write_bytes((tmp_path / path).read_bytes()[:-1])
    (tmp_path / new.manifest.pages[1]).unlink()
    (tmp_path / "LISEZ-MOI.html").write_bytes(b"")  # as a stick leaves a file when it is pulled out
    assert copying.copy(new, tmp_path).written == 6
    assert tree(tmp_path) == whole


# ------------------------------------------------------------------------------------------------ killed


def dies(at: int, new: Contents, dest: Path) -> bool:
    """Copies in a process that is killed; whether it came to that.

    Before its change number `at` of the folder, or, where `at` is negative, after so many pieces of files.
    """

    def work() -> None:
        count = 0

        def watch(event: str, arguments: tuple) -> None:
            nonlocal count
            writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
            if event in CHANGES or writes:
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        copying.copy(new, dest, lambda done, total: piece())
        os._exit(0)

    def piece() -> None:
        nonlocal pieces
        pieces += 1
        if pieces == -at:  # in the middle of a file
            os.kill(os.getpid(), signal.SIGKILL)

    pieces = 0
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.mark.parametrize("over", [True, False], ids=["over-an-older-copy", "into-nothing"])
@pytest.mark.parametrize("step", [1, -1], ids=["between-changes", "within-a-file"])
def test_killed_at_any_moment_what_opens_is_whole_and_the_next_run_ends_it(copies, tmp_path, over, step):
    old, new = copies
    first = tmp_path / "first"
    first.mkdir()
    if over:
        copying.copy(old, first)
    wanted = tmp_path / "wanted"
    copying.copy(new, wanted)
    seen: Counter[str] = Counter()
    at = step
    while True:
        dest = shutil.copytree(first, tmp_path / "dest")
        killed = dies(at, new, dest)
        numbers = opened(dest)
        seen[",".join(sorted({old.manifest.number: "old", new.manifest.number: "new"}[one] for one in numbers))] += 1
        assert not over or numbers  # there is always one to open
        verdict = manifest.verify(dest)
        if killed and not verdict.is_whole:
            # Not whole by its list: then it is said to be so, and by the script that needs nothing too.
            assert verdict.unfinished or over or not list(manifest.numbers(dest))
            if (dest / "verify.sh").exists():
                assert subprocess.run(["sh", dest / "verify.sh"], capture_output=True).returncode == 1
        copying.copy(new, dest)
        assert opened(dest) == {new.manifest.number}
        assert tree(dest) == tree(wanted)
        shutil.rmtree(dest)
        if not killed:
            break
        at += step
    assert abs(at) > (20 if step > 0 else 8)
    assert {"old", "new"} <= set(seen) if over else {"", "new"} <= set(seen)


def test_a_run_that_was_killed_and_then_another_copy(copies, tmp_path):
    old, new = copies
    copying.copy(old, tmp_path / "dest")
    assert dies(9, new, tmp_path / "dest")
    copying.copy(old, tmp_path / "dest")  # not the new one: the old one once more
    copying.copy(old, tmp_path / "wanted")
    assert tree(tmp_path / "dest") == tree(tmp_path / "wanted")


def test_the_command_is_killed_while_it_writes(copy_site, tmp_path):
    dest = tmp_path / "dest"
    copying.copy(contents.assemble(copy_site), dest)
    (old,) = opened(dest)
    newer = shutil.copytree(copy_site, tmp_path / "site")
    (newer / "sheets/half-moons/guide.pdf").write_bytes(os.urandom(1 << 25))
    command = [sys.executable, "-m", "capitalise.cli", "usb", str(dest), "--site", str(newer)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(LIBRARY), stdout=subprocess.DEVNULL)
    while process.poll() is None and len(list(manifest.numbers(dest))) < 2:
        time.sleep(0.002)
    time.sleep(0.02)
    process.kill()
    process.wait()
    assert opened(dest) <= {old, *manifest.numbers(dest)} and opened(dest)
    done = subprocess.run(command, cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (new,) = opened(dest)
    assert new != old and manifest.verify(dest).is_whole and manifest.verify(dest).unfinished == ()


# ------------------------------------------------------------------------------------------------ what a system refuses


def in_a_small_room(
    size: str, options: str, before: str, command: list[str], dest: Path
) -> subprocess.CompletedProcess:
    """Runs a command with `dest` on a disk of its own, of that size; `before` is a shell's, and sees it as `$0`."""
    dest.mkdir(exist_ok=True)
    script = f'mount -t tmpfs -o size={size} none "$0" && {before} && mount -o remount,{options} "$0" && exec "$@"'
    unshare = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user", "--user"])]
    done = subprocess.run(
        [*unshare, "sh", "-c", script, str(dest), *command],
        cwd=ROOT,
        env=environment(LIBRARY),
        capture_output=True,
        text=True,
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip(f"this system gives no disk to a test: {done.stderr}")
    assert "Traceback" not in done.stderr, done.stderr
    return done


def usb(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "capitalise.cli", "usb", *map(str, arguments), "--lang", "en"]


def test_without_room_nothing_is_written(copy_site, tmp_path):
    dest = tmp_path / "dest"
    check = f'{" ".join(usb(dest, "--site", copy_site))}; code=$?; ls -A "$0"; exit $code'
    done = in_a_small_room("1m", "rw", "true", ["sh", "-c", check, str(dest)], dest)
    assert done.returncode == 2
    assert re.search(r"The copy needs [\d.]+ MB and “.*dest” has only [\d.]+ MB free\. Make room", done.stderr)
    assert done.stdout.splitlines()[-1] == "capitalise"  # the folder of the lock, and nothing else


def test_when_the_room_runs_out_meanwhile_the_old_copy_is_as_it_was_and_the_room_is_given_back(copies, tmp_path):
    old, new = copies
    dest = tmp_path / "dest"
    copying.copy(old, dest)
    before = tree(dest)
    worker = tmp_path / "worker.py"
    worker.write_text(
        "import pickle, shutil, sys\n"
        "from pathlib import Path\n"
        "from types import SimpleNamespace\n"
        "from capitalise.stick import copying, manifest\n"
        "shutil.disk_usage = lambda path: SimpleNamespace(free=10**9)  # as a disk says that others fill meanwhile\n"
        "old, new = pickle.loads(Path(sys.argv[2]).read_bytes())\n"
        "dest = Path(sys.argv[1])\n"
        "copying.copy(old, dest)\n"
        "def tree():\n"
        "    return {p.relative_to(dest): p.is_file() and p.read_bytes() for p in dest.rglob('*')}\n"
        "before = tree()\n"
        "try:\n"
        "    copying.copy(new, dest)\n"
        "except OSError as error:\n"
        "    print(error.errno, tree() == before, manifest.verify(dest).is_whole)\n"
    )
    import pickle

    (tmp_path / "copies").write_bytes(pickle.dumps(copies))
    done = in_a_small_room("1m", "rw", "true", [sys.executable, str(worker), str(dest), str(tmp_path / "copies")], dest)
    assert done.stdout == "28 True True\n", done.stderr  # ENOSPC
    assert tree(dest) == before  # outside, where the small disk is not seen


def test_a_read_only_stick_is_told(copy_site, tmp_path):
    dest = tmp_path / "dest"
    done = in_a_small_room("20m", "ro", "true", usb(dest, "--site", copy_site), dest)
    assert done.returncode == 2
    assert f"“{dest}” can't be written to. Some sticks have a small switch" in done.stderr


def test_a_folder_that_does_not_exist_is_told(copy_site, tmp_path):
    done = subprocess.run(
        usb(tmp_path / "no/such/stick", "--site", copy_site),
        cwd=ROOT,
        env=environment(LIBRARY),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "Is the stick plugged in?" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_copies_at_once_the_second_is_refused_and_the_first_goes_on(copies, copy_site, tmp_path):
    old, new = copies
    dest = tmp_path / "dest"
    copying.copy(old, dest)
    told = []

    def meanwhile(done: int, total: int) -> None:
        if not told:
            told.append(None)
            second = subprocess.run(
                usb(dest, "--site", copy_site), cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True
            )
            told[0] = (second.returncode, second.stderr)

    copying.copy(new, dest, meanwhile)
    assert told == [(2, f"Another copy is being written in “{dest}”. Wait until it has finished.\n")]
    assert opened(dest) == {new.manifest.number} and manifest.verify(dest).is_whole


# ------------------------------------------------------------------------------------------------ a person's own files


def test_a_persons_files_stay_wherever_they_are(copies, tmp_path):
    old, new = copies
    copying.copy(old, tmp_path)
    folder = Path("capitalise", old.manifest.number)
    theirs = [
        "Photos/mariage.jpg",
        "notes.txt",
        "capitalise/notes.txt",
        "capitalise/files/mine.pdf",
        f"{folder}/a/b/mine.txt",
    ]
    for name in theirs:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    copying.copy(new, tmp_path)
    assert {name: (tmp_path / name).read_text() for name in theirs} == dict.fromkeys(theirs, "mine")
    left = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / folder).rglob("*") if path.is_file()}
    assert left == {f"{folder}/a/b/mine.txt"}


@pytest.mark.parametrize("name", ["README.html", "LISEZ-MOI.html", "MANIFEST.sha256", "verify.sh", "capitalise"])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_persons_file_in_the_way_is_not_replaced(copies, tmp_path, name, kind):
    dest = tmp_path / "dest"
    dest.mkdir()
    mine = tmp_path / "mine"
    mine.write_text(f"{'0' * 64}  report.pdf\n")
    if kind == "link":
        (dest / name).symlink_to(mine)
    else:
        shutil.copy(mine, dest / name)
    with pytest.raises(copying.Occupied) as error:
        copying.copy(copies[1], dest)
    assert error.value.path == name
    assert [path.name for path in dest.iterdir()] == [name]
    assert (dest / name).read_text() == mine.read_text()


def test_a_start_of_a_language_that_is_no_longer_copied_goes_but_not_a_persons(copies, tmp_path):
    old, _ = copies
    site(tmp_path / "site", 4, {"index.html": b"fr"}, {})
    about = About("Small", "", date(2026, 11, 4), ("fr",), 2)
    (tmp_path / "site/about-this-copy.json").write_text(about.text, "utf-8")
    french = contents.assemble(tmp_path / "site")
    for mine in (False, True):
        dest = tmp_path / f"dest-{mine}"
        copying.copy(old, dest)
        if mine:
            (dest / "README.html").write_text("mine")
        copying.copy(french, dest)
        assert (dest / "README.html").exists() is mine
        assert manifest.verify(dest).is_whole


def test_the_command_says_what_is_in_the_way(copy_site, tmp_path):
    (tmp_path / "README.html").write_text("mine")
    done = subprocess.run(
        usb(tmp_path, "--site", copy_site), cwd=ROOT, env=environment(LIBRARY), capture_output=True, text=True
    )
    assert done.returncode == 2
    assert f"“README.html” is in “{tmp_path}” already and is not the library's." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.html"]
    assert start_files.MARK not in (tmp_path / "README.html").read_text()
