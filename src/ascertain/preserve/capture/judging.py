"""Whether what was captured is the page that was asked for. What stands in its way is named: never a quiet success."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import yaml

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.problem import Code, Problem
from ascertain.preserve.capture.seen import Asked, Seen

_PNG = b"\x89PNG\r\n\x1a\n"
_STEP = 1024 * 1024


def compare(asked: Sequence[Asked], exchanges: Sequence[Exchange]) -> list[Problem]:
    """Every answer that the browser had and the archive lacks: the same method, address and status must be there."""
    kept = {(one.method, one.url, one.status) for one in exchanges}
    found = []
    for one in asked:
        if one.status and not one.own and (one.method, one.url, one.status) not in kept:
            code = Code.MAIN_NOT_RECORDED if one.main else Code.NOT_RECORDED
            found.append(Problem(code, f"the browser had an answer ({one.status}) that the archive lacks", one.url))
    return list(dict.fromkeys(found))


def unclaimed(asked: Sequence[Asked], exchanges: Sequence[Exchange]) -> list[str]:
    """Addresses in the archive that the browser does not report: our own requests, preflights and the like."""
    reported = {(one.method, one.url) for one in asked}
    return sorted({one.url for one in exchanges if (one.method, one.url) not in reported})


def main_exchange(seen: Seen, exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange that gave the page which is shown; None when there is none, or the archive lacks it."""
    ways = seen.navigations
    last = next((one for one in reversed(ways) if one.shown), None)
    if last is None and ways and ways[-1].status >= 400:  # an error without a page, for which Chromium shows its own
        last = ways[-1]
    if last is None:
        return None
    key = (last.method, last.url, last.status)
    return next((one for one in reversed(exchanges) if (one.method, one.url, one.status) == key), None)


def judge_page(seen: Seen, main: Exchange | None, asked: str, problems: Sequence[Problem]) -> list[Problem]:
    """Why this capture of a page has failed; empty when it has not. `problems` are those of the gateway."""
    shown = [one.url for one in seen.navigations] or [asked]
    if seen.kind != "page" or main is None:
        answers = judge_answer(main) if main else []
        reasons = [problem for problem in problems if problem.url in shown and problem not in answers]
        found = answers + reasons[-1:]
        return found or [Problem(Code.PAGE_FAILED, seen.error or "the browser shows no page", shown[-1])]
    found = judge_answer(main)
    late = [problem for problem in seen.problems if problem.code == Code.LIMIT_SECONDS]
    if main.problem and main.problem.code == Code.LEFT and late:  # we left because the time was over
        found = late + found[1:]
    unseen = [problem for problem in seen.problems if problem.code == Code.PAGE_FAILED]
    if main.problem or unseen:  # then what was seen of it says nothing
        return list(dict.fromkeys(found + unseen))
    wall = bot_wall(seen, main) or login_wall(seen, asked)
    if wall is not None:
        found.append(wall)
    elif not seen.text.strip() and not seen.pictures:
        found.append(Problem(Code.EMPTY_PAGE, "the page shows no text, no picture and no frame", seen.url))
    if seen.screenshot is None:
        found.append(Problem(Code.BLANK_SCREENSHOT, "there is no screenshot", seen.url))
    elif is_one_colour(seen.screenshot.png):
        found.append(Problem(Code.BLANK_SCREENSHOT, "the screenshot is of one colour", seen.url))
    return list(dict.fromkeys(found))


def judge_answer(exchange: Exchange) -> list[Problem]:
    """Why this answer is not what was asked for: it was cut, it is an error, or it is nothing."""
    found = [exchange.problem] if exchange.problem else []
    if exchange.status >= 400:
        found.append(Problem(Code.HTTP_ERROR, f"the server answers with status {exchange.status}", exchange.url))
    if exchange.head is not None and exchange.entity_size == 0:
        found.append(Problem(Code.ZERO_BYTES, f"the answer ({exchange.status}) has no bytes", exchange.url))
    return found


def bot_wall(seen: Seen, main: Exchange) -> Problem | None:
    """A page that asks whether we are a robot instead of the page that was asked for."""
    known = _walls()
    little = seen.text_characters <= known["little_text"]
    title, text = seen.title.strip().lower(), seen.text.lower() if little else ""
    for wall in known["bot_walls"]:
        said = any(value in http1.header(main.headers, name).lower() for name, value in wall.get("headers", {}).items())
        looks = little and (title in wall.get("titles", ()) or any(part in text for part in wall.get("texts", ())))
        if said or looks:
            return Problem(Code.BOT_WALL, f"a wall against robots ({wall['name']})", seen.url)
    return None


def login_wall(seen: Seen, asked: str) -> Problem | None:
    """A page that wants a log-in instead of the page that was asked for."""
    known = _walls()
    here = _place(seen.url)
    if here != _place(asked):
        last = here.rstrip("/").rpartition("/")[2].partition(".")[0]
        if last in known["login_paths"] or any(part in here for part in known["login_addresses"]):
            return Problem(Code.LOGIN_WALL, "the site sends us to a log-in", seen.url)
    if seen.passwords and seen.text_characters <= known["little_text_beside_a_password"]:
        return Problem(Code.LOGIN_WALL, "the page is little more than a field for a password", seen.url)
    return None


def is_one_colour(png: bytes) -> bool:
    """Whether every pixel of a PNG (8 bits, not interlaced, as Chromium makes them) is the same. False when unsure.

    No pixel is worked out: in a picture of one colour each row has, under each of PNG's five filters, exactly one form.
    """
    if not png.startswith(_PNG) or len(png) < 33:
        return False
    width, _, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 0)
    pixel = b""
    if depth != 8 or interlaced or not channels or not width:
        return False
    forms: dict[int, bytes] = {}
    for number, row in enumerate(_rows(png, 1 + width * channels)):
        if number < 2:
            pixel = row[1 : 1 + channels] if number == 0 else pixel
            forms = _forms(pixel, width, first=number == 0)
        if row[1:] != forms.get(row[0]):
            return False
    return bool(forms)


def _forms(pixel: bytes, width: int, *, first: bool) -> dict[int, bytes]:
    """What each filter (None, Sub, Up, Average, Paeth) makes of a row of one colour, above it nothing or the same."""
    rest = width - 1
    half = bytes(value - value // 2 for value in pixel)
    once, nothing = pixel + bytes(len(pixel) * rest), bytes(len(pixel) * width)
    if first:
        return {0: pixel * width, 1: once, 2: pixel * width, 3: pixel + half * rest, 4: once}
    return {0: pixel * width, 1: once, 2: nothing, 3: half + bytes(len(pixel) * rest), 4: nothing}


def _rows(png: bytes, length: int) -> Iterator[bytes]:
    """The rows of a picture, each with its filter's number first, unpacked step by step."""
    unpack, buffer, at = zlib.decompressobj(), b"", 8
    while at + 8 <= len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        data = png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + size
        while data:
            try:
                buffer += unpack.decompress(data, _STEP)
            except zlib.error:
                return
            data = unpack.unconsumed_tail
            whole = len(buffer) - len(buffer) % length
            for start in range(0, whole, length):
                yield buffer[start : start + length]
            buffer = buffer[whole:]


def _place(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"


@functools.cache
def _walls() -> Any:
    return yaml.safe_load(resources.files("ascertain.preserve.capture").joinpath("walls.yaml").read_text("utf-8"))
