"""What a build made, kept for the next one: values by the hash of all that they were made from.

One SQLite file: two builds may share it, it is whole whatever stops a program, and it may be deleted at any time.
Nothing in it is ever run. A build that can't use it does with a file of its own, which goes with it.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
import zlib
from pathlib import Path

from capitalise import limits

_DAY = 86_400
_TABLE = """
create table if not exists made (key blob primary key, value blob not null, used integer not null)
"""
_AT_ONCE = 200
"""Values written in one go, at most."""
_FORMAT = 1
"""Of the table: another one is made anew."""


def digest(*parts: str | bytes) -> bytes:
    """A key made from all of these, in their order."""
    made = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.digest()


_left_alone: list[sqlite3.Connection] = []
"""Connections of the process that was forked: closing them here would take its locks away."""


class Store:
    """Values by key, packed. Without a path, or where the file can't be used, they last as long as this object.

    What is put is written some at a time, by `flush` at the latest. One thread at
    a time may use it; a process that was forked begins with `again`.
    """

    def __init__(self, path: Path | None, most: int = limits.MAX_CACHE_BYTES) -> None:
        self.path, self.most = path, most
        self.today = int(time.time()) // _DAY
        self._base: sqlite3.Connection | None = None
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._lasts: tempfile.TemporaryDirectory | None = None
        if path:
            self._open()

    def again(self) -> None:
        """Opens the file anew, in a process that was forked: a connection can't be shared (sqlite.org/howtocorrupt)."""
        self._new.clear()
        self._used.clear()
        if self._base is not None:
            _left_alone.append(self._base)
            self._open()

    def get(self, key: bytes) -> bytes | None:
        """What was kept under a key; None where nothing was, or it can't be read."""
        if key in self._new:
            return zlib.decompress(self._new[key])
        if self._base is None:
            return None
        try:
            row = self._base.execute("select value, used from made where key = ?", (key,)).fetchone()
            if row is None:
                return None
            if row[1] != self.today:
                self._used.add(key)
            return zlib.decompress(row[0])
        except (sqlite3.Error, zlib.error):  # zlib sees a byte that flipped
            return None

    def put(self, key: bytes, value: bytes) -> None:
        """Keeps a value."""
        if self._base is None and self._lasts is None:
            self._lasts = tempfile.TemporaryDirectory(prefix="capitalise-")
            self.path = Path(self._lasts.name, "made.sqlite3")
            self._open()
        self._new[key] = zlib.compress(value, 1)
        if len(self._new) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Writes what was put, and notes what was used."""
        rows = [(key, value, self.today) for key, value in self._new.items()]
        self._write("insert or replace into made values (?, ?, ?)", rows)
        self._write("update made set used = ? where key = ?", [(self.today, key) for key in self._used])
        self._new.clear()
        self._used.clear()

    def close(self) -> None:
        """Makes room for what comes next, and lets go of the file."""
        self.flush()
        if self._base is not None:
            try:
                self._make_room()
                self._base.close()
            except sqlite3.Error:
                pass
            self._base = None
        if self._lasts:
            self._lasts.cleanup()

    def _open(self) -> None:
        for attempt in (1, 2):
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                base = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
                if base.execute("pragma user_version").fetchone()[0] not in (0, _FORMAT):
                    base.execute("drop table made")
                base.execute("pragma journal_mode = wal")
                base.execute("pragma synchronous = normal")
                base.execute(_TABLE)
                base.execute(f"pragma user_version = {_FORMAT}")
                self._base = base
                return
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError) or attempt == 2:
                    return  # locked for long, or in a folder that can't be written
                self._forget()
            except OSError:
                return

    def _forget(self) -> None:
        """Deletes a file that is no database: nothing in it is missed."""
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _write(self, statement: str, rows: list[tuple]) -> None:
        if self._base is None or not rows:
            return
        try:
            self._base.execute("begin immediate")
            self._base.executemany(statement, rows)
            self._base.execute("commit")
        except sqlite3.OperationalError:  # a disk that is full, another build that writes for long
            if self._base.in_transaction:
                self._base.execute("rollback")
        except sqlite3.DatabaseError:
            self._base = None

    def _make_room(self) -> None:
        """Deletes what was not used for longest, until half the place is free, when there is too much."""
        size = self._base.execute("select page_count * page_size from pragma_page_count, pragma_page_size").fetchone()
        if size[0] <= self.most:
            return
        kept = 0
        for key, length in self._base.execute("select key, length(value) from made order by used desc, key").fetchall():
            kept += length + 100
            if kept > self.most // 2:
                self._write("delete from made where key = ?", [(key,)])
        self._base.execute("vacuum")
