"""What is asked of the computer itself."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def cores() -> int:
    """How many things can be worked on at once: as many as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_anew() -> NoReturn:
    """Starts the same command again in the same process, with a program that has changed. Not on Windows."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, sys.orig_argv)
