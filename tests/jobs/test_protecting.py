"""Sealing, opening, sharing and erasing, on whole records."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
import shutil
import signal
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from sqlalchemy import select

import ascertain
from ascertain import Given, Inquiry
from ascertain.errors import CannotOpen, IsSealed, RecordDamaged, RecordLocked, UsageError
from ascertain.jobs.clock import now
from ascertain.jobs.items import Failure, Preserved
from ascertain.jobs.protecting.protection import Protection
from ascertain.model.access import Access
from ascertain.progress import Silent
from ascertain.record import tables
from ascertain.record.entries import ExhibitDerived, RecordCreated
from ascertain.record.sealed import age
from ascertain.record.store import DATABASE, new_record, open_record
from ascertain.record.verify import verify

WORDS = b"Maryam Example says that she was at the well of Estor when the aircraft came."
NAME, NOTE, PLACE = (
    "interview-maryam-example.txt",
    "handed over by Yusuf Example at the bridge",
    "https://example.org/m",
)
STATEMENT = b"Published on October 3, 2018\n\nThe Commission found that chlorine was used in Estor on 7 April 2018.\n"


class People:
    """Who can open things: a name, an identity."""

    def __init__(self) -> None:
        self.her, self.him, self.stranger = (x25519.Identity.generate() for _ in range(3))


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def inquiry(tmp_path: Path, people: People) -> Inquiry:
    """A record in which Hana and Idris may be sealed to."""
    made = ascertain.new(tmp_path / "inquiry", author="A. Analyst")
    made.protection.name_recipient("Hana", age.public_key(people.her))
    made.protection.name_recipient("Idris", age.public_key(people.him))
    return made


@pytest.fixture
def testimony(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(WORDS)
    return path


GIVEN = Given(publisher="Maryam Example", published="2018-04-08", url=PLACE, note=NOTE)


def sealed(inquiry: Inquiry, path: Path, to: tuple[str, ...] = ("Hana",)) -> str:
    """A file sealed on intake; its exhibit."""
    (done,) = inquiry.protection.seal_files([path], to, GIVEN)
    assert isinstance(done, Preserved), done
    return done.exhibit


def in_clear(inquiry: Inquiry, path: Path) -> str:
    (done,), _ = inquiry.preserve([path], GIVEN)
    return done.exhibit


def opened(inquiry: Inquiry, exhibit: str, identity: x25519.Identity, folder: Path) -> bytes:
    out = folder / f"out-{random.random()}"
    inquiry.protection.open(exhibit, [identity], out)
    return out.read_bytes()


def every_byte(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes, and what of them zlib can inflate."""
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        yield name, name.encode()
        if path.is_file():
            data = path.read_bytes()
            yield name, data
            for found in re.finditer(rb"x[\x01\x5e\x9c\xda]", data):
                with suppress(zlib.error):
                    yield name, zlib.decompressobj().decompress(data[found.start() :])


def traces(folder: Path, *words: bytes) -> set[tuple[str, bytes]]:
    """Where in a folder these words stand, in UTF-8, UTF-16, hexadecimal or base64."""
    forms = {form.lower(): word for word in words for form in written(word)}
    return {(name, word) for name, data in every_byte(folder) for form, word in forms.items() if form in data.lower()}


