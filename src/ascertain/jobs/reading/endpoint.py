"""Asking a language model behind an OpenAI-compatible address (`POST …/chat/completions`). What it says is not judged.

The service is a stranger: its answers are bounded in size and time, no redirect is followed, no proxy of the
environment used, and neither the key nor anything that the service sent back stands in an error.
"""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from ascertain.errors import AccessRefused, ItemFailed, Unreachable, UsageError

LARGEST_BYTES: Final = 4_000_000
ATTEMPTS: Final = 4
_LONGEST_PAUSE: Final = 60.0
_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_NOT_THIS_FORMAT: Final = frozenset({400, 415, 422})
_FORMATS: Final = ("json_schema", "json_object", "none")

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer's words with what it cost: tokens as the service counts them, seconds and attempts over all of them."""

    content: str
    tokens_sent: int
    tokens_received: int
    seconds: float
    attempts: int


class _Faulty(Exception):
    """An attempt that failed and may be made again, after `pause` seconds when the service says so."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class _WrongFormat(Exception):
    """The service does not take this `response_format`."""


class Endpoint:
    """One service and one model. Closed by `close`."""

    def __init__(
        self, address: str, model: str, key: str, *, timeout_seconds: float, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Connects to nothing yet. Raises UsageError for an address or a key that cannot be."""
        self.address, self.model = check_endpoint(address), model
        if not key.isascii() or any(character.isspace() for character in key):
            raise UsageError("the key of the language model's service has characters that no key has")
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx.Client(headers=headers, timeout=timeout_seconds, follow_redirects=False, trust_env=False)
        self._timeout, self._pause = timeout_seconds, pause
        self._format = _FORMATS[0]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, messages: Messages, schema: Mapping[str, Any], check: Callable[[str], object]) -> Told:
        """The model's answer to messages. `check` raises ValueError for words that are no answer: asked again.

        Raises AccessRefused for a key that is not taken, Unreachable when nothing answers, ItemFailed when no attempt
        gave an answer.
        """
        began, sent, received = time.monotonic(), 0, 0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._formatted(messages, schema)
                content, tokens = _content(answer)
                sent, received = sent + tokens[0], received + tokens[1]
                _checked(content, check)
            except _Faulty as error:
                if attempt == ATTEMPTS:
                    reason = f"no answer from {self.address} in {attempt} attempts: {error}"
                    raise ItemFailed("model", reason) from error
                self._pause(2.0 ** (attempt - 1) if error.pause is None else error.pause)
            else:
                return Told(content, sent, received, time.monotonic() - began, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _formatted(self, messages: Messages, schema: Mapping[str, Any]) -> Any:
        """The answer in the strictest format that the service takes: a schema, an object, or plain words."""
        while True:
            try:
                return self._post(messages, schema)
            except _WrongFormat:
                self._format = _FORMATS[_FORMATS.index(self._format) + 1]

    def _post(self, messages: Messages, schema: Mapping[str, Any]) -> Any:
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), "temperature": 0, "stream": False}
        if self._format == "json_object":
            body["response_format"] = {"type": "json_object"}
        elif self._format == "json_schema":
            named = {"name": "claims", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        try:
            with self._client.stream("POST", self.address, json=body) as response:
                self._refuse(response)
                return _json(self._bounded(response))
        except httpx.TimeoutException as error:
            raise _Faulty(f"nothing within {self._timeout:g} seconds") from error
        except httpx.ConnectError as error:
            raise Unreachable(f"{self.address} does not answer", next_step="see the setting llm_endpoint") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _Faulty(f"the connection broke ({type(error).__name__})") from error

    def _refuse(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in (401, 403):
            raise AccessRefused(
                f"{self.address} refuses the key ({status})", next_step="set ASCERTAIN_LLM_KEY to a key that it takes"
            )
        if response.has_redirect_location or 300 <= status < 400:
            raise ItemFailed("model", f"{self.address} points elsewhere ({status}); redirects are not followed")
        if status in _NOT_THIS_FORMAT and self._format != _FORMATS[-1]:
            raise _WrongFormat
        if status in _AGAIN:
            raise _Faulty(f"it answers {status}", _pause_of(response))
        if status != 200:
            raise ItemFailed("model", f"{self.address} answers {status}")

    def _bounded(self, response: httpx.Response) -> bytes:
        """The body, as long as it is neither too long, too late nor compressed (no bomb unfolds here)."""
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _Faulty("its answer is compressed though that was not asked for")
        until, data = time.monotonic() + self._timeout, bytearray()
        for part in response.iter_raw():
            data += part
            if len(data) > LARGEST_BYTES:
                raise _Faulty(f"its answer is longer than {LARGEST_BYTES:,} bytes")
            if time.monotonic() > until:
                raise _Faulty(f"its answer took longer than {self._timeout:g} seconds")
        return bytes(data)


def check_endpoint(address: str) -> str:
    """The address of `chat/completions` under a service's address. Raises UsageError for one that is none.

    Without TLS only this machine is allowed: the text and the key would be there for all to read on the way.
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError) as error:
        raise UsageError(f"{address!r} is no address", next_step=_WRITE) from error
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise UsageError(f"{address!r} is no address of a service", next_step=_WRITE)
    if url.userinfo:
        raise UsageError("the address of the service holds a password", next_step="take it out; see ASCERTAIN_LLM_KEY")
    if url.scheme == "http" and not _is_here(url.host):
        raise UsageError(f"{url.host} would be sent the text and the key in the clear", next_step=_WRITE)
    whole = str(url).rstrip("/")
    return whole if whole.endswith("/chat/completions") else f"{whole}/chat/completions"


_WRITE: Final = "write llm_endpoint as https://HOST/v1 (http only for this machine)"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _pause_of(response: httpx.Response) -> float | None:
    """How long the service asks to wait, in seconds, no longer than we would; a date is not read."""
    said = response.headers.get("retry-after", "").strip()
    return min(float(said), _LONGEST_PAUSE) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _Faulty("its answer is not JSON") from error


def _content(answer: Any) -> tuple[str, tuple[int, int]]:
    """The words of the first choice, and the tokens sent and received."""
    try:
        choice = answer["choices"][0]
        content = choice["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise _Faulty("its answer has no choice") from error
    if not isinstance(content, str) or not content.strip():
        raise _Faulty("its answer is empty")
    if choice.get("finish_reason") == "length":
        raise _Faulty("its answer is cut off")
    usage = answer.get("usage")
    content = content.encode("utf-8", "replace").decode("utf-8")  # halves of characters have no place in a record
    return content, (_number(usage, "prompt_tokens"), _number(usage, "completion_tokens"))


def _number(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if type(value) is int and 0 <= value < 10**9 else 0


def _checked(content: str, check: Callable[[str], object]) -> None:
    try:
        check(content)
    except ValueError as error:
        raise _Faulty(str(error)) from error
