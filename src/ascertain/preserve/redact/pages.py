"""A PDF as images of its pages, with what must not be seen painted over.

PDF hides much: text under a black box, earlier versions, form values, attachments, layers, scripts, properties. So
nothing of the file goes over. Each page is drawn as a reader sees it, at 150 dots to an inch, and painted over; the
copy is a new PDF of these images alone. It has no text: it cannot be searched or read aloud.

Words are found in the text layer. Where they stand, the page is blackened over its whole width: a box as long as the
word, and letters set close beside it, would tell how long the word was (Bland, Iyer, Levchenko, *Story Beyond the Eye:
Glyph Positions Break PDF Text Redaction*, 2023). What a scan shows is found only if an OCR layer holds it; a word
that is broken over two pages is not found. Look at the copy.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ascertain.errors import ImageRefused, UsageError
from ascertain.pixels.decode import Picture, draw_page
from ascertain.preserve.redact.image import Region, as_array, paint
from ascertain.preserve.redact.image_pdf import ImagePdf
from ascertain.preserve.redact.text import Hidden, places_of_words, refuse_missing

METHOD = "redact-pdf@1"
DOTS = 150
MOST_PAGES = 500
_MARGIN = 4  # pixels around a line: letters reach over their boxes

Box = tuple[int, int, int, int]  # left, upper, right, lower


@dataclass(frozen=True, slots=True)
class RedactedPages:
    """A PDF's bytes and its number of pages; by page (from 1) what was painted, in pixels; pages without any text."""

    data: bytes
    pages: int
    painted: Mapping[int, tuple[Region, ...]]
    without_text: tuple[int, ...]


def redact_pages(data: bytes, regions: Mapping[int, Sequence[Region]], words: Sequence[str] = ()) -> RedactedPages:
    """The PDF as images, black over these regions and over the lines in which these words stand.

    `regions` are by page (from 1), in points from the upper left corner of the page as it is shown. On pages
    `without_text` no word can be found. Raises ImageRefused when a page is not drawn or there are more than 500;
    UsageError for a page or region that is not there, or words that are nowhere.
    """
    copy, painted, without_text = ImagePdf(), dict[int, tuple[Region, ...]](), list[int]()
    missing = [True] * len(words)
    for number, picture in _pages(data, regions):
        text = "".join(character for character, *_ in picture.told["characters"])
        places = places_of_words(text, words)
        missing = [gone and not here for gone, here in zip(missing, places, strict=True)]
        wanted = [_in_pixels(region) for region in regions.get(number, ())]
        wanted += [line for here in places for place in here for line in _lines(picture, place)]
        pixels = as_array(picture)
        painted[number] = tuple(paint(pixels, region) for region in sorted(set(wanted)))
        copy.add(pixels, picture.told["points"])
        if not text.strip():
            without_text.append(number)
    refuse_missing(missing)
    return RedactedPages(copy.finished(), len(painted), {n: r for n, r in painted.items() if r}, tuple(without_text))


def _pages(data: bytes, regions: Mapping[int, Sequence[Region]]) -> Iterator[tuple[int, Picture]]:
    """Each page, drawn, with its number from 1."""
    for number in itertools.count(1):
        picture = draw_page(data, number - 1, DOTS)
        pages = int(picture.told["pages"])
        if pages > MOST_PAGES:
            raise ImageRefused("too_long", f"it has {pages:,} pages; the limit is {MOST_PAGES}")
        if not all(1 <= page <= pages for page in regions):
            raise UsageError(f"a region is on a page that is not there; pages are 1 to {pages}")
        yield number, picture
        if number == pages:
            return


def _in_pixels(region: Region) -> Region:
    """A region in points as one in pixels that covers it."""
    left, upper = region.x * DOTS // 72, region.y * DOTS // 72
    right, lower = -(-(region.x + region.width) * DOTS // 72), -(-(region.y + region.height) * DOTS // 72)
    return Region(left, upper, right - left, lower - upper)


def _lines(picture: Picture, place: Hidden) -> Iterator[Region]:
    """The lines on which these characters stand, from edge to edge of the page; upright lines where they run so."""
    characters = picture.told["characters"][place.start : place.end]
    boxes: list[Box] = [
        (left, upper, right, lower) for letter, left, upper, right, lower in characters if letter.strip()
    ]
    across = sum(abs(one[0] - other[0]) for one, other in itertools.pairwise(boxes))
    down = sum(abs(one[1] - other[1]) for one, other in itertools.pairwise(boxes))
    for left, upper, right, lower in boxes:
        if across >= down:
            yield Region(0, upper - _MARGIN, picture.width, lower - upper + 2 * _MARGIN)
        if down >= across:
            yield Region(left - _MARGIN, 0, right - left + 2 * _MARGIN, picture.height)
