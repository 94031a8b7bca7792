"""One capture from an address to an archive: asks, visits, judges, packs. What went wrong is in the result, by code."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ascertain.preserve.capture import facts
from ascertain.preserve.capture.archiving import Resource, write_warc
from ascertain.preserve.capture.authority import Authority
from ascertain.preserve.capture.browser import Visit, find_browser, visit
from ascertain.preserve.capture.direct import PAGE_TYPES, Way, ask_robots, file_name, follow, is_file, keep_content
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.gateway import Gateway
from ascertain.preserve.capture.guard import clean_address
from ascertain.preserve.capture.judging import compare, judge_answer, judge_page, main_exchange
from ascertain.preserve.capture.limits import Budget
from ascertain.preserve.capture.media import fetch_media
from ascertain.preserve.capture.policy import Policy
from ascertain.preserve.capture.problem import Code, Problem, Refused
from ascertain.preserve.capture.proxy import Proxy
from ascertain.preserve.capture.robots import Robots
from ascertain.preserve.capture.seen import Seen
from ascertain.preserve.plainly import plainly
from ascertain.preserve.warc.packing import Described, Page, pack

_ASTRAY = frozenset((Code.BAD_ADDRESS, Code.REFUSED_SCHEME, Code.REFUSED_PORT, Code.REFUSED_ADDRESS, Code.NO_SUCH_HOST))
_LONGEST_SHOWN = 8192
# There is nobody to ask again; a server may well be silent to HEAD alone.
_NOBODY = _ASTRAY | {Code.UNREACHABLE, Code.TLS_FAILED, Code.BAD_CERTIFICATE, Code.LIMIT_SECONDS}
Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a capture gave besides the archive: `method` says what (screenshot, text, file, metadata)."""

    method: str
    name: str
    path: Path


