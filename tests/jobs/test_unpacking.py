from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import ascertain
from ascertain import Given, Inquiry
from ascertain.jobs.items import Taken
from ascertain.jobs.preserving import Failure, Preserved
from ascertain.jobs.taking import Stopped, Taking
from ascertain.preserve.limits import Allowance, Limits
from ascertain.progress import Silent
from ascertain.record.home.objects import Kept
from ascertain.record.tables import acquisitions, derivations, exhibits

PHOTO = b"\xff\xd8\xff a photograph"


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(
                zipfile.ZipInfo(name.replace("_", "."), (2018, 4, 7, 12, 0, 0)), data, zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _mail(*attachments: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["Message-ID"], message["Subject"] = "desk@example.org", "<1@example.org>", "Estor"
    message.set_content("See the files.\n")
    for name, data in attachments:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _file(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def _unpacked(inquiry: Inquiry, *paths: Path, given: Given | None = None) -> tuple[list[str], list[tuple[str, str]]]:
    """The names of what was preserved, and of what was not with why."""
    outcomes: Iterable[Any] = list(inquiry.preserve_each(paths, given, unpack=True))
    return (
        [outcome.name for outcome in outcomes if isinstance(outcome, Preserved)],
        [(outcome.name, outcome.code) for outcome in outcomes if isinstance(outcome, Failure)],
    )


def _rows(inquiry: Inquiry, table: Any) -> list[dict[str, Any]]:
    with inquiry.record.reading() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def test_an_archive_is_one_exhibit_unless_what_lies_inside_is_asked_for(inquiry: Inquiry, tmp_path: Path) -> None:
    (done,), failed = inquiry.preserve([_file(tmp_path, "evidence.zip", _zip(photo_jpg=PHOTO))])
    assert (done.media_type, failed) == ("application/zip", [])
    assert len(_rows(inquiry, exhibits)) == 1


def test_a_member_is_an_exhibit_that_says_where_it_comes_from(inquiry: Inquiry, tmp_path: Path) -> None:
    archive = _zip(photo_jpg=PHOTO)
    given = Given(publisher="Arland", published="2018-04-07", note="a stick")
    names, failed = _unpacked(inquiry, _file(tmp_path, "evidence.zip", archive), given=given)
    assert (names, failed) == (["evidence.zip", "evidence.zip!/photo.jpg"], [])
    (derived,) = _rows(inquiry, derivations)
    assert derived["exhibit"] == hashlib.sha256(PHOTO).hexdigest()
    assert derived["origin"] == hashlib.sha256(archive).hexdigest()
    assert derived["method"] == "zip"
    assert json.loads(derived["details"]) == {"name": "photo.jpg", "modified": "2018-04-07T12:00:00"}
    acquired = _rows(inquiry, acquisitions)[1]
    assert (acquired["original_name"], acquired["source"]) == ("evidence.zip!/photo.jpg", "Arland")
    assert inquiry.record.objects.get(derived["exhibit"]) == PHOTO
    assert inquiry.verify().problems == ()


def test_what_lies_inside_what_lies_inside_is_taken_too(inquiry: Inquiry, tmp_path: Path) -> None:
    inner = _zip(photo_jpg=PHOTO)
    names, failed = _unpacked(inquiry, _file(tmp_path, "case.eml", _mail(("case.zip", gzip.compress(inner)))))
    assert failed == []
    assert names == [
        "case.eml", "case.eml!/headers.json", "case.eml!/1", "case.eml!/2/case.zip", "case.eml!/2/case.zip!/1",
        "case.eml!/2/case.zip!/1!/photo.jpg",
    ]  # fmt: skip


def test_a_mailbox_is_its_messages_and_their_parts(inquiry: Inquiry, tmp_path: Path) -> None:
    envelope = b"From desk@example.org Sat Apr  7 12:00:00 2018\n"
    mailbox = envelope + _mail(("a.jpg", PHOTO)) + b"\n" + envelope + _mail()
    names, failed = _unpacked(inquiry, _file(tmp_path, "desk.mbox", mailbox))
    assert failed == []
    assert [name for name in names if name.count("!/") == 1] == ["desk.mbox!/1", "desk.mbox!/2"]
    assert "desk.mbox!/1!/2/a.jpg" in names


def test_unpacking_again_adds_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    path = _file(tmp_path, "case.zip", _zip(a_zip=_zip(photo_jpg=PHOTO, copy_jpg=PHOTO), b_txt=b"b"))
    first = _unpacked(inquiry, path)
    before = inquiry.record.head()
    assert _unpacked(inquiry, path) == first
    assert inquiry.record.head() == before


def test_what_is_not_taken_is_named_and_open_until_it_is_preserved(inquiry: Inquiry, tmp_path: Path) -> None:
    encrypted = bytearray(_zip(secret_txt=b"x", open_txt=b"y"))
    encrypted[encrypted.rindex(b"secret.txt") - 38] |= 1
    names, failed = _unpacked(inquiry, _file(tmp_path, "case.zip", bytes(encrypted)))
    assert names == ["case.zip", "case.zip!/open.txt"]
    assert failed == [("case.zip!/secret.txt", "encrypted")]
    assert [failure.item for failure in inquiry.failures()] == ["case.zip!/secret.txt"]
    again = list(inquiry.preserve_each([tmp_path / "case.zip"], unpack=True, only_failed=True))
    assert next(outcome.name for outcome in again) == "case.zip"
    assert len(inquiry.failures()) == 1


def test_a_file_that_is_cut_off_gives_what_was_read_and_is_taken_further_when_it_is_whole(
    inquiry: Inquiry, tmp_path: Path
) -> None:
    whole = _zip(one_txt=b"1" * 500, two_txt=b"2" * 500)
    names, failed = _unpacked(inquiry, _file(tmp_path, "case.zip", whole[: whole.index(b"two.txt") + 10]))
    assert names == ["case.zip", "case.zip!/one.txt"]
    assert failed == [("case.zip!/two.txt", "damaged"), ("case.zip!/", "damaged")]
    names, failed = _unpacked(inquiry, _file(tmp_path, "case.zip", whole))
    assert (names, failed) == (["case.zip", "case.zip!/one.txt", "case.zip!/two.txt"], [])
    assert inquiry.failures() == []


def test_depth_members_and_bytes_are_limited_by_settings_over_everything_inside(tmp_path: Path) -> None:
    data = PHOTO
    for _ in range(8):
        data = _zip(a_zip=data)
    path = _file(tmp_path, "deep.zip", data)
    inquiry = ascertain.new(tmp_path / "inquiry", author="A. Analyst", unpack_depth_limit=3)
    names, failed = _unpacked(inquiry, path)
    assert [name.count("!/") for name in names] == [0, 1, 2, 3]
    assert failed == [(names[-1] + "!/", "limit")]
    few = ascertain.open(tmp_path / "inquiry", unpack_members_limit=2)
    names, failed = _unpacked(few, path)
    assert len(names) == 3
    assert {code for _, code in failed} == {"limit"}


def test_a_bomb_of_zips_in_zips_ends_at_what_one_file_may_unfold_to(tmp_path: Path) -> None:
    bottom = _zip(**{f"zeros{number}": bytes(2**20) for number in range(16)})
    middle = _zip(**{f"zip{number}": bottom for number in range(16)})
    path = _file(tmp_path, "42.zip", _zip(**{f"top{number}": middle for number in range(16)}))
    assert path.stat().st_size < 200_000
    inquiry = ascertain.new(tmp_path / "inquiry", unpack_total_mb=80)
    names, failed = _unpacked(inquiry, path)
    assert {code for _, code in failed} == {"limit"}
    assert sum(row["size"] for row in _rows(inquiry, exhibits)) < 80 * 2**20
    assert len(names) < 150


def test_a_file_that_holds_itself_ends_there(inquiry: Inquiry) -> None:
    name = hashlib.sha256(b"").hexdigest()
    taking = Taking(inquiry.record.objects, inquiry.record.objects.incoming(), Silent())
    itself = Taken("quine.zip!/quine.zip", Kept(name, 0), "application/zip")
    (failure,) = taking.members(itself, Allowance(Limits(), 0), above=(name,))
    assert isinstance(failure, Failure)
    assert (failure.name, failure.reason) == ("quine.zip!/quine.zip!/", "it holds itself")


def test_of_very_many_members_that_are_not_taken_a_thousand_are_named(inquiry: Inquiry, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(1200):
            link = zipfile.ZipInfo(str(number))
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, b"/etc/passwd")
        archive.writestr("last.txt", b"taken")
    names, failed = _unpacked(inquiry, _file(tmp_path, "links.zip", out.getvalue()))
    assert names == ["links.zip", "links.zip!/last.txt"]
    assert len(failed) == 1001
    assert failed[-1] == ("links.zip!/", "limit")


def test_a_stop_while_a_member_is_read_is_no_failure_of_the_member(inquiry: Inquiry) -> None:
    taking = Taking(inquiry.record.objects, inquiry.record.objects.incoming(), Silent())
    kept = inquiry.record.objects.put(_zip(photo_jpg=PHOTO))
    taking.stop()
    with pytest.raises(Stopped):
        list(taking.members(Taken("a.zip", Kept(kept, 1), "application/zip"), Allowance(Limits(), 1)))
