"""Any text to claims: what it tells of attacks, who is said to be behind them, how many were hurt, what bodies found.

The statement's reader gives findings, attributions by bodies, denials and commitments; the rooms of this stage give
the rest. Several incidents of one text are kept apart by number.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from ascertain.model.claim import Claim, Frame, Slot, Span
from ascertain.model.moment import parse_moment
from ascertain.read.blame import blame, blame_claims, unsure
from ascertain.read.coding import Coded, Mark, code_sentence
from ascertain.read.entities import Model
from ascertain.read.events.claims import attack_claims
from ascertain.read.events.incidents import about_incidents, group
from ascertain.read.events.lexicon import EventWords
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import SentenceEvents, read_sentence
from ascertain.read.lexicon import Lexicon
from ascertain.read.naming import first_come, labelled, named_places
from ascertain.read.places import Gazetteer
from ascertain.read.sentences import sentences
from ascertain.read.statement import read_statement
from ascertain.read.tolls import Kind, Scope, cell_toll, find_tolls, toll_claims
from ascertain.read.when import SEVERAL

NAME: Final = "report-rules"
VERSION: Final = "1"
READER: Final = f"{NAME}@{VERSION}"
_OF_STATEMENTS: Final = frozenset({Frame.FINDING, Frame.ATTRIBUTION, Frame.DENIAL, Frame.COMMITMENT, Frame.PUBLICATION})
_KINDS: Final = frozenset(kind.value for kind in Kind)
_SLOT: Final = {"party": "party", "place": "place", "zone": "place", "agent": "agent", "date": "when"}


@dataclass(frozen=True, slots=True)
class ReportReading:
    """What was made of a text: its claims in their order, and the sentences in which nothing was read."""

    claims: tuple[Claim, ...]
    unread: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a report in one language is read with: words, names of the record, and what else names places and people."""

    lexicon: Lexicon
    words: EventWords
    gazetteer: Gazetteer | None = None
    entities: Model | None = None

    def named(self, body: str, blocks: Sequence[tuple[int, int]]) -> list[Mention]:
        """Who and where the blocks name, beside the names of the record."""
        found: list[Mention] = []
        for block in blocks:
            places = named_places(body, [block], self.gazetteer, self.words.language) if self.gazetteer else ()
            found += first_come(list(places), labelled(body, [block], self.entities) if self.entities else ())
        return sorted(found, key=lambda one: one.start)


def read_report(
    body: str,
    blocks: Sequence[tuple[int, int]],
    reader: Reader,
    written: datetime.date | None,
    speaker: str,
    cells: Sequence[tuple[tuple[int, int], tuple[int, int]]] = (),
) -> ReportReading:
    """The claims of a text in one language.

    `blocks` are the parts of `body` (start, end) that are running text; `written` is the text's date, from which dates
    without a year take theirs; `speaker` the id of the party that speaks, or nothing; `cells` are cells of tables,
    each after a header of its row or column. Deterministic.
    """
    language = reader.words.language
    named = reader.named(body, blocks)
    spans = [one for start, end in blocks for one in sentences(body, start, end)]
    coded = [code_sentence(body, start, end, reader.lexicon, written) for start, end in spans]
    told = [_events(one, reader.words, named) for one in coded]
    incidents = group(told)
    about = about_incidents(incidents, [one.sentence for one in coded])
    blamed = blame(body, incidents, told, about, language)
    claims = list(attack_claims(body, incidents, speaker, language, unsure(blamed)))
    claims += list(blame_claims(blamed, speaker, language))
    stated = read_statement(body, list(blocks), reader.lexicon, written, speaker).claims
    claims += [claim.model_copy(update={"language": language}) for claim in stated if _is_taken(claim)]
    claims += [
        claim for one, of in zip(coded, about, strict=True) for claim in _tolls(one, of, language, written, speaker)
    ]
    claims += [claim for header, cell in cells for claim in _cell(body, header, cell, language, speaker)]
    claims.sort(key=lambda claim: (claim.sentence.start, claim.clause.start, claim.frame))
    read = {claim.sentence.start for claim in claims} | {one.sentence.start for one in told if one.told}
    return ReportReading(tuple(claims), tuple(one.sentence for one in coded if one.sentence.start not in read))


def _is_taken(claim: Claim) -> bool:
    """Whether a statement's claim is one of a report too: its attacks and tolls are read by rooms of their own."""
    return claim.frame in _OF_STATEMENTS or (claim.frame is Frame.ESTIMATE and claim.value("measure") not in _KINDS)


def _tolls(coded: Coded, incident: int, language: str, written: datetime.date | None, speaker: str) -> Iterator[Claim]:
    """The tolls of a sentence; one of a whole war, or of another event that is only mentioned, is of no incident."""
    start, end = coded.sentence.start, coded.sentence.end
    for toll in find_tolls(coded.body, start, end, language, written):
        number = incident if toll.scope is Scope.EVENT else 0
        for claim in toll_claims(coded.sentence, [toll], speaker, language, number):
            yield claim.model_copy(update={"via": tuple(_known(coded, slot) for slot in claim.via)})


def _cell(body: str, header: tuple[int, int], cell: tuple[int, int], language: str, speaker: str) -> Iterator[Claim]:
    """The toll that a cell of a table states under its header."""
    toll = cell_toll(body, header, cell, language)
    if toll is not None:
        span = Span(start=cell[0], end=cell[1], text=body[cell[0] : cell[1]])
        yield from toll_claims(span, [toll], speaker, language)


def _known(coded: Coded, slot: Slot) -> Slot:
    """Who says so by the id of the record, where the words are a name that it has."""
    for mark in coded.marks:
        first, last = coded.tokens[mark.first].start, coded.tokens[mark.last - 1].end
        if mark.kind == "party" and slot.span.start <= first and last <= slot.span.end:
            return slot.model_copy(update={"value": mark.value})
    return slot


def _events(coded: Coded, words: EventWords, named: Sequence[Mention]) -> SentenceEvents:
    start, end = coded.sentence.start, coded.sentence.end
    mentions = [mention for mark in coded.marks for mention in _mentions(coded, mark)]
    first = bisect_left(named, start, key=lambda one: one.start)
    here = [one for one in takewhile(lambda one: one.start < end, islice(named, first, None)) if one.end <= end]
    return read_sentence(coded.body, start, end, words, first_come(mentions, here))


def _mentions(coded: Coded, mark: Mark) -> Iterator[Mention]:
    slot = _SLOT.get(mark.kind)
    if slot is None:
        return
    start, end = coded.tokens[mark.first].start, coded.tokens[mark.last - 1].end
    for value in mark.value.split(SEVERAL) if mark.kind == "date" else (mark.value,):
        if mark.kind == "date":
            moment = parse_moment(value)
            days = (moment.earliest.isoformat(), moment.latest.isoformat())
            yield Mention(slot, value, start, end, *days)
        else:
            yield Mention(slot, value, start, end)
