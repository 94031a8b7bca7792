"""A cell of a table as a toll: the number in it, and in its header what it counts."""

from __future__ import annotations

from typing import Final

from ascertain.model.claim import Span
from ascertain.read.lexicon import load_language
from ascertain.read.numbers import find_counts
from ascertain.read.tokens import tokenize
from ascertain.read.tolls.lexicon import toll_words
from ascertain.read.tolls.line import read_line
from ascertain.read.tolls.toll import Toll

_LONGEST_HEADER: Final = 8


def cell_toll(body: str, header: tuple[int, int], cell: tuple[int, int], language: str) -> Toll | None:
    """The toll of a cell (start, end in `body`) under a header ("Civilians killed", 12); nothing where it is none.

    The cell must be one number and nothing else, the header short and of one kind: a header that says both killed and
    injured in two words leaves open which it is. Raises FileNotFoundError for a language that has no words.
    """
    line = read_line(body, *header, toll_words(language), None)
    tokens = tokenize(body[cell[0] : cell[1]], cell[0])
    if line is None or len(line.kinds) != 1 or line.counts or len(line.tokens) > _LONGEST_HEADER:
        return None
    counts = find_counts(tokens, [False] * len(tokens), load_language(language).numbers)
    if len(counts) != 1 or (counts[0].first, counts[0].last) != (0, len(tokens)):
        return None
    kind, groups = line.kinds[0], [one for one in line.groups if one.first != line.kinds[0].first]
    start, end = tokens[0].start, tokens[-1].end
    return Toll(
        kind=kind.kind,
        count=counts[0].count,
        group=groups[0].names[0].value if groups else "",
        number_words=Span(start=start, end=end, text=body[start:end]),
        kind_words=line.span(kind.first, kind.last),
        group_words=line.span(groups[0].first, groups[0].last) if groups else None,
    )
