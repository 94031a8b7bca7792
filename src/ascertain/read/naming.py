"""Who and where a text names beside the names of a record: places of a gazetteer, and what a labeller sees in English.

What the record and the gazetteer have no name for is kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ascertain.read.entities import Model, find_entities
from ascertain.read.events.mention import Mention
from ascertain.read.places import FoundPlace, Gazetteer, find_places

_SLOT: Final = {"Organisation": "party", "Location": "place"}
_SURE: Final = 0.5
_NAME: Final = re.compile(r"(?:(?:Al|Ar|Ad|Ash|As|Az|Tal|Tell|Deir|Dayr|Khan) )?\b[A-Z][\w'-]*[a-z]\b")
_METRES: Final = 1000


def named_places(
    body: str, blocks: Iterable[tuple[int, int]], gazetteer: Gazetteer, language: str
) -> Iterator[Mention]:
    """The places of a gazetteer that the blocks name, with their points."""
    for start, end in blocks:
        for found in find_places(body[start:end], gazetteer, language):
            wider = frozenset(part for one in found.candidates for part in one.path)
            yield Mention(
                "place",
                found.id or found.name,
                start + found.start,
                start + found.end,
                within=wider | ({found.id} if found.id else frozenset()),
                point=point_of(found),
            )


def point_of(found: FoundPlace) -> str:
    """Where it lies, as a geo URI with its uncertainty in metres (RFC 5870)."""
    return f"geo:{found.lat:.5f},{found.lon:.5f};u={found.precision_km * _METRES:.0f}"


def labelled(body: str, blocks: Iterable[tuple[int, int]], model: Model) -> Iterator[Mention]:
    """Organisations and places that the labeller of entities sees, of which it is surer than not."""
    for start, end in blocks:
        for one in find_entities(body[start:end], model):
            written = body[start + one.start : start + one.end]
            names = frozenset(_NAME.findall(written))
            # "A fighting position" is where something was hit, and no place of the map.
            if one.type in _SLOT and one.probability >= _SURE and (names or one.type != "Location"):
                yield Mention(_SLOT[one.type], written, start + one.start, start + one.end, within=names)


def first_come(mentions: Sequence[Mention], others: Iterable[Mention]) -> list[Mention]:
    """The mentions, and those of the others that share no character with one that is there already.

    A place that is named without a point takes that of another of the same id.
    """
    kept = list(mentions)
    for one in others:
        same = [at for at, known in enumerate(kept) if known.start < one.end and one.start < known.end]
        if not same:
            kept.append(one)
        elif one.point and kept[same[0]].value == one.value and not kept[same[0]].point:
            kept[same[0]] = replace(kept[same[0]], point=one.point, within=one.within)
    return kept
