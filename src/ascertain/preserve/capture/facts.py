"""The facts of a capture as plain data, for the archive's metadata record and the record's own object.

Numbers are whole and times are text, so that the canonical JSON of the same facts is the same everywhere.
"""

from __future__ import annotations

import datetime
import hashlib
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.gateway import Gateway
from ascertain.preserve.capture.judging import unclaimed
from ascertain.preserve.capture.limits import Limits
from ascertain.preserve.capture.origin import TlsFacts
from ascertain.preserve.capture.problem import Problem
from ascertain.preserve.capture.robots import Robots
from ascertain.preserve.capture.seen import Seen
from ascertain.preserve.warc.writing import warc_date
from ascertain.version import VERSION

FORMAT = "ascertain-capture-1"
SOFTWARE = f"ascertain {VERSION}"
_MOST_LISTED = 1000


def network_facts(gateway: Gateway) -> dict[str, Any]:
    """Which hosts were asked, at which addresses, with which certificates; how much came."""
    exchanges = gateway.exchanges
    return {
        "hosts": {host: {"addresses": found} for host, found in gateway.resolver.known().items()},
        "certificates": _certificates(exchanges, gateway),
        "exchanges": len(exchanges),
        "bytes": gateway.budget.received,
        "unpacked_bytes": gateway.budget.unpacked,
    }


def _certificates(exchanges: Iterable[Exchange], gateway: Gateway) -> dict[str, Any]:
    """TLS by host: the first connection to each, and those that were refused for their certificate."""
    found: dict[str, TlsFacts] = {}
    for exchange in sorted(exchanges, key=lambda one: one.number):
        if exchange.tls is not None:
            found.setdefault(exchange.host, exchange.tls)
    shown = {host: asdict(tls) for host, tls in found.items()}
    return dict(sorted({**{place: asdict(tls) for place, tls in gateway.certificates.items()}, **shown}.items()))


def steps(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The way from the address that was asked for to the one that answered, by our own asking."""
    return [{"url": one.url, "status": one.status, "media_type": one.media_type} for one in exchanges]


def navigation_steps(seen: Seen) -> list[dict[str, Any]]:
    """The way of the browser's main frame."""
    return [{"url": one.url, "status": one.status} for one in seen.navigations]


def robots_facts(robots: Robots | None) -> dict[str, Any] | None:
    """What robots.txt said."""
    return asdict(robots) if robots is not None else None


def limit_facts(limits: Limits) -> dict[str, Any]:
    """The limits that held, in whole numbers."""
    return {name: int(value) for name, value in asdict(limits).items()}


def problem_facts(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Problems, in their order, without doubles."""
    return [asdict(problem) for problem in dict.fromkeys(problems)]


def browser_facts(seen: Seen) -> dict[str, Any]:
    """Which browser it was, and how it ran."""
    return {
        "product": seen.product,
        "user_agent": seen.user_agent,
        "sandbox": seen.sandbox,
        "javascript": True,
        "service_workers": False,
        "webrtc": False,
        "http": "1.1, through the recording proxy",
        "system": platform.system(),
    }


def page_facts(seen: Seen, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """What was seen of a page."""
    shot = seen.screenshot
    return {
        "url": seen.url,
        "title": seen.title,
        "idle": seen.idle,
        "text": {
            "sha256": hashlib.sha256(page_text(seen)).hexdigest(),
            "characters": len(seen.text),
            "whole": len(seen.text) == seen.text_characters,
        },
        "screenshot": None
        if shot is None
        else {
            "sha256": hashlib.sha256(shot.png).hexdigest(),
            "width": shot.width,
            "height": shot.height,
            "page_height": shot.full_height,
        },
        "links": [{"url": link.url, "text": link.text} for link in seen.links],
        "link_count": seen.link_count,
        "asked": len(seen.asked),
        "answered": sum(1 for one in seen.asked if one.status),
        "beside_the_browser": unclaimed(seen.asked, exchanges)[:_MOST_LISTED],
    }


def page_text(seen: Seen) -> bytes:
    """The extracted text as bytes."""
    return seen.text.encode("utf-8", "replace")


def stamp(moment: datetime.datetime) -> str:
    """A time as the facts have it."""
    return warc_date(moment)
