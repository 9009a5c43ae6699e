# SPDX-License-Identifier: AGPL-3.0-or-later
"""When arrays and machine code pay.

All ways of sorting papers give the same count bit by bit. Loading numpy takes about a tenth of a second,
loading machine code (numba, the extra `fast`) most of one, so both are loaded only by a process that has
much to count: one large file, or many small ones.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Literal

Way = bool | Literal["compiled"] | None
"""False: plain Python. True: arrays. "compiled": machine code. None: what pays and is installed."""

SMALL = 3_000
"""Bytes of ballots below which plain Python is as fast."""
NUMPY = 150_000
MACHINE = 2_000_000
"""Bytes of ballots, all files of a process together, from which loading pays."""

_worked = 0
_missing = False


def arrays(size: int, way: Way) -> bool:
    """Whether ballots of so many bytes go into arrays."""
    global _worked
    _worked += size
    if way is not None:
        return bool(way)
    return size > SMALL and ("numpy" in sys.modules or _worked > NUMPY)


def machine(way: Way) -> ModuleType | None:
    """The loops as machine code, where they are asked for, or installed and worth loading."""
    global _missing
    if way not in (None, "compiled"):
        return None
    name = f"{__package__}.stv.compiled"
    if name in sys.modules:
        return sys.modules[name]
    if way is None and (_missing or _worked < MACHINE):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        if way == "compiled":
            raise
        _missing = True
        return None
