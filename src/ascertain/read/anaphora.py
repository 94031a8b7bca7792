"""What a claim takes over from the words before it: "the attack" is the one last named, "they" the last parties."""

from __future__ import annotations

from dataclasses import dataclass

from ascertain.model.claim import Claim, Frame, Slot
from ascertain.read.coding import Coded
from ascertain.read.cores import Core
from ascertain.read.lexicon import Language
from ascertain.read.when import SEVERAL

_ABOUT_INCIDENTS = frozenset({Frame.ATTRIBUTION, Frame.FINDING, Frame.ESTIMATE, Frame.DENIAL, Frame.ATTACK})
_TOLLS = frozenset({"killed", "injured", "patients"})
_REPORTING = frozenset(
    {"concluding", "finding", "stating", "confirming", "showing", "concludes", "concluded", "finds", "that"}
)
# Within how many words after a report its content begins.
_SOON = 6
_VOTES = frozenset({"votes_for", "votes_against", "abstentions"})
_AREAS = frozenset({"population", "displaced", "newly_displaced", "in_need"})


@dataclass(frozen=True, slots=True)
class Context:
    """The incident last named (its place and date), the area and the body."""

    incident: tuple[Slot, ...] = ()
    area: tuple[Slot, ...] = ()
    body: tuple[Slot, ...] = ()
    subject: tuple[Slot, ...] = ()

    def after(self, coded: Coded, claims: list[Claim]) -> Context:
        """The context after a sentence."""
        named = [slot for claim in claims for slot in claim.slots if not slot.inherited]
        places = tuple(s for s in named if s.name == "place")
        dates = tuple(s for s in named if s.name == "when")
        areas = tuple(_marks(coded, "zone")) or tuple(_marks(coded, "place"))
        bodies = tuple(s for s in named if s.name == "body") or tuple(
            s.model_copy(update={"name": "body"}) for s in _marks(coded, "party")
        )
        actors = [s for s in named if s.name == "actor"] or [
            s.model_copy(update={"name": "actor"}) for s in _marks(coded, "party")
        ]
        return Context(
            (*places, *dates) if places else self.incident,
            areas or self.area,
            bodies[:1] or self.body,
            tuple(actors[:1]) or self.subject,
        )


def resolve(claim: Claim, coded: Coded, core: Core | None, context: Context, language: Language) -> Claim:
    """The claim with the slots that its words refer back for."""
    claim = _with_named_body(claim, context, language)
    extra: list[Slot] = []
    has = {slot.name for slot in claim.slots}
    measure = claim.value("measure")
    if "body" not in has and (measure in _VOTES or (core is not None and core.pattern.anaphor == "body")):
        voting = [s.model_copy(update={"name": "body"}) for s in _marks(coded, "party")] if measure in _VOTES else []
        claim = claim.model_copy(update={"slots": (*claim.slots, *_taken_over(voting or list(context.body[:1])))})
    if core is not None and core.pattern.anaphor == "party":
        extra += [s.model_copy(update={"name": "party"}) for s in _parties_before(coded, core, language)]
        extra += list(context.area[:1]) if not has & {"zone", "place"} else []
    elif claim.frame in _ABOUT_INCIDENTS and "place" not in has and "zone" not in has:
        if measure in _TOLLS or (claim.frame in (Frame.ESTIMATE,) and measure in _AREAS):
            extra += _in_sentence(coded, claim)
        if not extra and (measure in _TOLLS or _refers_back(claim, coded, core, language)):
            extra += list(context.incident)
        if not extra and measure in _AREAS:
            extra += list(context.area[:1])
    if not extra and "place" in has and "when" not in has and claim.frame in _ABOUT_INCIDENTS:
        extra += _date_of_the_same_place(claim, context)
    if not extra:
        return claim
    return claim.model_copy(update={"slots": (*claim.slots, *_taken_over(extra))})


def _with_named_body(claim: Claim, context: Context, language: Language) -> Claim:
    """ "The mission", "it": the body or the party last named; without one, the words name nobody."""
    slots: list[Slot] = []
    for slot in claim.slots:
        if slot.name == "body" and slot.value in language.pronouns:
            slots += _taken_over(list(context.body[:1]))
        elif slot.name == "party" and slot.value in language.pronouns:
            continue  # "they": a list of parties is not guessed
        elif slot.name == "actor" and slot.value in language.pronouns:
            slots += [s.model_copy(update={"name": slot.name}) for s in _taken_over(list(context.subject))]
        else:
            slots.append(slot)
    return claim.model_copy(update={"slots": tuple(slots)})


