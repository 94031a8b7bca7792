"""Media platforms, by yt-dlp in a process of its own, through the same proxy. An extra: without it, a failure."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ascertain.preserve.capture.limits import Budget
from ascertain.preserve.capture.problem import Code, Problem, Refused

_INFORMATION = "information.info.json"
_MOST_INFORMATION_BYTES = 20 * 1024 * 1024
_MOST_FILES = 8


@dataclass
class Fetched:
    """What a platform gave: the files, `file` for media and `metadata` for what the platform says of it."""

    url: str = ""
    title: str = ""
    files: list[tuple[str, Path]] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)


def fetch_media(address: str, port: int, folder: Path, budget: Budget, agent: str, module: str = "yt_dlp") -> Fetched:
    """Fetch the media behind an address through the proxy on `port`, as served: nothing is merged, converted or run.

    Raises Refused when yt-dlp is missing or the time is over before it began.
    """
    if importlib.util.find_spec(module) is None:
        raise Refused(Code.MEDIA_MISSING, "no yt-dlp in this Python (pip install 'ascertain[media]')", address)
    command = [sys.executable, "-I", "-m", module, *_options(port, folder, budget, agent), "--", address]
    fetched = Fetched()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={"HOME": str(folder), "PATH": "/nonexistent", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=budget.seconds_left(),
            check=False,
        )
        failed, said = done.returncode != 0, done.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        failed, said = True, ""
        fetched.failures.append(Problem(Code.LIMIT_SECONDS, "the media did not come in time", address))
    _gather(folder, fetched)
    media = any(method == "file" for method, _ in fetched.files)
    if not fetched.failures and (failed or not media):
        fetched.failures.append(Problem(Code.MEDIA_FAILED, _reason(said), address))
    return fetched


def _options(port: int, folder: Path, budget: Budget, agent: str) -> list[str]:
    """Every option is given here: no configuration file, no plug-in, no program beside it, no cookies of a browser."""
    return [
        "--ignore-config", "--no-plugin-dirs", "--no-cache-dir", "--no-cookies-from-browser", "--no-update",
        "--proxy", f"http://127.0.0.1:{port}",
        "--no-check-certificates",  # the proxy checks the origin's; its own is of this capture
        "--no-playlist", "--playlist-items", "1", "--max-downloads", "2",
        "--format", "bv*+ba/b/bv*/ba", "--audio-multistreams", "--fixup", "never", "--keep-video", "--no-mtime",
        "--downloader", "native", "--hls-prefer-native", "--no-part", "--no-continue",
        "--max-filesize", str(budget.limits.bytes),
        "--socket-timeout", str(int(budget.limits.idle_seconds) or 1), "--retries", "1", "--fragment-retries", "1",
        "--extractor-retries", "1", "--abort-on-unavailable-fragments",
        "--user-agent", f"Mozilla/5.0 (compatible; {agent})",
        "--restrict-filenames", "--paths", str(folder),
        "--output", "media.%(format_id)s.%(ext)s", "--output", "infojson:information", "--write-info-json",
        "--clean-info-json", "--no-progress", "--quiet", "--no-warnings", "--no-colors",
    ]  # fmt: skip


def _gather(folder: Path, fetched: Fetched) -> None:
    information = folder / _INFORMATION
    if information.is_file() and information.stat().st_size <= _MOST_INFORMATION_BYTES:
        said = _parsed(information)
        fetched.url, fetched.title = str(said.get("webpage_url", ""))[:8192], str(said.get("title", ""))[:1000]
        fetched.files.append(("metadata", information))
    for path in sorted(folder.glob("media.*"))[:_MOST_FILES]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            fetched.files.append(("file", path))


def _parsed(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _reason(said: str) -> str:
    lines = [line.removeprefix("ERROR: ").strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:500] if lines else "yt-dlp found no media there"
