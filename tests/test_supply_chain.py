"""What others made: installed with hashes alone, of known licences, told in the repository, on site and sticks."""

from __future__ import annotations

import email.message
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import audit  # noqa: E402
import lock  # noqa: E402
import third_party  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = [*lock.LOCKS, lock.AUDIT, lock.BENCH]
_HASHES = r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
_ENTRY = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; [^\\\n]+)? \\\n(" + _HASHES + ")", re.MULTILINE)


def entries(name: str) -> dict[str, tuple[str, int]]:
    """Package → version and number of hashes."""
    return {
        package: (version, hashes.count("--hash="))
        for package, version, hashes in _ENTRY.findall((ROOT / name).read_text("utf-8"))
    }


def pinned(requirements: list[str]) -> dict[str, str]:
    pairs = (one.split("==") for one in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pairs}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_hashes_and_nothing_else(name):
    text = (ROOT / name).read_text("utf-8")
    rest = _ENTRY.sub("", text)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []
    assert not re.search(r"https?:|--index|--find|--trusted|@ ", text)  # each asks the registry that it is set up with
    assert "#" not in "".join(rest.splitlines()[1:])


def test_a_lock_holds_what_the_project_names():
    project = PROJECT["project"]
    for name, extras in lock.LOCKS.items():
        wanted = project["dependencies"] + PROJECT["build-system"]["requires"]
        wanted = pinned(wanted + [one for extra in extras for one in project["optional-dependencies"][extra]])
        held = {package: version for package, (version, _) in entries(name).items()}
        assert wanted.items() <= held.items(), name
    for group, name in (("audit", lock.AUDIT), ("bench", lock.BENCH)):
        held = {package: version for package, (version, _) in entries(name).items()}
        assert pinned(PROJECT["dependency-groups"][group]).items() <= held.items(), name


def test_a_package_has_one_version_and_files_for_every_system():
    whole = entries(lock.WHOLE)
    for name in lock.LOCKS:
        assert entries(name).items() <= whole.items(), name
    # Compiled for Linux, Windows and macOS and four Pythons: a lock of this machine alone would have one or two.
    for package in ("pyyaml", "lxml", "markupsafe", "pydantic-core", "pillow"):
        assert whole[package][1] >= 30, package
    assert whole["pagefind-bin"][1] >= 5


def test_nothing_is_installed_without_its_hash():
    files = [ROOT / "Makefile", *(ROOT / ".github/workflows").glob("*.yml"), *(ROOT / ".ci").iterdir()]
    seen = 0
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            if line.lstrip().startswith("#") or not re.search(r"pip install", line):
                continue
            seen += 1
            ours = "--no-deps" in line and "--no-build-isolation" in line and line.rstrip().endswith("-e .")
            locks = "--require-hashes" in line and "--only-binary :all:" in line
            makes_locks = "uv==" in line  # what writes the locks can't be in them before they are
            assert ours or locks or makes_locks, f"{path.name}: {line}"
    assert seen >= 5


# -------------------------------------------------------------------------------- licences


def test_the_list_of_what_others_made_is_up_to_date():
    assert third_party.LIST.read_text("utf-8") == third_party.listed()
    assert third_party.SHIPPED.read_text("utf-8") == third_party.shipped()


def test_every_package_and_every_script_is_in_it():
    text = third_party.LIST.read_text("utf-8")
    named = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^\| ([\w.-]+) \|", text, re.MULTILINE)}
    assert entries(lock.WHOLE).keys() <= named
    held = third_party.SHIPPED.read_text("utf-8")
    for name in (
        "Pagefind",
        "Material for MkDocs",
        "Snowball",
        "Decap CMS",
        "js-yaml",
        "Natural Earth",
        "Unicode CLDR",
    ):
        assert name in held
    assert held.count("Permission is hereby granted") >= 4 and "Redistribution and use" in held


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ([("License-Expression", "MIT OR Apache-2.0")], "MIT OR Apache-2.0"),
        ([("License", "MIT")], "MIT"),
        ([("License", "UNKNOWN"), ("Classifier", "License :: OSI Approved :: MIT License")], "MIT"),
        ([("License-Expression", "AGPL-3.0-only")], None),
        ([("License-Expression", "MIT AND LicenseRef-Ours")], None),
        ([("License", "Proprietary")], None),
        ([], None),
    ],
)
def test_a_licence_that_nobody_has_read_stops_it(fields, licence):
    meta = email.message.Message()
    for name, value in [("Name", "one"), *fields]:
        meta[name] = value
    if licence:
        assert third_party.licence(meta) == licence
    else:
        with pytest.raises(third_party.Unknown):
            third_party.licence(meta)


def test_a_site_and_a_copy_hold_the_notices_and_lead_to_them(fixture_site, copy_site):
    held = third_party.SHIPPED.read_bytes()
    assert (fixture_site / "third-party.txt").read_bytes() == held
    assert 'href="../third-party.txt"' in (fixture_site / "legal/index.html").read_text("utf-8")
    assert 'href="../../third-party.txt"' in (fixture_site / "en/legal/index.html").read_text("utf-8")

    from capitalise.stick import contents

    copy = contents.assemble(copy_site)
    (path,) = (path for path in copy.sources if path.endswith("/third-party.txt"))
    assert contents.content(copy.sources[path]) == held
    legal = next(path for path in copy.sources if path.endswith("/legal.html") and "/en/" not in path)
    assert "third-party.txt" in contents.content(copy.sources[legal]).decode()


# -------------------------------------------------------------------------------- known faults


def test_every_locked_package_is_looked_up():
    held = {(package, version) for name in audit.LOCKS for package, (version, _) in entries(name).items()}
    assert held == {(package, version) for name in LOCKS for package, (version, _) in entries(name).items()}


def test_what_could_not_be_looked_up_is_not_called_good():
    good = '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}'
    bad = '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}]}'
    unknown = (
        '{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}'
    )
    assert audit.verdict(good) == (audit.NONE, ["1 of 1 packages looked up, 0 known faults."])
    code, lines = audit.verdict(bad)
    assert code == audit.FAULTY and lines[0] == "a 1: X-1, mended in 2"
    for answer in (unknown, '{"dependencies": []}', "", "no answer", "[]"):
        code, lines = audit.verdict(answer)
        assert code == audit.UNANSWERED and "NOT CHECKED" in lines[-1]
