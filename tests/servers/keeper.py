"""Runs a server for the tests and ends it when the process that watched over the tests is gone, however it went.

usage: keeper.py WATCHED_PID FOLDER USER COMMAND...
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


def main(watched: int, folder: Path, user: str, command: list[str]) -> None:
    rights = {"user": user, "group": _group(user), "extra_groups": []} if user else {}
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **rights)
    (folder / "server.pid").write_text(str(server.pid))
    while server.poll() is None and _is_alive(watched):
        time.sleep(0.2)
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
