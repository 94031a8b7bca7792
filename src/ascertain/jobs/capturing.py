"""Capture addresses into a record: archives as exhibits, what was made of them as derived exhibits, facts, failures."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ascertain.errors import AscertainError, UsageError
from ascertain.jobs.batches import Ledger
from ascertain.jobs.given import Given
from ascertain.jobs.items import Failure, Preserved, Taken, writing_objects
from ascertain.model.moment import parse_moment
from ascertain.preserve.capture.capturing import Captured, capture
from ascertain.preserve.capture.guard import Guard
from ascertain.preserve.capture.limits import MEGABYTE, Limits
from ascertain.preserve.capture.origin import Trust
from ascertain.preserve.capture.policy import Policy
from ascertain.preserve.detect import WACZ
from ascertain.preserve.examine import Probe
from ascertain.progress import Progress
from ascertain.record import entries
from ascertain.record.entries import CaptureMade, canonical
from ascertain.record.home.objects import Incoming
from ascertain.record.sealed.exhibit_keys import marks
from ascertain.record.store import Record
from ascertain.settings import Settings

STAGE = "capture"
_ROBOTS = ("record", "obey")
_NOTES_TOLD = 12
_TYPES = {"screenshot": "image/png", "text": "text/plain", "metadata": "application/json"}

Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True, slots=True)
class CapturedAddress(Preserved):
    """An address as captured: `exhibit` is the archive (WACZ), `parts` the exhibits made of it, by their names."""

    url: str = ""
    title: str = ""
    method: str = ""
    facts: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedCapture(Failure):
    """An address that was not captured; `evidence` is the exhibit with what came of the attempt, if anything did."""

    evidence: str = ""


Outcome = CapturedAddress | FailedCapture


def is_address(text: str) -> bool:
    """Whether a target of `preserve` is an address of the web, no path."""
    return text.lower().startswith(("http://", "https://"))


def capture_policy(settings: Settings, *, seconds: int | None, limit_mb: int | None, media: bool) -> Policy:
    """The terms of a capture: those of the record, with what a person says over them. Raises UsageError."""
    if settings.capture_robots not in _ROBOTS:
        raise UsageError(f"capture_robots is {settings.capture_robots!r}", next_step=f"write {' or '.join(_ROBOTS)}")
    chosen = settings.capture_seconds if seconds is None else seconds
    size = (settings.capture_limit_mb if limit_mb is None else limit_mb) * MEGABYTE
    if chosen <= 0 or size <= 0:
        raise UsageError("a capture needs some time and some bytes")
    return Policy(
        guard=Guard(settings.capture_allow),
        trust=Trust(unverified=settings.capture_unverified),
        limits=Limits(bytes=size, unpacked_bytes=2 * size, seconds=float(chosen)),
        contact=settings.capture_contact,
        obey_robots=settings.capture_robots == "obey",
        media=media,
        browser=settings.capture_browser,
    )


def capture_each(
    record: Record,
    addresses: Sequence[str],
    given: Given,
    policy: Policy,
    author: str,
    clock: Clock,
    progress: Progress,
) -> Generator[Outcome, None, None]:
    """Capture addresses one after another; each outcome comes when its entries are committed.

    The same address again is a new capture: a page is another one each time. A failed address is named, with what
    there is of it kept as an exhibit that says so, and the rest goes on. Raises BadMoment, RecordLocked, DiskFull.
    """
    if given.published:
        parse_moment(given.published)
    progress.begin("capturing", len(addresses))
    try:
        for address in addresses:
            with tempfile.TemporaryDirectory(prefix="ascertain-") as folder:
                try:
                    captured = capture(address, policy, Path(folder), clock)
                except OSError as error:
                    raise AscertainError(f"a capture cannot be written ({error.strerror})") from error
                for note in captured.notes[:_NOTES_TOLD]:
                    progress.note(f"{captured.asked}: {note}")
                yield _keep(record, captured, given, author, clock)
            progress.advance()
    finally:
        progress.end()


def _keep(record: Record, captured: Captured, given: Given, author: str, clock: Clock) -> Outcome:
    """Everything that came of one address, in one transaction."""
    incoming = record.objects.incoming()
    with writing_objects():
        whole, parts = _taken(incoming, captured, clock())
        facts = incoming.put(canonical(captured.facts)) if captured.good else ""
        incoming.settle()
    note = given.note if captured.good else _labelled(given.note, captured)
    said = Given(given.published, given.publisher, captured.asked, note)
    with record.writing(author, clock()) as writer:
        ledger = Ledger(writer, [*([whole] if whole else []), *parts], said, author, marks(record.keys))
        kept = ledger.enter(whole) if whole else None
        made = {part.name: part.kept.name for part in parts if isinstance(ledger.enter(part), Preserved)}
        evidence = kept.exhibit if isinstance(kept, Preserved) else ""
        if captured.good and evidence:
            writer.append(CaptureMade(exhibit=evidence, url=captured.asked, facts=facts))
        else:
            outcome = _failed(captured, evidence)
            failed = entries.ItemFailed(stage=STAGE, item=outcome.name, code=outcome.code, reason=outcome.reason)
            writer.append(failed)
    for name in ledger.unwanted:
        record.objects.discard(name)
    if not (captured.good and isinstance(kept, Preserved)):
        return outcome
    return CapturedAddress(
        captured.asked, kept.exhibit, kept.size, kept.media_type, kept.known, kept.added,
        url=captured.url, title=captured.title, method=captured.method, facts=facts, parts=made,
        notes=tuple(str(problem) for problem in captured.notes),
    )  # fmt: skip


def _taken(incoming: Incoming, captured: Captured, now: datetime.datetime) -> tuple[Taken | None, list[Taken]]:
    """The archive, and what was made of it, as objects that no entry names yet."""
    if captured.wacz is None:
        return None, []
    stamp = now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    with captured.wacz.open("rb") as file:
        whole = Taken(f"{captured.asked} {stamp}.wacz", incoming.put_file(file), WACZ)
    parts = []
    for part in captured.parts:
        with part.path.open("rb") as file:
            probe = Probe(file, lambda _: None)
            kept = incoming.put_file(probe)  # type: ignore[arg-type]
        details: dict[str, Any] = {"name": part.name, "url": captured.url or captured.asked}
        if not captured.good:
            details["failed"] = [problem.code for problem in captured.failures]
        name = f"{captured.asked} {part.name}"
        media_type = _TYPES.get(part.method) or probe.media_type
        parts.append(Taken(name, kept, media_type, whole.kept.name, part.method, details))
    return whole, parts


def _labelled(note: str, captured: Captured) -> str:
    """The note of an exhibit that is no capture: it says so first."""
    reasons = "; ".join(str(problem) for problem in captured.failures)
    return f"FAILED CAPTURE ({reasons})" + (f" {note}" if note else "")


def _failed(captured: Captured, evidence: str) -> FailedCapture:
    first = captured.failures[0] if captured.failures else None
    code = first.code if first else "sealed"
    reason = "; ".join(str(problem) for problem in captured.failures) or "the record keeps these bytes sealed"
    return FailedCapture(captured.asked, reason, str(code), evidence)
