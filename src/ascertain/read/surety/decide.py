"""From the voices of a sentence to what it says of one perpetrator: rules, the stronger before the weaker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ascertain.model.claim import Modality
from ascertain.read.surety.attribution import SourceKind, Surety
from ascertain.read.surety.scan import Cue, Scanned, Stretch
from ascertain.read.surety.voices import Form, Voice

_NEAR: Final = 5
_OWN_REACH: Final = 8
_ACCUSING: Final = frozenset({"accuse", "suspect"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said of a perpetrator: sources as (kind, tokens), outermost first, and the cues that decided."""

    modality: Modality
    surety: Surety
    sources: tuple[tuple[SourceKind, Stretch], ...]
    cues: tuple[Cue, ...]


def decide(sentence: Scanned, voices: Sequence[Voice], who: Stretch, others: Sequence[Stretch]) -> list[Decision]:
    """What a sentence says of the perpetrator named at `who`: that it did it, that it is denied, or both.

    `others` are the places where the same perpetrator is named too.
    """
    own = [voice for voice in voices if _speaks_itself(sentence, voice, (who, *others))]
    own += _admissions(sentence, own, who)
    heard = [voice for voice in voices if voice not in own and _applies(sentence, voice, who)]
    denials = [one for one in own if one.kind == "deny"] + [
        one for one in voices if one.kind == "deny" and one not in own and one.form is Form.BEFORE and one not in heard
        and one.first > who[1] and sentence.closed(who[1], one.first)
    ]  # fmt: skip
    told = _told(sentence, own, heard, who)
    if denials and told.modality is not Modality.DENIED:
        denial = _denial(sentence, denials[0], heard, who)
        beside = denials[0].relative or sentence.closed(who[1], denials[0].first) or told.surety is not Surety.REPORTED
        kept = [told] if beside and told.surety is not Surety.NONE else []
        return [*kept, denial]
    return [told]


