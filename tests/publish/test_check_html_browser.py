"""The report as a browser shows it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascertain.publish.check_html import to_html
from ascertain.publish.check_json import CheckedStatement

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no `chromium` on the path: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a statement's report and returns its page; `page.asked` holds the addresses that it asked for."""
    contexts: list[Any] = []

    def opened(statement: CheckedStatement, width: int = 1200, **options: Any) -> tuple[Any, list[str]]:
        path = tmp_path / "check.html"
        path.write_text(to_html(statement), "utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page, [address for address in asked if address != path.as_uri()]

    yield opened
    for context in contexts:
        context.close()


def colour(page: Any, selector: str, name: str) -> list[int]:
    found = page.locator(selector).first.evaluate(f"element => getComputedStyle(element).{name}")
    return [int(part) for part in found.removeprefix("rgb(").removesuffix(")").split(",")]


def test_it_shows_without_scripts_and_asks_for_nothing(show: Callable[..., Any], whole: CheckedStatement) -> None:
    page, asked = show(whole, java_script_enabled=False)
    assert asked == []
    assert page.locator("article").count() == 4
    assert page.get_by_role("heading", name="On the attack at Northtown").is_visible()


@pytest.mark.parametrize("width", [360, 390, 1200])
def test_nothing_scrolls_sideways(show: Callable[..., Any], whole: CheckedStatement, width: int) -> None:
    page, _ = show(whole, width)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_long_words_do_not_scroll_sideways(show: Callable[..., Any], hostile: Callable[..., Any]) -> None:
    page, _ = show(hostile("x" * 400), 360)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_dark_is_dark_and_light_is_light(show: Callable[..., Any], whole: CheckedStatement) -> None:
    for scheme, is_light in (("light", True), ("dark", False)):
        page, _ = show(whole, color_scheme=scheme)
        paper, ink = colour(page, "html", "backgroundColor"), colour(page, "html", "color")
        assert (sum(paper) > sum(ink)) == is_light


def test_payloads_do_not_run(show: Callable[..., Any], hostile: Callable[..., Any], payload: str) -> None:
    page, asked = show(hostile(payload))
    assert asked == []
    assert page.evaluate("window.broken") is None


def test_a_claims_words_lead_to_its_panel_and_back(show: Callable[..., Any], whole: CheckedStatement) -> None:
    page, _ = show(whole, java_script_enabled=False)
    page.locator("a[href='#claim-3']").last.click()
    assert page.url.endswith("#claim-3")
    page.locator("a[href='#at-3']").click()
    assert page.url.endswith("#at-3")


def test_arabic_starts_at_the_right(show: Callable[..., Any], make_statement: Callable[..., CheckedStatement]) -> None:
    page, _ = show(make_statement("تدين الوزارة الهجوم.", language="ar", title="بيان"))
    for selector in ("h1", ".text p"):
        found = page.locator(selector).first.evaluate("element => getComputedStyle(element).direction")
        assert found == "rtl"


def test_print_opens_what_is_folded(show: Callable[..., Any], whole: CheckedStatement) -> None:
    page, _ = show(whole)
    query = page.locator("pre").first
    assert not query.is_visible()
    page.emulate_media(media="print")
    assert query.evaluate("element => element.getBoundingClientRect().height") > 0
