from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascertain.record.sealed.exhibit_keys import FolderKeys, key_name, mark_name

ONE, OTHER, HASH = "a" * 64, "b" * 64, "c" * 64
SECRET = b"AGE-SECRET-KEY-1TEST" * 5


@pytest.fixture
def keys(tmp_path: Path) -> FolderKeys:
    return FolderKeys(tmp_path / "keys" / "exhibits")


def test_a_key_is_kept_under_its_own_hash_for_its_owner_alone(keys: FolderKeys) -> None:
    name = key_name(ONE, SECRET)
    keys.put(name, SECRET)
    assert name == f"{ONE}/{hashlib.sha256(SECRET).hexdigest()}.age"
    assert keys.get(name) == SECRET
    assert stat.S_IMODE(keys.path(name).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path(name).parent.stat().st_mode) == 0o700


def test_what_is_not_there_is_none_and_no_error(keys: FolderKeys) -> None:
    assert keys.get(key_name(ONE, SECRET)) is None
    keys.destroy(key_name(ONE, SECRET))
    keys.forget(ONE)
    keys.clear_away()
    assert list(keys.names()) == []


def test_names_are_listed_in_order_all_or_one_exhibits(keys: FolderKeys) -> None:
    names = [key_name(OTHER, SECRET), mark_name(ONE, HASH), key_name(ONE, SECRET)]
    for name in names:
        keys.put(name, b"")
    assert list(keys.names()) == sorted(names)
    assert list(keys.names(OTHER)) == names[:1]
    assert list(keys.names("d" * 64)) == []


def test_destroying_writes_over_the_bytes_before_it_takes_the_name_away(keys: FolderKeys) -> None:
    name = key_name(ONE, SECRET)
    keys.put(name, SECRET)
    with keys.path(name).open("rb") as still_open:
        keys.destroy(name)
        left = still_open.read()
    assert len(left) == len(SECRET)
    assert left != SECRET
    assert list(keys.names()) == []


def test_forgetting_an_exhibit_leaves_nothing_of_it_and_all_of_the_others(keys: FolderKeys) -> None:
    for name in (key_name(ONE, SECRET), mark_name(ONE, HASH), key_name(OTHER, SECRET)):
        keys.put(name, SECRET)
    (keys.folder / ONE / ".incoming-left").write_bytes(SECRET)
    (keys.folder / ONE / ".0".ljust(68, "0")).write_bytes(SECRET)
    keys.forget(ONE)
    assert [path.name for path in keys.folder.iterdir()] == [OTHER]
    assert list(keys.names()) == [key_name(OTHER, SECRET)]


def test_what_a_killed_process_left_is_no_key_and_can_be_cleared_away(keys: FolderKeys) -> None:
    name = key_name(ONE, SECRET)
    keys.put(name, SECRET)
    (keys.folder / ONE / ".incoming-left").write_bytes(SECRET)
    assert list(keys.names()) == [name]
    keys.clear_away()
    assert [path.name for path in (keys.folder / ONE).iterdir()] == [name.partition("/")[2]]


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", f"{ONE}/x.age", f"{ONE}/../{HASH}.age", f"{ONE}/{HASH}"])
def test_a_name_that_is_none_is_refused(keys: FolderKeys, name: str) -> None:
    for verb in (keys.get, keys.destroy, lambda one: keys.put(one, b"")):
        with pytest.raises(ValueError, match="no name of a key"):
            verb(name)


@given(st.text(max_size=140))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    keys = FolderKeys(Path("/nowhere/keys"))
    try:
        path = keys.path(name)
    except ValueError:
        return
    assert path.resolve().parent.parent == Path("/nowhere/keys")
