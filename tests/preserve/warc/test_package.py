"""WACZ files made here, and what is wrong with them."""

from __future__ import annotations

import base64
import datetime
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from ascertain.preserve.warc.package import check_wacz
from ascertain.preserve.warc.packing import Described, Indexed, Page, pack
from ascertain.preserve.warc.report import Report
from ascertain.preserve.warc.writing import WarcWriter, of_bytes
from ascertain.record.custody.timestamps import verify_timestamp

NOTHING = "sha256:" + "0" * 64
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
URL = "https://example.org/report"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>words"
SAMPLE = Path(__file__).parents[3] / "../shared/data/trust/wacz/valid_signed_example_1.wacz"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: Any) -> bytes:
    """A package of one page."""
    folder = tmp_path_factory.mktemp("wacz")
    warc = folder / "data.warc.gz"
    with warc.open("wb") as out:
        writer = WarcWriter(out, "seed")
        writer.write("warcinfo", NOON, "application/warc-fields", of_bytes(b"software: x\r\n"))
        written = writer.write("response", NOON, "application/http; msgtype=response", of_bytes(HTTP), uri=URL)
    index = [Indexed(written, URL, NOON, "text/html", 200, "sha256:x")]
    pack(folder / "x.wacz", warc, index, [Page(URL, NOON, "T", "words")], Described("T", "", "ascertain", NOON))
    return (folder / "x.wacz").read_bytes()


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes] | list[tuple[str, bytes]], compress: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as archive:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, data)
    return out.getvalue()


def sealed(parts: dict[str, bytes], **signed: Any) -> dict[str, bytes]:
    """With a manifest, and its digest, that fit the parts."""
    package = json.loads(parts["datapackage.json"])
    for resource in package["resources"]:
        data = parts.get(resource["path"], b"")
        resource.update(hash=f"sha256:{hashlib.sha256(data).hexdigest()}", bytes=len(data))
    text = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}", **signed}
    return {**parts, "datapackage.json": text, "datapackage-digest.json": json.dumps(digest).encode()}


def check(data: bytes, **options: Any) -> Report:
    return check_wacz(io.BytesIO(data), "x.wacz", **options)


def bad(data: bytes) -> set[str]:
    return {one.code for one in check(data).findings if one.bad}


def test_a_whole_package_is_good(whole: bytes) -> None:
    report = check(whole)
    assert (report.verdict, report.findings) == ("good", [])
    assert report.to_json()["about"]["title"] == "T"


def test_a_package_compressed_once_more_is_a_note(whole: bytes) -> None:
    report = check(zipped(files(whole), zipfile.ZIP_DEFLATED))
    assert report.verdict == "good with notes"
    assert {one.code for one in report.findings} == {"compressed-warc"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("archive/data.warc.gz", "no-warc"), ("indexes/index.cdx", "no-index"), ("pages/pages.jsonl", "no-pages"),
        ("datapackage.json", "no-manifest"),
    ],
)  # fmt: skip
def test_a_part_that_is_not_there_is_named(whole: bytes, name: str, code: str) -> None:
    parts = files(whole)
    del parts[name]
    assert code in bad(zipped(parts))
    if name != "datapackage.json":
        assert "missing" in bad(zipped(parts))


def test_every_changed_byte_of_a_part_is_noticed(whole: bytes) -> None:
    for name, data in files(whole).items():
        for at in range(0, len(data), 7):
            parts = files(whole)
            parts[name] = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            assert check(zipped(parts)).verdict == "bad", (name, at)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda package: package["resources"].pop(), "not-listed"),
        (lambda package: package["resources"].append({"path": "archive/other.warc", "hash": NOTHING}), "missing"),
        (lambda package: package["resources"].append(package["resources"][0]), "bad-manifest"),
        (lambda package: package["resources"].append({"name": "x"}), "bad-manifest"),
        (lambda package: package["resources"].append(7), "bad-manifest"),
        (lambda package: package["resources"][0].pop("hash"), "no-hash"),
        (lambda package: package["resources"][0].update(hash="sha256:zz"), "no-hash"),
        (lambda package: package["resources"][0].update(hash=7, stats=7), "no-hash"),
        (lambda package: package["resources"][0].update(bytes=7), "wrong-size"),
        (lambda package: package.update(resources={}), "bad-manifest"),
    ],
)
def test_a_manifest_that_does_not_fit_is_named(whole: bytes, change: Any, code: str) -> None:
    parts = files(whole)
    package = json.loads(parts["datapackage.json"])
    change(package)
    parts["datapackage.json"] = json.dumps(package).encode()
    found = bad(zipped(parts))
    assert code in found
    assert "hash-mismatch" in found or package["resources"] == {}  # the manifest's own digest


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_none_is_named(whole: bytes, data: bytes) -> None:
    for name in ("datapackage.json", "datapackage-digest.json"):
        assert check(zipped({**files(whole), name: data})).verdict == "bad"


