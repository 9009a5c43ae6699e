# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house that is told to end, or whose processes are killed: nobody stays behind, and the clock goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys import houses
from tests.journeys.houses import PATIENCE, House

pytestmark = pytest.mark.journey

Begun = tuple[House, subprocess.Popen[bytes]]


@pytest.fixture
def heard() -> Iterator[None]:
    """Signals are heard, also where whoever runs the tests in the background has them ignored."""
    before = {
        number: signal.signal(number, signal.default_int_handler)
        for number in (signal.SIGINT, signal.SIGHUP)
        if signal.getsignal(number) is signal.SIG_IGN
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def begun(bare: tuple[Path, str], tmp_path: Path, heard: None) -> Iterator[Callable[[], Begun]]:
    """Opens the doors of an empty house, once or again."""
    home, database = bare
    own = tmp_path / "home"
    houses.copied(home, own)
    copy = houses.new_database(copy_of=database) if database else ""
    servers = []

    def begin() -> Begun:
        house, server = houses.begin(own, copy)
        servers.append(server)
        return house, server

    yield begin
    for server in servers:
        server.kill()
        server.wait()
    houses.drop_database(copy)


def begun_by(process: int) -> set[int]:
    """The processes that one has begun and that still are."""
    return {int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def family(process: int) -> set[int]:
    """A process and all that came from it."""
    return {process}.union(*(family(one) for one in begun_by(process)))


def parts(house: House) -> tuple[int, int]:
    """The keeper, and the process that watches over the two workers of the pages."""
    keeper, web = sorted(begun_by(house.server), key=lambda one: len(begun_by(one)))  # an audit at most
    assert len(begun_by(web)) == 2
    return keeper, web


def runs(process: int) -> bool:
    """Whether a process still does something."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def come_true(question: Callable[[], object], house: House) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE
    while not question():
        assert time.monotonic() < until, house.log()
        time.sleep(0.05)


def kill_the_keeper(house: House) -> None:
    """Kill the keeper and wait for the one that follows."""
    before = begun_by(house.server)
    os.kill(parts(house)[0], signal.SIGKILL)
    come_true(lambda: begun_by(house.server) - before, house)
    assert "The keeper has ended; another one begins." in house.log()


def nobody_is_left(of: set[int], house: House) -> None:
    """Wait until all have gone; then nobody listens."""
    come_true(lambda: not any(runs(one) for one in of), house)
    with socket.socket() as asked:
        assert asked.connect_ex(("127.0.0.1", house.port)), "somebody still listens"


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.any_database),
        pytest.param(signal.SIGHUP, marks=pytest.mark.any_database),
    ],
)
def test_a_signal_to_the_whole_group_ends_everybody_in_order(begun, number):
    house, server = begun()
    everybody = family(server.pid)
    os.killpg(server.pid, number)
    assert server.wait(PATIENCE) == 0, house.log()
    nobody_is_left(everybody, house)
    assert "refused" not in house.log(), "a worker had to be killed"
    house.is_well()


def test_a_keeper_that_is_killed_is_followed_by_another_that_ends_as_well(begun):
    house, server = begun()
    kill_the_keeper(house)
    everybody = family(server.pid)
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(PATIENCE) == 0, house.log()
    nobody_is_left(everybody, house)
    house.is_well()


def test_when_the_parent_is_killed_pages_and_keeper_end_by_themselves(begun):
    house, server = begun()
    everybody = family(server.pid)
    assert len(everybody) == 5
    server.kill()
    server.wait(PATIENCE)
    nobody_is_left(everybody, house)
    house.is_well()


@pytest.mark.any_database
def test_when_the_watch_over_the_pages_is_killed_the_house_ends_and_says_so(begun):
    house, server = begun()
    everybody = family(server.pid)
    os.kill(parts(house)[1], signal.SIGKILL)
    assert server.wait(PATIENCE) == 1, house.log()
    nobody_is_left(everybody, house)


@pytest.mark.any_database
def test_who_is_told_twice_does_not_wait_for_a_page(begun):
    house, server = begun()
    everybody = family(server.pid)
    stuck = parts(house)[1]
    os.kill(stuck, signal.SIGSTOP)
    server.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        server.wait(1)
    server.terminate()
    assert server.wait(PATIENCE) == 1, house.log()
    nobody_is_left(everybody, house)


@pytest.mark.any_database
def test_where_nobody_could_listen_it_is_said_before_anything_begins(begun):
    house, _server = begun()
    for words, said in (
        (("--port", str(house.port)), f"listens on port {house.port} already"),
        (("--port", "0"), "not in the range 1<=x<=65535"),
        (
            ("--host", "no.such.host.example", "--port", str(house.port)),
            "cannot listen on no.such.host.example",
        ),
        (("--host", "198.51.100.7", "--port", str(house.port)), "Cannot assign requested address"),
    ):
        ran = house.command("serve", *words)
        assert ran.returncode, words
        assert said in ran.stderr, words
        assert "Listening" not in ran.stderr
        assert "Traceback" not in ran.stderr


@pytest.mark.any_database
def test_whoever_asks_and_reads_nothing_keeps_nobody_waiting(
    begun: Callable[[], Begun],
) -> None:
    house, _server = begun()
    packed = house.home / "exports" / "org-1-token" / "hall.zip"
    packed.parent.mkdir()
    packed.write_bytes(os.urandom(1 << 20) * 8)
    address = "/exports/org-1-token/hall.zip"
    stuck = []
    styles = "/static/kollontai/vendor/pico.min.css"  # much of it, by one who asks a hundred times at once
    for asked_for, times in ((address, 1), (styles, 100)) * 4:  # more than there are processes for pages
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", house.port))
        reader.sendall(f"GET {asked_for} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * times)
        stuck.append(reader)
    for _page in range(6):
        with urllib.request.urlopen(f"{house.url}/", timeout=PATIENCE) as page:
            assert page.status == 200
    with urllib.request.urlopen(f"{house.url}{address}", timeout=PATIENCE) as copy:
        assert copy.read() == packed.read_bytes()
    for away in ("/exports/", "/exports/org-1-token", "/exports/../keys/secret"):
        with socket.create_connection(("127.0.0.1", house.port)) as asked:
            asked.sendall(f"GET {away} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            assert asked.recv(64).split()[1] != b"200"
    for reader in stuck:
        reader.close()
