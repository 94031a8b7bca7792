"""Bundles as they are made: what they carry, what they never carry, and that others accept them."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

import ascertain
from ascertain.errors import KeyUnusable, NotPermitted, RecordDamaged, UsageError
from ascertain.inquiry import Inquiry
from ascertain.jobs.bundling.reading import read_bundle
from ascertain.jobs.clock import now
from ascertain.jobs.custody import checkpoint_subject
from ascertain.jobs.given import Given
from ascertain.jobs.protecting.classes import set_access
from ascertain.model.access import Access
from ascertain.publish.bag import TAG_MANIFEST
from ascertain.record.entries import ExhibitDerived, ItemFailed, RecipientNamed
from ascertain.record.store import CONFIGURATION


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


@pytest.fixture
def keep(inquiry: Inquiry, tmp_path: Path) -> Callable[..., str]:
    """Preserves bytes under a name; returns the exhibit."""

    def preserve(data: bytes, name: str = "report.txt", source: str = "", note: str = "") -> str:
        (tmp_path / name).write_bytes(data)
        done, _ = inquiry.preserve([tmp_path / name], Given(publisher=source, note=note))
        return done[0].exhibit

    return preserve


def verifies(bundle: Path, *words: str) -> Any:
    """What the stand-alone verifier inside the bundle says."""
    command = [sys.executable, str(bundle / "verify_bundle.py"), str(bundle), "--json", *words]
    return json.loads(subprocess.run(command, capture_output=True, check=False, text=True).stdout)


def entries(bundle: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bundle / "data/entries.jsonl").read_bytes().splitlines()]


def close(inquiry: Inquiry, kind: Any, subject: str) -> None:
    set_access(inquiry.record, kind, subject, Access.RESTRICTED, "safety", "a board", "A", now())


def test_three_programs_accept_it(inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path) -> None:
    keep(b"a report", source="A body")
    made = inquiry.publish_bundle(tmp_path / "out", None)
    (key,) = (str(one.key) for one in inquiry.signing_keys())
    assert (made.exhibits, made.objects, made.signed, made.withheld) == (1, 1, True, 0)
    found = read_bundle(made.path, [key])
    assert (found.problems, found.warnings, found.given_key) == ((), (), True)
    said = verifies(made.path, "--key", key)
    assert (said["verifies"], said["entries"], said["size"]) == (True, made.entries, made.size)
    assert bagit.Bag(str(made.path)).is_valid()
    asked = subprocess.run([sys.executable, bagit.__file__, "--validate", "--quiet", str(made.path)], check=False)
    assert asked.returncode == 0


def test_it_carries_the_entries_of_its_exhibits_the_keys_and_the_beginning(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    wanted, other = keep(b"a report"), keep(b"another", "other.txt")
    made = inquiry.publish_bundle(tmp_path / "out", [wanted[:16]])
    found = entries(made.path)
    assert [entry["kind"] for entry in found] == [
        "record.created", "key.declared", "exhibit.preserved", "exhibit.acquired",
    ]  # fmt: skip
    assert other not in (made.path / "data/entries.jsonl").read_text()
    summary = json.loads((made.path / "data/bundle.json").read_bytes())
    assert (summary["entries"], summary["size"], summary["objects"]) == (4, 6, 1)
    assert verifies(made.path)["verifies"]


def test_an_exhibit_that_is_not_public_is_refused_by_name_and_left_out_of_all(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    closed, open_one = keep(b"of a witness", "witness.txt", source="W"), keep(b"a report")
    close(inquiry, "exhibit", closed)
    with pytest.raises(NotPermitted) as refused:
        inquiry.publish_bundle(tmp_path / "out", [closed, open_one])
    assert [closed in problem for problem in refused.value.problems] == [True]
    assert not (tmp_path / "out").exists()
    made = inquiry.publish_bundle(tmp_path / "out", None)
    assert made.withheld == 3  # preserved, acquired, and the entry that closed it
    everything = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    for trace in (closed, "witness.txt", "of a witness", "safety", "a board"):
        assert trace.encode() not in everything
    assert verifies(made.path)["verifies"]


def test_what_was_made_of_a_closed_exhibit_does_not_name_it(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    origin, redacted = keep(b"of a witness", "witness.txt"), keep(b"redacted", "redacted.txt")
    with inquiry.record.writing("A", now()) as writer:
        writer.append(ExhibitDerived(exhibit=redacted, origin=origin, method="redaction", details={}))
    close(inquiry, "exhibit", origin)
    set_access(inquiry.record, "exhibit", redacted, Access.PUBLIC, "it names nobody", "a board", "A", now())
    made = inquiry.publish_bundle(tmp_path / "out", [redacted])
    assert origin not in (made.path / "data/entries.jsonl").read_text()
    assert made.withheld == 2  # and the entry by which its keepers opened it


def test_closing_a_source_closes_its_exhibits_its_rows_and_the_files_they_came_in(
    inquiry: Inquiry, keep: Callable[..., str], small: Any, tmp_path: Path
) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "small")))
    keep(b"a report", source="Arland")
    close(inquiry, "source", "state")
    made = inquiry.publish_bundle(tmp_path / "out", None)
    kinds = {entry["kind"] for entry in entries(made.path)}
    assert "row.stated" in kinds
    assert not kinds & {"reference.imported", "exhibit.preserved"}
    for entry in entries(made.path):
        assert "Arland" not in json.dumps(entry["body"])
        assert '"state"' not in json.dumps({**entry["body"].get("row", {}), "kind": ""})
    assert verifies(made.path)["verifies"]


def test_names_of_failed_files_and_of_recipients_are_never_carried(inquiry: Inquiry, tmp_path: Path) -> None:
    with inquiry.record.writing("A", now()) as writer:
        writer.append(ItemFailed(stage="preserve", item="a-name.txt", code="missing", reason="-"))
        writer.append(RecipientNamed(name="A. Judge", key="age1"))
    made = inquiry.publish_bundle(tmp_path / "out", None)
    assert {entry["kind"] for entry in entries(made.path)} == {"record.created", "key.declared"}
    assert made.withheld == 2


def test_claims_and_checks_of_an_exhibit_come_with_it(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "small")))
    (tmp_path / "statement.txt").write_text("The Commission found that chlorine was used in Estor.\n")
    inquiry.check(tmp_path / "statement.txt", as_of=datetime.date(2020, 1, 1))
    (exhibit,) = (entry.body["exhibit"] for entry in inquiry.log() if entry.kind == "exhibit.preserved")
    made = inquiry.publish_bundle(tmp_path / "out", [exhibit])
    kinds = [entry["kind"] for entry in entries(made.path)]
    assert kinds.count("check.made") == 1
    assert "row.stated" not in kinds
    assert read_bundle(made.path).problems == ()
    assert verifies(made.path)["verifies"]


def test_timestamps_come_with_their_responses_certificates_and_a_proof_of_growth(
    inquiry: Inquiry, keep: Callable[..., str], authority: Any, tmp_path: Path
) -> None:
    folder = inquiry.record.folder
    (folder / "authorities").mkdir()
    (folder / "authorities/local.pem").write_bytes(authority.root.pem)
    with (folder / CONFIGURATION).open("a") as file:
        file.write(f'\n[[authorities]]\nurl = "{authority.url}"\ncertificates = "authorities/local.pem"\n')
    exhibit = keep(b"a report")
    inquiry.timestamp([exhibit])
    inquiry.timestamp([checkpoint_subject(inquiry.checkpoint())])
    keep(b"another", "other.txt")
    inquiry.timestamp([checkpoint_subject(inquiry.checkpoint())])
    made = inquiry.publish_bundle(tmp_path / "out", [exhibit])
    stamps = [json.loads(line) for line in (made.path / "data/timestamps.jsonl").read_bytes().splitlines()]
    assert [stamp["subject_kind"] for stamp in stamps] == ["exhibit", "checkpoint", "checkpoint"]
    assert stamps[-1]["subject"] == str(made.size)
    assert len((made.path / "data/consistency.jsonl").read_bytes().splitlines()) == 1
    found = read_bundle(made.path)
    assert found.problems == ()
    assert found.stamps is not None
    assert (found.stamps.held, found.stamps.unchecked) == (3, 0)
    said = verifies(made.path)
    assert (said["verifies"], said["timestamps"]) == (True, "3 hold, 0 not checked")


def test_an_older_key_stays_provable_after_a_change_of_keys(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    keep(b"a report")
    inquiry.rotate_key()
    made = inquiry.publish_bundle(tmp_path / "out", None)
    assert read_bundle(made.path).problems == ()
    assert verifies(made.path)["verifies"]


def test_without_a_key_nothing_is_made_unless_it_is_asked_for_unsigned(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    keep(b"a report")
    inquiry.key_file.rename(tmp_path / "away.pem")
    with pytest.raises(KeyUnusable):
        inquiry.publish_bundle(tmp_path / "out", None)
    made = inquiry.publish_bundle(tmp_path / "out", None, signed=False)
    assert not (made.path / "data/checkpoint.txt").exists()
    assert "Nothing here is signed" in json.loads((made.path / "data/bundle.json").read_bytes())["note"]
    assert "Nothing here is signed" in (made.path / "index.html").read_text()
    assert not verifies(made.path)["verifies"]
    assert read_bundle(made.path).problems == ("nothing is signed: data/checkpoint.txt is missing",)


def test_an_earlier_state_is_the_one_that_was_signed_then(
    inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path
) -> None:
    first = keep(b"a report")
    signed = inquiry.checkpoint()
    later = keep(b"another", "other.txt")
    made = inquiry.publish_bundle(tmp_path / "out", None, as_recorded=signed.entry)
    assert (made.size, made.exhibits) == (signed.size, 1)
    assert first in (made.path / "data/entries.jsonl").read_text()
    assert verifies(made.path)["verifies"]
    with pytest.raises(UsageError):
        inquiry.publish_bundle(tmp_path / "none", [later], as_recorded=signed.entry)
    with pytest.raises(UsageError):
        inquiry.publish_bundle(tmp_path / "none", None, as_recorded=1)
    assert not (tmp_path / "none").exists()
    unsigned = inquiry.publish_bundle(tmp_path / "unsigned", None, as_recorded=signed.entry, signed=False)
    assert (unsigned.size, unsigned.exhibits) == (signed.entry + 1, 1)


def test_an_altered_object_stops_it(inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path) -> None:
    exhibit = keep(b"a report")
    lying = inquiry.record.folder / "objects" / exhibit[:2] / exhibit[2:]
    lying.chmod(0o600)
    lying.write_bytes(b"A report")
    with pytest.raises(RecordDamaged):
        inquiry.publish_bundle(tmp_path / "out", None)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".incoming", "out"))]


def test_only_certificates_of_the_authorities_folder_leave_it(
    inquiry: Inquiry, keep: Callable[..., str], authority: Any, tmp_path: Path
) -> None:
    (inquiry.record.folder / "authorities").mkdir()
    (inquiry.record.folder / "authorities/local.pem").write_bytes(authority.root.pem + b"\n# a private remark\n")
    made = inquiry.publish_bundle(tmp_path / "out", None)
    assert b"remark" not in (made.path / "data/authorities/certificates.pem").read_bytes()


def test_nothing_of_a_private_key_is_carried(inquiry: Inquiry, keep: Callable[..., str], tmp_path: Path) -> None:
    keep(b"a report")
    secret = b"".join(inquiry.key_file.read_bytes().splitlines()[1:-1])
    made = inquiry.publish_bundle(tmp_path / "out", None)
    everything = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    assert secret not in everything.replace(b"\n", b"")
    assert (made.path / TAG_MANIFEST).exists()
