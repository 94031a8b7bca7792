"""Addresses into a record. No browser here: what a capture itself does is tested in tests/preserve/capture."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import BadMoment, UsageError
from ascertain.jobs.capturing import CapturedAddress, FailedCapture, is_address
from ascertain.record.tables import acquisitions, captures, derivations, exhibits, failures

PDF = b"%PDF-1.4\n1 0 obj"


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, bytes]], int]]:
    """Serves answers by path on the loopback interface; returns the port."""
    listeners: list[socket.socket] = []

    def started(routes: dict[str, bytes]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def answer() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    request = connection.recv(65536).decode("latin-1")
                    method, path = request.split(" ")[:2]
                    found = routes.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
                    connection.sendall(found if method == "GET" else found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        return int(listener.getsockname()[1])

    yield started
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def served(data: bytes, media_type: str = "application/pdf") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


@pytest.fixture
def inquiry(tmp_path: Path) -> Callable[..., Inquiry]:
    """Makes a record that may reach these ports of this machine."""

    def made(*ports: int, **capture: Any) -> Inquiry:
        folder = tmp_path / "record"
        ascertain.new(folder, author="A. Analyst")
        allow = json.dumps([f"127.0.0.1:{port}" for port in ports])
        lines = [f"{name} = {json.dumps(value)}" for name, value in {"seconds": 20, **capture}.items()]
        with (folder / "record.toml").open("a") as file:
            file.write(f"\n[capture]\nallow = {allow}\n" + "\n".join(lines) + "\n")
        return ascertain.open(folder, author="A. Analyst")

    return made


def rows(inquiry: Inquiry, table: Any) -> list[dict[str, Any]]:
    with inquiry.record.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def kinds(inquiry: Inquiry, start: int) -> list[str]:
    return [entry.kind for entry in inquiry.log(start)]


def test_an_address_becomes_an_archive_with_the_file_beside_it_and_its_facts(serve: Any, inquiry: Any) -> None:
    port = serve({"/r.pdf": served(PDF)})
    made = inquiry(port)
    start = made.record.head().size
    url = f"http://127.0.0.1:{port}/r.pdf"
    (done,) = made.capture_each([url], Given(published="2018-07-06", publisher="OPCW", note="for the case"))
    assert isinstance(done, CapturedAddress)
    assert (done.name, done.method, done.media_type, done.notes) == (url, "file", "application/wacz", ())
    assert done.parts == {f"{url} r.pdf": hashlib.sha256(PDF).hexdigest()}
    assert kinds(made, start) == [
        "exhibit.preserved", "exhibit.acquired",
        "exhibit.preserved", "exhibit.acquired", "exhibit.derived", "capture.made",
    ]  # fmt: skip
    (row,) = rows(made, captures)
    assert (row["exhibit"], row["url"], row["author"]) == (done.exhibit, url, "A. Analyst")
    facts = json.loads(made.record.objects.get(row["facts"]))
    assert facts["outcome"] == "captured"
    assert facts["wacz"] == {"sha256": done.exhibit, "size": done.size}
    (derived,) = rows(made, derivations)
    assert (derived["origin"], derived["method"]) == (done.exhibit, "file")
    assert json.loads(derived["details"]) == {"name": "r.pdf", "url": url}
    acquired = {row["exhibit"]: row for row in rows(made, acquisitions)}
    assert acquired[done.exhibit]["source"] == "OPCW"
    assert acquired[done.exhibit]["url"] == url
    assert made.record.objects.get(hashlib.sha256(PDF).hexdigest()) == PDF
    assert made.verify().problems == ()


def test_the_same_address_again_is_another_capture(serve: Any, inquiry: Any) -> None:
    port = serve({"/r.pdf": served(PDF)})
    made = inquiry(port)
    url = f"http://127.0.0.1:{port}/r.pdf"
    first, second = made.capture_each([url, url])
    assert first.exhibit != second.exhibit
    assert len(rows(made, captures)) == 2
    assert len([row for row in rows(made, exhibits) if row["media_type"] == "application/pdf"]) == 1
    assert len(rows(made, derivations)) == 2


def test_a_failure_is_named_and_the_rest_goes_on(serve: Any, inquiry: Any) -> None:
    port = serve({"/r.pdf": served(PDF)})
    made = inquiry(port)
    good = f"http://127.0.0.1:{port}/r.pdf"
    bad, done, inside = made.capture_each(["http://169.254.169.254/latest/", good, "http://127.0.0.1:9/"])
    assert isinstance(done, CapturedAddress)
    assert isinstance(bad, FailedCapture)
    assert (bad.code, inside.code) == ("refused-address", "refused-port")
    assert bad.evidence == ""
    assert [(row["stage"], row["item"], row["code"]) for row in rows(made, failures)] == [
        ("capture", "http://169.254.169.254/latest/", "refused-address"),
        ("capture", "http://127.0.0.1:9/", "refused-port"),
    ]
    assert [one.item for one in made.failures()] == ["http://169.254.169.254/latest/", "http://127.0.0.1:9/"]


def test_the_evidence_of_a_failed_attempt_is_kept_and_is_never_a_capture(serve: Any, inquiry: Any) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 900\r\n\r\nhalf"
    answers = {"/r.pdf": half}
    port = serve(answers)
    made = inquiry(port)
    url = f"http://127.0.0.1:{port}/r.pdf"
    (failed,) = made.capture_each([url], Given(note="for the case"))
    assert failed.code == "truncated"
    assert rows(made, captures) == []
    notes = {row["exhibit"]: row["note"] for row in rows(made, acquisitions)}
    assert notes[failed.evidence].startswith("FAILED CAPTURE (truncated: ")
    assert all(note.startswith("FAILED CAPTURE") and note.endswith("for the case") for note in notes.values())
    assert all(json.loads(row["details"])["failed"] == ["truncated"] for row in rows(made, derivations))
    assert [one.item for one in made.failures()] == [url]
    answers["/r.pdf"] = served(PDF)
    (done,) = made.capture_each([url])
    assert isinstance(done, CapturedAddress)
    assert made.failures() == []
    assert made.verify().problems == ()


def test_only_what_the_record_names_may_be_reached(serve: Any, inquiry: Any, monkeypatch: Any) -> None:
    port = serve({"/r.pdf": served(PDF)})
    monkeypatch.setenv("ASCERTAIN_CAPTURE_ALLOW", f"127.0.0.1:{port}")
    made = inquiry()
    (failed,) = made.capture_each([f"http://127.0.0.1:{port}/r.pdf"])
    assert failed.code == "refused-port"


def test_limits_and_robots_come_from_the_settings_and_from_the_call(serve: Any, inquiry: Any) -> None:
    no = served(b"User-agent: *\nDisallow: /\n", "text/plain")
    port = serve({"/r.pdf": served(bytes(3_000_000)), "/robots.txt": no})
    made = inquiry(port, robots="obey", contact="https://example.org/us")
    url = f"http://127.0.0.1:{port}/r.pdf"
    (failed,) = made.capture_each([url])
    assert failed.code == "robots-disallowed"
    open_record = ascertain.open(made.record.folder, author="A", capture_robots="record")
    (limited,) = open_record.capture_each([url], limit_mb=1)
    assert limited.code == "limit-bytes"
    assert isinstance(next(open_record.capture_each([url], limit_mb=9)), CapturedAddress)


@pytest.mark.parametrize("wrong", [{"robots": "ignore"}, {"allow": "x"}, {"allow": [7]}, {"unknown": 1}])
def test_wrong_settings_are_usage_errors(inquiry: Any, wrong: dict[str, Any]) -> None:
    folder = inquiry().record.folder
    text = (folder / "record.toml").read_text().partition("\n[capture]")[0]
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in wrong.items())
    (folder / "record.toml").write_text(f"{text}\n[capture]\n{lines}\n")
    with pytest.raises(UsageError):
        list(ascertain.open(folder).capture_each(["http://example.org/"]))


def test_a_date_that_is_none_and_no_time_at_all_are_refused_before_anything_is_asked(inquiry: Any) -> None:
    made = inquiry()
    with pytest.raises(BadMoment):
        list(made.capture_each(["http://example.org/"], Given(published="last week")))
    with pytest.raises(UsageError):
        made.capture_each(["http://example.org/"], seconds=0)


def test_half_a_character_in_an_address_is_no_traceback(inquiry: Any) -> None:
    made = inquiry()
    (failed,) = made.capture_each(["http://example.org/\ud800 x"])
    assert failed.code == "bad-address"
    assert made.verify().problems == ()


TARGETS = {"http://a": True, "HTTPS://a": True, "http:/a": False, "a.pdf": False, "ftp://a": False}


@pytest.mark.parametrize("text", TARGETS)
def test_what_is_an_address(text: str) -> None:
    assert is_address(text) is TARGETS[text]
