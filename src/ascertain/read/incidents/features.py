"""Features of a candidate: its words, and what stands around it at each of its places (all places together).

The patterns with a verb and a preposition are in the spirit of AutoSlog (Riloff 1993): *passive verb + by*, *subject +
verb*, *noun + of*. Which of them mean something, the weights learn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from ascertain.read.incidents.candidates import Document, Span
from ascertain.read.incidents.words import Words

_EARLY = (1, 2, 3, 5, 8, 13)
_EMPTY_VERBS = ("be", "have")


def candidate_features(document: Document) -> list[frozenset[str]]:
    """The features of every candidate, in the order of the document's keys."""
    rows = []
    for key, places in zip(document.keys, document.places, strict=True):
        found = _own_words(document.words, key, places)
        for span in places:
            _around(document.words, span, found)
            _verbs(document.words, span, found)
        rows.append(frozenset(found))
    return rows


def step(value: int, steps: Sequence[int]) -> int:
    """How many of the steps a number reaches."""
    return bisect_right(steps, value)


def _own_words(words: Words, key: str, places: tuple[Span, ...]) -> set[str]:
    first, after = places[0]
    forms, tags, stems = words.words[first:after], words.tags[first:after], words.stems[first:after]
    names = sum(tag == "NNP" for tag in tags)
    found = {"w=" + stem for stem in stems}
    found |= {"s=" + key, "h=" + stems[-1], "h2=" + "_".join(stems[-2:]), "f=" + stems[0], "f2=" + "_".join(stems[:2])}
    found |= {f"len={min(after - first, 7)}", "ts=" + "".join(tag[:2] for tag in tags[:6]), "ft=" + tags[0]}
    found |= {"lt=" + tags[-1], "suf=" + forms[-1][-3:], f"unk={min(names, 4)}/{min(after - first, 5)}"}
    if names == after - first:
        found.add("names only")
    if "of" in forms:
        found |= {"of", "ofh=" + stems[max(0, forms.index("of") - 1)]}
    else:
        found.add("realh=" + stems[-1])
    if any(letter.isdigit() for letter in key):
        found.add("digit")
    found.add(f"n={step(len(places), (2, 3, 5, 8))}")
    found.add(f"first={step(words.sentence[first], _EARLY)}")
    found.add(f"dl={step(len(words.words), (100, 200, 400, 800))}")
    return found


def _around(words: Words, span: Span, found: set[str]) -> None:
    first, after = span
    low, high = words.bounds[words.sentence[first]], words.bounds[words.sentence[first] + 1]

    def at(column: Sequence[str], place: int) -> str:
        return column[place] if low <= place < high else "<s>"

    word, tags, stems = words.words, words.tags, words.stems
    before, behind = at(word, first - 1), at(word, after)
    found |= {"p1=" + before, "n1=" + behind, "pt=" + at(tags, first - 1), "nt=" + at(tags, after)}
    found.add(f"p2={at(stems, first - 2)}_{at(stems, first - 1)}")
    found.add(f"p3={at(stems, first - 3)}_{at(stems, first - 2)}_{at(stems, first - 1)}")
    found.add(f"n2={at(stems, after)}_{at(stems, after + 1)}")
    found.add(f"pt2={at(tags, first - 2)}{at(tags, first - 1)}")
    found.add(f"ht={tags[after - 1]}_{at(tags, after)}")
    for far in range(1, 6):
        found |= {"L=" + at(stems, first - far), "R=" + at(stems, after + far - 1)}
    found.add(f"si={step(words.sentence[first], (*_EARLY, 20))}")
    if first == low:
        found.add("begins")
    if '"' in (before, behind):
        found.add("quoted")
    if before == "(" and behind == ")":
        found.add("in brackets")
    if behind == "(":
        found.add("before brackets")
    if behind == ",":
        found.add("comma")


def _passive(words: Words, verb: int, low: int) -> str:
    return "P" if "be" in words.stems[max(low, verb - 3) : verb] else "A"


def _verbs(words: Words, span: Span, found: set[str]) -> None:
    """The nearest verbs on either side, with the preposition before the candidate and the voice."""
    first, after = span
    low, high = words.bounds[words.sentence[first]], words.bounds[words.sentence[first] + 1]
    tags, stems, head = words.tags, words.stems, words.stems[after - 1]
    preposition = ""
    for left in range(first - 1, low - 1, -1):
        if tags[left] in ("IN", "TO", "OF") and not preposition:
            preposition = words.words[left]
            found |= {"pr=" + preposition, f"np={stems[left - 1] if left > low else '<s>'}_{preposition}"}
        if tags[left].startswith("VB") and stems[left] not in _EMPTY_VERBS:
            pattern = stems[left] + preposition + _passive(words, left, low)
            found |= {"lv=" + stems[left], "lvp=" + pattern, "lvh=" + pattern + head}
            break
    for right in range(after, high):
        if tags[right].startswith("VB") and stems[right] not in _EMPTY_VERBS:
            pattern = stems[right] + _passive(words, right, after)
            found |= {"rv=" + stems[right], f"rvp={pattern}{min(right - after, 3)}", "rvh=" + pattern + head}
            break
