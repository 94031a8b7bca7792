"""A labeller's file: NumPy arrays in a ZIP (.npz), never pickle. A file is a stranger's until it has been checked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from ascertain.errors import ImportRefused
from ascertain.read.entities.chain import OUTSIDE, Chain
from ascertain.read.entities.entity import TYPES
from ascertain.read.entities.fitting import GRAIN
from ascertain.read.entities.model import Model

_VERSION = 1
_UNPACKED_LIMIT = 200_000_000
_LABELS = frozenset({OUTSIDE, *(f"{begin}-{type_}" for begin in "BI" for type_ in TYPES)})
_MOST = 127
_DAMAGED = (
    ValueError,
    KeyError,
    OSError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def save_model(model: Model) -> bytes:
    """The bytes of a model's file; equal models have equal arrays."""
    arrays: dict[str, Any] = {
        "version": np.array([_VERSION], dtype=np.int32),
        "name": _text(model.name),
        "features": _text("\n".join(model.features)),
    }
    for name, chain in (("whole", model.whole), ("inner", model.inner)):
        arrays |= {
            f"{name}.labels": _text("\n".join(chain.labels)),
            f"{name}.weights": _grains(chain.weights, np.int8),
            f"{name}.transition": _grains(chain.transition, np.int16),
            f"{name}.start": _grains(chain.start, np.int16),
        }
    into = io.BytesIO()
    np.savez_compressed(into, **arrays)
    return into.getvalue()


def load_model(data: bytes) -> Model:
    """The model in the bytes of a file. Raises ImportRefused for anything else, and for one that unfolds too far."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _UNPACKED_LIMIT:
                raise ValueError("it unfolds too far")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return _model(dict(arrays))
    except _DAMAGED as error:
        raise ImportRefused(
            f"this is no labeller's file: {error}", next_step="train one, or take the shipped one"
        ) from error


@cache
def shipped_model() -> Model:
    """The labeller that comes with the package, trained on re3d (see `data/NOTICE.txt`)."""
    return load_model(files("ascertain.read.entities").joinpath("data", "re3d.npz").read_bytes())


def _model(arrays: Mapping[str, Any]) -> Model:
    if _array(arrays, "version", np.int32, (1,))[0] != _VERSION:
        raise ValueError("of another version")
    names = _words(arrays, "features")
    if len(set(names)) != len(names):
        raise ValueError("a feature twice")
    whole, inner = (_chain(arrays, part, len(names)) for part in ("whole", "inner"))
    return Model({name: i for i, name in enumerate(names)}, whole, inner, _string(arrays, "name"))


def _chain(arrays: Mapping[str, Any], part: str, features: int) -> Chain:
    labels = _words(arrays, f"{part}.labels")
    size = len(labels)
    if not _LABELS.issuperset(labels) or len(set(labels)) != size or OUTSIDE not in labels:
        raise ValueError("labels that are none")
    weights = _array(arrays, f"{part}.weights", np.int8, (features, size))
    transition = _array(arrays, f"{part}.transition", np.int16, (size, size))
    start = _array(arrays, f"{part}.start", np.int16, (size,))
    return Chain(labels, (weights * np.float32(GRAIN)).astype(np.float32), _bounded(transition), _bounded(start))


def _bounded(values: Any) -> Any:
    """No transition of a trained model is larger; a larger one would overflow when it is exponentiated."""
    if (np.abs(values.astype(np.int32)) > 100 / GRAIN).any():
        raise ValueError("weights out of bounds")
    return values * GRAIN


def _array(arrays: Mapping[str, Any], name: str, dtype: Any, shape: tuple[int, ...]) -> Any:
    value = arrays[name]
    if value.dtype != np.dtype(dtype) or value.shape != shape:
        raise ValueError(f"{name} has the wrong shape")
    return value


def _string(arrays: Mapping[str, Any], name: str) -> str:
    value = arrays[name]
    if value.dtype != np.uint8 or value.ndim != 1:
        raise ValueError(f"{name} is no text")
    return str(value.tobytes(), "utf-8")


def _words(arrays: Mapping[str, Any], name: str) -> tuple[str, ...]:
    text = _string(arrays, name)
    return tuple(text.split("\n")) if text else ()


def _text(value: str) -> Any:
    return np.frombuffer(value.encode("utf-8"), dtype=np.uint8)


def _grains(values: Any, dtype: Any) -> Any:
    most = _MOST if dtype is np.int8 else np.iinfo(dtype).max
    return np.clip(np.rint(values / GRAIN), -most, most).astype(dtype)
