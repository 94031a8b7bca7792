"""A partner's bundle: taken in when it verifies, refused with every reason when it does not."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

import ascertain
from ascertain.errors import BundleRefused, UsageError
from ascertain.inquiry import Inquiry
from ascertain.jobs.bundling import receiving, strict
from ascertain.jobs.bundling.reading import read_bundle
from ascertain.jobs.clock import now
from ascertain.jobs.custody import checkpoint_subject
from ascertain.jobs.given import Given
from ascertain.jobs.protecting.sealing import seal_exhibit
from ascertain.publish.bag import encoded
from ascertain.record.custody.key_file import read_key
from ascertain.record.custody.note import Signer, sign_note
from ascertain.record.entries import RecipientNamed, canonical
from ascertain.record.store import CONFIGURATION
from ascertain.record.tables import claims, exhibits, number_of


@pytest.fixture
def partner(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "partner", author="P. Partner")


@pytest.fixture
def ours(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "ours", author="A. Analyst")


@pytest.fixture
def bundle(partner: Inquiry, authority: Any, tmp_path: Path) -> Path:
    """A bundle with every file that a bundle can have: two exhibits, timestamps, an earlier checkpoint."""
    folder = partner.record.folder
    (folder / "authorities").mkdir()
    (folder / "authorities/local.pem").write_bytes(authority.root.pem)
    with (folder / CONFIGURATION).open("a") as file:
        file.write(f'\n[[authorities]]\nurl = "{authority.url}"\ncertificates = "authorities/local.pem"\n')
    for name in ("one.txt", "two.html"):
        (tmp_path / name).write_text(f"<p>{name}")
        partner.preserve([tmp_path / name], Given(publisher="A body", url="https://example.org/"))
        if name == "one.txt":
            partner.timestamp([checkpoint_subject(partner.checkpoint())])
    return partner.publish_bundle(tmp_path / "bundle", None).path


def sealed_again(bundle: Path) -> None:
    """Make the bag's own manifests fit whatever is there now: a forger can do that too."""
    files = sorted(str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file())
    info = bundle / "bag-info.txt"
    payload = [name for name in files if name.startswith("data/")]
    size = sum((bundle / name).stat().st_size for name in payload)
    lines = [line for line in info.read_text().splitlines() if not line.startswith("Payload-Oxum")]
    info.write_text("".join(f"{line}\n" for line in [*lines, f"Payload-Oxum: {size}.{len(payload)}"]))
    for manifest, wanted in (
        ("manifest-sha256.txt", payload),
        ("tagmanifest-sha256.txt", [n for n in files if n not in payload and n != "tagmanifest-sha256.txt"]),
    ):
        digests = {name: hashlib.sha256((bundle / name).read_bytes()).hexdigest() for name in wanted}
        (bundle / manifest).write_text("".join(f"{one}  {encoded(name)}\n" for name, one in digests.items()))


def kinds(inquiry: Inquiry, start: int) -> list[str]:
    return [entry.kind for entry in inquiry.log(start)]


def test_its_exhibits_become_ours_with_what_proves_their_origin(ours: Inquiry, partner: Inquiry, bundle: Path) -> None:
    before = ours.record.head().size
    (key,) = (str(one.key) for one in partner.signing_keys())
    done = ours.receive_bundle(bundle, [key])
    origin = key.split("+")[0]
    assert (done.exhibits, done.new, done.known, done.given_key, done.timestamps) == (2, 2, False, True, 1)
    assert kinds(ours, before) == [*["exhibit.preserved", "exhibit.acquired"] * 2, "bundle.received"]
    acquired = [entry.body for entry in ours.log(before) if entry.kind == "exhibit.acquired"]
    assert {(one["source"], one["note"], one["url"]) for one in acquired} == {
        (origin, f"from the bundle of {origin}", "")
    }
    assert {one["original_name"] for one in acquired} == {"one.txt", "two.html"}
    (received,) = (entry.body for entry in ours.log(before) if entry.kind == "bundle.received")
    assert (received["origin"], received["name"]) == (origin, "partner")
    for path in ("bundle.json", "checkpoint.txt", "keys.txt", "entries.jsonl", "proofs.jsonl", "timestamps.jsonl"):
        kept = ours.record.objects.get(received["files"][f"data/{path}"])
        assert kept == (bundle / "data" / path).read_bytes()
    assert ours.verify().problems == ()


