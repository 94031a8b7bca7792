from __future__ import annotations

import re
from typing import Any

import numpy as np
import pypdfium2
import pytest

from ascertain.errors import ImageRefused, UsageError
from ascertain.preserve.redact import pages as module
from ascertain.preserve.redact.image import Region
from ascertain.preserve.redact.pages import DOTS, redact_pages
from ascertain.read.text import read_text

SCALE = DOTS / 72


def pdf(*pages: str, extra: str = "", rotate: int = 0) -> bytes:
    """A PDF of pages of 300 x 200 points, each with what its content draws."""
    bodies = [
        f"<</Type/Catalog/Pages 2 0 R{extra}>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for n, content in enumerate(pages):
        bodies += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Rotate {rotate}/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {5 + 2 * n} 0 R>>",
            f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    at = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    info = "/Info<</Title(About WitnessName)/Author(WitnessName)>>"
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<</Size {len(places) + 1}/Root 1 0 R{info}>>\nstartxref\n{at}\n%%EOF\n".encode()


def line(text: str, y: int = 150, x: int = 20) -> str:
    return f"BT /F 14 Tf {x} {y} Td ({text}) Tj ET "


def drawn(data: bytes, page: int = 0) -> np.ndarray:
    """A page's pixels, at the copy's own resolution."""
    return np.asarray(pypdfium2.PdfDocument(data)[page].render(scale=SCALE).to_pil().convert("RGB")).copy()


def rows(pixels: np.ndarray, top: float, bottom: float) -> np.ndarray:
    """The rows between two heights in points from the upper edge."""
    return pixels[int(top * SCALE) : int(bottom * SCALE)]


TWO = line("The WitnessName was there", 150) + line("and another spoke", 100)


def test_the_line_of_a_word_is_black_from_edge_to_edge_and_the_other_lines_stay() -> None:
    done = redact_pages(pdf(TWO), {}, ["witnessname"])
    pixels = drawn(done.data)
    assert (rows(pixels, 38, 52) == 0).all()
    assert np.abs(rows(pixels, 80, 120).astype(int) - rows(drawn(pdf(TWO)), 80, 120)).mean() < 1
    assert (rows(pixels, 80, 120) < 100).any()
    assert [region.width for region in done.painted[1]] == [round(300 * SCALE)] * len(done.painted[1])


def test_what_the_line_held_cannot_be_told_from_the_copy() -> None:
    copies = [redact_pages(pdf(line(f"The {name} was there")), {}, [name]).data for name in ("Jo", "Wolfeschlegel")]
    assert copies[0] == copies[1]


def test_no_text_property_attachment_or_older_version_is_left(traces: Any) -> None:
    data = pdf(TWO, extra="/Names<</EmbeddedFiles<</Names[(WitnessName) <</F(WitnessName.txt)>>]>>>>")
    data += b"\n% WitnessName in an update\n"
    assert traces(data, "WitnessName")
    done = redact_pages(data, {}, ["WitnessName"])
    for words in ("WitnessName", "another", "Helvetica"):
        assert not traces(done.data, words)
    assert not re.search(rb"/(Info|Author|Title|Metadata|ID|Font|Names|JavaScript|Annots|AcroForm)\b", done.data)
    assert pypdfium2.PdfDocument(done.data)[0].get_textpage().count_chars() == 0


def test_a_copy_has_nothing_to_read() -> None:
    from ascertain.errors import UnreadableExhibit

    done = redact_pages(pdf(TWO), {}, ["another"])
    with pytest.raises(UnreadableExhibit, match="no text layer"):
        read_text(done.data, "application/pdf", limit_bytes=10_000_000)


def test_invisible_text_is_found_too_and_what_lay_under_a_black_box_is_gone(traces: Any) -> None:
    unseen = "BT 3 Tr /F 14 Tf 20 150 Td (WitnessName) Tj ET " + line("seen", 100)
    boxed = line("WitnessName", 60) + "0 0 0 rg 0 55 300 20 re f"
    done = redact_pages(pdf(unseen + boxed), {}, ["WitnessName"])
    assert (rows(drawn(done.data), 38, 52) == 0).all()
    assert not traces(done.data, "WitnessName")


def test_regions_are_in_points_of_the_page_as_it_is_shown() -> None:
    done = redact_pages(pdf(line("one"), line("two")), {2: [Region(10, 30, 100, 30)]})
    assert (done.pages, set(done.painted)) == (2, {2})
    first, second = drawn(done.data, 0), drawn(done.data, 1)
    assert (rows(first, 30, 60) < 100).any()
    assert (second[int(30 * SCALE) : int(60 * SCALE), int(11 * SCALE) : int(109 * SCALE)] == 0).all()
    assert (second[int(62 * SCALE) :] == 255).all()


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_is_painted_where_the_word_is_seen(rotate: int) -> None:
    done = redact_pages(pdf(line("WitnessName") + line("other", 60), rotate=rotate), {}, ["WitnessName"])
    alone = redact_pages(pdf(line("Name") + line("other", 60), rotate=rotate), {}, ["Name"])
    assert np.array_equal(drawn(done.data), drawn(alone.data))


def test_a_phrase_over_two_lines_hides_both() -> None:
    done = redact_pages(pdf(line("was seen by Witness", 150) + line("Name at noon", 130)), {}, ["witness name"])
    assert (rows(drawn(done.data), 40, 50) == 0).all()
    assert (rows(drawn(done.data), 60, 70) == 0).all()


def test_pages_without_a_text_layer_are_named() -> None:
    done = redact_pages(pdf(line("WitnessName"), "0 0 1 rg 10 10 50 50 re f"), {}, ["WitnessName"])
    assert done.without_text == (2,)


def test_every_page_is_as_large_as_it_was() -> None:
    copy = pypdfium2.PdfDocument(redact_pages(pdf(TWO, TWO, TWO), {1: [Region(0, 0, 9, 9)]}).data)
    assert [page.get_size() for page in copy] == [(300, 200)] * 3


def test_the_same_file_gives_the_same_copy() -> None:
    assert redact_pages(pdf(TWO), {}, ["another"]).data == redact_pages(pdf(TWO), {}, ["another"]).data


def test_words_that_are_nowhere_and_pages_that_are_not_there_are_refused() -> None:
    with pytest.raises(UsageError):
        redact_pages(pdf(TWO), {}, ["nobody"])
    with pytest.raises(UsageError):
        redact_pages(pdf(TWO), {2: [Region(0, 0, 9, 9)]})
    with pytest.raises(UsageError):
        redact_pages(pdf(TWO), {1: [Region(900, 0, 9, 9)]})


def test_what_is_no_pdf_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (b"", b"no pdf", pdf(TWO)[:200]):
        with pytest.raises(ImageRefused):
            redact_pages(data, {1: [Region(0, 0, 9, 9)]})
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    with pytest.raises(ImageRefused, match="limit"):
        redact_pages(pdf(TWO, TWO, TWO), {1: [Region(0, 0, 9, 9)]})


def test_a_page_that_says_to_be_huge_is_refused() -> None:
    with pytest.raises(ImageRefused):
        redact_pages(pdf(TWO).replace(b"[0 0 300 200]", b"[0 0 90000 90000]"), {1: [Region(0, 0, 9, 9)]})
