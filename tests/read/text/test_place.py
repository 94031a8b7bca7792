"""Every word of a page knows its box, and a span of the text knows its words' boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.text.passage import Piece, lay_out_printed
from ascertain.read.text.pdf import read_pdf
from ascertain.read.text.place import Place, PrintedWord, Sheet, boxes, fragments, is_in_order, touched

MakePdf = Callable[[Sequence[Sequence[tuple[float, float, str]]]], bytes]

WORDS = st.lists(
    st.text(alphabet=st.characters(exclude_categories=["Zs", "Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=8),
    max_size=9,
)


def _word(text: str, x: float = 0, y: float = 0, page: int = 1, confidence: int | None = None) -> PrintedWord:
    return PrintedWord(text, page, x, y, 10, 10, confidence)


@given(st.lists(WORDS, max_size=5))
def test_each_word_of_a_page_stands_where_its_place_says(blocks: list[list[str]]) -> None:
    pieces = [Piece(" ".join(words), words=tuple(map(_word, words))) for words in blocks]
    body, _, places = lay_out_printed(pieces)
    assert [body[place.start : place.end] for place in places] == [word for words in blocks for word in words]
    assert is_in_order(places)


def test_a_word_over_two_lines_has_two_places() -> None:
    words = (_word("humani-"), _word("tarian", y=14))
    body, _, places = lay_out_printed([Piece("The humanitarian", words=(_word("The"), *words))])
    assert [body[place.start : place.end] for place in places] == ["The", "humani", "tarian"]


def test_a_span_touches_the_words_that_share_a_character_with_it() -> None:
    _, _, places = lay_out_printed([Piece("one two three", words=tuple(map(_word, ("one", "two", "three"))))])
    assert [place.start for place in touched(places, 2, 5)] == [0, 4]
    assert touched(places, 3, 4) == ()
    assert touched(places, 4, 4) == ()


def test_neighbours_on_a_line_are_one_box_as_sure_as_the_least_sure() -> None:
    line = [Place(0, 3, 1, 10, 20, 15, 10, 90), Place(4, 7, 1, 30, 21, 15, 9, 40), Place(8, 9, 1, 10, 40, 5, 10)]
    assert boxes(line) == (Place(0, 7, 1, 10, 20, 35, 10, 40), Place(8, 9, 1, 10, 40, 5, 10))


def test_fragments_are_those_of_the_standards() -> None:
    place = Place(0, 3, 3, 10.5, 20, 15, 10)
    pages = [Sheet(number, 595, 842, "pt") for number in (1, 2, 3)]
    assert fragments([place], pages) == ("page=3&viewrect=10.5,20,15,10",)
    assert fragments([Place(0, 3, 1, 10, 20, 15, 10)], [Sheet(1, 800, 600, "px")]) == ("xywh=10,20,15,10",)


def test_words_of_a_pdf_lie_where_they_are_set(make_pdf: MakePdf) -> None:
    text = read_pdf(make_pdf([[(700, 12, "The first page.")], [(500, 20, "Words here")]]))
    start = text.body.index("here")
    (place,) = text.places_of(start, start + 4)
    assert place.page == 2
    assert place.y < 792 - 500 < place.y + place.height  # the baseline lies in the box
    assert 72 + 50 < place.x < 72 + 80
    assert 30 < place.width < 60
    assert text.sheets == (Sheet(1, 612, 792, "pt"), Sheet(2, 612, 792, "pt"))
    assert text.fragments_of(start, start + 4)[0].startswith("page=2&viewrect=")


def test_a_turned_and_cropped_page_is_measured_as_it_is_shown(make_pdf: MakePdf) -> None:
    data = make_pdf([[(700, 12, "Words here")]])
    turned = data.replace(b"/MediaBox [0 0 612 792]", b"/Rotate 90 /CropBox [50 600 300 750] /MediaBox [0 0 612 792]")
    text = read_pdf(turned)
    (sheet,), place = text.sheets, text.places[0]
    assert (sheet.width, sheet.height) == (150, 250)
    # the page's left side is up now, its upper side right: 50 points are cut off at the left, 42 above
    assert place.height > place.width
    assert abs(place.y - (72 - 50)) < 2
    assert place.x < 150 - (750 - 700) < place.x + place.width + 12
