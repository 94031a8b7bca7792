"""Read exhibits with a language model: its claims stand beside those of the rules, under a reader's name of their own.

Every answer is an entry before the next question is asked. A run that stops goes on from there: what was answered of
the same text by the same model to the same prompt is not asked again.
"""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from ascertain.check.facts import Facts
from ascertain.errors import AscertainError, ItemFailed, UnreadableExhibit, UsageError
from ascertain.jobs.clock import now
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure
from ascertain.jobs.protecting.exhibits import refuse_sealed_bytes
from ascertain.jobs.reading.exhibits import STAGE, TEXT_READER, write_claims
from ascertain.jobs.reading.statement import names_of, running_blocks, speaker_of
from ascertain.jobs.reading.targets import bytes_within, exhibit_of_target
from ascertain.model.access import Access
from ascertain.model.claim import Claim
from ascertain.model.moment import parse_moment
from ascertain.progress import Progress
from ascertain.read.language import language_of
from ascertain.read.lexicon import LANGUAGES, make_lexicon
from ascertain.read.llm import Answer, Chunk, Context, chunks, load_prompt, parse_answer, read_answers
from ascertain.read.text import Text, read_text
from ascertain.read.text.text_json import text_to_json
from ascertain.record import entries
from ascertain.record.entries import ModelAsked, TextRead
from ascertain.record.sealed.access import read_access
from ascertain.record.store import Record
from ascertain.record.tables import acquisitions, answers, exhibits, texts
from ascertain.record.view import open_view
from ascertain.settings import Settings, llm_key_from_environment

if TYPE_CHECKING:
    from ascertain.jobs.reading.endpoint import Endpoint, Told

_MEGABYTE: Final = 1024 * 1024
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What answers cost: as the service counts tokens, at the configured prices of a million of them."""

    asked: int = 0
    reused: int = 0
    attempts: int = 0
    tokens_sent: int = 0
    tokens_received: int = 0
    milliseconds: int = 0
    cost_millionths: int = 0


@dataclass(frozen=True, slots=True)
class LlmRead:
    """An exhibit as a model read it. `dropped` says how much of its answers was left out, and why."""

    exhibit: str
    name: str
    reader: str
    claims: tuple[Claim, ...]
    new: int
    dropped: Mapping[str, int]
    spent: Spent


@dataclass(frozen=True, slots=True)
class Model:
    """A service with its prices, and the most closed exhibits that it may see."""

    endpoint: Endpoint
    price_sent: Decimal
    price_received: Decimal
    may_see: Access

    def cost_millionths(self, told: Told) -> int:
        """What an answer cost, in millionths of the prices' unit."""
        return int(told.tokens_sent * self.price_sent + told.tokens_received * self.price_received)


def model_of(settings: Settings, key: str, pause: Callable[[float], None] = time.sleep) -> Model:
    """The configured model. Raises UsageError when none is, or a setting of it cannot be."""
    if not settings.llm_endpoint or not settings.llm_model:
        raise UsageError(
            "no language model is configured; nothing is sent anywhere without one",
            next_step="set llm_endpoint and llm_model, and ASCERTAIN_LLM_KEY in the environment",
        )
    if find_spec("httpx") is None:
        raise UsageError("asking a language model needs the package httpx", next_step="pip install 'ascertain[llm]'")
    from ascertain.jobs.reading.endpoint import Endpoint, check_endpoint

    endpoint = Endpoint(
        settings.llm_endpoint, settings.llm_model, key, timeout_seconds=settings.llm_timeout, pause=pause
    )
    trusted = endpoint.address in {check_endpoint(address) for address in settings.llm_trusted}
    return Model(
        endpoint,
        price_sent=_price(settings.llm_price_sent),
        price_received=_price(settings.llm_price_received),
        may_see=Access.RESTRICTED if trusted else Access.PUBLIC,
    )


def read_with_settings(
    record: Record, targets: Sequence[str], given: Given, settings: Settings, progress: Progress
) -> Generator[LlmRead | Failure, None, None]:
    """As `read_with_llm`, with the configured model and the key of the environment."""
    return read_with_llm(
        record,
        targets,
        given,
        model_of(settings, llm_key_from_environment()),
        limit_mb=settings.statement_limit_mb,
        author=settings.author,
        clock=now,
        progress=progress,
    )


def read_with_llm(
    record: Record,
    targets: Sequence[str],
    given: Given,
    model: Model,
    *,
    limit_mb: int,
    author: str,
    clock: Callable[[], datetime.datetime],
    progress: Progress,
) -> Generator[LlmRead | Failure, None, None]:
    """Read exhibits (by id) and files (preserved first), each outcome as it is committed.

    An exhibit that the service may not see is a failure, and nothing of it is sent. Raises UsageError for a target that
    is neither, AccessRefused and Unreachable when the service cannot be asked at all.
    """
    facts = Facts(open_view(record).tables, None)
    progress.begin("reading", len(targets))
    try:
        for target in targets:
            try:
                exhibit = exhibit_of_target(record, target, given, author, clock(), progress)
                yield _Reading(record, exhibit, given, model, facts, limit_mb, author, clock).read()
            except (ItemFailed, UnreadableExhibit) as error:
                yield _failed(record, target, error, author, clock())
            progress.advance()
        progress.end()
    finally:
        model.endpoint.close()


