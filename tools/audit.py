"""Asks the advisory database whether a locked version has a known fault, and says plainly where it got no answer.

    python tools/audit.py        # in the environment of requirements-audit.txt (make audit)

pip-audit takes a package that its service does not know for one without faults, and says "No known vulnerabilities
found": behind a mirror of the registry that would be so of all of them. Here that is a failure of its own.
Ends with 0: all were looked up, none has a known fault; 1: some have; 3: some or all could not be looked up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import lock

ROOT = Path(__file__).parents[1]
LOCKS = (lock.WHOLE, lock.AUDIT, lock.BENCH)
"""Between them they hold every package; the locks of the site and of Word hold the same versions."""
NONE, FAULTY, UNANSWERED = 0, 1, 3


def verdict(answer: str) -> tuple[int, list[str]]:
    """What pip-audit's JSON says: the code to end with, and the lines to print."""
    try:
        rows = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNANSWERED, ["NOT CHECKED: the advisory database gave no answer. This says nothing of the packages."]
    faulty = [
        f"{row['name']} {row['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version yet'}"
        for row in rows
        for one in row.get("vulns", ())
    ]
    unknown = [row["name"] for row in rows if "skip_reason" in row]
    lines = [*faulty, f"{len(rows) - len(unknown)} of {len(rows)} packages looked up, {len(faulty)} known faults."]
    if unknown or not rows:
        lines.append(f"NOT CHECKED: {', '.join(unknown) or 'everything'}. The database is not reached from here?")
    return (FAULTY if faulty else UNANSWERED if unknown or not rows else NONE), lines


def main() -> int:
    worst = NONE
    for name in LOCKS:
        command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner=off"]
        done = subprocess.run([*command, "--format=json", "-r", ROOT / name], capture_output=True, text=True)
        code, lines = verdict(done.stdout)
        worst = max(worst, code, key=(NONE, UNANSWERED, FAULTY).index)
        print(f"{name}:", *lines, sep="\n    ")
        if code and os.environ.get("GITHUB_ACTIONS"):
            print(f"::error title={name}::{lines[-1]}")
        if code == UNANSWERED:
            print(done.stderr.strip()[-500:], file=sys.stderr)
    return worst


if __name__ == "__main__":
    sys.exit(main())
