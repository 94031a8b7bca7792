from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from ascertain.errors import ImageRefused, UsageError
from ascertain.preserve.redact.image import Region, paint, redact_image

REGION = Region(40, 30, 50, 20)


def shown(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def chunks(data: bytes) -> list[bytes]:
    names, at = [], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        names.append(data[at + 4 : at + 8])
        at += 12 + length
    assert at == len(data)
    return names


def test_the_region_is_black_and_everything_else_is_as_it_was(images: Any) -> None:
    before = images.photograph(1)
    done = redact_image(images.file_of(before, "PNG"), [REGION])
    after, wanted = shown(done.data), np.asarray(before).copy()
    wanted[30:50, 40:90] = 0
    assert np.array_equal(after, wanted)
    assert (done.width, done.height, done.painted) == (400, 300, (REGION,))


def test_two_images_that_differ_in_the_region_alone_have_the_same_copy(images: Any) -> None:
    one = images.photograph(1)
    other = one.copy()
    other.paste(images.photograph(2, 50, 20), (40, 30))
    copies = [redact_image(images.file_of(image, "PNG"), [REGION]).data for image in (one, other)]
    assert copies[0] == copies[1]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_block_around_the_region_is_painted_too_in_a_lossy_image(images: Any, kind: str) -> None:
    done = redact_image(images.file_of(images.photograph(1), kind, quality=60), [REGION])
    assert done.painted == (Region(24, 14, 82, 52),)
    assert not shown(done.data)[14:66, 24:106].any()


def test_a_jpeg_that_differs_in_the_region_alone_has_the_same_copy(images: Any) -> None:
    one = images.photograph(1)
    other = one.copy()
    other.paste(Image.effect_noise((50, 20), 200).convert("RGB"), (40, 30))
    copies = [redact_image(images.file_of(image, "JPEG", quality=60), [REGION]).data for image in (one, other)]
    assert copies[0] == copies[1]


def test_nothing_but_pixels_goes_over(images: Any, traces: Any) -> None:
    exif = Image.Exif()
    exif[0x010E] = "WitnessName"
    exif[0x8825] = {1: "N", 2: (35.0, 50.0, 0.0)}
    jpeg = images.file_of(
        images.photograph(1), "JPEG", exif=exif, icc_profile=b"ICC WitnessName " * 10, comment=b"WitnessName"
    )
    jpeg += b"WitnessName behind the image"
    assert traces(jpeg, "WitnessName")
    done = redact_image(jpeg, [REGION])
    assert not traces(done.data, "WitnessName")
    assert set(chunks(done.data)) == {b"IHDR", b"IDAT", b"IEND"}


def test_texts_profiles_and_trailing_bytes_of_a_png_do_not_go_over(images: Any, traces: Any) -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "WitnessName", zip=True)
    told.add_itxt("Comment", "WitnessName", zip=True)
    exif = Image.Exif()
    exif[0x010E] = "WitnessName"
    data = images.file_of(images.photograph(1), "PNG", pnginfo=told, exif=exif) + b"WitnessName"
    assert traces(data, "WitnessName")
    done = redact_image(data, [REGION])
    assert not traces(done.data, "WitnessName")
    assert chunks(done.data)[0] == b"IHDR"


def test_the_colours_of_a_palette_and_what_lay_under_transparency_do_not_go_over(images: Any) -> None:
    image = Image.new("RGBA", (60, 60), (9, 9, 9, 255))
    image.putpixel((5, 5), (201, 17, 33, 0))
    data = images.file_of(image, "PNG")
    assert (201, 17, 33) not in {
        tuple(pixel) for pixel in shown(redact_image(data, [Region(40, 40, 5, 5)]).data).reshape(-1, 3)
    }


def test_regions_are_of_the_image_as_it_is_shown(images: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter
    lying = Image.new("RGB", (120, 80), "white")
    lying.paste((255, 0, 0), (0, 70, 10, 80))  # lower left as stored: upper left as shown
    done = redact_image(images.file_of(lying, "PNG", exif=exif), [Region(0, 0, 10, 10)])
    after = shown(done.data)
    assert after.shape == (120, 80, 3)
    assert not ((after[..., 0] > 200) & (after[..., 1] < 100)).any()


def test_a_moving_image_is_refused(images: Any) -> None:
    frames = [images.photograph(seed, 60, 60) for seed in (1, 2)]
    data = images.file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(ImageRefused) as caught:
        redact_image(data, [Region(0, 0, 5, 5)])
    assert caught.value.why == "several_frames"


@pytest.mark.parametrize(
    "region", [Region(400, 0, 5, 5), Region(0, 300, 5, 5), Region(-9, 0, 9, 9), Region(0, 0, 0, 5)]
)
def test_a_region_outside_is_refused(images: Any, region: Region) -> None:
    with pytest.raises(UsageError):
        redact_image(images.file_of(images.photograph(1), "PNG"), [region])


@given(st.integers(-20, 60), st.integers(-20, 60), st.integers(1, 80), st.integers(1, 80), st.integers(0, 16))
def test_what_is_painted_is_inside_and_holds_the_region(x: int, y: int, width: int, height: int, margin: int) -> None:
    pixels = np.full((40, 50, 3), 255, np.uint8)
    region = Region(x, y, width, height)
    try:
        done = paint(pixels, region, margin)
    except UsageError:
        assert x >= 50 or y >= 40 or x + width <= 0 or y + height <= 0
        return
    assert 0 <= done.x < done.x + done.width <= 50
    assert 0 <= done.y < done.y + done.height <= 40
    assert (pixels[max(0, y) : y + height, max(0, x) : x + width] == 0).all()
    assert (pixels == 0).all(axis=2).sum() == done.width * done.height
