"""How members are looked at in tests, as what was taken whole and what was not and why; and made images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from ascertain.errors import ItemFailed
from ascertain.preserve.detect import detect_media_type
from ascertain.preserve.limits import Allowance, Limits
from ascertain.preserve.member import Member
from ascertain.preserve.unpack import unpack


@dataclass
class Unpacked:
    """Members by name with their bytes, their facts, and what was not taken by name with the stable word why."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.taken]


class Unpacking:
    """Unpacks bytes by the type that their content has."""

    def __call__(self, data: bytes, limits: Limits | None = None, media_type: str = "") -> Unpacked:
        media_type = media_type or detect_media_type(data[:65536], data[-65536:])
        out = Unpacked()
        for member in unpack(BytesIO(data), media_type, Allowance(limits or Limits(), len(data))):
            if isinstance(member, Member):
                try:
                    whole = b"".join(member.chunks)
                except ItemFailed as error:
                    out.left.append((member.name, error.why))
                    out.reasons.append(error.message)
                else:
                    out.taken.append((member.name, whole))
                    out.facts[member.name] = dict(member.facts)
            else:
                out.left.append((member.name, member.why))
                out.reasons.append(member.reason)
        return out


@pytest.fixture(scope="session")
def unpacking() -> Unpacking:
    return Unpacking()


def surface(seed: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """Grey levels that look like nothing else, the same on every machine."""
    blocks = np.random.RandomState(seed).randint(0, 256, (-(-rows // 7), -(-columns // 7)))
    tiles = np.kron(blocks, np.ones((7, 7), int))[:rows, :columns]
    down, across = np.mgrid[0:rows, 0:columns]
    return ((tiles * 3 + down + across * 2) // 4 % 256).astype(np.uint8)


def photograph(seed: int, width: int = 400, height: int = 300) -> Image.Image:
    """A colour image whose surfaces change slowly, as a photograph's do."""
    coarse = np.random.RandomState(seed).randint(0, 256, (9, 12, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as the bytes of a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


class Images:
    """What tests of images make."""

    surface = staticmethod(surface)
    photograph = staticmethod(photograph)
    file_of: Callable[..., bytes] = staticmethod(file_of)


@pytest.fixture
def images() -> Images:
    return Images()