def test_the_same_bundle_twice_adds_nothing(ours: Inquiry, bundle: Path) -> None:
    ours.receive_bundle(bundle)
    before = ours.record.head()
    again = ours.receive_bundle(bundle)
    assert (again.known, again.new, again.exhibits) == (True, 0, 2)
    assert ours.record.head() == before


def test_a_later_bundle_of_the_same_record_adds_only_what_is_new(
    ours: Inquiry, partner: Inquiry, bundle: Path, tmp_path: Path
) -> None:
    ours.receive_bundle(bundle)
    (tmp_path / "three.txt").write_text("three")
    partner.preserve([tmp_path / "three.txt"])
    before = ours.record.head().size
    done = ours.receive_bundle(partner.publish_bundle(tmp_path / "later", None).path)
    assert (done.exhibits, done.new) == (3, 1)
    assert kinds(ours, before) == ["exhibit.preserved", "exhibit.acquired", "bundle.received"]


def test_a_bundle_in_a_zip_is_taken_in(ours: Inquiry, bundle: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "sent"), "zip", bundle.parent, bundle.name)
    assert ours.receive_bundle(Path(archive)).new == 2


def test_nothing_of_the_partners_claims_rows_and_checks_enters_our_tables(
    ours: Inquiry, partner: Inquiry, small: Any, tmp_path: Path
) -> None:
    partner.import_reference(str(small.write(tmp_path / "small")))
    (tmp_path / "said.txt").write_text("The Commission found that chlorine was used in Estor.\n")
    partner.check(tmp_path / "said.txt", as_of=datetime.date(2020, 1, 1))
    ours.receive_bundle(partner.publish_bundle(tmp_path / "bundle", None).path)
    assert ours.view().tables["findings"].num_rows == 0
    with ours.record.reading() as connection:
        assert number_of(connection, claims) == 0
        assert number_of(connection, exhibits) == 1


def test_a_bundle_of_this_record_is_for_restoring(partner: Inquiry, bundle: Path) -> None:
    with pytest.raises(UsageError, match="of this record"):
        partner.receive_bundle(bundle)


