"""What makes a capture a failure, on what a browser tells: no browser is needed here."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.judging import compare, is_one_colour, judge_page, main_exchange, unclaimed
from ascertain.preserve.capture.problem import Code, Problem
from ascertain.preserve.capture.seen import Asked, Screenshot, Seen

PAGE = "https://example.org/report"
WHEN = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


def png(
    width: int = 8, height: int = 8, colour: Any = (255, 255, 255), *, dot: bool = False, mode: str = "RGB"
) -> bytes:
    image = Image.new(mode, (width, height), colour)
    if dot:
        image.putpixel((width - 1, height - 1), tuple(0 for _ in image.getbands()) if len(image.getbands()) > 1 else 7)
    out = io.BytesIO()
    image.save(out, "png")
    return out.getvalue()


def answer(url: str = PAGE, status: int = 200, *headers: str, method: str = "GET", size: int = 100) -> Exchange:
    raw = "\r\n".join((f"HTTP/1.1 {status} x", *headers)).encode() + b"\r\n\r\n"
    made = Exchange(1, method, url, WHEN, Path("/nowhere"))
    made.head, made.entity_size = http1.parse_response(raw), size
    return made


def seen(text: str = "Two people were hurt.", url: str = PAGE, **options: Any) -> Seen:
    asked = options.pop("asked", [Asked("GET", url, 200, True, shown=True)])
    shot = Screenshot(png(dot=True), 8, 8, 8)
    made = Seen(kind="page", url=url, text=text, text_characters=len(text), asked=asked, screenshot=shot)
    for name, value in options.items():
        setattr(made, name, value)
    return made


def codes(
    saw: Seen, main: Exchange | None = None, asked: str = PAGE, problems: list[Problem] | None = None
) -> list[str]:
    return [problem.code for problem in judge_page(saw, main or answer(), asked, problems or [])]


def test_a_page_with_words_and_a_picture_is_no_failure() -> None:
    assert codes(seen()) == []


@pytest.mark.parametrize(
    ("saw", "main", "code"),
    [
        (seen(), answer(PAGE, 404), "http-error"),
        (seen(), answer(PAGE, 500), "http-error"),
        (seen(), answer(PAGE, size=0), "zero-bytes"),
        (seen(" \n\t "), answer(), "empty-page"),
        (seen(screenshot=Screenshot(png(), 8, 8, 8)), answer(), "blank-screenshot"),
        (seen(screenshot=None), answer(), "blank-screenshot"),
        (seen("Wait", title="Just a moment..."), answer(), "bot-wall"),
        (seen("x" * 9000), answer(PAGE, 200, "CF-Mitigated: challenge"), "bot-wall"),
        (seen("Please enable JS and disable any ad blocker"), answer(), "bot-wall"),
        (seen("Access Denied. You don't have permission to access this.", title="Access Denied"), answer(), "bot-wall"),
        (seen("Welcome back", passwords=1), answer(), "login-wall"),
        (seen("A lot of words. " * 300, "https://example.org/login.php?next=report"), answer(), "login-wall"),
        (seen("A lot of words. " * 300, "https://accounts.google.com/v3/signin/x"), answer(), "login-wall"),
        (seen("Words.", "https://www.facebook.com/login/?next=x"), answer(), "login-wall"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_named(saw: Seen, main: Exchange, code: str) -> None:
    assert codes(saw, main) == [code]


def test_an_article_about_a_wall_is_none_and_a_page_with_a_log_in_is_none() -> None:
    assert codes(seen("Just a moment... The checking your browser before accessing page. " * 100)) == []
    assert codes(seen("A lot of words. " * 300, passwords=1)) == []
    assert codes(seen("Words.", "https://example.org/login"), asked="https://example.org/login") == []
    assert codes(seen("Words.", "https://example.org/on-login-walls")) == []


def test_a_page_of_pictures_alone_is_not_empty() -> None:
    assert codes(seen("", pictures=1)) == []


def test_no_page_at_all_fails_for_the_reason_that_the_gateway_knows() -> None:
    asked = [Asked("GET", PAGE, 302, True), Asked("GET", "http://169.254.169.254/", 0, True)]
    reason = Problem("refused-address", "metadata", "http://169.254.169.254/")
    other = Problem("truncated", "x", "https://example.org/picture.png")
    saw = seen(kind="nothing", asked=asked, screenshot=None, error="net::ERR_EMPTY_RESPONSE")
    assert judge_page(saw, None, PAGE, [reason, other]) == [reason]
    assert judge_page(saw, None, PAGE, []) == [
        Problem(Code.PAGE_FAILED, "net::ERR_EMPTY_RESPONSE", "http://169.254.169.254/")
    ]


def test_the_main_exchange_is_the_one_that_is_shown() -> None:
    ways = [
        Asked("GET", PAGE, 302, True),
        Asked("GET", PAGE + "2", 200, True, shown=True),
        Asked("GET", PAGE + ".zip", 200, True),
    ]
    kept = [answer(PAGE, 302), answer(PAGE + "2"), answer(PAGE + ".zip")]
    assert main_exchange(seen(asked=ways), kept) is kept[1]
    assert main_exchange(seen(asked=ways), kept[:1]) is None
    assert main_exchange(seen(asked=ways[:1]), kept) is None


def test_an_answer_that_the_browser_had_and_the_archive_lacks_is_named() -> None:
    asked = [
        Asked("GET", PAGE, 200, True), Asked("GET", PAGE + "/a.js", 200, False),
        Asked("GET", PAGE + "/b.js", 200, False), Asked("POST", PAGE + "/a.js", 200, False),
        Asked("GET", PAGE + "/refused", 0, False), Asked("GET", "http://example.org/", 307, True, own=True),
    ]  # fmt: skip
    kept = [answer(one.url, one.status, method=one.method) for one in asked if one.status and not one.own]
    assert compare(asked, kept) == []
    found = compare(asked, [answer(PAGE + "/a.js"), answer(PAGE + "/b.js", 304)])
    assert [(problem.code, problem.url) for problem in found] == [
        ("main-not-recorded", PAGE), ("not-recorded", PAGE + "/b.js"), ("not-recorded", PAGE + "/a.js"),
    ]  # fmt: skip


def test_what_the_browser_does_not_report_is_listed() -> None:
    assert unclaimed([Asked("GET", PAGE, 200, True)], [answer(PAGE), answer(PAGE + "/robots.txt")]) == [
        PAGE + "/robots.txt"
    ]


@settings(deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 40), st.tuples(*[st.integers(0, 255)] * 4), st.sampled_from(["RGB", "RGBA", "L"])
)
def test_a_picture_of_one_colour_is_seen_as_such(width: int, height: int, colour: tuple[int, ...], mode: str) -> None:
    plain = colour[0] if mode == "L" else colour[: len(mode)]
    assert is_one_colour(png(width, height, plain, mode=mode))


@settings(deadline=None)
@given(st.binary(min_size=3 * 12, max_size=3 * 12))
def test_a_picture_is_of_one_colour_only_when_all_its_pixels_are_the_same(data: bytes) -> None:
    image = Image.frombytes("RGB", (4, 3), data)
    out = io.BytesIO()
    image.save(out, "png")
    assert is_one_colour(out.getvalue()) == (len({data[at : at + 3] for at in range(0, 36, 3)}) == 1)


def test_one_dot_in_a_large_white_picture_is_enough() -> None:
    assert is_one_colour(png(1280, 2000))
    assert not is_one_colour(png(1280, 2000, dot=True))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_what_is_no_picture_is_not_blank(data: bytes) -> None:
    assert not is_one_colour(data)
    assert not is_one_colour(png()[:40] + data)
    is_one_colour(png()[:20] + data)
