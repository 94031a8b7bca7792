"""Asks for an address without a browser: for files, for robots.txt, and to learn first what an address serves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.gateway import Gateway, Request
from ascertain.preserve.capture.guard import clean_address, target_of
from ascertain.preserve.capture.http1 import Headers
from ascertain.preserve.capture.problem import Code, Problem, Refused
from ascertain.preserve.capture.robots import MOST_BYTES, Robots, judge_robots, robots_address

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_ROBOTS_REDIRECTS = 5
PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))


@dataclass(frozen=True, slots=True)
class Way:
    """The exchanges from an address to where it leads; `problem` says why there was no last answer."""

    exchanges: list[Exchange]
    problem: Problem | None

    @property
    def last(self) -> Exchange | None:
        """The last answer, when the way came to one."""
        return self.exchanges[-1] if self.exchanges and self.problem is None else None


def follow(gateway: Gateway, address: str, headers: Headers, *, method: str = "GET", keep: bool = True) -> Way:
    """Ask for an address, and for where it redirects to, each step past the guard. Raises nothing: see `problem`.

    A page is left after its head: pages are the browser's. keep: whether the exchanges belong to the archive.
    """
    exchanges: list[Exchange] = []
    seen: set[str] = set()
    try:
        while True:
            if address in seen:
                raise Refused(Code.REDIRECT_LOOP, "the redirects go round in a circle", address)
            if len(exchanges) > gateway.budget.limits.redirects:
                raise Refused(Code.LIMIT_REDIRECTS, f"more than {gateway.budget.limits.redirects} redirects", address)
            seen.add(address)
            exchange = _ask(gateway, address, headers, method=method, keep=keep)
            if exchange.head is None:
                return Way(exchanges, exchange.problem)
            exchanges.append(exchange)
            location = http1.header(exchange.headers, "location")
            if exchange.status not in _REDIRECTS or not location:
                return Way(exchanges, None)
            address = _next(address, location)
    except Refused as error:
        problem = error.about(address)
        gateway.note(problem)
        return Way(exchanges, problem)


def ask_robots(gateway: Gateway, address: str, agent: str) -> Robots:
    """What the site's robots.txt says of an address. Its exchanges belong to the archive."""
    url = robots_address(address)
    way = follow(gateway, url, [("User-Agent", agent), ("Accept", "text/plain,*/*;q=0.5")])
    if way.last is None or len(way.exchanges) > _MOST_ROBOTS_REDIRECTS + 1:
        return judge_robots(url, 0, b"", address)
    return judge_robots(url, way.last.status, b"".join(way.last.content(MOST_BYTES)), address)


def is_file(exchange: Exchange) -> bool:
    """Whether an answer is a file and no page: it is well, and says that it is of another type."""
    return 200 <= exchange.status < 300 and bool(exchange.media_type) and exchange.media_type not in PAGE_TYPES


def keep_content(exchange: Exchange, path: Path, most: int) -> int:
    """Write the unpacked body to a file; returns its size in bytes."""
    size = 0
    with path.open("wb") as out:
        for piece in exchange.content(most):
            out.write(piece)
            size += len(piece)
    return size


def file_name(exchange: Exchange) -> str:
    """A name for what was served: the address's own last part, shortened, and never a path."""
    last = urlsplit(exchange.url).path.rstrip("/").rpartition("/")[2]
    clean = "".join(c for c in last if c.isalnum() or c in "._-%~+")[-100:].lstrip(".")
    return clean or "served"


def _ask(gateway: Gateway, address: str, headers: Headers, *, method: str, keep: bool) -> Exchange:
    place = target_of(gateway.guard, address)
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    stop = None
    if method == "GET":
        stop = _is_page
    return gateway.exchange(Request(method, place, path, headers), keep=keep, stop=stop)


def _is_page(head: http1.ResponseHead) -> bool:
    media_type = http1.header(head.headers, "content-type").split(";")[0].strip().lower()
    return 200 <= head.status < 300 and media_type in PAGE_TYPES


def _next(address: str, location: str) -> str:
    """Where a redirect leads. Raises Refused."""
    try:
        joined = urljoin(address, location)
    except ValueError as error:
        raise Refused(Code.BAD_ADDRESS, "the redirect leads to what is no address") from error
    try:
        return clean_address(joined)
    except Refused as error:
        raise Refused(Code(error.problem.code), f"a redirect: {error.problem.reason}", joined[:500]) from error
