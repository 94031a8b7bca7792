"""A web page as a tree, without what a visitor does not see and without the page's furniture."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ascertain.errors import UnreadableExhibit
from ascertain.read.text.encoding import decode
from ascertain.read.text.flatten import flattened
from ascertain.read.text.passage import without_controls

_DECLARED = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN_TAGS = (
    *("script", "style", "template", "noscript", "head", "iframe", "object", "embed", "svg", "math", "canvas", "audio"),
    *("video", "select", "datalist", "textarea", "button", "input", "noframes", "map", "rp"),
)
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0+)?[a-z%]*\s*(?:;|!|$)",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "menu", "dialog"})
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"})
_FURNITURE_NAMES = frozenset(
    {
        *("nav", "navbar", "navigation", "menu", "main-menu", "breadcrumb", "breadcrumbs", "skip-link", "skip-links"),
        *("footer", "site-footer", "site-header", "sidebar", "share", "sharing", "share-buttons", "social"),
        *("social-share", "social-links", "cookie", "cookies", "cookie-banner", "related", "related-posts"),
        *("newsletter", "pagination", "comments", "advertisement", "ads", "fil-ariane", "partage"),
    }
)
_CONTENT_TAGS = ("main", "article", "h1")


def parse_page(data: bytes) -> tuple[HtmlElement, tuple[str, ...]]:
    """The page's tree and notes on how its characters were read.

    A page nested too deeply for the parser is flattened first. Raises UnreadableExhibit when nothing is left to parse.
    """
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    decoded = decode(data, declared.group(1).decode("ascii") if declared else None)
    markup = _XML_DECLARATION.sub("", without_controls(decoded.characters)[0])
    tree, complete = _parsed(markup)
    if complete:
        return tree, decoded.notes
    tree, complete = _parsed(flattened(markup))
    if not complete:
        raise UnreadableExhibit("the page is too broken to be read whole", next_step="save it as PDF or text instead")
    return tree, (*decoded.notes, "the page is nested so deeply that its tags were simplified")


def _parsed(markup: str) -> tuple[HtmlElement, bool]:
    """The tree, and whether the parser reached the end of the page."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(markup.encode("utf-8"), parser=parser, ensure_head_body=True)
    except etree.ParserError as error:
        raise UnreadableExhibit("the page holds no text", next_step="check that it was saved completely") from error
    return tree, all(entry.type_name != "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def drop_unseen(tree: HtmlElement) -> None:
    """Remove, in place, scripts, styles, templates, form fields and elements that the page hides."""
    _drop([element for element in tree.iter(etree.Element) if element is not tree and _is_unseen(element)])


def drop_furniture(tree: HtmlElement) -> None:
    """Remove, in place, menus, footers, side columns and share buttons; never what holds the page's main heading."""
    holders = {element for content in tree.iter(*_CONTENT_TAGS) for element in (content, *content.iterancestors())}
    _drop([element for element in tree.iter(etree.Element) if element not in holders and _is_furniture(element)])


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_unseen(element: HtmlElement) -> bool:
    if element.tag in _UNSEEN_TAGS or element.get("hidden") is not None:
        return True
    hidden_for_readers = (element.get("aria-hidden") or "").strip().lower() == "true"
    return hidden_for_readers or _HIDING_STYLE.search(element.get("style") or "") is not None


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in _FURNITURE_TAGS or (element.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return element.tag != "body" and not _FURNITURE_NAMES.isdisjoint(names)
