"""A partner's bundle, read by our own code and believed in nothing: every reason to refuse it is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ascertain.errors import UsageError
from ascertain.jobs.bundling import layout
from ascertain.jobs.bundling.checking import Carried, check_growth, read_entries
from ascertain.jobs.bundling.stamps import Stamps, check_stamps
from ascertain.jobs.bundling.strict import Unfit, parse, read_whole
from ascertain.preserve.bag import Bag, read_bag
from ascertain.preserve.bag.names import shown_name
from ascertain.publish.bag import TAG_MANIFEST, encoded
from ascertain.record.custody.checkpoint import Checkpoint, parse_checkpoint
from ascertain.record.custody.note import BadNote, VerifierKey, parse_note, parse_verifier_key, verified_by

_DIGEST = "sha256"


@dataclass(frozen=True)
class Bundle:
    """A bundle as found. It holds when there are no problems; `warnings` are for a person to look at.

    `files` are the bag's files with their SHA-256. `given_key` says whether a key that the reader gave has signed it:
    otherwise the bundle shows only that its own key did.
    """

    folder: Path
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    files: dict[str, str]
    name: str = ""
    checkpoint: Checkpoint | None = None
    signed_by: tuple[str, ...] = ()
    given_key: bool = False
    carried: Carried | None = None
    stamps: Stamps | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


def read_bundle(folder: Path, given: Sequence[str] = ()) -> Bundle:
    """Read and verify a bundle: the bag, the signature, every entry's proof, every object, every timestamp.

    `given` are verifier keys that the reader has from elsewhere: one of them must have signed. Raises UsageError when
    there is no such folder or a key is none.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}", next_step="a bundle is a folder; unpack it first")
    try:
        keys = [parse_verifier_key(line.strip()) for line in given]
    except BadNote as error:
        raise UsageError(f"the key that was given is none: {error}") from error
    try:
        return _Reading(folder, keys).read()
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror or error}") from error


