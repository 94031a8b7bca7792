"""A throw-away PostgreSQL for the tests: one cluster a run, one schema a test.

The database's own language is English by ICU, so that a text that is compared by it, and not by its code points, shows.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import free_ports, keep_running, new_folder, once_a_run

OWNER = "owner"
MEMBER = "member"  # may connect by a password and has no other right
PASSWORD = "a word for tests"


@dataclass(frozen=True)
class PostgresServer:
    """A running server: by its socket everybody comes in, by its port whoever has a password."""

    folder: str
    port: int

    def address(self, database: str = "inquiries", user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    def by_port(self, user: str) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/inquiries"

    def connect(self, database: str = "inquiries", user: str = OWNER) -> Any:
        """A connection past the record's own code; each statement by itself."""
        import psycopg

        return psycopg.connect(host=self.folder, port=self.port, user=user, dbname=database, autocommit=True)

    def start(self) -> None:
        """Start the server in its folder and wait until it answers."""
        import psycopg

        options = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder,
            "max_connections": 200, "shared_buffers": "32MB",
        }  # fmt: skip
        command = [f"{_programs()}/postgres", "-D", f"{self.folder}/data"]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        keep_running(Path(self.folder), command, _unprivileged())
        for _ in range(600):
            try:
                self.connect("postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        pytest.fail(f"PostgreSQL did not start: {(Path(self.folder) / 'server.log').read_text()}")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` as an administrator would, `immediate` as a power cut would."""
        command = [f"{_programs()}/pg_ctl", "-D", f"{self.folder}/data", "-m", how, "-w", "stop"]
        _run(command, Path(self.folder))


def new_postgres() -> PostgresServer:
    """A new cluster, running. Skips the test where PostgreSQL is not installed."""
    programs, user = _programs(), _unprivileged()
    folder = new_folder("postgres", user)
    init = [f"{programs}/initdb", "-D", f"{folder}/data", "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([*init, "--auth-local=trust", "--auth-host=scram-sha-256", "--data-checksums"], folder)
    server = PostgresServer(str(folder), free_ports(1)[0])
    server.start()
    with server.connect("postgres") as connection:
        connection.execute(f"CREATE ROLE {MEMBER} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE inquiries TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    return server


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    """The run's PostgreSQL."""
    if not _programs():
        pytest.skip("PostgreSQL is not installed here (apt-get install postgresql)")
    pytest.importorskip("psycopg")
    started = once_a_run(tmp_path_factory, "postgres", lambda: vars(new_postgres()))
    return PostgresServer(**started)


@pytest.fixture
def own_postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that this test may stop and start."""
    if not _programs():
        pytest.skip("PostgreSQL is not installed here (apt-get install postgresql)")
    server = new_postgres()
    yield server
    with suppress(subprocess.CalledProcessError):  # the test stopped it
        server.stop("immediate")
    shutil.rmtree(server.folder, ignore_errors=True)


def _programs() -> str:
    """The folder of the newest PostgreSQL's programs; empty where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return str(found[-1].parent)
    on_path = shutil.which("initdb")
    return str(Path(on_path).resolve().parent) if on_path else ""


def _unprivileged() -> str:
    """Who runs the server: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _run(command: list[str], folder: Path) -> None:
    user = _unprivileged()
    rights = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, **rights)
