"""The bench measures all that a build starts, and ends all of it at its limit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import measuring  # noqa: E402
import run as bench  # noqa: E402

_WORK = """
import time
held, end = bytearray(80_000_000), time.process_time() + 0.4
while time.process_time() < end: pass
"""
_IN_A_CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_WORK!r}], check=True)\n"
_ENDLESS = """
import subprocess, sys
from pathlib import Path
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
Path("child").write_text(str(child.pid))
child.wait()
"""


def test_a_build_is_measured_with_what_it_starts(tmp_path):
    cost = measuring.run([[sys.executable, "-c", _IN_A_CHILD]] * 2, tmp_path)
    assert 0.8 <= cost.cpu <= cost.wall * 2 and cost.memory > 80
    if Path("/proc/self/status").exists():
        assert cost.without_indexer > 80


def test_a_build_ends_at_its_limit_with_what_it_started(tmp_path):
    with pytest.raises(measuring.TooLong):
        measuring.run([[sys.executable, "-c", _ENDLESS]], tmp_path, limit=2)
    stat = Path(f"/proc/{(tmp_path / 'child').read_text()}/stat")
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_growth_is_the_power_of_the_number_of_sheets():
    assert bench.growth((250, 5.0), 1000, 20.0) == "1.00"
    assert bench.growth((250, 5.0), 1000, 80.0) == "2.00"
    assert bench.growth(None, 1000, 80.0) == ""
