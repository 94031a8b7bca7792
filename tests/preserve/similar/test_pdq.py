from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from ascertain.preserve.similar.images import hamming_distance
from ascertain.preserve.similar.pdq import ImagePrint, print_image

# Hashes of the reference implementation (C++, by way of pdqhash 0.2.8) for the same grey levels.
REFERENCE = [
    ((1, 64, 64), "ce1921e4c53a324711eff5e08a1cf5e1152b2a16cf10a8f7ba85dd0bb1ec9d8d"),
    ((2, 128, 128), "c7335ad31c26aa4cee18ad1c4620da475acb23b35a4e94af90e97fb8b6914d66"),
    ((3, 300, 200), "5bbd27943c23f5a4506a94b5305ccebab6b8fb54dc29b5950f1f0b0082ac7af8"),
    ((4, 480, 640), "2e07544b3ae3348265d2579a973b715430e2be1481fae1b61fcd3db67b6c8509"),
    ((5, 37, 91), "d9790ef4f9db2492bd282685d9fe5add1f2c26acf15b0ea48d54f0d3a492a600"),
    ((6, 1000, 1500), "f8deabfe5193306b3e5350dc17ce08a8a137e5c14734f88ad2a3454a8a1fa4b7"),
]


def of(image: Image.Image) -> ImagePrint:
    return print_image(np.asarray(image.convert("L")))


@pytest.mark.parametrize(("shape", "wanted"), REFERENCE)
def test_the_bits_are_those_of_the_reference_implementation(
    images: Any, shape: tuple[int, int, int], wanted: str
) -> None:
    found = print_image(images.surface(*shape))
    assert (found.bits.hex(), found.quality) == (wanted, 100)


def test_the_bits_are_those_of_the_installed_reference_where_there_is_one(images: Any) -> None:
    pdqhash = pytest.importorskip("pdqhash")
    for seed, rows, columns in [(11, 70, 70), (12, 511, 257), (13, 64, 200), (14, 900, 1201)]:
        grey = images.surface(seed, rows, columns)
        bits, quality = pdqhash.compute(np.repeat(grey[:, :, None], 3, 2).copy())
        found = print_image(grey)
        assert hamming_distance(found, ImagePrint(np.packbits(bits).tobytes(), quality)) <= 2
        assert abs(found.quality - quality) <= 1


def test_small_changes_move_few_bits_and_another_image_moves_half(images: Any) -> None:
    image = images.photograph(1)
    for changed in (
        image.resize((200, 150)),
        image.filter(ImageFilter.GaussianBlur(1)),
        image.point(lambda level: min(255, int(level * 1.1))),
    ):
        assert hamming_distance(of(image), of(changed)) <= 31
    assert hamming_distance(of(image), of(images.photograph(2))) > 60


def test_a_plain_surface_and_a_tiny_image_say_nothing() -> None:
    assert print_image(np.full((300, 300), 77, np.uint8)).quality == 0
    assert print_image(np.zeros((4, 400), np.uint8)).quality == 0
    assert print_image(np.zeros((0, 0), np.uint8)).quality == 0


def test_an_image_so_regular_that_only_noise_would_speak_says_nothing() -> None:
    quarter = np.kron(np.random.RandomState(1).randint(0, 256, (20, 20)), np.ones((8, 8))).astype(np.uint8)
    half = np.vstack([quarter, quarter[::-1]])
    squares = np.hstack([half, half[:, ::-1]])
    assert print_image(squares).quality == 0


def test_a_large_image_is_hashed_strip_by_strip_to_the_same_bits(images: Any) -> None:
    grey = images.surface(9, 1400, 900)
    assert print_image(grey) == print_image(np.asfortranarray(grey))
