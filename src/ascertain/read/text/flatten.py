"""HTML nested deeper than a parser follows, made shallow without losing a word.

libxml2 stops reading at 2,048 open tags and drops the rest of the page in silence. Here tags are left out beyond a
depth, but hidden ones stay: their text must not come to light because its wrapping went.
"""

from __future__ import annotations

import re
from collections import Counter

DEEPEST = 200

# Each branch also ends at the end of the file, so that the pattern never tries twice and takes linear time.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<[!?][^>]*(?:>|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[^>\"'])*)(?:>|\Z)",
    re.DOTALL,
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_INLINE = frozenset({"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "small", "span", "strong", "sub", "u"})
_MAY_HIDE = re.compile(r"hidden|display|visibility|opacity|font-size", re.IGNORECASE)
_HIDING_NAMES = frozenset({"template", "svg", "math", "object", "select", "nav", "footer", "aside", "dialog"})


def flattened(markup: str) -> str:
    """`markup` with at most about 200 tags open at once. Text, hidden elements, scripts and meta tags stay.

    A block tag that goes leaves an `<hr>`, so that paragraphs do not run together. Takes linear time.
    """
    out: list[str] = []
    stack: list[tuple[str, bool]] = []  # name, and whether the tag was written out
    open_names: Counter[str] = Counter()
    kept = at = 0
    while (token := _TOKEN.search(markup, at)) is not None:
        if token.start() > at:
            out.append(markup[at : token.start()])
        at = token.end()
        name = (token["name"] or "").lower()
        if not name:
            continue
        if token["close"]:
            kept -= _close(name, stack, open_names, out)
        elif name in _VOID:
            out.append(token.group())
        elif name in _RAW:
            end = _end_of_raw(markup, name, at)
            out.append(token.group() + markup[at:end] + f"</{name}>")
            at = end
        else:
            kept += _open(token, name, kept, stack, out)
            open_names[name] += 1
    out.append(markup[at:])
    return "".join(out)


def _open(token: re.Match[str], name: str, kept: int, stack: list[tuple[str, bool]], out: list[str]) -> int:
    """Write an opening tag or the mark that it leaves; 1 if it was written."""
    hides = name in _HIDING_NAMES or _MAY_HIDE.search(token["attributes"]) is not None
    written = kept < DEEPEST or (hides and kept < 2 * DEEPEST)
    stack.append((name, written))
    if written:
        out.append(token.group())
    else:
        _mark(name, out)
    return int(written)


def _close(name: str, stack: list[tuple[str, bool]], open_names: Counter[str], out: list[str]) -> int:
    """Close tags up to the one named, if it is open; how many of them were written."""
    if not open_names[name]:
        return 0
    closed, last = 0, ""
    while last != name:
        last, written = stack.pop()
        open_names[last] -= 1
        closed += written
        if written:
            out.append(f"</{last}>")
        else:
            _mark(last, out)
    return closed


def _mark(name: str, out: list[str]) -> None:
    """Leave one `<hr>` where block tags went."""
    if name not in _INLINE and out[-1:] != ["<hr>"]:
        out.append("<hr>")


def _end_of_raw(markup: str, name: str, start: int) -> int:
    found = re.compile(rf"</{name}[^>]*(?:>|\Z)", re.IGNORECASE).search(markup, start)
    return found.end() if found else len(markup)
