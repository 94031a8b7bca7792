from __future__ import annotations

from reviewed_sample import BODY, EXHIBIT, claims, slot, span, text

from ascertain.model.claim import Claim, Frame
from ascertain.read.review.applying import State, apply_judgements, decisions, results
from ascertain.read.review.carrying import WhyNot
from ascertain.read.review.examples import training_examples
from ascertain.read.review.judgement import Decision, Judgement
from ascertain.read.review.judging import add, corrected_slots, judge

FINDING, ESTOR, DARAN = claims()
NEWER = claims("report@2")


def at(judgement: Judgement, entered: int) -> Judgement:
    return Judgement(
        judgement.claim, judgement.decision, judgement.author, judgement.correction, judgement.reason, "", entered
    )


def said(claim: Claim, decision: Decision, author: str = "A", entered: int = 1) -> Judgement:
    return at(judge(claim, decision, author, EXHIBIT), entered)


def corrected(claim: Claim, author: str = "A", entered: int = 1) -> Judgement:
    changed = corrected_slots(claim, [("killed", "12", "13 people"), ("place", "daran", "Daran")], text())
    assert isinstance(changed, Claim)
    return at(judge(claim, Decision.CORRECTED, author, EXHIBIT, correction=changed), entered)


def earlier(*old: Claim, body: str = BODY) -> dict:
    return {claim.id: (claim, text(body)) for claim in old}


def states(review) -> list[State]:
    return [one.state for one in review.claims]


def test_without_judgements_every_claim_is_open() -> None:
    review = apply_judgements(claims(), [], text())
    assert states(review) == [State.OPEN] * 3
    assert len(review.open_for("A")) == 3


def test_a_later_judgement_of_the_same_author_replaces_the_earlier() -> None:
    review = apply_judgements(
        claims(), [said(ESTOR, Decision.REJECTED), said(ESTOR, Decision.ACCEPTED, entered=2)], text()
    )
    assert states(review) == [State.OPEN, State.ACCEPTED, State.OPEN]
    assert len(review.claims[1].judgements) == 1


def test_two_authors_who_disagree_are_both_shown_and_the_claim_stays_the_machines() -> None:
    review = apply_judgements(claims(), [corrected(DARAN, "A"), said(DARAN, Decision.ACCEPTED, "B", 2)], text())
    assert review.claims[2].state is State.DISPUTED
    assert review.claims[2].claim == DARAN
    assert {one.author for one in review.claims[2].judgements} == {"A", "B"}
    assert training_examples(review) == []


def test_two_authors_who_correct_alike_agree() -> None:
    review = apply_judgements(claims(), [corrected(DARAN, "A"), corrected(DARAN, "B", 2)], text())
    assert review.claims[2].state is State.CORRECTED


def test_a_corrected_claim_keeps_what_the_machine_said_beside_it() -> None:
    (one,) = [r for r in apply_judgements(claims(), [corrected(DARAN)], text()).claims if r.judgements]
    assert (one.claim.value("killed"), one.machine and one.machine.value("killed")) == ("12", "13")
    assert one.claim.reader == "corrected by A"


def test_rejected_claims_are_no_result() -> None:
    review = apply_judgements(claims(), [said(ESTOR, Decision.REJECTED)], text())
    assert [claim.id for claim in results(review)] == [FINDING.id, DARAN.id]
    assert decisions(review) == {"not judged": 2, "rejected": 1}


def test_judgements_go_over_to_the_same_claims_of_a_newer_reader() -> None:
    judgements = [said(FINDING, Decision.ACCEPTED), corrected(DARAN, entered=2), said(ESTOR, Decision.REJECTED, "B", 3)]
    review = apply_judgements(NEWER, judgements, text(), earlier=earlier(FINDING, ESTOR, DARAN))
    assert states(review) == [State.ACCEPTED, State.REJECTED, State.CORRECTED]
    assert all(one.carried and one.machine == new for one, new in zip(review.claims, NEWER, strict=True))
    assert review.lost == ()


def test_judgements_go_over_to_a_text_that_has_moved() -> None:
    body = "A new first paragraph.\n\n" + BODY.replace("chlorine in Estor", "chlorine\nin  Estor")
    moved = [one.model_copy(update={"reader": ""}).identified(EXHIBIT, "report@2") for one in shifted(body)]
    review = apply_judgements(
        moved, [corrected(DARAN), said(FINDING, Decision.ACCEPTED, entered=2)], text(body),
        earlier=earlier(FINDING, DARAN), corrections_in={1: text(), 2: text()},
    )  # fmt: skip
    assert states(review) == [State.ACCEPTED, State.OPEN, State.CORRECTED]
    for slot_ in review.claims[2].claim.slots:
        assert body[slot_.span.start : slot_.span.end] == slot_.span.text