def written(word: bytes) -> list[bytes]:
    coded = [base64.b64encode(word[start:])[: 4 * ((len(word) - 2) // 3)] for start in range(3)]
    return [word, word.decode("latin-1").encode("utf-16-le"), word.hex().encode(), *(c for c in coded if len(c) > 11)]


HASH = hashlib.sha256(WORDS).digest()
SECRETS = (WORDS, b"Maryam", b"Yusuf", b"example.org", HASH)


def problems(inquiry: Inquiry) -> tuple[str, ...]:
    return inquiry.verify().problems


def test_a_file_sealed_on_intake_opens_for_who_it_was_sealed_to(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    assert opened(inquiry, exhibit, people.her, tmp_path) == WORDS
    told = inquiry.protection.particulars(exhibit, [people.her])
    assert (told.original_name, told.source, told.url, told.note) == (NAME, "Maryam Example", PLACE, NOTE)
    assert (told.size, told.media_type, told.sha256) == (len(WORDS), "text/plain", hashlib.sha256(WORDS).hexdigest())
    assert problems(inquiry) == ()


def test_no_word_of_what_was_sealed_on_intake_is_anywhere_in_the_record(
    inquiry: Inquiry, testimony: Path, tmp_path: Path
) -> None:
    sealed(inquiry, testimony)
    (mark,) = (name for name in inquiry.record.keys.names() if name.endswith(".mark"))
    assert traces(inquiry.record.folder, *SECRETS) == {(f"keys/exhibits/{mark}", HASH)}
    assert traces(tmp_path, SECRETS[1]) != set()  # the search finds what is there


def test_the_log_alone_does_not_tell_who_holds_the_file_that_it_is_there(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = sealed(inquiry, testimony)
    said = "\n".join(json.dumps(entry.model_dump()) for entry in inquiry.log())
    assert exhibit in said
    assert hashlib.sha256(WORDS).hexdigest() not in said
    assert exhibit != hashlib.sha256(WORDS).hexdigest()


def test_the_same_file_is_not_sealed_twice_nor_taken_in_the_clear(
    inquiry: Inquiry, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    before = inquiry.record.head(), set(inquiry.record.objects.names())
    (again,) = inquiry.protection.seal_files([testimony], ["Hana"], GIVEN)
    assert isinstance(again, Failure)
    assert exhibit[:16] in again.reason
    done, failed = inquiry.preserve([testimony])
    assert (done, [f.code for f in failed]) == ([], ["sealed"])
    with pytest.raises(IsSealed, match="is sealed"):
        inquiry.check(testimony, as_of=None)
    assert (inquiry.record.head(), set(inquiry.record.objects.names())) == before
    assert problems(inquiry) == ()


def test_a_file_that_lies_in_the_clear_is_not_sealed_beside_itself(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    (failed,) = inquiry.protection.seal_files([testimony], ["Hana"], GIVEN)
    assert isinstance(failed, Failure)
    assert exhibit[:16] in failed.reason
    assert len(set(inquiry.record.objects.names())) == 1


def test_a_file_that_cannot_be_sealed_is_told_and_not_recorded(inquiry: Inquiry, tmp_path: Path) -> None:
    before = inquiry.record.head()
    (failed,) = inquiry.protection.seal_files([tmp_path / NAME], ["Hana"], GIVEN)
    assert isinstance(failed, Failure)
    assert "there is no file" in failed.reason
    assert inquiry.record.head() == before
    assert inquiry.failures() == []


def test_a_folder_is_sealed_file_by_file(inquiry: Inquiry, people: People, tmp_path: Path) -> None:
    folder = tmp_path / "box"
    (folder / "tape").mkdir(parents=True)
    for name in ("a.txt", "tape/b.txt"):
        (folder / name).write_bytes(name.encode())
    (folder / "link").symlink_to(folder / "a.txt")
    done = list(inquiry.protection.seal_files([folder], ["Hana"], Given()))
    assert [one.name for one in done] == ["a.txt", "link", "tape/b.txt"]
    assert isinstance(done[1], Failure)
    assert opened(inquiry, done[2].exhibit, people.her, tmp_path) == b"tape/b.txt"  # type: ignore[union-attr]


@pytest.mark.parametrize("to", [(), ("Nobody",), ("Hana", "Nobody")])
def test_a_seal_needs_recipients_that_have_keys(inquiry: Inquiry, testimony: Path, to: tuple[str, ...]) -> None:
    before = inquiry.record.head()
    with pytest.raises(UsageError) as refused:
        list(inquiry.protection.seal_files([testimony], to, GIVEN))
    assert refused.value.next_step
    assert inquiry.record.head() == before
    assert list(inquiry.record.objects.names()) == []


def test_a_removed_recipient_is_sealed_to_no_more(inquiry: Inquiry, testimony: Path) -> None:
    inquiry.protection.remove_recipient("Hana")
    assert list(inquiry.protection.overview().recipients) == ["Idris"]
    with pytest.raises(UsageError, match="Hana"):
        list(inquiry.protection.seal_files([testimony], ["Hana"], GIVEN))
    with pytest.raises(UsageError, match="Hana"):
        inquiry.protection.remove_recipient("Hana")


@pytest.mark.parametrize("name", ["", " Hana", "x" * 101, "Ha\u202ena", "Ha\nna", "\u200bHana"])
def test_a_recipients_name_looks_like_no_other(inquiry: Inquiry, people: People, name: str) -> None:
    with pytest.raises(UsageError):
        inquiry.protection.name_recipient(name, age.public_key(people.her))


def test_a_stranger_opens_nothing_and_leaves_no_file(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    for identity in (people.him, people.stranger):
        with pytest.raises(CannotOpen, match="not sealed to this identity"):
            inquiry.protection.open(exhibit, [identity], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_opened_file_is_its_owners_alone_and_overwrites_nothing(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    inquiry.protection.open(exhibit[:8], [people.her], tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="is there already"):
        inquiry.protection.open(exhibit, [people.her], tmp_path / "out")
    with pytest.raises(UsageError, match="inside the record"):
        inquiry.protection.open(exhibit, [people.her], inquiry.record.folder / "objects" / "out")


def alter(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data[:100], lambda data: b"", lambda data: data[:-9] + b"123456789"]
)
def test_a_ciphertext_that_was_cut_or_changed_opens_to_nothing(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    exhibit = sealed(inquiry, testimony)
    for name in list(inquiry.record.objects.names()):
        alter(inquiry.record.objects.path(name), change)
    with pytest.raises(RecordDamaged):
        inquiry.protection.open(exhibit, [people.her], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert problems(inquiry)


def test_ciphertexts_and_keys_that_changed_places_are_noticed(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(b"another testimony")
    one, two = sealed(inquiry, testimony), sealed(inquiry, other)
    with inquiry.record.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(tables.exhibits))}
    paths = [inquiry.record.objects.path(rows[exhibit].object) for exhibit in (one, two)]
    swap(*paths)
    with pytest.raises(CannotOpen):
        inquiry.protection.open(one, [people.her], tmp_path / "out")
    swap(*paths)
    keys = [inquiry.record.keys.path(f"{exhibit}/{rows[exhibit].key}.age") for exhibit in (one, two)]
    swap(*keys)
    with pytest.raises(RecordDamaged, match="altered"):
        inquiry.protection.open(one, [people.her], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "its key has been altered" in " ".join(problems(inquiry))


def swap(one: Path, other: Path) -> None:
    kept = one.read_bytes(), other.read_bytes()
    alter(one, lambda _: kept[1])
    alter(other, lambda _: kept[0])


def test_sealing_what_lay_in_the_clear_takes_its_bytes_its_claims_and_its_checks_away(
    inquiry: Inquiry, small: Any, people: People, tmp_path: Path
) -> None:
    inquiry.import_reference(str(small.write(tmp_path / "small")))
    statement = tmp_path / "statement.txt"
    statement.write_bytes(STATEMENT)
    exhibit = inquiry.check(statement).exhibit
    words = (b"chlorine was used in Estor on 7 April",)
    assert traces(inquiry.record.folder, *words)
    done = inquiry.protection.seal(exhibit, ["Hana", "Idris"])
    assert done.exhibit == exhibit == hashlib.sha256(STATEMENT).hexdigest()
    assert traces(inquiry.record.folder, *words) == set()
    assert opened(inquiry, exhibit, people.him, tmp_path) == STATEMENT
    assert problems(inquiry) == ()
    inquiry.rebuild()
    assert problems(inquiry) == ()
    with inquiry.record.reading() as connection:
        assert connection.execute(select(tables.claims)).all() == []
    with pytest.raises(IsSealed):
        inquiry.check(statement)
    with pytest.raises(UsageError, match="sealed already"):
        inquiry.protection.seal(exhibit, ["Hana"])


def test_what_stays_in_the_clear_is_said_beforehand(inquiry: Inquiry, testimony: Path, tmp_path: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    acquired = inquiry.record.head().size - 1
    cut = tmp_path / "cut.txt"
    cut.write_bytes(b"a cut")
    part = in_clear(inquiry, cut)
    with inquiry.record.writing("A. Analyst", inquiry.protection.clock()) as writer:
        writer.append(ExhibitDerived(exhibit=part, origin=exhibit, method="cut@1", details={}))
    assert inquiry.protection.remains(exhibit) == [
        f"entry {acquired}: its original name, source, address and note",
        f"exhibit {part}, which was made from it",
    ]
    assert inquiry.protection.remains(part)[-1] == f"exhibit {exhibit}, from which it was made"
    inquiry.protection.seal(exhibit, ["Hana"])
    assert traces(inquiry.record.folder, WORDS) == set()
    assert traces(inquiry.record.folder, b"Yusuf") != set()  # the log loses no word


def test_bytes_that_a_reference_needs_are_not_sealed(inquiry: Inquiry, small: Any, tmp_path: Path) -> None:
    folder = small.write(tmp_path / "small")
    inquiry.import_reference(str(folder))
    exhibit = in_clear(inquiry, folder / "parties.csv")
    with pytest.raises(UsageError, match=r"part of something else \(reference.imported\)"):
        inquiry.protection.seal(exhibit, ["Hana"])
    assert problems(inquiry) == ()


def test_an_exhibit_whose_bytes_were_altered_is_not_sealed_as_what_it_was(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    alter(inquiry.record.objects.path(exhibit), bytes.upper)
    with pytest.raises(RecordDamaged):
        inquiry.protection.seal(exhibit, ["Hana"])
    assert list(inquiry.record.objects.names()) == [exhibit]


def test_the_members_of_a_sealed_archive_are_not_unpacked_in_the_clear(inquiry: Inquiry, tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "a.txt").write_bytes(WORDS)
    archive = Path(shutil.make_archive(str(tmp_path / "box"), "zip", tmp_path / "box"))
    sealed(inquiry, archive)
    (outcome,) = inquiry.preserve_each([archive], unpack=True)
    assert isinstance(outcome, Failure)
    assert traces(inquiry.record.folder, WORDS) == set()


def test_granting_lets_one_more_open_and_needs_one_who_can(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    with pytest.raises(CannotOpen):
        inquiry.protection.grant(exhibit, "Idris", [people.him])
    assert inquiry.protection.grant(exhibit, "Idris", [people.her], "a second reader") == ("Hana", "Idris")
    for identity in (people.her, people.him):
        assert opened(inquiry, exhibit, identity, tmp_path) == WORDS
    assert problems(inquiry) == ()
    assert len([name for name in inquiry.record.keys.names() if name.endswith(".age")]) == 1


def test_revoking_leaves_no_key_that_the_other_could_use(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony, ("Hana", "Idris"))
    assert inquiry.protection.revoke(exhibit, "Idris", [people.her], "left") == ("Hana",)
    with pytest.raises(CannotOpen):
        inquiry.protection.open(exhibit, [people.him], tmp_path / "out")
    for name in inquiry.record.keys.names():
        if name.endswith(".age"):
            with pytest.raises(CannotOpen):
                age.decrypted(inquiry.record.keys.get(name) or b"", [people.him])
    with pytest.raises(UsageError, match="nobody could open"):
        inquiry.protection.revoke(exhibit, "Hana", [people.her])
    with pytest.raises(UsageError, match="cannot open this exhibit"):
        inquiry.protection.revoke(exhibit, "Idris", [people.her])
    assert problems(inquiry) == ()


def test_a_recipient_who_left_is_named_before_the_key_is_wrapped_anew(
    inquiry: Inquiry, people: People, testimony: Path
) -> None:
    exhibit = sealed(inquiry, testimony, ("Hana", "Idris"))
    inquiry.protection.name_recipient("Jalila", age.public_key(people.stranger))
    inquiry.protection.remove_recipient("Idris")
    with pytest.raises(UsageError, match="Idris, who is no recipient any more"):
        inquiry.protection.grant(exhibit, "Jalila", [people.her])
    inquiry.protection.revoke(exhibit, "Idris", [people.her])
    assert inquiry.protection.grant(exhibit, "Jalila", [people.her]) == ("Hana", "Jalila")


def test_a_key_file_put_back_from_a_copy_opens_nothing(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony, ("Hana", "Idris"))
    copy = shutil.copytree(inquiry.record.folder / "keys", tmp_path / "copy of keys")
    inquiry.protection.revoke(exhibit, "Idris", [people.her])
    shutil.copytree(copy, inquiry.record.folder / "keys", dirs_exist_ok=True)
    with pytest.raises(CannotOpen):
        inquiry.protection.open(exhibit, [people.him], tmp_path / "out")
    assert "a key that counts no longer" in " ".join(problems(inquiry))
    inquiry.protection.finish()
    assert problems(inquiry) == ()


def test_erasing_destroys_every_key_and_the_record_verifies_and_says_so(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    erased = inquiry.protection.erase(exhibit, "she asked", "the head of the inquiry")
    assert list(inquiry.record.keys.names()) == []
    assert list((inquiry.record.folder / "keys" / "exhibits").iterdir()) == []
    assert list(inquiry.record.objects.names()) == []
    assert traces(inquiry.record.folder, *SECRETS) == set()
    found = inquiry.verify()
    assert found.problems == ()
    assert f"exhibit {exhibit}: {erased.words()}" in found.notes
    assert "by A. Analyst under the authority of the head of the inquiry: she asked" in erased.words()
    with pytest.raises(CannotOpen, match="erased on"):
        inquiry.protection.open(exhibit, [people.her], tmp_path / "out")
    with pytest.raises(CannotOpen, match="erased on"):
        inquiry.protection.grant(exhibit, "Idris", [people.her])
    with pytest.raises(CannotOpen, match="erased on"):
        inquiry.protection.erase(exhibit, "again", "the head")
    inquiry.rebuild()
    assert problems(inquiry) == ()


def test_what_was_erased_after_it_lay_in_the_clear_is_not_taken_in_again(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    inquiry.protection.seal(exhibit, ["Hana"])
    inquiry.protection.erase(exhibit, "he asked", "the head")
    done, failed = inquiry.preserve([testimony])
    assert (done, "erased" in failed[0].reason) == ([], True)
    with pytest.raises(IsSealed, match="erased on"):
        inquiry.check(testimony)
    assert traces(inquiry.record.folder, WORDS) == set()
    assert problems(inquiry) == ()


def test_what_is_not_sealed_cannot_be_erased_and_the_next_step_is_said(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    with pytest.raises(UsageError, match="is not sealed") as refused:
        inquiry.protection.erase(exhibit, "he asked", "the head")
    assert "protect seal" in refused.value.next_step
    assert inquiry.record.objects.get(exhibit) == WORDS


@pytest.mark.parametrize(("reason", "authority"), [("", "the head"), ("he asked", " ")])
def test_an_erasure_has_a_reason_and_an_authority(
    inquiry: Inquiry, testimony: Path, reason: str, authority: str
) -> None:
    exhibit = sealed(inquiry, testimony)
    with pytest.raises(UsageError, match="a reason and an authority"):
        inquiry.protection.erase(exhibit, reason, authority)
    assert list(inquiry.record.keys.names())


def test_a_second_writer_waits_and_nothing_is_half_done(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    second = ascertain.open(inquiry.record.folder, lock_wait_seconds=0)
    before = list(inquiry.record.keys.names())
    with inquiry.record.writing("A. Analyst", inquiry.protection.clock()):
        for work in (
            lambda: second.protection.erase(exhibit, "r", "a"),
            lambda: second.protection.grant(exhibit, "Idris", [people.her]),
            lambda: list(second.protection.seal_files([other(tmp_path)], ["Hana"], GIVEN)),
            second.protection.finish,
        ):
            with pytest.raises(RecordLocked):
                work()
    assert list(inquiry.record.keys.names()) == before
    assert problems(inquiry) == ()
    assert opened(inquiry, exhibit, people.her, tmp_path) == WORDS


def other(folder: Path) -> Path:
    path = folder / "other.txt"
    path.write_bytes(b"another testimony")
    return path


@pytest.mark.parametrize("text", ["", "abc", "zz" * 10, "0" * 64])
def test_an_exhibit_is_named_by_enough_of_its_id(inquiry: Inquiry, testimony: Path, text: str) -> None:
    sealed(inquiry, testimony)
    with pytest.raises(UsageError):
        inquiry.protection.erase(text, "r", "a")


def test_setting_a_class_says_what_it_was_and_whether_it_opens(inquiry: Inquiry, testimony: Path) -> None:
    exhibit = in_clear(inquiry, testimony)
    done = inquiry.protection.set_class("source", "maryam  EXAMPLE", Access.SEALED, "in danger", "the head")
    assert (done.before, done.after, done.opens) == (Access.PUBLIC, Access.SEALED, False)
    done = inquiry.protection.set_class("exhibit", exhibit[:10], Access.RESTRICTED, "names removed", "the head")
    assert (done.subject, done.before, done.after, done.opens) == (exhibit, Access.SEALED, Access.RESTRICTED, True)
    done = inquiry.protection.set_class("record", "", Access.RESTRICTED, "by default", "the head")
    assert (done.before, done.after) == (Access.PUBLIC, Access.RESTRICTED)
    assert [(one.kind, one.access, one.stands) for one in inquiry.protection.overview().classes] == [
        ("source", "sealed", True), ("exhibit", "restricted", True), ("record", "restricted", True),
    ]  # fmt: skip


def test_a_class_neither_opens_nor_makes_a_seal(inquiry: Inquiry, testimony: Path, tmp_path: Path) -> None:
    exhibit, clear = sealed(inquiry, testimony), in_clear(inquiry, other(tmp_path))
    with pytest.raises(UsageError, match="no class opens it"):
        inquiry.protection.set_class("exhibit", exhibit, Access.PUBLIC, "r", "a")
    with pytest.raises(UsageError, match="a class does not encrypt it") as refused:
        inquiry.protection.set_class("exhibit", clear, Access.SEALED, "r", "a")
    assert "protect seal" in refused.value.next_step
    with pytest.raises(UsageError, match="encrypts nothing"):
        inquiry.protection.set_class("record", "", Access.SEALED, "r", "a")
    with pytest.raises(UsageError, match="a reason and an authority"):
        inquiry.protection.set_class("source", "x", Access.RESTRICTED, "", "a")
    with pytest.raises(UsageError, match="no claim"):
        inquiry.protection.set_class("claim", "x", Access.RESTRICTED, "r", "a")


def test_a_seal_lives_and_dies_wherever_a_record_is_kept(home: Any, people: People, tmp_path: Path) -> None:
    with new_record(tmp_path / "kept", 5, home.settings()) as made, made.writing("A. Analyst", now()) as writer:
        writer.append(RecordCreated(name="kept", software="tests"))
    record = open_record(tmp_path / "kept", 5)
    protection = Protection(record, "A. Analyst", now, Silent())
    for name, identity in (("Hana", people.her), ("Idris", people.him)):
        protection.name_recipient(name, age.public_key(identity))
    path = other(tmp_path)
    (done,) = protection.seal_files([path], ["Hana"], GIVEN)
    exhibit = done.exhibit  # type: ignore[union-attr]
    protection.grant(exhibit, "Idris", [people.her])
    protection.revoke(exhibit, "Hana", [people.him])
    protection.open(exhibit, [people.him], tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == path.read_bytes()
    assert verify(record, Silent()).problems == ()
    protection.erase(exhibit, "she asked", "the head")
    assert [*record.keys.names(), *record.objects.names()] == []
    assert verify(record, Silent()).problems == ()
    assert protection.finish() == []


# Kills. A child does one thing and dies after so many of the calls that change something.


def die_at(number: int, inquiry: Inquiry, work: Callable[[], object]) -> bool:
    """Do the work in a child that is killed before its n-th change of the disk; whether it was."""
    child = os.fork()
    if child == 0:
        _count_down(number)
        try:
            work()
        finally:
            os._exit(0)
    _, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


def _count_down(number: int) -> None:
    """Before its n-th rename, removal or fsync, the process kills itself. Nobody cleans up after a kill."""
    left = iter(range(number))

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return step

    os.fsync = dying(os.fsync)
    os.replace = dying(os.replace)
    os.unlink = dying(os.unlink)
    Path.replace = dying(Path.replace)  # type: ignore[method-assign]
    Path.unlink = dying(Path.unlink)  # type: ignore[method-assign]
    from ascertain.record.store import Writer

    Writer.close = dying(Writer.close)  # type: ignore[method-assign]


def killed_everywhere(folder: Path, work: Callable[[Inquiry], object]) -> Iterator[Inquiry]:
    """Copies of a record, in each of which the work was killed one step later."""
    for number in range(200):
        copy = folder.parent / f"killed-{number}"
        shutil.copytree(folder, copy)
        inquiry = ascertain.open(copy, author="A. Analyst")
        was_killed = die_at(number, inquiry, lambda inquiry=inquiry: work(inquiry))
        yield inquiry
        shutil.rmtree(copy)
        if not was_killed:
            assert number > 3
            return
    raise AssertionError("the work never ended")


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
FINISHED = "protect finish"


@needs_fork
def test_a_kill_while_a_file_is_sealed_leaves_a_seal_or_none_and_no_word(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    ended = 0
    for left in killed_everywhere(
        inquiry.record.folder, lambda one: list(one.protection.seal_files([testimony], ["Hana"], GIVEN))
    ):
        assert problems(left) == ()
        assert traces(left.record.folder, *SECRETS[:-1]) == set()
        left.protection.finish()
        assert problems(left) == ()
        seals = left.protection.overview().seals
        if seals:
            assert opened(left, seals[0].exhibit, people.her, tmp_path) == WORDS
            ended += 1
        else:
            assert list(left.record.keys.names()) == []
            assert opened(left, sealed(left, testimony), people.her, tmp_path) == WORDS
    assert ended


@needs_fork
def test_a_kill_while_an_exhibit_is_sealed_loses_nothing_and_is_finished(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = in_clear(inquiry, testimony)
    for left in killed_everywhere(inquiry.record.folder, lambda one: one.protection.seal(exhibit, ["Hana"])):
        assert all(FINISHED in problem for problem in problems(left))
        left.protection.finish()
        assert problems(left) == ()
        if left.protection.overview().seals:
            assert traces(left.record.folder, WORDS) == set()
        else:
            assert left.record.objects.get(exhibit) == WORDS
            left.protection.seal(exhibit, ["Hana"])
        assert opened(left, exhibit, people.her, tmp_path) == WORDS


@needs_fork
def test_a_kill_while_somebody_is_revoked_is_finished(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony, ("Hana", "Idris"))
    for left in killed_everywhere(
        inquiry.record.folder, lambda one: one.protection.revoke(exhibit, "Idris", [people.her])
    ):
        assert all(FINISHED in problem for problem in problems(left))
        left.protection.finish()
        assert problems(left) == ()
        assert opened(left, exhibit, people.her, tmp_path) == WORDS
        (seal,) = left.protection.overview().seals
        keys = [name for name in left.record.keys.names() if name.endswith(".age")]
        assert keys == [seal.key_name]
        if seal.recipients == ("Hana",):
            with pytest.raises(CannotOpen):
                left.protection.open(exhibit, [people.him], tmp_path / "out")


@needs_fork
def test_a_kill_while_an_exhibit_is_erased_is_finished_and_the_reason_is_never_lost(
    inquiry: Inquiry, people: People, testimony: Path, tmp_path: Path
) -> None:
    exhibit = sealed(inquiry, testimony)
    finished = 0
    for left in killed_everywhere(
        inquiry.record.folder, lambda one: one.protection.erase(exhibit, "she asked", "head")
    ):
        assert all(FINISHED in problem for problem in problems(left))
        (seal,) = left.protection.overview().seals
        if seal.erased is None:
            assert opened(left, exhibit, people.her, tmp_path) == WORDS  # nothing was destroyed without its entry
            continue
        with pytest.raises(CannotOpen, match="erased on"):
            left.protection.erase(exhibit, "again", "head")
        assert list(left.record.keys.names()) == []
        left.protection.finish()
        assert problems(left) == ()
        assert list(left.record.objects.names()) == []
        finished += 1
    assert finished > 2


def test_the_database_file_has_no_trace_of_rows_that_went(inquiry: Inquiry) -> None:
    with inquiry.record.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    assert (inquiry.record.folder / DATABASE).is_file()
