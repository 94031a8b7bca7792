"""A flipped bit or a torn write in any file of a record is found and named, or changes nothing that the record says."""

from __future__ import annotations

import datetime
import random
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ascertain.errors import AscertainError
from ascertain.progress import Silent
from ascertain.record.entries import ExhibitAcquired, ExhibitPreserved, RecordCreated
from ascertain.record.store import CONFIGURATION, DATABASE, OBJECTS, Record, new_record, open_record
from ascertain.record.verify import verify

SEED = 20170404
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
FLIPS = 100


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("flips") / "inquiry"
    with new_record(folder, 0) as record, record.writing("A. Analyst", NOW) as writer:
        writer.append(RecordCreated(name="inquiry", software="tests"))
        for number in range(12):
            data = f"exhibit {number} ".encode() * 200
            name = writer.put(data)
            writer.append(ExhibitPreserved(exhibit=name, size=len(data), media_type="text/plain"))
            writer.append(ExhibitAcquired(exhibit=name, original_name=f"{number}.txt", note="from the site"))
    return open_record(folder, 0)


def _said(folder: Path) -> list[str]:
    """Everything that the database says, table by table."""
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def _problems(folder: Path) -> list[str]:
    try:
        return list(verify(open_record(folder, 0), Silent()).problems)
    except AscertainError as error:
        return [error.message]


def _damaged(whole: Record, target: Path, file: str, damage: Callable[[bytearray], None]) -> Path:
    shutil.copytree(whole.folder, target)
    path = target / file
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    damage(data)
    path.write_bytes(data)
    return target


def _flip(at: int, bit: int) -> Callable[[bytearray], None]:
    def damage(data: bytearray) -> None:
        data[at] ^= 1 << bit

    return damage


def test_a_flipped_bit_in_an_object_is_named_with_the_object(whole: Record, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for name in whole.objects.names():
        file = f"{OBJECTS}/{name[:2]}/{name[2:]}"
        size = (whole.folder / file).stat().st_size
        folder = _damaged(whole, tmp_path / name, file, _flip(chance.randrange(size), chance.randrange(8)))
        (problem,) = _problems(folder)
        assert name in problem
        assert "altered" in problem


def test_a_flipped_bit_in_the_database_is_named_or_changes_nothing_that_it_says(whole: Record, tmp_path: Path) -> None:
    """Free space and counters inside SQLite's pages say nothing; every other flip has its name."""
    chance, said = random.Random(SEED), _said(whole.folder)
    data = (whole.folder / DATABASE).read_bytes()
    filled = [at for at, byte in enumerate(data) if byte]
    named = 0
    for number in range(FLIPS):
        at = chance.choice(filled) if number % 5 else chance.randrange(len(data))
        damage = _flip(at, chance.randrange(8))
        folder = _damaged(whole, tmp_path / str(number), DATABASE, damage)
        problems = _problems(folder)
        named += bool(problems)
        assert problems or _said(folder) == said
        shutil.rmtree(folder)
    assert named > FLIPS / 2


def test_a_database_torn_at_any_page_is_named(whole: Record, tmp_path: Path) -> None:
    """A write that ended in the middle: the file is cut, or its end is zeros."""
    size = (whole.folder / DATABASE).stat().st_size
    for at in range(512, size, size // 12):

        def cut(data: bytearray, at: int = at) -> None:
            del data[at:]

        def zeros(data: bytearray, at: int = at) -> None:
            data[at:] = bytes(len(data) - at)

        for name, damage in (("cut", cut), ("zeros", zeros)):
            assert _problems(_damaged(whole, tmp_path / f"{name}-{at}", DATABASE, damage))


def test_an_object_torn_at_any_point_is_named(whole: Record, tmp_path: Path) -> None:
    name = next(whole.objects.names())
    file = f"{OBJECTS}/{name[:2]}/{name[2:]}"
    for at in (0, 1, 511, 512, 1024):

        def cut(data: bytearray, at: int = at) -> None:
            del data[at:]

        (problem,) = _problems(_damaged(whole, tmp_path / str(at), file, cut))
        assert name in problem


def test_a_flipped_bit_in_the_configuration_is_named_or_changes_nothing_that_it_says(
    whole: Record, tmp_path: Path
) -> None:
    folder = _damaged(whole, tmp_path / "inquiry", CONFIGURATION, lambda _: None)
    path, named = folder / CONFIGURATION, 0
    data = path.read_bytes()
    said = tomllib.loads(data.decode())
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            path.write_bytes(changed)
            problems = _problems(folder)
            named += bool(problems)
            assert problems or tomllib.loads(changed.decode()) == said, bytes(changed)
    assert named > len(data)