def test_bytes_that_we_keep_sealed_do_not_come_back_in_the_clear(ours: Inquiry, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("<p>one.txt")
    (kept,), _ = ours.preserve([tmp_path / "one.txt"])
    with ours.record.writing("A", now()) as writer:
        writer.append(RecipientNamed(name="judge", key=str(pyrage.x25519.Identity.generate().to_public())))
    seal_exhibit(ours.record, kept.exhibit, ["judge"], "A", now())
    done = ours.receive_bundle(bundle)
    assert [one.partition(":")[0] for one in done.left] == [kept.exhibit]
    assert not ours.record.objects.has(kept.exhibit)
    assert ours.verify().problems == ()


def test_an_unsigned_bundle_is_refused(ours: Inquiry, partner: Inquiry, tmp_path: Path) -> None:
    before = ours.record.head()
    made = partner.publish_bundle(tmp_path / "out", None, signed=False)
    with pytest.raises(BundleRefused) as refused:
        ours.receive_bundle(made.path)
    assert refused.value.problems == ("nothing is signed: data/checkpoint.txt is missing",)
    assert ours.record.head() == before


def test_a_key_that_was_given_must_have_signed(ours: Inquiry, bundle: Path) -> None:
    (other,) = (str(one.key) for one in ours.signing_keys())
    with pytest.raises(BundleRefused) as refused:
        ours.receive_bundle(bundle, [other])
    assert refused.value.problems == ("data/checkpoint.txt: it was not signed by the key that was given",)
    with pytest.raises(UsageError):
        ours.receive_bundle(bundle, ["no key"])


def test_one_flipped_bit_in_any_file_is_noticed_and_the_file_named(bundle: Path) -> None:
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for at in {0, len(whole) // 3 * 8 + 5, len(whole) * 8 - 3}:
            data = bytearray(whole)
            data[at // 8] ^= 1 << at % 8
            path.chmod(0o600)
            path.write_bytes(data)
            problems = read_bundle(bundle).problems
            assert any(path.name in problem for problem in problems), (path, at, problems)
        path.write_bytes(whole)
    assert read_bundle(bundle).problems == ()


def test_every_bit_of_the_tag_manifest_counts_which_no_manifest_covers(bundle: Path) -> None:
    path = bundle / "tagmanifest-sha256.txt"
    whole = path.read_bytes()
    for at in range(0, len(whole) * 8, 7):
        data = bytearray(whole)
        data[at // 8] ^= 1 << at % 8
        path.write_bytes(data)
        assert read_bundle(bundle).problems, at


Change = Callable[[bytes], bytes]


def _cut_last(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1])


def _swapped(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join([*lines[:2], lines[3], lines[2], *lines[4:]])


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("entries.jsonl", lambda d: d.replace(b'"seq":2', b'"seq":2,"seq":2'), "not a JSON object in canonical form"),
        ("entries.jsonl", lambda d: d.replace(b'"seq":2', b'"seq": 2'), "not a JSON object in canonical form"),
        ("entries.jsonl", lambda d: d.replace(b"A body", b"A b\\u006fdy"), "not a JSON object in canonical form"),
        ("entries.jsonl", lambda d: d.replace(b"A body", b"A b\xffdy"), "not JSON in UTF-8"),
        ("entries.jsonl", lambda d: d.replace(b"A body", b"A bod"), "is not proved to be in the signed record"),
        ("entries.jsonl", _swapped, "does not come after"),
        ("entries.jsonl", _cut_last, "more lines than"),
        ("entries.jsonl", lambda d: d[:-1], "the last line has no end"),
        ("entries.jsonl", lambda d: d.replace(b"exhibit.acquired", b"exhibit.imagined"), "a kind that is not known"),
        ("entries.jsonl", lambda d: d + b"[" * 100_000 + b"\n", "not JSON in UTF-8"),
        ("entries.jsonl", lambda d: d + b'{"seq":1e999}\n', "not JSON in UTF-8"),
        ("entries.jsonl", lambda d: d + b'{"seq":true}\n', "no entry"),
        ("proofs.jsonl", _cut_last, "has no proof"),
        ("proofs.jsonl", _swapped, "is no proof of entry"),
        ("proofs.jsonl", lambda d: d.replace(b'"seq":0', b'"seq":false'), "is no proof of entry 0"),
        ("proofs.jsonl", lambda d: d.replace(b'{"proof":["', b'{"proof":["g', 1), "not a list of hashes"),
        ("bundle.json", lambda d: d.replace(b'"entries":', b'"entries":1'), "says entries ="),
        ("bundle.json", lambda d: d.replace(b'"format":1', b'"format":true'), "says format = True"),
        ("checkpoint.txt", lambda d: d.replace(b"\n\n", b"\nmore\n\n"), "does not hold"),
        ("keys.txt", lambda d: b"", "does not end with a line end"),
        ("consistency.jsonl", lambda d: b"", "not proved that the signed record began like this"),
        ("consistency.jsonl", lambda d: d.replace(b'"proof":["', b'"proof":["' + b"0" * 64 + b'","'), "not proved"),
        ("timestamps.jsonl", lambda d: d.replace(b'"digest":"', b'"digest":"0', 1), "no timestamp's line"),
        ("timestamps.jsonl", lambda d: d.replace(b'"time":"2', b'"time":"1', 1), "the response is of"),
        ("authorities/certificates.pem", lambda d: b"-----BEGIN CERTIFICATE-----\n", "no certificates in PEM"),
    ],
)  # fmt: skip
def test_a_forger_who_makes_the_manifests_fit_is_found(name: str, change: Change, reason: str, bundle: Path) -> None:
    path = bundle / "data" / name
    changed = change(path.read_bytes())
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    sealed_again(bundle)
    problems = read_bundle(bundle).problems
    assert any(reason in problem for problem in problems), problems
    assert not any("manifest" in problem for problem in problems)


def test_proofs_and_checkpoint_of_another_size_do_not_fit(partner: Inquiry, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "three.txt").write_text("three")
    partner.preserve([tmp_path / "three.txt"])
    later = partner.publish_bundle(tmp_path / "later", None).path
    for name in ("checkpoint.txt", "bundle.json"):
        shutil.copy(later / "data" / name, bundle / "data" / name)
    sealed_again(bundle)
    problems = read_bundle(bundle).problems
    assert any("entry 0 is not proved" in problem for problem in problems)
    assert any("says entries" in problem for problem in problems)


def test_a_signature_by_a_key_of_another_record_is_refused(ours: Inquiry, bundle: Path) -> None:
    signer = Signer("ascertain/" + "0" * 32, read_key(ours.key_file, lambda: None))
    text = (bundle / "data/checkpoint.txt").read_text().rpartition("\n\n")[0] + "\n"
    (bundle / "data/checkpoint.txt").write_text(sign_note(text, [signer]).as_text())
    (bundle / "data/keys.txt").write_text(f"{signer.verifier}\n")
    sealed_again(bundle)
    assert "data/checkpoint.txt: it was signed by a key of another record" in read_bundle(bundle).problems


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("data/surprise.exe", "has no place in a bundle"),
        ("data/objects/aa/" + "b" * 62, "has been altered"),
        ("data/objects/aa/../x", "has no place in a bundle"),
        ("data/objects/AA/" + "b" * 62, "has no place in a bundle"),
        ("data/authorities/a\u202etxt.pem", "no certificates in PEM"),
        ("fetch.txt", "fetch.txt"),
    ],
)
def test_a_file_that_the_format_does_not_know_is_refused(path: str, reason: str, bundle: Path) -> None:
    (bundle / path).parent.mkdir(parents=True, exist_ok=True)
    (bundle / path).write_bytes(b"x")
    sealed_again(bundle)
    problems = read_bundle(bundle).problems
    assert any(reason in problem for problem in problems), problems


