from __future__ import annotations

import pytest

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.html import read_html

LONG = "France calls on Russia and Turkey to preserve the de-escalation of violence in the region of Idlib. "


def _page(body: str, head: str = "", encoding: str = "utf-8") -> bytes:
    return f"<!doctype html><html lang=fr><head>{head}</head><body>{body}</body></html>".encode(encoding)


HIDDEN = [
    "<script>SECRET</script>",
    "<style>SECRET</style>",
    "<template><p>SECRET</p></template>",
    "<noscript>SECRET</noscript>",
    '<div style="color:red; Display : none">SECRET</div>',
    "<p hidden>SECRET</p>",
    '<p aria-hidden="true">SECRET</p>',
    "<!-- SECRET -->",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_visitor_does_not_see_is_never_part_of_the_text(hidden: str) -> None:
    text = read_html(_page(f"<article><p>{LONG * 3}</p>{hidden}<p>{LONG * 2}</p></article>"))
    assert "SECRET" not in text.body
    assert text.body.count("France") == 5


@pytest.mark.parametrize("hidden", HIDDEN)
def test_simplifying_a_deep_page_brings_nothing_hidden_to_light(hidden: str) -> None:
    text = read_html(_page("<div>" * 10_000 + f"<p>{LONG}</p>{hidden}<p>{LONG}</p>" + "</div>" * 10_000))
    assert "SECRET" not in text.body


def test_menus_footers_and_share_buttons_are_left_out() -> None:
    text = read_html(
        _page(
            "<a href='#m'>Skip to main content</a><nav><ul><li>Home</li><li>Country files</li></ul></nav>"
            f"<main><h1>Idlib</h1><p>{LONG * 3}</p><div class='share'>Share on Facebook</div><p>{LONG * 2}</p></main>"
            "<p>top of the page</p><footer>Legal notice and site map</footer>"
        )
    )
    for words in ("Skip", "Country files", "Facebook", "Legal notice", "top of the page"):
        assert words not in text.body
    assert text.body.startswith("Idlib\n\n")


def test_the_head_gives_title_publisher_date_and_language() -> None:
    head = (
        '<title>Idlib | Ministry</title><meta property="og:title" content="Idlib &amp; its people">'
        '<meta property="og:site_name" content="France Diplomacy">'
        '<meta property="article:published_time" content="2018-09-04T10:00:00+02:00">'
    )
    text = read_html(_page(f"<p>{LONG * 3}</p>", head))
    assert (text.title, text.publisher, text.published, text.language) == (
        "Idlib & its people",
        "France Diplomacy",
        "2018-09-04",
        "fr",
    )
    assert text.published_span is None


def test_linked_data_gives_publisher_and_date() -> None:
    data = '{"@graph": [{"@type": "Article", "datePublished": "2018-09-04", "publisher": {"name": "OCHA"}}]}'
    head = f'<script type="application/ld+json">{data}</script>'
    text = read_html(_page(f"<p>{LONG * 3}</p>", head))
    assert (text.publisher, text.published) == ("OCHA", "2018-09-04")


def test_the_first_time_element_dates_a_page_that_says_nothing_else() -> None:
    assert read_html(_page(f'<time datetime="2018-09-04">yesterday</time><p>{LONG * 3}</p>')).published == "2018-09-04"


def test_a_date_in_words_is_anchored_in_the_body() -> None:
    text = read_html(_page(f"<h1>Idlib</h1><p>Publié le 3 septembre 2018</p><p>{LONG * 3}</p>"))
    assert text.published == "2018-09-03"
    assert text.published_span is not None
    assert text.body[slice(*text.published_span)] == "3 septembre 2018"


def test_the_statements_own_date_wins_over_the_pages() -> None:
    head = '<meta property="article:published_time" content="2018-09-04">'
    line = "Statement issued by French Ministry of Europe and Foreign Affairs (September 3, 2018)"
    text = read_html(_page(f"<h1>Idlib</h1><p>{line}</p><p>{LONG * 3}</p>", head))
    assert (text.published, text.publisher) == ("2018-09-03", "French Ministry of Europe and Foreign Affairs")
    assert any("2018-09-04" in note for note in text.notes)


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("latin-1", '<meta charset="iso-8859-1">'),
        ("latin-1", ""),
        ("cp1252", '<meta charset="utf-8">'),
    ],
)
def test_letters_survive_every_encoding(encoding: str, head: str) -> None:
    words = "Déclaration du ministère : les forces armées ont frappé la région à l'aube, a précisé le porte-parole."
    assert words in read_html(_page(f"<p>{words}</p>", head, encoding)).body


def test_arabic_is_read_in_its_declared_encoding() -> None:
    words = "تدعو فرنسا روسيا وتركيا إلى الحفاظ على خفض التصعيد في إدلب"
    assert words in read_html(_page(f"<p>{words}</p>", '<meta charset="windows-1256">', "cp1256")).body


def test_entities_are_decoded_and_characters_kept() -> None:
    text = read_html(_page("<p>Tom &amp; Jerry &#8212; cafe\u0301 &lt;b&gt; are here today</p>"))
    assert text.body == "Tom & Jerry — cafe\u0301 <b> are here today"


def test_line_breaks_lists_and_cells_become_blocks() -> None:
    text = read_html(_page("<p>One.<br><br>Two.</p><ul><li>Three</li></ul><table><tr><td>Four</td></tr></table>"))
    assert [(block.kind, text.body[block.start : block.end]) for block in text.blocks] == [
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("list_item", "Three"),
        ("cell", "Four"),
    ]


@pytest.mark.parametrize("tag", ["div", "span", "b", "div class=x", "table><tr><td", "ul><li", "blockquote"])
def test_ten_thousand_nested_tags_lose_no_words(tag: str) -> None:
    text = read_html(_page(f"<p>Before it all.</p>{f'<{tag}>' * 10_000}{LONG}</{tag}><p>After it all.</p>"))
    assert LONG.strip() in text.body
    assert "Before it all." in text.body


@pytest.mark.parametrize(
    "broken",
    [
        f"<p>{LONG}<b><i></p></b><td>",
        f"<p a='{'x' * 2_000_000}'>{LONG}",
        f"<p>{LONG}</p>" + '<a "' * 50_000,
        f"<p>{LONG}</p>" + "<!--" * 50_000,
        f"<p>{LONG}</p>" + "</div>" * 50_000,
        f"<p>{LONG}</p><script>" + "x" * 2_000_000,
        f"<p {' '.join(f'a{n}=1' for n in range(20_000))}>{LONG}",
        f"<p>{LONG}</p>" + "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    ],
)
def test_broken_and_hostile_markup_is_read(broken: str) -> None:
    assert LONG.strip() in read_html(_page(broken)).body


@pytest.mark.parametrize("page", ["", "<script>x()</script>", "<p hidden>x</p>"])
def test_a_page_without_visible_text_is_unreadable(page: str) -> None:
    with pytest.raises(UnreadableExhibit):
        read_html(_page(page))
