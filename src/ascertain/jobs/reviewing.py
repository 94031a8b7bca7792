"""Reviews: what people say of the claims that a reader found in an exhibit. Each judgement is an entry of the log."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, select

from ascertain.errors import IsSealed, UsageError
from ascertain.jobs.protecting.exhibits import exhibit_of
from ascertain.model.claim import Claim
from ascertain.read.anchor import IndexedText, index_text
from ascertain.read.review.annotations import annotations_from_json, review_to_annotations
from ascertain.read.review.applying import Review, apply_judgements
from ascertain.read.review.examples import training_examples
from ascertain.read.review.exchange import review_from_json, review_to_json
from ascertain.read.review.judgement import Decision, Judgement, standing
from ascertain.read.review.judging import PERSON, Problem, says_the_same
from ascertain.read.review.sheet import read_sheet, write_sheet
from ascertain.read.text import Text
from ascertain.read.text.place import fragments, touched
from ascertain.read.text.text_json import text_from_json
from ascertain.record import tables
from ascertain.record.entries import ClaimJudged, canonical
from ascertain.record.store import Record, Writer

FORMS: Final = ("csv", "json", "jsonld")


@dataclass(frozen=True)
class ReviewedExhibit:
    """The review of one exhibit, as the record has it."""

    exhibit: str
    review: Review
    text: Text

    def places(self, start: int, end: int) -> tuple[str, ...]:
        """The pages and boxes of a span, as fragments."""
        return fragments(touched(self.text.places, start, end), self.text.sheets)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import brought: judgements that are new, those that the record had, and what was none.

    `others` judgements of the file are in the name of somebody else, who may import them.
    """

    new: int
    known: int
    others: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reviews:
    """The reviews of one record, in the name of an author."""

    record: Record
    author: str
    clock: Callable[[], datetime.datetime]

    def of(self, exhibit: str) -> ReviewedExhibit:
        """The claims of an exhibit, as the newest version of each reader has them, with the judgements.

        Raises UsageError for no such exhibit, or one that was not read; IsSealed.
        """
        return open_review(self.record, exhibit)

    def judge(self, exhibit: str, judgements: Sequence[Judgement]) -> int:
        """Append judgements, unless the same stand already; returns how many are new. Raises IsSealed."""
        return write_judgements(self.record, exhibit_of(self.record, exhibit), judgements, self.author, self.clock())

    def export(self, exhibit: str, form: str) -> str:
        """The review as `csv` (to be filled in), `json` or `jsonld` (W3C Web Annotations)."""
        found = self.of(exhibit)
        if form == "csv":
            return write_sheet(found.review, self.author)
        if form == "json":
            return _written(review_to_json(found.review, found.exhibit))
        if form == "jsonld":
            return _written(review_to_annotations(found.review, found.exhibit, found.places))
        raise UsageError(f"{form!r} is no form of a review", next_step=f"forms: {', '.join(FORMS)}")

    def import_file(self, exhibit: str, data: bytes, form: str) -> Taken:
        """The judgements of a file, in the author's name; rows that are none are named, and the rest goes in."""
        found = self.of(exhibit)
        if form == "csv":
            read = read_sheet(data, found.review, self.author, found.exhibit)
        elif form == "json" and b"ascertain-review/" in data[:4096]:
            read = review_from_json(data, found.review, self.author, found.exhibit)
        elif form in ("json", "jsonld"):
            read = annotations_from_json(data, found.review, self.author, found.exhibit)
        else:
            raise UsageError(f"{form!r} is no form of a review", next_step=f"forms: {', '.join(FORMS)}")
        new = write_judgements(self.record, found.exhibit, read.judgements, self.author, self.clock())
        return Taken(new, len(read.judgements) - new, read.others, read.problems)

    def examples(self, exhibits: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Training data from the judgements on these exhibits (none named: on all), a row a judged claim."""
        with self.record.reading() as connection:
            judged = select(tables.judgements.c.exhibit).distinct().order_by(tables.judgements.c.exhibit)
            every = [str(row.exhibit) for row in connection.execute(judged)]
        chosen = [exhibit_of(self.record, one) for one in exhibits] or every
        return [
            {"exhibit": one, **row} for one in chosen for row in training_examples(open_review(self.record, one).review)
        ]

    def examples_as_lines(self, exhibits: Sequence[str] = ()) -> str:
        """The training data as JSON lines."""
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in self.examples(exhibits))

    def told(self, found: ReviewedExhibit) -> dict[str, Any]:
        """A review as plain JSON values."""
        return review_to_json(found.review, found.exhibit)


def open_review(record: Record, exhibit: str) -> ReviewedExhibit:
    """The review of an exhibit. Raises UsageError, IsSealed."""
    exhibit = exhibit_of(record, exhibit)
    with record.reading() as connection:
        _refuse_sealed(connection, exhibit)
        texts = _Texts(record, connection, exhibit)
        if texts.last is None:
            raise UsageError(f"exhibit {exhibit[:16]}… was not read", next_step=f"ascertain read {exhibit[:12]}")
        claims = _claims(connection, exhibit)
        judgements = _judgements(record, connection, exhibit)
    current = _newest(claims)
    indexed = texts.last[1]
    earlier = {claim.id: (claim, texts.before(entered) or indexed) for entered, claim in claims}
    corrections_in = {one.entered: texts.before(one.entered) or indexed for one in judgements}
    review = apply_judgements(current, judgements, indexed, earlier=earlier, corrections_in=corrections_in)
    return ReviewedExhibit(exhibit, review, texts.last[0])


def write_judgements(
    record: Record, exhibit: str, judgements: Sequence[Judgement], author: str, now: datetime.datetime
) -> int:
    """Append the judgements that do not stand already, in one transaction; returns how many. Raises IsSealed."""
    with record.writing(author, now) as writer:
        if exhibit in writer.seals():
            raise IsSealed(f"exhibit {exhibit[:16]}… is sealed: nothing of it is written in the clear")
        known = {(one.claim, one.author): one for one in standing(_standing(record, writer, exhibit))}
        new = 0
        for one in judgements:
            if _is_known(one, known.get((one.claim, author))):
                continue
            known[one.claim, author] = one
            written = writer.put(_object(one.correction)) if one.correction else ""
            writer.append(
                ClaimJudged(
                    exhibit=exhibit,
                    claim=one.claim,
                    judgement=one.decision.value,
                    correction=written,
                    reason=one.reason,
                )
            )
            new += 1
    return new


def _is_known(one: Judgement, before: Judgement | None) -> bool:
    if before is None or (one.decision, one.reason) != (before.decision, before.reason):
        return False
    if one.correction is None or before.correction is None:
        return one.correction is before.correction
    return says_the_same(one.correction, before.correction)


class _Texts:
    """The texts of an exhibit, in the order in which they were read."""

    def __init__(self, record: Record, connection: Connection, exhibit: str) -> None:
        table = tables.texts
        rows = connection.execute(select(table).where(table.c.exhibit == exhibit).order_by(table.c.entered))
        self._rows = [(int(row.entered), str(row.text)) for row in rows]
        self._record = record
        self._open: dict[str, tuple[Text, IndexedText]] = {}

    @cached_property
    def last(self) -> tuple[Text, IndexedText] | None:
        """The text as it was read last."""
        return self._at(self._rows[-1][1]) if self._rows else None

    def before(self, entered: int) -> IndexedText | None:
        """The text that was the last when an entry was written."""
        names = [name for at, name in self._rows if at < entered]
        return self._at(names[-1])[1] if names else None

    def _at(self, name: str) -> tuple[Text, IndexedText]:
        if name not in self._open:
            text = text_from_json(self._record.objects.get(name))
            self._open[name] = (text, index_text(text.body))
        return self._open[name]


def _refuse_sealed(connection: Connection, exhibit: str) -> None:
    row = connection.execute(select(tables.exhibits).where(tables.exhibits.c.id == exhibit)).one()
    if row.sealed is not None:
        raise IsSealed(f"exhibit {exhibit[:16]}… is sealed: its claims are gone with its clear text")


def _claims(connection: Connection, exhibit: str) -> list[tuple[int, Claim]]:
    """Every claim that a reader has had of an exhibit, with its entry; people's corrections are no reader's."""
    table = tables.claims
    rows = connection.execute(select(table).where(table.c.exhibit == exhibit).order_by(table.c.entered, table.c.start))
    found = ((int(row.entered), Claim.model_validate_json(row.claim)) for row in rows)
    return [(entered, claim) for entered, claim in found if not claim.reader.startswith(PERSON)]


def _newest(claims: Sequence[tuple[int, Claim]]) -> list[Claim]:
    """The claims of each reader's last reading, by whatever version."""
    last = {claim.reader.partition("@")[0]: entered for entered, claim in claims}
    return [claim for entered, claim in claims if entered == last[claim.reader.partition("@")[0]]]


def _judgements(record: Record, connection: Connection, exhibit: str) -> list[Judgement]:
    return [_judgement(record, row) for row in connection.execute(_of(exhibit))]


def _standing(record: Record, writer: Writer, exhibit: str) -> list[Judgement]:
    return [_judgement(record, row) for row in writer.find(_of(exhibit))]


def _of(exhibit: str) -> Any:
    table = tables.judgements
    return select(table).where(table.c.exhibit == exhibit).order_by(table.c.entered)


def _judgement(record: Record, row: Any) -> Judgement:
    correction = Claim.model_validate_json(record.objects.get(row.correction)) if row.correction else None
    return Judgement(
        str(row.claim), Decision(row.judgement), str(row.author), correction, str(row.reason), str(row.time),
        int(row.entered),
    )  # fmt: skip


def _object(claim: Claim) -> bytes:
    return canonical(claim.model_dump(mode="json"))


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