def test_a_link_in_a_bundle_is_refused_and_not_followed(ours: Inquiry, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    target = next(path for path in (bundle / "data/objects").rglob("*") if path.is_file())
    data = target.read_bytes()
    (tmp_path / "same").write_bytes(data)
    target.unlink()
    target.symlink_to(tmp_path / "same")
    with pytest.raises(BundleRefused) as refused:
        ours.receive_bundle(bundle)
    assert any("is a symbolic link" in problem for problem in refused.value.problems)


def test_a_missing_object_is_named_with_the_entry_that_names_it(bundle: Path) -> None:
    target = next(path for path in sorted((bundle / "data/objects").rglob("*")) if path.is_file())
    name = target.parent.name + target.name
    target.unlink()
    sealed_again(bundle)
    assert any(f"object {name}, which entry" in problem for problem in read_bundle(bundle).problems)


def test_an_endless_line_ends(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict, "LONGEST_LINE", 1000)
    with (bundle / "data/entries.jsonl").open("ab") as file:
        file.write(b"x" * 2000)
    sealed_again(bundle)
    assert any("is too long" in problem for problem in read_bundle(bundle).problems)


def test_a_pipe_in_place_of_a_file_does_not_hang(bundle: Path) -> None:
    (bundle / "data/entries.jsonl").unlink()
    os.mkfifo(bundle / "data/entries.jsonl")
    assert any("neither a file nor a folder" in problem for problem in read_bundle(bundle).problems)


def test_a_file_that_changes_after_it_was_verified_stops_the_intake(
    ours: Inquiry, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_then_change(folder: Path, keys: Any) -> Any:
        found = read_bundle(folder, keys)
        target = next(path for path in (folder / "data/objects").rglob("*") if path.is_file())
        target.chmod(0o600)
        target.write_bytes(b"something else")
        return found

    before = ours.record.head()
    monkeypatch.setattr(receiving, "read_bundle", read_then_change)
    with pytest.raises(ascertain.errors.ImportRefused):
        ours.receive_bundle(bundle)
    assert ours.record.head() == before
    assert ours.verify().problems == ()


def test_a_checkpoint_with_many_signatures_needs_one_that_is_known(bundle: Path) -> None:
    path = bundle / "data/checkpoint.txt"
    stranger = base64.b64encode(b"\x01\x02\x03\x04" + b"s" * 64).decode()
    path.write_text(path.read_text() + f"\u2014 somebody {stranger}\n")
    sealed_again(bundle)
    assert read_bundle(bundle).problems == ()


def test_the_summary_of_a_bundle_is_json_of_one_line(bundle: Path) -> None:
    assert json.loads((bundle / "data/bundle.json").read_bytes())["coarsened"] is None


def test_a_timestamp_of_an_exhibit_that_the_bundle_does_not_carry_is_refused(ours: Inquiry, bundle: Path) -> None:
    stamps = bundle / "data/timestamps.jsonl"
    other = hashlib.sha256(b"another").hexdigest()
    said = json.loads(stamps.read_bytes().splitlines()[0])
    line = canonical({**said, "subject_kind": "exhibit", "subject": other, "digest": other})
    stamps.write_bytes(stamps.read_bytes() + line + b"\n")
    sealed_again(bundle)
    with pytest.raises(BundleRefused) as caught:
        ours.receive_bundle(bundle)
    assert f"it is of the exhibit {other}, which is not carried" in str(caught.value.problems)
