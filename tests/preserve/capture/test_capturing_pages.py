"""Pages, captured by the system's Chromium from sites on the loopback interface."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import shutil
import socket
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from wacz.main import main as wacz
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from ascertain.preserve.capture.origin import Trust

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
REPORT = (
    "<!doctype html><title>On the attack</title><h1>Report</h1><p>Two people were hurt.</p>"
    "<p style='height:1500px'>More <a href='/next?x=1#y'>follows</a>.</p><img src=/x.png>"
    "<script>fetch('/data.json').then(r => r.json()).then(d => { document.body.append(d.word) })</script>"
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no `chromium` on the path: apt-get install chromium"),
]


def codes(problems: Any) -> set[str]:
    return {problem.code for problem in problems}


@pytest.fixture
def report(secure_site: Any, page: Any) -> tuple[Any, Trust]:
    """A site with a page, a picture, a script's data, and an old address that leads to the page."""
    here, roots = secure_site(
        {
            "/": page(REPORT, "Set-Cookie: a=b"),
            "/x.png": page(PNG, media_type="image/png"),
            "/data.json": page(
                gzip.compress(b'{"word": "afterwards"}'), "Content-Encoding: gzip", media_type="application/json"
            ),
            "/robots.txt": page("User-agent: *\nDisallow: /old\n", media_type="text/plain"),
            "/old": b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        }
    )
    return here, Trust(str(roots))


