"""Partners' web archives on their way into a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Inquiry
from ascertain.record.tables import derivations, exhibits

SAMPLES = Path(__file__).parents[2] / "../shared/data/trust"
BAD_WARC = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\nWARC-Date: 2026-11-24T12:00:00Z\r\n"
BAD_WARC += b"WARC-Target-URI: http://example.org/\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n"


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "record", author="A. Analyst")


def rows(inquiry: Inquiry, table: Any) -> list[dict[str, Any]]:
    with inquiry.record.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def test_a_bad_archive_is_kept_and_named_with_each_reason(inquiry: Inquiry, tmp_path: Path) -> None:
    path = tmp_path / "partner.warc"
    path.write_bytes(BAD_WARC)
    done, failed = inquiry.preserve([path])
    assert [one.name for one in done] == ["partner.warc", "partner.warc.report.json"]
    assert [(one.name, one.code) for one in failed] == [("partner.warc", "bad-archive")]
    assert "no-digest" in failed[0].reason
    (derived,) = rows(inquiry, derivations)
    assert (derived["method"], derived["origin"]) == ("archive check", done[0].exhibit)
    assert json.loads(derived["details"])["verdict"] == "bad"
    report = json.loads(inquiry.record.objects.get(derived["exhibit"]))
    assert report["verdict"] == "bad"
    assert report["records"] == {"response": 1}
    assert [one.item for one in inquiry.failures()] == ["partner.warc"]
    assert inquiry.verify().problems == ()


def test_the_same_archive_again_adds_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    path = tmp_path / "partner.warc"
    path.write_bytes(BAD_WARC)
    inquiry.preserve([path])
    size = inquiry.record.head().size
    done, failed = inquiry.preserve([path])
    assert inquiry.record.head().size == size
    assert [one.added for one in done] == [False, False]
    assert len(failed) == 1  # it is still bad, and that is still said


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the repository")
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("warc/post-test.warc.gz", "good"), ("warc/example.warc.gz", "good with notes"),
        ("wacz/valid_signed_example_1.wacz", "good with notes"), ("wacz/invalid_signed_example_1.wacz", "bad"),
    ],
)  # fmt: skip
def test_every_archive_gets_its_report(inquiry: Inquiry, name: str, verdict: str) -> None:
    done, failed = inquiry.preserve([SAMPLES / name])
    report = json.loads(inquiry.record.objects.get(done[1].exhibit))
    assert report["verdict"] == verdict
    assert bool(failed) == (verdict == "bad")
    types = {row["media_type"] for row in rows(inquiry, exhibits)}
    assert types <= {"application/wacz", "application/warc+gzip", "application/json"}
    if "signed" in name:
        assert report["signature"]["valid"] is (verdict != "bad")
