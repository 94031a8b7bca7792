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
