"""Media by yt-dlp through our own proxy, from sites on the loopback interface."""

from __future__ import annotations

import importlib.util
import json
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ascertain.preserve.capture.limits import Budget, Limits
from ascertain.preserve.capture.media import fetch_media
from ascertain.preserve.capture.problem import Refused

needed = pytest.mark.skipif(importlib.util.find_spec("yt_dlp") is None, reason="no yt-dlp: pip install '.[media]'")
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 400
SEGMENT = (b"\x47\x40\x00\x10" + bytes(184)) * 20
PLAYLIST = (
    b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n/one.ts\n#EXTINF:2,\n/two.ts\n#EXT-X-ENDLIST\n"
)


def codes(done: Any) -> list[str]:
    return [problem.code for problem in done.failures]


@needed
def test_a_video_behind_a_page_is_kept_as_served_with_what_the_platform_says(
    site: Any, captured: Any, page: Any
) -> None:
    watch = "<title>Street, 7 April</title><video controls><source src=/v.mp4 type=video/mp4></video>"
    here = site({"/watch": page(watch), "/v.mp4": page(VIDEO, media_type="video/mp4")})
    done = captured(here, "/watch", media=True)
    assert (codes(done), done.method, done.title) == ([], "media", "Street, 7 April (1)")
    kept = {part.method: part.path for part in done.parts}
    assert kept["file"].read_bytes() == VIDEO
    assert json.loads(kept["metadata"].read_text())["title"] == "Street, 7 April (1)"
    with zipfile.ZipFile(done.wacz) as archive:
        index = archive.read("indexes/index.cdx").decode()
    assert f"{here.address}/v.mp4" in index
    assert f"{here.address}/watch" in index


@needed
def test_a_stream_in_pieces_is_put_together_without_any_other_program(site: Any, captured: Any, page: Any) -> None:
    here = site(
        {
            "/live.m3u8": page(PLAYLIST, media_type="application/vnd.apple.mpegurl"),
            "/one.ts": page(SEGMENT, media_type="video/mp2t"),
            "/two.ts": page(SEGMENT, media_type="video/mp2t"),
        }
    )
    done = captured(here, "/live.m3u8", media=True)
    assert codes(done) == []
    assert next(part.path for part in done.parts if part.method == "file").read_bytes() == SEGMENT * 2


@needed
def test_a_page_without_media_and_media_out_of_reach_are_failures(site: Any, captured: Any, page: Any) -> None:
    here = site(
        {
            "/none": page("<p>words"),
            "/inside": page("<video><source src='http://169.254.169.254/v.mp4' type='video/mp4'></video>"),
        }
    )
    names = {"169.254.169.254": ["169.254.169.254"]}
    assert codes(captured(here, "/none", media=True)) == ["media-failed"]
    done = captured(here, "/inside", names=names, media=True)
    assert codes(done) == ["media-failed"]
    assert "refused-address" in {problem.code for problem in done.notes}
    assert not any(part.method == "file" for part in done.parts)


@needed
def test_a_video_without_an_end_ends_at_the_limit(site: Any, captured: Any) -> None:
    def endless(connection: socket.socket, request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + VIDEO)
        while not request.startswith("HEAD"):
            connection.sendall(bytes(65536))

    done = captured(site({"/v.mp4": endless}), "/v.mp4", media=True, limits={"bytes": 5_000_000})
    assert codes(done) == ["limit-bytes"]


@needed
def test_a_video_that_was_cut_is_no_capture(site: Any, captured: Any) -> None:
    """The site closes without having said how long the video is: only the missing TLS close or chunk could tell."""

    def cut(connection: socket.socket, _: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"%x\r\n%s\r\n" % (len(VIDEO), VIDEO))

    assert "truncated" in codes(captured(site({"/v.mp4": cut}), "/v.mp4", media=True))


def test_without_yt_dlp_it_is_a_named_failure(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        fetch_media("https://example.org/v", 1, tmp_path, Budget(Limits()), "Ascertain/0", module="no_such_yt_dlp")
    assert caught.value.problem.code == "media-missing"
    assert "ascertain[media]" in caught.value.problem.reason
