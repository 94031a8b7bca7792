"""Asking a service that misbehaves: bounded, patient, and silent about the key."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from model_server import (
    Answering,
    ModelServer,
    chat,
    drips,
    echoes,
    floods,
    is_silent,
    resets,
    says,
    sends,
    truncates,
)

from ascertain.errors import AccessRefused, AscertainError, ItemFailed, Unreachable, UsageError
from ascertain.jobs.reading.endpoint import ATTEMPTS, LARGEST_BYTES, Endpoint, Told, check_endpoint
from ascertain.read.llm import parse_answer

KEY = "sk-very-secret"
GOOD = '{"claims": []}'
MESSAGES = [{"role": "user", "content": "a text"}]


@contextmanager
def endpoint(server: ModelServer, timeout: float = 5.0) -> Iterator[tuple[Endpoint, list[float]]]:
    pauses: list[float] = []
    made = Endpoint(server.url, "small", KEY, timeout_seconds=timeout, pause=pauses.append)
    try:
        yield made, pauses
    finally:
        made.close()


def ask(server: ModelServer, *answers: Answering, timeout: float = 5.0) -> tuple[Told, list[float]]:
    server.answers = list(answers)
    with endpoint(server, timeout) as (made, pauses):
        return made.ask(MESSAGES, {"type": "object"}, parse_answer), pauses


def test_an_answer_comes_with_its_tokens(model_server: ModelServer) -> None:
    told, _ = ask(model_server, says(GOOD))
    assert (told.content, told.tokens_sent, told.tokens_received, told.attempts) == (GOOD, 100, 20, 1)
    assert model_server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert model_server.asked[0]["response_format"]["type"] == "json_schema"


FAULTS: dict[str, Callable[[], Answering]] = {
    "server_error": lambda: sends(b"oops", 500),
    "overloaded": lambda: sends(b"", 503),
    "html": lambda: sends(b"<html>Sign in</html>", kind="text/html"),
    "truncated": lambda: truncates(GOOD),
    "reset": resets,
    "no_choice": lambda: sends(b'{"choices": []}'),
    "null_content": lambda: sends(chat(None)),
    "list": lambda: sends(b"[1, 2]"),
    "deep": lambda: sends(b"[" * 100_000),
    "not_utf8": lambda: sends(b"\xff\xfe"),
    "empty": lambda: sends(b""),
    "prose": lambda: says("Sure! Here are the claims."),
    "broken_json": lambda: says('{"claims": [{"frame": "att'),
    "wrong_schema": lambda: says('{"answers": []}'),
    "cut_off": lambda: says(GOOD, finish="length"),
    "event_stream": lambda: sends(b'data: {"choices": []}\n\ndata: [DONE]\n\n', kind="text/event-stream"),
    "echo": echoes,
    "flood": lambda: floods(LARGEST_BYTES + 1),
    "compressed": lambda: sends(gzip.compress(chat(GOOD)), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_answer_is_asked_again(model_server: ModelServer, fault: str) -> None:
    told, pauses = ask(model_server, FAULTS[fault](), says(GOOD))
    assert (told.content, told.attempts) == (GOOD, 2)
    assert pauses == [1.0]


@pytest.mark.parametrize("fault", FAULTS)
def test_in_the_end_it_is_given_up_and_nothing_secret_is_said(model_server: ModelServer, fault: str) -> None:
    with pytest.raises(ItemFailed) as caught:
        ask(model_server, FAULTS[fault]())
    assert len(model_server.asked) == ATTEMPTS
    assert KEY not in str(caught.value)
    assert "a text" not in str(caught.value)


@pytest.mark.parametrize("slow", [is_silent(1.0), drips(1.0)], ids=["silent", "dripping"])
def test_a_slow_answer_is_not_waited_for(model_server: ModelServer, slow: Answering) -> None:
    told, _ = ask(model_server, slow, says(GOOD), timeout=0.2)
    assert told.attempts == 2


def test_the_service_says_how_long_to_wait(model_server: ModelServer) -> None:
    _, pauses = ask(model_server, sends(b"", 429, Retry_After="7"), says(GOOD))
    assert pauses == [7.0]


@pytest.mark.parametrize(("said", "waited"), [("86400", 60.0), ("-5", 1.0), ("soon", 1.0), ("٣", 1.0), ("9" * 50, 1.0)])
def test_but_not_for_how_long_it_pleases(model_server: ModelServer, said: str, waited: float) -> None:
    refusal = sends(b"", 429, **({"Retry_After": said} if said.isascii() else {}))
    _, pauses = ask(model_server, refusal, says(GOOD))
    assert pauses == [waited]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(model_server: ModelServer, status: int) -> None:
    with pytest.raises(ItemFailed, match="points elsewhere"):
        ask(model_server, sends(b"", status, Location="http://127.0.0.1:9/elsewhere"))
    assert len(model_server.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_not_shown(model_server: ModelServer, status: int) -> None:
    with pytest.raises(AccessRefused) as caught:
        ask(model_server, sends(f"bad key {KEY}".encode(), status))
    assert KEY not in f"{caught.value}{caught.value.next_step}"


def test_a_status_that_will_not_change_is_not_asked_again(model_server: ModelServer) -> None:
    with pytest.raises(ItemFailed, match="404"):
        ask(model_server, sends(b"", 404))
    assert len(model_server.asked) == 1


def test_the_format_falls_back_to_an_object_and_then_to_plain_words(model_server: ModelServer) -> None:
    told, pauses = ask(model_server, sends(b"", 400), sends(b"", 422), says(f"```json\n{GOOD}\n```"))
    formats = [asked.get("response_format", {}).get("type") for asked in model_server.asked]
    assert formats == ["json_schema", "json_object", None]
    assert (told.attempts, pauses) == (1, [])


def test_nobody_there_is_said_at_once(model_server: ModelServer) -> None:
    made = Endpoint("http://127.0.0.1:9/v1", "small", KEY, timeout_seconds=1, pause=lambda _: None)
    with pytest.raises(Unreachable):
        made.ask(MESSAGES, {}, parse_answer)
    made.close()


def test_tokens_that_are_no_numbers_count_nothing(model_server: ModelServer) -> None:
    told, _ = ask(model_server, says(GOOD, usage={"prompt_tokens": "many", "completion_tokens": -1}))
    assert (told.tokens_sent, told.tokens_received) == (0, 0)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "model",
        "ftp://host/v1",
        "http://models.example/v1",
        "https://user:pass@host/v1",
        "https://host/v1?key=1",
        "https://",
    ],
)
def test_an_address_that_would_leak_or_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        check_endpoint(address)


@pytest.mark.parametrize(
    "address", ["https://models.example/v1", "https://models.example/v1/", "http://localhost:8080/v1"]
)
def test_the_address_of_completions_is_found(address: str) -> None:
    assert check_endpoint(address).endswith("/v1/chat/completions")


def test_a_key_with_a_line_end_is_refused() -> None:
    with pytest.raises(AscertainError) as caught:
        Endpoint("https://models.example/v1", "small", "a\r\nX-Evil: b", timeout_seconds=1)
    assert "X-Evil" not in str(caught.value)
