from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.read.places.coordinates import find_coordinates


@pytest.mark.parametrize(
    ("text", "lat", "lon", "within"),
    [
        ("at 35.4432, 36.6512 on Tuesday", 35.4432, 36.6512, 1e-4),
        ("35.44°N 36.65°E", 35.44, 36.65, 1e-4),
        ("33.9° S, 18.4° E", -33.9, 18.4, 1e-4),
        ("35°26'27\"N 36°38'57\"E", 35.440833, 36.649167, 1e-4),
        ("35° 26′ N, 36° 38′ E", 35.4333, 36.6333, 1e-3),
        ("31U DQ 48251 11932", 48.85826, 2.29449, 1e-4),
        ("4Q FJ 12345 67890", 21.40978, -157.91608, 1e-4),
    ],
)
def test_coordinates_are_read(text: str, lat: float, lon: float, within: float) -> None:
    (found,) = find_coordinates(text)
    assert (found.lat, found.lon) == (pytest.approx(lat, abs=within), pytest.approx(lon, abs=within))
    assert found.precision_km > 0


@pytest.mark.parametrize(
    "text",
    [
        "12, 14",
        "3.5, 4.5",
        "192.168.2.1",
        "95.1234, 200.5678",
        "killed 35, 36 injured",
        "31U II 48251 11932",
        "61U DQ 1234 5678",
    ],
)
def test_numbers_are_no_coordinates(text: str) -> None:
    assert find_coordinates(text) == []


def test_fewer_digits_are_less_precise() -> None:
    (fine,), (coarse,) = find_coordinates("35.44321, 36.65121"), find_coordinates("35.443, 36.651")
    assert fine.precision_km < coarse.precision_km


@given(st.text(alphabet="0123456789.,°'\"NSEW UDQ-", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    for found in find_coordinates(text):
        assert -90 <= found.lat <= 90 and -180 <= found.lon <= 180 and 0 <= found.start < found.end <= len(text)
