"""How members are looked at in tests, as what was taken whole and what was not and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import pytest

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