def test_a_page_becomes_an_archive_that_other_tools_accept(
    report: Any, captured: Any, capsys: Any, tmp_path: Path
) -> None:
    here, trust = report
    done = captured(here, "/old", trust=trust, contact="https://example.org/about-us")
    assert (done.failures, done.notes, done.method, done.title) == ([], [], "browser", "On the attack")
    assert done.url == f"{here.address}/"
    assert wacz(["validate", "-f", str(done.wacz)]) == 0
    with zipfile.ZipFile(done.wacz) as archive:
        archive.extractall(tmp_path / "unpacked")
        names = archive.namelist()
        index = archive.read("indexes/index.cdx").decode()
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
        warc = archive.read("archive/data.warc.gz")
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    assert names == [
        "archive/data.warc.gz",
        "indexes/index.cdx",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    assert (pages[1]["url"], pages[1]["title"]) == (f"{here.address}/", "On the attack")
    assert "afterwards" in pages[1]["text"]

    wanted = SimpleNamespace(inputs=[str(tmp_path / "unpacked/archive/data.warc.gz")], verbose=True)
    assert Checker(wanted).process_all() == 0
    told = capsys.readouterr().out
    assert told.count("digest pass") == told.count("offset")

    records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(io.BytesIO(warc))]
    for path in ("/old", "/", "/x.png", "/data.json", "/robots.txt"):
        assert records.count(("response", here.address + path)) == 1
        assert records.count(("request", here.address + path)) == 1
    assert ("resource", f"urn:fullPage:{here.address}/") in records
    assert ("resource", f"urn:text:{here.address}/") in records
    assert ("metadata", f"{here.address}/old") in records

    for line in index.splitlines():  # every line of the index leads to its record
        said = json.loads(line.split(" ", 2)[2])
        start, length = int(said["offset"]), int(said["length"])
        (record,) = ArchiveIterator(io.BytesIO(warc[start : start + length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == said["url"]

    facts = done.facts
    assert facts["outcome"] == "captured"
    assert [(s["url"], s["status"]) for s in facts["steps"]] == [
        (f"{here.address}/old", 302),
        (f"{here.address}/", 200),
    ]
    assert facts["robots"]["disallowed"] is True
    assert facts["robots"]["rule"] == "Disallow: /old"
    assert facts["certificates"]["secure.test"]["verified"] is True
    assert facts["hosts"] == {"secure.test": {"addresses": ["127.0.0.1"]}}
    assert facts["page"]["links"] == [{"url": f"{here.address}/next?x=1#y", "text": "follows"}]
    assert facts["page"]["screenshot"]["page_height"] > 1500
    assert facts["browser"]["user_agent"].endswith(" (+https://example.org/about-us)")
    assert "HeadlessChrome" in facts["browser"]["user_agent"]
    assert all("Ascertain/" in request for request in here.requests)
    assert {part.method for part in done.parts} == {"screenshot", "text"}
    assert set(facts["page"]["beside_the_browser"]) <= {f"{here.address}/robots.txt", f"{here.address}/favicon.ico"}
    json.dumps(facts)


def _own_address() -> str:
    """This machine's address on a network, if it has one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("198.51.100.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


class Decoy:
    """Listens where nothing should ever arrive."""

    def __init__(self) -> None:
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("0.0.0.0", 0))
        self.here = _own_address()  # WebRTC does not send from a network card to the loopback interface
        self.got: list[Any] = []
        threading.Thread(target=self._take, args=(self.tcp.accept,), daemon=True).start()
        threading.Thread(target=self._take, args=(lambda: self.udp.recvfrom(100),), daemon=True).start()

    def _take(self, wait: Any) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.got.append(wait())

    @property
    def ports(self) -> tuple[int, int]:
        return self.tcp.getsockname()[1], self.udp.getsockname()[1]

    def close(self) -> None:
        self.tcp.close()
        self.udp.close()


@pytest.fixture
def decoy() -> Iterator[Decoy]:
    made = Decoy()
    yield made
    made.close()


HOSTILE = """<!doctype html><title>Hostile</title><h1>A page of many tricks</h1><div id=out></div>
<img src="http://127.0.0.1:%(tcp)d/img"><iframe src="file:///etc/passwd"></iframe>
<iframe src="http://169.254.169.254/latest/meta-data/"></iframe><link rel=preconnect href="http://127.0.0.1:%(tcp)d">
<link rel=dns-prefetch href="//leak.example"><script>
const targets = ["http://127.0.0.1:%(tcp)d/a", "http://localhost:%(tcp)d/b", "http://[::1]:%(tcp)d/c",
  "http://169.254.169.254/latest/", "http://inside.test/", "http://2130706433:%(tcp)d/d", "https://inside.test/",
  "http://100.100.100.200/", "http://0.0.0.0:%(tcp)d/"];
for (const target of targets) {
  fetch(target, {mode: "no-cors"}).catch(() => {});
  try { navigator.sendBeacon(target, "x") } catch {}
  new Image().src = target;
}
try { new WebSocket("ws://127.0.0.1:%(tcp)d/") } catch {}
try { new WebSocket("ws://" + location.host + "/socket") } catch {}
try { new EventSource("http://127.0.0.1:%(tcp)d/events") } catch {}
const frame = document.createElement("iframe"); frame.srcdoc = "<p>x"; document.body.append(frame);
for (const world of [window, frame.contentWindow]) { try {
  const peer = new world.RTCPeerConnection({iceServers: [{urls: "stun:%(here)s:%(udp)d"},
    {urls: "turn:127.0.0.1:%(tcp)d?transport=tcp", username: "a", credential: "b"}]});
  peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
} catch {} try { new world.WebTransport("https://%(here)s:%(udp)d/") } catch {} }
const worker = new Worker(URL.createObjectURL(new Blob([`
  fetch("http://127.0.0.1:%(tcp)d/worker", {mode: "no-cors"}).catch(() => {});
  try { new WebTransport("https://%(here)s:%(udp)d/") } catch {}
  fetch("${location.origin}/from-a-worker").catch(() => {});`])));
navigator.serviceWorker && navigator.serviceWorker.register("/worker.js").then(
  () => out.append("installed a service worker"), () => {});
window.open("/popup"); window.open("http://127.0.0.1:%(tcp)d/popup");
alert("hello"); confirm("really?");
const link = document.createElement("a"); link.href = "/file.bin"; link.download = "../../evil";
document.body.append(link); link.click();
Object.defineProperty(document, "title", {get: () => "a lie"}); document.querySelectorAll = () => [];
const clobber = document.createElement("form"); clobber.name = "links"; document.body.append(clobber);
setTimeout(() => fetch("/late"), 500);
</script>"""


def test_a_page_full_of_tricks_reaches_nothing_and_leaves_nothing(
    site: Any, page: Any, captured: Any, decoy: Decoy, tmp_path: Path
) -> None:
    tcp, udp = decoy.ports
    here = site(
        {
            "/": page(HOSTILE % {"tcp": tcp, "udp": udp, "here": decoy.here}),
            "/worker.js": page("self.addEventListener('fetch', e => {})", media_type="text/javascript"),
            "/file.bin": page(b"\x00" * 1000, media_type="application/octet-stream"),
            "/popup": page("<title>popup</title>popup"),
        }
    )
    names = {"inside.test": ["10.0.0.1"], "localhost": ["127.0.0.1"], "2130706433": ["127.0.0.1"]}
    names |= {text: [text] for text in ("127.0.0.1", "::1", "169.254.169.254", "100.100.100.200", "0.0.0.0")}
    done = captured(here, names=names)
    assert done.failures == []
    assert decoy.got == []
    assert done.title == "Hostile"
    assert {
        "refused-address",
        "refused-port",
        "refused-upgrade",
        "popup-closed",
        "dialog-dismissed",
        "download",
    } <= codes(done.notes)
    text = next(part for part in done.parts if part.method == "text").path.read_text()
    assert "A page of many tricks" in text
    assert "service worker" not in text
    assert {request.split(" ")[1] for request in here.requests} >= {"/", "/from-a-worker", "/late"}
    assert not any("Upgrade: " in request for request in here.requests)
    assert not list(Path(tmp_path).rglob("evil"))
    assert not any("file:" in problem.url for problem in done.notes)


def drip(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>One word")
    while True:
        connection.sendall(b".")
        time.sleep(0.05)


def bomb() -> bytes:
    data = gzip.compress(b"<p>" + bytes(80_000_000))
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
        % len(data)
        + data
    )


def html(body: str, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, "", body)).encode()


FAILURES: dict[str, tuple[bytes | Any, set[str]]] = {
    "/error": (html("nothing here", status="404 Not Found"), {"http-error"}),
    "/broken": (html("", "Content-Length: 0", status="503 Busy"), {"http-error", "zero-bytes"}),
    "/zero": (html("", "Content-Length: 0"), {"zero-bytes", "empty-page", "blank-screenshot"}),
    "/empty": (html("<body> \n <p></p>"), {"empty-page", "blank-screenshot"}),
    "/white": (html("<p style='color:white'>unseen"), {"blank-screenshot"}),
    "/login": (html("Welcome <form><input type=password></form>"), {"login-wall"}),
    "/wall": (html("<title>Just a moment...</title>Wait."), {"bot-wall"}),
    "/cut": (html("<p>half", "Content-Length: 900"), {"truncated"}),
    "/hang": (html("<p>words<script>for(;;);</script>"), {"page-failed"}),
    "/away": (html("<p>words<script>location='http://169.254.169.254/'</script>"), {"refused-address"}),
    "/file": (html("<p>words<script>location='file:///etc/passwd'</script>"), set()),
    "/drip": (drip, {"limit-seconds"}),
    "/bomb": (bomb(), {"limit-unpacked"}),
}


@pytest.mark.parametrize("path", FAILURES)
def test_what_is_not_the_page_is_a_failure_with_its_code(site: Any, captured: Any, path: str) -> None:
    answer, expected = FAILURES[path]
    here = site({path: answer})
    names = {"169.254.169.254": ["169.254.169.254"]}
    began = time.monotonic()
    seconds = 4.0 if path in ("/drip", "/hang") else 20.0
    done = captured(here, path, names=names, seconds=seconds, limits={"unpacked_bytes": 20_000_000})
    assert codes(done.failures) == expected
    assert done.good == (not expected)
    assert done.facts["outcome"] == ("failed" if expected else "captured")
    assert time.monotonic() - began < 30
    if expected:
        with zipfile.ZipFile(done.wacz) as archive:
            assert json.loads(archive.read("datapackage.json"))["title"].startswith("FAILED CAPTURE")


def test_a_redirect_of_the_browser_alone_to_a_refused_address_is_a_failure(site: Any, captured: Any) -> None:
    def answer(connection: socket.socket, request: str) -> None:
        where = b"/" if request.startswith("HEAD") else b"http://169.254.169.254/latest/"
        status = b"200 OK" if request.startswith("HEAD") else b"302 Found"
        connection.sendall(
            b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n" % (status, where)
        )

    here = site({"/": answer})
    done = captured(here, names={"169.254.169.254": ["169.254.169.254"]})
    assert codes(done.failures) == {"refused-address"}


@pytest.mark.parametrize(("path", "code"), [("/turn", "redirect-loop"), ("/on", "limit-redirects")])
def test_redirects_without_an_end_are_a_failure(site: Any, captured: Any, path: str, code: str) -> None:
    def on(connection: socket.socket, request: str) -> None:
        where = "/turn" if "/turn" in request else request.split(" ")[1] + "n"
        connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode())

    here = site({"/turn": on} | {"/o" + "n" * number: on for number in range(1, 60)})
    done = captured(here, path)
    assert code in codes(done.failures) | codes(done.notes)
    assert not done.good
    assert len(here.requests) < 60


@pytest.mark.parametrize("to_head", [b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", b""])
def test_a_file_at_an_address_that_has_no_answer_to_head_is_kept_as_a_file(
    site: Any, captured: Any, page: Any, to_head: bytes
) -> None:
    def answer(connection: socket.socket, request: str) -> None:
        whole = page(b"%PDF-1.4 x", media_type="application/pdf")
        connection.sendall(to_head if request.startswith("HEAD") else whole)

    done = captured(site({"/f.pdf": answer}), "/f.pdf")
    assert (done.failures, done.method) == ([], "file")
    assert [(part.name, part.path.read_bytes()) for part in done.parts] == [("f.pdf", b"%PDF-1.4 x")]


def test_a_self_signed_certificate_is_a_failure_unless_it_is_allowed(
    secure_site: Any, captured: Any, page: Any
) -> None:
    here, _ = secure_site({"/": page(REPORT)})
    done = captured(here)
    assert codes(done.failures) == {"bad-certificate"}
    assert done.facts["certificates"][f"secure.test:{here.port}"]["verified"] is False
    allowed = captured(here, trust=Trust(unverified=[f"secure.test:{here.port}"]))
    assert allowed.good
    assert "bad-certificate" in codes(allowed.notes)
    assert allowed.facts["certificates"]["secure.test"]["error"].startswith("self-signed")


@pytest.mark.parametrize("program", ["/bin/true", "/bin/sh"])
def test_a_browser_that_is_none_is_a_named_failure(site: Any, captured: Any, page: Any, program: str) -> None:
    done = captured(site({"/": page("<p>words")}), browser=program, seconds=10.0)
    assert codes(done.failures) == {"browser-failed"}
    assert done.facts["browser"] is None


def test_nothing_of_the_browser_is_left(site: Any, captured: Any, page: Any, monkeypatch: Any) -> None:
    here = site({"/": page("<p>words")})
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        assert captured(here).good
        assert list(Path(folder).iterdir()) == []


def test_limits_of_height_text_and_links_are_named_and_no_failure(site: Any, captured: Any, page: Any) -> None:
    here = site({"/": page("<p style='height:3000px'>words<a href=/1>1</a><a href=/2>2</a>")})
    done = captured(here, limits={"height_pixels": 1000, "text_characters": 3, "links": 1})
    assert done.good
    assert codes(done.notes) == {"limit-height", "limit-text", "limit-links"}
    assert done.facts["page"]["screenshot"]["height"] == 1000
    assert done.facts["page"]["text"]["characters"] == 3
    assert len(done.facts["page"]["links"]) == 1


def test_a_second_capture_of_the_same_answers_gives_the_same_records(site: Any, captured: Any, page: Any) -> None:
    here = site({"/": page("<title>T</title><p>Two words"), "/favicon.ico": page("x")})
    first, second = captured(here), captured(here)

    def records(done: Any) -> list[Any]:
        with zipfile.ZipFile(done.wacz) as archive:
            data = archive.read("archive/data.warc.gz")
        found = ArchiveIterator(io.BytesIO(data))
        names = ("WARC-Type", "WARC-Target-URI", "WARC-Block-Digest")
        told = [[str(record.rec_headers.get_header(name)) for name in names] for record in found]
        return sorted(one for one in told if one[0] != "metadata")

    assert records(first) == records(second)
