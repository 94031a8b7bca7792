"""Objects put back from a bundle: each one of a record, missing or altered; never what was sealed or erased."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest

import ascertain
from ascertain.errors import UsageError
from ascertain.inquiry import Inquiry
from ascertain.jobs.bundling.reading import read_bundle
from ascertain.jobs.clock import now
from ascertain.jobs.protecting.sealing import seal_exhibit
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, RecipientNamed, RecordCreated
from ascertain.record.store import new_record, open_record
from ascertain.settings import load_settings


@pytest.fixture
def inquiry(tmp_path: Path, small: Any) -> Inquiry:
    """A record with objects of several kinds."""
    made = ascertain.new(tmp_path / "inquiry", author="A. Analyst")
    made.import_reference(str(small.write(tmp_path / "small")))
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name)
        made.preserve([tmp_path / name])
    (tmp_path / "said.txt").write_text("The Commission found that chlorine was used in Estor.\n")
    made.check(tmp_path / "said.txt", as_of=datetime.date(2020, 1, 1))
    return made


@pytest.fixture
def bundle(inquiry: Inquiry, tmp_path: Path) -> Path:
    return inquiry.publish_bundle(tmp_path / "bundle", None).path


def lying(inquiry: Inquiry) -> list[Path]:
    return sorted(path for path in (inquiry.record.folder / "objects").rglob("*") if path.is_file())


def spoil(path: Path, how: str) -> None:
    path.chmod(0o600)
    if how == "deleted":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)


@pytest.mark.parametrize("how", ["deleted", "flipped"])
def test_each_object_of_a_record_comes_back(inquiry: Inquiry, bundle: Path, how: str) -> None:
    for path in lying(inquiry):
        spoil(path, how)
        assert len(inquiry.verify().problems) == 1
        done = inquiry.restore(bundle)
        assert done.restored == (path.parent.name + path.name,)
        assert (bool(done.missing), bool(done.altered)) == (how == "deleted", how == "flipped")
        assert done.wanting == ()
        assert inquiry.verify().problems == ()


def test_all_of_them_at_once_and_the_log_stays_as_it_is(inquiry: Inquiry, bundle: Path) -> None:
    before = inquiry.record.head()
    for number, path in enumerate(lying(inquiry)):
        spoil(path, "deleted" if number % 2 else "flipped")
    done = inquiry.restore(bundle)
    assert (len(done.restored), done.wanting) == (done.wanted, ())
    assert inquiry.verify().problems == ()
    assert inquiry.record.head() == before


def test_a_whole_record_has_nothing_to_restore(inquiry: Inquiry, bundle: Path) -> None:
    done = inquiry.restore(bundle)
    assert (done.restored, done.missing, done.altered, done.wanting) == ((), (), (), ())


def test_any_folder_will_do_and_what_is_not_there_is_named(inquiry: Inquiry, tmp_path: Path) -> None:
    gone = lying(inquiry)
    for path in gone:
        spoil(path, "deleted")
    (tmp_path / "folder/deep").mkdir(parents=True)
    (tmp_path / "folder/deep/x").write_text("one.txt")
    done = inquiry.restore(tmp_path / "folder")
    assert len(done.restored) == 1
    assert len(done.wanting) == len(gone) - 1
    with pytest.raises(UsageError):
        inquiry.restore(tmp_path / "nowhere")


def test_a_damaged_copy_never_replaces_anything(inquiry: Inquiry, bundle: Path) -> None:
    path = lying(inquiry)[0]
    name = path.parent.name + path.name
    spoil(path, "flipped")
    altered = path.read_bytes()
    copy = bundle / "data/objects" / name[:2] / name[2:]
    spoil(copy, "flipped")
    copy.write_bytes(b"another")
    done = inquiry.restore(bundle)
    assert (done.restored, done.wanting) == ((), (name,))
    assert path.read_bytes() == altered


def test_a_link_is_not_followed(inquiry: Inquiry, tmp_path: Path) -> None:
    path = next(path for path in lying(inquiry) if path.read_bytes() == b"one.txt")
    spoil(path, "deleted")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to(tmp_path / "one.txt")
    done = inquiry.restore(tmp_path / "folder")
    assert done.restored == ()
    assert done.notes == ("link: is a symbolic link, which is not followed",)


def test_what_was_sealed_since_does_not_come_back_in_the_clear(inquiry: Inquiry, bundle: Path, tmp_path: Path) -> None:
    (exhibit,) = (
        entry.body["exhibit"]
        for entry in inquiry.log()
        if entry.kind == "exhibit.acquired" and entry.body["original_name"] == "one.txt"
    )
    with inquiry.record.writing("A", now()) as writer:
        writer.append(RecipientNamed(name="judge", key=str(pyrage.x25519.Identity.generate().to_public())))
    seal_exhibit(inquiry.record, exhibit, ["judge"], "A", now())
    done = inquiry.restore(bundle)
    assert exhibit not in done.restored + done.wanting
    assert not inquiry.record.objects.has(exhibit)
    assert inquiry.verify().problems == ()


def test_records_of_every_home_are_bundled_taken_in_and_restored(home: Any, tmp_path: Path) -> None:
    with new_record(tmp_path / "there", 0, home.settings()) as record, record.writing("A", now()) as writer:
        writer.append(RecordCreated(name="there", software="tests"))
        for data in (b"one", b"two", b"three"):
            exhibit = writer.put(data)
            writer.append(ExhibitPreserved(exhibit=exhibit, size=len(data), media_type="text/plain"))
            writer.append(ExhibitAcquired(exhibit=exhibit, original_name=data.decode()))
    there = Inquiry(open_record(tmp_path / "there", 0), load_settings())
    there.new_key()
    made = there.publish_bundle(tmp_path / "out", None)
    assert (made.exhibits, read_bundle(made.path).problems) == (3, ())
    home.lose_objects(there.record)
    assert len(there.verify().problems) == 3
    assert len(there.restore(made.path).restored) == 3
    assert there.verify().problems == ()
    partner = ascertain.new(tmp_path / "partner")
    (tmp_path / "four").write_text("four")
    partner.preserve([tmp_path / "four"])
    done = there.receive_bundle(partner.publish_bundle(tmp_path / "theirs", None).path)
    assert (done.new, there.receive_bundle(tmp_path / "theirs").known) == (1, True)
    assert there.verify().problems == ()