class _Reading:
    def __init__(self, folder: Path, given: list[VerifierKey]) -> None:
        self._folder = folder
        self._given = given
        self._problems: list[str] = []

    def read(self) -> Bundle:
        bag = read_bag(self._folder)
        self._problems += [str(error) for error in bag.errors]
        files = self._files(bag)
        warnings = tuple(str(warning) for warning in bag.warnings)
        found = self._checkpoint(files) if not bag.errors else None
        if found is None or not {layout.ENTRIES, layout.PROOFS, layout.SUMMARY} <= files.keys():
            missing = {layout.ENTRIES, layout.PROOFS, layout.SUMMARY} - files.keys()
            self._problems += [f"{path} is missing" for path in sorted(missing)] if not bag.errors else []
            return Bundle(self._folder, tuple(self._problems), warnings, files)
        note, checkpoint, known, signers = found
        carried = read_entries(self._folder, checkpoint, self._problems)
        if carried.notes or layout.GROWTH in files:
            self._growth(files, carried, checkpoint, known)
        stamps = check_stamps(self._folder, files, carried, checkpoint.size, note, self._problems)
        self._objects(files, carried)
        name = self._summary(checkpoint, carried, files)
        for path, digest in carried.digests.items():  # what was parsed is what was hashed
            if files.get(path) != digest:
                self._problems.append(f"{path} changed while it was read")
        return Bundle(
            folder=self._folder,
            problems=tuple(self._problems),
            warnings=warnings,
            files=files,
            name=name,
            checkpoint=checkpoint,
            signed_by=tuple(map(str, signers)),
            given_key=bool(self._given),
            carried=carried,
            stamps=stamps,
        )

    def _files(self, bag: Bag) -> dict[str, str]:
        """The bag's files by their SHA-256. A bundle has that algorithm, covers all its files and knows each."""
        found = {one.path: one.digests[_DIGEST] for one in bag.files if _DIGEST in one.digests}
        if bag.errors:
            return found
        self._problems += [f"{one.path} has no SHA-256 in a manifest" for one in bag.files if one.path not in found]
        if bag.version != "1.0":
            self._problems.append(f"bagit.txt: a bundle is a bag of BagIt 1.0, not {bag.version}")
        for path in ("bag-info.txt", "manifest-sha256.txt", "bagit.txt"):
            if path not in found:
                self._problems.append(f"{path} is in no tag manifest")
        unknown = [path for path in found if path.startswith("data/") and not layout.has_place(path)]
        self._problems += [f"{shown_name(path)} has no place in a bundle" for path in unknown]
        if "fetch.txt" in found:
            self._problems.append("fetch.txt: a bundle holds everything itself")
        uncovered = [one for one in bag.warnings if one.what == "is in no tag manifest"]
        self._problems += [str(one) for one in uncovered]
        self._tag_manifest(found)
        return found

    def _tag_manifest(self, found: dict[str, str]) -> None:
        """No manifest covers this one: it has one spelling, so that no bit of it can change unnoticed."""
        tags = [(path, digest) for path, digest in found.items() if not path.startswith("data/")]
        wanted = sorted(f"{digest}  {encoded(path)}".encode() for path, digest in tags)
        try:
            lines = read_whole(self._folder / TAG_MANIFEST).split(b"\n")
        except Unfit as error:
            self._problems.append(f"{TAG_MANIFEST}: {error}")
            return
        if sorted(lines) != [b"", *wanted] or lines[-1] != b"":
            self._problems.append(f"{TAG_MANIFEST} is not written as a bundle's is")

    def _checkpoint(
        self, files: dict[str, str]
    ) -> tuple[bytes, Checkpoint, list[VerifierKey], tuple[VerifierKey, ...]] | None:
        if layout.CHECKPOINT not in files:
            self._problems.append("nothing is signed: data/checkpoint.txt is missing")
            return None
        try:
            data = read_whole(self._folder / layout.CHECKPOINT)
            note = parse_note(data)
            checkpoint = parse_checkpoint(note.text)
            known = [*self._carried_keys(files), *self._given]
            signers = verified_by(note, known)
            if self._given and not set(self._given) & set(signers):
                raise Unfit("it was not signed by the key that was given")
            if any(key.name != checkpoint.origin for key in signers):
                raise Unfit("it was signed by a key of another record")
        except (Unfit, BadNote) as error:
            self._problems.append(f"{layout.CHECKPOINT}: {error}")
            return None
        return data, checkpoint, known, signers

    def _carried_keys(self, files: dict[str, str]) -> list[VerifierKey]:
        if layout.KEYS not in files:
            return []
        try:
            text = read_whole(self._folder / layout.KEYS).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unfit(f"{layout.KEYS} is not UTF-8") from error
        if not text.endswith("\n"):
            raise Unfit(f"{layout.KEYS} does not end with a line end")
        return [parse_verifier_key(line) for line in text[:-1].split("\n")]

    def _growth(
        self, files: dict[str, str], carried: Carried, checkpoint: Checkpoint, known: list[VerifierKey]
    ) -> None:
        if layout.GROWTH in files:
            check_growth(self._folder, carried, checkpoint, known, self._problems)
        else:
            self._problems.append(f"{layout.GROWTH} is missing, and earlier checkpoints are carried")

    def _objects(self, files: dict[str, str], carried: Carried) -> None:
        for path, digest in files.items():
            name = layout.object_name(path)
            if name is not None and name != digest:
                self._problems.append(f"object {name} has been altered: its bytes hash to {digest}")
            if name is not None and name not in carried.objects:
                self._problems.append(f"object {name} is named by no carried entry")
        for name, seq in carried.objects.items():
            if layout.object_path(name) not in files:
                self._problems.append(f"object {name}, which entry {seq} names, is missing")

    def _summary(self, checkpoint: Checkpoint, carried: Carried, files: dict[str, str]) -> str:
        try:
            said: dict[str, Any] = parse(read_whole(self._folder / layout.SUMMARY))
        except Unfit as error:
            self._problems.append(f"{layout.SUMMARY}: {error}")
            return ""
        true = {
            "format": layout.FORMAT,
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root.hex(),
            "entries": carried.number,
            "objects": sum(layout.object_name(path) is not None for path in files),
        }
        wrong = [name for name, value in true.items() if said.get(name) != value or isinstance(said[name], bool)]
        self._problems += [
            f"{layout.SUMMARY} says {name} = {str(said.get(name))[:80]}, not {true[name]}" for name in wrong
        ]
        name = said.get("name")
        return name if isinstance(name, str) else ""
