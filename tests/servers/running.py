"""Starting a server once for all processes of a test run, and finding it again from the others."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_ROOM = 512 * 1024 * 1024


def once_a_run(factory: pytest.TempPathFactory, name: str, start: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `start` said, from whichever process of the run called it first."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = root / f"{name}.json"
        if not said.exists():
            said.write_text(json.dumps(start()))
        return dict(json.loads(said.read_text()))


def new_folder(name: str, user: str = "") -> Path:
    """A folder for a server's files, in memory where there is room: waiting for a disk would make the tests slow."""
    memory = Path("/dev/shm")
    fits = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix=f"ascertain-{name}-", dir=memory if fits else None))
    if user:
        shutil.chown(folder, user)
    return folder


def keep_running(folder: Path, command: list[str], user: str = "") -> int:
    """Start a server that lives as long as this test run; returns its keeper's process id."""
    watched = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    keeper = [sys.executable, str(Path(__file__).with_name("keeper.py")), str(watched), str(folder), user, *command]
    return subprocess.Popen(keeper, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).pid


def free_ports(number: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
