from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyrage import x25519

import ascertain
from ascertain import Inquiry
from ascertain.errors import CannotOpen, ImageRefused, IsSealed, UsageError
from ascertain.jobs.redacting import PageRegion, Wanted
from ascertain.preserve.redact.image import Region
from ascertain.preserve.redact.text import MARK, Hidden
from ascertain.record.entries import AccessSet
from ascertain.record.sealed import age
from ascertain.record.sealed.access import read_access
from ascertain.record.tables import derivations, exhibits

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ACCOUNT = "The account of Samira Example, taken in Estor.\n\nSAMIRA EXAMPLE saw two barrels fall.\n"


@pytest.fixture
def inquiry(tmp_path: Path) -> Inquiry:
    return ascertain.new(tmp_path / "inquiry", author="A. Analyst")


def preserved(inquiry: Inquiry, folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    (done,), _ = inquiry.preserve([folder / name])
    return done.exhibit


def hiding(*words: str, **known: Any) -> Wanted:
    return Wanted("protection of a witness", words=words, **known)


def rows(inquiry: Inquiry, table: Any) -> list[Any]:
    with inquiry.record.reading() as connection:
        return list(connection.execute(table.select()))


def test_a_redacted_text_is_an_exhibit_that_says_where_it_comes_from(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    done = inquiry.redact(origin[:12], hiding("samira example"))
    data = inquiry.record.objects.get(done.exhibit)
    assert data.decode().count(MARK) == 2
    assert b"amira" not in data.lower()
    (derived,) = rows(inquiry, derivations)
    assert (derived.exhibit, derived.origin, derived.method) == (done.exhibit, origin, "redact-text@1")
    told = json.loads(derived.details)
    assert told["reason"] == "protection of a witness"
    assert [data.decode()[at : at + len(MARK)] for at in told["marks"]] == [MARK, MARK]
    assert inquiry.record.objects.get(origin) == ACCOUNT.encode()
    assert inquiry.verify().problems == ()


def test_nothing_in_the_log_or_the_new_objects_tells_what_is_hidden(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    inquiry.redact(origin, hiding("Samira Example"))
    log = b"".join(entry.canonical() for entry in inquiry.log())
    assert b"amira" not in log.lower()
    clear = [name for name in inquiry.record.objects.names() if b"amira" in inquiry.record.objects.get(name).lower()]
    assert clear == [origin]


def test_a_page_loses_its_markup_and_what_a_visitor_does_not_see(inquiry: Inquiry, tmp_path: Path) -> None:
    page = f"<html><head><title>Samira</title></head><body><!-- Samira --><p>{ACCOUNT}</p></body></html>"
    origin = preserved(inquiry, tmp_path, "page.html", page.encode())
    done = inquiry.redact(origin, hiding("Samira Example"))
    assert b"<" not in inquiry.record.objects.get(done.exhibit)
    assert b"Samira" not in inquiry.record.objects.get(done.exhibit)
    assert done.media_type == "text/plain"


def test_spans_are_characters_of_the_text_that_is_read(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "short.txt", b"one two three")
    done = inquiry.redact(origin, Wanted("privacy", spans=(Hidden(4, 7),)))
    assert inquiry.record.objects.get(done.exhibit) == f"one {MARK} three".encode()


def test_a_redacted_image_is_a_png_of_its_own(inquiry: Inquiry, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((80, 60), 90).convert("RGB").save(out, "JPEG", comment=b"Samira")
    origin = preserved(inquiry, tmp_path, "face.jpg", out.getvalue())
    done = inquiry.redact(origin, Wanted("a face", regions=(PageRegion(0, Region(20, 20, 8, 8)),)))
    data = inquiry.record.objects.get(done.exhibit)
    assert done.media_type == "image/png"
    assert b"Samira" not in data
    assert not np.asarray(Image.open(io.BytesIO(data)))[20:28, 20:28].any()
    assert done.details["regions"] == [[4, 4, 40, 40]]


def test_the_same_redaction_again_adds_nothing(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    first = inquiry.redact(origin, hiding("Samira Example"), access="restricted")
    before = inquiry.record.head()
    assert inquiry.redact(origin, hiding("Samira Example"), access="restricted") == first
    assert inquiry.record.head() == before


def test_a_copy_has_the_class_of_its_origin_until_a_person_sets_one(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    with inquiry.record.writing("A. Analyst", START) as writer:
        closed = AccessSet(subject_kind="exhibit", subject=origin, access="restricted", reason="a", authority="b")
        writer.append(closed)
    inherited = inquiry.redact(origin, hiding("Samira Example"))
    with inquiry.record.reading() as connection:
        assert read_access(connection).of_exhibit(inherited.exhibit).access == "restricted"
    opened = inquiry.redact(origin, hiding("Samira Example"), access="public")
    with inquiry.record.reading() as connection:
        assert read_access(connection).of_exhibit(opened.exhibit).access == "public"
        assert read_access(connection).of_exhibit(origin).access == "restricted"


def test_a_sealed_exhibit_takes_who_opens_it_and_the_class_of_its_copy(inquiry: Inquiry, tmp_path: Path) -> None:
    her = x25519.Identity.generate()
    inquiry.protection.name_recipient("Hana", age.public_key(her))
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    inquiry.protection.seal(origin, ["Hana"])
    with pytest.raises(IsSealed):
        inquiry.redact(origin, hiding("Samira Example"), "restricted")
    with pytest.raises(UsageError, match="in the clear"):
        inquiry.redact(origin, hiding("Samira Example"), identities=[her])
    with pytest.raises(CannotOpen):
        inquiry.redact(origin, hiding("Samira Example"), "restricted", [x25519.Identity.generate()])
    done = inquiry.redact(origin, hiding("Samira Example"), "restricted", [her])
    assert inquiry.record.objects.get(done.exhibit).decode().count(MARK) == 2
    assert not any(b"amira" in inquiry.record.objects.get(name).lower() for name in inquiry.record.objects.names())
    with inquiry.record.reading() as connection:
        assert read_access(connection).of_exhibit(done.exhibit).access == "restricted"
    assert inquiry.verify().problems == ()


def test_a_copy_that_is_sealed_is_not_written_in_the_clear_again(inquiry: Inquiry, tmp_path: Path) -> None:
    inquiry.protection.name_recipient("Hana", age.public_key(x25519.Identity.generate()))
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    done = inquiry.redact(origin, hiding("Samira Example"))
    inquiry.protection.seal(done.exhibit, ["Hana"])
    with pytest.raises(IsSealed):
        inquiry.redact(origin, hiding("Samira Example"))


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Wanted("", words=("Samira",)), id="no_reason"),
        pytest.param(Wanted("to hide SAMIRA example", words=("Samira Example",)), id="a_reason_that_tells"),
        pytest.param(Wanted("privacy"), id="nothing_to_hide"),
        pytest.param(hiding("Nobody"), id="words_that_are_nowhere"),
        pytest.param(hiding(spans=(Hidden(0, 10_000),)), id="a_span_beyond_the_text"),
        pytest.param(hiding(regions=(PageRegion(0, Region(0, 0, 1, 1)),)), id="a_region_of_a_text"),
    ],
)
def test_a_request_that_is_wrong_writes_nothing(inquiry: Inquiry, tmp_path: Path, wanted: Wanted) -> None:
    origin = preserved(inquiry, tmp_path, "account.txt", ACCOUNT.encode())
    before = inquiry.record.head(), len(rows(inquiry, exhibits))
    with pytest.raises(UsageError):
        inquiry.redact(origin, wanted)
    assert (inquiry.record.head(), len(rows(inquiry, exhibits))) == before


def test_what_has_neither_text_nor_pixels_is_refused(inquiry: Inquiry, tmp_path: Path) -> None:
    origin = preserved(inquiry, tmp_path, "bag.zip", b"PK\x05\x06" + bytes(18))
    with pytest.raises(UsageError, match="cannot be redacted"):
        inquiry.redact(origin, hiding("Samira"))
    broken = preserved(inquiry, tmp_path, "broken.png", b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(ImageRefused):
        inquiry.redact(broken, Wanted("privacy", regions=(PageRegion(0, Region(0, 0, 1, 1)),)))
