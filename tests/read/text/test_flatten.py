from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.flatten import flattened


def test_a_shallow_page_is_left_as_it_is() -> None:
    page = "<p class='x'>One <b>two</b><br></p><!-- three -->"
    assert flattened(page) == "<p class='x'>One <b>two</b><br></p>"


def test_words_stay_when_their_tags_go() -> None:
    assert "inner" in flattened("<div>" * 5_000 + "inner" + "</div>" * 5_000)
    assert flattened("<div>" * 5_000).count("<div>") == 200


@given(
    st.lists(
        st.sampled_from(
            ["<div>", "</div>", "<b>", "</b>", "<p hidden>", "</p>", "<!--", "-->", "<script>", "'", '"', "a", ">", "<"]
        )
    )
)
def test_any_tag_soup_is_flattened(tokens: list[str]) -> None:
    flattened("".join(tokens))
