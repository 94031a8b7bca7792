"""The kinds of entry of the stage read: texts, claims, rows of datasets, answers of models, judgements, gazetteers."""

from __future__ import annotations

from typing import ClassVar, Literal

from ascertain.record.body import Body, Sha256


class ClaimsRead(Body):
    """A reader's claims from one exhibit, held in one object (a JSON array of claims)."""

    kind: ClassVar[str] = "claims.read"
    exhibit: Sha256
    reader: str
    claims: Sha256
    number: int

    def objects(self) -> tuple[str, ...]:
        """The claims."""
        return (self.claims,)


class TextRead(Body):
    """An exhibit's text as a reader found it, with the page and box of its characters: what claims point into.

    `text` is an object; kept because a later version of a reader, or of an OCR engine, may find other characters.
    """

    kind: ClassVar[str] = "text.read"
    exhibit: Sha256
    reader: str
    text: Sha256
    language: str
    characters: int

    def objects(self) -> tuple[str, ...]:
        """The text."""
        return (self.text,)


class DatasetRead(Body):
    """A release of a dataset, each row a claim, all of them in one Parquet object.

    `previous` is the exhibit of the release that stood before (empty for the first): the object then holds the rows
    that are new or changed, and those withdrawn. `mapping` is the object that says which column is which slot.
    """

    kind: ClassVar[str] = "dataset.read"
    exhibit: Sha256
    name: str
    release: str
    reader: str
    mapping: Sha256
    claims: Sha256
    number: int
    previous: str = ""
    changed: int = 0
    withdrawn: int = 0

    def objects(self) -> tuple[str, ...]:
        """The mapping and the claims."""
        return (self.mapping, self.claims)


class ClaimJudged(Body):
    """Somebody accepts, corrects or rejects a reader's claim, or adds one that the reader did not see.

    `correction` is the object that holds the claim as corrected or added (JSON), or nothing.
    """

    kind: ClassVar[str] = "claim.judged"
    exhibit: Sha256
    claim: str
    judgement: Literal["accepted", "corrected", "rejected", "added"]
    correction: str = ""
    reason: str = ""

    def objects(self) -> tuple[str, ...]:
        """The claim as corrected, if it was."""
        return (self.correction,) if self.correction else ()


class ModelAsked(Body):
    """A language model was asked about a piece of an exhibit's text, and answered; the answer is one object.

    `text` is the text of `text.read` whose characters `start`..`end` were sent to `endpoint`; `prompt` is the
    prompt's file, an object. Tokens are the endpoint's own count, `milliseconds` what it took with all attempts,
    `cost_millionths` of a unit of the configured prices' currency.
    """

    kind: ClassVar[str] = "model.asked"
    exhibit: Sha256
    reader: str
    endpoint: str
    model: str
    prompt: Sha256
    text: Sha256
    start: int
    end: int
    answer: Sha256
    attempts: int
    tokens_sent: int
    tokens_received: int
    milliseconds: int
    cost_millionths: int

    def objects(self) -> tuple[str, ...]:
        """The prompt and the answer."""
        return (self.prompt, self.answer)


class GazetteerImported(Body):
    """A list of places came in, held in one Parquet object; it replaces the version of its name before it."""

    kind: ClassVar[str] = "gazetteer.imported"
    name: str
    version: str
    source: str
    terms: str
    gazetteer: Sha256
    number: int

    def objects(self) -> tuple[str, ...]:
        """The places."""
        return (self.gazetteer,)
