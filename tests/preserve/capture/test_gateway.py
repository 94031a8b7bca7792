"""The door to the network against hostile servers: each refusal has a name, bounded bytes and bounded time."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from typing import Any

import pytest

from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.capture.gateway import Gateway, Request
from ascertain.preserve.capture.guard import Target
from ascertain.preserve.capture.origin import Trust
from ascertain.preserve.capture.wire import Left


def ask(gateway: Gateway, place: Any, path: str = "/", **options: Any) -> Exchange:
    """GET a path of a site."""
    scheme = "https" if place.context else "http"
    return gateway.exchange(
        Request("GET", Target(scheme, place.host, place.port), path, [("X-Test", "Yes")]), **options
    )


def code(exchange: Exchange) -> str:
    return exchange.problem.code if exchange.problem else ""


def test_what_was_sent_and_what_came_are_kept_byte_by_byte(site: Any, gateway: Any, page: Any) -> None:
    answer = b"HTTP/1.1 200 Fine\r\nx-Odd:  spaces \r\nContent-Length: 5\r\n\r\nhello"
    here = site({"/a?b=c": answer})
    done = ask(gateway(here), here, "/a?b=c")
    assert code(done) == ""
    assert done.response_path.read_bytes() == answer
    assert done.request_path.read_bytes() == here.requests[0].encode()
    assert (
        done.request_path.read_bytes()
        == (
            f"GET /a?b=c HTTP/1.1\r\nHost: site.test:{here.port}\r\nX-Test: Yes\r\n"
            "Accept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n"
        ).encode()
    )
    assert (done.address, done.tls, done.status, done.entity_size) == ("127.0.0.1", None, 200, 5)
    assert done.url == f"{here.address}/a?b=c"


def test_a_chunked_and_packed_body_is_kept_as_sent_and_read_as_meant(site: Any, gateway: Any) -> None:
    packed = gzip.compress(b"hello " * 1000)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    chunks = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(p), p) for p in (packed[:10], packed[10:])) + b"0\r\nT: 1\r\n\r\n"
    here = site({"/": head + chunks})
    done = ask(gateway(here), here)
    assert code(done) == ""
    assert done.response_path.read_bytes() == head + chunks
    assert b"".join(done.entity()) == packed
    assert b"".join(done.content(10**6)) == b"hello " * 1000
    assert b"".join(done.content(7)) == b"hello h"


def test_interim_answers_are_passed_over(site: Any, gateway: Any, page: Any) -> None:
    here = site({"/": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + page("x")})
    assert ask(gateway(here), here).status == 200


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "bad-response"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n", "bad-response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "bad-response"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, "bad-response"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 3000 + b"\r\n", "bad-response"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, "bad-response"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "bad-response"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "bad-response"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "bad-response"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x")[:12], "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello", "refused-coding"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 20_000, "bad-response"),
    ],
)  # fmt: skip
def test_a_broken_answer_has_a_name(site: Any, gateway: Any, answer: bytes, expected: str) -> None:
    here = site({"/": answer})
    door = gateway(here)
    done = ask(door, here)
    assert code(done) == expected
    assert [problem.code for problem in door.problems] == [expected]
    assert bool(done.truncated) == (done.head is not None)


def test_bytes_behind_the_end_of_a_body_are_not_part_of_it(site: Any, gateway: Any) -> None:
    here = site({"/": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\r\nsmuggled"})
    assert b"".join(ask(gateway(here), here).entity()) == b"hello"


def endless(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(bytes(65536))


def drip(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b".")
        time.sleep(0.05)


def drip_head(connection: socket.socket, _: str) -> None:
    while True:
        connection.sendall(b"H")
        time.sleep(0.05)


def silence(connection: socket.socket, _: str) -> None:
    time.sleep(10)


def test_an_endless_body_ends_at_the_limit_in_little_memory(site: Any, gateway: Any) -> None:
    here = site({"/": endless})
    door = gateway(here, bytes=30_000_000)
    tracemalloc.start()
    done = ask(door, here)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (code(done), done.truncated) == ("limit-bytes", "length")
    assert 29_000_000 < done.response_path.stat().st_size < 31_000_000
    assert peak < 3_000_000
    assert code(ask(door, here)) == "limit-bytes"  # and nothing more comes in afterwards


@pytest.mark.parametrize("server", [drip, drip_head])
def test_a_server_that_never_ends_is_left_at_the_end_of_the_time(site: Any, gateway: Any, server: Any) -> None:
    here = site({"/": server})
    began = time.monotonic()
    done = ask(gateway(here, seconds=0.5), here)
    assert code(done) == "limit-seconds"
    assert time.monotonic() - began < 2


def test_a_silent_server_is_left_before_the_end_of_the_time(site: Any, gateway: Any) -> None:
    here = site({"/": silence})
    began = time.monotonic()
    assert code(ask(gateway(here, idle_seconds=0.3), here)) == "truncated"
    assert time.monotonic() - began < 2


def test_a_bomb_ends_at_what_it_unpacks_to(site: Any, gateway: Any) -> None:
    bomb = gzip.compress(bytes(60_000_000))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    here = site({"/": head + bomb})
    assert code(ask(gateway(here, unpacked_bytes=5_000_000), here)) == "limit-unpacked"


def test_the_number_of_requests_is_limited(site: Any, gateway: Any, page: Any) -> None:
    here = site({"/": page("x")})
    door = gateway(here, exchanges=3)
    assert [code(ask(door, here)) for _ in range(5)] == ["", "", "", "limit-exchanges", "limit-exchanges"]
    assert len(here.requests) == 3


def test_a_name_is_looked_up_once_so_that_a_second_answer_never_counts(site: Any, gateway: Any, page: Any) -> None:
    """DNS rebinding: the first answer is good, every later one is the metadata service."""
    here = site({"/": page("x")})
    door = gateway(here)
    answers = [["127.0.0.1"], ["169.254.169.254"], ["169.254.169.254"]]
    door.resolver.lookup = lambda _: answers.pop(0)
    assert [code(ask(door, here)) for _ in range(3)] == ["", "", ""]
    assert len(answers) == 2


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["169.254.169.254"],
        ["64:ff9b::7f00:1"],
    ],
)
def test_a_host_with_a_private_address_is_not_connected_to(gateway: Any, site: Any, answer: list[str]) -> None:
    door = gateway(names={"evil.test": answer})
    done = door.exchange(Request("GET", Target("http", "evil.test", 80), "/", []))
    assert code(done) == "refused-address"
    assert door.exchanges == []


def test_a_host_without_an_address_is_named(gateway: Any) -> None:
    assert code(gateway().exchange(Request("GET", Target("http", "nowhere.test", 80), "/", []))) == "no-such-host"
    empty = gateway(names={"empty.test": []})
    assert code(empty.exchange(Request("GET", Target("http", "empty.test", 80), "/", []))) == "no-such-host"


def test_a_resolver_that_never_answers_is_left(gateway: Any) -> None:
    door = gateway(connect_seconds=0.2)
    door.resolver.lookup = lambda _: time.sleep(5) or []
    began = time.monotonic()
    assert code(door.exchange(Request("GET", Target("http", "slow.test", 80), "/", []))) == "no-such-host"
    assert time.monotonic() - began < 2


def test_a_closed_port_is_named(gateway: Any, site: Any) -> None:
    here = site()
    here.stop()
    assert code(ask(gateway(here), here)) == "unreachable"


def test_a_body_over_tls_that_ends_without_a_close_may_have_been_cut(secure_site: Any, gateway: Any) -> None:
    def cut(connection: Any, _: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf of what th")
        connection.shutdown(socket.SHUT_RDWR)

    here, roots = secure_site({"/": cut})
    done = ask(gateway(here, trust=Trust(str(roots))), here)
    assert (code(done), done.truncated) == ("truncated", "disconnect")


def test_a_good_certificate_is_recorded_with_its_chain(secure_site: Any, gateway: Any, page: Any) -> None:
    here, roots = secure_site({"/": page("x")})
    done = ask(gateway(here, trust=Trust(str(roots))), here)
    assert code(done) == ""
    assert done.tls.verified
    assert done.tls.version == "TLSv1.3"
    (shown,) = done.tls.chain
    assert (shown.subject, shown.names, shown.serial) == ("CN=secure.test", ("secure.test",), "1267")
    assert len(here.requests) == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "self-signed certificate"),
        ({"days": -1}, "self-signed certificate"),
        ({"name": "other.test"}, "self-signed certificate"),
    ],
)
def test_a_bad_certificate_is_a_failure_and_nothing_is_asked(
    secure_site: Any, gateway: Any, page: Any, options: dict[str, Any], reason: str
) -> None:
    here, _ = secure_site({"/": page("x")}, **options)
    door = gateway(here)
    done = ask(door, here)
    assert code(done) == "bad-certificate"
    assert reason in done.problem.reason
    assert here.requests == []
    facts = door.certificates[f"secure.test:{here.port}"]
    assert not facts.verified
    assert facts.chain[0].subject == f"CN={options.get('name', 'secure.test')}"


@pytest.mark.parametrize(
    ("options", "reason"), [({"days": -1}, "expired"), ({"name": "other.test"}, "Hostname mismatch")]
)
def test_a_believed_certificate_must_still_be_good_for_the_day_and_the_host(
    secure_site: Any, gateway: Any, page: Any, options: dict[str, Any], reason: str
) -> None:
    here, roots = secure_site({"/": page("x")}, **options)
    done = ask(gateway(here, trust=Trust(str(roots))), here)
    assert code(done) == "bad-certificate"
    assert reason in done.problem.reason


def test_a_bad_certificate_can_be_allowed_by_name_and_stays_a_fact(secure_site: Any, gateway: Any, page: Any) -> None:
    here, _ = secure_site({"/": page("x")})
    done = ask(gateway(here, trust=Trust(unverified=[f"secure.test:{here.port}"])), here)
    assert (code(done), done.status) == ("", 200)
    assert not done.tls.verified
    assert "self-signed" in done.tls.error


def test_plain_http_on_a_secure_port_is_named(site: Any, gateway: Any) -> None:
    here = site({})
    done = gateway(here, connect_seconds=0.5).exchange(Request("GET", Target("https", here.host, here.port), "/", []))
    assert code(done) == "tls-failed"


def test_whoever_listens_gets_what_came_and_may_leave(site: Any, gateway: Any, page: Any) -> None:
    heard: list[bytes] = []

    class Leaving:
        def head(self, head: Any) -> None:
            heard.append(head.raw)

        def piece(self, raw: bytes) -> None:
            raise Left("the browser wanted no more of it")

    here = site({"/": page("x" * 100)})
    done = ask(gateway(here), here, receiver=Leaving())
    assert (code(done), done.truncated) == ("left", "disconnect")
    assert heard == [done.head.raw]


def test_an_answer_that_is_not_wanted_is_left_after_its_head(site: Any, gateway: Any) -> None:
    here = site({"/": endless})
    door = gateway(here)
    done = ask(door, here, keep=False, stop=lambda head: head.status == 200)
    assert (code(done), done.status, door.exchanges) == ("", 200, [])
    assert not done.response_path.exists()


def test_closing_ends_what_is_going_on(site: Any, gateway: Any) -> None:
    here = site({"/": drip})
    door = gateway(here)
    threading.Timer(0.3, door.close).start()
    began = time.monotonic()
    done = ask(door, here)
    assert time.monotonic() - began < 2
    assert "the capture ended" in done.problem.reason
