"""What stands around a claim, outside its clause, and may turn it: "…, which is false", "Myth: …", a second half."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ascertain.model.claim import Claim, Frame, Modality, Span
from ascertain.read.coding import Coded
from ascertain.read.lexicon import Language
from ascertain.read.tokens import fold

# A sentence of at most so many words that follows another may be a comment on it: "This is false."
_COMMENT = 9
# At most so many words in quotation marks within a claim are its speaker's doubt, not a quotation.
_IRONIC = 3
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’"}
_OF_AN_ACT = frozenset({Frame.COMMITMENT, Frame.PUBLICATION})


def surrounded(coded: Coded, claims: list[Claim], used: set[int], language: Language) -> list[Claim]:
    """The claims of a sentence with the words around them that may turn them, or add to them, as their rest."""
    spare = [i for i in range(len(coded.tokens)) if i not in used]
    turning = [coded.span(i, i + 1) for i in spare if coded.tokens[i].form in language.turning]
    found = [with_rest(claim, [*turning, *_ironic(coded, claim)]) for claim in claims]
    found = [with_rest(c, _words_beside(coded, c, used, language) if c.frame in _OF_AN_ACT else ()) for c in found]
    for span in _second_half(coded, used, language):
        before = [n for n, claim in enumerate(found) if claim.clause.end <= span.start]
        if not before and _leads_in(coded, span):
            found = [with_rest(claim, [span]) if claim.clause.start >= span.end else claim for claim in found]
        last = max(before, key=lambda n: found[n].clause.end, default=None)
        if last is not None and not _in_a_call(coded, found[last], language):
            found[last] = with_rest(found[last], [span])
    return found


def with_rest(claim: Claim, spans: Iterable[Span]) -> Claim:
    """A claim with more words that no row decides; what asserts nothing needs none."""
    new = tuple(span for span in spans if span not in claim.rest)
    if not new or claim.modality is Modality.HYPOTHETICAL:
        return claim
    return claim.model_copy(update={"rest": (*claim.rest, *new)})


def comments(coded: Coded, language: Language) -> bool:
    """Whether a sentence without claims is a short comment that takes back what stands before it."""
    forms = [t.form for t in coded.tokens]
    return len(forms) <= _COMMENT and bool(language.turning.union(language.commenting) & set(forms))


def announces(coded: Coded, language: Language) -> bool:
    """Whether a sentence says of those that follow that they are false, or another's words."""
    return bool(language.announcing & {t.form for t in coded.tokens})


def _second_half(coded: Coded, used: set[int], language: Language) -> list[Span]:
    """Stretches of a sentence with words that no claim has, no cue explains and that are not neutral."""
    parties = {i for mark in coded.marks if mark.kind in ("party", "agent") for i in range(mark.first, mark.last)}
    found = []
    for first, last in _segments(coded, language):
        free = [i for i in range(first, last) if i not in used]
        telling = [i for i in free if i in parties or _tells(coded.tokens[i].form, language)]
        if telling and not _explained(coded, first, last, language):
            found.append(coded.span(telling[0], telling[-1] + 1))
    return found


def _tells(form: str, language: Language) -> bool:
    return form not in language.neutral and any(character.isalnum() for character in form)


def _leads_in(coded: Coded, span: Span) -> bool:
    """Whether words end at a colon: "Rumour has it: …"."""
    return coded.body[span.end :].lstrip(" \"'’”»").startswith(":")


def _in_a_call(coded: Coded, claim: Claim, language: Language) -> bool:
    """Whether a claim stands within a call: "calls on them to keep what they guaranteed and, above all, to …"."""
    before = coded.body[coded.sentence.start : claim.clause.start]
    return bool(language.cues["call"].search(fold(before)))


def _words_beside(coded: Coded, claim: Claim, used: set[int], language: Language) -> list[Span]:
    """The words before an act that no claim has: whose act it is, or who says so, was not read."""
    free = [i for i, token in enumerate(coded.tokens) if i not in used and token.start < claim.clause.start]
    telling = [i for i in free if _tells(coded.tokens[i].form, language)]
    if not telling or _in_a_call(coded, claim, language):
        return []
    return [coded.span(telling[0], telling[-1] + 1)]


def _segments(coded: Coded, language: Language) -> list[tuple[int, int]]:
    """The clauses of a sentence as stretches of tokens."""
    cuts = [0, *sorted({m.start() for m in language.boundary.finditer(coded.text)}), len(coded.text)]
    stretches = []
    for begin, end in pairwise(cuts):
        inside = [(f, last) for s, e, f, last in coded.pieces if s >= begin and e <= end]
        if inside:
            stretches.append((min(f for f, _ in inside), max(last for _, last in inside)))
    return stretches


def _explained(coded: Coded, first: int, last: int, language: Language) -> bool:
    pieces = [(s, e) for s, e, f, end in coded.pieces if f >= first and end <= last]
    text = coded.text[pieces[0][0] : pieces[-1][1]] if pieces else ""
    return any(pattern.search(text) for kind, pattern in language.cues.items() if kind != "doubt")


def _ironic(coded: Coded, claim: Claim) -> list[Span]:
    """Words of a claim in quotation marks of their own."""
    found = []
    closed = -1
    for number, token in enumerate(coded.tokens):
        close = _QUOTES.get(token.text)
        if close is None or number <= closed:
            continue
        ends = (n for n in range(number + 2, number + _IRONIC + 2) if n < len(coded.tokens))
        end = next((n for n in ends if coded.tokens[n].text == close), None)
        closed = end if end is not None else closed
        if end is not None and claim.clause.start <= coded.tokens[number + 1].start < claim.clause.end:
            found.append(coded.span(number, end + 1))
    return found
