from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ascertain.errors import ImageRefused
from ascertain.pixels import decode
from ascertain.pixels.decode import Limits, decode_image, draw_page


def refused(data: bytes, **how: Any) -> str:
    with pytest.raises(ImageRefused) as caught:
        decode_image(data, "RGB", **how)
    return caught.value.why


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of one bit a pixel that says to be this large, whatever it holds."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_the_named_formats_are_decoded(images: Any, kind: str) -> None:
    picture = decode_image(images.file_of(images.photograph(1), kind), "RGB")
    assert (picture.width, picture.height, len(picture.pixels)) == (400, 300, 400 * 300 * 3)


def test_grey_is_one_byte_a_pixel(images: Any) -> None:
    surface = images.surface(1, 20, 30)
    picture = decode_image(images.file_of(Image.fromarray(surface), "PNG"), "L")
    assert np.array_equal(np.frombuffer(picture.pixels, np.uint8).reshape(20, 30), surface)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM", "TGA", "PDF"])
def test_other_formats_are_not_decoded(images: Any, kind: str) -> None:
    assert refused(images.file_of(images.photograph(1, 40, 40), kind)) == "not_decoded"


def test_no_bytes_and_other_bytes_are_named() -> None:
    assert refused(b"") == "empty"
    assert refused(b"no image at all") == "not_decoded"
    assert refused(b"\x89PNG\r\n\x1a\n") in ("not_decoded", "damaged", "truncated")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_truncated_file_is_a_named_failure(images: Any, kind: str) -> None:
    data = images.file_of(images.photograph(1), kind)
    assert refused(data[: len(data) // 2]) in ("truncated", "damaged", "not_decoded")


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (2**31 - 1, 1), (1, 2**31 - 1), (70_000, 8)])
def test_a_bomb_is_refused_by_what_it_says_before_it_is_unpacked(width: int, height: int) -> None:
    assert refused(png(width, height, bytes(1000))) == "too_many_pixels"


def test_a_gif_and_a_webp_that_say_to_be_huge_are_refused(images: Any) -> None:
    gif = bytearray(images.file_of(Image.new("P", (8, 8)), "GIF"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    assert refused(bytes(gif)) == "too_many_pixels"
    webp = bytearray(images.file_of(Image.new("RGB", (8, 8)), "WEBP", lossless=True))
    at = webp.index(b"VP8L") + 9
    webp[at : at + 4] = struct.pack("<I", (16_383) | (16_383 << 14))
    assert refused(bytes(webp)) in ("too_many_pixels", "not_decoded", "damaged")


def test_no_pixels_are_no_image() -> None:
    assert refused(png(0, 0, b"")) in ("no_pixels", "not_decoded", "damaged")


def test_a_text_bomb_in_a_png_ends_in_a_refusal_or_an_image(images: Any) -> None:
    whole = images.file_of(images.photograph(1, 40, 40), "PNG")
    bomb = chunk(b"zTXt", b"note\x00\x00" + zlib.compress(bytes(100_000_000), 9))
    data = whole[:33] + bomb + whole[33:]
    try:
        assert decode_image(data, "RGB", limits=Limits(memory_mb=512, seconds=20)).width == 40
    except ImageRefused as error:
        assert error.why in ("damaged", "memory")


def test_more_memory_or_time_than_allowed_ends_the_decoder_and_not_us(images: Any) -> None:
    large = images.file_of(Image.new("RGBA", (5000, 5000), (1, 2, 3, 100)), "PNG")
    assert refused(large, limits=Limits(memory_mb=250)) in ("memory", "crashed")
    assert refused(large, limits=Limits(seconds=0)) == "time"
    assert refused(bytes(3 * 1024 * 1024), limits=Limits(size_mb=2)) == "too_large"


def test_a_decoder_that_crashes_or_lies_is_one_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    monkeypatch.setattr(decode, "_WORKER", worker)
    for program, why in (
        ("import os; os.abort()", "crashed"),
        ("print('not json')", "crashed"),
        ("print('[1, 2]')", "crashed"),
        ('print(\'{"width": 9, "height": 9}\')', "crashed"),
        ("import time; time.sleep(60)", "time"),
        ("while True: print('x' * 100_000)", "crashed"),
    ):
        worker.write_text(program)
        assert refused(b"bytes", limits=Limits(seconds=1, pixels=1000)) == why, program


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_in_a_png_shows_the_same_picture(images: Any, mode: str) -> None:
    surface = images.surface(1, 40, 60)
    image = Image.fromarray(surface)
    image = Image.fromarray(surface.astype(np.uint16) * 256) if mode == "I;16" else image.convert(mode)
    got = np.frombuffer(decode_image(images.file_of(image, "PNG"), "L").pixels, np.uint8).reshape(40, 60)
    wanted = np.asarray(Image.fromarray(surface).convert("1").convert("L")) if mode == "1" else surface
    assert np.abs(got.astype(int) - wanted).max() <= 1


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_every_kind_of_pixel_in_a_jpeg_shows_nearly_the_same_picture(images: Any, mode: str) -> None:
    image = images.photograph(2).convert("L")
    got = decode_image(images.file_of(image.convert("RGB").convert(mode), "JPEG", quality=95), "L")
    assert np.abs(np.frombuffer(got.pixels, np.uint8).astype(int) - np.asarray(image).ravel()).mean() < 3


def test_what_is_transparent_does_not_come_through() -> None:
    hidden = Image.new("RGBA", (10, 10), (200, 10, 10, 0))
    out = io.BytesIO()
    hidden.save(out, "PNG")
    assert set(decode_image(out.getvalue(), "RGB").pixels) == {255}


def test_an_image_is_turned_as_its_exif_says(images: Any) -> None:
    lying = images.photograph(3, 60, 40)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = decode_image(images.file_of(lying, "JPEG", exif=exif, quality=95), "RGB")
    assert (turned.width, turned.height) == (40, 60)


def test_broken_exif_leaves_the_image_as_it_lies_unless_it_must_be_upright(images: Any) -> None:
    broken = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\xff\xff\xff\xff\xff\xff\x00\x06"
    data = images.file_of(images.photograph(3, 60, 40), "JPEG", exif=broken)
    assert decode_image(data, "L").width == 60
    try:
        assert decode_image(data, "L", upright=True).width in (40, 60)
    except ImageRefused as error:
        assert error.why == "orientation"


def test_of_several_frames_the_first_is_taken_unless_one_is_wanted_alone(images: Any) -> None:
    frames = [images.photograph(seed, 40, 30) for seed in (1, 2, 3)]
    data = images.file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode_image(data, "RGB").told["several"] is True
    assert refused(data, still=True) == "several_frames"


def test_a_photograph_with_a_second_image_behind_it_is_a_still_one(images: Any) -> None:
    first, second = images.photograph(1), images.photograph(2)
    data = images.file_of(first, "MPO", save_all=True, append_images=[second])
    shown = np.frombuffer(decode_image(data, "RGB", still=True).pixels, np.uint8).astype(int)
    far = [np.abs(shown - np.asarray(image).ravel()).mean() for image in (first, second)]
    assert far[0] < 6 < far[1]


def test_a_file_that_is_two_things_is_read_as_the_image_that_it_begins_with(images: Any) -> None:
    data = images.file_of(images.photograph(1), "PNG")
    picture = decode_image(data + b"<script>alert(1)</script>PK\x03\x04" + bytes(1000), "RGB")
    assert (picture.width, picture.height) == (400, 300)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), what=st.binary(min_size=1, max_size=40))
