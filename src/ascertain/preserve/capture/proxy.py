"""The proxy between the browser and the world: it understands what is asked, and the gateway does the asking.

A refused connection is answered with 403, a refused request not at all, so that no page of ours can be taken for the
site's. One connection carries one exchange: nothing can be smuggled behind it, and each record has its own connection.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlsplit

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.authority import Authority
from ascertain.preserve.capture.gateway import Gateway, Request
from ascertain.preserve.capture.guard import Target, host_name
from ascertain.preserve.capture.http1 import RequestHead, ResponseHead
from ascertain.preserve.capture.problem import Code, Refused
from ascertain.preserve.capture.wire import Left, Stopped, Wire

NOWHERE = "nowhere.ascertain.invalid"  # where the browser's own calls home are sent; RFC 2606: it cannot exist
_CONNECT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]/@?#]+):([0-9]{1,5})")
_TLS_HANDSHAKE = b"\x16"
_PATH = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_HOP_BY_HOP = frozenset((b"connection", b"keep-alive", b"proxy-connection"))


class Proxy:
    """A proxy on the loopback interface, for as long as the `with` block lasts. `port` is where it listens."""

    def __init__(self, gateway: Gateway, authority: Authority) -> None:
        self._gateway, self._authority = gateway, authority
        self._open: set[Wire] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pool = ThreadPoolExecutor(gateway.budget.limits.connections, thread_name_prefix="capture")
        self._answers: list[Future[None]] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True, name="capture-accept")

    def __enter__(self) -> Proxy:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection and wait for the threads. Raises what broke one of them, such as a full disk."""
        with contextlib.suppress(OSError):  # closed twice is closed
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()
        with self._lock:
            for wire in self._open:
                wire.stop()
        self._gateway.close()
        self._pool.shutdown(wait=True)
        self._gateway.reopen()
        for answer in self._answers:
            answer.result()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # the listener was closed: the capture is over
                return
            self._answers = [answer for answer in self._answers if not answer.done() or answer.exception()]
            self._answers.append(self._pool.submit(self._answer, self._watched(connection)))

    def _watched(self, connection: socket.socket) -> Wire:
        """The wire over a connection from the browser, among those that `close` ends."""
        wire = Wire(connection, self._gateway.budget, counts=False)
        with self._lock:
            self._open.add(wire)
        return wire

    def _answer(self, wire: Wire) -> None:
        try:
            self._serve(wire)
        except Refused as error:
            self._gateway.note(error.problem)
        except Stopped:  # the browser went away before it had asked for anything
            pass
        finally:
            self._done(wire)

    def _done(self, wire: Wire) -> None:
        with self._lock:
            self._open.discard(wire)
        wire.close()

    def _serve(self, wire: Wire) -> None:
        head = http1.parse_request(wire.head())
        if head.method != "CONNECT":
            self._exchange(wire, head, self._absolute(head))
            return
        place = self._tunnel(wire, head)
        if place.scheme == "http":
            self._inside(wire, place)
            return
        secured = self._secured(wire, place)
        try:
            self._inside(secured, place)
        finally:
            self._done(secured)

    def _inside(self, wire: Wire, place: Target) -> None:
        """What is asked through a tunnel."""
        head = http1.parse_request(wire.head())
        if http1.header(head.headers, "host").lower() != place.authority or not head.target.startswith("/"):
            reason = "a request for another host than the connection's"
            raise Refused(Code.REFUSED_REQUEST, reason, f"{place.scheme}://{place.authority}/")
        self._exchange(wire, head, place)

    def _absolute(self, head: RequestHead) -> Target:
        """The place of a plain request to a proxy, `GET http://host/path`. Raises Refused."""
        try:
            parts = urlsplit(head.target)
            return self._gateway.guard.target(parts.scheme, parts.hostname or "", parts.port)
        except ValueError as error:
            raise Refused(Code.BAD_ADDRESS, "no web address", head.target) from error
        except Refused as error:
            raise _about(error, head.target) from error

    def _tunnel(self, wire: Wire, head: RequestHead) -> Target:
        """Where the browser wants a tunnel to; the guard has agreed, and the browser has been told. Raises Refused."""
        match = _CONNECT.fullmatch(head.target)
        try:
            if match is None:
                raise Refused(Code.BAD_ADDRESS, "no host and port")
            host, port = host_name(match[1]), int(match[2])
            if host == NOWHERE:
                raise Stopped("the browser calls home")
            # The port alone decides for https or http here; which it is shows in the first byte.
            self._gateway.guard.target("https", host, port)
            seconds = self._gateway.budget.patience(self._gateway.budget.limits.connect_seconds)
            self._gateway.resolver.addresses(Target("https", host, port), seconds)
        except Refused as error:
            with contextlib.suppress(Stopped):
                wire.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            raise _about(error, f"https://{head.target}/") from error
        wire.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            wire.socket.settimeout(self._gateway.budget.patience(self._gateway.budget.limits.idle_seconds))
            first = wire.socket.recv(1, socket.MSG_PEEK)
        except OSError as error:
            raise Stopped("the browser opened a tunnel and said nothing") from error
        return Target("https" if first == _TLS_HANDSHAKE else "http", host, port)

    def _secured(self, wire: Wire, place: Target) -> Wire:
        try:
            wire.socket.settimeout(self._gateway.budget.patience(self._gateway.budget.limits.idle_seconds))
            return self._watched(self._authority.context(place.host).wrap_socket(wire.socket, server_side=True))
        except OSError as error:
            raise Stopped(f"the browser ended the handshake ({error})") from error

    def _exchange(self, wire: Wire, head: RequestHead, place: Target) -> None:
        path = _PATH.sub("", head.target, count=1)
        request = Request(
            head.method, place, path if path.startswith("/") else f"/{path}", head.headers, self._body(wire, head)
        )
        if http1.header(head.headers, "upgrade"):
            url = request.url.replace("http", "ws", 1)
            raise Refused(Code.REFUSED_UPGRADE, "a WebSocket cannot be archived, so it is not opened", url)
        self._gateway.exchange(request, _ToBrowser(wire))

    def _body(self, wire: Wire, head: RequestHead) -> Iterator[bytes]:
        """A request's body as the browser sends it, within the limit. Raises Refused, Stopped."""
        framing, length = http1.request_framing(head)
        sent = 0
        for raw, _ in wire.body(framing, length):
            sent += len(raw)
            if sent > self._gateway.budget.limits.request_bytes:
                raise Refused(Code.REFUSED_REQUEST, "the page wanted to send more than the limit")
            self._gateway.budget.receive(len(raw))  # what goes out takes place on the disk as well
            yield raw


class _ToBrowser:
    """The browser as the receiver of an answer."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def head(self, head: ResponseHead) -> None:
        """Pass the head on, with the one change that the connection ends with this exchange."""
        lines = [line.removesuffix(b"\r") for line in head.raw.rstrip(b"\r\n").split(b"\n")]
        kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _HOP_BY_HOP]
        self._send(b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n")

    def piece(self, raw: bytes) -> None:
        """Pass a piece of the body on."""
        self._send(raw)

    def _send(self, data: bytes) -> None:
        try:
            self._wire.send(data)
        except Stopped as error:
            raise Left("the browser wanted no more of it") from error


def _about(error: Refused, url: str) -> Refused:
    return Refused(Code(error.problem.code), error.problem.reason, url)
