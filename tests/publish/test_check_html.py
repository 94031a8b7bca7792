from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from ascertain.model.claim import Claim, Frame, Span
from ascertain.model.verdict import Checked, Outcome, Query, Verdict
from ascertain.publish.check_html import to_html
from ascertain.publish.check_json import CheckedStatement

GOLDEN = Path(__file__).parents[1] / "golden" / "publish" / "check.html"
ARABIC = "تدين الوزارة الهجوم في ريف إدلب.\n\nأكدت البعثة استخدام الكلور في 17 هجوما."


def page(statement: CheckedStatement) -> Any:
    return html.fromstring(to_html(statement))


def marked(parsed: Any, number: int) -> str:
    links = parsed.xpath(f"//a[contains(concat(' ', @data-claims, ' '), ' {number} ')]/span[@class='words']")
    return "".join(link.text_content() for link in links)


def squeezed(text: str) -> str:
    return "".join(text.split())


def over(body: str, *spans: tuple[int, int]) -> tuple[Checked, ...]:
    outcome = Outcome(Verdict.NOT_IN_RECORD, "nothing decides it", Query("", ""))
    return tuple(
        Checked(
            Claim(
                frame=Frame.FINDING,
                sentence=Span(start=0, end=len(body), text=body),
                clause=Span(start=start, end=end, text=body[start:end]),
            ),
            "reading",
            outcome,
        )
        for start, end in spans
    )


def test_the_report_is_as_the_golden_file_says(whole: CheckedStatement) -> None:
    written = re.sub(r"<style>.*?</style>", "<style></style>", to_html(whole), flags=re.DOTALL)
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(written, "utf-8")
    assert written == GOLDEN.read_text("utf-8"), "GOLDEN=write pytest tests/publish writes it anew"


def test_the_same_statement_gives_the_same_bytes(whole: CheckedStatement) -> None:
    assert to_html(whole) == to_html(whole)


def test_every_claims_clause_is_marked_and_linked_both_ways(whole: CheckedStatement) -> None:
    parsed = page(whole)
    ids = parsed.xpath("//@id")
    assert len(ids) == len(set(ids))
    for number, one in enumerate(whole.claims, 1):
        assert squeezed(marked(parsed, number)) == squeezed(one.claim.clause.text)
        assert parsed.xpath(f"//article[@id='claim-{number}']//a[@href='#at-{number}']")
        assert parsed.xpath(f"//*[@id='at-{number}']")
    assert {link[1:] for link in parsed.xpath("//@href") if link.startswith("#")} <= set(ids)


def test_nested_overlapping_and_equal_clauses_are_all_marked(make_statement: Callable[..., CheckedStatement]) -> None:
    body = "one two three four five"
    claims = over(body, (0, 23), (4, 13), (8, 18), (8, 18))
    parsed = page(make_statement(body, *claims))
    for number, one in enumerate(claims, 1):
        assert marked(parsed, number) == one.claim.clause.text
        assert len(parsed.xpath(f"//*[@class='text']//a[@href='#claim-{number}']")) >= 1


@pytest.mark.parametrize("place", [(3, 3), (50, 60)])
def test_a_clause_that_is_nowhere_in_the_text_has_its_panel_all_the_same(
    make_statement: Callable[..., CheckedStatement], place: tuple[int, int]
) -> None:
    parsed = page(make_statement("one two", *over("one two", place)))
    assert parsed.xpath("//article[@id='claim-1']") and not parsed.xpath("//a[@href='#at-1']")


def test_a_statement_without_claims_says_so(make_statement: Callable[..., CheckedStatement]) -> None:
    text = page(make_statement("Nothing.", title="", publisher="", published="", url="", reference=())).text_content()
    assert "No claim was read in this statement." in text
    assert "Publisher unknown · no date" in text and "statement.txt" in text


def test_an_empty_statement_has_a_page(make_statement: Callable[..., CheckedStatement]) -> None:
    assert "No text could be read." in to_html(make_statement(""))


def test_sixty_claims_have_sixty_panels(make_statement: Callable[..., CheckedStatement]) -> None:
    body = " ".join(f"sentence{number:02}." for number in range(60))
    claims = over(body, *((12 * number, 12 * number + 11) for number in range(60)))
    parsed = page(make_statement(body, *claims))
    assert len(parsed.xpath("//article")) == 60
    assert [marked(parsed, number) for number in (1, 60)] == ["sentence00.", "sentence59."]


def test_an_arabic_statement_runs_from_right_to_left(make_statement: Callable[..., CheckedStatement]) -> None:
    clause = ARABIC.index("أكدت"), len(ARABIC)
    parsed = page(make_statement(ARABIC, *over(ARABIC, clause), language="ar"))
    assert parsed.get("lang") == "en"
    assert parsed.xpath("//div[@class='text']/@lang") == ["ar"]
    assert parsed.xpath("//div[@class='text']/p/@dir") == ["auto", "auto"]
    assert parsed.xpath("//blockquote[@dir='auto' and @lang='ar']")
    assert marked(parsed, 1) == ARABIC[clause[0] :]


