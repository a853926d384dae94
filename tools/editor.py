"""Brings the editor's scripts from the npm registry into `hooks/capitalise/editor/vendor/`, each as one file.

    python tools/editor.py          # after a change of version below; needs npm

The versions are fixed here; what came is written down with its SHA-256 in `vendor/vendor.json`, which a test
compares with the files. They are kept compressed, and the same bytes come out each time.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "hooks/capitalise/editor/vendor"
PACKAGES = {
    "decap-cms": {
        "version": "3.16.3",
        "licence": "MIT",
        "script": "dist/decap-cms.js",
        "notice": "dist/decap-cms.js.LICENSE.txt",
    },
    "js-yaml": {"version": "4.3.2", "licence": "MIT", "script": "dist/js-yaml.min.js", "notice": "LICENSE"},
}


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    record = {}
    for name, package in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                ["npm", "pack", "--silent", f"{name}@{package['version']}"], cwd=folder, check=True, stdout=sys.stderr
            )
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                script = _member(archive, package["script"])
                notice = _member(archive, package["notice"])
        # The maps are not shipped: a browser that asked for one would get "not found".
        script = re.sub(rb"\n//# sourceMappingURL=.*\s*\Z", b"\n", script)
        file = Path(package["script"]).name
        (VENDOR / f"{file}.gz").write_bytes(gzip.compress(script, 9, mtime=0))
        (VENDOR / f"{name}.LICENSE.txt").write_bytes(notice)
        record[file] = {
            "package": name,
            "version": package["version"],
            "licence": package["licence"],
            "sha256": hashlib.sha256(script).hexdigest(),
        }
    (VENDOR / "vendor.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    file = archive.extractfile(f"package/{path}")
    if file is None:
        sys.exit(f"{path}: not in the package")
    return file.read()


if __name__ == "__main__":
    main()
