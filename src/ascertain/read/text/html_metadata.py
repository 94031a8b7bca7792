"""What a web page says about itself in its head: title, publisher, date, language."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from ascertain.read.text.passage import tidied

_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?!\d)")
_TITLE_METAS = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_PUBLISHER_METAS = ("og:site_name", "dc.publisher", "dcterms.publisher", "publisher", "author", "dc.creator")
_DATE_METAS = (
    *("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dcterms.date"),
    *("dcterms.issued", "dc.date.issued", "citation_publication_date", "publication_date", "pubdate", "publishdate"),
)
_MOST_JSON_CHARACTERS = 1_000_000
_MOST_JSON_NODES = 10_000


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page declares; None where it does not. `published` is an ISO date, `language` a code such as `fr`."""

    title: str | None
    publisher: str | None
    published: str | None
    language: str | None


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """The metadata of a whole page (call it before scripts are dropped). What makes no sense is ignored."""
    metas = _metas(tree)
    linked = list(_linked_data(tree))
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    return PageMetadata(
        title=_first(metas, _TITLE_METAS)
        or _said(linked, "headline")
        or _tag_text(tree, "h1")
        or _tag_text(tree, "title"),
        publisher=_first(metas, _PUBLISHER_METAS) or _said(linked, "publisher") or _said(linked, "author"),
        published=_published(tree, metas, linked),
        language=language or metas.get("content-language"),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        content = tidied(meta.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _tag_text(tree: HtmlElement, tag: str) -> str | None:
    element = next(tree.iter(tag), None)
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _published(tree: HtmlElement, metas: Mapping[str, str], linked: list[dict[str, Any]]) -> str | None:
    declared = [metas[name] for name in _DATE_METAS if name in metas]
    declared += [str(node["datePublished"]) for node in linked if "datePublished" in node]
    times = [time for time in tree.iter("time") if time.get("datetime")]
    marked = [time for time in times if time.get("pubdate") is not None or time.get("itemprop") == "datePublished"]
    declared += [time.get("datetime") or "" for time in (marked or times[:1])]
    return next((day for value in declared if (day := _day(value)) is not None), None)


def _day(value: str) -> str | None:
    """The ISO day at the head of `value`; other forms (03/04/2018) are not guessed."""
    found = _DAY.match(value)
    try:
        return datetime.date.fromisoformat(found.group(1)).isoformat() if found else None
    except ValueError:  # 2018-02-31: the page is wrong, and no date is better than a wrong one
        return None


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, outer ones first."""
    for script in tree.iter("script"):
        text = script.text or ""
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(text) > _MOST_JSON_CHARACTERS:
            continue
        try:
            nodes: list[Any] = [json.loads(text)]
        except (ValueError, RecursionError):  # broken or hostile JSON declares nothing
            continue
        for node in nodes[:1]:
            nodes.extend(node if isinstance(node, list) else [])
        at = 0
        while at < min(len(nodes), _MOST_JSON_NODES):
            if isinstance(nodes[at], dict):
                yield nodes[at]
                nodes.extend(nodes[at].get("@graph") if isinstance(nodes[at].get("@graph"), list) else [])
            at += 1


def _said(linked: list[dict[str, Any]], name: str) -> str | None:
    """The first text, or name of the first thing, that the page's JSON-LD gives for a property."""
    for node in linked:
        value = node.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return tidied(value)
    return None
