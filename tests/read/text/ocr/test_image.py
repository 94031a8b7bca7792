"""An image is read in the language that its words are in, every word with its box."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ascertain.errors import UnreadableExhibit
from ascertain.read.text import Ocr, read_text
from ascertain.read.text.ocr.engine import OcrLimits

Scan = Callable[..., Image.Image]
Png = Callable[[Image.Image], bytes]

LINES = {
    "eng": ["The aircraft returned at noon", "and hit the market again.", "Nobody had left the hall."],
    "fra": ["Les avions sont revenus à midi", "et ont frappé le marché.", "Personne n'avait quitté la salle."],
    "tur": ["Uçaklar öğle saatlerinde döndü", "ve pazar yerini yeniden vurdu.", "Kimse binadan çıkmamıştı."],
    "rus": ["Самолёты вернулись в полдень", "и снова ударили по рынку.", "Никто не покинул здание."],
    "ara": ["عادت الطائرات عند الظهر", "وقصفت السوق مرة ثانية", "ولم يغادر أحد المبنى"],
    "fas": ["هواپیماها ظهر بازگشتند", "و دوباره به بازار حمله کردند", "هیچ کس ساختمان را ترک نکرد"],
}
RIGHT_TO_LEFT = {"ara", "fas"}


@pytest.mark.parametrize("language", LINES)
def test_a_page_is_read_in_its_own_language(scan: Scan, png: Png, language: str) -> None:
    text = read_text(png(scan(LINES[language], right_to_left=language in RIGHT_TO_LEFT)), "image/png", ocr=Ocr())
    assert any(f"language {language}" in note for note in text.notes), text.notes
    words = " ".join(LINES[language]).split()
    read = text.body.split()
    assert sum(word in read for word in words) >= 0.8 * len(words), text.body


def test_every_word_lies_in_its_box_and_says_how_sure_the_engine_is(scan: Scan, png: Png) -> None:
    text = read_text(png(scan(["", "market"], size=60)), "image/png", ocr=Ocr())
    (place,) = text.places_of(0, 6)
    assert place.x + 3 >= 80 and place.x + place.width < 80 + 6 * 60
    assert 60 + 120 < place.y + place.height / 2 < 60 + 120 + 80
    assert place.confidence is not None and place.confidence > 60
    assert text.sheets[0].unit == "px"
    assert text.fragments_of(0, 6)[0].startswith("xywh=")


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read_and_its_boxes_are_those_of_the_image(
    scan: Scan, png: Png, turned: int
) -> None:
    upright = scan([*LINES["eng"], *LINES["eng"]])
    image = upright.rotate(turned, expand=True)
    text = read_text(png(image), "image/png", ocr=Ocr())
    start = text.body.index("aircraft")
    place = text.places_of(start, start + 8)[0]
    assert place.x >= 0 and place.x + place.width <= image.width
    box = (place.x, place.y, place.x + place.width, place.y + place.height)
    inked = 255 - sum(image.crop(tuple(map(int, box))).tobytes()) / (place.width * place.height)
    assert inked > 20  # there are letters in the box


def test_each_page_of_a_tiff_is_read(scan: Scan) -> None:
    out = BytesIO()
    scan(LINES["eng"]).save(out, "TIFF", save_all=True, append_images=[scan(LINES["rus"])])
    text = read_text(out.getvalue(), "image/tiff", ocr=Ocr())
    assert {block.page for block in text.blocks} == {1, 2}
    assert "рынку" in text.body
    assert text.fragments_of(0, 3)[0].startswith("page=1&xywh=")


def test_an_image_that_hides_its_orientation_in_its_metadata_is_read_as_it_is_shown(scan: Scan) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    scan(LINES["eng"]).rotate(90, expand=True).save(out, "JPEG", exif=exif)
    text = read_text(out.getvalue(), "image/jpeg", ocr=Ocr())
    assert "market" in text.body
    assert text.sheets[0].width == 1700


def test_a_picture_without_words_is_unreadable(needs_tesseract: None, png: Png) -> None:
    with pytest.raises(UnreadableExhibit, match="found no words"):
        read_text(png(Image.new("L", (400, 300), 255)), "image/png", ocr=Ocr())


def test_without_leave_no_image_is_read(png: Png) -> None:
    with pytest.raises(UnreadableExhibit, match="has no text"):
        read_text(png(Image.new("L", (4, 3), 255)), "image/png")


def _bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_unpacked(needs_tesseract: None) -> None:
    with pytest.raises(UnreadableExhibit, match="too many pixels"):
        read_text(_bomb(), "image/png", ocr=Ocr())


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"not an image", b"GIF89a", b"II*\x00\xff\xff\xff\xff"])
def test_a_damaged_image_is_unreadable(needs_tesseract: None, data: bytes) -> None:
    with pytest.raises(UnreadableExhibit, match="the image is not read"):
        read_text(data, "image/png", ocr=Ocr())


def test_a_truncated_image_is_unreadable(scan: Scan, png: Png) -> None:
    data = png(scan(LINES["eng"]))
    with pytest.raises(UnreadableExhibit, match=r"truncated|damaged"):
        read_text(data[: len(data) // 2], "image/png", ocr=Ocr())


def test_a_page_that_takes_too_long_is_named(scan: Scan, png: Png) -> None:
    with pytest.raises(UnreadableExhibit, match="takes more than 0 seconds"):
        read_text(png(scan(LINES["eng"] * 30)), "image/png", ocr=Ocr(OcrLimits(seconds=0)))


def test_a_page_that_takes_too_much_memory_is_named(scan: Scan, png: Png) -> None:
    data = png(scan(LINES["eng"]))
    with pytest.raises(UnreadableExhibit):
        read_text(data, "image/png", ocr=Ocr(OcrLimits(memory_mb=60)))


def test_the_same_image_gives_the_same_text(scan: Scan, png: Png) -> None:
    data: Any = png(scan(LINES["ara"], right_to_left=True))
    assert read_text(data, "image/png", ocr=Ocr()) == read_text(data, "image/png", ocr=Ocr())


def test_a_page_of_specks_is_read_without_them(scan: Scan, png: Png) -> None:
    page = np.asarray(scan(LINES["eng"], size=31), float) * 0.85 + 20
    specks = np.random.RandomState(5).normal(0, 30, page.shape)
    image = Image.fromarray(np.clip(page + specks, 0, 255).astype(np.uint8))
    assert "market" in read_text(png(image), "image/png", ocr=Ocr()).body
