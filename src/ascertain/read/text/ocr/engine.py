"""Debian's tesseract as a separate process: no shell, no file, no address; bytes in, lines of a table out.

Pixels go in as PGM, the plainest format there is, because they were decoded elsewhere (`ascertain.pixels`): tesseract's
own decoders never see a stranger's file. It is no sandbox: an engine that is taken over has the user's rights.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from ascertain.errors import UnreadableExhibit
from ascertain.pixels.decode import Picture

PACKAGES = {
    "ara": "tesseract-ocr-ara",
    "eng": "tesseract-ocr-eng",
    "fas": "tesseract-ocr-fas",
    "fra": "tesseract-ocr-fra",
    "rus": "tesseract-ocr-rus",
    "tur": "tesseract-ocr-tur",
    "osd": "tesseract-ocr-osd",
}
_LAUNCH = Path(__file__).with_name("launch.py")
_VERSION = re.compile(r"tesseract\s+v?(\S+)")
_MOST_ANSWER_BYTES = 32 * 1024 * 1024
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}  # one thread: the same words every time, and no crowd
_ASKING_SECONDS = 30


@dataclass(frozen=True, slots=True)
class OcrLimits:
    """What the OCR of one exhibit may cost: pixels, memory (MB) and seconds a page, and pages."""

    pixels: int = 50_000_000
    memory_mb: int = 2_048
    seconds: int = 120
    pages: int = 500


@dataclass(frozen=True, slots=True)
class Engine:
    """A tesseract that is installed: its program, version and languages (as tesseract names them)."""

    program: str
    version: str
    languages: frozenset[str]

    @property
    def name(self) -> str:
        """What a note says of it."""
        return f"tesseract {self.version}"


@lru_cache(maxsize=4)
def find_engine(name: str = "tesseract") -> Engine:
    """The installed tesseract. Raises UnreadableExhibit, with the command that installs it, when there is none."""
    program = shutil.which(name)
    if program is None:
        raise UnreadableExhibit("a scan or an image is read by tesseract, which is not installed", next_step=install())
    version = _VERSION.search(_asked(program, "--version"))
    lines = _asked(program, "--list-langs").splitlines()[1:]
    return Engine(program, version[1] if version else "of no known version", frozenset(filter(None, lines)))


def install(languages: Sequence[str] = ("eng", "ara", "fra", "rus", "tur", "fas")) -> str:
    """The command that installs tesseract with languages."""
    packages = [PACKAGES[language] for language in ("osd", *languages)]
    return f"sudo apt-get install -y tesseract-ocr {' '.join(packages)}"


def _asked(program: str, question: str) -> str:
    try:
        answer = subprocess.run(
            [program, question], capture_output=True, timeout=_ASKING_SECONDS, env=_ENVIRONMENT, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UnreadableExhibit(f"tesseract does not run ({error})", next_step=install()) from error
    return (answer.stdout + answer.stderr).decode("utf-8", "replace")


def run_engine(
    engine: Engine, picture: Picture, arguments: Sequence[str], *, dots: int, limits: OcrLimits
) -> tuple[bytes, bytes]:
    """What tesseract prints of a grey picture of `dots` to an inch, and what it complains of.

    Raises UnreadableExhibit when it takes more than its time or memory, or fails.
    """
    command = [sys.executable, "-I", str(_LAUNCH), str(limits.memory_mb), str(limits.seconds + 1)]
    command += [engine.program, "stdin", "stdout", "--dpi", str(dots), *arguments]
    header = b"P5\n%d %d\n255\n" % (picture.width, picture.height)
    late = threading.Event()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_ENVIRONMENT
    ) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        complaints: list[bytes] = []
        timer = threading.Timer(limits.seconds, _end, (process, late))
        threads = [
            threading.Thread(target=_feed, args=(process.stdin, header, picture.pixels), daemon=True),
            threading.Thread(target=_drain, args=(process.stderr, complaints), daemon=True),
        ]
        timer.start()
        for thread in threads:
            thread.start()
        try:
            answer = process.stdout.read(_MOST_ANSWER_BYTES)
            status = process.wait()
        finally:
            timer.cancel()
            process.kill()
            for thread in threads:
                thread.join()
    if late.is_set():
        raise UnreadableExhibit(f"OCR of a page takes more than {limits.seconds} seconds", next_step="raise the limit")
    if status != 0:
        said = b"".join(complaints).decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {status}"]
        raise UnreadableExhibit(f"tesseract failed on a page ({said[0][:200]})")
    return answer, b"".join(complaints)


def _end(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _feed(pipe: IO[bytes], header: bytes, pixels: bytes) -> None:
    try:
        with pipe:
            pipe.write(header)
            pipe.write(pixels)
    except BrokenPipeError:  # it ended before it read all: its status says so
        return


def _drain(pipe: IO[bytes], into: list[bytes]) -> None:
    into.append(pipe.read(_MOST_ANSWER_BYTES))
