"""First stage: what each candidate, sentence and document looks like by itself."""

from __future__ import annotations

from dataclasses import dataclass

from ascertain.read.incidents.candidates import Document
from ascertain.read.incidents.features import candidate_features
from ascertain.read.incidents.history import History
from ascertain.read.incidents.logistic import Floats, Linear, logit
from ascertain.read.incidents.passages import document_features, sentence_features


@dataclass(frozen=True)
class Signals:
    """Log odds of the first stage for one document, and the history of its candidates.

    Attributes:
        candidates: candidates × roles: it fills the role in some incident of the document.
        sentences: sentences × (types, roles, 1): a filler of such an incident, of such a role, of any, is in it.
        document: types, and 1: it tells of such an incident, of any.
        history: candidates × history.WIDTH.
    """

    candidates: Floats
    sentences: Floats
    document: Floats
    history: Floats


@dataclass(frozen=True)
class FirstStage:
    """The three logistic models and the history."""

    candidates: Linear
    sentences: Linear
    document: Linear
    history: History

    def read(self, document: Document) -> Signals:
        """The signals of a document."""
        return Signals(
            logit(self.candidates.read(candidate_features(document))),
            logit(self.sentences.read(sentence_features(document.words))),
            logit(self.document.read([document_features(document.words)]))[0],
            self.history.read(document),
        )
