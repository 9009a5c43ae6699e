# SPDX-License-Identifier: AGPL-3.0-or-later
"""Serve the pages, and keep the clock, the record and the post going beside them."""

from __future__ import annotations

import errno
import gc
import importlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.context import ForkProcess

import click

from kollontai.cli.house import kind_errors, open_house, stop

PAUSE = 1.0
SWEPT_EVERY = 3600.0
AUDITS_LOOKED_FOR_EVERY = 60.0
LAST_PAGES = 10
"""Seconds that what is under way may still take when the house ends."""

ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
FORK = multiprocessing.get_context("fork")


@click.command(epilog="Example: kollontai serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, as a number.")
@click.option(
    "--port", default=8000, type=click.IntRange(1, 65535), show_default=True, help="Port to listen on."
)
@click.option("--workers", default=min(4, os.cpu_count() or 1), show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages. Beside the web processes one keeper performs what is due."""
    os.environ.setdefault("KOLLONTAI_SITE", f"http://localhost:{port}")  # in letters, if nothing else is said
    host = host.strip("[]")
    open_house()
    _may_listen(host, port)
    _look_over_everything()
    _take_the_program_in()
    told = _told_by_signals()
    web = FORK.Process(target=_open_doors, args=(host, port, workers), name="web")
    keeper = _new_keeper()
    web.start()
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Listening on http://{shown}:{port}", err=True)
    while not _ended(web, told):
        if not keeper.is_alive():
            click.echo("The keeper has ended; another one begins.", err=True)
            keeper = _new_keeper()
    _end(web, keeper, told)
    sys.exit(0 if web.exitcode in (0, -signal.SIGTERM) else 1)


def _may_listen(host: str, port: int) -> None:
    """Stop with a sentence where nobody could listen, before anything else is done."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = f"--port {port % 65535 + 1}, or PORT={port % 65535 + 1} make run"
                stop(f"Something listens on port {port} already: Kollontai, perhaps. Another one: {other}.")
            if error.errno == errno.EACCES:
                stop(f"Only root may listen on port {port}. Take one from 1024 up: --port 8000.")
            stop(f"This machine cannot listen on {host}, port {port}: {error.strerror}.")


def _new_keeper() -> ForkProcess:
    keeper = FORK.Process(target=_be_the_keeper, name="keeper")
    keeper.start()
    return keeper


def _ended(process: ForkProcess, told: int) -> bool:
    """Wait a moment; whether the process has ended, or a signal has come.

    The sentinel of a process that was killed is held by those it forked: so we look at the process as well.
    """
    return bool(connection.wait([process.sentinel, told], timeout=PAUSE)) or not process.is_alive()


def _end(web: ForkProcess, keeper: ForkProcess, told: int) -> None:
    """Let pages and keeper finish what they do, or not even that if told again. Nobody stays behind."""
    click.echo("Ending; what is under way is finished first.", err=True)
    if connection.wait([told], timeout=0):
        os.read(told, 4096)
    until = time.monotonic() + LAST_PAGES + PAUSE
    for process in (web, keeper):
        process.terminate()
    for process in (web, keeper):
        while not _ended(process, told) and time.monotonic() < until:
            pass
    with suppress(ProcessLookupError):
        os.killpg(web.pid, signal.SIGKILL)  # type: ignore[arg-type]  # it was started
    keeper.kill()
    web.join()
    keeper.join()


def _take_the_program_in() -> None:
    """Import once what the keeper and every web process need: they are forked from here and share it.

    No connection to the database goes with them, nor any thread.
    """
    from django.db import connections
    from django.urls import get_resolver

    importlib.import_module("kollontai.wsgi")
    importlib.import_module("kollontai.followers.notices")
    _ = get_resolver().url_patterns
    connections.close_all()
    gc.collect()
    gc.freeze()  # what all of them share stays shared


def _open_doors(host: str, port: int, workers: int) -> None:
    """Let the web server fork its workers and watch over them."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from kollontai.followers import packing

    packing.folder().mkdir(mode=0o700, exist_ok=True)
    # A group of their own: Ctrl-C and the parent's word would be two signals; a worker bears only one.
    os.setsid()
    for number in ENDS:
        signal.signal(number, signal.SIG_DFL)  # not what the parent does, until the server does its own
    threading.Thread(target=_end_after, args=(os.getppid(),), daemon=True).start()
    Granian(
        "kollontai.wsgi:application", host, port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=1, respawn_failed_workers=True, workers_kill_timeout=LAST_PAGES,
        static_path_route=[packing.ROUTE], static_path_mount=[packing.folder()], static_path_expires=0,
        log_level=LogLevels.warning,
    ).serve()  # fmt: skip


def _end_after(parent: int) -> None:
    """End this process when its parent is there no more, killed perhaps."""
    while os.getppid() == parent:
        time.sleep(PAUSE)
    os.kill(os.getpid(), signal.SIGTERM)


def _be_the_keeper() -> None:
    """Keep, until told to end; what is under way is done first."""
    keep(_told_by_signals())


def _told_by_signals() -> int:
    """Let the signals that end a process only say so: a pipe can be read then.

    An exception raised wherever the process happens to be may be caught there, and nobody ends.
    """
    told, tell = os.pipe()
    for number in ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # whoever said `nohup` meant it
            signal.signal(number, lambda *_: os.write(tell, b"."))
    return told


def _look_over_everything() -> None:
    """Before the first page: tables and articles there, no record ahead, nothing left unpublished."""
    from kollontai.chapters.record import sequencer, tables
    from kollontai.chapters.record.models import Head, Organisation
    from kollontai.followers.keeping import operating

    with kind_errors():
        if tables.missing():
            stop("The tables are not those of this release: kollontai migrate.", 2)
        for organisation in Organisation.objects.order_by("slug"):
            head = Head.objects.select_related("organisation").get(pk=organisation.pk)
            sequencer.refuse_when_ahead(head)
            operating.refuse_unknown_articles(organisation)
            sequencer.sequence(organisation.pk)
            operating.upgrade(organisation)


def keep(told: int) -> None:
    """Perform what is due, sequence what waits, write notices, send, sweep; again and again.

    Until something can be read from `told`, or the parent is there no more.
    """
    import logging

    from django.db import close_old_connections

    from kollontai import clock
    from kollontai.chapters.accounts.post import send_waiting
    from kollontai.chapters.accounts.sweeping import sweep
    from kollontai.chapters.deliberation import fromfile
    from kollontai.chapters.record import sequencer, standing
    from kollontai.chapters.record.act import tick
    from kollontai.chapters.voting.keeping import sweep_keys
    from kollontai.followers import forgetting, notices, own_audit, packing, scratch, stamping

    log = logging.getLogger("kollontai.keeper")
    parent = os.getppid()
    sweep_at = time.monotonic()
    audits, packers = _Audits(), packing.Packers()
    while os.getppid() == parent:
        try:
            tick()
            sequencer.keep_up()
            notices.keep_up(at=clock.now())
            sweep_keys(at=clock.machine_time())
            if standing.note().get("why") != standing.HANDED_OVER:
                send_waiting()  # else what waits went along, and is sent there
            if time.monotonic() >= sweep_at:
                sweep_at = time.monotonic() + SWEPT_EVERY
                sweep(at=clock.now())
                fromfile.sweep(at=clock.now())
                forgetting.sweep()
                scratch.sweep()
            audits.go_on([one.slug for one in own_audit.due(at=clock.now())] if audits.may_begin() else [])
            packers.go_on()
            stamping.read_ahead(at=clock.now())
        except Exception:
            log.exception("The keeper met something it did not expect; it goes on")
            close_old_connections()
        if connection.wait([told], timeout=PAUSE):
            break
    audits.end()
    packers.end()


class _Audits:
    """Audits of one's own exports: one at a time, beside the keeper, each organisation hourly at most."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._tried: dict[str, float] = {}
        self._look_at = 0.0

    def may_begin(self) -> bool:
        """Whether none runs, and a minute has passed since somebody looked."""
        if self._running is not None and self._running.poll() is None:
            return False
        now = time.monotonic()
        if now < self._look_at:
            return False
        self._look_at = now + AUDITS_LOOKED_FOR_EVERY
        return True

    def go_on(self, due: list[str]) -> None:
        """Begin the next one that is due."""
        now = time.monotonic()
        for slug in due:
            if now >= self._tried.get(slug, now):
                self._tried[slug] = now + SWEPT_EVERY
                self._running = subprocess.Popen(
                    [sys.executable, "-c", "from kollontai.cli import main; main()", "audit-own", slug],
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,
                )
                return

    def end(self) -> None:
        """Let the one that runs go; it comes again."""
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()
            self._running.wait()
