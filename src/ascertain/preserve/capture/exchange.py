"""One request and its answer, kept on disk as they were sent."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.coding import Unpacker
from ascertain.preserve.capture.http1 import Headers, ResponseHead
from ascertain.preserve.capture.origin import TlsFacts
from ascertain.preserve.capture.problem import Problem, Refused

_PIECE = 64 * 1024


@dataclass
class Exchange:
    """What was asked and what came back. `truncated` is WARC's word for an answer that was cut; empty when it is whole.

    The files hold the messages byte by byte; `entity` is the body without chunk frames and, in `content()`, unpacked.
    """

    number: int
    method: str
    url: str
    began: datetime.datetime
    folder: Path
    host: str = ""
    address: str = ""
    tls: TlsFacts | None = None
    head: ResponseHead | None = None
    response_size: int = 0
    entity_size: int = 0
    entity_sha256: str = ""
    truncated: str = ""
    problem: Problem | None = None
    _request: BinaryIO | None = None
    _response: BinaryIO | None = None
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def request_path(self) -> Path:
        """The file with the request."""
        return self.folder / f"{self.number:06}.request"

    @property
    def response_path(self) -> Path:
        """The file with the response."""
        return self.folder / f"{self.number:06}.response"

    @property
    def status(self) -> int:
        """The response's status; 0 when none came."""
        return self.head.status if self.head else 0

    @property
    def headers(self) -> Headers:
        """The response's headers."""
        return self.head.headers if self.head else []

    @property
    def media_type(self) -> str:
        """The media type that the server says, without its parameters."""
        return http1.header(self.headers, "content-type").split(",")[0].split(";")[0].strip().lower()

    def asked(self, data: bytes) -> None:
        """Keep so much of the request."""
        self._request = self._request or self.request_path.open("wb")
        self._request.write(data)

    def answered(self, head: ResponseHead) -> None:
        """Keep the response's head."""
        self.head = head
        self._response = self.response_path.open("wb")
        self._response.write(head.raw)
        self.response_size = len(head.raw)

    def came(self, raw: bytes, entity: bytes) -> None:
        """Keep so much of the response's body."""
        if self._response is not None:
            self._response.write(raw)
        self.response_size += len(raw)
        self.entity_size += len(entity)
        self._digest.update(entity)

    def end(self, problem: Problem | None = None, truncated: str = "") -> None:
        """The exchange is over, well or not."""
        self.problem, self.truncated = problem, truncated if self.head else ""
        self.entity_sha256 = self._digest.hexdigest() if self.head else ""
        for file in (self._request, self._response):
            if file is not None:
                file.close()
        self._request = self._response = None

    def discard(self) -> None:
        """Forget the bytes."""
        for path in (self.request_path, self.response_path):
            path.unlink(missing_ok=True)

    def entity(self) -> Iterator[bytes]:
        """The response's body as sent, without the frames of chunks; as far as it came."""
        if self.head is None:
            return
        framing, length = http1.response_framing(self.method, self.head)
        with self.response_path.open("rb") as file:
            file.seek(len(self.head.raw))
            if framing is not http1.Framing.CHUNKED:
                while piece := file.read(_PIECE):
                    yield piece
                return
            while (line := file.readline()) and (length := http1.chunk_length(line)):
                while length and (piece := file.read(min(length, _PIECE))):
                    length -= len(piece)
                    yield piece
                file.readline()

    def content(self, most: int) -> Iterator[bytes]:
        """The body unpacked, as far as it came, `most` bytes at most (what is beyond is left out)."""
        left = most
        try:
            unpacker = Unpacker(http1.header(self.headers, "content-encoding"), lambda _: None)
            for piece in self.entity():
                for out in unpacker.feed(piece):
                    yield out[:left]
                    left -= len(out)
                    if left <= 0:
                        return
        except Refused:  # a body that cannot be unpacked further; the exchange has a problem of its own for that
            return
