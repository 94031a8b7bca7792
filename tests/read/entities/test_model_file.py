"""A labeller's file, whole and damaged."""

from __future__ import annotations

import io
import pickle
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.errors import ImportRefused
from ascertain.read.entities import Annotated, Mention, Model, load_model, save_model, train_entities

TEXT = Annotated("a", "here", "Kerry met Assad in Aleppo.", (Mention(0, 5, "Person"), Mention(19, 25, "Location")))


@pytest.fixture(scope="module")
def model() -> Model:
    return train_entities([TEXT], name="small")


@pytest.fixture(scope="module")
def data(model: Model) -> bytes:
    return save_model(model)


def _with(data: bytes, **changed: Any) -> bytes:
    with np.load(io.BytesIO(data)) as arrays:
        whole = {**arrays, **{name.replace("__", "."): value for name, value in changed.items()}}
    into = io.BytesIO()
    np.savez_compressed(into, **whole)
    return into.getvalue()


def test_a_model_comes_back_from_its_file(model: Model, data: bytes) -> None:
    again = load_model(data)
    assert (again.name, dict(again.features)) == ("small", dict(model.features))
    assert again.whole.labels == model.whole.labels
    assert (again.whole.weights == model.whole.weights).all()
    assert save_model(again) == data


@pytest.mark.parametrize("size", [0, 1, 30, 500])
def test_a_truncated_file_is_refused(data: bytes, size: int) -> None:
    with pytest.raises(ImportRefused):
        load_model(data[:size])


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_changes_no_shape(data: bytes, at: int, bit: int) -> None:
    changed = bytearray(data)
    changed[at % len(data)] ^= 1 << bit
    try:
        loaded = load_model(bytes(changed))
    except ImportRefused:
        return
    assert loaded.whole.weights.shape == (len(loaded.features), len(loaded.whole.labels))


def test_pickle_is_never_run(data: bytes) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return (pytest.fail, ("it was run",))

    for hostile in (pickle.dumps(Hostile()), _with(data, whole__start=np.array([Hostile()], dtype=object))):
        with pytest.raises(ImportRefused):
            load_model(hostile)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": np.array([2], dtype=np.int32)},
        {"features": np.frombuffer(b"a\na", dtype=np.uint8)},
        {"features": np.frombuffer(b"\xff", dtype=np.uint8)},
        {"whole__weights": np.zeros((1, 1), dtype=np.int8)},
        {"whole__labels": np.frombuffer(b"B-Wizard\nO", dtype=np.uint8)},
        {"inner__start": np.zeros(3, dtype=np.float64)},
    ],
    ids=["version", "feature_twice", "not_utf8", "shape", "label", "type"],
)
def test_arrays_that_do_not_fit_are_refused(data: bytes, changed: dict[str, Any]) -> None:
    with pytest.raises(ImportRefused):
        load_model(_with(data, **changed))


def test_a_file_that_unfolds_too_far_is_refused_before_it_does(data: bytes) -> None:
    into = io.BytesIO(data)
    with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("more.npy", "w") as member:
        for _ in range(201):
            member.write(bytes(1_000_000))
    with pytest.raises(ImportRefused, match="too far"):
        load_model(into.getvalue())


def test_weights_out_of_bounds_are_refused(data: bytes, model: Model) -> None:
    size = len(model.whole.labels)
    with pytest.raises(ImportRefused):
        load_model(_with(data, whole__transition=np.full((size, size), 32767, dtype=np.int16)))


def test_the_name_is_kept(model: Model) -> None:
    assert load_model(save_model(replace(model, name="ours"))).name == "ours"


def test_an_array_that_lies_about_its_size_is_refused() -> None:
    said = "{'descr': '<i4', 'fortran_order': False, 'shape': (100000000000000,), }".ljust(117) + "\n"
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        packed.writestr("version.npy", b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said.encode())
    with pytest.raises(ImportRefused):
        load_model(into.getvalue())