@dataclass
class Captured:
    """What came of one address. Without failures it is a capture; with some, it is evidence of the attempt."""

    asked: str
    method: str = ""
    url: str = ""
    title: str = ""
    wacz: Path | None = None
    parts: list[Part] = field(default_factory=list)
    failures: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether this is a capture."""
        return not self.failures


def capture(address: str, policy: Policy, folder: Path, now: Clock) -> Captured:
    """Capture an address into `folder`, which is empty and the caller's to remove.

    Never raises for what a site or its network does: see `failures`. Raises OSError (a full disk).
    """
    began = now()
    result = Captured(plainly(address)[:_LONGEST_SHOWN])
    try:
        result.asked = clean_address(address)
    except Refused as error:
        result.failures.append(error.about(result.asked))
        result.facts = {"format": facts.FORMAT, "asked": result.asked, "outcome": "failed"}
        return result
    spool = folder / "spool"
    spool.mkdir()
    gateway = Gateway(policy.guard, policy.trust, Budget(policy.limits), spool, now, policy.lookup)
    attempt = _Attempt(result, policy, gateway, folder, now, began)
    attempt.make()
    attempt.pack()
    return result


@dataclass
class _Attempt:
    """The steps of one capture, which share what they found."""

    result: Captured
    policy: Policy
    gateway: Gateway
    folder: Path
    now: Clock
    began: datetime.datetime
    robots: Robots | None = None
    first: Way | None = None
    seen: Seen | None = None
    main: Exchange | None = None

    def make(self) -> None:
        """Ask first, then take the way that fits what is served."""
        try:
            self._make()
        except Refused as error:
            self.result.failures.append(error.about(self.result.asked))

    def _make(self) -> None:
        asked, headers = self.result.asked, [("User-Agent", self.policy.agent), ("Accept", "*/*")]
        self.first = follow(self.gateway, asked, headers, method="HEAD", keep=False)
        if self.first.problem is not None and not self.first.exchanges and self.first.problem.code in _NOBODY:
            self.result.failures.append(self.first.problem)
            return
        self.robots = ask_robots(self.gateway, asked, self.policy.agent)
        if self.robots.disallowed and self.policy.obey_robots:
            raise Refused(Code.ROBOTS_DISALLOWED, f"robots.txt says no ({self.robots.rule})", asked)
        if self._leads_astray():
            return
        if self.policy.media:
            self._media()
        elif not (self.first.last is not None and is_file(self.first.last) and self._file()):
            self._page()

    def _leads_astray(self) -> bool:
        """Whether a redirect leads to where we do not go, when asked in earnest as well; then that is the failure."""
        if self.first is None or self.first.problem is None or self.first.problem.code not in _ASTRAY:
            return False
        again = follow(self.gateway, self.result.asked, [("User-Agent", self.policy.agent), ("Accept", "*/*")])
        if again.problem is None or again.problem.code not in _ASTRAY:
            return False
        self.result.failures.append(again.problem)
        return True

    def _page(self) -> None:
        """By the browser; an address that turns out to serve a file is fetched after all."""
        self.result.method = "browser"
        executable = find_browser(self.policy.browser)
        authority = Authority(self.folder, self.now())
        # A short path: the browser puts a socket there, and the name of one may have 107 bytes.
        with Proxy(self.gateway, authority) as proxy, TemporaryDirectory(prefix="capture-") as profile:
            limits = replace(self.policy.limits, seconds=self.gateway.budget.seconds_left())
            agent, answer = self.policy.agent, str(self.folder)
            asked = Visit(self.result.asked, executable, proxy.port, authority.pin, agent, profile, answer, limits)
            seen = visit(asked)
        self.seen = seen
        if seen.kind == "file" and self._file():
            return
        self.main = main_exchange(seen, self.gateway.exchanges)
        failures = judge_page(seen, self.main, self.result.asked, self.gateway.problems)
        missing = compare(seen.asked, self.gateway.exchanges)
        self.result.failures += failures + [one for one in missing if one.code == Code.MAIN_NOT_RECORDED]
        self.result.notes += seen.problems + missing
        self.result.url, self.result.title = seen.url, seen.title
        if seen.screenshot is not None:
            self._part("screenshot", "screenshot.png", seen.screenshot.png)
        if seen.text:
            self._part("text", "text.txt", facts.page_text(seen))

    def _file(self) -> bool:
        """By ourselves; returns whether it was a file. A page is not, and is left to the browser."""
        way = follow(self.gateway, self.result.asked, [("User-Agent", self.policy.agent), ("Accept", "*/*")])
        last = way.last
        if last is not None and last.media_type in PAGE_TYPES and last.status < 300:
            return False
        self.result.method, self.main = "file", last
        if last is None:
            self.result.failures.append(way.problem or Problem(Code.BAD_RESPONSE, "no answer", self.result.asked))
            return True
        self.result.url = last.url
        self.result.failures += judge_answer(last)
        path = self.folder / "served"
        keep_content(last, path, self.policy.limits.unpacked_bytes)
        self.result.parts.append(Part("file", file_name(last), path))
        return True

    def _media(self) -> None:
        self.result.method = "media"
        authority = Authority(self.folder, self.now())
        place = self.folder / "media"
        place.mkdir()
        with Proxy(self.gateway, authority) as proxy:
            fetched = fetch_media(self.result.asked, proxy.port, place, self.gateway.budget, self.policy.agent)
        self.result.url, self.result.title = fetched.url or self.result.asked, fetched.title
        self.result.failures += fetched.failures
        # yt-dlp takes an answer that was cut for a whole one when nothing had said how long it would be.
        cut = [one.problem for one in self.gateway.exchanges if one.problem and one.status < 300]
        self.result.failures += [problem for problem in cut if problem.code != Code.LEFT]
        self.result.parts += [Part(method, path.name, path) for method, path in fetched.files]

    def _part(self, method: str, name: str, data: bytes) -> None:
        path = self.folder / name
        path.write_bytes(data)
        self.result.parts.append(Part(method, name, path))

    def pack(self) -> None:
        """Write the facts, and the archive when there is anything to keep."""
        result = self.result
        failed = set(result.failures)
        result.notes = [note for note in dict.fromkeys(result.notes + self.gateway.problems) if note not in failed]
        result.facts = plainly(self._facts())
        if not self.gateway.exchanges:
            return
        seen = self.seen
        warc, wacz = self.folder / "data.warc.gz", self.folder / "capture.wacz"
        index = write_warc(
            warc,
            self.gateway.exchanges,
            self._resources(),
            asked=result.asked,
            date=self.began,
            software=facts.SOFTWARE,
            user_agent=seen.user_agent if seen else self.policy.agent,
            facts=result.facts,
        )
        text = seen.text if seen else ""
        page = Page(result.url or result.asked, self.main.began if self.main else self.began, result.title, text)
        described = Described(
            title=("" if result.good else "FAILED CAPTURE: ") + (result.title or result.asked),
            description="; ".join(str(failure) for failure in result.failures),
            software=facts.SOFTWARE,
            created=self.began,
        )
        pack(wacz, warc, index, [page], described)
        result.wacz = wacz
        result.facts["wacz"] = {"sha256": _hash(wacz), "size": wacz.stat().st_size}

    def _resources(self) -> list[Resource]:
        seen = self.seen
        if seen is None or seen.kind != "page":
            return []
        found = []
        if seen.screenshot is not None:
            found.append(Resource(f"urn:fullPage:{self.result.url}", "image/png", seen.screenshot.png))
        if seen.text:
            found.append(Resource(f"urn:text:{self.result.url}", "text/plain; charset=utf-8", facts.page_text(seen)))
        return found

    def _facts(self) -> dict[str, Any]:
        result, seen = self.result, self.seen
        return {
            "format": facts.FORMAT,
            "software": facts.SOFTWARE,
            "asked": result.asked,
            "url": result.url,
            "method": result.method,
            "outcome": "captured" if result.good else "failed",
            "failures": facts.problem_facts(result.failures),
            "notes": facts.problem_facts(result.notes),
            "began": facts.stamp(self.began),
            "ended": facts.stamp(self.now()),
            "status": self.main.status if self.main else 0,
            "first_asked": facts.steps(self.first.exchanges) if self.first else [],
            "steps": facts.navigation_steps(seen) if seen and result.method == "browser" else [],
            "robots": facts.robots_facts(self.robots),
            "limits": facts.limit_facts(self.policy.limits),
            "agent": self.policy.agent,
            "browser": facts.browser_facts(seen) if seen else None,
            "page": facts.page_facts(seen, self.gateway.exchanges) if seen and seen.kind == "page" else None,
            "parts": {part.name: {"method": part.method, "sha256": _hash(part.path)} for part in result.parts},
            **facts.network_facts(self.gateway),
        }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
