"""The same library gives the same bytes, whoever builds it, wherever: web site, copy for sticks, zip."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trees
from conftest import EPOCH, ROOT

from capitalise import reading

SHUFFLED = '''\
"""Folders are listed in the order of a hash of the names, as some disks do."""
import hashlib
import os

_scandir, _listdir = os.scandir, os.listdir


def _key(name):
    return hashlib.md5(os.fsencode(name)).digest()


class _Entries:
    def __init__(self, path):
        with _scandir(path) as found:
            self._found = iter(sorted(found, key=lambda entry: _key(entry.name)))

    def __iter__(self):
        return self._found

    def __next__(self):
        return next(self._found)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def close(self):
        pass


os.scandir = lambda path=".": _Entries(path)
os.listdir = lambda path=".": sorted(_listdir(path), key=_key)
'''


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Iterator[Path]:
    """The repository as another machine has it: its files came in another order, on another disk where there is one."""
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("elsewhere")
    with tempfile.TemporaryDirectory(dir=parent, prefix="capitalise-test-") as folder:
        files = [ROOT / "mkdocs.yml"]
        for name in ("docs", "hooks", "overrides", "tests/library"):
            files += [path for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        random.Random(7).shuffle(files)
        for path in files:
            target = Path(folder, "a library, ailleurs", path.relative_to(ROOT))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        Path(folder, "a library, ailleurs/products").mkdir()  # which MkDocs watches
        (Path(folder) / "sitecustomize.py").write_text(SHUFFLED, "utf-8")
        yield Path(folder)


def ours(tmp: Path) -> dict[str, object]:
    return {
        "cwd": ROOT,
        "env": {
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "1",
            "TMPDIR": str(tmp),
            "CAPITALISE_CACHE": "",
        },
    }


def theirs(elsewhere: Path) -> dict[str, object]:
    env = {
        "TZ": "America/Port-au-Prince",
        "LC_ALL": "tr_TR.UTF-8",  # where the capital of i is not I; a computer without it takes C
        "LANG": "fr_FR.UTF-8",
        "PYTHONHASHSEED": "77",
        "PYTHONPATH": os.pathsep.join([str(elsewhere), str(elsewhere / "a library, ailleurs/hooks")]),
        "HOME": str(elsewhere / "home"),
        "USER": "someone-else",
        "LOGNAME": "someone-else",
        "TMPDIR": str(elsewhere),
    }
    return {"cwd": elsewhere / "a library, ailleurs", "env": env, "umask": 0o077}


def run(arguments: list[str | Path], cwd: Path, env: dict[str, str], umask: int = 0o022) -> None:
    known = {"SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1", "CAPITALISE_PRODUCTS": "tests/library"}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "CAPITALISE_"))}
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=cwd,
        env=inherited | known | env,
        umask=umask if os.name == "posix" else -1,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("addresses", ["--use-directory-urls", "--no-directory-urls"])
def test_two_machines_build_the_same_site(addresses, elsewhere, tmp_path):
    one, other = tmp_path / "site", elsewhere / addresses / "published site"
    run(["mkdocs", "build", addresses, "--site-dir", one], **ours(tmp_path))
    run(["mkdocs", "build", addresses, "--site-dir", other], **theirs(elsewhere))
    assert trees.difference(trees.read(one), trees.read(other)) == ""


def test_two_machines_make_the_same_zip(elsewhere, tmp_path):
    one, other = tmp_path / "one.zip", elsewhere / "other.zip"
    run(["capitalise.cli", "usb", "--zip", one], **ours(tmp_path))
    run(["capitalise.cli", "usb", "--zip", other], **theirs(elsewhere))
    assert one.read_bytes() == other.read_bytes()


def test_without_a_chosen_day_it_is_the_same_day_everywhere(monkeypatch):
    import time

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    days = set()
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # 26 hours apart: never the same day there
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        days.add(reading.today())
    monkeypatch.undo()
    time.tzset()
    assert len(days) == 1


def test_a_difference_is_named():
    assert "only in the second: b" in trees.difference({"a": b""}, {"a": b"", "b": b""})
    assert trees.difference({"a": b"1\n2\n"}, {"a": b"1\n3\n"}).startswith("a:2:")
