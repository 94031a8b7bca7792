"""What a message says itself, and what it only quotes of an earlier one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ascertain.read.text.html_blocks import visible_blocks
from ascertain.read.text.html_tree import drop_unseen, parse_page
from ascertain.read.text.passage import META, PARAGRAPH, QUOTE, Piece, without_controls

_LINE_END = re.compile(r"\r\n?|\n")
_QUOTED = re.compile(r"\s{0,3}>")
_QUOTE_MARKS = re.compile(r"(?:\s?>)+\s?")
# What programs write over a quoted message: everything behind is that message.
_EARLIER = re.compile(
    r"\s*(?:-{2,}\s*(?:original message|forwarded message|message d'origine|message transféré|الرسالة الأصلية)\s*-{2,}"
    r"|_{20,})\s*$",
    re.IGNORECASE,
)
# "On 3 September 2018, X wrote:" and its like, over lines that begin with >.
_WROTE = re.compile(r".{0,200}(?:wrote|a écrit|schrieb|كتب|написал\w*|yazdı|نوشت)\s?:\s*$", re.IGNORECASE)
_SIGNATURE = re.compile(r"-- ?$")
_WRAPPED_AT_MOST = 120
_BULLET = re.compile(r"(?:[•◦▪●·*–—-]|\d{1,2}[.)])\s+\S")
_QUOTING_CLASSES = frozenset({"gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"})
_BEHIND = frozenset({"divRplyFwdMsg", "appendonsend"})  # Outlook: these and all that stands behind them


def plain_pieces(characters: str) -> Iterator[Piece]:
    """The paragraphs of a plain message: its own, those quoted (without their marks), and the signature as `meta`."""
    kind = PARAGRAPH
    lines = [line.rstrip() for line in _LINE_END.split(without_controls(characters)[0])]
    marked = []
    for at, line in enumerate(lines):
        if _EARLIER.match(line):
            kind = QUOTE
        elif kind == PARAGRAPH and _SIGNATURE.match(line):
            kind = META
        quoted = _QUOTED.match(line) is not None or _introduces(lines, at)
        marked.append((QUOTE if quoted else kind, _QUOTE_MARKS.sub("", line, count=1) if quoted else line))
    for kind_of, group in itertools.groupby(marked, key=lambda pair: pair[0]):
        for text in _paragraphs([line for _, line in group]):
            yield Piece(text, kind_of)


def _introduces(lines: list[str], at: int) -> bool:
    """Whether a line only says whose words the quoted lines behind it are."""
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return _WROTE.match(lines[at]) is not None and _QUOTED.match(following) is not None


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines between empty ones, joined; a list's items and lines that were never wrapped stand alone."""
    group: list[str] = []
    for line in [*(line.strip() for line in lines), ""]:
        if group and (not line or _BULLET.match(line) or max(map(len, group)) > _WRAPPED_AT_MOST):
            yield " ".join(group)
            group = []
        if line:
            group.append(line)


def html_pieces(data: bytes) -> Iterator[Piece]:
    """The blocks of an HTML message: its own first, then those that it quotes."""
    tree, _ = parse_page(data)
    drop_unseen(tree)
    quotes = [element for element in tree.iter("*") if element is not tree and _quotes(element)]
    quotes += [behind for element in quotes if element.get("id") in _BEHIND for behind in element.itersiblings("*")]
    inner = {descendant for quote in quotes for descendant in quote.iterdescendants()}
    outer = list(dict.fromkeys(quote for quote in quotes if quote not in inner))
    quoted = [piece for quote in outer for piece in visible_blocks(quote)]
    for quote in outer:
        quote.drop_tree()
    yield from visible_blocks(tree)
    yield from (Piece(piece.text, QUOTE) for piece in quoted)


def _quotes(element: HtmlElement) -> bool:
    cited = element.tag == "blockquote" and (element.get("type") or "").lower() == "cite"
    named = not _QUOTING_CLASSES.isdisjoint((element.get("class") or "").split())
    return cited or named or element.get("id") in _BEHIND
