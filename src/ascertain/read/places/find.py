"""The places of a text: names of a gazetteer, each with what it may name, and coordinates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ascertain.read.places.choose import Around, Candidate, candidates, covering, settled, weighed
from ascertain.read.places.context import REACH, Words, load_words, unaccented
from ascertain.read.places.coordinates import find_coordinates
from ascertain.read.places.gazetteer import Gazetteer, NameHit, written_as
from ascertain.read.places.lying import Area, joined, lying

__all__ = ["Candidate", "FoundPlace", "find_places"]
# Written apart, "as" and "at" are English words.
_ARTICLE = re.compile(r"(?<!\w)(?:[AaEe]l[-’' ]|(?:Ar|Az|Ad|Ash|Er|Ez)[- ]|(?:[Aa][stnrzd]|[Aa]sh|[Ee][srz])[-’'])\Z")
_NEIGHBOURS = 8  # names before and after one that are taken to stand around it
_BESIDE = 60  # characters within which a place named beside another is taken for where it lies


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place at `start`..`end` of a text: the name with the words that say how it lies.

    `name` is the name as written. `id` is the gazetteer's, or empty where several places may be meant: `candidates` has
    them all with their probabilities, and the radius `precision_km` around the point covers them. `relation` holds the
    words that move or widen the place ("5 km south of", "between"), or nothing; then `id` is the named place's own.
    """

    start: int
    end: int
    name: str
    id: str
    lat: float
    lon: float
    precision_km: float
    relation: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    found: tuple[Candidate, ...]


def find_places(text: str, gazetteer: Gazetteer, language: str = "en", *, country: str = "") -> list[FoundPlace]:
    """The places that a text names, in order; those that are part of another name (a university, a party) are left out.

    `country` is the P-code or id of the document's country, where it is known: names in it are more probable, no name
    is forced into it. Names are matched in every spelling that `spelling.spoken` takes for one.
    """
    words = load_words(language)
    bare = unaccented(text)
    known: dict[tuple[int, str], list[Candidate]] = {}
    hits = [hit for hit in gazetteer.find(text) if not _of_another_name(bare, hit, words)]
    named = _chosen(
        bare, hits, [_prior(hit, text[hit.start : hit.end], gazetteer, known) for hit in hits], words, country
    )
    places = [replace(place, name=text[slice(*span)]) for place, span in _described(bare, named, words)]
    points = [
        FoundPlace(
            one.start, one.end, text[one.start : one.end], "", one.lat, one.lon, one.precision_km, "coordinates", ()
        )
        for one in find_coordinates(text)
    ]
    return sorted([*places, *points], key=lambda place: (place.start, place.end))


def _prior(
    hit: NameHit, written: str, gazetteer: Gazetteer, known: dict[tuple[int, str], list[Candidate]]
) -> list[Candidate]:
    """The candidates of a name by themselves; of a text's repeated names once."""
    key = (hit.rows[0], written)
    if key not in known:
        rows = [gazetteer.row(number) for number in hit.rows]
        known[key] = candidates([(row, written_as(row.name, written)) for row in rows])
    return known[key]


def _of_another_name(text: str, hit: NameHit, words: Words) -> bool:
    before, after = text[max(0, hit.start - REACH) : hit.start], text[hit.end : hit.end + REACH]
    return any(pattern.search(before) for pattern in words.never_before) or any(
        pattern.match(after) for pattern in words.never_after
    )


def _chosen(
    text: str, hits: Sequence[NameHit], priors: Sequence[list[Candidate]], words: Words, country: str
) -> list[_Named]:
    """Candidates weighed twice: what is settled in the first round stands around the others in the second."""
    said = [_kinds(text, hit, words) for hit in hits]
    sure: list[Candidate | None] = [settled(prior) for prior in priors]
    weighed_all: list[list[Candidate]] = list(priors)
    for _ in range(2):
        in_text = {place.key for place in sure if place}
        for number in range(len(hits)):
            beside, points = _neighbours(hits, priors, sure, number)
            weighed_all[number] = weighed(priors[number], Around(said[number], beside, in_text, points, country))
        sure = [settled(one) for one in weighed_all]
    return [_Named(hit.start, hit.end, tuple(one)) for hit, one in zip(hits, weighed_all, strict=True) if one]


def _neighbours(
    hits: Sequence[NameHit], priors: Sequence[list[Candidate]], sure: Sequence[Candidate | None], number: int
) -> tuple[set[str], list[tuple[float, float]]]:
    """The keys of what is named directly beside a name, whatever of its places is meant, and the points not far off."""
    near = [k for k in range(max(0, number - _NEIGHBOURS), min(len(hits), number + _NEIGHBOURS + 1)) if k != number]
    hit = hits[number]
    beside = {
        one.key
        for k in near
        if hits[k].start - hit.end <= _BESIDE and hit.start - hits[k].end <= _BESIDE
        for one in priors[k]
    }
    points = {place.point for k in near if (place := sure[k]) is not None and place.kind != "admin0"}
    return beside, sorted(points)


def _kinds(text: str, hit: NameHit, words: Words) -> frozenset[str]:
    before, after = text[max(0, hit.start - REACH) : hit.start], text[hit.end : hit.end + REACH]
    for kinds, pattern in words.kinds_after:
        if pattern.match(after):
            return kinds
    return next((kinds for kinds, pattern in words.kinds_before if pattern.search(before)), frozenset())


def _described(text: str, named: Sequence[_Named], words: Words) -> list[tuple[FoundPlace, tuple[int, int]]]:
    """The places, each with where its name stands."""
    areas = [_own(text, one) for one in named]
    places: list[tuple[FoundPlace, tuple[int, int]]] = []
    at = 0
    while at < len(named):
        own = areas[at]
        both = joined(text, own, areas[at + 1], words) if at + 1 < len(named) else None
        if both is not None:
            places.append((_place(both, "", ()), (own.start, areas[at + 1].end)))
            at += 2
            continue
        place = settled(named[at].found)
        found = _place(lying(text, own, words), place.id if place else "", named[at].found)
        places.append((found, (own.start, own.end)))
        at += 1
    return places


def _own(text: str, one: _Named) -> Area:
    place = settled(one.found)
    point, precision = (place.point, place.precision_km) if place else covering(one.found)
    article = _ARTICLE.search(text, max(0, one.start - 5), one.start)
    return Area(point, precision, "", article.start() if article else one.start, one.end)


def _place(area: Area, identity: str, found: tuple[Candidate, ...]) -> FoundPlace:
    lat, lon = (round(number, 5) for number in area.point)
    return FoundPlace(area.start, area.end, "", identity, lat, lon, round(area.precision_km, 2), area.relation, found)
