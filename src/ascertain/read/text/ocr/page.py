"""One page's pixels to paragraphs of words with boxes, with what has to be said of how they were read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from PIL import Image, ImageFilter

from ascertain.errors import UnreadableExhibit
from ascertain.pixels.decode import Picture
from ascertain.read.text.dateline import read_dateline
from ascertain.read.text.ocr.choose import CODES, SCRIPTS, Reading, choose, missing, script_told
from ascertain.read.text.ocr.engine import Engine, OcrLimits, find_engine, install, run_engine
from ascertain.read.text.ocr.leftover import leftover, with_found
from ascertain.read.text.ocr.words import OcrWord, lines_of, mean_confidence, read_table
from ascertain.read.text.passage import HEADING, META, PARAGRAPH, Piece, tidied, without_controls
from ascertain.read.text.pdf_lines import joined, words_of
from ascertain.read.text.place import PrintedWord

DOTS = 300  # to an inch: what tesseract was trained on
_UPRIGHT, _AS_IT_LIES, _SPARSE = "1", "3", "11"  # tesseract's modes of page segmentation
_SMALL_PIXELS, _ENLARGED = 1_200_000, 2  # a picture of a screen has letters of half the size
_TITLE_SCALE = 1.35  # letters so much taller than the page's make a heading
_LONGEST_HEADING = 250
_UNSURE = 60  # percent


@dataclass(frozen=True, slots=True)
class Ocr:
    """Leave to read scans and images by OCR. The engine is looked for when the first one is met.

    `languages` (tesseract's codes) are those that may be used; those that are not installed are not.
    """

    limits: OcrLimits = field(default_factory=OcrLimits)
    languages: tuple[str, ...] = tuple(CODES)
    program: str = "tesseract"

    @property
    def engine(self) -> Engine:
        """The engine. Raises UnreadableExhibit when it is not installed."""
        return find_engine(self.program)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as read by OCR: `scale` of its pixels make one unit of its sheet; `remarks` say what went wrong."""

    page: int
    reading: Reading
    scale: float
    remarks: tuple[str, ...] = ()


def read_page(picture: Picture, page: int, ocr: Ocr, *, dots: int | None = None, scale: float = 1.0) -> ReadPage:
    """Read a grey picture. Raises UnreadableExhibit: no engine, no language for its script, over a limit."""
    enlarged = _ENLARGED if dots is None and picture.width * picture.height < _SMALL_PIXELS else 1
    picture = _enlarged(picture, enlarged)
    reading, remarks = _read(picture, page, ocr, dots or DOTS)
    if not reading.words:  # on a page of specks the engine sees nothing at all
        reading, remarks = _read(_without_specks(picture), page, ocr, dots or DOTS)
    return ReadPage(page, reading, scale * enlarged, remarks)


def _read(picture: Picture, page: int, ocr: Ocr, dots: int) -> tuple[Reading, tuple[str, ...]]:
    """The best reading of a picture, and what went wrong."""
    engine = ocr.engine
    installed = engine.languages & set(ocr.languages)
    oriented = "osd" in engine.languages
    script = _script(picture, engine, ocr, dots) if oriented else None

    def words_in(language: str, mode: str, shown: Picture) -> tuple[OcrWord, ...]:
        arguments = ("-l", language, "--psm", mode, "tsv")
        return read_table(run_engine(engine, shown, arguments, dots=dots, limits=ocr.limits)[0])

    def read(language: str) -> Reading:
        return Reading(language, words_in(language, _UPRIGHT if oriented else _AS_IT_LIES, picture))

    reading = choose(read, script, frozenset(installed))
    if reading is None:
        wanted = missing(script, frozenset(installed))
        what = f"a page is in {script} script" if script else "tesseract has none of the languages that are read"
        raise UnreadableExhibit(f"{what}, and {', '.join(wanted)} is not installed", next_step=install(wanted))
    rest = leftover(picture, reading.words)
    if rest is None:
        return reading, ()
    try:
        found = words_in(reading.language, _AS_IT_LIES if reading.words else _SPARSE, rest)
    except UnreadableExhibit as error:  # of a noisy page the second look may take too long: the first stands
        return reading, (f"page {page}: what was passed over was not looked at again ({error.message})",)
    return replace(reading, words=with_found(reading.words, found)), ()


def _without_specks(picture: Picture) -> Picture:
    """The picture after a median filter of three by three dots."""
    image = Image.frombytes("L", (picture.width, picture.height), picture.pixels).filter(ImageFilter.MedianFilter(3))
    return Picture(picture.width, picture.height, "L", image.tobytes(), picture.told)


def _enlarged(picture: Picture, times: int) -> Picture:
    if times == 1:
        return picture
    size = (picture.width * times, picture.height * times)
    image = Image.frombytes("L", (picture.width, picture.height), picture.pixels).resize(size, Image.Resampling.BICUBIC)
    return Picture(*size, "L", image.tobytes(), picture.told)


def _script(picture: Picture, engine: Engine, ocr: Ocr, dots: int) -> str | None:
    """The page's script, if the detector can say; with too few letters it fails, which is no error of the page."""
    try:
        answer, _ = run_engine(engine, picture, ("-l", "osd", "--psm", "0"), dots=dots, limits=ocr.limits)
    except UnreadableExhibit:
        return None
    return script_told(answer)


def pieces_of(read: ReadPage) -> Iterator[Piece]:
    """The paragraphs of a page, each with its words' boxes in the unit of the page's sheet."""
    words = read.reading.words
    usual = median([word.height for word in words]) if words else 0
    counted = words_of(" ".join(word.text for word in line) for line in lines_of(words))
    for _, group in itertools.groupby(words, key=lambda word: word.paragraph):
        paragraph = list(group)
        lines = [" ".join(word.text for word in line) for line in lines_of(paragraph)]
        clean = tidied(without_controls(joined(lines, counted))[0])
        tall = median([word.height for word in paragraph]) > _TITLE_SCALE * usual
        kind = HEADING if tall and len(clean) <= _LONGEST_HEADING else PARAGRAPH
        if read_dateline(clean) is not None:
            kind = META
        yield Piece(clean, kind, read.page, words=tuple(_printed(word, read) for word in paragraph))


def _printed(word: OcrWord, read: ReadPage) -> PrintedWord:
    x, y, width, height = (round(n / read.scale, 1) for n in (word.x, word.y, word.width, word.height))
    return PrintedWord(word.text, read.page, x, y, width, height, word.confidence)


def notes_of(pages: Sequence[ReadPage], ocr: Ocr) -> list[str]:
    """Which pages were read by OCR, by which engine, in which language, and how surely; what it could not read."""
    notes = [remark for page in pages for remark in page.remarks]
    for language, group in itertools.groupby(
        sorted(pages, key=lambda page: (page.reading.language, page.page)), key=lambda page: page.reading.language
    ):
        some = list(group)
        words = [word for page in some for word in page.reading.words]
        unsure = sum(word.confidence < _UNSURE for word in words)
        notes.append(
            f"read by OCR ({ocr.engine.name}, language {language}): page{'s' * (len(some) > 1)} "
            f"{', '.join(str(page.page) for page in some[:20])}{' …' * (len(some) > 20)}; {len(words)} words, "
            f"on average {mean_confidence(words):.0f} % sure, {unsure} under {_UNSURE} %"
        )
    without = missing(None, ocr.engine.languages & set(ocr.languages))
    if pages and without:
        notes.append(f"OCR languages not installed, so words in them are misread: {', '.join(without)}")
    return notes


def language_told(pages: Sequence[ReadPage]) -> str | None:
    """The language of most pages' letters, as a code such as `ar`; None without words."""
    if not any(page.reading.words for page in pages):
        return None
    best = max(pages, key=lambda page: sum(len(word.text) for word in page.reading.words))
    return next(group[best.reading.language] for group in SCRIPTS.values() if best.reading.language in group)
