"""What a claim's clause says beyond its slots: words that no row decides must keep a claim from being "supported"."""

from __future__ import annotations

from ascertain.model.claim import Span
from ascertain.read.coding import Coded
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
    inside = [i for i in sorted(own) if coded.tokens[i].form in language.universal]
    return tuple(coded.span(a, b) for a, b in _runs(sorted({*open_tokens, *inside})))


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
