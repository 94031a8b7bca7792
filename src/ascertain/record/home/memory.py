"""What this workstation last saw of a record that lies on somebody's server.

A log that was put back to an earlier state, or rewritten as a whole, verifies by itself. It no longer holds the head
that was seen here. Each workstation notes in its own folder the last head that it wrote or verified, and holds the log
against it when it opens the record.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from ascertain.errors import RecordDamaged
from ascertain.record import tables
from ascertain.record.merkle import Frontier

FILE = "seen.json"


@dataclass(frozen=True, slots=True)
class Memory:
    """The last head that was seen, in a file of the record's folder."""

    folder: Path

    def check(self, connection: Connection) -> None:
        """Raises RecordDamaged when the log no longer holds what was seen."""
        seen = self._seen()
        if seen is None:
            return
        size, root = seen
        there = connection.execute(select(tables.heads.c.root).where(tables.heads.c.size == size)).scalar()
        if there is None or there.hex() != root:
            raise RecordDamaged(
                f"the log no longer holds what this workstation saw of it: {size} entries with the root {root}. "
                "It was put back to an earlier state, or rewritten",
                next_step=f"ask who runs the server; remove {self._path} only when you know why",
            )

    def note(self, tree: Frontier) -> None:
        """Note a head, unless a later one was seen. A folder that cannot be written to notes nothing."""
        seen = self._seen()
        if tree.size <= (seen[0] if seen else 0) or not os.access(self.folder, os.W_OK):
            return
        beside = self._path.with_name(f".{FILE}.{secrets.token_hex(4)}")
        beside.write_text(json.dumps({"size": tree.size, "root": tree.root().hex()}) + "\n", "utf-8")
        beside.replace(self._path)

    @property
    def _path(self) -> Path:
        return self.folder / FILE

    def _seen(self) -> tuple[int, str] | None:
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return int(said["size"]), str(said["root"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise RecordDamaged(f"{self._path} is unreadable", next_step="remove it only when you know why") from error
