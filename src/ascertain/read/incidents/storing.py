"""A model as one file: arrays of numbers (npz) and names (JSON within), no pickle. The file is untrusted when read."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import numpy as np

from ascertain.errors import BadTraining
from ascertain.read.incidents.history import PER_NAME, History
from ascertain.read.incidents.incident import ROLES
from ascertain.read.incidents.logistic import Linear, Vocabulary
from ascertain.read.incidents.model import Model, Thresholds
from ascertain.read.incidents.signals import FirstStage
from ascertain.read.incidents.trees import Trees

FORMAT = 1
_UNPACKED_LIMIT = 1_000_000_000
_LINEAR = ("candidates", "sentences", "document")
_TREES = ("fillers", "templates")
_NODES = ("feature", "threshold", "left", "right", "value")
_MOMENT = (1980, 1, 1, 0, 0, 0)
_DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def dump(model: Model) -> bytes:
    """The bytes of a model; the same model has the same bytes."""
    about: dict[str, Any] = {"format": FORMAT, "types": model.types, "heads": sorted(model.heads)}
    about["thresholds"] = {"types": model.thresholds.types, "roles": model.thresholds.roles}
    about["held_out_f1"] = model.held_out_f1
    about["history"] = list(model.first.history.rows)
    arrays = {"history": model.first.history.counts}
    for name in _LINEAR:
        linear: Linear = getattr(model.first, name)
        about[name] = {"names": list(linear.vocabulary.columns), "unit_length": linear.vocabulary.unit_length}
        arrays |= {f"{name}.values": linear.vocabulary.values, f"{name}.weights": linear.weights}
    for name in _TREES:
        trees: Trees = getattr(model, name)
        about[name] = {"start": trees.start, "depth": trees.depth}
        arrays |= {f"{name}.{part}": getattr(trees, part) for part in _NODES}
    return _zipped(about, arrays)


def _zipped(about: dict[str, Any], arrays: dict[str, Any]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed time: numpy.savez writes the clock's.
        archive.writestr(zipfile.ZipInfo("about.json", _MOMENT), json.dumps(about), zipfile.ZIP_DEFLATED)
        for name, array in arrays.items():
            one = io.BytesIO()
            np.save(one, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(name + ".npy", _MOMENT), one.getvalue(), zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def load(content: bytes) -> Model:
    """The model of a file's bytes.

    Raises:
        BadTraining: it is no model, one of another version, one that unfolds too far, or its parts do not fit together.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _UNPACKED_LIMIT:
                raise ValueError("it unfolds too far")
            return _model(archive)
    except _DAMAGED as error:
        raise BadTraining(
            f"This is no model for incidents: {error}.", next_step="Train one: ascertain read train."
        ) from error


def _model(archive: zipfile.ZipFile) -> Model:
    about = json.loads(archive.read("about.json"))

    def array(name: str) -> Any:
        return np.load(io.BytesIO(archive.read(name + ".npy")), allow_pickle=False)

    if about["format"] != FORMAT:
        raise ValueError(f"format {about['format']}, this program reads {FORMAT}")
    types = tuple(map(str, about["types"]))
    outputs = {"candidates": len(ROLES), "sentences": len(types) + len(ROLES) + 1, "document": len(types) + 1}
    linears = [
        _linear(about[name], array(f"{name}.values"), array(f"{name}.weights"), outputs[name]) for name in _LINEAR
    ]
    history = History(_numbered(about["history"]), array("history"))
    if history.counts.shape != (len(history.rows), PER_NAME):
        raise ValueError("the history's counts do not fit its names")
    trees = [_trees(about[name], {part: array(f"{name}.{part}") for part in _NODES}) for name in _TREES]
    limits = about["thresholds"]
    thresholds = Thresholds(tuple(map(float, limits["types"])), tuple(map(float, limits["roles"])))
    if len(thresholds.types) != len(types) or len(thresholds.roles) != len(ROLES):
        raise ValueError("the thresholds do not fit the types and roles")
    first = FirstStage(linears[0], linears[1], linears[2], history)
    return Model(
        types, frozenset(map(str, about["heads"])), first, trees[0], trees[1], thresholds, float(about["held_out_f1"])
    )


def _numbered(names: list[str]) -> dict[str, int]:
    return {str(name): number for number, name in enumerate(names)}


def _linear(about: dict[str, Any], values: Any, weights: Any, outputs: int) -> Linear:
    columns = _numbered(about["names"])
    if values.shape != (len(columns),) or weights.shape != (len(columns) + 1, outputs):
        raise ValueError("weights do not fit their features")
    return Linear(Vocabulary(columns, values, bool(about["unit_length"])), weights)


def _trees(about: dict[str, Any], parts: dict[str, Any]) -> Trees:
    shapes = {part.shape for part in parts.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 2:
        raise ValueError("the parts of the trees do not fit together")
    ways = (parts["left"], parts["right"])
    if any(way.min(initial=0) < 0 or way.max(initial=0) >= way.shape[1] for way in ways):
        raise ValueError("a tree leads out of itself")
    if not 0 <= int(about["depth"]) <= parts["left"].shape[1] or parts["feature"].min(initial=0) < 0:
        raise ValueError("a tree has no such depth or feature")
    return Trees(**parts, start=float(about["start"]), depth=int(about["depth"]))