def test_any_damage_is_an_image_or_a_named_refusal(images: Any, kind: str, where: float, what: bytes) -> None:
    data = bytearray(images.file_of(images.photograph(1, 60, 40), kind))
    at = int(where * len(data))
    data[at : at + len(what)] = what
    try:
        picture = decode_image(bytes(data), "RGB", limits=Limits(pixels=1_000_000, seconds=10))
    except ImageRefused as error:
        assert error.why
    else:
        assert len(picture.pixels) == picture.width * picture.height * 3


def test_the_decoder_has_no_environment_and_can_write_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, images: Any
) -> None:
    monkeypatch.setenv("SECRET", "told to nobody")
    spy = tmp_path / "worker.py"
    code = Path(decode.__file__).with_name("worker.py").read_text("utf-8")
    target = tmp_path / "written"
    spying = (
        "    import os\n"
        f"    try:\n        open({str(target)!r}, 'w').write('x')\n    except OSError:\n        pass\n"
        "    raise Refused('spied', repr(dict(os.environ)))\n"
    )
    head = "def decode(data: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:\n"
    spy.write_text(code.replace(head, head + spying))
    monkeypatch.setattr(decode, "_WORKER", spy)
    with pytest.raises(ImageRefused) as caught:
        decode_image(b"bytes", "L")
    assert caught.value.why == "spied"
    assert "SECRET" not in caught.value.message
    assert not target.exists() or target.read_bytes() == b""


def test_a_page_that_is_not_there_and_a_file_that_is_no_pdf_are_named() -> None:
    for data, why in ((b"no pdf", "not_decoded"), (b"%PDF-1.7\n", "not_decoded"), (b"", "empty")):
        with pytest.raises(ImageRefused) as caught:
            draw_page(data, 0, 150)
        assert caught.value.why == why


def scan(*sizes: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    pages = [Image.new("L", size, 255) for size in sizes]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def test_each_page_of_a_scan_is_decoded_and_their_number_is_told() -> None:
    data = scan((30, 20), (50, 40))
    first, second = (decode_image(data, "L", formats=("TIFF",), frame=frame) for frame in (0, 1))
    assert (first.width, second.width, first.told["frames"]) == (30, 50, 2)


def test_a_page_that_a_scan_does_not_have_is_refused() -> None:
    assert refused(scan((30, 20)), formats=("TIFF",), frame=1) == "no_such_page"


def test_a_later_page_is_measured_too() -> None:
    assert refused(scan((3, 2), (500, 40)), formats=("TIFF",), frame=1, limits=Limits(pixels=1000)) == "too_many_pixels"


def test_a_format_that_was_not_asked_for_is_not_tried() -> None:
    assert refused(scan((30, 20))) == "not_decoded"