class _Reading:
    """One exhibit, one model."""

    def __init__(
        self,
        record: Record,
        exhibit: str,
        given: Given,
        model: Model,
        facts: Facts,
        limit_mb: int,
        author: str,
        clock: Callable[[], datetime.datetime],
    ) -> None:
        self._record, self._exhibit, self._model, self._facts = record, exhibit, model, facts
        self._author, self._clock, self._prompt = author, clock, load_prompt()
        self._reader = self._prompt.reader(model.endpoint.model)
        media_type, size, self._name, self._given = self._acquired(given)
        data = bytes_within(record, exhibit, size, limit_mb)
        self._text: Text = read_text(data, media_type, limit_bytes=limit_mb * _MEGABYTE)
        self._spent: Counter[str] = Counter()

    def read(self) -> LlmRead:
        """Ask about each piece of the text and keep what stands in it."""
        published = self._given.published or self._text.published or ""
        written = parse_moment(published).latest if published else None
        language = language_of(self._text.body)
        lexicon = make_lexicon(language if language in LANGUAGES else "en", names_of(self._facts))
        text = self._keep_text(language)
        pieces = chunks(self._text.body, running_blocks(self._text))
        answered = [(piece, self._answer(piece, text, published)) for piece in pieces]
        publisher = self._given.publisher or self._text.publisher or ""
        context = Context(lexicon, language, written)
        reading = read_answers(self._text.body, answered, self._prompt, context, speaker_of(publisher, lexicon))
        found = tuple(claim.identified(self._exhibit, self._reader) for claim in reading.claims)
        with self._record.writing(self._author, self._clock()) as writer:
            refuse_sealed_bytes(self._record, writer.seals(), self._exhibit)
            new = write_claims(writer, self._exhibit, self._reader, found)
        dropped = {reason.value: number for reason, number in reading.dropped.items()}
        return LlmRead(self._exhibit, self._name, self._reader, found, new, dropped, Spent(**self._spent))

    def _acquired(self, given: Given) -> tuple[str, int, str, Given]:
        """The exhibit's type, size and name, and what is given of it. Raises ItemFailed for what may not be sent."""
        with self._record.reading() as connection:
            row = connection.execute(select(exhibits).where(exhibits.c.id == self._exhibit)).one()
            standing = read_access(connection).of_exhibit(self._exhibit)
            came = connection.execute(
                select(acquisitions)
                .where(acquisitions.c.exhibit == self._exhibit)
                .order_by(acquisitions.c.entered.desc())
            ).first()
        if row.sealed is not None or not standing.access.is_open_to(self._model.may_see):
            access = Access.SEALED if row.sealed is not None else standing.access
            raise ItemFailed(
                "closed",
                f"the exhibit is {access.value}: nothing of it is sent to {self._model.endpoint.address}",
                next_step="a service of your own may be named in llm_trusted in the record's record.toml",
            )
        if came is None:
            return str(row.media_type), int(row.size), self._exhibit, given
        given = replace(given, published=given.published or came.published, publisher=given.publisher or came.source)
        return str(row.media_type), int(row.size), str(came.original_name), given

    def _keep_text(self, language: str) -> str:
        """The name of the object that holds the text, with its entry unless the record has it."""
        with self._record.writing(self._author, self._clock()) as writer:
            refuse_sealed_bytes(self._record, writer.seals(), self._exhibit)
            name = writer.put(text_to_json(self._text))
            if not writer.has(texts, texts.c.exhibit == self._exhibit, texts.c.text == name):
                size = len(self._text.body)
                writer.append(
                    TextRead(exhibit=self._exhibit, reader=TEXT_READER, text=name, language=language, characters=size)
                )
        return name

    def _answer(self, piece: Chunk, text: str, published: str) -> Answer:
        known = self._known(piece, text)
        if known is not None:
            self._spent["reused"] += 1
            return known
        words = self._text.body[piece.start : piece.end]
        told = self._model.endpoint.ask(self._prompt.messages(words, published), self._prompt.schema, parse_answer)
        self._keep(piece, text, told)
        return parse_answer(told.content)

    def _known(self, piece: Chunk, text: str) -> Answer | None:
        """What this model already said of this piece."""
        wanted = (
            select(answers.c.answer)
            .where(answers.c.exhibit == self._exhibit, answers.c.reader == self._reader, answers.c.text == text)
            .where(answers.c.start == piece.start, answers.c.end == piece.end)
            .where(answers.c.endpoint == self._model.endpoint.address)
            .order_by(answers.c.entered.desc())
        )
        with self._record.reading() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else parse_answer(self._record.objects.get(row.answer).decode("utf-8"))

    def _keep(self, piece: Chunk, text: str, told: Told) -> None:
        spent = {
            "attempts": told.attempts,
            "tokens_sent": told.tokens_sent,
            "tokens_received": told.tokens_received,
            "milliseconds": round(told.seconds * 1000),
            "cost_millionths": self._model.cost_millionths(told),
        }
        self._spent.update({"asked": 1, **spent})
        with self._record.writing(self._author, self._clock()) as writer:
            refuse_sealed_bytes(self._record, writer.seals(), self._exhibit)
            writer.append(
                ModelAsked(
                    exhibit=self._exhibit,
                    reader=self._reader,
                    endpoint=self._model.endpoint.address,
                    model=self._model.endpoint.model,
                    prompt=writer.put(self._prompt.data),
                    text=text,
                    start=piece.start,
                    end=piece.end,
                    answer=writer.put(told.content.encode("utf-8")),
                    **spent,
                )
            )


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or not 0 <= price <= _MILLION:
        raise UsageError(f"{text!r} is no price of a million tokens", next_step="write a number such as 0.15")
    return price


def _failed(record: Record, target: str, error: AscertainError, author: str, now: datetime.datetime) -> Failure:
    why = error.why if isinstance(error, ItemFailed) else "unreadable"
    with record.writing(author, now) as writer:
        writer.append(entries.ItemFailed(stage=STAGE, item=target, code=why, reason=error.message))
    return Failure(target, error.message, why)
