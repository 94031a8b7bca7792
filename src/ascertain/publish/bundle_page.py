"""The page of a bundle for people: what it holds and what it shows, self-contained, without script or network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from ascertain.publish.plain_words import date_words, machine_date, visible
from ascertain.publish.web_address import web_address

MOST_ACQUIRED = 20  # times that one exhibit was acquired
MOST_SHOWN = 1000  # exhibits on the page; all of them are in data/entries.jsonl


@dataclass(frozen=True, slots=True)
class Stamp:
    """A timestamp: what an authority saw (`the checkpoint`, `this exhibit`), and when (UTC)."""

    subject: str
    authority: str
    time: str


@dataclass
class ExhibitShown:
    """An exhibit as the carried entries tell of it. `path` is its file; `more` acquisitions are not shown."""

    exhibit: str
    size: int
    media_type: str
    path: str
    preserved: Mapping[str, str]
    acquired: list[Mapping[str, str]] = field(default_factory=list)
    more: int = 0
    derived: list[Mapping[str, str]] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BundlePage:
    """What the page tells: the facts of bundle.json, who signed, the exhibits, the timestamps of checkpoints."""

    summary: Mapping[str, Any]
    keys: Sequence[str]
    exhibits: Sequence[ExhibitShown]
    number: int
    stamps: Sequence[Stamp]


def to_html(page: BundlePage) -> str:
    """The page. All text of the record is untrusted and written as text; a policy forbids scripts and the network."""
    return _environment().get_template("bundle.html").render(page=page, summary=page.summary)


def read_me(page: BundlePage) -> str:
    """README.txt: how to verify, for who has only a terminal."""
    summary = page.summary
    key = page.keys[0] if page.keys else "LINE"
    signed = (
        f"The first {summary['size']} entries of the record were signed. {summary['entries']} of them are here."
        if page.keys
        else "Nothing here is signed: nothing shows whose record this is, nor that it was not made up later."
    )
    return f"""A bundle of the record {visible(summary["name"])}.
Made on {summary["created"][:10]} by {summary["software"]}.

{signed}
index.html shows what is here. The exhibits are in data/objects/, named by their SHA-256.

To verify, with Python 3.9 or newer and the package cryptography, and no network:

    python verify_bundle.py

Ask the record's keeper by another way (in person, by telephone) for the verifier key, compare it with

    {key}

and give it:

    python verify_bundle.py --key "{key}"

What it shows: these bytes and entries stood in that record when it was signed, and have not changed since.
A timestamp shows that something existed at a time. Nothing here shows that what is said is true.
Get verify_bundle.py from Ascertain itself if you do not trust who sent this: a forger can change it too.
"""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ascertain.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(date=date_words, machine_date=machine_date, web=web_address)
    return environment
