from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.capture.robots import judge_robots, robots_address

SITE = "https://example.org"


def disallowed(text: str, path: str, status: int = 200) -> bool | None:
    return judge_robots(f"{SITE}/robots.txt", status, text.encode(), SITE + path).disallowed


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/", False),
        ("User-agent: *\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow:", "/x", False),
        ("User-agent: *\nDisallow: /a", "/b", False),
        ("user-AGENT: * # all\r\ndisallow : /a # not this", "/a/b", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Ascertain\nAllow: /", "/x", False),
        ("User-agent: *\nAllow: /\n\nUser-agent: ascertain/1.0\nDisallow: /", "/x", True),
        ("User-agent: other\nUser-agent: Ascertain\nDisallow: /x", "/x", True),
        (
            "User-agent: ascertain\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: Ascertain\nDisallow: /y",
            "/y",
            True,
        ),
        ("User-agent: ascertain\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: Ascertainment\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxbyyc/d", True),
        ("User-agent: *\nDisallow: /a*b*c", "/acb", False),
        ("User-agent: *\nDisallow: /*?print", "/page?print=1", True),
        ("User-agent: *\nDisallow: /ä", "/%C3%A4/x", True),
        ("User-agent: *\nDisallow: /%7Ejoe", "/~joe", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/", True),
        ("Disallow: /\nnonsense\n: x\nSitemap: /s", "/", False),
    ],
)
def test_what_robots_txt_says(text: str, path: str, expected: bool) -> None:
    assert disallowed(text, path) is expected


@pytest.mark.parametrize(("status", "expected"), [(404, False), (403, False), (500, None), (0, None), (302, None)])
def test_no_robots_txt_allows_all_and_one_that_cannot_be_had_is_unknown(status: int, expected: bool | None) -> None:
    assert disallowed("User-agent: *\nDisallow: /", "/", status) is expected


def test_the_rule_that_decides_is_told() -> None:
    told = judge_robots("u", 200, b"User-agent: *\nDisallow: /a\nDisallow: /a/b", f"{SITE}/a/b/c")
    assert told.rule == "Disallow: /a/b"
    assert robots_address("https://example.org:8443/a?b") == "https://example.org:8443/robots.txt"


@settings(deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_say_something(data: bytes, path: str) -> None:
    for text in (data, b"User-agent: *\nDisallow: " + data):
        assert judge_robots("u", 200, text, f"{SITE}/{path}").disallowed in (True, False)


def test_no_pattern_takes_long() -> None:
    began = time.monotonic()
    assert disallowed("User-agent: *\nDisallow: /" + "a*" * 5000 + "b", "/" + "a" * 8000) is False
    assert time.monotonic() - began < 1
