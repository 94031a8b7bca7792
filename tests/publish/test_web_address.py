from __future__ import annotations

import pytest

from ascertain.publish.web_address import web_address


@pytest.mark.parametrize("address", ["https://example.org/a?b=c#d", "HTTP://example.org:8080/", "https://مثال.org/أ"])
def test_web_addresses_are_links(address: str) -> None:
    assert web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " https://example.org",
        "//example.org", "data:text/html,x", "file:///etc/passwd", "https://", "https:///path", "https://a@example.org",
        "http://[::1",
        "https://example.org:port/", 'https://example.org/"onclick="x', "https://example.org/\u202egro", "example.org",
        "https://example.org\\@other.org",
    ],
)  # fmt: skip
def test_anything_else_stays_text(address: str) -> None:
    assert web_address(address) == ""
