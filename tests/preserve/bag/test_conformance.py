"""The Library of Congress's conformance suite: what it calls valid, invalid, and worth a warning."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ascertain.preserve.bag import Bag, read_bag

SUITE = Path(__file__).parents[3] / "../shared/data/trust/bagit-conformance-suite"
BAGS = sorted(bag for bag in SUITE.glob("v*/*/*") if bag.is_dir())
pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the conformance suite is not beside the repository")

# What each invalid bag must be refused for: a bag that fails for another reason shows nothing.
REASONS = {
    "baginfo-missing-encoding": "is not the two lines",
    "bom-in-bagit.txt": "byte-order mark",
    "corrupt-data-file": "has been altered",
    "corrupt-tag-file": "bag-info.txt: has been altered",
    "extra-file-in-bag": "is in no manifest",
    "invalid-version-number": "version '.97' is none of",
    "missing-baginfo": "bag-info.txt: is missing",
    "missing-bagit.txt": "bagit.txt: is missing",
    "out-of-scope-file-paths-using-dot-notation": "leaves the bag",
    "out-of-scope-file-paths-using-dot-notation-for-fetch": "fetch.txt, line 1: ../../../README.md: the path leaves",
    "same-filename-listed-twice-with-different-hashes": "listed twice with different digests",
    "same-filename-listed-twice-with-the-same-hash": "data/README is listed twice",
    "bagit-with-invalid-whitespace": "has whitespace where BagIt 1.0 allows none",
    "notAllManifestsListAllFiles": "is in no manifest",
}
WARNINGS = {
    "duplicate-file-with-different-case": "differ in letter case alone",
    "made-with-md5sum-tools": "as md5sum and its like write them",
    "relative-path": "is not written plainly",
    "same-filename-listed-twice-with-different-normalization": "differ in normalisation alone",
    "same-filename-listed-twice-with-the-same-hash": "is listed twice",
    "special-system-files": "an operating system left behind",
}


def of_kind(*kinds: str) -> list[Path]:
    return [bag for bag in BAGS if bag.parent.name in kinds]


def named(bag: Path) -> str:
    return str(bag.relative_to(SUITE))


def read(bag: Path, folder: Path) -> Bag:
    """A copy of a bag, with the empty `.DS_Store` that its manifest lists and some copies of the suite have lost."""
    copy = folder / "bag"
    shutil.copytree(bag, copy)
    if bag.name == "special-system-files":
        (copy / "data/.DS_Store").touch()
    return read_bag(copy)


def test_the_whole_suite_is_there() -> None:
    assert len(BAGS) == 60


@pytest.mark.parametrize("bag", of_kind("valid"), ids=named)
def test_a_valid_bag_is_accepted(bag: Path, tmp_path: Path) -> None:
    assert read(bag, tmp_path).errors == ()


@pytest.mark.parametrize("bag", of_kind("warning"), ids=named)
def test_a_doubtful_bag_is_accepted_with_a_warning(bag: Path, tmp_path: Path) -> None:
    found = read(bag, tmp_path)
    assert found.errors == ()
    assert any(WARNINGS[bag.name] in str(warning) for warning in found.warnings)


@pytest.mark.parametrize("bag", of_kind("invalid"), ids=named)
def test_an_invalid_bag_is_refused_for_what_is_wrong_with_it(bag: Path, tmp_path: Path) -> None:
    assert any(REASONS[bag.name] in str(error) for error in read(bag, tmp_path).errors)


@pytest.mark.parametrize("bag", of_kind("linux-only", "windows-only"), ids=named)
def test_a_path_that_leaves_the_bag_on_any_system_is_refused_on_every_system(bag: Path, tmp_path: Path) -> None:
    errors = [str(error) for error in read(bag, tmp_path).errors]
    assert any("absolute" in error or "home" in error or "drive" in error or "outside" in error for error in errors)


@pytest.mark.parametrize("bag", of_kind("valid", "warning"), ids=named)
def test_the_files_are_those_of_the_payload_manifest_with_their_sizes(bag: Path, tmp_path: Path) -> None:
    found = read(bag, tmp_path)
    for one in found.files:
        assert (tmp_path / "bag" / one.path).stat().st_size == one.size