ELSEWHERE = ("../../evil", "/etc/passwd", "a\\b", "C:x", "a\x01b", "a\u202eb", "x/../y", "archive/./\u200bx")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_bad(whole: bytes, name: str) -> None:
    assert "zip-name" in bad(zipped({**files(whole), name: b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_bad(whole: bytes) -> None:
    parts = [*files(whole).items()]
    assert "zip-name" in bad(zipped([*parts, ("archive/data.warc.gz", b"another")]))
    assert "zip-name" in bad(zipped([*parts, ("Archive/DATA.warc.gz", b"another")]))


def test_another_name_in_front_of_the_bytes_is_bad(whole: bytes) -> None:
    at = whole.index(b"pages/pages.jsonl")
    assert "zip-name" in bad(whole[:at] + b"pages/other.jsonl" + whole[at + 17 :])


def test_a_link_and_an_encrypted_member_are_bad(whole: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files(whole).items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "zip-link" in bad(out.getvalue())
    encrypted = bytearray(whole)
    entry = encrypted.rindex(b"PK\x01\x02")
    encrypted[entry + 8] |= 1
    assert "zip-method" in bad(bytes(encrypted))


def test_bytes_before_the_first_member_are_bad(whole: bytes) -> None:
    assert "zip-before" in bad(b"#!/bin/sh\n" + whole)


def test_members_that_share_bytes_are_bad(whole: bytes) -> None:
    """The bomb that is not nested: many entries of the directory for one member."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        first, second = archive.infolist()[:2]
    changed = bytearray(whole)
    entry = changed.index(b"PK\x01\x02", changed.index(b"PK\x01\x02") + 4)
    changed[entry + 42 : entry + 46] = first.header_offset.to_bytes(4, "little")
    assert second.header_offset != first.header_offset
    assert bad(bytes(changed)) & {"zip-overlap", "zip-name"}


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does(whole: bytes) -> None:
    bomb = zipped({**files(whole), "logs/x.log": bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert bad_with(bomb, 10_000_000) == {"limit"}
    lying = bomb.replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert check(lying, most=10_000_000).verdict == "bad"


def bad_with(data: bytes, most: int) -> set[str]:
    return {one.code for one in check(data, most=most).findings if one.bad}


def test_an_index_that_leads_to_another_record_is_bad(whole: bytes) -> None:
    parts = files(whole)
    line = parts["indexes/index.cdx"]
    offset = json.loads(line.split(b" ", 2)[2])["offset"].encode()
    for changed in (
        line.replace(b'"offset":"' + offset, b'"offset":"0'), line.replace(b'"offset":"', b'"offset":"9'),
        line.replace(b"https://example.org/report", b"https://example.org/another"), b"nonsense\n", b"a b {}\n",
        line.replace(b"data.warc.gz", b"other.warc.gz"),
    ):  # fmt: skip
        assert "index-mismatch" in bad(zipped(sealed({**parts, "indexes/index.cdx": changed})))


def test_a_page_that_is_not_in_the_archive_is_a_note_and_one_that_is_none_is_bad(whole: bytes) -> None:
    parts = files(whole)
    pages = parts["pages/pages.jsonl"]
    other = check(zipped(sealed({**parts, "pages/pages.jsonl": pages.replace(b"/report", b"/never")})))
    assert {one.code for one in other.findings} == {"page-not-there"}
    for changed in (pages + b"{\n", pages + b"7\n", pages + b'{"url": 7}\n'):
        assert bad(zipped(sealed({**parts, "pages/pages.jsonl": changed}))) == {"bad-pages"}


def signed_by(key: ec.EllipticCurvePrivateKey, parts: dict[str, bytes], *, raw: bool) -> dict[str, Any]:
    """An anonymous signature as a browser makes it (two numbers side by side) or as OpenSSL does (DER)."""
    stated = json.loads(parts["datapackage-digest.json"])["hash"]
    signature = key.sign(stated.encode(), ec.ECDSA(hashes.SHA256()))
    if raw:
        half = (key.curve.key_size + 7) // 8
        signature = b"".join(number.to_bytes(half, "big") for number in utils.decode_dss_signature(signature))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    created = json.loads(parts["datapackage.json"])["created"]
    return {
        "hash": stated, "created": created, "software": "x", "version": "0.1.0",
        "signature": base64.b64encode(signature).decode(), "publicKey": base64.b64encode(public).decode(),
    }  # fmt: skip


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
@pytest.mark.parametrize("raw", [True, False])
def test_an_anonymous_signature_holds_and_says_nothing_of_whose_it_is(whole: bytes, curve: Any, raw: bool) -> None:
    parts = sealed(files(whole))
    signed = signed_by(ec.generate_private_key(curve), parts, raw=raw)
    report = check(zipped(sealed(parts, signedData=signed)))
    assert (report.verdict, report.signature["valid"], report.signature["kind"]) == (
        "good with notes",
        True,
        "anonymous",
    )
    assert report.signature["signer"].startswith("key ")
    assert report.signature["not_checked"] == ["whose key it is: an anonymous signature does not say"]


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "AAAA"}, {"signature": "not base64!"}, {"publicKey": "AAAA"}, {"created": "2020-01-01T00:00:00Z"},
        {"hash": "sha256:" + "0" * 64}, {"extra": "x"}, {"publicKey": None}, {"signature": None}, {"software": 7},
        {"signature": "A" * 50_000},
    ],
)  # fmt: skip
def test_an_anonymous_signature_that_is_wrong_is_bad(whole: bytes, change: dict[str, Any]) -> None:
    parts = sealed(files(whole))
    signed = {**signed_by(ec.generate_private_key(ec.SECP256R1()), parts, raw=True), **change}
    signed = {name: value for name, value in signed.items() if value is not None}
    assert "signature" in bad(zipped(sealed(parts, signedData=signed)))


@pytest.mark.parametrize("signed", [7, "x", [], {}, {"domain": "x"}, {"a": {}}])
def test_what_is_no_signature_is_bad(whole: bytes, signed: Any) -> None:
    assert "signature" in bad(zipped(sealed(files(whole), signedData=signed)))


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the shared samples are not beside the repository")
@pytest.mark.parametrize(
    "change",
    [
        {"domain": "example.org"}, {"signature": "AAAA"}, {"created": "2022-01-18T19:00:13Z"}, {"domainCert": "x"},
        {"timeSignature": "AAAA"}, {"timestampCert": "x"}, {"timeSignature": None}, {"publicKey": "AAAA"},
        {"hash": "sha256:" + "1" * 64},
    ],
)  # fmt: skip
def test_a_signature_of_a_domain_that_is_wrong_in_one_part_is_bad(change: dict[str, Any]) -> None:
    parts = files(SAMPLE.read_bytes())
    digest = json.loads(parts["datapackage-digest.json"])
    signed = {name: value for name, value in {**digest["signedData"], **change}.items() if value is not None}
    parts["datapackage-digest.json"] = json.dumps({**digest, "signedData": signed}).encode()
    report = check(zipped(parts), time_check=lambda *given: verify_timestamp(*given).time)
    assert report.verdict == "bad"
    assert report.signature["valid"] is False


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"x" * 1000])
def test_what_is_no_zip_is_bad(data: bytes) -> None:
    assert check(data).verdict == "bad"


@settings(deadline=None)
@given(st.data())
def test_any_damage_gets_a_report(whole: bytes, data: Any) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(max_size=30)) + whole[data.draw(st.integers(at, len(whole))) :]
    assert json.dumps(check(changed).to_json())
