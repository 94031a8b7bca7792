"""Addresses that serve a file, or nothing: captured without a browser."""

from __future__ import annotations

import gzip
import socket
import zipfile
from typing import Any

import pytest

PDF = b"%PDF-1.4\n1 0 obj"


def codes(problems: Any) -> list[str]:
    return [problem.code for problem in problems]


def redirect(where: str, status: str = "302 Found") -> bytes:
    return f"HTTP/1.1 {status}\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()


def test_a_file_is_kept_as_it_was_served_beside_its_archive(site: Any, captured: Any, page: Any) -> None:
    packed = page(gzip.compress(PDF), "Content-Encoding: gzip", media_type="application/pdf")
    here = site({"/old": redirect("/docs/report%20one.pdf?x=1"), "/docs/report%20one.pdf?x=1": packed})
    done = captured(here, "/old")
    assert (done.failures, done.notes, done.method) == ([], [], "file")
    (part,) = done.parts
    assert (part.method, part.name, part.path.read_bytes()) == ("file", "report%20one.pdf", PDF)
    assert [step["status"] for step in done.facts["first_asked"]] == [302, 200]
    assert done.facts["url"] == f"{here.address}/docs/report%20one.pdf?x=1"
    with zipfile.ZipFile(done.wacz) as archive:
        index = archive.read("indexes/index.cdx").decode()
    assert index.count('"mime":"application/pdf"') == 1
    assert [request.split(" ")[:2] for request in here.requests] == [
        ["HEAD", "/old"], ["HEAD", "/docs/report%20one.pdf?x=1"], ["GET", "/robots.txt"],
        ["GET", "/old"], ["GET", "/docs/report%20one.pdf?x=1"],
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/..%2f..%2fetc", "/a/../../.bashrc", "/", "/x/%00", "/" + "n" * 400])
def test_no_name_of_a_served_file_is_a_path(site: Any, captured: Any, page: Any, path: str) -> None:
    here = site({path: page(b"\x00\x01", media_type="application/octet-stream")})
    (part,) = captured(here, path).parts
    assert "/" not in part.name
    assert 0 < len(part.name) <= 100
    assert not part.name.startswith(".")


ASTRAY = {
    "http://169.254.169.254/latest/": "refused-address",
    "http://inside.test/": "refused-address",
    "http://metadata.test/": "refused-address",
    "http://[::1]/": "refused-address",
    "//127.0.0.1:22/": "refused-port",
    "file:///etc/passwd": "refused-scheme",
    "ftp://example.org/": "refused-scheme",
    "gopher://x/": "refused-scheme",
    "http://u:p@example.org/": "bad-address",
    "http://[::1": "bad-address",
    "http://nowhere.test/": "no-such-host",
}


@pytest.mark.parametrize("where", ASTRAY)
def test_a_redirect_to_where_we_do_not_go_is_a_failure(site: Any, captured: Any, where: str) -> None:
    here = site({"/a": redirect(where)})
    names = {address: [address] for address in ("169.254.169.254", "::1", "127.0.0.1")}
    names |= {"inside.test": ["192.168.1.1"], "metadata.test": ["64:ff9b::a9fe:a9fe"]}
    done = captured(here, "/a", names=names)
    assert codes(done.failures) == [ASTRAY[where]]
    assert done.facts["outcome"] == "failed"


OUT_OF_REACH = (
    "file:///etc/passwd", "http://169.254.169.254/", "http://127.0.0.1:22/", "nonsense://", "http://a:b@c/",
    "http://nowhere.test/",
)  # fmt: skip


@pytest.mark.parametrize("address", OUT_OF_REACH)
def test_an_address_out_of_reach_is_a_failure_and_nothing_is_asked(site: Any, captured: Any, address: str) -> None:
    here = site({})
    done = captured(here, address, names={"169.254.169.254": ["169.254.169.254"]})
    assert len(done.failures) == 1
    assert done.wacz is None
    assert here.requests == []


def endless(connection: socket.socket, request: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n")
    while not request.startswith("HEAD"):
        connection.sendall(bytes(65536))


def head(*headers: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: video/mp4", *headers, "", "")).encode()


BROKEN = {
    "limit-bytes": endless,
    "truncated": head("Content-Length: 900") + b"half",
    "zero-bytes": head("Content-Length: 0"),
    "refused-coding": head("Content-Encoding: br", "Content-Length: 4") + b"half",
    "limit-unpacked": head("Content-Encoding: gzip") + gzip.compress(bytes(30_000_000)),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_file_that_is_not_whole_is_a_failure_with_its_evidence(site: Any, captured: Any, code: str) -> None:
    here = site({"/v.mp4": BROKEN[code]})
    done = captured(here, "/v.mp4", limits={"bytes": 5_000_000, "unpacked_bytes": 20_000_000})
    assert codes(done.failures) == [code]
    assert done.facts["failures"][0]["code"] == code
    with zipfile.ZipFile(done.wacz) as archive:
        assert "FAILED CAPTURE" in archive.read("datapackage.json").decode()


def test_robots_are_recorded_and_obeyed_only_when_that_is_wanted(site: Any, captured: Any, page: Any) -> None:
    no = page("User-agent: *\nDisallow: /", media_type="text/plain")
    here = site({"/f.pdf": page(PDF, media_type="application/pdf"), "/robots.txt": no})
    done = captured(here, "/f.pdf")
    assert done.good
    assert done.facts["robots"] == {
        "url": f"{here.address}/robots.txt", "status": 200, "disallowed": True, "rule": "Disallow: /",
    }  # fmt: skip
    asked = len(here.asked("/f.pdf"))
    obedient = captured(here, "/f.pdf", obey_robots=True)
    assert codes(obedient.failures) == ["robots-disallowed"]
    assert len(here.asked("/f.pdf")) == asked + 1  # the question what it is; never the file


def test_we_say_who_we_are(site: Any, captured: Any, page: Any) -> None:
    here = site({"/f.pdf": page(PDF, media_type="application/pdf")})
    captured(here, "/f.pdf", contact="https://example.org/us (x)\r\nEvil: y")
    assert all("User-Agent: Ascertain/" in request for request in here.requests)
    assert all("(+https://example.org/us xEvil: y)" in request for request in here.requests)
    assert not any(line.startswith("Evil") for request in here.requests for line in request.split("\r\n"))


def test_without_a_browser_a_page_is_a_named_failure(site: Any, captured: Any, page: Any) -> None:
    here = site({"/": page("<p>words")})
    done = captured(here, browser="no-such-browser")
    assert codes(done.failures) == ["browser-missing"]
