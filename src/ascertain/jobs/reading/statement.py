"""From an exhibit's bytes to claims, with the names that a record knows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from ascertain.check.facts import Facts
from ascertain.jobs.given import Given
from ascertain.model.claim import Claim, Span
from ascertain.model.moment import parse_moment
from ascertain.read.language import language_of
from ascertain.read.lexicon import Lexicon, checked_languages, make_lexicon
from ascertain.read.names import NameIndex
from ascertain.read.statement import READER, read_statement
from ascertain.read.text import Text, read_text
from ascertain.read.tokens import tokenize

_RUNNING = frozenset({"paragraph", "list_item", "cell", "heading"})
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """A statement as read: its text, its date and speaker, its claims, and what was not read."""

    text: Text
    language: str
    published: str
    speaker: str
    publisher: str
    claims: tuple[Claim, ...]
    unread: tuple[Span, ...]
    notes: tuple[str, ...]


def read_exhibit(data: bytes, exhibit: str, media_type: str, facts: Facts, given: Given, limit_mb: int) -> Read:
    """Read a statement, in the languages alone whose claims may be given verdicts.

    Raises UnreadableExhibit for bytes without text, BadMoment for a given date that is none.
    """
    text = read_text(data, media_type, limit_bytes=limit_mb * _MEGABYTE)
    published = given.published or text.published or ""
    written = parse_moment(published).latest if published else None
    language = language_of(text.body)
    languages = checked_languages()
    lexicon = make_lexicon(language if language in languages else "en", names_of(facts))
    publisher = given.publisher or text.publisher or ""
    speaker = speaker_of(publisher, lexicon)
    notes = list(text.notes)
    if language not in languages and language != "und":
        notes.append(f"the text is in another language ({language}); this reader reads {', '.join(languages)}")
        unread = tuple(Span(start=b.start, end=b.end, text=text.body[b.start : b.end]) for b in text.blocks)
        return Read(text, language, published, speaker, publisher, (), unread, tuple(notes))
    reading = read_statement(text.body, running_blocks(text), lexicon, written, speaker)
    claims = tuple(claim.identified(exhibit, READER) for claim in reading.claims)
    return Read(text, language, published, speaker, publisher, claims, reading.unread, tuple(notes))


def names_of(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """Every name of the record: kind, id and written form."""
    for party, row in facts.parties.items():
        yield from (("party", party, name) for name in (row["name"], *(row["aliases"] or ())))
    for place, row in facts.places.items():
        yield from (("place", place, name) for name in (row["name"], row["name_ar"], *(row["aliases"] or ())) if name)
    for zone, row in facts.zones.items():
        yield from (("zone", zone, name) for name in (row["name"], *(row["aliases"] or ())))
    for agreement, row in facts.agreements.items():
        yield from (("agreement", agreement, name) for name in (row["name"], *(row["aliases"] or ())))


def running_blocks(text: Text) -> list[tuple[int, int]]:
    """The parts of a text that are running text (start, end), its title left out."""
    title = (text.title or "").strip()
    return [
        (block.start, block.end)
        for block in text.blocks
        if block.kind in _RUNNING
        and not (block.kind == "heading" and text.body[block.start : block.end].strip() == title)
    ]


def speaker_of(publisher: str, lexicon: Lexicon) -> str:
    """The party that a publisher's name names, or nothing."""
    names: NameIndex = lexicon.names
    found = [n for f in names.find(tokenize(publisher)) for n in f.names if n.kind == "party"]
    return found[0].value if found else ""


def date_of(read: Read) -> datetime.date | None:
    """The statement's own date (the last day that it allows), if it has one."""
    return parse_moment(read.published).latest if read.published else None