def shifted(body: str) -> list[Claim]:
    """The sample's claims in a text whose first sentence has other white space."""
    sentence = body[body.index("The Commission") : body.index(" At least")]
    finding = FINDING.model_copy(
        update={
            "sentence": span(sentence, body),
            "clause": span("the army of Arland used chlorine\nin  Estor", body),
            "slots": tuple(slot(s.name, s.value, s.span.text, body) for s in FINDING.slots),
        }
    )
    shift = len(body) - len(BODY)

    def later(one):
        return one.model_copy(update={"start": one.start + shift, "end": one.end + shift})

    return [finding] + [
        claim.model_copy(
            update={
                "sentence": later(claim.sentence),
                "clause": later(claim.clause),
                "slots": tuple(s.model_copy(update={"span": later(s.span)}) for s in claim.slots),
            }
        )
        for claim in (ESTOR, DARAN)
    ]


def test_what_the_newer_reader_reads_otherwise_is_lost_and_named() -> None:
    other = NEWER[1].model_copy(update={"slots": NEWER[1].slots[:1]}).identified(EXHIBIT, "report@2")
    review = apply_judgements([other], [said(ESTOR, Decision.ACCEPTED)], text(), earlier=earlier(ESTOR))
    assert states(review) == [State.OPEN]
    (lost,) = review.lost
    assert (lost.why, lost.machine) == (WhyNot.READ_OTHERWISE, ESTOR)


def test_what_the_newer_reader_does_not_read_is_lost_and_named() -> None:
    review = apply_judgements(NEWER[:1], [said(DARAN, Decision.REJECTED)], text(), earlier=earlier(DARAN))
    assert [lost.why for lost in review.lost] == [WhyNot.NOT_READ]


def test_a_judgement_never_goes_to_another_mention_of_the_same_words() -> None:
    gone = BODY.replace("At least 13 people were killed in Estor.", "")
    newer = [one.identified(EXHIBIT, "report@2") for one in (NEWER[2],)]
    review = apply_judgements(newer, [said(ESTOR, Decision.ACCEPTED)], text(gone), earlier=earlier(ESTOR))
    assert [lost.why for lost in review.lost] == [WhyNot.WORDS_GONE]


def test_two_claims_that_would_become_one_are_ambiguous() -> None:
    twin = ESTOR.model_copy(update={"sentence": ESTOR.clause}).identified(EXHIBIT, "report@1")
    judgements = [said(ESTOR, Decision.ACCEPTED), said(twin, Decision.REJECTED, entered=2)]
    review = apply_judgements(NEWER, judgements, text(), earlier=earlier(ESTOR, twin))
    assert {lost.why for lost in review.lost} == {WhyNot.AMBIGUOUS}
    assert states(review) == [State.OPEN] * 3


def test_an_author_who_judged_two_versions_is_heard_in_the_last() -> None:
    third = claims("report@3")
    judgements = [said(ESTOR, Decision.ACCEPTED), said(NEWER[1], Decision.REJECTED, entered=2)]
    review = apply_judgements(third, judgements, text(), earlier=earlier(ESTOR, NEWER[1]))
    assert states(review) == [State.OPEN, State.REJECTED, State.OPEN]


def test_an_added_claim_stands_by_itself_until_a_reader_finds_it() -> None:
    denial = Claim(frame=Frame.DENIAL, sentence=span("The army denied it."), clause=span("The army denied it"))
    added = at(add(denial, "A", EXHIBIT), 1)
    review = apply_judgements(claims(), [added], text())
    assert review.claims[-1].state is State.ADDED
    assert review.claims[-1].machine is None
    found = denial.identified(EXHIBIT, "report@2")
    review = apply_judgements([*NEWER, found], [added], text())
    assert len(review.claims) == 4
    assert (review.claims[-1].machine, review.claims[-1].state) == (found, State.ADDED)


def test_a_judgement_on_a_claim_that_is_nowhere_is_lost_and_named() -> None:
    review = apply_judgements(claims(), [Judgement("f" * 32, Decision.ACCEPTED, "A")], text())
    assert [lost.why for lost in review.lost] == [WhyNot.NO_CLAIM]


def test_training_examples_have_the_words_in_their_sentence() -> None:
    judgements = [
        said(FINDING, Decision.ACCEPTED),
        said(ESTOR, Decision.REJECTED, entered=2),
        corrected(DARAN, entered=3),
    ]
    rows = training_examples(apply_judgements(claims(), judgements, text()))
    assert [(row["state"], row["right"], len(row["slots"])) for row in rows] == [
        ("accepted", True, 3), ("rejected", False, 0), ("corrected", True, 2),
    ]  # fmt: skip
    for row in rows:
        for one in row["slots"]:
            assert row["sentence"][one["start"] : one["end"]] == one["words"]
    assert rows[2]["machine"]["slots"][0]["value"] == "13"
