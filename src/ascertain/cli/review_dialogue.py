"""One claim shown in its sentence, and what a person answers to it."""

from __future__ import annotations

from typing import Final

from rich.text import Text

from ascertain.cli.output import err, out, shown
from ascertain.jobs.reviewing import ReviewedExhibit
from ascertain.model.claim import Claim, Frame, Modality, Span
from ascertain.read.review.applying import Reviewed, State
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import Written, corrected_slots, judge, says_the_same
from ascertain.read.review.words import is_inside

_COLOURS: Final = ("green", "cyan", "magenta", "yellow", "blue", "red")
_KEYS: Final = "a accept · c correct · r reject · s skip · q quit"
_AWAY: Final = "-"


def ask_for(one: Reviewed, found: ReviewedExhibit, author: str, where: str) -> list[Judgement] | None:
    """What a person says of a claim: a judgement, nothing (skipped), or None to stop (also at the input's end)."""
    _show(one, where)
    try:
        return _answer(one, found, author)
    except EOFError:
        return None


def _answer(one: Reviewed, found: ReviewedExhibit, author: str) -> list[Judgement] | None:
    claim = one.machine or one.claim
    while True:
        match _input(f"{_KEYS}: ").strip().lower()[:1]:
            case "a" if one.machine is None:
                return [Judgement(one.judgements[0].claim, Decision.ADDED, author, one.claim)]
            case "a":
                return [judge(claim, Decision.ACCEPTED, author, found.exhibit)]
            case "r":
                return [judge(claim, Decision.REJECTED, author, found.exhibit, reason=_input("why (may be empty): "))]
            case "c" if one.machine is not None:
                corrected = _corrected(claim, found)
                if corrected is None:
                    out.print(Text("nothing was changed", style="dim"))
                    continue
                reason = _input("why (may be empty): ")
                return [
                    judge(claim, Decision.CORRECTED, author, found.exhibit, correction=corrected, reason=reason)
                ]  # fmt: skip
            case "s":
                return []
            case "q":
                return None
            case _:
                out.print(Text("a key of these, then Enter", style="dim"))


def _show(one: Reviewed, where: str) -> None:
    claim = one.claim
    out.print()
    out.print(Text(f"{where}  {_kind(claim)}", style="bold"))
    out.print(_sentence(claim))
    for number, slot in enumerate(claim.slots):
        words = " ".join(slot.span.text.split())
        line = Text(f"    {slot.name} = {shown(slot.value)}  “{shown(words)}”", style=_colour(number))
        out.print(line.append("" if is_inside(slot.span, claim.sentence) else " (from another sentence)"))
    for judgement in one.judgements:
        said = f"{judgement.decision.value} by {judgement.author}" + (
            f": {judgement.reason}" if judgement.reason else ""
        )
        out.print(Text(shown(f"    {said}"), style="dim"))
    if one.state is State.DISPUTED:
        out.print(Text("    those who judged it disagree", style="yellow"))


def _kind(claim: Claim) -> str:
    return f"{claim.frame.value}, {claim.modality.value}{', negated' if claim.negated else ''}"


def _sentence(claim: Claim) -> Text:
    """The sentence with the clause underlined and the words of each slot in its colour."""
    text = Text(shown(claim.sentence.text))
    _mark(text, claim, claim.clause, "underline")
    for number, slot in enumerate(claim.slots):
        _mark(text, claim, slot.span, f"bold {_colour(number)}")
    return text


def _mark(text: Text, claim: Claim, span: Span, style: str) -> None:
    start, end = span.start - claim.sentence.start, span.end - claim.sentence.start
    if 0 <= start < end <= len(text):
        text.stylize(style, start, end)


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _corrected(claim: Claim, found: ReviewedExhibit) -> Claim | None:
    """The claim as the person wants it; None when nothing was changed."""
    out.print(Text(f"Enter keeps what is there; {_AWAY} takes a slot away", style="dim"))
    frame = _one_of("frame", claim.frame.value, [one.value for one in Frame])
    modality = _one_of("modality", claim.modality.value, [one.value for one in Modality])
    wanted = [written for slot in claim.slots if (written := _slot(slot.name, slot.value, slot.span.text))]
    while name := _input("another slot (its name, or Enter): ").strip().lower():
        written = _slot(name, "", "")
        wanted += [written] if written else []
    changed = corrected_slots(claim, wanted, found.review.text)
    if isinstance(changed, list):
        for problem in changed:
            err.print(Text(shown(problem), style="red"))
        return None
    changed = changed.model_copy(update={"frame": Frame(frame), "modality": Modality(modality)})
    return None if says_the_same(changed, claim) else changed


def _slot(name: str, value: str, words: str) -> Written | None:
    told = f" [{' '.join(words.split())}]" if words else ""
    quote = _input(f"{name}, its words{told}: ").strip()
    if quote == _AWAY:
        return None
    kept = not quote
    quote = quote or words
    answer = _input(f"{name}, its value [{value or quote}]: ").strip()
    return (name, answer or (value if kept else "") or value or quote, quote) if quote else None


def _one_of(what: str, present: str, known: list[str]) -> str:
    while True:
        answer = _input(f"{what} [{present}]: ").strip().lower() or present
        if answer in known:
            return answer
        out.print(Text(f"one of: {', '.join(known)}", style="dim"))


def _input(question: str) -> str:
    """An answer. Raises EOFError."""
    out.print(Text(shown(question)), end="")
    return input()
