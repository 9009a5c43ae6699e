# SPDX-License-Identifier: AGPL-3.0-or-later
"""A PostgreSQL of our own, from Debian's binaries: started for the tests, gone after them.

It lies in a temporary folder, listens on a free port of the loopback only, and touches no server that runs
already. To give it to one command:

    python -m tests.postgres [--durable] -- COMMAND…      (COMMAND finds it in DATABASE_URL)

With `--and-durable` a second one stands beside it, whose commits survive the death of the machine: tests of faults
find it in KOLLONTAI_TESTS_DURABLE.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

NAME = "kollontai"
PATIENCE = 30.0
"""Seconds a server may take to answer before we give up."""

DURABLE = "KOLLONTAI_TESTS_DURABLE"

HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Tests lose nothing when the machine loses power."""


class NoPostgres(RuntimeError):
    """PostgreSQL's programs are not here, or its server did not start."""


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that Debian installed, or the one on the path."""
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if installed:
        return max(installed, key=lambda folder: float(folder.parent.name))
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


@contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[str]:
    """Start a server, yield its DATABASE_URL, stop it and remove its folder.

    With `durable`, what is committed survives the death of the machine, as in real use: for tests of
    faults and for benchmarks.
    """
    folder = programs()
    if folder is None:
        raise NoPostgres("PostgreSQL is not installed; on Debian: apt-get install postgresql.")
    home = Path(tempfile.mkdtemp(prefix="kollontai-pg-", dir=_place(durable=durable)))
    try:
        password = secrets.token_hex(16)
        _prepare(folder, home, password)
        with _server(folder, home, durable=durable) as (process, port):
            url = f"postgresql://{NAME}:{password}@127.0.0.1:{port}/"
            _await_answer(process, url + "postgres", home)
            yield url + NAME
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _place(*, durable: bool) -> Path:
    """Where the server's files are to lie: with all others, perhaps in memory; what shall survive, on the disk.

    Not far down, for a socket's path may have 107 bytes at most; and not where its owner cannot come.
    """
    place = Path(tempfile.gettempdir())
    comes_there = all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))
    return place if comes_there and len(str(place)) <= 60 and not durable else Path("/tmp")


def _as_owner(owner: pwd.struct_passwd | None) -> list[str]:
    """What must stand before a command: PostgreSQL refuses to run as root, and should die with us."""
    words = []
    if owner is not None:
        words = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    if shutil.which("setpriv"):
        return ["setpriv", *words, "--pdeathsig=INT", "--"]
    if owner is None:
        return []
    raise NoPostgres("As root, PostgreSQL needs setpriv to become another user; on Debian: util-linux.")


def _owner() -> pwd.struct_passwd | None:
    """Who shall own the server: ourselves, or, when we are root, an account without powers."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _prepare(folder: Path, home: Path, password: str) -> None:
    """Make an empty database cluster."""
    owner = _owner()
    secret = home / "password"
    secret.write_text(password)
    if owner is not None:
        for path in (home, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(
        [
            *_as_owner(owner), str(folder / "initdb"), f"--pgdata={home / 'data'}", f"--username={NAME}",
            "--auth-local=trust", "--auth-host=password", f"--pwfile={secret}",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        ],
        cwd=home, env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stdout[-800:]}")


@contextmanager
def _server(folder: Path, home: Path, *, durable: bool) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run the server on a free port until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(home),
        "max_connections": "120", "shared_buffers": "64MB", "log_min_messages": "warning",
        **({} if durable else HASTY),
    }  # fmt: skip
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [*_as_owner(_owner()), str(folder / "postgres"), "-D", str(home / "data"), *words]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=home, env=_environment(home), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" end: sessions are cut, nothing is lost.
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE)


def _await_answer(process: subprocess.Popen[bytes], url: str, home: Path) -> None:
    """Wait until the server answers, then make the database."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                said = (home / "log").read_text()[-800:]
                raise NoPostgres(f"PostgreSQL did not start: {said or error}") from error
            time.sleep(0.05)


def _environment(home: Path) -> dict[str, str]:
    """The surroundings of the server: nobody's settings but ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8"}


def main(arguments: list[str]) -> int:
    """Run one command beside a private server; its exit status is ours."""
    options, command = [], arguments
    if "--" in arguments:
        at = arguments.index("--")
        options, command = arguments[:at], arguments[at + 1 :]
    if not command or set(options) - {"--durable", "--and-durable"}:
        print("Usage: python -m tests.postgres [--durable | --and-durable] -- COMMAND…", file=sys.stderr)
        return 2
    try:
        with ExitStack() as servers:
            url = servers.enter_context(private_postgres(durable="--durable" in options))
            given = {"DATABASE_URL": url}
            if "--and-durable" in options:
                given[DURABLE] = servers.enter_context(private_postgres(durable=True))
            return subprocess.run(command, env={**os.environ, **given}).returncode
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    # An end asked for politely must still stop the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise SystemExit(main(sys.argv[1:]))
