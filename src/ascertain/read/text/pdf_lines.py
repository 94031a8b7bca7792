"""From the characters of a PDF page to its lines, and from lines to paragraphs."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from ascertain.read.text.dateline import read_dateline
from ascertain.read.text.pdf_frame import PageFrame
from ascertain.read.text.pdf_turned import Letter, has_right_to_left, reread
from ascertain.read.text.place import PrintedWord

Characters = list[tuple[int, str]]  # PDFium's number of each, or SPACE, and the character

_HYPHENS = "\x02\ufffe\u00ad"  # how PDFium marks a hyphen that ends a line
_LINE = re.compile(rf"[^\r\n{_HYPHENS}]+[{_HYPHENS}]?")  # PDFium sets no line end behind such a hyphen
_WORD = re.compile(r"\S+")
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?؟:][\"'”’»)\]]*$")
_LETTERED_HYPHEN = re.compile(r"[^\W\d_]-$")
_WIDER_GAP = 1.35  # paragraphs stand this much further apart than lines
_FEW_GAPS, _PRINTED_GAP = 4, 1.6  # the second in letter sizes
_SHORT_LINE = 0.8  # of the page's longest: the last line of a paragraph
_RUNNING_PAGES = 3  # fewer repetitions may be chance
_EDGE_LINES = 2


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page: its characters, the height of its baseline, its letters' size (points), and its words."""

    text: str
    baseline: float
    size: float
    words: tuple[PrintedWord, ...] = ()


def page_lines(text_page: pypdfium2.PdfTextPage, number: int, frame: PageFrame) -> list[PdfLine]:
    """The lines of page `number` that hold more than white space, in the order in which PDFium reads them."""
    characters = _characters(text_page)
    spans = [found.span() for found in _LINE.finditer(characters) if found.group().strip()]
    lines: list[Characters] = [[(at, characters[at]) for at in range(*span)] for span in spans]
    if has_right_to_left(characters):
        letters = [_letters(text_page, characters, span, frame) for span in spans]
        for at, anew in reread(letters):
            lines[at] = anew
    return [_line(text_page, line, number, frame) for line in lines if line]


def _letters(
    text_page: pypdfium2.PdfTextPage, characters: str, span: tuple[int, int], frame: PageFrame
) -> list[Letter]:
    letters = []
    for token, found in enumerate(_WORD.finditer(characters, *span)):
        for at in range(*found.span()):
            box = frame.box(text_page, (at,))
            if box is not None:
                left, _, width, height = box
                begin = frame.origin(text_page, at)
                letters.append(Letter(at, characters[at], left, left + width, height, *begin, span[0] + token))
    return letters


def _line(text_page: pypdfium2.PdfTextPage, line: Characters, number: int, frame: PageFrame) -> PdfLine:
    text = "".join(character for _, character in line)
    words = []
    for found in _WORD.finditer(text):
        box = frame.box(text_page, (index for index, _ in line[found.start() : found.end()]))
        if box is not None:
            words.append(PrintedWord(found.group(), number, *box))
    return PdfLine(text.strip(), *_place(text_page, line[_indent(text)][0]), tuple(words))


def _characters(text_page: pypdfium2.PdfTextPage) -> str:
    """One character for each of PDFium's, so that positions agree."""
    count = text_page.count_chars()
    return "".join(chr(min(pdfium.FPDFText_GetUnicode(text_page, index), 0x10FFFF)) for index in range(count))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _place(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float]:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, index, across, up)
    return up.value, float(pdfium.FPDFText_GetFontSize(text_page, index))


def without_running_lines(pages: Sequence[Sequence[PdfLine]]) -> tuple[list[list[PdfLine]], list[str]]:
    """The pages without the headers and footers that at least three and half of them share, and what these say.

    Numbers may differ from page to page: `Page 3 of 10` and `Page 4 of 10` are one footer.
    """
    seen = Counter(key for lines in pages for key in {_key(lines[at]) for at in _edges(lines)})
    enough = max(_RUNNING_PAGES, len(pages) / 2)
    running = {key for key, count in seen.items() if count >= enough}
    kept: list[list[PdfLine]] = []
    dropped: dict[str, str] = {}
    for lines in pages:
        out = {at for at in _edges(lines) if _key(lines[at]) in running}
        dropped.update({_key(lines[at]): lines[at].text for at in sorted(out)})
        kept.append([line for at, line in enumerate(lines) if at not in out])
    return kept, list(dropped.values())


def _edges(lines: Sequence[PdfLine]) -> set[int]:
    return {*range(min(_EDGE_LINES, len(lines))), *range(max(0, len(lines) - _EDGE_LINES), len(lines))}


def _key(line: PdfLine) -> str:
    return _DIGITS.sub("#", " ".join(line.text.split()))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together as one text, with the size of their letters (points)."""

    text: str
    size: float
    lines: tuple[PdfLine, ...]


def paragraphs(lines: Sequence[PdfLine]) -> Iterator[Paragraph]:
    """The paragraphs of a page's lines. Line-end hyphens are rejoined."""
    words = words_of(line.text for line in lines)
    gaps = sorted(above.baseline - below.baseline for above, below in itertools.pairwise(lines))
    usual_gap = next((gap for gap in gaps[len(gaps) // 3 :] if gap > 0), 0.0)
    if len(gaps) < _FEW_GAPS and lines:  # too few to know what is usual here: what is usual in print
        usual_gap = min(usual_gap, _PRINTED_GAP * lines[0].size)
    longest = max((len(line.text) for line in lines), default=0)
    together: list[PdfLine] = []
    for line in lines:
        if together and _parted(together[-1], line, usual_gap, longest):
            yield _paragraph(together, words)
            together = []
        together.append(line)
    if together:
        yield _paragraph(together, words)


def _paragraph(lines: Sequence[PdfLine], words: Counter[str]) -> Paragraph:
    return Paragraph(joined([line.text for line in lines], words), lines[-1].size, tuple(lines))


def words_of(lines: Iterable[str]) -> Counter[str]:
    """How often each word stands on a page: what tells whether a word has a hyphen of its own."""
    return Counter(word for line in lines for word in re.findall(r"[\w-]+", line.casefold()))


def joined(lines: Iterable[str], words: Counter[str]) -> str:
    """The lines of a paragraph as one text, without the hyphens that only end a line."""
    text = ""
    for line in lines:
        text = _joined(text, line, words)
    return text


def _parted(above: PdfLine, below: PdfLine, usual_gap: float, longest: int) -> bool:
    if above.text[-1] in _HYPHENS:
        return False
    gap = above.baseline - below.baseline
    apart = usual_gap > 0 and gap > _WIDER_GAP * usual_gap
    other_size = abs(above.size - below.size) > 0.1 * max(above.size, below.size)
    ended = len(above.text) < _SHORT_LINE * longest and _SENTENCE_END.search(above.text) is not None
    dated = read_dateline(above.text) is not None or read_dateline(below.text) is not None
    return apart or other_size or ended or dated


def _joined(text: str, line: str, words: Counter[str]) -> str:
    if not text:
        return line
    marked = text[-1] in _HYPHENS
    if not marked and not (_LETTERED_HYPHEN.search(text) and line[:1].islower()):
        return f"{text} {line}"
    stem = text[:-1]
    left, right = re.findall(r"\w*$", stem)[0], re.findall(r"^\w*", line)[0]
    # the page itself tells whether the word has a hyphen of its own (large-scale) or only at the line's end
    if words[f"{left}-{right}".casefold()] > words[f"{left}{right}".casefold()]:
        return f"{stem}-{line}"
    return stem + line
