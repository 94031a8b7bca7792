"""Public samples, good and bad, each with what is right to say of it. Read by hand; what peers say stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ascertain.preserve.warc.checking import check_warc
from ascertain.preserve.warc.package import check_wacz
from ascertain.preserve.warc.report import Report
from ascertain.record.custody.timestamps import verify_timestamp

SAMPLES = Path(__file__).parents[3] / "../shared/data/trust"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the repository")

# file: verdict, the codes of what is bad, the codes of notes
EXPECTED: dict[str, tuple[str, set[str], set[str]]] = {
    # No digests at all, and an older format: warcio check says nothing and returns 0.
    "warc/bad.arc": ("bad", {"arc"}, set()),
    "warc/example.arc": ("bad", {"arc"}, set()),
    "warc/example.arc.gz": ("bad", {"arc"}, set()),
    "warc/example-space-in-url.arc": ("bad", {"arc"}, set()),
    # One gzip member for the whole file; one revisit was altered, the requests have no digest.
    "warc/example-bad-non-chunked.warc.gz": (
        "bad", {"no-digest", "digest-mismatch"}, {"no-digest", "uneven-compression"},
    ),
    "warc/example-bad.warc.gz.bad": (
        "bad", {"no-digest"}, {"no-digest", "no-block-digest", "uneven-compression"},
    ),
    # A digest with letters that Base32 does not have; four records with one id.
    "warc/example-digest.warc": ("bad", {"bad-digest", "same-id"}, set()),
    # The payload's digest includes the frames of chunks; taken as it is, and without them it would be taken too.
    "warc/example-iana.org-chunked.warc": ("good with notes", set(), {"no-digest"}),
    "warc/example-resource.warc.gz": ("good with notes", set(), {"no-digest"}),
    "warc/example-space-in-target-uri.warc.gz": ("good with notes", set(), {"no-digest", "address"}),
    # A length two bytes too small: the digests fail, the next record is found all the same.
    "warc/example-trunc.warc": ("bad", {"digest-mismatch", "wrong-length", "no-digest"}, {"no-digest"}),
    "warc/example-wget-bad-target-uri.warc.gz": ("good with notes", set(), {"address"}),
    # A length that is too small, in gzip members cut at other places than the records.
    "warc/example-wrong-chunks.warc.gz": ("bad", {"digest-mismatch", "wrong-length"}, {"uneven-compression"}),
    # Two requests and a revisit without a digest: warcio check returns 0.
    "warc/example.warc": ("bad", {"no-digest"}, {"no-digest"}),
    "warc/example.warc.gz": ("good with notes", set(), {"no-digest"}),
    "warc/post-test.warc.gz": ("good", set(), set()),
    "wacz/example-collection-with-lists.warc": ("good with notes", set(), {"no-digest"}),
    "wacz/example-collection.warc": ("good with notes", set(), {"no-digest"}),
    "wacz/example-iana.warc": ("good with notes", set(), {"no-digest", "same-id"}),
    "wacz/example-resource.warc.gz": ("good", set(), set()),
    "wacz/example-warcinfo-metadata.warc": ("good with notes", set(), {"no-digest"}),
    "wacz/invalid_example_1.wacz": (
        "bad", {"no-hash", "missing", "not-listed", "no-warc", "no-index", "no-pages"},
        {"version", "no-manifest-digest"},
    ),
    # Signed under a staging root that anybody can have certificates from: wacz validate passes it.
    "wacz/invalid_signed_example_1.wacz": ("bad", {"signature"}, set()),
    "wacz/valid_example_1.wacz": ("good with notes", set(), {"no-manifest-digest", "no-digest"}),
    "wacz/valid_example_2.wacz": ("good with notes", set(), {"no-digest"}),
    "wacz/valid_signed_example_1.wacz": ("good with notes", set(), {"signature-not-checked"}),
}  # fmt: skip


def check(path: Path) -> Report:
    with path.open("rb") as file:
        if path.suffix == ".wacz":
            return check_wacz(file, path.name, time_check=lambda *given: verify_timestamp(*given).time)
        return check_warc(file, path.name)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_sample_gets_the_verdict_that_it_deserves(name: str) -> None:
    verdict, bad, notes = EXPECTED[name]
    report = check(SAMPLES / name)
    assert report.verdict == verdict
    assert {one.code for one in report.findings if one.bad} == bad
    assert {one.code for one in report.findings if not one.bad} == notes


def test_no_sample_is_left_out() -> None:
    found = {
        f"{path.parent.name}/{path.name}"
        for folder in ("warc", "wacz")
        for path in (SAMPLES / folder).iterdir()
        if path.is_file()
    }
    assert found == set(EXPECTED)


def test_a_signature_of_a_domain_holds_with_its_timestamp() -> None:
    report = check(SAMPLES / "wacz/valid_signed_example_1.wacz")
    assert report.signature["valid"] is True
    assert report.signature["signer"] == "btrix-sign-test.webrecorder.net"
    assert report.signature["time"] == "2022-01-18T19:00:12Z"
    assert report.signature["not_checked"] == ["whether the domain's certificate was revoked"]


def test_without_a_way_to_check_the_time_that_is_said() -> None:
    with (SAMPLES / "wacz/valid_signed_example_1.wacz").open("rb") as file:
        report = check_wacz(file, "x")
    assert "the timestamp" in report.signature["not_checked"]
    assert report.verdict == "good with notes"
