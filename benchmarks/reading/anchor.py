"""Are quotes found again when their text has changed, and never in the wrong place?

Spans are drawn from the public documents of re3d (the folder `re3d` of `--data`) and the statements in examples/:
marked names, which are said again and again, and runs of 1 to 30 words. Each text is then changed character by
character, so that it is known where every span went, or that it is gone. A span counts as *wrong* when it is anchored
anywhere but there, give or take the marks at its edges; one whose words are gone is wrong wherever it is anchored.

Three kinds of selector: ours (`select`, without its position), 32 characters on each side as other tools write them,
and the quote alone. The alignment of langextract is measured beside them where it is installed: it takes the quotes of
a text in their order, without surroundings. Everything is drawn from fixed seeds.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ascertain.read.anchor import Anchored, IndexedText, Selector, TextQuote, anchor, index_text, select

SEED, SPANS_A_TEXT, CONTEXT = 20261124, 24, 32
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "statements"
Pieces = list[str]  # what stands in a changed text for each character of the text; "" for one that is gone
Change = Callable[[str, random.Random], Pieces]
Span = tuple[int, int]
PUT_IN, OTHER = "\1", "\0"  # after text that is new, before a word that is another
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the spans drawn from it."""

    body: str
    spans: tuple[Span, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing but how many spans are drawn, and from which seed."""
    parser.add_argument("--spans", type=int, default=SPANS_A_TEXT, help="spans a text")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--apart", action="store_true", help="no two spans of a text overlap")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The share of spans that are anchored rightly, and the number of wrong ones, by change and kind of selector."""
    sources = draw(texts(getattr(args, "data", None)), args.spans, args.seed, apart=args.apart)
    changes: dict[str, Any] = {}
    for name, change in CHANGES.items():
        drawn = random.Random(f"{args.seed} {name}")
        changed = [(source, change(source.body, drawn)) for source in sources]
        changes[name] = {kind: measure(find, changed) for kind, find in finders().items()}
    spans = sum(len(source.spans) for source in sources)
    return {
        "texts": len(sources), "spans": spans, "changes": changes, "speed": speed([source.body for source in sources])
    }  # fmt: skip


def show(figures: dict[str, Any]) -> str:
    """The figures as a Markdown table: anchored rightly, of those still there / wrong."""
    kinds = list(next(iter(figures["changes"].values())))
    lines = [f"| change | gone | {' | '.join(kinds)} |", f"| --- | --- | {' | '.join('---' for _ in kinds)} |"]
    for change, found in figures["changes"].items():
        cells = [f"{found[k]['right']:.1%} / {found[k]['wrong']}" for k in kinds]
        lines.append(f"| {change} | {found[kinds[0]]['gone']} | {' | '.join(cells)} |")
    speeds = figures["speed"]
    lines.append(f"\n{figures['spans']:,} spans of {figures['texts']} texts; right of those still there / wrong.")
    lines.append(
        f"{speeds['quotes']:,} quotes in {speeds['megabytes']:.1f} MB: {speeds['index_seconds']:.1f} s to index, "
        f"{speeds['anchor_seconds']:.1f} s to anchor."
    )
    return "\n".join(lines)


def texts(data: Path | None) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Texts with the places of their marked names."""
    for path in sorted(EXAMPLES.glob("*.txt")):
        yield path.read_text("utf-8"), ()
    for folder in sorted(p.parent for p in (data / "re3d").rglob("documents.json")) if data else []:
        names: dict[str, list[Span]] = {}
        for row in _rows(folder / "entities.json"):
            names.setdefault(row["documentId"], []).append((row["begin"], row["end"]))
        for row in sorted(_rows(folder / "documents.json"), key=lambda row: row["_id"]):
            yield row["text"], tuple(sorted(set(names.get(row["_id"], []))))


def draw(found: Iterator[tuple[str, tuple[Span, ...]]], number: int, seed: int, *, apart: bool = False) -> list[Source]:
    """From each text half as many names as spans, and runs of words for the rest, in the order of the text."""
    sources, drawn = [], random.Random(seed)
    for body, names in found:
        words = _words(body)
        spans = set(drawn.sample(names, min(len(names), number // 2)))
        for _ in range(number * 4):
            if len(spans) >= number or not words:
                break
            first = drawn.randrange(len(words))
            last = min(first + drawn.choice((0, 1, 2, 4, 8, 14, 29)), len(words) - 1)
            spans.add((words[first][0], words[last][1]))
        told = sorted(s for s in spans if body[slice(*s)].strip() and any(c.isalnum() for c in body[slice(*s)]))
        if apart:
            told = [s for n, s in enumerate(told) if all(s[0] >= end for _, end in told[:n])]
        sources.append(Source(body, tuple(told)))
    return sources


# --- changes


def even(replace: Callable[[str, int, random.Random], str]) -> Change:
    """A change that looks at each character with its place."""

    def change(body: str, drawn: random.Random) -> Pieces:
        return [replace(body, at, drawn) for at in range(len(body))]

    return change


def _white_space(body: str, at: int, drawn: random.Random) -> str:
    if body[at] != " ":
        return body[at]
    return drawn.choice((" ", "  ", "\n", "\u00a0", " \r\n", "\t", "\u2009")) if drawn.random() < 0.4 else " "


def _quotes(body: str, at: int, drawn: random.Random) -> str:
    if body[at] in "'’‘":
        return drawn.choice("'’‘`´")
    return drawn.choice('"“”„«»') if body[at] in '"“”' else body[at]


def _dashes(body: str, at: int, drawn: random.Random) -> str:
    if body[at] not in "-–—":
        return body[at]
    inside = 0 < at < len(body) - 1 and body[at - 1].isalnum() and body[at + 1].isalnum()
    return drawn.choice("-‐‑–−") if inside else drawn.choice("-–—―")


def _ligatures(body: str, at: int, drawn: random.Random) -> str:
    if body[at] == "f" and body[at + 1 : at + 2] in ("i", "l"):
        return {"i": "ﬁ", "l": "ﬂ"}[body[at + 1]]
    return "" if at and body[at - 1] == "f" and body[at] in "il" else body[at]


def _accents(body: str, at: int, drawn: random.Random) -> str:
    accented = body[at] in "aeiouAEIOU" and drawn.random() < 0.15
    return unicodedata.normalize("NFC", body[at] + drawn.choice("\u0301\u0302\u0308")) if accented else body[at]


def _soft_hyphens(body: str, at: int, drawn: random.Random) -> str:
    return ("\u00ad" if _inside(body, at) and drawn.random() < 0.15 else "") + body[at]


def _line_hyphens(body: str, at: int, drawn: random.Random) -> str:
    return ("-\n" if _inside(body, at) and drawn.random() < 0.03 else "") + body[at]


def _capitals(body: str, drawn: random.Random) -> Pieces:
    """Whole lines in capitals, as headings are."""
    return [c for line in body.splitlines(keepends=True) for c in (line.upper() if drawn.random() < 0.3 else line)]


def _slips(share: float) -> Change:
    """This share of the letters and digits replaced, left out or doubled."""

    def slip(body: str, at: int, drawn: random.Random) -> str:
        if not body[at].isalnum() or drawn.random() >= share:
            return body[at]
        other = drawn.choice("0123456789") if body[at].isdigit() else drawn.choice(_LETTERS)
        return drawn.choice((other, "", body[at] * 2))

    return even(slip)


def _more_paragraphs(body: str, drawn: random.Random) -> Pieces:
    """New paragraphs made of this text's own sentences, before a third of its paragraphs.

    Not of those next to the place, nor two that follow one another: that would write the same passage again, and
    either would be right.
    """
    pieces, lines, at = list(body), body.splitlines(keepends=True), 0
    for number, line in enumerate(lines):
        far = lines[: max(0, number - 3)] + lines[number + 3 :]
        said = [s.strip() for other in far for s in other.split(". ") if s.strip()]
        if said and line.strip() and drawn.random() < 0.34:
            chosen = drawn.sample(range(len(said)), min(3, len(said)))
            apart = [n for i, n in enumerate(chosen) if i == 0 or n != chosen[i - 1] + 1]
            pieces[at] = f"{'. '.join(said[n] for n in apart)}.\n\n{PUT_IN}{pieces[at]}"
        at += len(line)
    return pieces


def _fewer_paragraphs(body: str, drawn: random.Random) -> Pieces:
    """A quarter of the lines gone."""
    lines = body.splitlines(keepends=True)
    return [c for line in lines for gone in (drawn.random() < 0.25,) for c in (("",) * len(line) if gone else line)]


def _other_words(body: str, drawn: random.Random) -> Pieces:
    """One word in twelve replaced by another of the text: what a correction, or another number, does."""
    pieces, words = list(body), _words(body)
    for start, end in words:
        if drawn.random() < 1 / 12:
            other = body[slice(*drawn.choice(words))]
            if _letters(other) != _letters(body[start:end]) != "":
                pieces[start:end] = [OTHER + other, *[""] * (end - start - 1)]
    return pieces


def _all_at_once(body: str, drawn: random.Random) -> Pieces:
    pieces = list(body)
    for change in (_white_space, _quotes, _dashes, _soft_hyphens, _accents):
        pieces = [
            change(body, at, drawn) if pieces[at] == body[at] else pieces[at] for at in range(len(body))
        ]  # fmt: skip
    return pieces


CHANGES: dict[str, Change] = {
    "none": lambda body, drawn: list(body),
    "white space": even(_white_space),
    "quotation marks": even(_quotes),
    "dashes": even(_dashes),
    "ligatures": even(_ligatures),
    "accents": even(_accents),
    "soft hyphens": even(_soft_hyphens),
    "hyphens at line ends": even(_line_hyphens),
    "lines in capitals": _capitals,
    "all of these but the last two": _all_at_once,
    "slips, 0.5 % of letters": _slips(0.005),
    "slips, 2 % of letters": _slips(0.02),
    "paragraphs put in, of its own sentences": _more_paragraphs,
    "paragraphs taken out": _fewer_paragraphs,
    "words replaced": _other_words,
}


# --- measuring

Find = Callable[[Source, str], list[Span | None]]


def finders() -> dict[str, Find]:
    """What is measured, by name."""
    found: dict[str, Find] = {
        "ours": _with(lambda text, start, end: replace(select(text, start, end), position=None)),
        "32 characters": _with(lambda text, start, end: Selector(_plain(text.body, start, end))),
        "quote alone": _with(lambda text, start, end: Selector(TextQuote(text.body[start:end]))),
    }
    try:
        from langextract.core.data import Extraction
        from langextract.resolver import Resolver
    except ImportError:
        return found

    def langextract(source: Source, changed: str) -> list[Span | None]:
        wanted = [Extraction("span", source.body[start:end]) for start, end in source.spans]
        if not wanted or not changed.strip():  # it refuses both
            return [None for _ in wanted]
        aligned = Resolver().align(wanted, changed, 0, 0)
        places = {id(one): one.char_interval for one in aligned}
        intervals = (places.get(id(one)) for one in wanted)
        return [None if i is None or i.start_pos is None else (i.start_pos, i.end_pos) for i in intervals]

    return {**found, "langextract": langextract}


def measure(find: Find, changed: Sequence[tuple[Source, Pieces]]) -> dict[str, Any]:
    """The share of spans still there that are found, the wrong ones, those that are gone."""
    told: Counter[str] = Counter()
    for source, pieces in changed:
        text = _written(pieces)
        for span, found in zip(source.spans, find(source, text), strict=True):
            truth = _truth(span, pieces)
            told["gone" if truth is None else "there"] += 1
            if found is not None:
                right = truth is not None and _trimmed(text, found) == _trimmed(text, truth)
                told["right" if right else "wrong"] += 1
    return {"right": told["right"] / max(1, told["there"]), "wrong": told["wrong"], "gone": told["gone"]}


def speed(bodies: Sequence[str], megabytes: float = 5, quotes: int = 10_000) -> dict[str, Any]:
    """How long it takes to find many quotes in one long text of shuffled words."""
    drawn = random.Random(SEED)
    words = [word for body in bodies for word in body.split()]
    body = ""
    while len(body) < megabytes * 1_000_000:
        body += " ".join(drawn.choice(words) for _ in range(10_000)) + " "
    text = index_text(body)
    starts = [drawn.randrange(len(body) - 400) for _ in range(quotes)]
    spans = [(text.word_start(s), text.word_end(s + drawn.randrange(4, 200))) for s in starts]
    selectors = [Selector(select(text, start, end).quote) for start, end in spans]
    begun = time.perf_counter()
    changed = index_text(body.replace(" the ", "  the\n"))
    changed.apart  # noqa: B018
    indexed = time.perf_counter()
    for selector in selectors:
        anchor(selector, changed)
    ended = time.perf_counter()
    return {
        "megabytes": len(body) / 1e6, "quotes": quotes,
        "index_seconds": indexed - begun, "anchor_seconds": ended - indexed,
    }  # fmt: skip


def _with(make: Callable[[IndexedText, int, int], Selector]) -> Find:
    def find(source: Source, changed: str) -> list[Span | None]:
        text, target = index_text(source.body), index_text(changed)
        outcomes = (anchor(make(text, start, end), target) for start, end in source.spans)
        return [(one.start, one.end) if isinstance(one, Anchored) else None for one in outcomes]

    return find


def _plain(body: str, start: int, end: int) -> TextQuote:
    return TextQuote(body[start:end], body[max(0, start - CONTEXT) : start], body[end : end + CONTEXT])


def _truth(span: Span, pieces: Pieces) -> Span | None:
    """Where a span went; None when none of it is left, or a word of it is another."""
    start, end = span
    inside = pieces[start:end]
    if any(OTHER in piece for piece in inside) or any(PUT_IN in piece for piece in inside[1:]):
        return None
    before, _, first = inside[0].rpartition(PUT_IN)
    length = len(first) + sum(map(len, inside[1:]))
    begin = len(_written(pieces[:start])) + len(before)
    return (begin, begin + length) if length else None


def _written(pieces: Pieces) -> str:
    """The changed text."""
    return "".join(pieces).replace(OTHER, "").replace(PUT_IN, "")


def _trimmed(text: str, span: Span) -> Span:
    """A span without what is no letter or digit at its edges."""
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _inside(body: str, at: int) -> bool:
    return at > 1 and body[at - 2 : at + 2].isalpha() and len(body[at - 2 : at + 2]) == 4


def _words(body: str) -> list[Span]:
    words, start = [], -1
    for at, character in enumerate(body + " "):
        if character.isspace() and start >= 0:
            words.append((start, at))
            start = -1
        elif not character.isspace() and start < 0:
            start = at
    return words


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
