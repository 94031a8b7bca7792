"""The keys of sealed exhibits of a team: what holds for a folder (test_exhibit_keys.py) holds in a bucket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ascertain.record.home.places import open_keys, open_objects
from ascertain.record.sealed.exhibit_keys import key_name, mark_name
from ascertain.settings import Settings

ONE, OTHER, HASH = "a" * 64, "b" * 64, "c" * 64
SECRET = b"AGE-SECRET-KEY-1TEST" * 5


@pytest.fixture
def settings(home: Any) -> Settings:
    return home.settings()


@pytest.fixture
def keys(settings: Settings, tmp_path: Path) -> Any:
    return open_keys(tmp_path, settings)


def test_a_key_comes_back_and_is_no_object(keys: Any, settings: Settings, tmp_path: Path) -> None:
    name = key_name(ONE, SECRET)
    keys.put(name, SECRET)
    keys.put(name, SECRET)
    assert keys.get(name) == SECRET
    assert list(open_objects(tmp_path, settings).names()) == []


def test_what_is_not_there_is_none_and_no_error(keys: Any) -> None:
    assert keys.get(key_name(ONE, SECRET)) is None
    keys.destroy(key_name(ONE, SECRET))
    keys.forget(ONE)
    keys.clear_away()
    assert list(keys.names()) == []


def test_names_are_listed_in_order_all_or_one_exhibits(keys: Any) -> None:
    names = [key_name(OTHER, SECRET), mark_name(ONE, HASH), key_name(ONE, SECRET)]
    for name in names:
        keys.put(name, b"")
    assert list(keys.names()) == sorted(names)
    assert list(keys.names(OTHER)) == names[:1]
    assert list(keys.names("d" * 64)) == []


def test_a_destroyed_key_is_gone_and_the_others_are_not(keys: Any) -> None:
    for name in (key_name(ONE, SECRET), mark_name(ONE, HASH), key_name(OTHER, SECRET)):
        keys.put(name, SECRET)
    keys.destroy(mark_name(ONE, HASH))
    assert list(keys.names(ONE)) == [key_name(ONE, SECRET)]
    keys.forget(ONE)
    assert list(keys.names()) == [key_name(OTHER, SECRET)]


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", f"{ONE}/x.age", f"{ONE}/../{HASH}.age", f"{ONE}/{HASH}"])
def test_a_name_that_is_none_is_refused(keys: Any, name: str) -> None:
    for verb in (keys.get, keys.destroy, lambda one: keys.put(one, b"")):
        with pytest.raises(ValueError, match="no name of a key"):
            verb(name)


def test_keys_lie_with_the_objects_where_these_are_elsewhere(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    settings = Settings(objects=str(shared))
    open_keys(tmp_path / "inquiry", settings).put(key_name(ONE, SECRET), SECRET)
    objects = open_objects(tmp_path / "other", settings)
    objects.put(b"a report")
    assert open_keys(tmp_path / "other", settings).get(key_name(ONE, SECRET)) == SECRET
    assert len(list(objects.names())) == 1
