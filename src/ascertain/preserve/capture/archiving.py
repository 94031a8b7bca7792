"""Turns what a gateway kept into a WARC: each response with its request, and what the browser made of the page."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascertain.preserve.capture import http1
from ascertain.preserve.capture.exchange import Exchange
from ascertain.preserve.warc.packing import Indexed
from ascertain.preserve.warc.writing import WarcWriter, Written, of_bytes, of_file

_CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something made of a page: its screenshot, its text. `uri` is a urn that names it."""

    uri: str
    media_type: str
    data: bytes


def write_warc(
    target: Path,
    exchanges: Iterable[Exchange],
    resources: Iterable[Resource],
    *,
    asked: str,
    date: datetime.datetime,
    software: str,
    user_agent: str,
    facts: Mapping[str, Any],
) -> list[Indexed]:
    """Write the WARC of one capture; returns what its index has to list. `facts` becomes a metadata record."""
    index: list[Indexed] = []
    with target.open("wb") as out:
        writer = WarcWriter(out, f"{asked} {date.isoformat()}")
        info = writer.write("warcinfo", date, "application/warc-fields", of_bytes(_info(software, user_agent)))
        origin = [("WARC-Warcinfo-ID", info.record_id)]
        for exchange in sorted(exchanges, key=lambda one: one.number):
            index.append(_write_exchange(writer, exchange, origin))
        for resource in resources:
            block = of_bytes(resource.data)
            written = writer.write("resource", date, resource.media_type, block, uri=resource.uri, headers=origin)
            digest = f"sha256:{hashlib.sha256(resource.data).hexdigest()}"
            index.append(Indexed(written, resource.uri, date, resource.media_type, 0, digest))
        said = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
        writer.write("metadata", date, "application/json", of_bytes(said), uri=asked, headers=origin)
    return index


def _write_exchange(writer: WarcWriter, exchange: Exchange, origin: list[tuple[str, str]]) -> Indexed:
    connection = [*origin, ("WARC-IP-Address", exchange.address), ("WARC-Protocol", "http/1.1")]
    if exchange.tls is not None:
        version = exchange.tls.version.lower().replace("tlsv", "tls/")
        connection += [("WARC-Protocol", version), ("WARC-Cipher-Suite", exchange.tls.cipher)]
    response = writer.write(
        "response",
        exchange.began,
        "application/http; msgtype=response",
        of_file(exchange.response_path),
        uri=exchange.url,
        headers=[*connection, *_payload(exchange)],
    )
    writer.write(
        "request",
        exchange.began,
        "application/http; msgtype=request",
        of_file(exchange.request_path),
        uri=exchange.url,
        headers=[*connection, ("WARC-Concurrent-To", response.record_id)],
    )
    return _indexed(exchange, response)


def _payload(exchange: Exchange) -> list[tuple[str, str]]:
    """The payload's digest, unless the body is chunked: the standard and its tools disagree on what is hashed then."""
    found = []
    if exchange.head is not None:
        framing, _ = http1.response_framing(exchange.method, exchange.head)
        if framing is not http1.Framing.CHUNKED:
            found.append(("WARC-Payload-Digest", f"sha256:{exchange.entity_sha256}"))
    if exchange.truncated:
        found.append(("WARC-Truncated", exchange.truncated))
    return found


def _indexed(exchange: Exchange, response: Written) -> Indexed:
    digest = f"sha256:{exchange.entity_sha256}"
    return Indexed(response, exchange.url, exchange.began, exchange.media_type, exchange.status, digest)


def _info(software: str, user_agent: str) -> bytes:
    fields = [("software", software), ("format", "WARC File Format 1.1"), ("conformsTo", _CONFORMS)]
    fields += [("http-header-user-agent", user_agent)] if user_agent else []
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "replace")
