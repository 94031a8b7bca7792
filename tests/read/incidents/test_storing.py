"""A model file is untrusted: whatever is wrong with it is said, and nothing is run."""

from __future__ import annotations

import io
import zipfile

import pytest

from ascertain.errors import BadTraining
from ascertain.read.incidents import Model, dump, load


@pytest.mark.parametrize("content", [b"", b"PK", b"{}", b"\x80\x04K\x01."])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(BadTraining):
        load(content)


def test_a_truncated_model_is_refused(model: Model) -> None:
    whole = dump(model)
    for length in range(0, len(whole), len(whole) // 7):
        with pytest.raises(BadTraining):
            load(whole[:length])


def _changed(content: bytes, name: str, new: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as archive:
        for member in old.namelist():
            if member != name:
                archive.writestr(member, old.read(member))
            elif new is not None:
                archive.writestr(member, new)
    return out.getvalue()


@pytest.mark.parametrize("name", ["about.json", "history.npy", "fillers.left.npy", "candidates.weights.npy"])
@pytest.mark.parametrize("new", [None, b"", b"[]", b"{}", b"\x93NUMPY"])
def test_a_part_that_is_missing_or_broken_is_refused(model: Model, name: str, new: bytes | None) -> None:
    with pytest.raises(BadTraining):
        load(_changed(dump(model), name, new))


def _header_of(numbers: int) -> bytes:
    said = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({numbers},), }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(said).to_bytes(2, "little") + said.encode()


@pytest.mark.parametrize(
    ("name", "new"),
    [("about.json", b"[" * 200_000), ("history.npy", _header_of(10**14)), ("about.json", b'{"format": 1, "types": 3}')],
    ids=["deep", "a_lying_size", "no_list"],
)
def test_a_part_that_would_cost_too_much_is_refused(model: Model, name: str, new: bytes) -> None:
    with pytest.raises(BadTraining):
        load(_changed(dump(model), name, new))


def test_a_model_that_unfolds_too_far_is_refused_before_it_does(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ascertain.read.incidents.storing._UNPACKED_LIMIT", 1000)
    with pytest.raises(BadTraining, match="too far"):
        load(dump(model))


def test_packed_bytes_that_are_damaged_are_refused(model: Model) -> None:
    damaged = bytearray(dump(model))
    at = damaged.find(b"about.json") + len(b"about.json")
    damaged[at : at + 8] = bytes(byte ^ 0xFF for byte in damaged[at : at + 8])
    with pytest.raises(BadTraining):
        load(bytes(damaged))