def test_rows_stand_under_what_they_do(whole: CheckedStatement) -> None:
    panel = page(whole).xpath("//article[@id='claim-2']")[0]
    headings = [heading.text_content() for heading in panel.xpath(".//h4")]
    assert headings == [
        "Rows that decide 1", "Rows against 1", "Rows that only assert 1", "What comes nearest 1", "Denied by 2",
    ]  # fmt: skip
    text = panel.text_content()
    for shown in ("reasonable grounds to believe", "at: para. 17", "seen in: Agency: report published", "none stated"):
        assert shown in text


def test_no_row_is_said_to_decide_what_is_not_in_the_record(
    make_statement: Callable[..., CheckedStatement], make_checked: Callable[..., Checked], make_row: Callable[..., Any]
) -> None:
    one = make_checked("It is so.", "It is so.", Verdict.NOT_IN_RECORD, make_row(1))
    assert page(make_statement("It is so.", one)).xpath("string(//article//h4)") == "Rows that were found 1"


def test_a_later_verdict_is_shown_with_its_rows(whole: CheckedStatement) -> None:
    later = page(whole).xpath("//article[@id='claim-3']//section[contains(@class, 'g-later')]")[0].text_content()
    assert "contradicted" in later and "8 April 2020" in later


def test_the_rest_of_a_long_list_is_folded_and_complete(
    make_statement: Callable[..., CheckedStatement],
    make_checked: Callable[..., Checked],
    make_row: Callable[..., Any],
    make_denial: Callable[..., Any],
) -> None:
    rows, denials = [make_row(n) for n in range(50)], tuple(make_denial(n) for n in range(35))
    one = make_checked("All of it.", "All of it.", Verdict.SUPPORTED, *rows, denied_by=denials)
    parsed = page(make_statement("All of it.", one))
    assert len(parsed.xpath("//table[contains(@class, 'findings')]/tbody/tr")) == 50
    assert [summary.text for summary in parsed.xpath("//details[@class='fold']/summary")] == ["45 more", "30 more"]


def test_untrusted_text_stays_text(hostile: Callable[[str], CheckedStatement], payload: str) -> None:
    parsed = page(hostile(payload))
    assert not parsed.xpath("//script | //img | //iframe | //object | //embed | //link | //base | //form | //textarea")
    assert not [name for element in parsed.iter("*") for name in element.attrib if name.startswith("on")]
    assert all(re.fullmatch(r"#[a-z0-9-]+", link) for link in parsed.xpath("//@href"))
    assert all(re.fullmatch(r"flex-grow:\d+", style) for style in parsed.xpath("//@style"))
    assert payload in parsed.xpath("//h1")[0].text_content()
    assert marked(parsed, 1) == payload


def test_only_web_addresses_become_links(
    make_statement: Callable[..., CheckedStatement], make_checked: Callable[..., Checked], make_row: Callable[..., Any]
) -> None:
    rows = [make_row(1), make_row(2, url="javascript:alert(1)"), make_row(3, url="data:text/html,x")]
    parsed = page(make_statement("It is so.", make_checked("It is so.", "It is so.", Verdict.SUPPORTED, *rows), url=""))
    outer = [link for link in parsed.xpath("//a") if not link.get("href").startswith("#")]
    assert [link.get("href") for link in outer] == ["https://example.org/report/1"]
    assert outer[0].get("rel") == "noopener noreferrer nofollow"
    assert "javascript:alert(1)" in parsed.text_content()


def test_nothing_comes_from_elsewhere_and_nothing_runs(whole: CheckedStatement) -> None:
    written = to_html(whole)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in written
    assert not re.search(r"<script|@import|url\(|\bsrc=|<link", written)


def test_every_colour_can_be_read_on_its_ground() -> None:
    css = files("ascertain.publish").joinpath("templates", "check.css").read_text("utf-8")
    schemes = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block)) for block in css.split(":root {")[1:]]
    assert len(schemes) == 3
    for colours in schemes:
        grounds = [colours["paper"], colours["sheet"]]
        pairs = [(colours[ink], ground) for ink in ("ink", "muted", "link") for ground in grounds]
        for verdict in ("supported", "difference", "contradicted", "disputed", "absent"):
            tint = colours[f"{verdict}-tint"]
            pairs += [(colours[verdict], ground) for ground in (*grounds, tint)] + [(colours["ink"], tint)]
        assert not [pair for pair in pairs if contrast(*pair) < 4.5]


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio of two colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_characters_that_hide_or_turn_text_are_written_out(make_statement: Callable[..., CheckedStatement]) -> None:
    written = to_html(make_statement("killed \u202e12\x00 \udc80"))
    assert "killed [U+202E]12[U+0000] [U+DC80]" in written
    written.encode("utf-8")
