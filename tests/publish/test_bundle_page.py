"""The page of a bundle: hostile words stay words; what it claims is no more than what is shown."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ascertain.publish.bundle_page import BundlePage, ExhibitShown, Stamp, read_me, to_html

HOSTILE = "<script>alert(1)</script><img src=https://example.org/x onerror=alert(1)>\u202egpj.exe\x1b[31m"
SUMMARY: dict[str, Any] = {
    "origin": "ascertain/" + "0" * 32, "name": "idlib", "size": 9, "root": "a" * 64, "entries": 4, "objects": 1,
    "created": "2026-11-24T10:00:00.000000Z", "software": "ascertain 0.1.0", "coarsened": None,
}  # fmt: skip
SIGNED = {"seq": "2", "time": "2026-11-24T10:00:00.000000Z", "author": HOSTILE}


def page(keys: tuple[str, ...] = ("a-key",), word: str = "report.pdf", **summary: Any) -> BundlePage:
    how = {
        **SIGNED,
        "original_name": word,
        "source": word,
        "published": word,
        "url": "javascript:alert(1)",
        "note": word,
    }
    stamps = [Stamp("the checkpoint of this bundle", word, "2026-11-24T11:00:00.000000Z")]
    one = ExhibitShown("b" * 64, 3, word, "data/objects/bb/" + "b" * 62, SIGNED, acquired=[how], more=2, stamps=stamps)
    one.derived.append({**SIGNED, "origin": "c" * 64, "method": word})
    return BundlePage({**SUMMARY, **summary}, keys, [one], 1, stamps)


def test_hostile_words_are_shown_and_do_nothing() -> None:
    html = to_html(page(word=HOSTILE, name=HOSTILE, software=HOSTILE, coarsened=HOSTILE))
    assert not re.search(r"<(?!/?(?:a|p)\b)(script|img|iframe|link|object|form)", html, re.IGNORECASE)
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert 'href="javascript' not in html
    assert "default-src 'none'" in html
    assert "&lt;script&gt;" in html


def test_it_says_existence_and_not_truth() -> None:
    html = to_html(page())
    assert "It existed then." in html
    assert "Nothing here shows that what an exhibit says is true" in html
    assert "5 entries are not carried" in html
    assert "existed at a time" in read_me(page())


@pytest.mark.parametrize("text", [to_html(page(keys=())), read_me(page(keys=()))])
def test_without_a_signature_it_says_so(text: str) -> None:
    assert "Nothing here is signed" in text.replace("\n", " ")
    assert "signed its first" not in text


def test_the_same_page_twice_is_the_same_bytes() -> None:
    assert to_html(page()) == to_html(page())
