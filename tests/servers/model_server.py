"""A language model's service on this machine that says what a test wants, and misbehaves in every way asked for."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answering = Callable[["_Handler"], None]


class ModelServer:
    """Answers each request with the next of `answers`, and the last of them from then on; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answering] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    def next(self) -> Answering:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    model: ModelServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.model.asked.append(json.loads(body))
        self.model.headers.append({name.lower(): value for name, value in self.headers.items()})
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            self.model.next()(self)

    def log_message(self, *_: object) -> None:
        pass

    def say(self, data: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)


def chat(content: str | None, finish: str = "stop", usage: Any = None) -> bytes:
    """A completion with this content."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content}}
    used = {"prompt_tokens": 100, "completion_tokens": 20} if usage is None else usage
    return json.dumps({"id": "x", "model": "small", "choices": [choice], "usage": used}).encode()


def says(content: str, **more: Any) -> Answering:
    """A good answer."""
    return lambda handler: handler.say(chat(content, **more))


def sends(data: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Answering:
    """Any bytes with any status."""
    return lambda handler: handler.say(data, status, kind, **headers)


def truncates(content: str) -> Answering:
    """A body that ends before the length that was promised."""

    def answer(handler: _Handler) -> None:
        data = chat(content)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[: len(data) // 2])
        handler.close_connection = True

    return answer


def resets() -> Answering:
    """A connection that is reset instead of an answer."""

    def answer(handler: _Handler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    return answer


def is_silent(seconds: float) -> Answering:
    """Nothing for a while."""
    return lambda handler: time.sleep(seconds)


def drips(seconds: float) -> Answering:
    """A byte now and then, for so long."""

    def answer(handler: _Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)

    return answer


def floods(number: int) -> Answering:
    """So many bytes without a length."""

    def answer(handler: _Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(number // 65536 + 1):
            handler.wfile.write(b" " * 65536)
        handler.close_connection = True

    return answer


def echoes() -> Answering:
    """What was asked comes back as the answer."""
    return lambda handler: handler.say(chat(handler.model.asked[-1]["messages"][-1]["content"]))


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A service at `url`; put answers into `answers` before it is asked."""
    server = ModelServer()
    handler = type("Handler", (_Handler,), {"model": server})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    http.shutdown()
    http.server_close()
