"""From the order in which letters stand on a line, left to right, to the order in which they are read.

The inverse of Unicode's bidirectional algorithm (UAX 9) for one line, as far as letters, numbers and brackets need it:
it has no explicit marks to know of, since a page has none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

RIGHT_TO_LEFT, LEFT_TO_RIGHT, NUMBER, NEUTRAL = "R", "L", "N", "-"
_KINDS = {"R": RIGHT_TO_LEFT, "AL": RIGHT_TO_LEFT, "L": LEFT_TO_RIGHT, "EN": NUMBER, "AN": NUMBER}
_JOINS_NUMBERS = frozenset(".,:/٫٬")
_LEAST_SHARE = 0.25  # Arabic letters to a Latin one in a line of an Arabic page
_OPENING = {"(": ")", "[": "]", "{": "}", "«": "»", "<": ">"}


def kind_of(character: str) -> str:
    """Whether a character is written right to left, left to right, is a digit, or takes its direction from others."""
    return _KINDS.get(unicodedata.bidirectional(character), NEUTRAL)


def logical_order(visual: Sequence[str], page_runs_left: bool = False) -> tuple[list[int], list[str]]:
    """For characters from left to right: their places in reading order, and the characters, brackets put right.

    `page_runs_left` says that the text around is written from right to left: then so is a line with a long Latin name.
    """
    kinds = [kind_of(character) for character in visual]
    arabic, latin = kinds.count(RIGHT_TO_LEFT), kinds.count(LEFT_TO_RIGHT)
    if arabic <= (latin * _LEAST_SHARE if page_runs_left else latin):
        order = _in_a_latin_line(visual, kinds)
        return order, [visual[at] for at in order]
    runs = _latin_runs(visual, kinds)
    order = [at for begin, end in reversed(_with_rest(runs, len(visual))) for at in range(begin, end)]
    inside = {at for begin, end in runs for at in range(begin, end)}
    return order, _brackets([visual[at] for at in order], [at in inside for at in order])


def _latin_runs(visual: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """The stretches that are read left to right in a line that is not: Latin words, and numbers."""
    runs: list[tuple[int, int]] = []
    for at, kind in enumerate(kinds):
        if kind not in (LEFT_TO_RIGHT, NUMBER):
            continue
        if runs and _joined(visual, kinds, runs[-1], at):
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _joined(visual: Sequence[str], kinds: Sequence[str], run: tuple[int, int], at: int) -> bool:
    between = range(run[1], at)
    if any(kinds[one] == RIGHT_TO_LEFT for one in between):
        return False
    if LEFT_TO_RIGHT in (kinds[run[1] - 1], kinds[at]):
        return True
    return not between or (len(between) == 1 and visual[between[0]] in _JOINS_NUMBERS)


def _with_rest(runs: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """`runs` and, one by one, the characters between them."""
    whole, at = [], 0
    for begin, end in [*runs, (length, length)]:
        whole += [(one, one + 1) for one in range(at, begin)]
        if begin < end:
            whole.append((begin, end))
        at = end
    return whole


def _in_a_latin_line(visual: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """The order of a line that is read left to right, with what is written right to left turned."""
    order: list[int] = []
    at = 0
    while at < len(visual):
        end = _arabic_end(kinds, at)
        if end == at:
            order.append(at)
            at += 1
            continue
        runs = _latin_runs(visual[at:end], kinds[at:end])
        pieces = reversed(_with_rest(runs, end - at))
        order += [at + one for begin, after in pieces for one in range(begin, after)]
        at = end
    return order


def _arabic_end(kinds: Sequence[str], at: int) -> int:
    """Where a stretch from right to left ends that begins at `at`; `at` itself when none begins there."""
    if kinds[at] != RIGHT_TO_LEFT:
        return at
    end = at + 1
    for one in range(at + 1, len(kinds)):
        if kinds[one] == LEFT_TO_RIGHT:
            break
        if kinds[one] == RIGHT_TO_LEFT:
            end = one + 1
    return end


def _brackets(characters: list[str], inside: Sequence[bool]) -> list[str]:
    """The characters with brackets that open before words and close behind them: a page shows only shapes, which turn.

    Those `inside` a stretch from left to right are as they are; one between two words or two spaces opens, closes,
    opens in turn.
    """
    for opening, closing in _OPENING.items():
        is_open = False
        for at, character in enumerate(characters):
            if inside[at] or character not in (opening, closing):
                continue
            told = _opens(characters, at)
            is_open = not is_open if told is None else told
            characters[at] = opening if is_open else closing
    return characters


def _opens(characters: Sequence[str], at: int) -> bool | None:
    """Whether a bracket opens, by what stands beside it; None when that does not tell."""
    word_before = at > 0 and _is_word(characters[at - 1])
    word_behind = at + 1 < len(characters) and _is_word(characters[at + 1])
    return word_behind if word_before != word_behind else None


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.combining(character) > 0