def carry_over(claims: list[Claim], cores: list[Core], coded: Coded) -> list[Claim]:
    """Claims of one sentence that lean on the claim before them.

    "…, including the attack in Douma" says of Douma what was said before; "reports confirming …" has the reports' body.
    """
    done: list[Claim] = []
    for claim, core in zip(claims, cores, strict=True):
        before = done[-1] if done else None
        if before is not None and core.pattern.extends and before.frame is Frame.ATTRIBUTION:
            taken = [s for s in before.slots if s.name in ("actor", "body", "agent")]
            claim = claim.model_copy(update={"frame": before.frame, "slots": (*claim.slots, *_taken_over(taken))})
        leans = core.pattern.body_before or _reports(coded, cores[len(done) - 1], core)
        if before is not None and leans and "body" not in {s.name for s in claim.slots}:
            taken = [s for s in before.slots if s.name == "body"]
            claim = claim.model_copy(update={"slots": (*claim.slots, *_taken_over(taken))})
        done.append(claim)
    return done


def _reports(coded: Coded, before: Core, core: Core) -> bool:
    """Whether a core is what the report named just before it says: "released a report concluding that …"."""
    between = coded.text[before.end : core.start].split()
    return before.pattern.frame is Frame.PUBLICATION and bool(_REPORTING & set(between[:_SOON]))


def _taken_over(slots: list[Slot]) -> tuple[Slot, ...]:
    return tuple(slot.model_copy(update={"inherited": True}) for slot in slots)


def _date_of_the_same_place(claim: Claim, context: Context) -> list[Slot]:
    """The date of the incident last named, when the claim is about the same place and gives no date."""
    same = {s.value for s in context.incident if s.name == "place"} & set(claim.values("place"))
    return [s for s in context.incident if s.name == "when"] if same else []


def _refers_back(claim: Claim, coded: Coded, core: Core | None, language: Language) -> bool:
    """Whether a claim without a place speaks of a single attack named before, not of attacks at large."""
    if core is None or "count" in {s.name for s in claim.slots}:
        return False
    if claim.frame is Frame.ATTRIBUTION and core.pattern.presupposed and not claim.value("agent"):
        return True  # "the responsibility of the regime": for what was spoken of
    units = [s.span.text.lower() for s in claim.slots if s.name == "unit"]
    if any(unit in language.grammar.events for unit in units):
        return True
    code = " ".join(coded.text[start:end] for start, end in core.stretches)
    return claim.frame in (Frame.FINDING, Frame.DENIAL) and bool(language.anaphors.search(code))


def _in_sentence(coded: Coded, claim: Claim) -> list[Slot]:
    """The nearest zone or place, and the nearest date, of the same sentence."""
    found: list[Slot] = []
    has_date = any(slot.name == "when" for slot in claim.slots)
    for kinds in (("zone", "place"), () if has_date else ("date",)):
        own = [slot.span for slot in claim.slots]
        near = [slot for kind in kinds for slot in _marks(coded, kind) if slot.span not in own]
        near.sort(key=lambda slot: (abs(slot.span.start - claim.clause.start), slot.span.start))
        found += near[:1]
    return found if found and found[0].name != "when" else []


def _marks(coded: Coded, kind: str) -> list[Slot]:
    name = {"date": "when"}.get(kind, kind)
    return [
        Slot(name=name, value=m.value.split(SEVERAL)[0], span=coded.span(m.first, m.last))
        for m in coded.marks
        if m.kind == kind
    ]  # fmt: skip


def _parties_before(coded: Coded, core: Core, language: Language) -> list[Slot]:
    """The parties that are asked, told or named together just before "they"."""
    first = min(core.tokens(coded))
    marks = [m for m in coded.marks if m.kind == "party" and m.last <= first]
    group: list[Slot] = []
    for mark in reversed(marks):
        between = {t.form for t in coded.tokens[mark.last : _group_start(coded, group, first)]}
        if group and not between <= language.grammar.listing:
            break
        group.insert(0, Slot(name="party", value=mark.value, span=coded.span(mark.first, mark.last)))
    return group


def _group_start(coded: Coded, group: list[Slot], first: int) -> int:
    if not group:
        return first
    return next(i for i, token in enumerate(coded.tokens) if token.start == group[0].span.start)