def _denial(sentence: Scanned, voice: Voice, heard: Sequence[Voice], who: Stretch) -> Decision:
    outer = [] if voice.relative else [one for one in heard if one.kind == "say" and one.form is not Form.PASSIVE]
    return Decision(Modality.DENIED, Surety.NONE, _sources(sentence, [*outer, voice], [voice], who), (voice.cue,))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What bears on one perpetrator: the voices that speak of it, its own, and the cues that reach it."""

    sentence: Scanned
    who: Stretch
    heard: Sequence[Voice]
    own: Sequence[Voice]
    words: Sequence[Cue]

    def cues(self, *kinds: str) -> list[Cue]:
        return [cue for cue in self.words if cue.kind in kinds]

    def voices(self, *kinds: str) -> list[Voice]:
        return [voice for voice in self.heard if voice.kind in kinds]

    def admitting(self) -> list[Voice]:
        return [one for one in self.own if one.kind == "admit" or _says_of_itself(self.sentence, one)]

    def decision(
        self, modality: Modality, surety: Surety, cues: Iterable[Cue], admitting: Sequence[Voice] = ()
    ) -> Decision:
        sources = _sources(self.sentence, [*self.heard, *admitting], admitting, self.who)
        return Decision(modality, surety, sources, tuple(sorted(dict.fromkeys(cues), key=lambda cue: cue.first)))


def _told(sentence: Scanned, own: Sequence[Voice], heard: Sequence[Voice], who: Stretch) -> Decision:
    all_of_it = _Heard(sentence, who, heard, own, [cue for cue in sentence.words if _reaches(sentence, cue, who)])
    for rule in (_cleared_or_imagined, _not_so, _admitted, _possible, _accused):
        decision = rule(all_of_it)
        if decision is not None:
            return decision
    said = all_of_it.decision(Modality.REPORTED, Surety.REPORTED, (voice.cue for voice in heard))
    return said if said.sources else replace(said, modality=Modality.ASSERTED)


def _cleared_or_imagined(one: _Heard) -> Decision | None:
    if acquitted := one.voices("acquit"):
        return one.decision(Modality.DENIED, Surety.ACQUITTED, [acquitted[-1].cue])
    for kind in ("ask", "warn"):
        if (asked := one.voices(kind)) and asked[-1].first < one.who[0]:
            return one.decision(Modality.HYPOTHETICAL, Surety.NONE, [asked[-1].cue])
    unreal = one.cues("unreal")
    return one.decision(Modality.HYPOTHETICAL, Surety.NONE, unreal) if unreal else None


def _not_so(one: _Heard) -> Decision | None:
    denying = one.voices("deny")
    if denying and not denying[-1].relative:
        return one.decision(Modality.DENIED, Surety.NONE, [denying[-1].cue])
    negated = one.cues("negated")
    if negated and not one.cues("certain"):
        return one.decision(Modality.DENIED, Surety.NONE, negated, one.admitting())
    return None


def _admitted(one: _Heard) -> Decision | None:
    """Claimed by the perpetrator itself, or granted by somebody who answers for it."""
    admitting = one.admitting()
    granted = [voice for voice in one.voices("admit") if voice.form is not Form.PASSIVE]
    if not (admitting or granted) or one.cues("possible", "nobody"):
        return None
    cues = [voice.cue for voice in (*admitting, *granted)]
    claimed = one.decision(Modality.ASSERTED, Surety.CLAIMED, cues, admitting)
    outer = admitting and any(kind is not SourceKind.PERPETRATOR for kind, _ in claimed.sources)
    return replace(claimed, modality=Modality.REPORTED) if outer else claimed


def _possible(one: _Heard) -> Decision | None:
    possible = one.cues("possible", "nobody")
    return one.decision(Modality.POSSIBLE, Surety.POSSIBLE, possible) if possible else None


def _accused(one: _Heard) -> Decision | None:
    """Accused or suspected; what a body found is no accusation, unless somebody accuses."""
    accusing, accused = one.voices(*_ACCUSING), one.cues("accused")
    if not accusing and (not accused or one.voices("find")):
        return None
    by = _kind_of_accuser(one.sentence, accusing or one.heard)
    surety = Surety.ACCUSED_BY_AUTHORITIES if by is SourceKind.AUTHORITY else Surety.ACCUSED
    return one.decision(Modality.SUSPECTED, surety, [*(voice.cue for voice in accusing), *accused])


def _kind_of_accuser(sentence: Scanned, voices: Iterable[Voice]) -> SourceKind | None:
    kinds = [kind_of(sentence, voice.name) for voice in voices if voice.name]
    return SourceKind.AUTHORITY if SourceKind.AUTHORITY in kinds else (kinds[-1] if kinds else None)


def _sources(
    sentence: Scanned, voices: Iterable[Voice], own: Sequence[Voice], who: Stretch
) -> tuple[tuple[SourceKind, Stretch], ...]:
    """The named sources, outermost first: what closes a sentence stands outside of what opens it."""
    after = {Form.AFTER: 0}
    ordered = sorted(voices, key=lambda one: (after.get(one.form, 1), one.first, one.cue.first))
    found: dict[Stretch, SourceKind] = {}
    for voice in ordered:
        if voice.name and not any(a < voice.name[1] and voice.name[0] < b for a, b in found):
            found[voice.name] = (
                SourceKind.PERPETRATOR if voice in own
                else kind_of(sentence, voice.name)
            )  # fmt: skip
    return tuple((kind, name) for name, kind in found.items())


def kind_of(sentence: Scanned, name: Stretch) -> SourceKind:
    """The kind of a source by the heads in its name."""
    if any(cue.kind == "heard" and _overlaps((cue.first, cue.last), name) for cue in sentence.words):
        return SourceKind.ANONYMOUS
    found = sentence.words_of.kinds.find(sentence.tokens[name[0] : name[1]])
    kinds = {one.names[0].value for one in found}
    if "spokesman" in kinds and not any(
        sentence.form(i) in sentence.words_of.inside for i in range(name[0] + 1, name[1])
    ):
        return SourceKind.AUTHORITY
    return SourceKind(next((kind for kind in sentence.words_of.order if kind in kinds), "other"))


def _overlaps(one: Stretch, other: Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _speaks_itself(sentence: Scanned, voice: Voice, named: Sequence[Stretch]) -> bool:
    """Whether the perpetrator is the source: its name is the source's whole name, or somebody speaks for it."""
    if voice.name is None:
        return False
    inside = [one for one in named if _overlaps(voice.name, one)]
    if not inside:
        return False
    if voice.kind == "admit" and voice.cue.last - voice.cue.first > 1:
        return True
    before = sentence.tokens[voice.name[0] : inside[0][0]]
    spoken = bool(sentence.words_of.speaks_for.find(sentence.tokens[max(voice.name[0] - 4, 0) : inside[0][0]]))
    bare = all(
        token.form in sentence.words_of.determiners or token.form in sentence.words_of.inside for token in before
    )
    ends = voice.name[1] - inside[-1][1] <= 1 or voice.cue.first < voice.name[0]
    return (bare and ends) or spoken


