from __future__ import annotations

import datetime
import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyrage import x25519

import ascertain
from ascertain import Inquiry
from ascertain.errors import UsageError
from ascertain.jobs import fingerprinting
from ascertain.jobs.relating import Near
from ascertain.record.entries import AccessSet, RecordCreated
from ascertain.record.fingerprints import known_fingerprints
from ascertain.record.sealed import age
from ascertain.record.store import new_record

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
WORDS = [f"word{number}" for number in range(900)]


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def photograph(seed: int, width: int = 300, height: int = 200) -> Image.Image:
    coarse = np.random.RandomState(seed).randint(0, 256, (24, 36, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def image_file(folder: Path, name: str, image: Image.Image, **options: Any) -> Path:
    out = io.BytesIO()
    image.save(out, "JPEG" if name.endswith("jpg") else "PNG", **options)
    (folder / name).write_bytes(out.getvalue())
    return folder / name


def text_file(folder: Path, name: str, seed: int, edits: int = 0) -> Path:
    said = random.Random(seed).choices(WORDS, k=120)
    for place in range(edits):
        said[place * 7] = f"other{place}"
    words = " ".join(said)
    (folder / name).write_text(f"<html><body><p>{words}</p></body></html>" if name.endswith("html") else words)
    return folder / name


def many(folder: Path) -> list[Path]:
    """Two images and two texts, each with a copy that is near it."""
    return [
        image_file(folder, "a.png", photograph(1)),
        image_file(folder, "a small.jpg", photograph(1).resize((200, 133)), quality=70),
        image_file(folder, "b.png", photograph(2)),
        text_file(folder, "one.txt", 1),
        text_file(folder, "one again.html", 1, edits=2),
        text_file(folder, "two.txt", 2),
    ]


def named(near: list[Near]) -> list[frozenset[str]]:
    return sorted((frozenset({one.name_a, one.name_b}) for one in near), key=sorted)


def said(inquiry: Inquiry, kind: str) -> list[dict[str, Any]]:
    return [entry.body for entry in inquiry.log() if entry.kind == kind]


def run(inquiry: Inquiry) -> list[Near]:
    for kind in fingerprinting.KINDS:
        inquiry.find_similar(kind)
    return inquiry.similar()


PAIRS = [frozenset({"a small.jpg", "a.png"}), frozenset({"one again.html", "one.txt"})]


def test_near_images_and_near_texts_are_told_with_their_distance_and_never_merged(
    inquiry: Inquiry, tmp_path: Path
) -> None:
    inquiry.preserve(many(tmp_path))
    near = run(inquiry)
    assert named(near) == PAIRS
    by_method = {one.method: one for one in near}
    assert 0 <= by_method["pdq@1"].distance <= 31 == by_method["pdq@1"].threshold
    assert 0 < by_method["minhash-jaccard@1"].distance <= 0.3 == by_method["minhash-jaccard@1"].threshold
    assert len(said(inquiry, "exhibit.preserved")) == 6
    assert inquiry.verify().problems == ()


def test_wherever_the_record_lies_the_search_finds_the_same(tmp_path: Path, home: Any) -> None:
    with new_record(tmp_path / "made", 0, home.settings()) as record, record.writing("A. Analyst", START) as writer:
        writer.append(RecordCreated(name="made", software="tests"))
    inquiry = ascertain.open(tmp_path / "made", author="A. Analyst")
    inquiry.preserve(many(tmp_path))
    near = run(inquiry)
    assert named(near) == PAIRS
    assert run(inquiry) == near
    assert inquiry.verify().problems == ()


def test_a_second_search_compares_nothing_and_adds_nothing(
    inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry.preserve(many(tmp_path))
    first = run(inquiry)
    before = inquiry.record.head()

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("was computed again")

    monkeypatch.setattr(fingerprinting, "decode_image", refuse)
    monkeypatch.setattr(fingerprinting, "read_text", refuse)
    done = [inquiry.find_similar(kind) for kind in fingerprinting.KINDS]
    assert [(one.new, one.added) for one in done] == [(0, ()), (0, ())]
    assert inquiry.similar() == first
    assert inquiry.record.head() == before


@pytest.mark.parametrize("seed", range(2))
def test_the_order_in_which_exhibits_come_in_makes_no_difference(tmp_path: Path, seed: int) -> None:
    files = many(tmp_path)
    at_once = ascertain.new(tmp_path / "at once", author="A. Analyst")
    at_once.preserve(files)
    by_and_by = ascertain.new(tmp_path / "by and by", author="A. Analyst")
    for file in random.Random(seed).sample(files, len(files)):
        by_and_by.preserve([file])
        run(by_and_by)
    found = [{(one.a, one.b, one.distance, one.method) for one in each} for each in (run(at_once), by_and_by.similar())]
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_after_a_rebuild_the_search_begins_anew_and_finds_nothing_new(inquiry: Inquiry, tmp_path: Path) -> None:
    inquiry.preserve(many(tmp_path))
    first = run(inquiry)
    inquiry.rebuild()
    done = [inquiry.find_similar(kind) for kind in fingerprinting.KINDS]
    assert [one.new for one in done] == [3, 3]
    assert [one.added for one in done] == [(), ()]
    assert inquiry.similar() == first


def test_a_wider_threshold_searches_again_and_adds_what_lies_between(inquiry: Inquiry, tmp_path: Path) -> None:
    inquiry.preserve([text_file(tmp_path, f"{edits}.txt", 1, edits=edits) for edits in (0, 2, 10)])
    close = inquiry.find_similar("text", 0.12)
    wide = inquiry.find_similar("text", 0.5)
    assert (len(close.added), len(wide.added)) == (1, 2)
    assert inquiry.find_similar("text", 0.12).new == 0
    assert [body["number"] for body in said(inquiry, "relations.found")] == [1, 2]


def test_one_exhibit_is_chosen_by_the_beginning_of_its_id(inquiry: Inquiry, tmp_path: Path) -> None:
    done, _ = inquiry.preserve(many(tmp_path))
    run(inquiry)
    chosen = next(one.exhibit for one in done if one.name.endswith("a.png"))
    assert named(inquiry.similar(chosen[:10].upper())) == PAIRS[:1]
    for wrong in ("zz", "f" * 64):
        with pytest.raises(UsageError):
            inquiry.similar(wrong)


def test_what_cannot_be_read_is_named_once_and_the_rest_goes_on(inquiry: Inquiry, tmp_path: Path) -> None:
    files = many(tmp_path)
    cut = files[0].read_bytes()
    (tmp_path / "cut.png").write_bytes(cut[: len(cut) // 2])
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    inquiry.preserve([*files, tmp_path / "cut.png", tmp_path / "cut.pdf"])
    done = [inquiry.find_similar(kind) for kind in fingerprinting.KINDS]
    assert [[one.code for one in each.failed] for each in done] == [["truncated"], ["unreadable"]]
    assert named(inquiry.similar()) == PAIRS
    run(inquiry)
    told = said(inquiry, "item.failed")
    assert [(body["stage"], body["code"]) for body in told] == [("similar", "truncated"), ("similar", "unreadable")]
    assert told[0]["item"] == done[0].failed[0].exhibit


def test_what_tells_too_little_is_named_and_in_no_pair(inquiry: Inquiry, tmp_path: Path) -> None:
    for name in ("x.txt", "y.txt"):
        (tmp_path / name).write_text(f"Forbidden. {name}")
    blank = [image_file(tmp_path, f"{n}.png", Image.new("RGB", (90 + n, 90), "white")) for n in range(2)]
    inquiry.preserve([tmp_path / "x.txt", tmp_path / "y.txt", *blank])
    assert run(inquiry) == []
    assert [len(inquiry.find_similar(kind).too_little) for kind in fingerprinting.KINDS] == [2, 2]


def test_sealed_and_erased_exhibits_are_never_opened(
    inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, _ = inquiry.preserve(many(tmp_path))
    closed = {one.exhibit for one in done if Path(one.name).name in ("a.png", "one.txt", "two.txt")}
    ids = {Path(one.name).name: one.exhibit for one in done}
    inquiry.protection.name_recipient("Hana", age.public_key(x25519.Identity.generate()))
    for name in ("a.png", "one.txt"):
        inquiry.protection.seal(ids[name], ["Hana"])
    inquiry.protection.erase(ids["one.txt"], "she asked", "the head of the inquiry")
    with inquiry.record.writing("A. Analyst", START) as writer:  # meant to be sealed, and not yet
        said = {"reason": "soon", "authority": "the head of the inquiry"}
        writer.append(AccessSet(subject_kind="exhibit", subject=ids["two.txt"], access="sealed", **said))
    opened: list[str] = []
    get = type(inquiry.record.objects).get

    def watched(objects: Any, name: str) -> bytes:
        opened.append(name)
        return get(objects, name)

    monkeypatch.setattr(type(inquiry.record.objects), "get", watched)
    assert run(inquiry) == []
    assert closed.isdisjoint(opened)


def test_sealing_an_exhibit_takes_its_fingerprints_and_relations_away(inquiry: Inquiry, tmp_path: Path) -> None:
    done, _ = inquiry.preserve(many(tmp_path))
    run(inquiry)
    exhibit = next(one.exhibit for one in done if one.name.endswith("a.png"))
    inquiry.protection.name_recipient("Hana", age.public_key(x25519.Identity.generate()))
    inquiry.protection.seal(exhibit, ["Hana"])
    with inquiry.record.reading() as connection:
        assert exhibit not in known_fingerprints(connection, "pdq@1")
    assert named(inquiry.similar()) == PAIRS[1:]
    assert inquiry.verify().problems == ()
    inquiry.rebuild()
    assert named(run(inquiry)) == PAIRS[1:]


def test_a_search_that_stops_half_way_goes_on_from_what_it_kept(
    inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inquiry.preserve([image_file(tmp_path, f"{seed}.png", photograph(seed)) for seed in range(5)])
    monkeypatch.setattr(fingerprinting, "_KEPT_TOGETHER", 2)
    real, calls = fingerprinting.decode_image, []

    def stopping(*arguments: Any, **named_: Any) -> Any:
        calls.append(1)
        if len(calls) > 4:
            raise KeyboardInterrupt
        return real(*arguments, **named_)

    monkeypatch.setattr(fingerprinting, "decode_image", stopping)
    with pytest.raises(KeyboardInterrupt):
        inquiry.find_similar("image")
    monkeypatch.setattr(fingerprinting, "decode_image", real)
    with inquiry.record.reading() as connection:
        assert len(known_fingerprints(connection, "pdq@1")) == 4
    assert inquiry.find_similar("image").new == 5


def test_thresholds_that_a_method_does_not_reach_are_refused_before_any_work(inquiry: Inquiry) -> None:
    for kind, threshold in (("image", 48.0), ("image", 2.5), ("text", 0.6), ("text", -1.0)):
        with pytest.raises(UsageError):
            inquiry.find_similar(kind, threshold)  # type: ignore[arg-type]


def test_many_relations_are_several_entries(inquiry: Inquiry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ascertain.jobs.relating._IN_ONE_ENTRY", 2)
    inquiry.preserve([text_file(tmp_path, f"{edits}.txt", 1, edits=edits) for edits in range(4)])
    assert len(inquiry.find_similar("text").added) == 6
    assert [body["number"] for body in said(inquiry, "relations.found")] == [2, 2, 2]
    assert inquiry.verify().problems == ()
