from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascertain.model.claim import Claim, Frame, Span
from ascertain.publish.highlight import located, paragraphs

BODIES = st.text(alphabet="ab \n\té", max_size=60)


def claims_over(body: str, spans: list[tuple[int, int]]) -> list[Claim]:
    whole = Span(start=0, end=len(body), text=body)
    return [
        Claim(frame=Frame.FINDING, sentence=whole, clause=Span(start=start, end=end, text=body[start:end]))
        for start, end in spans
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(BODIES, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_every_word_is_kept_and_every_clause_is_marked_whole(body: str, spans: list[tuple[int, int]]) -> None:
    claims = claims_over(body, spans)
    text = paragraphs(body, claims)
    assert squeezed("".join(segment.text for block in text for segment in block)) == squeezed(body)
    for number, claim in enumerate(claims, 1):
        segments = [segment for block in text for segment in block if number in segment.claims]
        assert squeezed("".join(segment.text for segment in segments)) == squeezed(claim.clause.text)
        assert sum(number in segment.begins for segment in segments) == (1 if segments else 0)
        assert sum(number in segment.ends for segment in segments) == (1 if segments else 0)
        assert (number in located(text)) == bool(segments)


def test_the_shortest_clause_is_the_inner_one() -> None:
    body = "one two three"
    (block,) = paragraphs(body, claims_over(body, [(0, 13), (4, 7), (4, 7)]))
    assert [(segment.text, segment.inner) for segment in block] == [("one ", 1), ("two", 2), (" three", 1)]
    assert block[1].ends == (2, 3)


def test_blank_lines_part_paragraphs_and_line_ends_do_not() -> None:
    text = paragraphs("\n one\ntwo \n \t\n\nthree\n", [])
    assert [[segment.text for segment in block] for block in text] == [["one\ntwo"], ["three"]]


def test_a_clause_over_two_paragraphs_begins_once_and_ends_once() -> None:
    body = "one two\n\nthree four"
    first, second = paragraphs(body, claims_over(body, [(4, 14)]))
    assert [segment.begins for segment in (*first, *second)] == [(), (1,), (), ()]
    assert [segment.ends for segment in (*first, *second)] == [(), (), (1,), ()]
