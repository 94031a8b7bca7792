"""The only door to the network: every request of a capture, the browser's or our own, passes it and is kept."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ascertain.preserve.capture import coding, http1
from ascertain.preserve.capture.coding import Unpacker
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.guard import Guard, Target
from ascertain.preserve.capture.http1 import Framing, Headers, ResponseHead
from ascertain.preserve.capture.limits import Budget
from ascertain.preserve.capture.origin import BadCertificate, Origin, TlsFacts, Trust, connect
from ascertain.preserve.capture.problem import Code, Problem, Refused
from ascertain.preserve.capture.resolve import Lookup, Resolver, system_lookup
from ascertain.preserve.capture.wire import Left, Stopped, Wire

_HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-connection proxy-authorization te trailer upgrade accept-encoding expect".split()
)
_MOST_INTERIM = 8
_MOST_PROBLEMS = 1000


class Receiver(Protocol):
    """Who gets an answer while it comes in. Either call may raise Left: then nobody listens any more."""

    def head(self, head: ResponseHead) -> None:
        """The head came."""

    def piece(self, raw: bytes) -> None:
        """A piece of the body came, as it was sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be asked of a place. `target` is the path with the query; `body` comes in pieces as it is sent."""

    method: str
    place: Target
    target: str
    headers: Headers
    body: Iterable[bytes] = ()

    @property
    def url(self) -> str:
        """The address that this request is for."""
        return f"{self.place.scheme}://{self.place.authority}{self.target}"

    def raw_head(self) -> bytes:
        """The head as it goes out: one exchange a connection, and only codings that we can measure."""
        headers = [(name, value) for name, value in self.headers if name.lower() not in _HOP_BY_HOP]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", self.place.authority))
        headers += [("Accept-Encoding", coding.ACCEPTED), ("Connection", "close")]
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@dataclass
class Gateway:
    """The door of one capture. Safe to use from several threads; `exchanges` and `problems` grow as things happen."""

    guard: Guard
    trust: Trust
    budget: Budget
    folder: Path
    now: Callable[[], datetime.datetime]
    lookup: Lookup = system_lookup
    exchanges: list[Exchange] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    certificates: dict[str, TlsFacts] = field(default_factory=dict)
    resolver: Resolver = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[Wire] = field(default_factory=set)
    _closed: bool = False

    def __post_init__(self) -> None:
        self.resolver = Resolver(self.guard, self.lookup)

    def exchange(
        self,
        request: Request,
        receiver: Receiver | None = None,
        *,
        keep: bool = True,
        stop: Callable[[ResponseHead], bool] | None = None,
    ) -> Exchange:
        """Ask, and keep what comes. Problems are in the exchange and in `problems`; nothing is raised for them.

        keep: whether the exchange belongs to the archive. stop: given the head, whether the body is not wanted; such an
        exchange does not belong to it.
        """
        exchange = Exchange(0, request.method, request.url, self.now(), self.folder, host=request.place.host)
        try:
            exchange.number = self.budget.begin_exchange()
            left = self._run(request, exchange, receiver, stop)
        except Refused as error:
            self._end(exchange, error.about(request.url), "length" if _is_size(error) else "time")
        except Stopped as error:
            reason = "the capture ended before it was whole" if self._closed else str(error)
            code = Code.LEFT if isinstance(error, Left) else Code.TRUNCATED
            problem = Problem(code, reason, request.url)
            self._end(exchange, problem, "disconnect")
        else:
            exchange.end(truncated="unspecified" if left else "")
            keep = keep and not left
        if keep and exchange.head is not None:
            with self._lock:
                self.exchanges.append(exchange)
        elif exchange.number:
            exchange.discard()
        return exchange

    def note(self, problem: Problem) -> None:
        """Something that went wrong, once for the same address and code."""
        with self._lock:
            if problem not in self.problems and len(self.problems) < _MOST_PROBLEMS:
                self.problems.append(problem)

    def close(self) -> None:
        """End what is still going on. Nothing can be asked until `reopen`."""
        with self._lock:
            self._closed = True
            for wire in self._open:
                wire.stop()

    def reopen(self) -> None:
        """Let things be asked again."""
        self._closed = False

    def _end(self, exchange: Exchange, problem: Problem, truncated: str) -> None:
        exchange.end(problem, truncated)
        self.note(problem)

    def _run(
        self,
        request: Request,
        exchange: Exchange,
        receiver: Receiver | None,
        stop: Callable[[ResponseHead], bool] | None,
    ) -> bool:
        """Ask and take in the answer; returns whether it was left after its head. Raises Refused, Stopped."""
        origin = self._connect(request.place)
        exchange.address, exchange.tls = origin.address, origin.tls
        if origin.tls is not None and not origin.tls.verified:
            self.note(
                Problem(Code.BAD_CERTIFICATE, f"allowed by name, though not good: {origin.tls.error}", request.url)
            )
        with self._lock:
            self._open.add(origin.wire)
        try:
            if self._closed:
                raise Stopped("closed")
            for data in (request.raw_head(), *request.body):
                exchange.asked(data)
                origin.wire.send(data)
            head = _final_head(origin.wire)
            exchange.answered(head)
            if stop is not None and stop(head):
                return True
            self._body(origin.wire, exchange, head, receiver)
            return False
        finally:
            with self._lock:
                self._open.discard(origin.wire)
            origin.wire.close()

    def _connect(self, place: Target) -> Origin:
        patience = self.budget.patience(self.budget.limits.connect_seconds)
        try:
            return connect(place, self.resolver.addresses(place, patience), self.trust, self.budget)
        except BadCertificate as error:
            self.certificates[f"{place.host}:{place.port}"] = error.tls
            raise

    def _body(self, wire: Wire, exchange: Exchange, head: ResponseHead, receiver: Receiver | None) -> None:
        """The body to the disk, to a counter of what it would unpack to, and to whoever listens, in this order."""
        framing, length = http1.response_framing(exchange.method, head)
        refused: Refused | None = None
        unpacker = None
        try:
            unpacker = Unpacker(http1.header(head.headers, "content-encoding"), self.budget.unpack)
        except Refused as error:  # kept for the record, not shown to the browser
            refused, receiver = error, None
        if receiver is not None:
            receiver.head(head)
        for raw, entity in wire.body(framing, length):
            exchange.came(raw, entity)
            if unpacker is not None and unpacker.packed:
                for _ in unpacker.feed(entity):
                    pass
            if receiver is not None:
                receiver.piece(raw)
        if self._closed and framing is Framing.CLOSE:
            raise Stopped("closed")  # by ourselves, which looks like an orderly end
        if refused is not None:
            raise refused
        if unpacker is not None and unpacker.packed and exchange.entity_size and not unpacker.whole:
            raise Stopped("a compressed body without its end")


def _final_head(wire: Wire) -> ResponseHead:
    """The answer's head, past 100 Continue and 103 Early Hints. Raises Refused, Stopped."""
    for _ in range(_MOST_INTERIM):
        head = http1.parse_response(wire.head())
        if head.status >= 200:
            return head
        if head.status == 101:
            raise Refused(Code.BAD_RESPONSE, "the server changes the protocol unasked")
    raise Refused(Code.BAD_RESPONSE, f"more than {_MOST_INTERIM} interim answers")


def _is_size(error: Refused) -> bool:
    return error.problem.code in (Code.LIMIT_BYTES, Code.LIMIT_UNPACKED)