def _admissions(sentence: Scanned, own: Sequence[Voice], who: Stretch) -> list[Voice]:
    """ "The “Brigade” (FB) tonight claimed responsibility": whatever stands between, nobody else is named there."""
    return [
        Voice(cue, who, Form.BEFORE)
        for cue in sentence.verbs
        if cue.kind == "admit" and cue.last - cue.first > 1 and 0 <= cue.first - who[1] <= _OWN_REACH
        if not any(voice.cue == cue for voice in own) and not sentence.closed(who[1], cue.first)
        if not any(other.first >= who[1] and other.last <= cue.first for other in sentence.verbs)
    ]


def _says_of_itself(sentence: Scanned, voice: Voice) -> bool:
    """ "The group said it had …": a word for itself close behind the verb."""
    if voice.kind not in ("say", "find") or voice.form is Form.PASSIVE:
        return False
    if voice.form is not Form.BEFORE:
        return any(sentence.form(i) in {"we", "our", "us", "nous"} for i in range(voice.first))
    stretch = range(voice.cue.last, min(voice.cue.last + 3, len(sentence.tokens)))
    return any(sentence.form(i) in sentence.words_of.own for i in stretch)


def _applies(sentence: Scanned, voice: Voice, who: Stretch) -> bool:
    """Whether a voice speaks of what is said about the perpetrator."""
    if voice.name is not None and _overlaps(voice.name, who):
        return False
    if voice.form is Form.PASSIVE:
        near = voice.cue.first - who[1] <= _OWN_REACH or who[0] >= voice.cue.last
        return near and not sentence.closed(min(who[1], voice.cue.first), max(who[0], voice.first))
    if voice.form is Form.BEFORE:
        if voice.cue.first < who[0]:
            return not sentence.closed(voice.cue.last, who[0]) and not _new_clause(sentence, voice, who)
        return _gap_filled_by(sentence, voice, who)
    return not sentence.closed(min(who[1], voice.first), max(who[0], voice.first))


def _new_clause(sentence: Scanned, voice: Voice, who: Stretch) -> bool:
    """Whether ", and X said" stands between."""
    return any(
        voice.cue.last < cue.first < who[0]
        and any(
            sentence.form(i) in {"and", "et"} and sentence.form(i - 1) == "," for i in range(voice.cue.last, cue.first)
        )
        for cue in sentence.verbs
    )


def _gap_filled_by(sentence: Scanned, voice: Voice, who: Stretch) -> bool:
    """ "The army, which residents blame": what is named before the pronoun is what the verb is about."""
    start = voice.first
    between = [sentence.form(i) for i in range(who[1], start) if sentence.form(i) != ","]
    return voice.kind in _ACCUSING and bool(between) and len(between) <= 2 and between[0] in sentence.words_of.relative


def _reaches(sentence: Scanned, cue: Cue, who: Stretch) -> bool:
    """Whether a cue speaks of the perpetrator: no clause boundary between; a negation stands close behind it."""
    between = (who[1], cue.first) if cue.first >= who[1] else (cue.last, who[0])
    if cue.kind in ("negated", "unreal") and cue.first >= who[1]:
        return cue.first - who[1] <= _NEAR
    if cue.kind == "nobody":
        return True
    return not sentence.closed(*between)
