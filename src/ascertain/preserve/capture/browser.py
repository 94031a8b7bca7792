"""The browser, in a process of its own: whatever a page or the browser does, it ends, and nothing of it is left.

The process has its own group, an environment of four variables and a temporary folder that is removed afterwards. It
writes what was seen to files; nothing in them is executed or unpickled.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from ascertain.preserve.capture.limits import Limits
from ascertain.preserve.capture.problem import Code, Refused
from ascertain.preserve.capture.seen import Seen, seen_from_json

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WORKER = Path(__file__).with_name("visiting.py")
_ANSWER, _PICTURE = "seen.json", "seen.png"
_MOST_ANSWER_BYTES, _MOST_PICTURE_BYTES = 64 * 1024 * 1024, 256 * 1024 * 1024
_GRACE_SECONDS = 45.0  # for starting, looking and closing, over the seconds of the capture
_SAID_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit needs: the proxy's port, the key that is believed, the folders for the profile and the answer."""

    address: str
    executable: str
    port: int
    pin: str
    agent: str
    profile: str
    answer: str
    limits: Limits

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Visit:
        """What `to_json` gave."""
        told = json.loads(text)
        return Visit(**{**told, "limits": Limits(**told["limits"])})


def find_browser(wanted: str = "") -> str:
    """The path of a Chromium: the one that is wanted, or the first of the usual names. Raises Refused."""
    if importlib.util.find_spec("playwright") is None:
        raise Refused(Code.BROWSER_MISSING, "no playwright in this Python (pip install 'ascertain[capture]')")
    for name in (wanted,) if wanted else NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise Refused(Code.BROWSER_MISSING, f"no {wanted or 'Chromium'} on this machine (apt-get install chromium)")


def visit(wanted: Visit) -> Seen:
    """Visit a page and tell what was seen. Raises Refused when the browser failed as a whole."""
    environment = {"HOME": wanted.profile, "TMPDIR": wanted.profile, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [sys.executable, "-I", str(_WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,  # an interrupt is for us to pass on
    ) as process:
        try:
            _, said = process.communicate(wanted.to_json().encode() + b"\n", wanted.limits.seconds + _GRACE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Refused(Code.BROWSER_FAILED, "the browser did not end in time", wanted.address) from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    seen = _read_seen(Path(wanted.answer))
    if seen is None or not seen.product:
        reason = seen.error if seen is not None else said.decode("utf-8", "replace").strip()[-_SAID_SHOWN:]
        raise Refused(Code.BROWSER_FAILED, f"the browser: {reason or 'it said nothing'}", wanted.address)
    return seen


def keep_seen(seen: Seen, folder: Path) -> None:
    """Write what was seen to a folder; the last file is there only when all is."""
    if seen.screenshot is not None:
        (folder / _PICTURE).write_bytes(seen.screenshot.png)
    unfinished = folder / f"{_ANSWER}.part"
    unfinished.write_text(json.dumps(seen.to_json()), "ascii")
    unfinished.rename(folder / _ANSWER)


def _read_seen(folder: Path) -> Seen | None:
    path, picture = folder / _ANSWER, folder / _PICTURE
    if not path.is_file() or path.stat().st_size > _MOST_ANSWER_BYTES:
        return None
    png = picture.read_bytes() if picture.is_file() and picture.stat().st_size <= _MOST_PICTURE_BYTES else None
    return seen_from_json(json.loads(path.read_text("ascii")), png)
