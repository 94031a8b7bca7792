"""Any text to claims: what it tells of attacks, who is said to be behind them, how many were hurt, what bodies found.

The statement's reader gives findings, attributions by bodies, denials and commitments; the rooms of this stage give
the rest. Several incidents of one text are kept apart by number.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ascertain.model.claim import Claim, Frame, Span
from ascertain.model.moment import parse_moment
from ascertain.read.coding import Coded, Mark, code_sentence
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
    spans = [one for start, end in blocks for one in sentences(body, start, end)]
    coded = [code_sentence(body, start, end, lexicon, written) for start, end in spans]
    told = [_events(one, words) for one in coded]
    claims = list(attack_claims(body, group(told), speaker, words.language))
    stated = read_statement(body, list(blocks), lexicon, written, speaker).claims
    claims += [
        claim.model_copy(update={"language": words.language}) for claim in stated if claim.frame in _OF_STATEMENTS
    ]
    claims.sort(key=lambda claim: (claim.sentence.start, claim.clause.start, claim.frame))
    read = {claim.sentence.start for claim in claims} | {one.sentence.start for one in told if one.told}
    return ReportReading(tuple(claims), tuple(one.sentence for one in coded if one.sentence.start not in read))


def _events(coded: Coded, words: EventWords) -> SentenceEvents:
    mentions = [mention for mark in coded.marks for mention in _mentions(coded, mark)]
    return read_sentence(coded.body, coded.sentence.start, coded.sentence.end, words, mentions)


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
