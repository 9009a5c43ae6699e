# SPDX-License-Identifier: AGPL-3.0-or-later
"""Serve the pages, and keep the clock, the record and the post going beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import click

from kollontai.cli.house import kind_errors, open_house, stop

PAUSE = 1.0
SWEPT_EVERY = 3600.0


@click.command(epilog="Example: kollontai serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, as a number.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=min(4, os.cpu_count() or 1), show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages. Beside the web processes one keeper performs what is due."""
    open_house()
    _look_over_everything()
    keeper = subprocess.Popen([sys.executable, "-m", "kollontai.cli.serve"])
    web = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
            "--workers", str(workers), "--blocking-threads", "1", "--respawn-failed-workers",
            "--no-access-log", "--log-level", "warning", "kollontai.wsgi:application",
        ]
    )  # fmt: skip
    click.echo(f"Listening on http://{host}:{port}", err=True)

    def end(*_: object) -> None:
        for process in (web, keeper):
            process.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    status = web.wait()
    keeper.terminate()
    keeper.wait()
    sys.exit(0 if status in (0, -signal.SIGTERM, -signal.SIGINT, 130, 143) else 1)


def _look_over_everything() -> None:
    """Before the first page: tables there, no record ahead of its database, nothing left unpublished."""
    from kollontai.chapters.record import sequencer
    from kollontai.chapters.record.models import Head, Organisation

    with kind_errors():
        for organisation in Organisation.objects.order_by("slug"):
            head = Head.objects.select_related("organisation").get(pk=organisation.pk)
            sequencer.refuse_when_ahead(head)
            sequencer.sequence(organisation.pk)


def keep() -> None:
    """Perform what is due, sequence what waits, send what is to be sent, sweep; again and again."""
    open_house()
    import logging

    from django.db import close_old_connections

    from kollontai import clock
    from kollontai.chapters.accounts.post import send_waiting
    from kollontai.chapters.accounts.sweeping import sweep
    from kollontai.chapters.deliberation import fromfile
    from kollontai.chapters.record import sequencer
    from kollontai.chapters.record.act import tick
    from kollontai.chapters.voting.keeping import sweep_keys

    log = logging.getLogger("kollontai.keeper")
    parent = os.getppid()
    sweep_at = time.monotonic()
    while os.getppid() == parent:
        try:
            tick()
            sequencer.keep_up()
            sweep_keys(at=clock.machine_time())
            send_waiting()
            if time.monotonic() >= sweep_at:
                sweep_at = time.monotonic() + SWEPT_EVERY
                sweep(at=clock.now())
                fromfile.sweep(at=clock.now())
        except Exception:
            log.exception("The keeper met something it did not expect; it goes on")
            close_old_connections()
        time.sleep(PAUSE)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        keep()
    except KeyboardInterrupt:
        stop("", 0)
