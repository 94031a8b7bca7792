"""What only objects in a bucket can meet: a server that refuses, is gone, or has no such bucket."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import obstore
import pytest
import s3_server as servers
from obstore.store import S3Store

from ascertain.errors import AccessRefused, AscertainError, RecordDamaged, Unreachable, UsageError
from ascertain.record.home.bucket import PART, Bucket
from ascertain.record.home.object_store import BucketObjects, _Checked, key_of
from ascertain.record.home.places import open_objects
from ascertain.settings import Settings

_prefixes = itertools.count()


@pytest.fixture
def address(s3_server: Any) -> str:
    return s3_server.address(f"objects-{os.getpid()}-{next(_prefixes)}")


@pytest.fixture
def objects(s3_server: Any, address: str) -> BucketObjects:
    return BucketObjects(Bucket(address, {"endpoint": s3_server.endpoint, **servers.KEY}))


@pytest.fixture
def raw(s3_server: Any, address: str) -> S3Store:
    """The bucket past the record's own code."""
    _, _, prefix = address.removeprefix("s3://").partition("/")
    configuration: Any = {"endpoint": s3_server.endpoint, **servers.KEY}
    return S3Store(servers.BUCKET, prefix=prefix, config=configuration, client_options={"allow_http": True})


class Endless:
    """A stream of so many bytes that is nowhere in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        given = min(size, self.left)
        self.left -= given
        return b"a" * given


def test_an_object_lies_under_the_prefix_as_it_would_in_a_folder(objects: BucketObjects, raw: S3Store) -> None:
    name = objects.put(b"a report")
    (found,) = [entry["path"] for some in obstore.list(raw) for entry in some]
    assert found == f"{name[:2]}/{name[2:]}"


def test_other_things_under_the_prefix_are_no_objects(objects: BucketObjects, raw: S3Store) -> None:
    name = objects.put(b"a report")
    for key in ("readme.txt", "ab/readme.txt", f"ab/{'0' * 61}", f"{'0' * 64}", f"keys/{'0' * 60}"):
        obstore.put(raw, key, b"x")
    assert list(objects.names()) == [name]


def test_what_is_there_is_not_written_again(objects: BucketObjects, raw: S3Store) -> None:
    name = objects.put(b"a report")
    before = obstore.head(raw, key_of(name))
    assert objects.put(b"a report") == name
    objects.bucket.create(key_of(name), b"another report")
    assert obstore.head(raw, key_of(name)) == before


def test_what_was_altered_there_is_named_and_not_written_over(objects: BucketObjects, raw: S3Store) -> None:
    name = objects.put(b"a report")
    obstore.put(raw, key_of(name), b"a rapport")
    with pytest.raises(RecordDamaged, match=f"{name} has been altered"):
        objects.put(b"a report")
    assert bytes(obstore.get(raw, key_of(name)).bytes()) == b"a rapport"


def test_memory_does_not_grow_with_a_file(objects: BucketObjects) -> None:
    tracemalloc.start()
    stream: Any = Endless(40 * PART)
    kept = objects.incoming().put_file(stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.size == 40 * PART
    assert peak < 8 * PART
    assert objects.hash_of(kept.name) == kept.name


def test_bytes_that_change_while_they_are_sent_never_lie_under_the_name(objects: BucketObjects) -> None:
    name = hashlib.sha256(b"as it was").hexdigest()
    upload: Any = _Checked(BytesIO(b"b" * (PART + 1)), name)
    with pytest.raises(AscertainError, match="changed while they were sent"):
        objects.bucket.upload(key_of(name), upload)
    assert not objects.has(name)


def test_the_server_refuses_bytes_that_do_not_have_their_checksum(s3_server: Any) -> None:
    """That our own checksums are worth sending: the server of these tests looks at them."""
    boto3 = pytest.importorskip("boto3")
    key = servers.KEY
    client = boto3.client(
        "s3", endpoint_url=s3_server.endpoint, region_name="us-east-1", aws_access_key_id=key["access_key_id"],
        aws_secret_access_key=key["secret_access_key"],
    )  # fmt: skip
    with pytest.raises(client.exceptions.ClientError, match="BadDigest"):
        client.put_object(Bucket=servers.BUCKET, Key="x", Body=b"abc", ChecksumSHA256="A" * 43 + "=")


def test_an_upload_carries_its_checksum(s3_server: Any, objects: BucketObjects, address: str) -> None:
    boto3 = pytest.importorskip("boto3")
    key = servers.KEY
    client = boto3.client(
        "s3", endpoint_url=s3_server.endpoint, region_name="us-east-1", aws_access_key_id=key["access_key_id"],
        aws_secret_access_key=key["secret_access_key"],
    )  # fmt: skip
    name = objects.put(b"a report")
    prefix = address.partition(f"{servers.BUCKET}/")[2]
    found = client.head_object(Bucket=servers.BUCKET, Key=f"{prefix}/{key_of(name)}", ChecksumMode="ENABLED")
    assert bytes.fromhex(name) == base64.b64decode(found["ChecksumSHA256"])


def _everything(objects: BucketObjects) -> list[Any]:
    name = "0" * 64
    return [
        lambda: objects.put(b"a report"),
        lambda: objects.incoming().put_file(BytesIO(b"a" * (PART + 1))),
        lambda: objects.get(name),
        lambda: objects.open(name),
        lambda: objects.has(name),
        lambda: objects.hash_of(name),
        lambda: list(objects.names()),
    ]


def test_wrong_credentials_are_said_to_be_that(s3_server: Any, address: str) -> None:
    key = {**servers.KEY, "secret_access_key": "another word"}
    for call in _everything(BucketObjects(Bucket(address, {"endpoint": s3_server.endpoint, **key}))):
        with pytest.raises(AccessRefused, match="refuses access") as caught:
            call()
        assert "AWS_SECRET_ACCESS_KEY" in caught.value.next_step
        assert "another word" not in str(caught.value)


def test_a_missing_bucket_is_not_taken_for_missing_objects(s3_server: Any) -> None:
    for call in _everything(BucketObjects(Bucket("s3://nobodys/x", {"endpoint": s3_server.endpoint, **servers.KEY}))):
        with pytest.raises(AscertainError, match="no bucket nobodys"):
            call()


def test_a_server_that_is_not_there_is_said_to_be_that(address: str) -> None:
    for call in _everything(BucketObjects(Bucket(address, {"endpoint": "http://127.0.0.1:9", **servers.KEY})))[:3]:
        with pytest.raises(Unreachable, match="does not answer"):
            call()


@pytest.mark.parametrize("wrong", ["s3://", "s3:///x", "http://records/x", "s3://records/a//b", "s3://records/a/../b"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match="no address of objects"):
        Bucket(wrong, {})


def test_credentials_come_from_the_usual_files(
    s3_server: Any, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = servers.KEY
    (tmp_path / "credentials").write_text(
        f"[team]\naws_access_key_id = {key['access_key_id']}\naws_secret_access_key = {key['secret_access_key']}\n"
    )
    (tmp_path / "config").write_text(f"[profile team]\nregion = us-east-1\nendpoint_url = {s3_server.endpoint}\n")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_PROFILE", "team")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    objects = open_objects(tmp_path, Settings(objects=address))
    assert objects.get(objects.put(b"a report")) == b"a report"


def test_a_damaged_file_of_credentials_is_named_without_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "credentials").write_text("aws_secret_access_key = a word\n")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    with pytest.raises(UsageError, match="credentials is unreadable") as caught:
        open_objects(tmp_path, Settings(objects="s3://records/x"))
    assert "a word" not in str(caught.value)
