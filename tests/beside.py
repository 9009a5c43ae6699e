# SPDX-License-Identifier: AGPL-3.0-or-later
"""What runs beside a test, where two can be at it at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

PATIENCE = 20.0  # seconds


class Running(threading.Thread):
    """Something that runs beside the test, on a connection of its own."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work, self.error = work, None
        self.start()

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:  # told to the test
            self.error: Exception | None = error
        finally:
            connection.close()

    def done(self) -> Exception | None:
        self.join(PATIENCE)
        assert not self.is_alive(), "it waits for ever"
        return self.error


def free_port() -> int:
    """A port of the loopback on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
