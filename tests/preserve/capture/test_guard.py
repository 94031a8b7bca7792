from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.errors import UsageError
from ascertain.preserve.capture.guard import Guard, Target, clean_address, host_name, target_of
from ascertain.preserve.capture.problem import Refused


def code(call: object, *arguments: object) -> str:
    with pytest.raises(Refused) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("http://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://bücher.example/straße?q=ä", "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4"),
        ("https://سوريا.example/أخبار", "https://xn--mgbtf8fl.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("  https://example.org./x  ", "https://example.org/x"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
    ],
)
def test_an_address_gets_one_form(text: str, clean: str) -> None:
    assert clean_address(text) == clean
    assert clean_address(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://x/",
        "javascript:alert(1)",
        "example.org",
        "data:text/html,x",
        "ws://example.org/",
    ],
)
def test_other_schemes_are_refused(text: str) -> None:
    assert code(clean_address, text) == "refused-scheme"


@pytest.mark.parametrize(
    "text",
    [
        "", "http://", "http:///x", "http://a b/", "http://example.org/\r\nHost: x", "http://user:secret@example.org/",
        "http://example.org:99999/", "http://example.org:x/", "http://ex_.-a.org/", "http://[::1", "http://a..b/",
        "http://\x00/", "http://example.org\\@evil.test/", "https://" + "a" * 300 + ".org/", "http://" + "x" * 9000,
        "http://exam%70le.org/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert code(clean_address, text) == "bad-address"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for attempt in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            clean = clean_address(attempt)
        except Refused:
            continue
        assert clean.isascii()
        assert clean_address(clean) == clean


def test_only_the_ports_of_the_web_are_open() -> None:
    guard = Guard()
    assert guard.target("HTTP", "example.org", None) == Target("http", "example.org", 80)
    assert guard.target("http", "example.org", 443).port == 443
    for port in (22, 25, 6379, 8080):
        assert code(guard.target, "http", "example.org", port) == "refused-port"
    assert code(guard.target, "http", "example.org", 0) == "bad-address"
    assert code(guard.target, "file", "example.org", None) == "refused-scheme"


def test_one_bad_answer_spoils_all() -> None:
    place = Target("https", "example.org", 443)
    Guard().check(place, ["93.184.216.34", "2606:4700::1111"])
    assert code(Guard().check, place, ["93.184.216.34", "10.0.0.1"]) == "refused-address"
    assert code(Guard().check, place, ["fe80::1%eth0"]) == "refused-address"


def test_a_name_that_is_allowed_may_be_private_and_no_other_is() -> None:
    guard = Guard(["archive.local:8080", "intern.example"])
    place = guard.target("http", "Archive.Local", 8080)
    guard.check(place, ["127.0.0.1"])
    guard.check(guard.target("https", "intern.example", None), ["10.1.2.3"])
    assert code(guard.target, "http", "archive.local", 8081) == "refused-port"
    assert code(guard.check, guard.target("http", "archive.local", None), ["127.0.0.1"]) == "refused-address"
    assert code(guard.check, guard.target("http", "other.local", None), ["127.0.0.1"]) == "refused-address"
    assert code(guard.check, guard.target("http", "127.0.0.1", None), ["127.0.0.1"]) == "refused-address"


def test_no_name_makes_a_metadata_service_reachable() -> None:
    guard = Guard(["169.254.169.254", "cloud.test"])
    for host in ("169.254.169.254", "cloud.test"):
        assert code(guard.check, guard.target("http", host, None), ["169.254.169.254"]) == "refused-address"


@pytest.mark.parametrize(
    "text", ["", "http://x", "a b", "x:0", "x:70000", "x:y", ":80", "x/y", "[::1", "*.example.org"]
)
def test_an_entry_that_names_no_host_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        Guard([text])


def test_addresses_can_be_allowed_like_names() -> None:
    guard = Guard(["127.0.0.1:8080", "[::1]:8080", "::1"])
    assert guard.names(Target("http", "127.0.0.1", 8080))
    assert guard.names(Target("http", "::1", 8080))
    assert guard.names(Target("https", "::1", 443))


@pytest.mark.parametrize("text", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1"])
def test_an_odd_spelling_of_an_address_is_a_name_whose_answers_are_checked(text: str) -> None:
    """The system's resolver reads these as 127.0.0.1, and the answer is what the guard looks at."""
    place = Guard().target("http", text, None)
    assert code(Guard().check, place, ["127.0.0.1"]) == "refused-address"


def test_an_address_inside_an_address_has_one_form() -> None:
    assert host_name("[::FFFF:7f00:1]") == host_name("::ffff:127.0.0.1")


def test_the_place_of_an_address() -> None:
    assert target_of(Guard(), "https://example.org/x") == Target("https", "example.org", 443)
    assert code(target_of, Guard(), "https://example.org:8443/") == "refused-port"
    assert code(target_of, Guard(), "https://[::1/") == "bad-address"
