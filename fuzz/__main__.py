"""`python -m fuzz [--seconds 900] [--inputs N] [--seed N]`, or `python -m fuzz --again FILE…` for what was found."""

from __future__ import annotations

import argparse
import re
import secrets
import sys
from pathlib import Path

from fuzz.running import alone, run, smaller
from fuzz.targets import ROOT, TARGETS, kept, target_of

KEPT = ROOT / "build/fuzz"


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--inputs", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--target", action="append", choices=[*TARGETS])
    parser.add_argument("--again", nargs="+", type=Path, metavar="FILE", help="files that an earlier run kept")
    asked = parser.parse_args()
    if asked.again:
        return _again(asked.again)
    targets = {name: target for name, target in TARGETS.items() if not asked.target or name in asked.target}
    print(f"seed {asked.seed}", flush=True)
    counts, findings = run(targets, asked.seed, asked.inputs, asked.seconds)
    print(", ".join(f"{name} {count}" for name, count in counts.items()), f"= {sum(counts.values())} inputs")
    KEPT.mkdir(parents=True, exist_ok=True)
    seen = set()
    for finding in findings:
        mark = re.sub(r"0x[0-9a-f]+|\d+|'[^']*'", "", finding.what[-300:])
        if mark in seen:
            continue
        seen.add(mark)
        content = smaller(TARGETS[finding.target], finding)
        path = KEPT / kept(finding.target, content)
        path.write_bytes(content)
        print(f"\n{finding.target} {finding.number}, kept in {path.relative_to(ROOT)}:\n{finding.what}")
    print(f"{len(findings)} findings, {len(seen)} of them different" if findings else "nothing found")
    return 1 if findings else 0


def _again(paths: list[Path]) -> int:
    """Puts in what was kept, to see whether it is mended."""
    bad = 0
    for path in paths:
        if what := alone(target_of(path), path.read_bytes()):
            bad += 1
            print(f"{path}:\n{what}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
