"""Any text to claims: what it tells of attacks, who is said to be behind them, how many were hurt, what bodies found.

The statement's reader gives findings, attributions by bodies, denials and commitments; the rooms of this stage give
the rest. Several incidents of one text are kept apart by number.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ascertain.model.claim import Claim, Frame, Span
from ascertain.model.moment import parse_moment
from ascertain.read.coding import Coded, Mark, code_sentence
from ascertain.read.entities import find_entities, shipped_model
from ascertain.read.events.claims import attack_claims
from ascertain.read.events.incidents import group
from ascertain.read.events.lexicon import EventWords
from ascertain.read.events.mention import Mention
from ascertain.read.events.sentence import SentenceEvents, read_sentence
from ascertain.read.lexicon import Lexicon
from ascertain.read.sentences import sentences
from ascertain.read.statement import read_statement
from ascertain.read.when import SEVERAL

NAME: Final = "report-rules"
VERSION: Final = "1"
READER: Final = f"{NAME}@{VERSION}"
_OF_STATEMENTS: Final = frozenset({Frame.FINDING, Frame.ATTRIBUTION, Frame.DENIAL, Frame.COMMITMENT, Frame.PUBLICATION})
_ENTITY: Final = {"Organisation": "party", "Location": "place"}
_SURE: Final = 0.5
_NAME: Final = re.compile(r"(?:Al |Ar |Ad |Ash |As |Az |Tal |Tell |Deir |Dayr |Khan )?\b[A-Z][\w'-]*[a-z]\b")
_SLOT: Final = {"party": "party", "place": "place", "zone": "place", "agent": "agent", "date": "when"}


@dataclass(frozen=True, slots=True)
class ReportReading:
    """What was made of a text: its claims in their order, and the sentences in which nothing was read."""

    claims: tuple[Claim, ...]
    unread: tuple[Span, ...]


def read_report(
    body: str,
    blocks: Sequence[tuple[int, int]],
    lexicon: Lexicon,
    words: EventWords,
    written: datetime.date | None,
    speaker: str,
) -> ReportReading:
    """The claims of a text in one language.

    `blocks` are the parts of `body` (start, end) that are running text; `written` is the text's date, from which dates
    without a year take theirs; `speaker` the id of the party that speaks, or nothing. Deterministic.
    """
    named = _named(body, blocks) if words.language == "en" else []
    spans = [one for start, end in blocks for one in sentences(body, start, end)]
    coded = [code_sentence(body, start, end, lexicon, written) for start, end in spans]
    told = [_events(one, words, named) for one in coded]
    claims = list(attack_claims(body, group(told), speaker, words.language))
    stated = read_statement(body, list(blocks), lexicon, written, speaker).claims
    claims += [
        claim.model_copy(update={"language": words.language}) for claim in stated if claim.frame in _OF_STATEMENTS
    ]
    claims.sort(key=lambda claim: (claim.sentence.start, claim.clause.start, claim.frame))
    read = {claim.sentence.start for claim in claims} | {one.sentence.start for one in told if one.told}
    return ReportReading(tuple(claims), tuple(one.sentence for one in coded if one.sentence.start not in read))


def _named(body: str, blocks: Sequence[tuple[int, int]]) -> list[Mention]:
    """Who and where, as the labeller of entities sees it: what the record has no name for is kept as written."""
    model, found = shipped_model(), []
    for start, end in blocks:
        for one in find_entities(body[start:end], model):
            written = body[start + one.start : start + one.end]
            names = frozenset(_NAME.findall(written))
            # "A fighting position" is where something was hit, and no place of the map.
            if one.type in _ENTITY and one.probability >= _SURE and (names or one.type != "Location"):
                found.append(Mention(_ENTITY[one.type], written, start + one.start, start + one.end, within=names))
    return found


def _events(coded: Coded, words: EventWords, named: Sequence[Mention]) -> SentenceEvents:
    start, end = coded.sentence.start, coded.sentence.end
    mentions = [mention for mark in coded.marks for mention in _mentions(coded, mark)]
    mentions += [
        one
        for one in named
        if start <= one.start and one.end <= end and not any(m.start < one.end and one.start < m.end for m in mentions)
    ]
    return read_sentence(coded.body, start, end, words, mentions)


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
