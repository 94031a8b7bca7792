"""What a claim's clause says beyond its slots: words that no row decides must keep a claim from being "supported"."""

from __future__ import annotations

from ascertain.model.claim import Claim, Slot, Span
from ascertain.read.coding import Coded, Mark
from ascertain.read.cores import Core
from ascertain.read.lexicon import Language
from ascertain.read.mood import Mood


def rest_of(coded: Coded, core: Core, mood: Mood, used: set[int], language: Language) -> tuple[Span, ...]:
    """The stretches of the core's clause that no claim of the sentence stands on and that are not neutral words."""
    own = core.tokens(coded) | mood.tokens
    first, last = _clause(coded, core, language)
    open_tokens = [
        i for i in range(first, last) if i not in own and i not in used and coded.tokens[i].form not in language.neutral
    ]
    named = {i for mark in coded.marks for i in range(mark.first, mark.last)}
    inside = [i for i in sorted(own - named) if coded.tokens[i].form in language.universal]
    return tuple(coded.span(a, b) for a, b in _runs(sorted({*open_tokens, *inside})))


def left_out(coded: Coded, rest: tuple[Span, ...]) -> tuple[Slot, ...]:
    """The names and dates among the words that no slot covers."""
    return tuple(
        Slot(name=mark.kind, value=mark.value, span=coded.span(mark.first, mark.last))
        for mark in coded.marks
        if mark.kind not in ("unit", "count") and any(_inside(coded, mark, span) for span in rest)
    )


def without_resolved(claim: Claim) -> Claim:
    """The claim without the rest that its slots have come to cover, after places and dates were found further off."""
    covered = [slot.span for slot in (*claim.slots, *claim.via)]
    open_names = tuple(slot for slot in claim.left_out if not any(_covers(span, slot.span) for span in covered))
    rest = tuple(span for span in claim.rest if not any(_covers(c, _bare(span)) for c in covered))
    return claim.model_copy(update={"left_out": open_names, "rest": rest})


def _covers(one: Span, other: Span) -> bool:
    return one.start <= other.start and other.end <= one.end


def _bare(span: Span) -> Span:
    """A stretch without the preposition that leads to a name: "in Khan Shaykhun"."""
    word, _, name = span.text.partition(" ")
    if name and word.lower() in ("in", "at", "on", "near", "of"):
        return Span(start=span.end - len(name), end=span.end, text=name)
    return span


def _inside(coded: Coded, mark: Mark, span: Span) -> bool:
    return span.start < coded.tokens[mark.last - 1].end and coded.tokens[mark.first].start < span.end


def _clause(coded: Coded, core: Core, language: Language) -> tuple[int, int]:
    """The tokens of the clause around a core: from the boundary before it to the boundary after it."""
    text = coded.text
    begin = max((m.start() for m in language.boundary.finditer(text, 0, core.start + 1)), default=0)
    end = min((m.start() for m in language.boundary.finditer(text, core.stretches[-1][1])), default=len(text))
    if core.pattern.presupposed:
        # A noun phrase means the same under whatever verb it stands; only what follows can qualify it.
        begin = core.start
    inside = [(f, last) for s, e, f, last in coded.pieces if s >= begin and e <= end]
    if not inside:
        return 0, 0
    first = 0 if begin == 0 else min(f for f, _ in inside)
    last = len(coded.tokens) if end == len(text) else max(last for _, last in inside)
    return first, last


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and n == runs[-1][1]:
            runs[-1] = (runs[-1][0], n + 1)
        else:
            runs.append((n, n + 1))
    return runs
