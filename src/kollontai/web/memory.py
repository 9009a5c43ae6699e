# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages keep in this process for some minutes: values as they are, not copies.

Whoever takes something from here reads it and does not change it. What has run out is dropped within a
minute of the next thing kept, so that erased words do not linger.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

SWEEP_EVERY = 60.0
_Kept = dict[str, tuple[Any, float]]
_rooms: dict[str, _Kept] = {}
_writing = Lock()


class Memory(BaseCache):
    """Django's interface of a cache over one dictionary, shared by the threads of a process."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._kept = _rooms.setdefault(name, {})
        self._sweep_at = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept under a key."""
        value, until = self._kept.get(key, (default, float("inf")))
        return value if time.monotonic() < until else default

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """What is kept under several keys, for those under which something is."""
        now, get = time.monotonic(), self._kept.get
        found = ((key, get(key)) for key in keys)
        return {key: one[0] for key, one in found if one is not None and now < one[1]}

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep something for so many seconds."""
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        now = time.monotonic()
        with _writing:
            self._kept.pop(key, None)
            if timeout is None or timeout > 0:
                self._kept[key] = value, float("inf") if timeout is None else now + timeout
            self._make_room(now)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep something unless there is something already."""
        new = key not in self
        if new:
            self.set(key, value, timeout)
        return new

    def delete(self, key: str, version: int | None = None) -> bool:
        """Drop something."""
        return self._kept.pop(key, None) is not None

    def clear(self) -> None:
        """Drop everything."""
        self._kept.clear()

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether anything is kept under a key."""
        return self.get(key, self._kept) is not self._kept

    def _make_room(self, now: float) -> None:
        """Drop what has run out, and, where it is too much, what was kept first."""
        if now >= self._sweep_at:
            for key in [key for key, (_value, until) in self._kept.items() if until <= now]:
                self._kept.pop(key, None)
            self._sweep_at = now + SWEEP_EVERY
        if len(self._kept) > self._max_entries:
            for key in list(self._kept)[: self._max_entries // 4]:
                self._kept.pop(key, None)
